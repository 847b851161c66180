import { SIGNATURE_DOCUMENT_BYTES_MAX } from './document.ts';
import { UserSignatureError } from './UserSignatureError.ts';

/**
 * The XML of `SignatureData/Signature`. The element is base64 already; what it holds is either the XML itself or, as the
 * reference parser allows, base64 of it once more, which may be URL-encoded (FACTS e.5).
 *
 * @throws UserSignatureError TOO_LARGE, MOCK, PKCS7 or BASE64
 */
export function readDocument(signature: Buffer): Buffer {
  if (signature.length > ENCODED_BYTES_MAX) throw new UserSignatureError('TOO_LARGE');
  const document = isXml(signature) ? signature : decoded(signature);
  if (document.length > SIGNATURE_DOCUMENT_BYTES_MAX) throw new UserSignatureError('TOO_LARGE');
  return document;
}

/** Base64 makes four of three; URL-encoding makes three of each `+`, `/` and `=`, at worst of every one. */
const ENCODED_BYTES_MAX = SIGNATURE_DOCUMENT_BYTES_MAX * 4;
const DER_SEQUENCE = 0x30;

function decoded(signature: Buffer): Buffer {
  refuseKnownKinds(signature);
  const text = urlDecoded(signature.toString('latin1')).replace(/[ \t\r\n]+/g, '');
  const bytes = Buffer.from(text, 'base64');
  if (text === '' || bytes.toString('base64') !== text) throw new UserSignatureError('BASE64');
  if (isXml(bytes)) return bytes;
  refuseKnownKinds(bytes);
  throw new UserSignatureError('BASE64');
}

/** The reference parser's test backdoor, and the other kind of signature that exists in the world. */
function refuseKnownKinds(bytes: Buffer): void {
  const start = bytes.toString('latin1', 0, 40).trimStart();
  if (/^serialnumber\s*=/i.test(start)) throw new UserSignatureError('MOCK');
  if (bytes[0] === DER_SEQUENCE || /^(?:-----BEGIN |MI[A-Za-z0-9+/]{2})/.test(start))
    throw new UserSignatureError('PKCS7');
}

function urlDecoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new UserSignatureError('BASE64', { cause });
  }
}

function isXml(bytes: Buffer): boolean {
  return /^(?:\u00ef\u00bb\u00bf)?\s*</.test(bytes.toString('latin1', 0, 40));
}
