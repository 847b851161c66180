export { ACCOUNT_COLUMNS } from './accountLoad/accountColumns.ts';
export { LINE_FAULT_TEXTS, type LineFault } from './accountLoad/accountLine.ts';
export type { LoadProgress } from './accountLoad/accountStore.ts';
export { GENERATED_ACCOUNTS_MAX, type GenerateOptions, generateAccounts } from './accountLoad/generateAccounts.ts';
export { type LoadAccountsOptions, type LoadResult, loadAccounts, type Rejects } from './accountLoad/loadAccounts.ts';
export { type Actors, type ActorsOptions, createActors } from './actors/actors.ts';
export { AUTHORITY_PATH, RECIPIENT_PATH } from './contractDocuments.ts';
export { ERRORS as FAR_ERRORS } from './errors.ts';
export { type Far, type FarOptions, startFar } from './far.ts';
export type { NewConsent, NewPerson, PersonsAndCompanies } from './personsAndCompanies.ts';
export { type AccountRules, DEFAULT_ACCOUNT_RULES } from './recipient/accountRules.ts';
export type { Company, CompanyPerson, CompanyRegister, SigningRule } from './recipient/companyRegister.ts';
export {
  createTablePopulationRegister,
  type PopulationPerson,
  type PopulationRegister,
} from './recipient/populationRegister.ts';
export { createTableCompanyRegister } from './recipient/tableCompanyRegister.ts';
export {
  type AccountType,
  createRegister,
  type NewAccount,
  type NewOperator,
  type NewOrganization,
  type NewPreference,
  type Register,
} from './register.ts';
export { FAR_MIGRATIONS } from './sql/migrations.ts';
