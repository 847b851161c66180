import { type PlainElement, readXml, XmlRefused } from '@brevduva/protocol';
import { UBL } from '../waysIn/invoices/ublElements.ts';
import { UBL_BYTES_MAX } from '../waysIn/invoices/ublInvoice.ts';
import { AMOUNT_RULES } from './peppol/amountRules.ts';
import { PRESENCE_RULES } from './peppol/presenceRules.ts';
import type { PeppolRule } from './peppol/rule.ts';
import { SWEDISH_RULES } from './peppol/swedishRules.ts';
import { VAT_RULES } from './peppol/vatRules.ts';

/**
 * The published rules that we hold an e-invoice to before it is sent (docs/e-invoice.md lists them): EN 16931 (BR-…), PEPPOL BIS Billing 3
 * (PEPPOL-…) and those for sellers in Sweden (SE-R-…). Ids are those of the publishers; what a rule says is in Swedish, for whoever gets the letter.
 */
export const PEPPOL_RULES: readonly PeppolRule[] = [...PRESENCE_RULES, ...AMOUNT_RULES, ...VAT_RULES, ...SWEDISH_RULES];

export interface BrokenRule {
  readonly id: string;
  readonly text: string;
}

/** Which rules an invoice breaks: `broken` keep it from being sent, `warnings` do not. */
export interface PeppolJudgement {
  readonly broken: readonly BrokenRule[];
  readonly warnings: readonly BrokenRule[];
}

const LIMITS = { bytesMax: UBL_BYTES_MAX, depthMax: 20, itemsMax: 200_000 };

/** Holds the bytes of an invoice to every rule. Bytes that are no invoice in UBL break a rule of our own, `UBL`. */
export function judgePeppolInvoice(xml: Buffer): PeppolJudgement {
  const invoice = readInvoice(xml);
  if (invoice === undefined) return { broken: [{ id: 'UBL', text: 'Filen är ingen faktura i UBL.' }], warnings: [] };
  const failed = PEPPOL_RULES.filter(({ holds }) => !holds(invoice));
  const of = (level: PeppolRule['level']) =>
    failed.filter((each) => each.level === level).map(({ id, text }) => ({ id, text }));
  return { broken: of('fatal'), warnings: of('warning') };
}

function readInvoice(xml: Buffer): PlainElement | undefined {
  try {
    const root = readXml(xml, LIMITS);
    return root.name === 'Invoice' && root.namespace === UBL.Invoice ? root : undefined;
  } catch (error) {
    if (!(error instanceof XmlRefused)) throw error;
    return undefined;
  }
}
