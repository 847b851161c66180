export { type Agreement, agreementLine, agreementText, isAgreementTo } from './agreement.ts';
export { SIGNATURE_DOCUMENT_BYTES_MAX } from './document.ts';
export { type SignAsUserOptions, signAsUser } from './signAsUser.ts';
export { USER_SIGNATURE_FAULTS, UserSignatureError, type UserSignatureFault } from './UserSignatureError.ts';
export {
  type VerifiedUserSignature,
  type VerifyUserSignatureOptions,
  verifyUserSignature,
} from './verifyUserSignature.ts';
