import type { X509Certificate } from 'node:crypto';
import { organizationOf } from '@brevduva/protocol';

export interface Party {
  /** Absent when the certificate names no organisation. */
  organizationNumber: string | undefined;
  /** The organisation's name (O), or else the common name (CN). */
  name: string;
}

// The trust store gives the same object for the same certificate, and reading one costs more than a verification.
const parties = new WeakMap<X509Certificate, Party>();

/** Whom a certificate names, for the check list and for the reader. */
export function partyOf(certificate: X509Certificate): Party {
  const known = parties.get(certificate);
  if (known !== undefined) return known;
  const party = readParty(certificate);
  parties.set(certificate, party);
  return party;
}

function readParty(certificate: X509Certificate): Party {
  const subject = certificate.toLegacyObject().subject;
  const organizationNumber = organizationOf(certificate);
  return { organizationNumber, name: firstText(subject.O) ?? firstText(subject.CN) ?? organizationNumber ?? '' };
}

/** A subject attribute may stand several times; then it is an array. */
function firstText(value: unknown): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' && first !== '' ? first : undefined;
}
