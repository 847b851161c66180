/** Why a person's e-ID signature was refused. A closed list; no text says who signed or what. */
export const USER_SIGNATURE_FAULTS = {
  TOO_LARGE: 'the signature document is too large',
  MOCK: 'a mocked signature is not a signature',
  PKCS7: 'PKCS#7 signatures are not supported',
  BASE64: 'the signature is neither XML nor base64 of XML',
  DOCUMENT: 'the signature document is not well-formed or not of a known kind',
  STRUCTURE: 'the signature document has not the form that is signed',
  ALGORITHM: 'the signature or digest algorithm is not allowed',
  TAMPERED: 'the document was changed after it was signed',
  CERTIFICATE: 'the certificate cannot be read, or another one is given beside the signature',
  KEY_USAGE: 'the certificate is not for signatures',
  UNTRUSTED: 'the certificate is not issued by a trusted e-ID issuer',
  NOT_YET_VALID: 'the certificate or its issuer is not valid yet',
  EXPIRED: 'the certificate or its issuer has expired',
  NOT_A_PERSON: 'the certificate names no person with a personal or coordination number',
  ENCODING: 'the encoding of the signed text is not supported, or the text is not in it',
  STALE: 'the signature is too old',
  FUTURE: 'the signature is dated in the future',
  NONCE: 'the nonce is not the one that was signed',
  OTHER_TEXT: 'another text was signed',
  OTHER_PERSON: 'another person signed',
  REPLAYED: 'the signature has been used before',
} as const;

export type UserSignatureFault = keyof typeof USER_SIGNATURE_FAULTS;

export class UserSignatureError extends Error {
  readonly code: UserSignatureFault;

  constructor(code: UserSignatureFault, options?: ErrorOptions) {
    super(USER_SIGNATURE_FAULTS[code], options);
    this.name = 'UserSignatureError';
    this.code = code;
  }
}
