import type { ClaimedLetter, EInvoiceFailure } from '../letter.ts';
import type { EInvoiceAddress } from './eInvoiceRegistry.ts';

/** What the switch knows of a letter as an e-invoice. */
export type EInvoiceFacts =
  /** `notConnected`: this hub has no registry and sender. `unavailable`: the registry has not answered for as long as the flow waits. */
  | { readonly kind: 'notInvoice' | 'notConnected' | 'incomplete' | 'notAsked' | 'notWanted' | 'unavailable' }
  | { readonly kind: 'wanted'; readonly address: EInvoiceAddress }
  | { readonly kind: 'failed'; readonly failure: EInvoiceFailure };

/**
 * What is known before anybody is asked. An invoice that its system handed in as UBL is whole; of another we must know how much of the amount
 * is value added tax, and who says so.
 */
export function eInvoiceFactsOf(letter: ClaimedLetter, isConnected: boolean): EInvoiceFacts {
  const { flow, invoice, invoiceXmlHash, organisation, eInvoiceFailure } = letter;
  if (!flow.eInvoice || invoice === undefined) return { kind: 'notInvoice' };
  if (!isConnected) return { kind: 'notConnected' };
  if (eInvoiceFailure !== undefined) return { kind: 'failed', failure: eInvoiceFailure };
  if (invoiceXmlHash !== undefined) return { kind: 'notAsked' };
  const { creditor } = organisation;
  const saysVat = flow.eInvoiceVatPercent !== undefined;
  const saysWhyNone = flow.eInvoiceVatPercent !== 0 || creditor?.vatExemption !== undefined;
  return { kind: creditor !== undefined && saysVat && saysWhyNone ? 'notAsked' : 'incomplete' };
}

/** An invoice that we write must name its buyer (BR-07): as the letter's address does, or the registry. */
export function wantedFacts(letter: ClaimedLetter, address: EInvoiceAddress): EInvoiceFacts {
  const isNamed = letter.invoiceXmlHash !== undefined || (address.name ?? letter.address?.name) !== undefined;
  return isNamed ? { kind: 'wanted', address } : { kind: 'incomplete' };
}
