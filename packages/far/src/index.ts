export { ERRORS as FAR_ERRORS } from './errors.ts';
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
