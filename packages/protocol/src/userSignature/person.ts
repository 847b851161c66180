import type { X509Certificate } from 'node:crypto';
import { type PersonalNumber, parseRecipientId } from '../identity.ts';
import { DER, readDer } from '../signature/der.ts';
import { UserSignatureError } from './UserSignatureError.ts';

export interface CertifiedPerson {
  personId: PersonalNumber;
  name: string;
}

/**
 * The person of an e-ID certificate: subject SERIALNUMBER and CN (FACTS e.5), also where several attributes stand in one
 * part, as Steria's did ("+" in the written name). Twice the same attribute is refused: which one would count?
 *
 * @throws UserSignatureError NOT_A_PERSON
 */
export function personOf(certificate: X509Certificate): CertifiedPerson {
  const attributes = subjectAttributes(certificate);
  const parsed = parseRecipientId(only(attributes, SERIAL_NUMBER_OID));
  const name = only(attributes, COMMON_NAME_OID).trim();
  if (!parsed.ok || parsed.kind === 'organization' || name === '') throw new UserSignatureError('NOT_A_PERSON');
  return { personId: parsed.id, name };
}

interface Attribute {
  oid: string;
  text: string;
}

const SERIAL_NUMBER_OID = '550405';
const COMMON_NAME_OID = '550403';
const BMP_STRING = 0x1e;
const LATIN_STRING = 0x14;

function subjectAttributes(certificate: X509Certificate): Attribute[] {
  const [outer] = readDer(certificate.raw);
  const [tbs] = readDer(outer?.content ?? NOTHING);
  const fields = readDer(tbs?.content ?? NOTHING).filter(({ tag }) => tag !== DER.VERSION);
  // serialNumber, signature, issuer, validity, subject (RFC 5280, 4.1)
  const parts = readDer(fields[4]?.content ?? NOTHING).flatMap((part) => readDer(part.content));
  return parts.flatMap((part) => {
    const [oid, value] = readDer(part.content);
    return oid === undefined || value === undefined ? [] : [{ oid: oid.content.toString('hex'), text: textOf(value) }];
  });
}

function textOf({ tag, content }: { tag: number; content: Buffer }): string {
  if (tag === BMP_STRING) return Buffer.from(content).swap16().toString('utf16le');
  return content.toString(tag === LATIN_STRING ? 'latin1' : 'utf8');
}

function only(attributes: readonly Attribute[], oid: string): string {
  const [first, ...others] = attributes.filter((attribute) => attribute.oid === oid);
  if (first === undefined || others.length > 0) throw new UserSignatureError('NOT_A_PERSON');
  return first.text;
}

const NOTHING = Buffer.alloc(0);
