/**
 * The document that a person signs with the e-ID (FACTS e.5): what BankID's `bankIdSignedData` carries (the text in
 * base64, a nonce), in a form of our own that is signed in the strict profile of the infrastructure (FACTS e.2):
 *
 *     <UserSignature xmlns="urn:brevduva:userSignature:1">
 *       <SignedText>base64 of the text</SignedText>
 *       <Nonce>…</Nonce>
 *       <SignedAt>2026-11-23T09:15:30.000Z</SignedAt>
 *       <Signature xmlns="http://www.w3.org/2000/09/xmldsig#">…</Signature>
 *     </UserSignature>
 *
 * Written without the line breaks. It is canonical and without prefixes, so every XMLDSig tool verifies it as it is.
 */
export const USER_SIGNATURE_NAMESPACE = 'urn:brevduva:userSignature:1';
export const USER_SIGNATURE_ROOT = 'UserSignature';
/** The signed elements in their order; the signature comes after them. */
export const USER_SIGNATURE_FIELDS = ['SignedText', 'Nonce', 'SignedAt'] as const;

/** Long enough for terms of use, short enough to be kept for ten years of registrations. */
export const SIGNATURE_DOCUMENT_BYTES_MAX = 524_288;
export const NONCE_LENGTH_MAX = 200;

const ENCODINGS: Readonly<Record<string, 'utf8' | 'latin1'>> = {
  'utf-8': 'utf8',
  utf8: 'utf8',
  'iso-8859-1': 'latin1',
  latin1: 'latin1',
};

/** Node's name for `EncodingOfSignedText`, which is UTF-8 when absent or empty; undefined for one that is not supported. */
export function textEncoding(name: string | undefined): 'utf8' | 'latin1' | undefined {
  const wanted = name?.trim().toLowerCase() ?? '';
  return wanted === '' ? 'utf8' : ENCODINGS[wanted];
}
