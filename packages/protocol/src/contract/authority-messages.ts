import { base64Binary, boolean, many, optional, Schema } from '../notation/index.ts';
import {
  AccountActions,
  Person,
  SignatoryId,
  SignatureAuthorizationResult,
  UserAccessRightsResult,
  UserIdentity,
} from './authority.ts';
import { ExceptionInformation, SignatureData } from './common.ts';
import { Dispatcher } from './dispatcher.ts';
import { WSDL_NAMESPACE } from './namespaces.ts';
import { RecipientId } from './recipient.ts';
import { Sender } from './sender.ts';

/**
 * Requests and answers of Authority (FACTS b.8). Its parameters are in no namespace (FACTS b.1). The public WSDL is of
 * 2022 and names `PersonalNumber` for testNewSigner/arg2; the type's name since 2025 is `SignatoryId`.
 */
export const authorityMessagesSchema = new Schema({
  namespace: `${WSDL_NAMESPACE}/Authority`,
  fileName: 'Authority.messages',
  prefix: 'w',
  qualified: false,
});

const fault = (operation: string) => authorityMessagesSchema.element(`${operation}Fault`, ExceptionInformation);

export const getDispatchers = authorityMessagesSchema.message('getDispatchers', {});
export const getDispatchersResponse = authorityMessagesSchema.message('getDispatchersResponse', {
  return: many(() => Dispatcher),
});
export const getDispatchersFault = fault('getDispatchers');

export const getUserAccessRights = authorityMessagesSchema.message('getUserAccessRights', { arg0: () => UserIdentity });
export const getUserAccessRightsResponse = authorityMessagesSchema.message('getUserAccessRightsResponse', {
  return: () => UserAccessRightsResult,
});
export const getUserAccessRightsFault = fault('getUserAccessRights');

/** "Concent" is the contract's own spelling. */
export const getUserAccessRightsNoConcent = authorityMessagesSchema.message('getUserAccessRightsNoConcent', {
  arg0: () => UserIdentity,
});
export const getUserAccessRightsNoConcentResponse = authorityMessagesSchema.message(
  'getUserAccessRightsNoConcentResponse',
  { return: () => UserAccessRightsResult },
);
export const getUserAccessRightsNoConcentFault = fault('getUserAccessRightsNoConcent');

export const isSenderAccepted = authorityMessagesSchema.message('isSenderAccepted', { arg0: () => RecipientId });
export const isSenderAcceptedResponse = authorityMessagesSchema.message('isSenderAcceptedResponse', {
  return: boolean(),
});
export const isSenderAcceptedFault = fault('isSenderAccepted');

export const getSenders = authorityMessagesSchema.message('getSenders', {});
export const getSendersResponse = authorityMessagesSchema.message('getSendersResponse', { return: many(() => Sender) });
export const getSendersFault = fault('getSenders');

export const testNewSigner = authorityMessagesSchema.message('testNewSigner', {
  arg0: () => RecipientId,
  arg1: many(() => Person),
  arg2: optional(() => SignatoryId),
  arg3: () => AccountActions,
});
export const testNewSignerResponse = authorityMessagesSchema.message('testNewSignerResponse', {
  return: () => SignatureAuthorizationResult,
});
export const testNewSignerFault = fault('testNewSigner');

export const verifyAuthorizedSignatures = authorityMessagesSchema.message('verifyAuthorizedSignatures', {
  arg0: () => RecipientId,
  arg1: many(SignatureData, { min: 1 }),
  arg2: base64Binary(),
  arg3: () => AccountActions,
});
export const verifyAuthorizedSignaturesResponse = authorityMessagesSchema.message(
  'verifyAuthorizedSignaturesResponse',
  {
    return: () => SignatureAuthorizationResult,
  },
);
export const verifyAuthorizedSignaturesFault = fault('verifyAuthorizedSignatures');
