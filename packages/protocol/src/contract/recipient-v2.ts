import type { Infer } from '../notation/index.ts';
import { boolean, many, oneOf, optional, Schema, string } from '../notation/index.ts';
import * as authority from './authority.ts';
import { ExceptionInformation, SignatureData } from './common.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';
import { AccountPreferences, RecipientId, ServiceSupplier } from './recipient.ts';

export const recipientV2Schema = new Schema({
  namespace: `${SCHEMA_NAMESPACE}/Recipient/v2`,
  fileName: 'Recipient.v2',
  prefix: 'r2',
});

export const Id = recipientV2Schema.element('Id', () => RecipientId);
export const CompanyId = recipientV2Schema.element('CompanyId', () => RecipientId);
export const UserIdentity = recipientV2Schema.element('UserIdentity', () => authority.UserIdentity);

export const OrganizationIdentity = recipientV2Schema.type('OrganizationIdentity', { Id, UserIdentity });

export const PendingChangeServiceSupplier = recipientV2Schema.type('PendingChangeServiceSupplier', {
  serviceSupplier: optional(() => ServiceSupplier),
  pendingSignatures: () => authority.SignatureAuthorizationResult,
});

export const PendingAccountPreferences = recipientV2Schema.type('PendingAccountPreferences', {
  AccountPreferences: () => AccountPreferences,
  PendingSignatures: () => authority.SignatureAuthorizationResult,
});

/** Not the `AccountStatus` of the first schema: here it is a word. */
export const AccountStatus = recipientV2Schema.simple('AccountStatus', oneOf(['Active', 'Pending']));

export const AccountInformation = recipientV2Schema.type('AccountInformation', {
  AccountStatus,
  SignedBy: many(() => authority.Person),
  SignatureStatus: () => authority.AuthorizationStatus,
  serviceSupplier: string(),
  AgreementText: optional(string()),
});

export const AuthorizedAccount = recipientV2Schema.type('AuthorizedAccount', {
  isAccountAuthorizedSigner: boolean(),
  UserIdentity,
  CompanyId,
  CompanyName: string(),
  CompanySignatureRuleText: string(),
  PossibleSigners: many(() => authority.Person),
  AccountInformation: optional(AccountInformation),
});

/** `ServiceSupplier` is the internet domain of the chosen operator. */
export const changeServiceSupplier = recipientV2Schema.message('changeServiceSupplier', {
  Id,
  UserIdentity,
  ServiceSupplier: string(),
  AgreementText: string(),
  SignatureData: many(SignatureData, { min: 1 }),
});

/** The answer's element is not called `return` (FACTS, appendix A.4). */
export const changeServiceSupplierResponse = recipientV2Schema.message('changeServiceSupplierResponse', {
  signatureAuthorizationResult: () => authority.SignatureAuthorizationResult,
});

export const getPendingChangeServiceSupplier = recipientV2Schema.message('getPendingChangeServiceSupplier', {
  Id,
  UserIdentity,
});

export const getPendingChangeServiceSupplierResponse = recipientV2Schema.message(
  'getPendingChangeServiceSupplierResponse',
  { return: PendingChangeServiceSupplier },
);

export const getPendingChangeServiceSupplierFault = recipientV2Schema.element(
  'getPendingChangeServiceSupplierFault',
  ExceptionInformation,
);

export const deletePendingChangeServiceSupplier = recipientV2Schema.message('deletePendingChangeServiceSupplier', {
  organizationIdentity: OrganizationIdentity,
});

/** The answer's element is not called `return` (FACTS, appendix A.4). */
export const deletePendingChangeServiceSupplierResponse = recipientV2Schema.message(
  'deletePendingChangeServiceSupplierResponse',
  { serviceSupplier: () => ServiceSupplier },
);

export const deletePendingChangeServiceSupplierFault = recipientV2Schema.element(
  'deletePendingChangeServiceSupplierFault',
  ExceptionInformation,
);

export const storeAccountPreferences = recipientV2Schema.message('storeAccountPreferences', {
  Id,
  UserIdentity,
  preferences: () => AccountPreferences,
  AgreementText: string(),
  SignatureData: many(SignatureData, { min: 1 }),
});

export const storeAccountPreferencesResponse = recipientV2Schema.message('storeAccountPreferencesResponse', {
  return: () => authority.SignatureAuthorizationResult,
});

export const getPendingAccountPreferences = recipientV2Schema.message('getPendingAccountPreferences', {
  Id,
  UserIdentity,
});

export const getPendingAccountPreferencesResponse = recipientV2Schema.message('getPendingAccountPreferencesResponse', {
  return: PendingAccountPreferences,
});

export const getPendingAccountPreferencesFault = recipientV2Schema.element(
  'getPendingAccountPreferencesFault',
  ExceptionInformation,
);

export const deletePendingAccountPreferences = recipientV2Schema.message('deletePendingAccountPreferences', {
  organizationIdentity: OrganizationIdentity,
});

export const deletePendingAccountPreferencesResponse = recipientV2Schema.message(
  'deletePendingAccountPreferencesResponse',
  { return: OrganizationIdentity },
);

export const deletePendingAccountPreferencesFault = recipientV2Schema.element(
  'deletePendingAccountPreferencesFault',
  ExceptionInformation,
);

export const isAuthorizedSigner = recipientV2Schema.message('isAuthorizedSigner', { CompanyId, UserIdentity });

export const isAuthorizedSignerResponse = recipientV2Schema.message('isAuthorizedSignerResponse', {
  return: AuthorizedAccount,
});

export const isAuthorizedSignerFault = recipientV2Schema.element('isAuthorizedSignerFault', ExceptionInformation);

export type OrganizationIdentity = Infer<typeof OrganizationIdentity>;
export type AuthorizedAccount = Infer<typeof AuthorizedAccount>;
