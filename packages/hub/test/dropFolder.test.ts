import assert from 'node:assert/strict';
import { lutimes, mkdir, readdir, readFile, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { createLog, systemClock } from '@brevduva/base';
import { readObject } from '../src/organisation/objectReader.ts';
import { readDropFolder } from '../src/organisation/waysIn/dropFolder.ts';
import { foldersOf, makeFolders } from '../src/waysIn/dropFolder/folders.ts';
import { sweepFolders } from '../src/waysIn/dropFolder/sweepFolders.ts';
import { samplePdf } from './pdfSamples.ts';
import { seedSession } from './support/consoleLetters.ts';
import { AT_ONCE, type DropFolderHub, startDropFolderHub, told, until, zipOf } from './support/dropFolder.ts';
import { EICAR } from './support/eicar.ts';
import { encryptedZip } from './support/encryptedZip.ts';
import { PDF } from './support/intakeHub.ts';

const PERSON = '191212121212';
const OTHER = '194608170694';
const HEAD = 'mottagare;fil;referens';
const csv = (...rows: string[]) => [HEAD, ...rows, ''].join('\r\n');
const timeout = 180_000;

describe('the drop folder', { timeout }, () => {
  let hub: DropFolderHub;
  before(async () => {
    hub = await startDropFolderHub();
  });
  after(() => hub.close());
  afterEach(() => hub.use(AT_ONCE));

  test('an index with its PDFs beside it becomes letters, and the answer names each', async () => {
    await writeFile(join(hub.folders.in, 'a.pdf'), PDF);
    const result = await hub.handIn({ 'beslut.csv': csv(`${PERSON};a.pdf;R-1`, `${OTHER};a.pdf;R-2`) });
    assert.deepEqual(told(result), ['2 accepted', '3 accepted']);
    assert.equal(result.outcome, 'done');
    assert.equal(result.understoodAs, 'CSV i UTF-8 med semikolon');
    const letters = (await hub.letters()).filter(({ reference }) => /^R-[12]$/.test(reference));
    assert.deepEqual(
      letters.map(({ id, recipient }) => [id, recipient]),
      result.rows.map(({ letterId }, n) => [letterId, [PERSON, OTHER][n]]),
    );
    const csvAnswer = await readFile(join(hub.folders.results, 'beslut.csv.result.csv'), 'utf8');
    assert.match(csvAnswer, /^\ufeffrad;fil;referens;utfall;brev-id;felkod;fält;fel\r\n2;a\.pdf;R-1;mottaget;/);
    assert.deepEqual(await readdir(hub.folders.in), []);
    // The answer lies there before the files are put away.
    await until(async () => (await readdir(hub.folders.working)).length === 0 || undefined);
    const [done] = await readdir(hub.folders.done);
    assert.match(done ?? '', /^beslut\.csv [0-9a-f]{12}$/);
    const kept = await readdir(join(hub.folders.done, done ?? ''));
    for (const name of ['a.pdf', 'beslut.csv', 'beslut.csv.result.csv']) assert.ok(kept.includes(name), name);
    const { rows } = await hub.pool.query('select last_seen_at from business_system where last_seen_at is not null');
    assert.equal(rows.length, 1, 'who puts files in a folder is seen by that');
  });

  test('the same files again are told as handed in before, and no letter is made', async () => {
    const before = (await hub.letters()).length;
    await writeFile(join(hub.folders.in, 'a.pdf'), PDF);
    const result = await hub.handIn({ 'igen.csv': csv(`${PERSON};a.pdf;R-1`, `${OTHER};a.pdf;R-2`) });
    assert.deepEqual(told(result), ['2 duplicate', '3 duplicate']);
    assert.equal(result.outcome, 'done');
    assert.equal((await hub.letters()).length, before);
  });

  test('two letters with files of one name each get their own: identity is never a file name (scenario 16)', async () => {
    const [one, two] = [samplePdf({ pages: [{}, {}] }), samplePdf({ pages: [{}, {}, {}] })];
    const index = csv(`${PERSON};a/brev.pdf;N-1`, `${OTHER};b/brev.pdf;N-2`);
    const result = await hub.handIn({
      'namn.zip': await zipOf({ 'a/brev.pdf': one, 'b/brev.pdf': two, 'x.csv': index }),
    });
    assert.deepEqual(told(result), ['2 accepted', '3 accepted']);
    const { rows } = await hub.pool.query(
      `select l.reference, a.filename, a.pages from letter l join attachment a on a.letter_id = l.id where l.reference like 'N-%' order by 1`,
    );
    assert.deepEqual(rows, [
      { reference: 'N-1', filename: 'brev.pdf', pages: 2 },
      { reference: 'N-2', filename: 'brev.pdf', pages: 3 },
    ]);
  });

  test('a fault stops the whole delivery unless the system says otherwise, and each is named by its line (1, 4, 17)', async () => {
    const files = { 'ok.pdf': PDF, 'dålig.pdf': Buffer.from('PK docx'), 'tom.pdf': samplePdf({ pages: [] }) };
    const index = [
      'mottagare;fil;referens;namn;adress;postnummer;ort;skyddad',
      `${PERSON};ok.pdf;F-1;;;;;`,
      `191212121213;ok.pdf;F-2;;;;;`,
      `${PERSON};dålig.pdf;F-3;;;;;`,
      `${PERSON};tom.pdf;F-4;;;;;`,
      `${PERSON};saknas.pdf;F-5;;;;;`,
      `${PERSON};ok.pdf;F-6;Anna Å;Gatan 1;1;Orten;`,
      `${PERSON};ok.pdf;F-7;;;;;kanske`,
      `${PERSON};ok.pdf;F-8;;;;;;;för många`,
      `${PERSON};ok.pdf;=F-9();Anna Å;Gatan 1;123 45;Orten;`,
    ].join('\n');
    const refused = await hub.handIn({ 'fel.zip': await zipOf({ ...files, 'index.csv': index }) });
    const faults = [
      '3 refused HUB_RECIPIENT_CHECK_DIGIT',
      '4 refused HUB_PDF_NOT_A_PDF',
      '5 refused HUB_PDF_NO_PAGES',
      '6 refused HUB_FILE_MISSING',
      '7 refused HUB_ADDRESS_POSTAL_CODE',
      '8 refused HUB_INDEX_VALUE',
      '9 refused HUB_TABLE_ROW_LENGTH',
    ];
    assert.deepEqual(told(refused), ['2 heldBack', ...faults, '10 heldBack']);
    assert.equal(refused.outcome, 'failed');
    assert.equal((await hub.letters()).filter(({ reference }) => reference.includes('F-')).length, 0);
    const answer = await readFile(join(hub.folders.results, 'fel.zip.result.csv'), 'utf8');
    assert.match(answer, /;'=F-9\(\);/, 'what a spreadsheet would run is made harmless');

    await hub.use({ ...AT_ONCE, onFault: 'skip' });
    const skipped = await hub.handIn({ 'fel2.zip': await zipOf({ ...files, 'index.csv': index }) });
    assert.deepEqual(told(skipped), ['2 accepted', ...faults, '10 accepted']);
    assert.equal(skipped.outcome, 'done');
  });

  test('a PDF with JSON or XML of the same name is a letter', async () => {
    const json = JSON.stringify({
      Mottagare: PERSON,
      Referens: 'P-1',
      rubrik: 'Hej',
      namn: 'Åsa Öberg',
      adress: 'Gatan 1',
      postnummer: '123 45',
      ort: 'Ån',
    });
    await writeFile(join(hub.folders.in, 'ett.pdf'), PDF);
    assert.deepEqual(told(await hub.handIn({ 'ett.json': json })), ['1 accepted']);
    const xml = `<?xml version="1.0" encoding="ISO-8859-1"?><brev><mottagare>${OTHER}</mottagare><referens>P-2</referens><rubrik>Åtgärd</rubrik></brev>`;
    await writeFile(join(hub.folders.in, 'två.pdf'), PDF);
    const two = await hub.handIn({ 'två.xml': Buffer.from(xml, 'latin1') });
    assert.deepEqual([told(two), two.understoodAs], [['1 accepted'], 'XML i Windows-1252']);
    const { rows } = await hub.pool.query("select subject from letter where reference like 'P-%' order by reference");
    assert.deepEqual(rows, [{ subject: 'Hej' }, { subject: 'Åtgärd' }]);
  });

  test('columns are as the system has them: another heading, a path in XML', async () => {
    const columns = { recipient: 'Kund/@id', file: 'Dokument/Fil', reference: 'Nr' };
    await hub.use({ ...AT_ONCE, rowElement: 'Brev', columns });
    await writeFile(join(hub.folders.in, 'k.pdf'), PDF);
    const xml = `<Export><Huvud/><Lista><Brev><Kund id="${PERSON}"/><Dokument><Fil>k.pdf</Fil></Dokument><Nr>K-1</Nr></Brev></Lista></Export>`;
    assert.deepEqual(told(await hub.handIn({ 'export.xml': xml })), ['1 accepted']);
    const wrong = await hub.handIn({ 'fel.csv': csv(`${PERSON};k.pdf;K-2`) });
    assert.deepEqual(told(wrong), [
      '1 refused HUB_INDEX_COLUMN',
      '1 refused HUB_INDEX_COLUMN',
      '1 refused HUB_INDEX_COLUMN',
    ]);
    assert.match(wrong.rows[0]?.faults[0]?.text ?? '', /”Kund\/@id” finns inte\. Filen har: mottagare, fil, referens/);
  });

  test('Windows-1252 is read, and said', async () => {
    await writeFile(join(hub.folders.in, 'ö.pdf'), PDF);
    const index = Buffer.from(
      `${HEAD};namn;adress;postnummer;ort\n${PERSON};ö.pdf;W-1;Åsa Öberg;Ägogränd 1;123 45;Åmål\n`,
      'latin1',
    );
    const result = await hub.handIn({ 'w.csv': index });
    assert.deepEqual(told(result), ['2 accepted']);
    assert.match(result.understoodAs, /Windows-1252/);
    const { rows } = await hub.pool.query("select address->>'name' as name from letter where reference = 'W-1'");
    assert.deepEqual(rows, [{ name: 'Åsa Öberg' }]);
  });

  for (const [what, files, expected] of [
    ['an archive without an index', { 'a.pdf': PDF }, ['- refused HUB_INDEX_MISSING']],
    ['an archive with two', { 'a.csv': csv(), 'b.csv': csv() }, ['- refused HUB_INDEX_SEVERAL']],
    [
      'a file that no row names',
      { 'a.pdf': PDF, 'b.pdf': PDF, 'i.csv': csv(`${PERSON};a.pdf;U-1`) },
      ['- refused HUB_FILE_UNUSED', '2 heldBack'],
    ],
    ['an index without rows', { 'i.csv': csv() }, ['- refused HUB_TABLE_EMPTY']],
    [
      'a name that leads out of the archive',
      { 'i.csv': csv(`${PERSON};../../etc/passwd;U-2`) },
      ['2 refused HUB_FILE_MISSING'],
    ],
    [
      'a bomb',
      { 'i.csv': csv(`${PERSON};b.pdf;U-3`), 'b.pdf': Buffer.alloc(64 * 1024 * 1024) },
      ['- refused HUB_ARCHIVE_TOO_LARGE'],
    ],
    [
      'a virus-like file, and an archive in the archive',
      { 'i.csv': csv(`${PERSON};eicar.pdf;U-4`), 'eicar.pdf': EICAR, 'inre.zip': 'PK\u0003\u0004' },
      ['- refused HUB_FILE_UNUSED', '2 refused HUB_PDF_NOT_A_PDF'],
    ],
    ['a DTD', { 'i.xml': '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>' }, ['- refused HUB_INDEX_XML']],
  ] as const) {
    test(`${what} is refused with a fault of its own`, async () => {
      const before = (await hub.letters()).length;
      const name = `${what.replaceAll(' ', '-')}.zip`;
      const result = await hub.handIn({ [name]: await zipOf(files as unknown as Record<string, Buffer>) });
      assert.deepEqual(told(result), [...expected]);
      assert.equal(result.outcome, 'failed');
      assert.equal((await hub.letters()).length, before);
    });
  }

  test('other sizes, turned pages and fonts that are not in the file go digitally; what no one can open is refused (1, 2)', async () => {
    const LETTER = '[0 0 612 792]';
    const files = {
      'letter.pdf': samplePdf({ pages: [{ mediaBox: LETTER }] }),
      'a3.pdf': samplePdf({ pages: [{ mediaBox: '[0 0 841.89 1190.55]' }] }),
      'liggande.pdf': samplePdf({ pages: [{ mediaBox: '[0 0 841.89 595.28]' }, { rotate: 90 }] }),
      'många.pdf': samplePdf({ pages: Array.from({ length: 60 }, () => ({})) }),
      'för-många.pdf': samplePdf({ pages: Array.from({ length: 501 }, () => ({})) }),
      'skript.pdf': samplePdf({ pages: [{}], catalog: '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>' }),
      'avklippt.pdf': PDF.subarray(0, PDF.length >> 1),
    };
    const rows = Object.keys(files).map((file, n) => `${PERSON};${file};Z-${n}`);
    await hub.use({ ...AT_ONCE, onFault: 'skip' });
    const result = await hub.handIn({ 'sidor.zip': await zipOf({ ...files, 'i.csv': csv(...rows) }) });
    assert.deepEqual(told(result), [
      ...['2 accepted', '3 accepted', '4 accepted', '5 accepted'],
      ...['6 refused HUB_PDF_TOO_MANY_PAGES', '7 refused HUB_PDF_ACTIVE_CONTENT', '8 refused HUB_PDF_CORRUPT'],
    ]);
    const { rows: pages } = await hub.pool.query(
      "select a.pages from letter l join attachment a on a.letter_id = l.id where l.reference like 'Z-%' order by l.reference",
    );
    assert.deepEqual(
      pages.map((row) => row.pages),
      [1, 1, 2, 60],
    );
  });

  test('an archive with a password is refused, and one packed on a Mac finds its å', async () => {
    const index = csv(`${PERSON};åäö.pdf;Å-1`.normalize('NFC'));
    const files = { ['åäö.pdf'.normalize('NFD')]: PDF, 'i.csv': index };
    const locked = await hub.handIn({ 'låst.zip': encryptedZip(await zipOf(files)) });
    assert.deepEqual(told(locked), ['- refused HUB_ARCHIVE_ENCRYPTED', '- refused HUB_ARCHIVE_ENCRYPTED']);
    assert.match(locked.rows[1]?.faults[0]?.text ?? '', /^i\.csv: Filen är lösenordsskyddad\.$/);
    const result = await hub.handIn({ 'mac.zip': await zipOf(files) });
    assert.deepEqual(told(result), ['2 accepted']);
  });

  test('a file beside its index is found whichever form its å has, and is no stray', async () => {
    await hub.use({ ...AT_ONCE, waitMinutes: 0 });
    const pdf = 'Åtgärd å.pdf'.normalize('NFD');
    assert.notEqual(pdf, pdf.normalize('NFC'));
    const index = csv(`${PERSON};${pdf.normalize('NFC')};Å-2`);
    // In `.tmp` until its index is there too: a PDF alone would not be waited for here.
    await writeFile(join(hub.folders.in, 'i.csv.tmp'), index);
    await writeFile(join(hub.folders.in, `${pdf}.tmp`), PDF);
    await rename(join(hub.folders.in, 'i.csv.tmp'), join(hub.folders.in, 'å.csv'.normalize('NFC')));
    await rename(join(hub.folders.in, `${pdf}.tmp`), join(hub.folders.in, pdf));
    const result = await hub.answer('å.csv'.normalize('NFC'));
    assert.deepEqual(told(result), ['2 accepted']);
    assert.deepEqual(await readdir(hub.folders.in), []);
  });

  test('what was handed in is erased after its days, its results later, and nothing outside the folders', async () => {
    const elsewhere = join(hub.root, 'annat');
    const { done, failed, results, working } = hub.folders;
    const gone = foldersOf(hub.root, '162021004748-avslutat');
    const linked = foldersOf(hub.root, '162021004748-lankat');
    await makeFolders(gone);
    await mkdir(join(elsewhere, 'done'), { recursive: true });
    await mkdir(linked.root);
    await symlink(join(elsewhere, 'done'), linked.done);
    const put = async (path: string, daysAgo: number, isFolder = false) => {
      if (isFolder) {
        await mkdir(path);
        await writeFile(join(path, 'brev.pdf'), PDF);
      } else await writeFile(path, PDF);
      await utimes(path, new Date(), new Date(Date.now() - daysAgo * 86_400_000));
    };
    await put(join(done, 'gammal.zip 0123456789ab'), 8, true);
    await put(join(done, 'ny.zip 0123456789ab'), 6, true);
    await put(join(failed, 'fel.zip 0123456789ab'), 8, true);
    await put(join(working, 'pågår'), 400, true);
    await put(join(results, 'gammal.result.csv'), 366);
    await put(join(results, 'ny.result.csv'), 364);
    await put(join(gone.done, 'a.zip 0123456789ab'), 31, true);
    await put(join(gone.failed, 'b.zip 0123456789ab'), 29, true);
    await put(join(elsewhere, 'done', 'orörd.pdf'), 400);
    // A link is erased itself when it is old; what it points to is not.
    await symlink(elsewhere, join(done, 'länk'));
    await lutimes(join(done, 'länk'), new Date(), new Date(0));

    await hub.use({ ...AT_ONCE, keepFilesDays: 7 });
    const kept = await readdir(results);
    const { pool, root } = hub;
    const options = { pool, root, clock: systemClock, log: createLog({ service: 'hub', level: 'silent' }) };
    assert.equal(await sweepFolders(options), 5);
    assert.equal(await sweepFolders(options), 0);
    assert.ok(!(await readdir(done)).some((name) => /^(?:gammal|länk)/.test(name)));
    assert.ok((await readdir(done)).includes('ny.zip 0123456789ab'));
    assert.ok(!(await readdir(failed)).includes('fel.zip 0123456789ab'));
    assert.deepEqual(await readdir(working), ['pågår']);
    assert.deepEqual((await readdir(results)).sort(), kept.filter((name) => name !== 'gammal.result.csv').sort());
    assert.deepEqual([await readdir(gone.done), await readdir(gone.failed)], [[], ['b.zip 0123456789ab']]);
    assert.deepEqual(await readdir(join(elsewhere, 'done')), ['orörd.pdf']);
    await rm(join(working, 'pågår'), { recursive: true });
  });

  test('the console shows each delivery with its faults, its letters and the result file, and nobody else’s', async () => {
    await hub.use({ ...AT_ONCE, onFault: 'skip' });
    const index = csv(`${PERSON};v.pdf;V-1`, `${PERSON};v2.pdf;=V-2`);
    const result = await hub.handIn({ 'visas <i>.zip': await zipOf({ 'v.pdf': PDF, 'i.csv': index }) });
    assert.deepEqual(told(result), ['2 accepted', '3 refused HUB_FILE_MISSING']);
    const own = await seedSession(hub.pool, { id: hub.organisationId, name: 'Kommun A' }, ['reader']);
    const stranger = await seedSession(hub.pool, { id: hub.otherOrganisationId, name: 'Kommun B' }, ['administrator']);
    const get = async (path: string, { cookie } = own) => {
      const response = await fetch(`${hub.hub.webUrl}${path}`, {
        redirect: 'manual',
        headers: { accept: 'text/html', cookie },
      });
      return { status: response.status, text: await response.text(), headers: response.headers };
    };
    const path = `/filinlamningar/${result.id}`;
    // The answer lies there before the delivery is ended.
    const page = await until(async () => {
      const shown = await get(path);
      return shown.text.includes('resultat.csv') ? shown : undefined;
    });
    assert.match(page.text, /visas &lt;i&gt;\.zip/);
    assert.match(page.text, /Filen v2\.pdf finns inte i arkivet\.<\/span> <code>HUB_FILE_MISSING<\/code>/);
    assert.ok(page.text.includes(`href="/brev/${result.rows[0]?.letterId}"`));
    assert.match((await get('/filinlamningar')).text, new RegExp(`href="${path}"[^>]*>visas &lt;i&gt;\\.zip</a>`));
    const file = await get(`${path}/resultat.csv`);
    assert.match(file.headers.get('content-disposition') ?? '', /^attachment;/);
    assert.match(file.text, /;'=V-2;nekat;;HUB_FILE_MISSING;/);
    assert.doesNotMatch((await get('/filinlamningar', stranger)).text, /visas &lt;/);
    for (const id of [result.id, '01990000-0000-7000-8000-000000000000', "' or 1=1 --", '..%2f..']) {
      for (const end of ['', '/resultat.csv']) {
        const refused = await get(`/filinlamningar/${encodeURI(id)}${end}`, stranger);
        assert.equal(refused.status, 404);
        assert.match(refused.text, /HUB_FILE_DELIVERY_NOT_FOUND/);
      }
    }
  });

  test('links, folders, paths and what is too large are refused and not read', async () => {
    await symlink('/etc/passwd', join(hub.folders.in, 'länk.pdf'));
    const linked = await hub.handIn({ 'l.csv': csv(`${PERSON};länk.pdf;L-1`, `${PERSON};../../../etc/passwd;L-2`) });
    assert.deepEqual(told(linked), ['2 refused HUB_FILE_KIND', '3 refused HUB_FILE_MISSING']);
    await symlink('/etc/passwd', join(hub.folders.in, 'index.csv'));
    assert.deepEqual(told(await hub.answer('index.csv')), ['- refused HUB_FILE_KIND']);
    await mkdir(join(hub.folders.in, 'mapp.csv'));
    assert.deepEqual(told(await hub.answer('mapp.csv')), ['- refused HUB_FILE_KIND']);
    await writeFile(join(hub.folders.in, 'stor.zip.tmp'), 'PK');
    await truncate(join(hub.folders.in, 'stor.zip.tmp'), 2 * 1024 ** 3);
    await rename(join(hub.folders.in, 'stor.zip.tmp'), join(hub.folders.in, 'stor.zip'));
    assert.deepEqual(told(await hub.answer('stor.zip')), ['- refused HUB_FILE_TOO_LARGE']);
    await writeFile(join(hub.folders.in, 'brev.docx'), 'PK');
    assert.deepEqual(told(await hub.answer('brev.docx')), ['- refused HUB_FILE_KIND']);
    await hub.use({ ...AT_ONCE, waitMinutes: 0 });
    await writeFile(join(hub.folders.in, 'ensam.pdf'), PDF);
    assert.deepEqual(told(await hub.answer('ensam.pdf')), ['- refused HUB_INDEX_MISSING']);
    assert.deepEqual(await readdir(hub.folders.in), []);
    // A look that began with these settings would take the next test's PDF as a stray: wait until it has listed its files.
    await hub.use(AT_ONCE);
    await hub.handIn({ 'sist.csv': csv() });
  });

  test('a large delivery goes through a mailing, and the same rows are known again in a larger one', async () => {
    const rows = Array.from({ length: 230 }, (_, n) => `${n % 2 ? PERSON : OTHER};s.pdf;S-${n}`);
    await writeFile(join(hub.folders.in, 's.pdf'), PDF);
    const first = await hub.handIn({ 'stor.csv': csv(...rows) });
    assert.deepEqual(first.counts, { accepted: 230, duplicate: 0, refused: 0, heldBack: 0 });
    assert.equal(first.mailings[0]?.state, 'committed');
    const ids = (await hub.letters()).filter(({ reference }) => reference.startsWith('S-')).map(({ id }) => id);
    assert.deepEqual(ids.sort(), first.rows.map(({ letterId }) => letterId).sort());

    await writeFile(join(hub.folders.in, 's.pdf'), PDF);
    const again = await hub.handIn({ 'stor2.csv': csv(...rows, `${PERSON};s.pdf;S-ny`) });
    assert.deepEqual(again.counts, { accepted: 1, duplicate: 230, refused: 0, heldBack: 0 });
    assert.equal(again.rows[0]?.letterId, first.rows[0]?.letterId);
    await writeFile(join(hub.folders.in, 's.pdf'), PDF);
    const few = await hub.handIn({ 'liten.csv': csv(...rows.slice(0, 3)) });
    assert.deepEqual(few.counts, { accepted: 0, duplicate: 3, refused: 0, heldBack: 0 });

    await writeFile(join(hub.folders.in, 's.pdf'), PDF);
    const faulty = await hub.handIn({
      'stor3.csv': csv(...rows.map((row) => row.replace(';S-', ';T-')), '1;s.pdf;T-x'),
    });
    assert.deepEqual(faulty.counts, { accepted: 0, duplicate: 0, refused: 1, heldBack: 230 });
    assert.deepEqual(told(faulty).slice(-1), ['232 refused HUB_RECIPIENT_FORMAT']);
    assert.equal((await hub.letters()).filter(({ reference }) => reference.startsWith('T-')).length, 0);
    const { rows: left } = await hub.pool.query('select count(*)::integer as n from mailing_recipient');
    assert.deepEqual(left, [{ n: 0 }]);
    await hub.use({ ...AT_ONCE, onFault: 'skip' });
    await writeFile(join(hub.folders.in, 's.pdf'), PDF);
    const skipped = await hub.handIn({
      'stor4.csv': csv(...rows.map((row) => row.replace(';S-', ';T-')), '1;s.pdf;T-x'),
    });
    assert.deepEqual(skipped.counts, { accepted: 230, duplicate: 0, refused: 1, heldBack: 0 });
  });
});

test('a file is not read before it is complete: unfinished names, a marker, standing still', { timeout }, async () => {
  let nowMs = Date.UTC(2026, 5, 1);
  let rests = 0;
  const clock = {
    now: () => new Date(nowMs),
    sleep: (ms: number, signal?: AbortSignal) => {
      if (ms === REST_MS) rests += 1;
      return sleep(Math.min(ms, 20), signal);
    },
  };
  const hub = await startDropFolderHub({
    clock,
    lookEveryMs: REST_MS,
    settings: { ...AT_ONCE, completeWhen: 'stable', stableSeconds: 10, waitMinutes: 5 },
  });
  try {
    /** Waits until the folder has been looked at from beginning to end. */
    const looks = async () => {
      const before = rests;
      await until(async () => (rests >= before + 2 ? true : undefined));
    };
    const inside = () => readdir(hub.folders.in);
    await writeFile(join(hub.folders.in, 'x.csv'), csv(`${PERSON};x.pdf;H-1`));
    await looks();
    nowMs += 9_000;
    await looks();
    assert.deepEqual(await inside(), ['x.csv'], 'nine seconds are not ten');
    await writeFile(join(hub.folders.in, 'x.csv'), csv(`${PERSON};x.pdf;H-1`, `${OTHER};x.pdf;H-2`));
    await looks();
    nowMs += 9_000;
    await looks();
    assert.deepEqual(await inside(), ['x.csv'], 'it changed meanwhile');
    nowMs += 2_000;
    await looks();
    assert.deepEqual(await inside(), ['x.csv'], 'it waits for its PDF');
    await writeFile(join(hub.folders.in, 'x.pdf'), PDF);
    await looks();
    assert.deepEqual(await inside(), ['x.csv', 'x.pdf'], 'the PDF is still new');
    nowMs += 11_000;
    assert.deepEqual(told(await hub.answer('x.csv')), ['2 accepted', '3 accepted']);

    await hub.use({ ...AT_ONCE, completeWhen: 'marker', marker: '.ready' });
    await writeFile(join(hub.folders.in, 'm.pdf'), PDF);
    await writeFile(join(hub.folders.in, 'm.csv'), csv(`${PERSON};m.pdf;M-1`));
    await looks();
    assert.deepEqual(await inside(), ['m.csv', 'm.pdf']);
    await writeFile(join(hub.folders.in, 'm.ready'), '');
    assert.deepEqual(told(await hub.answer('m.csv')), ['2 accepted']);
    assert.deepEqual(await inside(), []);

    await hub.use(AT_ONCE);
    await writeFile(join(hub.folders.in, 'r.pdf'), PDF);
    await writeFile(join(hub.folders.in, 'r.csv.part'), csv(`${PERSON};r.pdf;T-1`));
    await looks();
    assert.ok((await inside()).includes('r.csv.part'));
    await rename(join(hub.folders.in, 'r.csv.part'), join(hub.folders.in, 'r.csv'));
    assert.equal((await hub.answer('r.csv')).rows.length, 1);
  } finally {
    await hub.close();
  }
});

/** No other worker rests for so long. */
const REST_MS = 1_777;

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

test('the settings say what is wrong in them', () => {
  const faults: { path: string; text: string }[] = [];
  const part = readObject(
    { flow: 'b', completeWhen: 'marker', stableSeconds: 5, marker: 'klar', columns: { mottagre: 'x' } },
    'p',
    faults,
  );
  readDropFolder(part, { flows: ['a'] });
  part.end();
  assert.deepEqual(
    faults.map(({ path }) => path),
    ['p/flow', 'p/marker', 'p/stableSeconds', 'p/columns/mottagre'],
  );
});
