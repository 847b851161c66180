import { decodeBase64, type PlainElement, readXml, ValueFault, XmlRefused } from '@brevduva/protocol';
import type { RecipientPlace } from '../../organisation/waysIn/invoices.ts';
import type { FileFaultCode } from '../files/faults.ts';
import { xmlRefusalText } from '../files/xmlTexts.ts';
import { aggregates, basics, textOf, UBL } from './ublElements.ts';

/** What a letter needs of a PEPPOL BIS Billing 3 document. The parts are as written; nothing but its form has been judged. */
export interface UblInvoice {
  readonly kind: 'invoice' | 'creditNote';
  /** BT-1 */
  readonly number: string;
  readonly sender: string;
  readonly customer: UblCustomer;
  /** BT-115, as a decimal; may be negative or nought. */
  readonly payable: { readonly decimal: string; readonly currency: string };
  readonly dueDate: string | undefined;
  readonly payment: UblPayment | undefined;
  readonly pdfs: readonly UblPdf[];
}

export interface UblCustomer {
  readonly numbers: readonly {
    readonly at: RecipientPlace;
    readonly scheme: string | undefined;
    readonly text: string;
  }[];
  readonly name: string | undefined;
  readonly lines: readonly string[];
  readonly postalCode: string | undefined;
  readonly city: string | undefined;
  readonly country: string | undefined;
}

/** The first of the payment means that is Swedish: bankgiro or plusgiro. */
export interface UblPayment {
  readonly kind: 'bankgiro' | 'plusgiro';
  readonly number: string;
  /** BT-83 */
  readonly reference: string | undefined;
}

export interface UblPdf {
  readonly filename: string | undefined;
  readonly bytes: Buffer;
}

export interface UblFault {
  readonly code: FileFaultCode;
  readonly text: string;
}

/** libxml2 stops at a text of 10 MB; so all that is less than this can hold a PDF. */
export const UBL_BYTES_MAX = 9 * 1024 * 1024;
const DEPTH_MAX = 20;
const ITEMS_MAX = 200_000;
const PDF = 'application/pdf';
/** EN 16931 as BIS Billing 3 restricts it; what a national agreement adds stands after a #. */
const CUSTOMIZATION = 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0';
const BRANCHES = { 'SE:BANKGIRO': 'bankgiro', 'SE:PLUSGIRO': 'plusgiro' } as const;

/** Whether a file is an invoice or a credit note in UBL, sound or not. */
export function isUbl(bytes: Buffer): boolean {
  const root = rootOf(bytes);
  return 'name' in root && kindOf(root) !== undefined;
}

/** Reads a document of BIS Billing 3, or tells everything that keeps it from being read. */
export function readUblInvoice(bytes: Buffer): { readonly invoice: UblInvoice } | { readonly faults: UblFault[] } {
  const root = rootOf(bytes);
  if (!('name' in root)) return { faults: [root] };
  const kind = kindOf(root);
  if (kind === undefined) return { faults: [{ code: 'HUB_PEPPOL_NOT_UBL', text: 'Filen är ingen faktura i UBL.' }] };
  const customization = textOf(root, 'CustomizationID') ?? '';
  if (customization !== CUSTOMIZATION && !customization.startsWith(`${CUSTOMIZATION}#`)) {
    const text = `CustomizationID ska vara den för PEPPOL BIS Billing 3, inte ”${customization.slice(0, SHOWN_MAX)}”.`;
    return { faults: [{ code: 'HUB_PEPPOL_CUSTOMIZATION', text }] };
  }
  const faults: UblFault[] = [];
  const number = textOf(root, 'ID');
  if (number === undefined) faults.push({ code: 'HUB_PEPPOL_NUMBER', text: 'Fakturan har inget nummer (ID).' });
  const payable = payableOf(root);
  if (payable === undefined) {
    faults.push({ code: 'HUB_PEPPOL_TOTAL', text: 'Fakturan har inget belopp att betala (PayableAmount med valuta).' });
  }
  const pdfs = pdfsOf(root, faults);
  if (faults.length > 0 || number === undefined || payable === undefined) return { faults };
  const { sender, customer } = partiesOf(root);
  const dueDate = textOf(root, 'DueDate') ?? textOf(aggregates(root, 'PaymentMeans')[0], 'PaymentDueDate');
  return { invoice: { kind, number, sender, customer, payable, dueDate, payment: paymentOf(root), pdfs } };
}

const SHOWN_MAX = 100;

function rootOf(bytes: Buffer): PlainElement | UblFault {
  try {
    return readXml(bytes, { bytesMax: UBL_BYTES_MAX, depthMax: DEPTH_MAX, itemsMax: ITEMS_MAX });
  } catch (error) {
    if (!(error instanceof XmlRefused)) throw error;
    return { code: 'HUB_INDEX_XML', text: xmlRefusalText(error) };
  }
}

function kindOf({ name, namespace }: PlainElement): UblInvoice['kind'] | undefined {
  if (name === 'Invoice' && namespace === UBL.Invoice) return 'invoice';
  return name === 'CreditNote' && namespace === UBL.CreditNote ? 'creditNote' : undefined;
}

function payableOf(root: PlainElement): UblInvoice['payable'] | undefined {
  const [amount] = basics(aggregates(root, 'LegalMonetaryTotal')[0], 'PayableAmount');
  const currency = amount?.attributes.get('currencyID') ?? textOf(root, 'DocumentCurrencyCode');
  if (amount === undefined || currency === undefined || !/^-?\d{1,12}(?:\.\d{1,2})?$/.test(amount.text))
    return undefined;
  return { decimal: amount.text, currency };
}

function partiesOf(root: PlainElement): Pick<UblInvoice, 'sender' | 'customer'> {
  const [supplier] = aggregates(root, 'AccountingSupplierParty', 'Party');
  const [customer] = aggregates(root, 'AccountingCustomerParty', 'Party');
  const [address] = aggregates(customer, 'PostalAddress');
  const given = [
    textOf(address, 'StreetName'),
    textOf(address, 'AdditionalStreetName'),
    textOf(aggregates(address, 'AddressLine')[0], 'Line'),
  ];
  return {
    sender: nameOf(supplier) ?? '',
    customer: {
      numbers: numbersOf(customer),
      name: nameOf(customer),
      lines: given.filter((line) => line !== undefined),
      postalCode: textOf(address, 'PostalZone'),
      city: textOf(address, 'CityName'),
      country: textOf(aggregates(address, 'Country')[0], 'IdentificationCode'),
    },
  };
}

function nameOf(party: PlainElement | undefined): string | undefined {
  return (
    textOf(aggregates(party, 'PartyName')[0], 'Name') ??
    textOf(aggregates(party, 'PartyLegalEntity')[0], 'RegistrationName')
  );
}

function numbersOf(party: PlainElement | undefined): UblCustomer['numbers'] {
  const places = [
    { at: 'endpoint' as const, elements: basics(party, 'EndpointID') },
    { at: 'party' as const, elements: aggregates(party, 'PartyIdentification').flatMap((each) => basics(each, 'ID')) },
    {
      at: 'legalEntity' as const,
      elements: aggregates(party, 'PartyLegalEntity').flatMap((each) => basics(each, 'CompanyID')),
    },
  ];
  return places.flatMap(({ at, elements }) =>
    elements.map(({ text, attributes }) => ({ at, scheme: attributes.get('schemeID'), text })),
  );
}

function paymentOf(root: PlainElement): UblPayment | undefined {
  for (const means of aggregates(root, 'PaymentMeans')) {
    const [account] = aggregates(means, 'PayeeFinancialAccount');
    const branch = textOf(aggregates(account, 'FinancialInstitutionBranch')[0], 'ID')?.toUpperCase();
    const kind = Object.entries(BRANCHES).find(([name]) => name === branch)?.[1];
    const number = textOf(account, 'ID');
    if (kind !== undefined && number !== undefined) return { kind, number, reference: textOf(means, 'PaymentID') };
  }
  return undefined;
}

function pdfsOf(root: PlainElement, faults: UblFault[]): UblPdf[] {
  const embedded = aggregates(root, 'AdditionalDocumentReference', 'Attachment').flatMap((attachment) =>
    basics(attachment, 'EmbeddedDocumentBinaryObject'),
  );
  return embedded
    .filter(({ attributes }) => attributes.get('mimeCode')?.toLowerCase() === PDF)
    .flatMap(({ attributes, text }) => {
      const bytes = decoded(text);
      if (bytes !== undefined && bytes.length > 0) return [{ filename: attributes.get('filename'), bytes }];
      faults.push({ code: 'HUB_PEPPOL_BASE64', text: 'Den inbäddade PDF:en är inte giltig base64.' });
      return [];
    });
}

function decoded(base64: string): Buffer | undefined {
  try {
    return decodeBase64(base64);
  } catch (error) {
    if (error instanceof ValueFault) return undefined;
    throw error;
  }
}
