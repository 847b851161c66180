import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, describe, test } from 'node:test';
import { PDF } from '@libpdf/core';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import { isRefusal } from '../src/pdf/inspection.ts';
import { createPrintoutReader } from '../src/pdf/printouts.ts';
import { createPdfTools } from '../src/pdf/tools.ts';
import { linesOf, type PrintPage } from '../src/waysIn/printer/printPage.ts';
import { LETTER } from './paperPrintSample.ts';
import { A4, samplePdf, streamObject, writePdf } from './pdfSamples.ts';

const reader = createPrintoutReader();
const tools = createPdfTools();
after(() => Promise.all([reader.close(), tools.close()]));

async function read(bytes: Buffer, dataMatrix = false): Promise<readonly PrintPage[]> {
  const result = await reader.readPrintout(bytes, { dataMatrix });
  assert.ok(!isRefusal(result), JSON.stringify(result));
  return result.pages;
}

/** One page with a Data Matrix drawn as squares of 1 mm, its upper left corner 100 mm from the left and 50 mm from the top. */
async function pageWithDataMatrix(text: string): Promise<Buffer> {
  const path = createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm');
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(path)).buffer } });
  const { symbol } = await writeBarcode(text, { format: 'DataMatrix', scale: 1 });
  const mm = 72 / 25.4;
  const squares = Array.from(symbol.data).flatMap((value, n) => {
    const [x, y] = [100 + (n % symbol.width), 50 + Math.floor(n / symbol.width)];
    const isDark = value === 0;
    return isDark
      ? `${(x * mm).toFixed(3)} ${(841.89 - (y + 1) * mm).toFixed(3)} ${mm.toFixed(3)} ${mm.toFixed(3)} re`
      : [];
  });
  return writePdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox ${A4} /Contents 4 0 R /Resources << >> >>`,
    streamObject('', Buffer.from(`${squares.join('\n')}\nf`)),
  ]);
}

describe('a printout is read', () => {
  test('word by word, with places in millimetres from the upper left corner', async () => {
    const [page] = await read(samplePdf({ pages: [{ text: 'Hej 19270517-8354' }] }));
    const [hello, number] = page?.words ?? [];
    assert.deepEqual([hello?.text, number?.text], ['Hej', '19270517-8354']);
    // The sample writes at 72, 500 points in 24 points; the page is 841.89 points high.
    const baseline = (841.89 - 500) * (25.4 / 72);
    assert.ok(Math.abs((hello?.left ?? 0) - 25.4) < 1.5, JSON.stringify(hello));
    assert.ok((hello?.top ?? 0) < baseline - 4 && (hello?.bottom ?? 0) > baseline, JSON.stringify(hello));
    assert.ok((number?.left ?? 0) > (hello?.right ?? 0));
  });

  test('as it is shown, also when the page is turned or its corner is not at zero', async () => {
    const upright = samplePdf({ pages: [{ text: 'Hej' }] });
    const turned = samplePdf({ pages: [{ text: 'Hej', rotate: 90 }] });
    const moved = samplePdf({ pages: [{ text: 'Hej', mediaBox: '[50 100 645.28 941.89]' }] });
    const placeOf = async (bytes: Buffer) => (await read(bytes))[0]?.words[0];
    const [a, b, c] = [await placeOf(upright), await placeOf(turned), await placeOf(moved)];
    // Turned clockwise, what was near the left edge is near the top.
    assert.ok(Math.abs((b?.top ?? 0) - (a?.left ?? 0)) < 1, JSON.stringify([a, b]));
    assert.ok(Math.abs((c?.left ?? 0) - ((a?.left ?? 0) - (50 * 25.4) / 72)) < 1, JSON.stringify([a, c]));
  });

  test('line by line from a real letter, with å ä ö', async () => {
    const composed = await tools.composeTextLetter({
      ...LETTER,
      body: { contentType: 'text/plain', text: 'Räksmörgås på ön' },
    });
    assert.ok(!isRefusal(composed));
    const [page] = await read(composed.pdf);
    assert.ok(page !== undefined);
    assert.ok(linesOf(page).includes('Räksmörgås på ön'), linesOf(page).join('|'));
  });

  test('with the texts of its Data Matrix symbols, when they are asked for', async () => {
    const bytes = await pageWithDataMatrix('R:192705178354');
    assert.deepEqual((await read(bytes, true))[0]?.dataMatrix, ['R:192705178354']);
    assert.deepEqual((await read(bytes, false))[0]?.dataMatrix, []);
  });

  test('bunch by bunch, with the number of all', async () => {
    const bytes = samplePdf({ pages: Array.from({ length: 501 }, (_, n) => ({ text: `sida ${n + 1}` })) });
    const [first, second] = [
      await reader.readPrintout(bytes, { dataMatrix: false }),
      await reader.readPrintout(bytes, { dataMatrix: false, from: 501 }),
    ];
    assert.ok(!isRefusal(first) && !isRefusal(second));
    assert.deepEqual([first.pageCount, first.pages.length, second.pages.length], [501, 500, 1]);
    const [page] = second.pages;
    assert.deepEqual(page && linesOf(page), ['sida 501']);
  });

  test('or refused, with the fault', async () => {
    const result = await reader.readPrintout(Buffer.from('%PDF-1.7 och sedan inget'), { dataMatrix: false });
    assert.ok(isRefusal(result));
    assert.equal(result.faults[0]?.code, 'HUB_PDF_CORRUPT');
  });
});

describe('letters are cut out of a printout', () => {
  test('each with its own pages and no others', async () => {
    const bytes = samplePdf({ pages: [{ text: 'ett' }, { text: 'tva' }, { text: 'tre' }] });
    const cut = await reader.cutPrintout(bytes, [
      { from: 1, to: 2 },
      { from: 3, to: 3 },
    ]);
    assert.ok(!isRefusal(cut), JSON.stringify(cut));
    const texts = await Promise.all(
      cut.letters.map(async (letter) => (await read(letter)).map((page) => linesOf(page).join())),
    );
    assert.deepEqual(texts, [['ett', 'tva'], ['tre']]);
    for (const letter of cut.letters) {
      const inspected = await tools.inspectPdf(letter);
      assert.ok(!isRefusal(inspected), JSON.stringify(inspected));
    }
  });

  test('with a title of its own and the language of the printout', async () => {
    const bytes = samplePdf({ pages: [{ text: 'ett' }, { text: 'tva' }], catalog: '/Lang (en-GB)' });
    const cut = await reader.cutPrintout(bytes, [
      { from: 1, to: 1, title: 'Beslut åäö' },
      { from: 2, to: 2 },
    ]);
    assert.ok(!isRefusal(cut));
    const [named, unnamed] = await Promise.all(cut.letters.map((letter) => PDF.load(letter)));
    assert.deepEqual([named?.getTitle(), named?.getLanguage()], ['Beslut åäö', 'en-GB']);
    assert.equal(unnamed?.getTitle() ?? '', '');
  });

  test('without what another letter holds, in bytes', async () => {
    const bytes = samplePdf({ pages: [{ text: 'ett' }, { text: 'tva' }], objects: ['<< /Hemligt (annans) >>'] });
    const cut = await reader.cutPrintout(bytes, [{ from: 1, to: 1 }]);
    assert.ok(!isRefusal(cut));
    assert.ok(!cut.letters[0]?.includes('annans'));
  });
});

describe('a page is shown', () => {
  test('as a PNG that a browser can open', async () => {
    const shown = await reader.picturePage(samplePdf({ pages: [{ text: 'Hej' }] }), 1);
    assert.ok(!isRefusal(shown));
    assert.equal(shown.png.subarray(1, 4).toString(), 'PNG');
    // 210 × 297 mm at 100 dots per inch, rounded down.
    assert.deepEqual([shown.png.readUInt32BE(16), shown.png.readUInt32BE(20)], [826, 1168]);
  });
});
