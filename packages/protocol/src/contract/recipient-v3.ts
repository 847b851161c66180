import { many, Schema } from '../notation/index.ts';
import { SignatureAuthorizationResult, UserIdentity } from './authority.ts';
import { SignatureData } from './common.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';
import {
  AccountPreferences,
  AccountRequest,
  AccountStatus,
  AccountTypes,
  PendingAccountRequest,
  ReachabilityStatus,
  RecipientId,
} from './recipient.ts';
import { OrganizationNumber } from './sender.ts';

/** Requests and answers of FaR (FACTS b.2). */
export const recipientV3Schema = new Schema({
  namespace: `${SCHEMA_NAMESPACE}/Recipient/v3`,
  fileName: 'Recipient.v3',
  prefix: 'r3',
});

/** The largest number of recipients in one `isReachable` (FACTS k). */
export const IS_REACHABLE_RECIPIENTS_MAX = 1000;

/** Capital initials in this request alone (FACTS, appendix A.3). */
export const getAccountPreferences = recipientV3Schema.message('getAccountPreferences', {
  RecipientId: () => RecipientId,
  UserIdentity: () => UserIdentity,
});

export const getAccountPreferencesResponse = recipientV3Schema.message('getAccountPreferencesResponse', {
  return: () => AccountPreferences,
});

export const isReachable = recipientV3Schema.message('isReachable', {
  senderOrgNr: () => OrganizationNumber,
  recipientId: many(() => RecipientId, { max: IS_REACHABLE_RECIPIENTS_MAX }),
});

export const isReachableResponse = recipientV3Schema.message('isReachableResponse', {
  return: many(() => ReachabilityStatus),
});

export const isRegistered = recipientV3Schema.message('isRegistered', {
  recipientId: many(() => RecipientId, { min: 1 }),
});

export const isRegisteredResponse = recipientV3Schema.message('isRegisteredResponse', {
  return: many(() => AccountStatus, { min: 1 }),
});

export const register = recipientV3Schema.message('register', {
  accountRequest: () => AccountRequest,
  accountType: () => AccountTypes,
  signature: many(SignatureData, { min: 1 }),
});

export const registerResponse = recipientV3Schema.message('registerResponse', {
  return: () => SignatureAuthorizationResult,
});

export const deregister = recipientV3Schema.message('deregister', {
  deregisterAccount: () => AccountRequest,
  signature: many(SignatureData, { min: 1 }),
});

export const deregisterResponse = recipientV3Schema.message('deregisterResponse', {
  return: () => SignatureAuthorizationResult,
});

export const getPendingAccountRequest = recipientV3Schema.message('getPendingAccountRequest', {
  recipientId: many(() => RecipientId),
  userIdentity: () => UserIdentity,
});

export const getPendingAccountRequestResponse = recipientV3Schema.message('getPendingAccountRequestResponse', {
  return: many(() => PendingAccountRequest),
});

export const deletePendingAccountRequest = recipientV3Schema.message('deletePendingAccountRequest', {
  recipientId: () => RecipientId,
  userIdentity: () => UserIdentity,
});

export const deletePendingAccountRequestResponse = recipientV3Schema.message('deletePendingAccountRequestResponse', {});
