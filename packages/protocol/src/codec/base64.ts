import { ValueFault } from './ValueFault.ts';

/**
 * `xs:base64Binary` to bytes, as strict as the standard: alphabet, padding and unused bits; white space may stand
 * anywhere. libxml2 accepts broken base64 where Java's validators refuse it, and Node ignores what it does not know
 * (tech.md 5), so the bytes are encoded again and compared: the quickest of the complete checks measured there.
 *
 * @throws ValueFault
 */
export function decodeBase64(text: string): Buffer {
  const dense = /[ \t\r\n]/.test(text) ? text.replace(/[ \t\r\n]+/g, '') : text;
  const bytes = Buffer.from(dense, 'base64');
  if (bytes.toString('base64') !== dense) throw new ValueFault('not valid base64');
  return bytes;
}
