import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { chosenColumns, judgeAddressFile, readAddressFile } from '../src/mailing/addressFile.ts';
import { recipientColumns } from '../src/mailing/recipientColumns.ts';

const SAMPLE = new URL('../../../examples/skolval/elever.csv', import.meta.url);
const NONE = { recipient: undefined, reference: undefined };

async function judge(text: string | Buffer) {
  const file = await readAddressFile(Buffer.from(text));
  assert.ok('table' in file, JSON.stringify(file.faults));
  const columns = recipientColumns(file.table.columns, NONE);
  assert.ok(!('missing' in columns));
  return judgeAddressFile(file, columns);
}

test('the example’s file is as its README says: one faulty row, one without address, numbers of the test series', async () => {
  const text = await readFile(SAMPLE, 'utf8');
  const { recipients, sound, faults } = await judge(text);
  assert.deepEqual(
    faults.map(({ code, line }) => `${code} ${line}`),
    ['HUB_RECIPIENT_CHECK_DIGIT 5'],
  );
  assert.equal(sound, recipients.length - 1);
  assert.equal(recipients.filter(({ address }) => address === undefined).length, 1);
  for (const { recipient } of recipients) assert.match(recipient, /^\d{8}9[89]\d\d$/, 'birth numbers 980–999');
});

test('every fault stands with its line in the file, those of rows that could not be read among them, and in order', async () => {
  const { faults, sound } = await judge(
    'Persnr,Namn,Adress,Postnr,Ort\n191212121213,A,,,\n"x\ny",B,,,\n191212121212,C,,,,för mycket\n192705178354,D,,,\n192705178354,E,,,\n',
  );
  assert.deepEqual(
    faults.map(({ code, line }) => `${code} ${line}`),
    ['HUB_RECIPIENT_CHECK_DIGIT 2', 'HUB_RECIPIENT_FORMAT 4', 'HUB_TABLE_ROW_LENGTH 5', 'HUB_MAILING_DUPLICATE 7'],
  );
  assert.equal(sound, 1);
});

test('a choice of columns names only those that the file has, and always the recipient', () => {
  const known = ['Nr', 'Namn'];
  assert.equal(chosenColumns({ name: 'Namn' }, known), undefined);
  assert.equal(chosenColumns({ recipient: 'toString' }, known), undefined);
  const columns = chosenColumns({ recipient: 'Nr', name: 'Namn', city: 'Finns inte', country: ['Nr'] }, known);
  assert.deepEqual(
    [columns?.recipient, columns?.name, columns?.city, columns?.country],
    ['Nr', 'Namn', undefined, undefined],
  );
});

test('a list longer than goes in at once is sent elsewhere', async () => {
  const file = await readAddressFile(Buffer.from(`Personnummer\n${'191212121212\n'.repeat(20_001)}`));
  assert.ok(!('table' in file));
  assert.deepEqual(
    file.faults.map(({ code }) => code),
    ['HUB_TABLE_TOO_LARGE'],
  );
  assert.match(file.faults[0]?.text ?? '', /20001 rader.*brevduva mailing/);
});
