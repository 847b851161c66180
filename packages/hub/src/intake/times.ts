import type { Fault } from '@brevduva/base';
import { fault } from './draft.ts';

/** When a letter or a mailing may go, and until when. */
export interface SendTimes {
  readonly notBefore: Date | undefined;
  readonly expiresAt: Date | undefined;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Reads `notBefore` and `expiresAt`; either may be left out or null. */
export function readTimes(fields: Readonly<Record<string, unknown>>): { times: SendTimes; faults: Fault[] } {
  const faults: Fault[] = [];
  const notBefore = readInstant(fields['notBefore'], 'notBefore', faults);
  const expiresAt = readInstant(fields['expiresAt'], 'expiresAt', faults);
  if (notBefore !== undefined && expiresAt !== undefined && notBefore >= expiresAt) {
    faults.push(fault('HUB_MAILING_TIME', 'expiresAt', 'Det skulle upphöra innan det får skickas.'));
  }
  return { times: { notBefore, expiresAt }, faults };
}

function readInstant(value: unknown, path: string, faults: Fault[]): Date | undefined {
  if (value === undefined || value === null) return undefined;
  const instant = typeof value === 'string' && INSTANT.test(value) ? new Date(value) : undefined;
  if (instant !== undefined && !Number.isNaN(instant.getTime())) return instant;
  faults.push(fault('HUB_MAILING_TIME', path, 'Skriv tidpunkten med tidszon, till exempel 2026-11-24T08:00:00+01:00.'));
  return undefined;
}
