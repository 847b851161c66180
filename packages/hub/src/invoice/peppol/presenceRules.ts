import type { PlainElement } from '@brevduva/protocol';
import { type PeppolRule, rule } from './rule.ts';
import { all, amount, everywhere, has, number, text } from './ublDocument.ts';

const SELLER = 'AccountingSupplierParty/Party';
const BUYER = 'AccountingCustomerParty/Party';
const TOTALS = 'LegalMonetaryTotal';

const present = (path: string) => (invoice: PlainElement) => has(invoice, path);
/** For each of the elements at a path, of which there may be none. */
const each = (path: string, holds: (element: PlainElement) => boolean) => (invoice: PlainElement) =>
  all(invoice, path).every(holds);
const eachHas = (path: string, below: string) => each(path, (element) => has(element, below));

/** What an invoice must say at all: EN 16931's rules BR-01 to BR-63 and their like, for what stands in an invoice to pay. */
export const PRESENCE_RULES: readonly PeppolRule[] = [
  rule('BR-01', 'Fakturan ska ange sin specifikation (CustomizationID).', present('CustomizationID')),
  rule('BR-02', 'Fakturan ska ha ett fakturanummer.', present('ID')),
  rule('BR-03', 'Fakturan ska ha ett fakturadatum.', present('IssueDate')),
  rule('BR-04', 'Fakturan ska ha en fakturatyp.', present('InvoiceTypeCode')),
  rule('BR-05', 'Fakturan ska ange sin valuta.', present('DocumentCurrencyCode')),
  rule('BR-06', 'Säljarens namn ska anges.', present(`${SELLER}/PartyLegalEntity/RegistrationName`)),
  rule('BR-07', 'Köparens namn ska anges.', present(`${BUYER}/PartyLegalEntity/RegistrationName`)),
  rule('BR-08', 'Säljarens postadress ska finnas.', present(`${SELLER}/PostalAddress`)),
  rule('BR-09', 'Säljarens adress ska ange land.', present(`${SELLER}/PostalAddress/Country/IdentificationCode`)),
  rule('BR-10', 'Köparens postadress ska finnas.', present(`${BUYER}/PostalAddress`)),
  rule('BR-11', 'Köparens adress ska ange land.', present(`${BUYER}/PostalAddress/Country/IdentificationCode`)),
  rule('BR-12', 'Summan av radernas nettobelopp ska anges.', present(`${TOTALS}/LineExtensionAmount`)),
  rule('BR-13', 'Summan utan moms ska anges.', present(`${TOTALS}/TaxExclusiveAmount`)),
  rule('BR-14', 'Summan med moms ska anges.', present(`${TOTALS}/TaxInclusiveAmount`)),
  rule('BR-15', 'Beloppet att betala ska anges.', present(`${TOTALS}/PayableAmount`)),
  rule('BR-16', 'Fakturan ska ha minst en rad.', present('InvoiceLine')),
  rule('BR-21', 'Varje rad ska ha ett id.', eachHas('InvoiceLine', 'ID')),
  rule('BR-22', 'Varje rad ska ha en kvantitet.', eachHas('InvoiceLine', 'InvoicedQuantity')),
  rule(
    'BR-23',
    'Varje rads kvantitet ska ha en enhet.',
    each('InvoiceLine/InvoicedQuantity', ({ attributes }) => (attributes.get('unitCode') ?? '') !== ''),
  ),
  rule('BR-24', 'Varje rad ska ha ett nettobelopp.', eachHas('InvoiceLine', 'LineExtensionAmount')),
  rule('BR-25', 'Varje rad ska ha en benämning.', eachHas('InvoiceLine', 'Item/Name')),
  rule('BR-26', 'Varje rad ska ha ett nettopris.', eachHas('InvoiceLine', 'Price/PriceAmount')),
  rule(
    'BR-27',
    'Nettopriset får inte vara negativt.',
    each('InvoiceLine', (line) => amount(line, 'Price/PriceAmount') >= 0n),
  ),
  rule('BR-45', 'Varje momsgrupp ska ange sitt underlag.', eachHas('TaxTotal/TaxSubtotal', 'TaxableAmount')),
  rule('BR-46', 'Varje momsgrupp ska ange sin moms.', eachHas('TaxTotal/TaxSubtotal', 'TaxAmount')),
  rule('BR-47', 'Varje momsgrupp ska ha en momskategori.', eachHas('TaxTotal/TaxSubtotal', 'TaxCategory/ID')),
  rule(
    'BR-48',
    'Varje momsgrupp ska ange sin momssats, utom för det som inte är momspliktigt.',
    each('TaxTotal/TaxSubtotal/TaxCategory', (category) => has(category, 'Percent') || text(category, 'ID') === 'O'),
  ),
  rule('BR-49', 'Betalsättet ska anges med kod.', eachHas('PaymentMeans', 'PaymentMeansCode')),
  rule('BR-50', 'Kontot att betala till ska ha ett nummer.', eachHas('PaymentMeans/PayeeFinancialAccount', 'ID')),
  rule(
    'BR-61',
    'En kontobetalning (30, 58) ska ange kontonummer.',
    each(
      'PaymentMeans',
      (means) => !['30', '58'].includes(text(means, 'PaymentMeansCode')) || has(means, 'PayeeFinancialAccount/ID'),
    ),
  ),
  rule('BR-52', 'Varje bilaga ska ha ett id.', eachHas('AdditionalDocumentReference', 'ID')),
  rule('BR-62', 'Säljarens elektroniska adress ska ange sitt schema.', each(`${SELLER}/EndpointID`, hasScheme)),
  rule('BR-63', 'Köparens elektroniska adress ska ange sitt schema.', each(`${BUYER}/EndpointID`, hasScheme)),
  rule('BR-CO-04', 'Varje rad ska ha en momskategori.', eachHas('InvoiceLine', 'Item/ClassifiedTaxCategory/ID')),
  rule('BR-CO-18', 'Fakturan ska ha minst en momsgrupp.', present('TaxTotal/TaxSubtotal')),
  rule(
    'BR-CO-25',
    'Ett belopp att betala kräver förfallodag eller betalningsvillkor.',
    (invoice) =>
      amount(invoice, `${TOTALS}/PayableAmount`) <= 0n || has(invoice, 'DueDate') || has(invoice, 'PaymentTerms/Note'),
  ),
  rule(
    'BR-CO-26',
    'Säljaren ska kunna kännas igen på ett nummer.',
    (invoice) =>
      has(invoice, `${SELLER}/PartyIdentification/ID`) ||
      has(invoice, `${SELLER}/PartyLegalEntity/CompanyID`) ||
      has(invoice, `${SELLER}/PartyTaxScheme/CompanyID`),
  ),
  rule('PEPPOL-EN16931-R001', 'Fakturan ska ange sin process (ProfileID).', present('ProfileID')),
  rule('PEPPOL-EN16931-R002', 'Fakturan får ha högst en notering.', (invoice) => all(invoice, 'Note').length <= 1),
  rule(
    'PEPPOL-EN16931-R003',
    'Köparens referens eller ordernummer ska anges.',
    (invoice) => has(invoice, 'BuyerReference') || has(invoice, 'OrderReference/ID'),
  ),
  rule('PEPPOL-EN16931-R004', 'Specifikationen ska vara PEPPOL BIS Billing 3.', (invoice) =>
    text(invoice, 'CustomizationID').startsWith(CUSTOMIZATION),
  ),
  rule('PEPPOL-EN16931-R007', 'Processen ska vara en av PEPPOL:s.', (invoice) =>
    PROFILE.test(text(invoice, 'ProfileID')),
  ),
  rule('PEPPOL-EN16931-R008', 'Fakturan får inte ha tomma fält.', (invoice) => !isAnyEmpty(invoice)),
  rule('PEPPOL-EN16931-R010', 'Köparens elektroniska adress ska anges.', present(`${BUYER}/EndpointID`)),
  rule('PEPPOL-EN16931-R020', 'Säljarens elektroniska adress ska anges.', present(`${SELLER}/EndpointID`)),
  rule('PEPPOL-EN16931-F001', 'Datum ska skrivas ÅÅÅÅ-MM-DD.', (invoice) =>
    everywhere(invoice, ...DATES).every((date) => DAY.test(date.text) && isDate(date.text)),
  ),
  rule('PEPPOL-EN16931-P0100', 'Fakturatypen ska vara en av PEPPOL:s.', (invoice) =>
    INVOICE_TYPES.includes(text(invoice, 'InvoiceTypeCode')),
  ),
  rule('PEPPOL-EN16931-CL001', 'Bilagor ska vara av en tillåten typ.', (invoice) =>
    everywhere(invoice, 'EmbeddedDocumentBinaryObject').every(({ attributes }) =>
      MIME_TYPES.includes(attributes.get('mimeCode') ?? ''),
    ),
  ),
  rule('PEPPOL-EN16931-CL008', 'Elektroniska adresser ska ha ett schema ur listan EAS.', (invoice) =>
    everywhere(invoice, 'EndpointID').every(({ attributes }) => EAS.has(attributes.get('schemeID') ?? '')),
  ),
  rule(
    'PEPPOL-EN16931-R121',
    'Prisets basmängd ska vara större än noll.',
    each('InvoiceLine', (line) => !has(line, 'Price/BaseQuantity') || (number(line, 'Price/BaseQuantity') ?? 0n) > 0n),
  ),
];

const CUSTOMIZATION = 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0';
const PROFILE = /^urn:fdc:peppol\.eu:2017:poacc:billing:\d{2}:1\.0$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DATES = ['IssueDate', 'DueDate', 'TaxPointDate', 'StartDate', 'EndDate', 'ActualDeliveryDate'];
const INVOICE_TYPES =
  '71 80 82 84 102 218 219 331 380 382 383 386 388 393 395 553 575 623 780 817 870 875 876 877'.split(' ');
const MIME_TYPES = [
  'application/pdf',
  'image/png',
  'image/jpeg',
  'text/csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.oasis.opendocument.spreadsheet',
];
/** Electronic Address Scheme, as PEPPOL's release of November 2024 has it. */
const EAS: ReadonlySet<string> = new Set(
  (
    '0002 0007 0009 0037 0060 0088 0096 0097 0106 0130 0135 0142 0147 0151 0170 0177 0183 0184 0188 0190 0191 0192 0193 0195 ' +
    '0196 0198 0199 0200 0201 0202 0204 0208 0209 0210 0211 0212 0213 0215 0216 0218 0221 0230 0235 9901 9906 9907 9910 9913 ' +
    '9914 9915 9918 9919 9920 9922 9923 9924 9925 9926 9927 9928 9929 9930 9931 9932 9933 9934 9935 9936 9937 9938 9939 9940 ' +
    '9941 9942 9943 9944 9945 9946 9947 9948 9949 9950 9951 9952 9953 9957 9959'
  ).split(' '),
);

function hasScheme({ attributes }: PlainElement): boolean {
  return (attributes.get('schemeID') ?? '') !== '';
}

function isAnyEmpty({ children, text: own }: PlainElement): boolean {
  return children.length === 0 ? own === '' : children.some(isAnyEmpty);
}

function isDate(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
