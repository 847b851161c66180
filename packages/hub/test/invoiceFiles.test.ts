import assert from 'node:assert/strict';
import { rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { AT_ONCE, type DropFolderHub, startDropFolderHub, type Told, told, zipOf } from './support/dropFolder.ts';
import { PDF } from './support/intakeHub.ts';
import { embeddedPdf, peppolDocument } from './support/peppol.ts';

const PERSON = '191212121212';
const timeout = 60_000;

/** Invoices are told apart by their numbers: the same one again would be a duplicate. */
const numbered = (number: number, changes = {}) => peppolDocument({ number: `<cbc:ID>${number}</cbc:ID>`, ...changes });
const filesOf = ({ rows }: Told) =>
  rows.map(({ file, outcome, faults }) => [file, outcome, ...faults.map(({ code }) => code)].join(' '));

describe('invoices in the drop folder', { timeout }, () => {
  let hub: DropFolderHub;
  before(async () => {
    hub = await startDropFolderHub();
  });
  after(() => hub.close());

  async function use(dropFolder: object | undefined, invoices: object | undefined): Promise<void> {
    await hub.pool.query(
      `update business_system set ways_in = jsonb_strip_nulls($1::jsonb) where code = 'arendesystemet'`,
      [JSON.stringify({ dropFolder: dropFolder ?? null, invoices: invoices ?? null })],
    );
  }

  async function invoiceOf(reference: string): Promise<unknown> {
    const { rows } = await hub.pool.query('select invoice from letter where reference = $1', [reference]);
    return rows[0]?.invoice;
  }

  test('an index says what is to be paid, as Swedish systems write it; the account may be the configuration’s', async () => {
    await use({ ...AT_ONCE, bankgiro: '5050-1055' }, undefined);
    await writeFile(join(hub.folders.in, 'a.pdf'), PDF);
    const rows = [
      `${PERSON};a.pdf;F-1;1 234,50 kr;20261224;70012075;`,
      `${PERSON};a.pdf;F-2;;;;`,
      `${PERSON};a.pdf;F-3;99;2026-12-24;;41587-7`,
    ];
    const index = ['mottagare;fil;referens;Belopp;Förfallodag;OCR;Plusgiro', ...rows].join('\n');
    assert.deepEqual(told(await hub.handIn({ 'fakturor.csv': index })), ['2 accepted', '3 accepted', '4 accepted']);
    assert.deepEqual(await invoiceOf('F-1'), {
      ...{ dueDate: '2026-12-24', amountHundredths: 123_450, currency: 'SEK' },
      account: { kind: 'bankgiro', number: '50501055' },
      reference: { kind: 'ocr', text: '70012075' },
    });
    assert.equal(await invoiceOf('F-2'), null, 'an account on every row asks for nothing by itself');
    assert.deepEqual(((await invoiceOf('F-3')) as { account: unknown }).account, {
      kind: 'plusgiro',
      number: '415877',
    });
  });

  test('what is wrong with a row’s invoice is told by its line, field by field', async () => {
    await use(AT_ONCE, undefined);
    await writeFile(join(hub.folders.in, 'a.pdf'), PDF);
    const row = (cells: string) => `${PERSON};a.pdf;${cells}`;
    const rows = [
      '1.234;2026-12-24;;5050-1055',
      '10;24/12 2026;;5050-1055',
      '10;2026-12-24;70012076;5050-1056',
      ';2026-12-24;;',
    ];
    const index = ['mottagare;fil;belopp;förfallodag;ocr;bankgiro', ...rows.map(row)].join('\n');
    const result = await hub.handIn({ 'fel.csv': index });
    assert.equal(result.outcome, 'failed');
    assert.deepEqual(told(result), [
      '2 refused HUB_INDEX_VALUE',
      '3 refused HUB_INDEX_VALUE',
      '4 refused HUB_INVOICE_ACCOUNT HUB_INVOICE_OCR',
      '5 refused HUB_INDEX_VALUE',
    ]);
    assert.match(result.rows[0]?.faults[0]?.text ?? '', /”belopp”.*mer än ett sätt/);
    assert.match(result.rows[1]?.faults[0]?.text ?? '', /”förfallodag”: Skriv förfallodagen som 2026-12-24/);
    assert.match(result.rows[3]?.faults[0]?.text ?? '', /”belopp”: Beloppet saknas/);
  });

  test('a PEPPOL file alone is a letter; the same again is told as handed in before', async () => {
    await use(AT_ONCE, { flow: 'beslut' });
    const result = await hub.handIn({ '70046.xml': numbered(70_046) });
    assert.deepEqual([told(result), result.understoodAs], [['1 accepted'], 'PEPPOL BIS Billing 3']);
    const { rows } = await hub.pool.query(
      `select l.subject, l.recipient, a.filename, l.invoice->'amountHundredths' as amount
       from letter l join attachment a on a.letter_id = l.id where l.reference = '70046'`,
    );
    assert.deepEqual(rows, [
      {
        subject: 'Faktura 70046 från Kommun A',
        recipient: '165568402266',
        filename: 'faktura 70046.pdf',
        amount: 123_450,
      },
    ]);
    assert.deepEqual(told(await hub.handIn({ 'igen.xml': numbered(70_046) })), ['1 duplicate']);
  });

  test('many in a ZIP, with PDFs inside or beside; one that is wrong is named with all its faults, and stops the others', async () => {
    await use(AT_ONCE, { flow: 'beslut' });
    const sound = { 'a/1.xml': numbered(1), 'a/2.xml': numbered(2, { documents: '' }), 'a/2.pdf': PDF };
    const wrong = numbered(3, { documents: '', paymentMeans: '' });
    const faulty = await hub.handIn({ 'fakturor.zip': await zipOf({ ...sound, 'a/3.xml': wrong, 'läs.txt': 'x' }) });
    assert.deepEqual(filesOf(faulty), [
      ' refused HUB_FILE_UNUSED',
      'a/1.xml heldBack',
      'a/2.xml heldBack',
      'a/3.xml refused HUB_PEPPOL_PDF_MISSING HUB_PEPPOL_ACCOUNT',
    ]);
    const mended = await hub.handIn({ 'fakturor.zip': await zipOf(sound) });
    assert.deepEqual(filesOf(mended), ['a/1.xml accepted', 'a/2.xml accepted']);
  });

  test('what is no invoice, hostile or too large is refused by name', async () => {
    await use(undefined, { flow: 'beslut' });
    const laughs = numbered(4).replace('?>', '?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>');
    const files = {
      '1-lista.xml': '<lista><brev/></lista>',
      '2-skratt.xml': laughs,
      '3-bas.xml': numbered(5, { documents: embeddedPdf(PDF, 'JVBERi0###') }),
      '4-svälld.xml': numbered(6, { documents: embeddedPdf(PDF, 'QUFB'.repeat(3_000_000)) }),
    };
    const result = await hub.handIn({ 'blandat.zip': await zipOf(files) });
    assert.deepEqual(filesOf(result), [' refused HUB_ARCHIVE_TOO_LARGE']);
    const { '4-svälld.xml': _, ...others } = files;
    assert.deepEqual(filesOf(await hub.handIn({ 'blandat2.zip': await zipOf(others) })), [
      '1-lista.xml refused HUB_PEPPOL_NOT_UBL',
      '2-skratt.xml refused HUB_INDEX_XML',
      '3-bas.xml refused HUB_PEPPOL_BASE64',
    ]);
    await use(AT_ONCE, { flow: 'beslut' });
    await writeFile(join(hub.folders.in, 'stor.xml.tmp'), numbered(7));
    await truncate(join(hub.folders.in, 'stor.xml.tmp'), 300 * 1024 * 1024);
    await rename(join(hub.folders.in, 'stor.xml.tmp'), join(hub.folders.in, 'stor.xml'));
    assert.deepEqual(told(await hub.answer('stor.xml')), ['- refused HUB_FILE_TOO_LARGE']);
  });

  test('a system whose lists are XML hands in both', async () => {
    await use({ ...AT_ONCE, rowElement: 'brev' }, { flow: 'beslut' });
    await writeFile(join(hub.folders.in, 'b.pdf'), PDF);
    const list = `<lista><brev><mottagare>${PERSON}</mottagare><fil>b.pdf</fil><referens>L-1</referens></brev></lista>`;
    assert.deepEqual(told(await hub.handIn({ 'lista.xml': list })), ['1 accepted']);
    assert.deepEqual(told(await hub.handIn({ 'faktura.xml': numbered(70_099) })), ['1 accepted']);
  });
});
