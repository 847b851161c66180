import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ZipFile } from 'yazl';
import { type Archive, ArchiveError, openArchive } from '../src/waysIn/files/archive.ts';
import { csvFile } from '../src/waysIn/files/csvFile.ts';
import { decodeText, isTwiceEncoded } from '../src/waysIn/files/decodeText.ts';
import { readTable, TABLE_ROWS_MAX, type Table } from '../src/waysIn/files/table.ts';
import { encryptedZip } from './support/encryptedZip.ts';

const TEXT = 'Räksmörgås på Öland, é';

describe('a text whose encoding nobody told', () => {
  const utf16 = Buffer.from(`\ufeff${TEXT}`, 'utf16le');
  const encodings: readonly [name: string, bytes: Buffer, encoding: string][] = [
    ['UTF-8', Buffer.from(TEXT), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${TEXT}`), 'utf-8'],
    ['UTF-16', utf16, 'utf-16le'],
    ['UTF-16, the other way round', Buffer.from(utf16).swap16(), 'utf-16be'],
    ['Windows-1252', Buffer.from(TEXT, 'latin1'), 'windows-1252'],
  ];
  for (const [name, bytes, encoding] of encodings) {
    test(`is read as ${name}`, () => assert.deepEqual(decodeText(bytes), { text: TEXT, encoding }));
  }

  test('is told to have been spoilt by another program before', () => {
    assert.ok(isTwiceEncoded(Buffer.from(TEXT).toString('latin1')));
    assert.ok(!isTwiceEncoded(TEXT));
  });
});

async function tableOf(text: string | Buffer): Promise<Table> {
  const result = await readTable(Buffer.from(text));
  assert.ok('table' in result, JSON.stringify(result.faults));
  return result.table;
}

const cellsOf = ({ columns, rows }: Table) => rows.map(({ cells }) => columns.map((column) => cells.get(column)));

describe('a table', () => {
  for (const [name, separator] of [
    ['semicolons', ';'],
    ['commas', ','],
    ['tabs', '\t'],
    ['bars', '|'],
  ] as const) {
    test(`with ${name} is read, quotes and line breaks in cells too`, async () => {
      const lines = [`namn${separator}ort`, `"Ek${separator} Anna"${separator}"Öster\nport"`, `Åke${separator}Borås`];
      const table = await tableOf(lines.join('\r\n'));
      assert.deepEqual(cellsOf(table), [
        [`Ek${separator} Anna`, 'Öster\nport'],
        ['Åke', 'Borås'],
      ]);
      assert.deepEqual(table.understoodAs, { kind: 'csv', encoding: 'utf-8', separator });
    });
  }

  test('says which line a row stands on, also after a cell of several lines', async () => {
    const { rows } = await tableOf('a;b\n"1\n2";x\n\n3;y\n');
    assert.deepEqual(
      rows.map(({ line }) => line),
      [3, 5],
    );
  });

  test('tells the encoding it was taken for', async () => {
    const { understoodAs } = await tableOf(Buffer.from('namn\nÅsa\n', 'latin1'));
    assert.deepEqual(understoodAs, { kind: 'csv', encoding: 'windows-1252', separator: ';' });
  });

  test('with rows that are wrong keeps the others, and names each wrong one', async () => {
    const result = await readTable(
      Buffer.from('namn;ort\nAnna;Lund\nBo\nCarin;Malmö;för mycket\nRÃ¶d;Lund\nDan;Kiruna\n'),
    );
    assert.ok('table' in result);
    assert.deepEqual(cellsOf(result.table), [
      ['Anna', 'Lund'],
      ['Dan', 'Kiruna'],
    ]);
    assert.deepEqual(
      result.faults.map(({ code, line }) => [code, line]),
      [
        ['HUB_TABLE_ROW_LENGTH', 3],
        ['HUB_TABLE_ROW_LENGTH', 4],
        ['HUB_TABLE_TWICE_ENCODED', 5],
      ],
    );
  });

  const unusable: readonly [what: string, text: string | Buffer, code: string][] = [
    ['is empty', '', 'HUB_TABLE_EMPTY'],
    ['has a header and nothing else', 'a;b\n', 'HUB_TABLE_EMPTY'],
    ['has a column without a name', 'a;;c\n1;2;3\n', 'HUB_TABLE_HEADER'],
    ['has the same column twice', 'Namn;namn\n1;2\n', 'HUB_TABLE_HEADER'],
    ['has a quote that does not end', 'a;b\n"1;2\n3;4\n', 'HUB_TABLE_UNREADABLE'],
    ['is no text', Buffer.of(1, 0, 2, 0, 3), 'HUB_TABLE_UNREADABLE'],
    ['is a broken spreadsheet', Buffer.from('PK\u0003\u0004 och sedan inget', 'latin1'), 'HUB_TABLE_UNREADABLE'],
  ];
  test('of as many rows as are taken is read, and with one more refused', async () => {
    const rows = `mottagare\n${'191212121212\n'.repeat(TABLE_ROWS_MAX)}`;
    assert.equal((await tableOf(rows)).rows.length, TABLE_ROWS_MAX);
    const { faults } = await readTable(Buffer.from(`${rows}191212121212\n`));
    assert.deepEqual(faults, [
      { code: 'HUB_TABLE_TOO_LARGE', line: undefined, text: 'Filen har fler än 200000 rader.' },
    ]);
  });

  for (const [what, text, code] of unusable) {
    test(`that ${what} is refused with ${code}`, async () => {
      const result = await readTable(Buffer.from(text));
      assert.ok(!('table' in result));
      assert.deepEqual(
        result.faults.map((each) => each.code),
        [code],
      );
      assert.match(result.faults[0]?.text ?? '', /\p{Lu}.*\./u);
    });
  }

  test('of a spreadsheet keeps every digit of a number, and its dates', async () => {
    const table = await tableOf(
      await workbook([
        ['nummer', 'namn', 'belopp'],
        [192705178354, 'Åsa', 10.5],
        ['0700', 'Bo', 7],
      ]),
    );
    assert.deepEqual(cellsOf(table), [
      ['192705178354', 'Åsa', '10.5'],
      ['0700', 'Bo', '7'],
    ]);
    assert.deepEqual(table.understoodAs, { kind: 'xlsx' });
  });
});

describe('a CSV of ours', () => {
  test('reads back as it was written', async () => {
    const rows = [
      ['Ek; Anna', 'sa "hej"'],
      ['Rad\nbyte', ' mellan '],
    ];
    const table = await tableOf(csvFile(['a', 'b'], rows));
    assert.deepEqual(cellsOf(table), [
      ['Ek; Anna', 'sa "hej"'],
      ['Rad\nbyte', 'mellan'],
    ]);
  });

  test('runs nothing on the desk of who opens it, and leaves numbers alone', () => {
    const written = csvFile(
      ['x'],
      [['=HYPERLINK("http://x")'], ['@SUM(1)'], ['+46 70'], ['-12,50'], ['\tx']],
    ).toString();
    assert.deepEqual(written.split('\r\n').slice(1, -1), [
      `"'=HYPERLINK(""http://x"")"`,
      `'@SUM(1)`,
      `'+46 70`,
      '-12,50',
      `'\tx`,
    ]);
  });
});

describe('an archive', () => {
  test('is read file by file', async () => {
    const archive = await opened(await zip({ 'a.pdf': 'ett', 'mapp/å.pdf': 'två' }));
    assert.deepEqual(archive.entries, [
      { name: 'a.pdf', bytes: 3 },
      { name: 'mapp/å.pdf', bytes: 4 },
    ]);
    assert.equal((await archive.read({ name: 'mapp/å.pdf', bytes: 4 })).toString(), 'två');
    await archive.close();
  });

  test('with a name that leads elsewhere is refused', async () => {
    for (const name of ['../ab.pdf', '/aaab.pdf', 'a/../.pdf', 'C:aab.pdf', 'a\\aab.pdf', 'a/./b.pdf']) {
      const bytes = patched(await zip({ 'aaaab.pdf': 'x' }), 'aaaab.pdf', name);
      assert.deepEqual(await codesOf(bytes), [expectedFor(name)], name);
    }
  });

  test('with two files of one name is refused, also when only capitals or the way to write an å differ', async () => {
    for (const [one, two] of [
      ['a.pdf', 'A.pdf'],
      ['mapp/å.pdf'.normalize('NFC'), 'mapp/å.pdf'.normalize('NFD')],
      ['Å.pdf'.normalize('NFD'), 'å.pdf'.normalize('NFC')],
    ] as const) {
      assert.notEqual(one, two);
      assert.deepEqual(await codesOf(await zip({ [one]: 'x', [two]: 'y' })), ['HUB_ARCHIVE_DUPLICATE'], one);
    }
    const twice = new ZipFile();
    for (const text of ['x', 'y']) twice.addBuffer(Buffer.from(text), 'a.pdf');
    assert.deepEqual(await codesOf(await ended(twice)), ['HUB_ARCHIVE_DUPLICATE']);
  });

  test('with a password is refused, each of its files named', async () => {
    const result = await openArchive(encryptedZip(await zip({ 'a.pdf': 'x', 'b.pdf': 'y' })));
    assert.ok('faults' in result);
    const told = result.faults.map(({ code, entry }) => `${code} ${entry}`);
    assert.deepEqual(told, ['HUB_ARCHIVE_ENCRYPTED a.pdf', 'HUB_ARCHIVE_ENCRYPTED b.pdf']);
  });

  test('with a link is refused', async () => {
    const file = new ZipFile();
    file.addBuffer(Buffer.from('/etc/passwd'), 'lank', { mode: 0o120777 });
    assert.deepEqual(await codesOf(await ended(file)), ['HUB_ARCHIVE_LINK']);
  });

  test('with a file that swells is refused before anything is unpacked', async () => {
    const bomb = await zip({ 'bomb.pdf': Buffer.alloc(50_000_000) });
    assert.ok(bomb.length < 100_000);
    assert.deepEqual(await codesOf(bomb), ['HUB_ARCHIVE_TOO_LARGE']);
  });

  test('that is larger when unpacked than it may be is refused', async () => {
    const bytes = await zip({ a: 'x'.repeat(600), b: 'y'.repeat(600) });
    const result = await openArchive(bytes, { unpackedBytesMax: 1_000 });
    assert.ok('faults' in result);
    assert.deepEqual(
      result.faults.map(({ code }) => code),
      ['HUB_ARCHIVE_TOO_LARGE'],
    );
  });

  test('whose directory lies about a file is found out when that file is read', async () => {
    const stored = new ZipFile();
    stored.addBuffer(Buffer.from('oskadd text'), 'a.pdf', { compress: false });
    const bytes = patched(await ended(stored), 'oskadd text', 'skadad text', 1);
    const archive = await opened(bytes);
    await assert.rejects(archive.read({ name: 'a.pdf', bytes: 11 }), ArchiveError);
    await archive.close();
  });

  test('that is none is refused', async () => {
    assert.deepEqual(await codesOf(Buffer.from('inget arkiv')), ['HUB_ARCHIVE_UNREADABLE']);
  });
});

/** A plain step upwards and the like are refused by the library, the rest by our own guard. */
function expectedFor(name: string): string {
  return name === 'a/./b.pdf' ? 'HUB_ARCHIVE_NAME' : 'HUB_ARCHIVE_UNREADABLE';
}

async function opened(bytes: Buffer): Promise<Archive> {
  const archive = await openArchive(bytes);
  assert.ok('entries' in archive, JSON.stringify(archive));
  return archive;
}

async function codesOf(bytes: Buffer): Promise<string[]> {
  const result = await openArchive(bytes);
  assert.ok('faults' in result, 'the archive was let through');
  return result.faults.map(({ code }) => code);
}

async function zip(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const file = new ZipFile();
  for (const [name, content] of Object.entries(files)) file.addBuffer(Buffer.from(content), name);
  return ended(file);
}

async function ended(file: ZipFile): Promise<Buffer> {
  file.end();
  const chunks: Buffer[] = [];
  for await (const chunk of file.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Text of the same length in place of another, everywhere or so many times. */
function patched(bytes: Buffer, from: string, to: string, times = Number.POSITIVE_INFINITY): Buffer {
  assert.equal(from.length, to.length);
  const changed = Buffer.from(bytes);
  let at = changed.indexOf(from);
  for (let n = 0; at >= 0 && n < times; n++) {
    changed.write(to, at, 'latin1');
    at = changed.indexOf(from, at + 1);
  }
  return changed;
}

/** The smallest workbook that Excel opens: inline strings and numbers. */
async function workbook(rows: readonly (readonly (string | number)[])[]): Promise<Buffer> {
  const cell = (value: string | number) =>
    typeof value === 'number' ? `<c><v>${value}</v></c>` : `<c t="inlineStr"><is><t>${value}</t></is></c>`;
  const place = (n: number, m: number) => `${String.fromCharCode(65 + m)}${n + 1}`;
  const data = rows.map(
    (row, n) =>
      `<row r="${n + 1}">${row.map((value, m) => cell(value).replace('<c', `<c r="${place(n, m)}"`)).join('')}</row>`,
  );
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships';
  const types = 'http://schemas.openxmlformats.org/package/2006/content-types';
  const word = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  return zip({
    '[Content_Types].xml': `<Types xmlns="${types}"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${word}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${word}.worksheet+xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${packageRelations}"><Relationship Id="r1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="Blad1" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packageRelations}"><Relationship Id="r1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetData>${data.join('')}</sheetData></worksheet>`,
  });
}
