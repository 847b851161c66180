import { recipientKind, type WrittenElement, writeXml } from '@brevduva/protocol';
import { contractDate } from '../delivery.ts';
import type { EInvoiceAddress } from '../eInvoice/eInvoiceRegistry.ts';
import { readEInvoiceAddress } from '../eInvoice/readEInvoiceAddress.ts';
import type { ClaimedLetter } from '../letter.ts';
import type { PostalAddress } from '../paper/address.ts';
import { UBL } from '../waysIn/invoices/ublElements.ts';
import type { Creditor } from './creditor.ts';
import type { Invoice } from './invoice.ts';
import { type VatWithin, vatWithin } from './vatWithin.ts';

/** What an invoice is written from. */
export interface PeppolSource {
  readonly letter: ClaimedLetter;
  readonly invoice: Invoice;
  readonly creditor: Creditor;
  readonly vatPercent: number;
  /** Where it goes. */
  readonly buyer: EInvoiceAddress;
  readonly pdfs: readonly { readonly filename: string; readonly bytes: Buffer }[];
}

/** EN 16931 as BIS Billing 3 restricts it, in its only process. */
export const CUSTOMIZATION_ID = 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0';
const PROFILE_ID = 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0';
/** UNTDID 1001: commercial invoice. */
const INVOICE_TYPE = '380';
/** UNTDID 4461: credit transfer. The rule SE-R-011 wants it with bankgiro and plusgiro, where older formats had 50 and 56. */
const CREDIT_TRANSFER = '30';
/** UN/ECE Recommendation 20: one. */
const PIECE = 'C62';
/** ISO 6523: Swedish organisation numbers. */
const ORGANISATION_NUMBER = '0007';
/** Before an organisation number, which has ten digits outside the contract (FACTS a). */
const CENTURY_DIGITS = 2;
const BRANCH = { bankgiro: 'SE:BANKGIRO', plusgiro: 'SE:PLUSGIRO' } as const;

/**
 * Writes the letter's invoice in PEPPOL BIS Billing 3 (UBL 2.1), with its PDFs inside. A letter knows the whole amount and no lines: so it is one
 * line, whose net amount and tax make that amount. The same letter is always the same bytes.
 */
export function writePeppolInvoice(source: PeppolSource): Buffer {
  const { letter, invoice } = source;
  const number = letter.reference ?? invoice.reference?.text ?? letter.id;
  const amounts = vatWithin(invoice.amountHundredths, source.vatPercent);
  const root = element('Invoice', [
    basic('CustomizationID', CUSTOMIZATION_ID),
    basic('ProfileID', PROFILE_ID),
    basic('ID', number),
    basic('IssueDate', contractDate(letter.createdAt)),
    basic('DueDate', invoice.dueDate),
    basic('InvoiceTypeCode', INVOICE_TYPE),
    basic('DocumentCurrencyCode', invoice.currency),
    basic('BuyerReference', number),
    ...source.pdfs.map(attached),
    aggregate('AccountingSupplierParty', [supplier(source)]),
    aggregate('AccountingCustomerParty', [customer(source)]),
    paymentMeans(invoice),
    taxTotal(source, amounts),
    monetaryTotal(invoice, amounts),
    line(source, amounts),
  ]);
  return writeXml(root, { '': UBL.Invoice, cac: UBL.aggregate, cbc: UBL.basic });
}

function attached({ filename, bytes }: PeppolSource['pdfs'][number], n: number): WrittenElement {
  const attributes = { mimeCode: 'application/pdf', filename };
  return aggregate('AdditionalDocumentReference', [
    basic('ID', String(n + 1)),
    aggregate('Attachment', [basic('EmbeddedDocumentBinaryObject', bytes.toString('base64'), attributes)]),
  ]);
}

function supplier({ letter: { organisation }, creditor }: PeppolSource): WrittenElement {
  const number = organisation.organizationNumber.slice(CENTURY_DIGITS);
  const own = { scheme: ORGANISATION_NUMBER, id: number };
  return aggregate('Party', [
    endpoint(readEInvoiceAddress(creditor.endpoint) ?? own),
    aggregate('PartyName', [basic('Name', organisation.name)]),
    postalAddress(organisation.returnAddress),
    aggregate('PartyTaxScheme', [basic('CompanyID', creditor.vatNumber), VAT_SCHEME]),
    legalEntity(organisation.name, number),
  ]);
}

/** A person's number stands nowhere in it: the address is the bank's, and knows whom it is for. */
function customer({ letter, buyer }: PeppolSource): WrittenElement {
  const name = buyer.name ?? letter.address?.name ?? '';
  const isOrganisation = recipientKind(letter.recipient) === 'organization';
  return aggregate('Party', [
    endpoint(buyer),
    aggregate('PartyName', [basic('Name', name)]),
    postalAddress(letter.address),
    legalEntity(name, isOrganisation ? letter.recipient.slice(CENTURY_DIGITS) : undefined),
  ]);
}

function endpoint({ scheme, id }: EInvoiceAddress): WrittenElement {
  return basic('EndpointID', id, { schemeID: scheme });
}

function legalEntity(name: string, number: string | undefined): WrittenElement {
  const id = number === undefined ? [] : [basic('CompanyID', number, { schemeID: ORGANISATION_NUMBER })];
  return aggregate('PartyLegalEntity', [basic('RegistrationName', name), ...id]);
}

/** Where no address is known, the country is: an invoice must have that much (BR-11). */
function postalAddress(address: PostalAddress | undefined): WrittenElement {
  const [street, additional, third] = address?.lines ?? [];
  return aggregate('PostalAddress', [
    ...optional('StreetName', street),
    ...optional('AdditionalStreetName', additional),
    ...optional('CityName', address?.city),
    ...optional('PostalZone', address?.postalCode),
    ...(third === undefined ? [] : [aggregate('AddressLine', [basic('Line', third)])]),
    aggregate('Country', [basic('IdentificationCode', address?.country ?? 'SE')]),
  ]);
}

function paymentMeans({ account, reference }: Invoice): WrittenElement {
  return aggregate('PaymentMeans', [
    basic('PaymentMeansCode', CREDIT_TRANSFER),
    ...optional('PaymentID', reference?.text),
    aggregate('PayeeFinancialAccount', [
      basic('ID', account.number),
      aggregate('FinancialInstitutionBranch', [basic('ID', BRANCH[account.kind])]),
    ]),
  ]);
}

const VAT_SCHEME = aggregate('TaxScheme', [basic('ID', 'VAT')]);

function taxTotal(
  { invoice: { currency }, vatPercent, creditor }: PeppolSource,
  { net, vat }: VatWithin,
): WrittenElement {
  const why = vatPercent === 0 ? optional('TaxExemptionReason', creditor.vatExemption) : [];
  return aggregate('TaxTotal', [
    money('TaxAmount', vat, currency),
    aggregate('TaxSubtotal', [
      money('TaxableAmount', net, currency),
      money('TaxAmount', vat, currency),
      aggregate('TaxCategory', [...category(vatPercent), ...why, VAT_SCHEME]),
    ]),
  ]);
}

/** UNTDID 5305: `S`tandard rate, or `E`xempt. */
function category(percent: number): WrittenElement[] {
  return [basic('ID', percent === 0 ? 'E' : 'S'), basic('Percent', String(percent))];
}

function monetaryTotal({ currency, amountHundredths }: Invoice, { net, vat, rounding }: VatWithin): WrittenElement {
  return aggregate('LegalMonetaryTotal', [
    money('LineExtensionAmount', net, currency),
    money('TaxExclusiveAmount', net, currency),
    money('TaxInclusiveAmount', net + vat, currency),
    ...(rounding === 0 ? [] : [money('PayableRoundingAmount', rounding, currency)]),
    money('PayableAmount', amountHundredths, currency),
  ]);
}

function line({ letter, invoice: { currency }, vatPercent }: PeppolSource, { net }: VatWithin): WrittenElement {
  return aggregate('InvoiceLine', [
    basic('ID', '1'),
    basic('InvoicedQuantity', '1', { unitCode: PIECE }),
    money('LineExtensionAmount', net, currency),
    aggregate('Item', [
      basic('Name', letter.subject),
      aggregate('ClassifiedTaxCategory', [...category(vatPercent), VAT_SCHEME]),
    ]),
    aggregate('Price', [money('PriceAmount', net, currency)]),
  ]);
}

function money(name: string, hundredths: number, currencyID: string): WrittenElement {
  const digits = String(Math.abs(hundredths)).padStart(3, '0');
  return basic(name, `${hundredths < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`, { currencyID });
}

function optional(name: string, text: string | undefined): WrittenElement[] {
  return text === undefined || text === '' ? [] : [basic(name, text)];
}

function basic(name: string, content: string, attributes?: Readonly<Record<string, string>>): WrittenElement {
  return element(`cbc:${name}`, content, attributes);
}

function aggregate(name: string, content: readonly WrittenElement[]): WrittenElement {
  return element(`cac:${name}`, content);
}

function element(
  name: string,
  content: WrittenElement['content'],
  attributes?: Readonly<Record<string, string>>,
): WrittenElement {
  return { name, content, ...(attributes && { attributes }) };
}
