import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';

/** A run of dark modules, counted from the symbol's upper left corner. */
export type DarkRun = readonly [left: number, top: number, length: number];

export interface DataMatrix {
  /** Modules a side. */
  readonly size: number;
  readonly runs: readonly DarkRun[];
}

const LIGHT = 255;
let isPrepared = false;

/** The text as a Data Matrix (ECC 200, ISO/IEC 16022), as runs of dark modules to be drawn. */
export async function writeDataMatrix(text: string): Promise<DataMatrix> {
  prepare();
  const { symbol, error } = await writeBarcode(text, { format: 'DataMatrix' });
  if (error !== '') throw new Error(`no Data Matrix: ${error}`);
  const { width, height, data } = symbol;
  const rows = Array.from({ length: height }, (_, row) => data.subarray(row * width, (row + 1) * width));
  return { size: width, runs: rows.flatMap(runsOf) };
}

function runsOf(row: Uint8Array | Uint8ClampedArray, top: number): DarkRun[] {
  const runs: DarkRun[] = [];
  for (let left = 0; left < row.length; left += 1) {
    if (row[left] === LIGHT) continue;
    const start = left;
    while (left < row.length && row[left] !== LIGHT) left += 1;
    runs.push([start, top, left - start]);
  }
  return runs;
}

/** Unless told where its WebAssembly is, the library would fetch it from the internet. */
function prepare(): void {
  if (isPrepared) return;
  const path = createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm');
  const wasmBinary = new Uint8Array(readFileSync(path)).buffer;
  prepareZXingModule({ overrides: { wasmBinary } });
  isPrepared = true;
}
