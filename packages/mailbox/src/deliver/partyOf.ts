import type { X509Certificate } from 'node:crypto';
import { organizationOf } from '@brevduva/protocol';

export interface Party {
  organizationNumber: string;
  name: string;
}

/** Whom a certificate names, for the reader: the organisation's name (O), or else the common name (CN). */
export function partyOf(certificate: X509Certificate): Party {
  const subject = certificate.toLegacyObject().subject;
  const name = firstText(subject.O) ?? firstText(subject.CN);
  const organizationNumber = organizationOf(certificate) ?? '';
  return { organizationNumber, name: name ?? organizationNumber };
}

/** A subject attribute may stand several times; then it is an array. */
function firstText(value: unknown): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' && first !== '' ? first : undefined;
}
