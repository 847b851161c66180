import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { PDFiumPage } from '@hyzyla/pdfium';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

/** A module of a sheet mark is 0.4 mm and more; at this scale (200 dots per inch) it has three dots. */
const SCALE = 200 / 72;
const SYMBOLS_MAX = 20;

let isPrepared = false;

/** The texts of the Data Matrix symbols on a page; none where it has none, or none that can be read. */
export async function pageDataMatrix(page: PDFiumPage): Promise<string[]> {
  prepare();
  const { data, width, height } = await page.render({ scale: SCALE, colorSpace: 'BGRA', render: 'bitmap' });
  // A browser's ImageData, of which the library reads only these three; BGRA for RGBA does not matter in black on white.
  const picture = { data: new Uint8ClampedArray(data), width, height } as Parameters<typeof readBarcodes>[0];
  const symbols = await readBarcodes(picture, { formats: ['DataMatrix'], maxNumberOfSymbols: SYMBOLS_MAX });
  return symbols.filter(({ isValid }) => isValid).map(({ text }) => text);
}

/** Unless told where its WebAssembly is, the library would fetch it from the internet. */
function prepare(): void {
  if (isPrepared) return;
  const path = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  const wasmBinary = new Uint8Array(readFileSync(path)).buffer;
  prepareZXingModule({ overrides: { wasmBinary } });
  isPrepared = true;
}
