export { type Brevduva, type BrevduvaOptions, type CallOptions, createBrevduva, WAIT_TIMEOUT_MS } from './brevduva.ts';
export { BrevduvaError, type Fault } from './brevduvaError.ts';
export { ERRORS as SDK_ERRORS, type SdkErrorCode } from './errors.ts';
export type {
  Contact,
  Letter,
  LetterAccepted,
  LetterCase,
  LetterEvent,
  NewAttachment,
  NewInvoice,
  NewLetter,
  PostalAddress,
} from './letter.ts';
export {
  type FillOptions,
  type FillResult,
  type Mailing,
  type MailingLetter,
  type MailingRecipient,
  type NewMailing,
  type Precheck,
  type PrecheckList,
  RECIPIENTS_PER_CALL,
} from './mailing.ts';
