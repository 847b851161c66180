import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { RecipientId } from '@brevduva/protocol';
import type { Invoice } from '../src/invoice/invoice.ts';
import { judgePeppolInvoice, PEPPOL_RULES } from '../src/invoice/peppolRules.ts';
import { vatWithin } from '../src/invoice/vatWithin.ts';
import { type PeppolSource, writePeppolInvoice } from '../src/invoice/writePeppolInvoice.ts';
import { readUblInvoice } from '../src/waysIn/invoices/ublInvoice.ts';
import { claimedLetter } from './support/claimedLetter.ts';
import { PDF } from './support/intakeHub.ts';
import { peppolDocument } from './support/peppol.ts';

const INVOICE: Invoice = {
  dueDate: '2026-12-24',
  amountHundredths: 123_450,
  currency: 'SEK',
  account: { kind: 'bankgiro', number: '50501055' },
  reference: { kind: 'ocr', text: '70012075' },
};

function source(changes: Partial<PeppolSource> = {}): PeppolSource {
  return {
    letter: claimedLetter({
      recipient: '165568402266' as RecipientId,
      subject: 'Vatten & avlopp <kvartal 4>',
      reference: '70046',
      address: { name: 'Kvarnens Bageri AB', lines: ['Kvarngatan 1'], postalCode: '990 10', city: 'Lillköping' },
    }),
    invoice: INVOICE,
    creditor: { vatNumber: 'SE202100474801', vatExemption: 'Undantag från skatteplikt' },
    vatPercent: 25,
    buyer: { scheme: '0007', id: '5568402266' },
    pdfs: [{ filename: 'faktura.pdf', bytes: PDF }],
    ...changes,
  };
}

const S = writePeppolInvoice(source()).toString();
const E = writePeppolInvoice(source({ vatPercent: 0 })).toString();
/** As a municipality that has nothing to do with the tax writes one. */
const O_WITH_NUMBER = E.replaceAll('<cbc:ID>E</cbc:ID>', '<cbc:ID>O</cbc:ID>').replaceAll(
  '<cbc:Percent>0</cbc:Percent>',
  '',
);
const O = O_WITH_NUMBER.replace(/<cac:PartyTaxScheme>.*?<\/cac:PartyTaxScheme>/s, '');
const PLUSGIRO = writePeppolInvoice(
  source({ invoice: { ...INVOICE, account: { kind: 'plusgiro', number: '415877' } } }),
).toString();

const brokenBy = (xml: string) => {
  const { broken, warnings } = judgePeppolInvoice(Buffer.from(xml));
  return [...broken, ...warnings].map(({ id }) => id);
};
const without = (xml: string, name: string) => xml.replace(new RegExp(`<${name}[ >].*?</${name}>`, 's'), '');
/** In one aggregate alone: names repeat. */
const inside = (xml: string, aggregate: string, change: (part: string) => string) =>
  xml.replace(new RegExp(`<cac:${aggregate}>.*?</cac:${aggregate}>`, 's'), change);
const seller = (change: (part: string) => string) => inside(S, 'AccountingSupplierParty', change);
const buyer = (change: (part: string) => string) => inside(S, 'AccountingCustomerParty', change);
const line = (change: (part: string) => string, xml = S) => inside(xml, 'InvoiceLine', change);
const totals = (change: (part: string) => string) => inside(S, 'LegalMonetaryTotal', change);
const tax = (change: (part: string) => string, xml = S) => inside(xml, 'TaxTotal', change);
const category = (change: (part: string) => string, xml = S) => inside(xml, 'TaxCategory', change);
const ALLOWANCE =
  '<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID="SEK">10.00</cbc:Amount></cac:AllowanceCharge>';

/** For every rule an invoice that breaks it, made of a sound one. */
const BROKEN: Readonly<Record<string, string>> = {
  'BR-01': without(S, 'cbc:CustomizationID'),
  'BR-02': S.replace('<cbc:ID>70046</cbc:ID>', ''),
  'BR-03': without(S, 'cbc:IssueDate'),
  'BR-04': without(S, 'cbc:InvoiceTypeCode'),
  'BR-05': without(S, 'cbc:DocumentCurrencyCode'),
  'BR-06': seller((part) => without(part, 'cbc:RegistrationName')),
  'BR-07': buyer((part) => without(part, 'cbc:RegistrationName')),
  'BR-08': seller((part) => without(part, 'cac:PostalAddress')),
  'BR-09': seller((part) => without(part, 'cac:Country')),
  'BR-10': buyer((part) => without(part, 'cac:PostalAddress')),
  'BR-11': buyer((part) => without(part, 'cac:Country')),
  'BR-12': totals((part) => without(part, 'cbc:LineExtensionAmount')),
  'BR-13': totals((part) => without(part, 'cbc:TaxExclusiveAmount')),
  'BR-14': totals((part) => without(part, 'cbc:TaxInclusiveAmount')),
  'BR-15': totals((part) => without(part, 'cbc:PayableAmount')),
  'BR-16': without(S, 'cac:InvoiceLine'),
  'BR-21': line((part) => without(part, 'cbc:ID')),
  'BR-22': line((part) => without(part, 'cbc:InvoicedQuantity')),
  'BR-23': S.replace(' unitCode="C62"', ''),
  'BR-24': line((part) => without(part, 'cbc:LineExtensionAmount')),
  'BR-25': line((part) => without(part, 'cbc:Name')),
  'BR-26': line((part) => without(part, 'cbc:PriceAmount')),
  'BR-27': S.replace('<cbc:PriceAmount currencyID="SEK">', '<cbc:PriceAmount currencyID="SEK">-'),
  'BR-45': tax((part) => without(part, 'cbc:TaxableAmount')),
  'BR-46': inside(S, 'TaxSubtotal', (part) => without(part, 'cbc:TaxAmount')),
  'BR-47': category((part) => without(part, 'cbc:ID')),
  'BR-48': category((part) => without(part, 'cbc:Percent')),
  'BR-49': without(S, 'cbc:PaymentMeansCode'),
  'BR-50': S.replace('<cbc:ID>50501055</cbc:ID>', ''),
  'BR-61': without(S, 'cac:PayeeFinancialAccount'),
  'BR-52': inside(S, 'AdditionalDocumentReference', (part) => without(part, 'cbc:ID')),
  'BR-62': seller((part) => part.replace('<cbc:EndpointID schemeID="0007">', '<cbc:EndpointID>')),
  'BR-63': buyer((part) => part.replace('<cbc:EndpointID schemeID="0007">', '<cbc:EndpointID>')),
  'BR-CO-04': line((part) => without(part, 'cac:ClassifiedTaxCategory')),
  'BR-CO-18': without(S, 'cac:TaxSubtotal'),
  'BR-CO-25': without(S, 'cbc:DueDate'),
  'BR-CO-26': seller((part) => part.replaceAll(/<cbc:CompanyID.*?<\/cbc:CompanyID>/g, '')),
  'PEPPOL-EN16931-R001': without(S, 'cbc:ProfileID'),
  'PEPPOL-EN16931-R002': S.replace('<cbc:DocumentC', '<cbc:Note>a</cbc:Note><cbc:Note>b</cbc:Note><cbc:DocumentC'),
  'PEPPOL-EN16931-R003': without(S, 'cbc:BuyerReference'),
  'PEPPOL-EN16931-R004': S.replace('billing:3.0', 'billing:2.0'),
  'PEPPOL-EN16931-R007': S.replace('billing:01:1.0', 'billing:fel'),
  'PEPPOL-EN16931-R008': S.replace('<cbc:Name>Kvarnens Bageri AB</cbc:Name>', '<cbc:Name></cbc:Name>'),
  'PEPPOL-EN16931-R010': buyer((part) => without(part, 'cbc:EndpointID')),
  'PEPPOL-EN16931-R020': seller((part) => without(part, 'cbc:EndpointID')),
  'PEPPOL-EN16931-F001': S.replace('2026-12-24', '2026-02-30'),
  'PEPPOL-EN16931-P0100': S.replace('>380<', '>381<'),
  'PEPPOL-EN16931-CL001': S.replace('application/pdf', 'application/zip'),
  'PEPPOL-EN16931-CL008': buyer((part) => part.replace('schemeID="0007"', 'schemeID="0003"')),
  'PEPPOL-EN16931-R121': S.replace('</cac:Price>', '<cbc:BaseQuantity>0</cbc:BaseQuantity></cac:Price>'),
  'BR-CO-10': totals((part) => part.replace('>987.60</cbc:LineExt', '>987.61</cbc:LineExt')),
  'BR-CO-11': S.replace('<cac:TaxTotal>', `${ALLOWANCE}<cac:TaxTotal>`),
  'BR-CO-12': S.replace('<cac:TaxTotal>', `${ALLOWANCE.replace('false', 'true')}<cac:TaxTotal>`),
  'BR-CO-13': totals((part) => part.replace('>987.60</cbc:TaxEx', '>987.61</cbc:TaxEx')),
  'BR-CO-14': tax((part) => part.replace('246.90', '246.91')),
  'BR-CO-15': totals((part) => part.replace('>1234.50</cbc:TaxIn', '>1234.51</cbc:TaxIn')),
  'BR-CO-16': totals((part) => part.replace('>1234.50</cbc:Payable', '>1234.51</cbc:Payable')),
  'BR-CO-17': tax((part) => part.replaceAll('246.90', '250.00')),
  'PEPPOL-EN16931-R053': S.replace(/(<cac:TaxTotal>.*<\/cac:TaxTotal>)/s, '$1$1'),
  'PEPPOL-EN16931-R054': S.replace(
    '<cac:TaxTotal>',
    '<cac:TaxTotal><cbc:TaxAmount>1</cbc:TaxAmount></cac:TaxTotal><cac:TaxTotal>',
  ),
  'PEPPOL-EN16931-R051': totals((part) => part.replace('"SEK"', '"EUR"')),
  'PEPPOL-EN16931-R120': S.replace('>987.60</cbc:Price', '>987.70</cbc:Price'),
  'BR-DEC-09': totals((part) => part.replace('987.60</cbc:LineExt', '987.600</cbc:LineExt')),
  'BR-DEC-12': totals((part) => part.replace('987.60</cbc:TaxEx', '987.600</cbc:TaxEx')),
  'BR-DEC-13': tax((part) => part.replace('246.90', '246.900')),
  'BR-DEC-14': totals((part) => part.replace('1234.50</cbc:TaxIn', '1234.500</cbc:TaxIn')),
  'BR-DEC-17': totals((part) =>
    part.replace('<cbc:Pay', '<cbc:PayableRoundingAmount currencyID="SEK">0.000</cbc:PayableRoundingAmount><cbc:Pay'),
  ),
  'BR-DEC-18': totals((part) => part.replace('1234.50</cbc:Pay', '1,234.50</cbc:Pay')),
  'BR-DEC-19': tax((part) => part.replace('987.60', '987.600')),
  'BR-DEC-20': inside(S, 'TaxSubtotal', (part) => part.replace('246.90', '246.900')),
  'BR-DEC-23': line((part) => part.replace('987.60</cbc:LineExt', '987.600</cbc:LineExt')),
  'BR-S-01': category((part) => part.replace('<cbc:ID>S<', '<cbc:ID>Z<')),
  'BR-S-02': seller((part) => without(part, 'cac:PartyTaxScheme')),
  'BR-S-05': line((part) => part.replace('>25<', '>0<')),
  'BR-S-08': line((part) => part.replace('>25<', '>12<')),
  'BR-S-09': tax((part) => part.replaceAll('246.90', '250.00')),
  'BR-S-10': category((part) =>
    part.replace('<cac:TaxS', '<cbc:TaxExemptionReason>x</cbc:TaxExemptionReason><cac:TaxS'),
  ),
  'BR-E-01': category((part) => part.replace('<cbc:ID>E<', '<cbc:ID>Z<'), E),
  'BR-E-02': inside(E, 'AccountingSupplierParty', (part) => without(part, 'cac:PartyTaxScheme')),
  'BR-E-05': line((part) => part.replace('>0<', '>6<'), E),
  'BR-E-08': tax((part) => part.replace('1234.50', '1234.51'), E),
  'BR-E-09': inside(E, 'TaxSubtotal', (part) => part.replace('>0.00<', '>0.01<')),
  'BR-E-10': without(E, 'cbc:TaxExemptionReason'),
  'BR-O-01': category((part) => part.replace('<cbc:ID>O<', '<cbc:ID>Z<'), O),
  'BR-O-02': O_WITH_NUMBER,
  'BR-O-05': line((part) => part.replace('<cbc:ID>O</cbc:ID>', '<cbc:ID>O</cbc:ID><cbc:Percent>0</cbc:Percent>'), O),
  'BR-O-08': tax((part) => part.replace('1234.50', '1234.51'), O),
  'BR-O-09': inside(O, 'TaxSubtotal', (part) => part.replace('>0.00<', '>0.01<')),
  'BR-O-10': without(O, 'cbc:TaxExemptionReason'),
  'PEPPOL-COMMON-R049': buyer((part) => part.replaceAll('5568402266', '5568402267')),
  'SE-R-001': S.replace('SE202100474801', 'SE2021004748'),
  'SE-R-002': S.replace('SE202100474801', 'SE20210047480A'),
  'SE-R-003': seller((part) => part.replace(/(<cbc:CompanyID schemeID="0007">)\d+/, '$12021-04748')),
  'SE-R-004': seller((part) => part.replace(/(<cbc:CompanyID schemeID="0007">)/, '$116')),
  'SE-R-005': seller((part) =>
    part.replace(
      '<cac:PartyLegal',
      '<cac:PartyTaxScheme><cbc:CompanyID>F</cbc:CompanyID><cac:TaxScheme><cbc:ID>TAX</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme><cac:PartyLegal',
    ),
  ),
  'SE-R-006': S.replaceAll('<cbc:Percent>25<', '<cbc:Percent>24<'),
  'SE-R-013': seller((part) => part.replace(/(<cbc:CompanyID schemeID="0007">\d{9})\d/, '$10')),
  'SE-R-007': PLUSGIRO.replace('>415877<', '>41587-7<'),
  'SE-R-010': PLUSGIRO.replace('>415877<', '>415877415<'),
  'SE-R-008': S.replace('>50501055<', '>5050-1055<'),
  'SE-R-009': S.replace('>50501055<', '>505010<'),
  'SE-R-011': S.replace('Code>30<', 'Code>56<'),
  'SE-R-012': S.replace('Code>30<', 'Code>31<'),
};

describe('the rules of PEPPOL BIS Billing 3', () => {
  test('a sound invoice breaks none: with tax, exempt, outside the tax, to bankgiro and plusgiro', () => {
    for (const xml of [S, E, O, PLUSGIRO]) assert.deepEqual(brokenBy(xml), []);
  });

  test('each has an invoice that breaks it, and each is named once', () => {
    const ids = PEPPOL_RULES.map(({ id }) => id);
    assert.deepEqual(Object.keys(BROKEN).toSorted(), ids.toSorted());
    for (const [id, xml] of Object.entries(BROKEN)) {
      assert.ok(![S, E, O, PLUSGIRO].includes(xml), `${id}: nothing was changed`);
      assert.ok(brokenBy(xml).includes(id), `${id} does not see its broken invoice: ${brokenBy(xml).join(', ')}`);
    }
  });

  test('what is published as a warning does not stop an invoice', () => {
    const judged = judgePeppolInvoice(Buffer.from(BROKEN['SE-R-011'] ?? ''));
    assert.deepEqual(judged.broken, []);
    assert.deepEqual(
      judged.warnings.map(({ id }) => id),
      ['SE-R-011'],
    );
  });

  test('half a hundredth is no rounding, and a cent too much is seen in amounts that floating point cannot hold', () => {
    const large = S.replaceAll('987.60', '7999999999.99')
      .replaceAll('246.90', '2000000000.00')
      .replaceAll('1234.50', '9999999999.99');
    assert.deepEqual(brokenBy(large), []);
    const wrong = inside(large, 'LegalMonetaryTotal', (part) =>
      part.replace('9999999999.99</cbc:Pay', '9999999999.98</cbc:Pay'),
    );
    assert.deepEqual(brokenBy(wrong), ['BR-CO-16']);
  });

  test('hostile XML and what is no invoice are refused, not read', () => {
    for (const text of [
      '',
      '<a/>',
      '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
      S.replaceAll('Invoice-2"', 'Invoice-3"'),
      peppolDocument({ root: 'CreditNote' }),
    ]) {
      assert.deepEqual(brokenBy(text), ['UBL']);
    }
  });

  test('every rule stands in docs/e-invoice.md, and no other', () => {
    const doc = readFileSync(new URL('../../../docs/e-invoice.md', import.meta.url), 'utf8');
    const named = new Set(doc.match(/^\| `((?:BR|PEPPOL|SE)-[A-Z0-9-]+)`/gm)?.map((each) => each.slice(3, -1)));
    assert.deepEqual([...named].toSorted(), PEPPOL_RULES.map(({ id }) => id).toSorted());
  });
});

describe('an invoice that we write', () => {
  test('is read back as what it was written of, its text escaped and its PDF whole', () => {
    const read = readUblInvoice(Buffer.from(S));
    assert.ok('invoice' in read, JSON.stringify(read));
    const { number, payable, dueDate, payment, pdfs, customer } = read.invoice;
    assert.deepEqual(payable, { decimal: '1234.50', currency: 'SEK' });
    assert.deepEqual([number, dueDate, customer.name], ['70046', '2026-12-24', 'Kvarnens Bageri AB']);
    assert.deepEqual(payment, { kind: 'bankgiro', number: '50501055', reference: '70012075' });
    assert.ok(pdfs[0]?.bytes.equals(PDF));
    assert.match(S, /<cbc:Name>Vatten &amp; avlopp &lt;kvartal 4&gt;<\/cbc:Name>/);
  });

  test('to a person says her number nowhere', () => {
    const person = '191212121212';
    const letter = claimedLetter({ recipient: person as RecipientId });
    const xml = writePeppolInvoice(
      source({ letter, buyer: { scheme: '0088', id: '7300009901234', name: 'Tolvan Tolvansson' } }),
    );
    assert.deepEqual(brokenBy(xml.toString()), []);
    assert.ok(!xml.toString().replace(PDF.toString('base64'), '').includes(person.slice(2)));
  });

  test('of the same letter is the same bytes', () => {
    assert.ok(writePeppolInvoice(source()).equals(Buffer.from(S)));
  });
});

test('tax within an amount: net, tax and rounding are the amount, to the hundredth, at every rate', () => {
  assert.deepEqual(vatWithin(12_500, 25), { net: 10_000, vat: 2_500, rounding: 0 });
  assert.deepEqual(vatWithin(999_999_999_999, 25), { net: 799_999_999_999, vat: 200_000_000_000, rounding: 0 });
  let rounded = 0;
  for (const percent of [0, 6, 12, 25]) {
    for (let amount = 1; amount < 20_000; amount += 7) {
      const { net, vat, rounding } = vatWithin(amount, percent);
      assert.equal(net + vat + rounding, amount);
      assert.equal(vat, Math.round((net * percent) / 100), `${amount} at ${percent}`);
      assert.ok(Math.abs(rounding) <= 1);
      if (rounding !== 0) rounded += 1;
      if (amount % 1001 === 0 || rounding !== 0) {
        const invoice = { ...INVOICE, amountHundredths: amount };
        if (rounded < 40)
          assert.deepEqual(brokenBy(writePeppolInvoice(source({ invoice, vatPercent: percent })).toString()), []);
      }
    }
  }
  assert.ok(rounded > 0, 'no amount needed the rounding');
});
