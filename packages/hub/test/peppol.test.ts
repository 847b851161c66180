import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type PathFault, readObject } from '../src/organisation/objectReader.ts';
import { type InvoicesSettings, readInvoices } from '../src/organisation/waysIn/invoices.ts';
import { toInvoiceLetter } from '../src/waysIn/invoices/invoiceLetter.ts';
import { isUbl, readUblInvoice } from '../src/waysIn/invoices/ublInvoice.ts';
import { PDF } from './support/intakeHub.ts';
import { embeddedPdf, type PeppolParts, paymentMeans, peppolDocument } from './support/peppol.ts';

function settingsOf(written: object): { settings: InvoicesSettings; faults: PathFault[] } {
  const faults: PathFault[] = [];
  const reader = readObject(written, 'invoices', faults);
  const settings = readInvoices(reader, { flows: ['faktura'] });
  reader.end();
  return { settings, faults };
}

const { settings: SETTINGS } = settingsOf({ flow: 'faktura' });

function letterOf(changes: Partial<PeppolParts> = {}, settings = SETTINGS, beside?: Buffer) {
  const read = readUblInvoice(Buffer.from(peppolDocument(changes)));
  return 'faults' in read ? read : toInvoiceLetter(read.invoice, settings, beside);
}

function codesOf(changes: Partial<PeppolParts>, settings = SETTINGS, beside?: Buffer): string[] {
  const letter = letterOf(changes, settings, beside);
  return 'faults' in letter ? letter.faults.map(({ code }) => code) : [];
}

function jsonOf(changes: Partial<PeppolParts> = {}, settings = SETTINGS) {
  const letter = letterOf(changes, settings);
  assert.ok('json' in letter, JSON.stringify(letter));
  return letter.json;
}

describe('a document of PEPPOL BIS Billing 3', () => {
  test('becomes a letter with its PDF, its address and what is to be paid', () => {
    const letter = letterOf();
    assert.ok('pdf' in letter, JSON.stringify(letter));
    assert.deepEqual(letter.json, {
      flow: 'faktura',
      recipient: '5568402266',
      subject: 'Faktura 70046 från Kommun A',
      body: { text: 'Faktura 70046 från Kommun A finns i den bifogade filen.' },
      reference: '70046',
      address: {
        lines: ['Kvarngatan 1', 'Box 12'],
        ...{ name: 'Kvarnens Bageri AB', postalCode: '990 10', city: 'Lillköping', country: 'SE' },
      },
      invoice: {
        ...{ dueDate: '2026-12-24', amount: '1234.50', currency: 'SEK' },
        ...{ bankgiro: '50501055', ocr: '70012075' },
      },
    });
    assert.equal(letter.pdf.filename, 'faktura 70046.pdf');
    assert.ok(letter.pdf.bytes.equals(PDF));
  });

  test('is paid by the first Swedish payment means, with an OCR number or words', () => {
    const iban =
      '<cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode><cac:PayeeFinancialAccount><cbc:ID>SE3550000000054910000003</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>';
    const means = `${iban}${paymentMeans('SE:PLUSGIRO', '415877', 'Hyra maj')}${paymentMeans('SE:BANKGIRO', '50501055', '1')}`;
    const { invoice } = jsonOf({ paymentMeans: means }) as { invoice: Record<string, string> };
    assert.deepEqual(
      [invoice['plusgiro'], invoice['bankgiro'], invoice['message'], invoice['ocr']],
      ['415877', undefined, 'Hyra maj', undefined],
    );
    assert.deepEqual(codesOf({ paymentMeans: iban }), ['HUB_PEPPOL_ACCOUNT']);
  });

  test('that asks for no payment is a letter without amount; a credit note only where it is wanted', () => {
    for (const total of ['0.00', '-120.00']) {
      const amount = `<cbc:PayableAmount currencyID="SEK">${total}</cbc:PayableAmount>`;
      assert.equal(jsonOf({ total: amount, paymentMeans: '', dueDate: '' })['invoice'], undefined, total);
    }
    assert.deepEqual(codesOf({ root: 'CreditNote' }), ['HUB_PEPPOL_CREDIT_NOTE']);
    const { settings } = settingsOf({ flow: 'faktura', creditNotes: 'letter' });
    const credit = jsonOf({ root: 'CreditNote', dueDate: '' }, settings);
    assert.deepEqual([credit['subject'], credit['invoice']], ['Kreditfaktura 70046 från Kommun A', undefined]);
  });

  test('goes to the number that the configuration points at', () => {
    const party = '<cac:PartyIdentification><cbc:ID schemeID="9999">19121212-1212</cbc:ID></cac:PartyIdentification>';
    const { settings } = settingsOf({
      flow: 'faktura',
      recipient: [{ at: 'party', scheme: '9999' }, { at: 'endpoint' }],
    });
    assert.equal(jsonOf({ party }, settings)['recipient'], '19121212-1212');
    assert.equal(jsonOf({}, settings)['recipient'], '5568402266');
    const gln = '<cbc:EndpointID schemeID="0088">7300010000001</cbc:EndpointID>';
    assert.deepEqual(codesOf({ endpoint: gln, companyId: '' }), ['HUB_PEPPOL_RECIPIENT']);
  });

  test('has a named fault for each thing that is missing or too much, all at once', () => {
    assert.deepEqual(codesOf({ namespace: 'urn:sfti:documents:BasicInvoice:1:0' }), ['HUB_PEPPOL_NOT_UBL']);
    assert.deepEqual(codesOf({ customization: 'urn:cen.eu:en16931:2017' }), ['HUB_PEPPOL_CUSTOMIZATION']);
    assert.deepEqual(codesOf({ number: '', total: '' }), ['HUB_PEPPOL_NUMBER', 'HUB_PEPPOL_TOTAL']);
    assert.deepEqual(codesOf({ total: '<cbc:PayableAmount currencyID="SEK">1 234,50</cbc:PayableAmount>' }), [
      'HUB_PEPPOL_TOTAL',
    ]);
    assert.deepEqual(codesOf({ dueDate: '', paymentMeans: '', documents: '', endpoint: '', companyId: '' }), [
      'HUB_PEPPOL_RECIPIENT',
      'HUB_PEPPOL_PDF_MISSING',
      'HUB_PEPPOL_DUE_DATE',
      'HUB_PEPPOL_ACCOUNT',
    ]);
    assert.deepEqual(codesOf({ documents: embeddedPdf(PDF).repeat(2) }), ['HUB_PEPPOL_PDF_SEVERAL']);
    for (const base64 of ['', '####', 'JVBERi0', 'JVBERi0=JVBERi0=']) {
      assert.deepEqual(codesOf({ documents: embeddedPdf(PDF, base64) }), ['HUB_PEPPOL_BASE64'], base64);
    }
  });

  test('may have its PDF beside it, but not two', () => {
    assert.deepEqual(codesOf({ documents: '' }, SETTINGS, PDF), []);
    assert.deepEqual(codesOf({}, SETTINGS, PDF), ['HUB_PEPPOL_PDF_SEVERAL']);
  });
});

describe('hostile documents', () => {
  const refusedText = (document: string | Buffer): string => {
    const read = readUblInvoice(Buffer.from(document));
    assert.ok('faults' in read);
    assert.deepEqual(
      read.faults.map(({ code }) => code),
      ['HUB_INDEX_XML'],
    );
    return read.faults[0]?.text ?? '';
  };
  const afterDeclaration = (text: string) => peppolDocument().replace('?>', `?>${text}`);

  test('a billion laughs and an external entity are refused unread', () => {
    const laughs = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>';
    assert.match(refusedText(afterDeclaration(laughs)), /DOCTYPE/);
    assert.match(refusedText(afterDeclaration('<!DOCTYPE l SYSTEM "file:///etc/passwd">')), /DOCTYPE/);
    assert.match(refusedText(peppolDocument({ number: '<cbc:ID>&xxe;</cbc:ID>' })), /XML/);
    assert.match(refusedText(afterDeclaration('<?xml-stylesheet href="x"?>')), /bearbetningsinstruktion/);
  });

  test('300 MB of base64, a thousand levels and a million elements end at a limit', () => {
    assert.match(refusedText(Buffer.alloc(300 * 1024 * 1024, 'A')), /för stor/);
    const levels = 1_000;
    const deep = `${'<cac:a>'.repeat(levels)}${'</cac:a>'.repeat(levels)}`;
    assert.match(refusedText(peppolDocument({ party: deep })), /för djup|välformad/);
    assert.match(refusedText(peppolDocument({ party: '<cbc:a/>'.repeat(210_000) })), /för stor/);
  });

  test('what is no XML at all, or another kind, is no invoice', () => {
    for (const text of ['', 'PK\u0003\u0004', '<a/>', '{"faktura":1}'])
      assert.equal(isUbl(Buffer.from(text)), false, text);
    assert.equal(isUbl(Buffer.from(peppolDocument())), true);
  });
});

test('the settings say what they do not know', () => {
  const { faults } = settingsOf({
    flow: 'annat',
    subject: 'Faktura {nummer}',
    recipient: [{ at: 'buyer', scheme: 'x y' }],
    creditNotes: 'ja',
  });
  assert.deepEqual(
    faults.map(({ path }) => path),
    [
      'invoices/flow',
      'invoices/recipient/0/at',
      'invoices/recipient/0/scheme',
      'invoices/subject',
      'invoices/creditNotes',
    ],
  );
});
