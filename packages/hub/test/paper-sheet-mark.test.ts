import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import { parseSheetMark, sheetMark, sheetMarkText } from '../src/paper/sheetMark.ts';
import { writeDataMatrix } from '../src/pdf/worker/writeDataMatrix.ts';

const ID = '01986f3a-1c5e-7a77-9a2b-0c0d0e0f1011';

describe('the sheet mark', () => {
  it('is 44 digits that come back as letter and sheet, for every id', () => {
    for (const id of [ID, '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff']) {
      const mark = sheetMark(id, 3, 12);
      assert.match(mark, /^1\d{43}$/);
      assert.deepEqual(parseSheetMark(mark), { letterId: id, sheet: 3, sheets: 12 });
    }
    assert.deepEqual(parseSheetMark(` ${sheetMark(ID, 1, 1).replace(/(.{4})/g, '$1 ')}\r\n`)?.letterId, ID);
  });

  it('is understood as it is typed, with the slips that people make', () => {
    const whole = { letterId: ID, sheet: 1, sheets: 4 };
    const alone = { letterId: ID, sheet: undefined, sheets: undefined };
    for (const [text, expected] of [
      [sheetMarkText(ID, 1, 4), whole],
      [`${ID} 1/4`, whole],
      [ID.toUpperCase(), alone],
      [ID.replaceAll('-', ' '), alone],
      ['ol986f3a-Ic5e-7a77-9a2b-OcOdOeOflOll', alone],
    ] as const)
      assert.deepEqual(parseSheetMark(text), expected, text);
  });

  it('nothing else is a mark', () => {
    const mark = sheetMark(ID, 1, 1);
    for (const text of [
      ...['', 'A123', '7312345678901', mark.slice(1), `${mark}0`, `2${mark.slice(1)}`, `1${'9'.repeat(39)}0101`],
      ...[mark.replace(/0101$/, '0201'), mark.replace(/0101$/, '0000'), `${ID} 5/4`, `${ID} 1/4 x`, ID.slice(1)],
      ...[`${ID}${' '.repeat(100)}`, ID.replace('0', 'g')],
    ])
      assert.equal(parseSheetMark(text), undefined, text);
  });

  it('refuses what cannot be marked', () => {
    assert.throws(() => sheetMark('brev-1', 1, 1), /RangeError.*UUID/);
    for (const [sheet, sheets] of [
      [0, 1],
      [2, 1],
      [1.5, 2],
      [1, 100],
    ] as const)
      assert.throws(() => sheetMark(ID, sheet, sheets), /RangeError: no mark for sheet/);
  });
});

describe('the sheet mark as a Data Matrix', () => {
  it('is module by module what zxing writes', async () => {
    const wasm = createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm');
    prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } });
    for (let n = 0; n < 50; n += 1) {
      const digits = sheetMark(randomUUID(), n + 1, 99);
      const { symbol } = await writeBarcode(digits, { format: 'DataMatrix' });
      const { size, runs } = writeDataMatrix(digits);
      assert.deepEqual([symbol.width, symbol.height], [size, size]);
      const dark = new Set(runs.flatMap(([x, y, length]) => Array.from({ length }, (_, i) => y * size + x + i)));
      const theirs = new Set([...symbol.data.keys()].filter((index) => symbol.data[index] !== 255));
      assert.deepEqual(dark, theirs, digits);
    }
  });

  it('refuses what is no sheet mark', () => {
    for (const digits of ['', '1'.repeat(43), '1'.repeat(45), `${'1'.repeat(43)}a`]) {
      assert.throws(() => writeDataMatrix(digits), /RangeError: a sheet mark has 44 digits/);
    }
  });
});
