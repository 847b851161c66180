export { RECIPIENT_PATH } from './contractDocuments.ts';
export { ERRORS as FAR_ERRORS } from './errors.ts';
export { type Far, type FarOptions, startFar } from './far.ts';
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
