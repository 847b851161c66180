import { parseAmount } from '../../invoice/amount.ts';
import type { InvoicesSettings } from '../../organisation/waysIn/invoices.ts';
import { safeFilename } from '../forms/safeFilename.ts';
import type { UblFault, UblInvoice, UblPdf } from './ublInvoice.ts';

/** The letter that brings an invoice, as REST would have it. */
export interface InvoiceLetter {
  readonly json: Readonly<Record<string, unknown>>;
  readonly reference: string;
  readonly pdf: UblPdf & { readonly filename: string };
}

/**
 * The letter of an invoice, or everything that it lacks. `beside` is a PDF that lies by it under its name. What asks for no payment (a
 * credit note, an invoice that is paid or less than nought) goes without payment facts.
 */
export function toInvoiceLetter(
  invoice: UblInvoice,
  settings: InvoicesSettings,
  beside?: Buffer,
): InvoiceLetter | { readonly faults: UblFault[] } {
  const { number, kind, customer } = invoice;
  const faults: UblFault[] = [];
  if (kind === 'creditNote' && settings.creditNotes === 'refuse') {
    faults.push({ code: 'HUB_PEPPOL_CREDIT_NOTE', text: 'Kreditfakturor tas inte emot från systemet.' });
  }
  const recipient = recipientOf(invoice, settings);
  if (recipient === undefined) {
    const found = customer.numbers.map(({ at, scheme }) => `${at} ${scheme ?? 'utan schema'}`).join(', ');
    const text = `Mottagarens nummer står inte där inställningarna säger. Fakturan har: ${found || 'inget nummer'}.`;
    faults.push({ code: 'HUB_PEPPOL_RECIPIENT', text });
  }
  const pdf = pdfOf(invoice, beside, faults);
  const payment = isToBePaid(invoice) ? paymentFields(invoice, faults) : undefined;
  if (faults.length > 0 || pdf === undefined) return { faults };
  const filename = safeFilename(pdf.filename ?? `faktura-${number}`, '.pdf', new Set<string>());
  return { json: letterJson(invoice, settings, { recipient, payment }), reference: number, pdf: { ...pdf, filename } };
}

function letterJson(
  invoice: UblInvoice,
  settings: InvoicesSettings,
  { recipient, payment }: { recipient: string | undefined; payment: Record<string, string> | undefined },
): Readonly<Record<string, unknown>> {
  const address = addressOf(invoice);
  return {
    flow: settings.flow,
    recipient,
    subject: filled(settings.subject, invoice),
    body: { text: filled(settings.message, invoice) },
    reference: invoice.number,
    ...(address && { address }),
    ...(payment && { invoice: payment }),
  };
}

/** The first rule that finds something decides; whether it is a sound number is for intake to say. */
function recipientOf({ customer }: UblInvoice, { recipient }: InvoicesSettings): string | undefined {
  for (const rule of recipient) {
    const found = customer.numbers.find(
      ({ at, scheme, text }) => at === rule.at && text !== '' && (rule.scheme === undefined || rule.scheme === scheme),
    );
    if (found !== undefined) return found.text.replace(/\s/g, '');
  }
  return undefined;
}

function pdfOf({ pdfs }: UblInvoice, beside: Buffer | undefined, faults: UblFault[]): UblPdf | undefined {
  const all = beside === undefined ? pdfs : [...pdfs, { filename: undefined, bytes: beside }];
  const [pdf] = all;
  if (pdf === undefined) {
    faults.push({
      code: 'HUB_PEPPOL_PDF_MISSING',
      text: 'Fakturan har ingen inbäddad PDF, och ingen med samma namn bredvid sig.',
    });
  }
  if (all.length > 1) {
    faults.push({ code: 'HUB_PEPPOL_PDF_SEVERAL', text: `Fakturan har ${all.length} PDF:er; ett brev har en.` });
  }
  return pdf;
}

function isToBePaid({ kind, payable }: UblInvoice): boolean {
  return kind === 'invoice' && !payable.decimal.startsWith('-') && parseAmount(payable.decimal) !== undefined;
}

function paymentFields(
  { payable, dueDate, payment }: UblInvoice,
  faults: UblFault[],
): Record<string, string> | undefined {
  if (dueDate === undefined) {
    faults.push({
      code: 'HUB_PEPPOL_DUE_DATE',
      text: 'Fakturan har ett belopp att betala men ingen förfallodag (DueDate).',
    });
  }
  if (payment === undefined) {
    const text = 'Fakturan har inget betalsätt med bankgiro (SE:BANKGIRO) eller plusgiro (SE:PLUSGIRO).';
    faults.push({ code: 'HUB_PEPPOL_ACCOUNT', text });
  }
  if (dueDate === undefined || payment === undefined) return undefined;
  const { kind, number, reference } = payment;
  // A remittance text need be no OCR number: what is not digits alone is words for the payee.
  const asReference =
    reference === undefined ? {} : /^[\d ]+$/.test(reference) ? { ocr: reference } : { message: reference };
  return { dueDate, amount: payable.decimal, currency: payable.currency, [kind]: number, ...asReference };
}

function addressOf({ customer }: UblInvoice): Readonly<Record<string, unknown>> | undefined {
  const { name, lines, postalCode, city, country } = customer;
  if (lines.length === 0 && postalCode === undefined) return undefined;
  const given = { name, postalCode, city, country };
  return { lines, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

const DOCUMENT_WORDS = { invoice: 'Faktura', creditNote: 'Kreditfaktura' } as const;

function filled(template: string, { kind, number, sender }: UblInvoice): string {
  const words: Readonly<Record<string, string>> = { document: DOCUMENT_WORDS[kind], number, sender };
  return template.replace(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole);
}
