import { hasCheckDigit } from '@brevduva/protocol';
import { readEInvoiceAddress } from '../eInvoice/readEInvoiceAddress.ts';
import type { Creditor } from '../invoice/creditor.ts';
import type { ObjectReader } from './objectReader.ts';

/** SE-R-001 and SE-R-002: twelve digits after SE; the first ten are an organisation number. */
const VAT_NUMBER = { pattern: /^SE\d{12}$/, patternText: 'ska vara ett momsregistreringsnummer, som SE202100474801' };
const ORGANISATION_DIGITS = { from: 2, to: 12 };
const EXEMPTION_CHARACTERS_MAX = 100;

/** What the organisation says of itself as the one who is to be paid; undefined when it says nothing. */
export function readCreditor(at: ObjectReader | undefined): Creditor | undefined {
  if (at === undefined) return undefined;
  const vatNumber = at.text('vatNumber', VAT_NUMBER);
  const digits = vatNumber.slice(ORGANISATION_DIGITS.from, ORGANISATION_DIGITS.to);
  if (vatNumber !== '' && !hasCheckDigit(digits))
    at.fault('vatNumber', 'Momsregistreringsnumret har fel kontrollsiffra.');
  const endpoint = at.optionalText('endpoint');
  if (endpoint !== undefined && readEInvoiceAddress(endpoint) === undefined) {
    at.fault('endpoint', 'Adressen ska vara schema och nummer, som 0007:2021004748.');
  }
  const vatExemption = at.optionalText('vatExemption', { charsMax: EXEMPTION_CHARACTERS_MAX });
  at.end();
  return {
    vatNumber,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(vatExemption === undefined ? {} : { vatExemption }),
  };
}
