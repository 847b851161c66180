import { type PlainElement, readXml, XmlRefused } from '@brevduva/protocol';

/** What a customer sees of an invoice in the bank. */
export interface BankInvoice {
  readonly number: string;
  readonly seller: string;
  readonly buyer: string;
  readonly what: string;
  /** As they are written: the bank shows, and does not count. */
  readonly amount: string;
  readonly currency: string;
  readonly tax: string;
  readonly dueDate: string;
  readonly account: string;
  readonly reference: string;
  readonly pdf: Buffer | undefined;
}

const LIMITS = { bytesMax: 16 * 1024 * 1024, depthMax: 20, itemsMax: 200_000 };

/** Reads UBL in its own way, and not the hub's: they are different parties. Undefined when it is no invoice. */
export function readBankInvoice(xml: Buffer): BankInvoice | undefined {
  const root = rootOf(xml);
  if (root?.name !== 'Invoice') return undefined;
  const text = (path: string) => at(root, path)?.text ?? '';
  const pdf = at(root, 'AdditionalDocumentReference/Attachment/EmbeddedDocumentBinaryObject')?.text;
  return {
    number: text('ID'),
    seller: text('AccountingSupplierParty/Party/PartyLegalEntity/RegistrationName'),
    buyer: text('AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName'),
    what: text('InvoiceLine/Item/Name'),
    amount: text('LegalMonetaryTotal/PayableAmount'),
    currency: text('DocumentCurrencyCode'),
    tax: text('TaxTotal/TaxAmount'),
    dueDate: text('DueDate'),
    account: text('PaymentMeans/PayeeFinancialAccount/ID'),
    reference: text('PaymentMeans/PaymentID'),
    pdf: pdf === undefined ? undefined : Buffer.from(pdf, 'base64'),
  };
}

function rootOf(xml: Buffer): PlainElement | undefined {
  try {
    return readXml(xml, LIMITS);
  } catch (error) {
    if (!(error instanceof XmlRefused)) throw error;
    return undefined;
  }
}

function at(element: PlainElement, path: string): PlainElement | undefined {
  return path
    .split('/')
    .reduce<PlainElement | undefined>((found, name) => found?.children.find((child) => child.name === name), element);
}
