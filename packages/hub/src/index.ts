export { createHubAdmin, type HubAdmin, type NewFlow, type NewOrganisation } from './admin.ts';
export { HUB_ERRORS } from './errors.ts';
export { MESSAGE_PATH } from './http/messageService.http.ts';
export { type RunningHub, startHub } from './hub.ts';
export type { HubOptions, KeyPair } from './hubOptions.ts';
export {
  type AddressFileRecipient,
  type RecipientColumns,
  recipientColumns,
  toRecipient,
} from './mailing/recipientColumns.ts';
export { HUB_MIGRATIONS } from './migrations.ts';
export type { MailReport, MessagingOptions, OnMailReport, ReportWait } from './notices/messaging.ts';
export { type ApplyOptions, applyConfiguration } from './organisation/applyConfiguration.ts';
export {
  type ConfigurationChange,
  compareConfiguration,
  type Json,
} from './organisation/compareConfiguration.ts';
export { credentialCode, type OrganisationConfiguration } from './organisation/configuration.ts';
export {
  type CredentialKind,
  certificateHash,
  SECRET_KINDS,
  type SecretKind,
  secretHash,
} from './organisation/credential.ts';
export { type CredentialAdmin, createCredentialAdmin, type MadeSecret } from './organisation/credentialAdmin.ts';
export { currentConfiguration, listOrganisations } from './organisation/currentConfiguration.ts';
export { exportConfiguration } from './organisation/exportConfiguration.ts';
export { filesBeside } from './organisation/filesBeside.ts';
export { parseConfiguration } from './organisation/parseConfiguration.ts';
export { requireTemplates } from './organisation/requireTemplates.ts';
export { ADDRESS_FAULT_TEXTS } from './paper/address.ts';
export { PDF_FAULT_TEXTS } from './pdf/faults.ts';
export { createPrintoutReader, type PrintoutReader } from './pdf/printouts.ts';
export { shopSecretsIn } from './printShop/shopSecrets.ts';
export type { CredentialLine } from './sql/credentialList.ts';
export { queueReminder } from './sql/recipientNotices.ts';
export { FILE_FAULT_TEXTS } from './waysIn/files/faults.ts';
export { readTable, type Table, type TableFault, type TableRow } from './waysIn/files/table.ts';
