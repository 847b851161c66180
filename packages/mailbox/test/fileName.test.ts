import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentDisposition, safeFileName } from '../src/web/fileName.ts';

const NAMES: [given: string, shown: string][] = [
  ['beslut.pdf', 'beslut.pdf'],
  ['Årsbesked åäö.pdf', 'Årsbesked åäö.pdf'],
  ['../../etc/passwd', '_.._etc_passwd'],
  ['C:\\Users\\x.pdf', 'C__Users_x.pdf'],
  ['beslut\u202efdp.exe', 'beslut_fdp.exe'],
  ['rad\r\nset-cookie: x', 'rad__set-cookie_ x'],
  ['"><script>', '___script_'],
  ['.htaccess', 'htaccess'],
  ['   ', 'bilaga-3'],
  ['', 'bilaga-3'],
];

for (const [given, shown] of NAMES) {
  test(`${JSON.stringify(given)} → ${shown}`, () => assert.equal(safeFileName(given, 3), shown));
}

test('a long name keeps its ending', () => {
  const name = safeFileName(`${'a'.repeat(400)}.pdf`, 1);
  assert.equal(name.length, 120);
  assert.ok(name.endsWith('.pdf'));
});

test('the header names the file in ASCII and in full', () => {
  assert.equal(
    contentDisposition('attachment', 'Årsbesked (2).pdf'),
    `attachment; filename="Arsbesked (2).pdf"; filename*=UTF-8''%C3%85rsbesked%20%282%29.pdf`,
  );
});
