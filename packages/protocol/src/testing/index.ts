export { type ContractMeaning, contractMeaning } from './contractMeaning.ts';
export {
  createTestAuthority,
  type IssuedCertificate,
  type IssueOptions,
  type PersonCertificateOptions,
  type TestAuthority,
  type TestAuthorityOptions,
} from './createTestAuthority.ts';
export { sealedWithSha1, signedWithSha1 } from './legacySignature.ts';
export { readWireAnswer, type WireAnswer, type WireFault } from './wireAnswer.ts';
export {
  repeatElement,
  SAME_MEANING,
  SPOILT,
  unknownOperationRequest,
  wireRequest,
  wrongNamespaceRequest,
} from './wireRequest.ts';
