export { SERVICE_PATH } from './deliver/soap.http.ts';
export { ERRORS as MAILBOX_ERRORS } from './errors.ts';
export type { FarSettings } from './farClient.ts';
export { type MailboxOptions, type RunningMailbox, startMailbox } from './mailbox.ts';
export { createMailboxRegister, type MailboxRegister, type NewAccount, type NewDispatcher } from './register.ts';
export type { OperatorSettings } from './settings.ts';
export type { SigningSettings } from './signing/signingSettings.ts';
export { MAILBOX_MIGRATIONS } from './sql/migrations.ts';
export type { OidcSettings } from './web/webMailbox.http.ts';
