import { type OrganizationNumber, parseOrganizationNumber } from '@brevduva/protocol';
import type { ObjectReader } from './objectReader.ts';

/** The field `number`; its fault goes to the reader. */
export function readOrganizationNumber(at: ObjectReader): OrganizationNumber {
  const text = at.text('number');
  const parsed = parseOrganizationNumber(text);
  if (parsed.ok) return parsed.id;
  if (text !== '') at.fault('number', 'Fältet ska vara ett organisationsnummer med rätt kontrollsiffra.');
  return '' as OrganizationNumber; // never used: there is a fault
}
