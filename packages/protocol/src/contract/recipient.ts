import type { Infer } from '../notation/index.ts';
import {
  anyURI,
  base64Binary,
  boolean,
  date,
  dateTime,
  int,
  many,
  oneOf,
  optional,
  Schema,
  string,
} from '../notation/index.ts';
import { SignatureAuthorizationResult } from './authority.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';
import { OrganizationNumber, Sender } from './sender.ts';

/** Types of FaR (FACTS b.3). "Adress" is the contract's own spelling. */
export const recipientSchema = new Schema({
  namespace: `${SCHEMA_NAMESPACE}/Recipient`,
  fileName: 'Recipient',
  prefix: 'r',
});

/** Organisation, person, coordination number; the last alternative in fact admits any two digits as day (FACTS c). */
export const RecipientId = recipientSchema.simple(
  'RecipientId',
  string({
    pattern:
      '(16\\d{10})|((18|19|20)\\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])\\d{4})|((18|19|20)\\d{2}(0[1-9]|1[0-2])(\\d{2})\\d{4})',
  }),
);

export const AccountContainer = recipientSchema.type('AccountContainer', {
  Page: int(),
  Accounts: many(RecipientId),
  MorePages: boolean(),
});

export const AccountTypes = recipientSchema.simple('AccountTypes', oneOf(['Secure', 'Anonymous', 'Not']));

export const AccountRequestTypes = recipientSchema.simple('AccountRequestTypes', oneOf(['Create', 'Delete']));

export const EMailAdress = recipientSchema.simple(
  'EMailAdress',
  string({ minLength: 5, maxLength: 256, pattern: '.+@.+\\..+' }),
);

/** `InternalServiceAdress` is mandatory and in all recorded traffic empty (FACTS b.3). */
export const ServiceSupplier = recipientSchema.type('ServiceSupplier', {
  Id: () => OrganizationNumber,
  Name: string(),
  Logo: optional(anyURI()),
  ServiceAdress: anyURI(),
  UIAdress: optional(anyURI()),
  InternalServiceAdress: anyURI(),
});

export const AccountStatus = recipientSchema.type('AccountStatus', {
  RecipientId,
  Type: AccountTypes,
  Pending: boolean(),
  ServiceSupplier: optional(ServiceSupplier),
  LastRegistration: optional(dateTime()),
});

export const AccountRequest = recipientSchema.type('AccountRequest', {
  Id: RecipientId,
  Type: AccountRequestTypes,
  AgreementText: string(),
  Timestamp: date(),
  ServiceSupplier: string(),
});

export const PendingAccountRequest = recipientSchema.type('PendingAccountRequest', {
  AccountRequest,
  SignatureStatus: () => SignatureAuthorizationResult,
});

export const AccountAgreement = recipientSchema.type('AccountAgreement', {
  AccountRequest,
  Signatures: many(base64Binary(), { min: 1 }),
});

export const ReachabilityStatus = recipientSchema.type('ReachabilityStatus', {
  AccountStatus,
  SenderAccepted: boolean(),
  LastSenderAcceptChange: optional(dateTime()),
});

export const AccountPreferences = recipientSchema.type('AccountPreferences', {
  Id: RecipientId,
  AcceptedSenders: many(() => Sender),
});

export type AccountTypes = Infer<typeof AccountTypes>;
export type ServiceSupplier = Infer<typeof ServiceSupplier>;
export type AccountStatus = Infer<typeof AccountStatus>;
export type AccountRequest = Infer<typeof AccountRequest>;
export type PendingAccountRequest = Infer<typeof PendingAccountRequest>;
export type ReachabilityStatus = Infer<typeof ReachabilityStatus>;
export type AccountPreferences = Infer<typeof AccountPreferences>;
