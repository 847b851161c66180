import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { barcodeEnvelopePicture } from '../src/paper/barcodeEnvelopePicture.ts';
import { checkPrintLayout } from '../src/paper/checkPrintLayout.ts';
import { code39Bars } from '../src/paper/code39.ts';
import { layoutPicture } from '../src/paper/layoutPicture.ts';
import { type EnvelopeLayout, type PrintLayout, STANDARD_LAYOUT } from '../src/paper/printLayout.ts';

const [E65 = assert.fail(), C5 = assert.fail()] = STANDARD_LAYOUT.envelopes;
const told = (changes: Partial<PrintLayout>) =>
  checkPrintLayout({ ...STANDARD_LAYOUT, ...changes }).map(({ path, text }) => `${path}: ${text}`);
const withE65 = (changes: Partial<EnvelopeLayout>) => told({ envelopes: [{ ...E65, ...changes }] });

function prepareReader(): void {
  const path = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(path)).buffer } });
}

describe('the bar code of a unit’s envelopes', () => {
  it('is read by a reader that is not ours, every sign that a code may have', async () => {
    prepareReader();
    for (const code of ['12-3456', '0123456789', 'ABCDEFGHIJKLM', 'NOPQRSTUVWXYZ-']) {
      const [width, height] = [1_600, 60];
      const data = new Uint8ClampedArray(width * height * 4).fill(255);
      for (const { left, width: bar } of code39Bars(code, width - 100)) {
        for (let y = 10; y < height - 10; y += 1) {
          for (let x = Math.round(left); x < Math.round(left + bar); x += 1)
            data.fill(0, (y * width + x + 50) * 4, (y * width + x + 50) * 4 + 3);
        }
      }
      const found = await readBarcodes({ data, width, height, colorSpace: 'srgb' }, { formats: ['Code39'] });
      assert.deepEqual(
        found.map(({ text }) => text),
        [code],
      );
    }
    assert.throws(() => code39Bars('å', 100), { name: 'RangeError', message: 'no Code 39 for å' });
  });

  it('and its picture in docs/ is drawn from the layout', () => {
    const file = new URL('../../../docs/images/envelope-barcode.svg', import.meta.url);
    assert.equal(readFileSync(file, 'utf8'), barcodeEnvelopePicture(STANDARD_LAYOUT, C5, '31-0195'), 'npm run docs');
  });
});

describe('a print layout', () => {
  it('the standard one is right, and its pictures in docs/ are drawn from it', () => {
    assert.deepEqual(told({}), []);
    for (const envelope of STANDARD_LAYOUT.envelopes) {
      const file = new URL(`../../../docs/images/layout-${envelope.kind.toLowerCase()}.svg`, import.meta.url);
      assert.equal(readFileSync(file, 'utf8'), layoutPicture(STANDARD_LAYOUT, envelope), 'npm run docs');
    }
  });

  it('is right exactly to the limit, and each fault is named', () => {
    const { quietZone } = E65;
    const lower = { ...quietZone, height: E65.bodyTopMm - quietZone.top };
    assert.deepEqual(withE65({ quietZone: lower }), []);
    assert.deepEqual(withE65({ quietZone: { ...lower, height: lower.height + 0.1 } }), [
      'envelopes/0/bodyTopMm: Brevtexten ska börja nedanför den tysta zonen, som slutar vid 80.1 mm.',
    ]);
    assert.deepEqual(withE65({ quietZone: E65.window }), []);
    assert.deepEqual(withE65({ quietZone: { ...E65.window, left: E65.window.left + 0.1 } }), [
      'envelopes/0/quietZone: Den tysta zonen ska omfatta hela fönstret.',
    ]);
    assert.deepEqual(withE65({ quietZone: { ...quietZone, width: 108.1 } }), [
      'envelopes/0/quietZone: Ytan går utanför A4, som är 210 × 297 mm.',
    ]);
    const { markZone } = STANDARD_LAYOUT;
    assert.deepEqual(told({ markZone: { ...markZone, top: 198 } }), []);
    assert.deepEqual(told({ markZone: { ...markZone, top: 197.9 } }), [
      'envelopes/0/kind: Bladmärket ligger på vikningen vid 198 mm.',
    ]);
    assert.deepEqual(told({ markZone: { ...markZone, left: 16.1 } }), [
      'markZone: Bladmärket ska stå i marginalen: till vänster om 25 mm eller till höger om 188 mm.',
    ]);
    assert.deepEqual(told({ markZone: { ...markZone, width: 8.9 } }), [
      'markZone: Bladmärket behöver minst 9 × 60 mm.',
    ]);
    assert.deepEqual(
      told({
        markZone: { left: 5, top: 30, width: 9, height: 60 },
        envelopes: [{ ...C5, quietZone: { left: 10, top: 26, width: 190, height: 48 } }],
      }),
      ['envelopes/0/quietZone: Den tysta zonen och bladmärket ligger på varandra.'],
    );
    assert.deepEqual(told({ envelopes: [] }), ['envelopes: Minst ett kuvert behövs.']);
    assert.deepEqual(told({ envelopes: [C5, E65] }), [
      'envelopes/1/sheetsMax: Kuverten ska stå från det minsta till det största.',
    ]);
  });
});
