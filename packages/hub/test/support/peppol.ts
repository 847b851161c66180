import { PDF } from './intakeHub.ts';

/** Parts of a document that a test wants otherwise; XML as it stands. */
export interface PeppolParts {
  readonly root: 'Invoice' | 'CreditNote';
  readonly namespace: string;
  readonly customization: string;
  readonly number: string;
  readonly dueDate: string;
  /** AdditionalDocumentReference elements. */
  readonly documents: string;
  readonly endpoint: string;
  readonly party: string;
  readonly companyId: string;
  readonly postalAddress: string;
  readonly paymentMeans: string;
  readonly total: string;
}

const UBL = 'urn:oasis:names:specification:ubl:schema:xsd';

/** A document in BIS Billing 3, as a municipality's finance system writes it to a company. */
export function peppolDocument(changes: Partial<PeppolParts> = {}): string {
  const root = changes.root ?? 'Invoice';
  const parts: PeppolParts = {
    root,
    namespace: `${UBL}:${root}-2`,
    customization: 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0',
    number: '<cbc:ID>70046</cbc:ID>',
    dueDate: '<cbc:DueDate>2026-12-24</cbc:DueDate>',
    documents: embeddedPdf(PDF),
    endpoint: '<cbc:EndpointID schemeID="0007">5568402266</cbc:EndpointID>',
    party: '',
    companyId: '<cbc:CompanyID schemeID="0007">5568402266</cbc:CompanyID>',
    postalAddress: POSTAL_ADDRESS,
    paymentMeans: paymentMeans('SE:BANKGIRO', '50501055', '70012075'),
    total: '<cbc:PayableAmount currencyID="SEK">1234.50</cbc:PayableAmount>',
    ...changes,
  };
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- as systems leave them -->
<${root} xmlns="${parts.namespace}" xmlns:cac="${UBL}:CommonAggregateComponents-2" xmlns:cbc="${UBL}:CommonBasicComponents-2">
  <cbc:CustomizationID>${parts.customization}</cbc:CustomizationID>
  <cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>
  ${parts.number}
  <cbc:IssueDate>2026-11-23</cbc:IssueDate>
  ${parts.dueDate}
  <cbc:DocumentCurrencyCode>SEK</cbc:DocumentCurrencyCode>
  ${parts.documents}
  <cac:AccountingSupplierParty><cac:Party>
    <cbc:EndpointID schemeID="0007">2021004748</cbc:EndpointID>
    <cac:PartyLegalEntity><cbc:RegistrationName>Kommun A</cbc:RegistrationName></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty><cac:Party>
    ${parts.endpoint}
    ${parts.party}
    <cac:PartyName><cbc:Name>Kvarnens Bageri AB</cbc:Name></cac:PartyName>
    ${parts.postalAddress}
    <cac:PartyLegalEntity><cbc:RegistrationName>Kvarnens Bageri AB</cbc:RegistrationName>${parts.companyId}</cac:PartyLegalEntity>
  </cac:Party></cac:AccountingCustomerParty>
  ${parts.paymentMeans}
  <cac:LegalMonetaryTotal><cbc:TaxInclusiveAmount currencyID="SEK">9999.00</cbc:TaxInclusiveAmount>${parts.total}</cac:LegalMonetaryTotal>
</${root}>
`;
}

const POSTAL_ADDRESS = `<cac:PostalAddress><cbc:StreetName>Kvarngatan 1</cbc:StreetName><cbc:AdditionalStreetName>Box 12</cbc:AdditionalStreetName>
  <cbc:CityName>Lillköping</cbc:CityName><cbc:PostalZone>990 10</cbc:PostalZone><cac:Country><cbc:IdentificationCode>SE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>`;

export function paymentMeans(branch: string, account: string, reference: string): string {
  return `<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cbc:PaymentID>${reference}</cbc:PaymentID>
  <cac:PayeeFinancialAccount><cbc:ID>${account}</cbc:ID><cac:FinancialInstitutionBranch><cbc:ID>${branch}</cbc:ID></cac:FinancialInstitutionBranch></cac:PayeeFinancialAccount></cac:PaymentMeans>`;
}

/** A document inside another, its base64 in lines as most programs write it. */
export function embeddedPdf(pdf: Buffer, base64: string = lines(pdf.toString('base64'))): string {
  return `<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment>
  <cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="faktura 70046.pdf">${base64}</cbc:EmbeddedDocumentBinaryObject>
</cac:Attachment></cac:AdditionalDocumentReference>`;
}

function lines(base64: string): string {
  return base64.replace(/.{76}/g, '$&\n');
}
