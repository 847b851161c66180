/** Why a signature was refused. A closed list; the text says what is wrong, never what the document contained. */
export const SIGNATURE_FAULTS = {
  DOCUMENT: 'the document is not a signed or sealed delivery',
  FORBIDDEN_NODE: 'the signed part holds a comment, a processing instruction or an attribute that cannot be signed',
  STRUCTURE: 'an element, attribute or text stands where the signed form has none',
  SIGNATURE_COUNT: 'a signed element must have exactly one signature of its own',
  SIGNATURE_POSITION: 'the signature must be the last child of the element it signs',
  REFERENCE: 'the signature must have exactly one reference, to the element it stands in',
  DUPLICATE_ID: 'two elements have the same Id',
  TRANSFORM: 'the only transform allowed is enveloped-signature, and exclusive canonicalization after it',
  CANONICALIZATION:
    'the only canonicalization allowed is exclusive XML canonicalization without comments or prefix list',
  ALGORITHM: 'the signature or digest algorithm is not allowed',
  BASE64: 'a digest, signature value or certificate is not base64',
  DIGEST: 'the content does not match the digest',
  VALUE: 'the signature value does not match the certificate',
  CERTIFICATE: 'the certificate cannot be read or its key cannot be used',
  KEY_USAGE: 'the certificate is not for signatures',
  UNTRUSTED: 'the certificate is not issued by a trusted authority',
  NOT_YET_VALID: 'the certificate or its authority is not valid yet',
  EXPIRED: 'the certificate or its authority has expired',
  CONTENT: 'the signed content does not follow the contract',
} as const;

export type SignatureFault = keyof typeof SIGNATURE_FAULTS;
/** Which of the two signatures of FACTS e.1. */
export type SignatureLayer = 'signed' | 'sealed';

export class SignatureError extends Error {
  readonly code: SignatureFault;
  /** Absent where the fault belongs to no layer. */
  readonly layer: SignatureLayer | undefined;

  constructor(code: SignatureFault, layer?: SignatureLayer, options?: ErrorOptions) {
    super(`${SIGNATURE_FAULTS[code]}${layer === undefined ? '' : ` (${LAYERS[layer]})`}`, options);
    this.name = 'SignatureError';
    this.code = code;
    this.layer = layer;
  }
}

const LAYERS: Readonly<Record<SignatureLayer, string>> = {
  signed: "the sender's signature",
  sealed: "the dispatcher's seal",
};
