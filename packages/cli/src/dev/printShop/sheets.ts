import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PrintoutReader } from '@brevduva/hub';
import { batchFolder } from './press.ts';
import type { ShopBatch, ShopLetter } from './shopBatch.ts';

/** A sheet of paper as the press sees it. */
export interface ShopSheet {
  /** From 1. */
  readonly sheet: number;
  /** Pages of the letter, from 1. */
  readonly front: number;
  readonly back: number | undefined;
  /** The Data Matrix that was read on its front. */
  readonly mark: string | undefined;
}

/** The letter's sheets with the marks that were read on them; why they cannot be shown, in Swedish, where they cannot. */
export async function readSheets(
  batch: ShopBatch,
  letter: ShopLetter,
  reader: PrintoutReader,
): Promise<readonly ShopSheet[] | string> {
  const bytes = await letterPdf(batch, letter, reader);
  if (bytes === undefined) return 'Batchens filer ligger inte kvar i mappen.';
  const marks: string[][] = [];
  while (marks.length < letter.pages) {
    const read = await reader.readPrintout(bytes, { dataMatrix: true, from: marks.length + 1 });
    if ('faults' in read) return read.faults.map(({ text }) => text).join(' ');
    if (read.pages.length === 0) return 'PDF:en har färre sidor än manifestet säger.';
    marks.push(...read.pages.map(({ dataMatrix }) => [...dataMatrix]));
  }
  const step = letter.duplex ? 2 : 1;
  return Array.from({ length: Math.ceil(letter.pages / step) }, (_, n) => {
    const front = n * step + 1;
    const back = letter.duplex && front < letter.pages ? front + 1 : undefined;
    return { sheet: n + 1, front, back, mark: marks[front - 1]?.find((text) => readMark(text) !== undefined) };
  });
}

/** One page of the letter as a PNG; undefined where there is none, or it cannot be drawn. */
export async function pagePng(
  batch: ShopBatch,
  letter: ShopLetter,
  page: number,
  reader: PrintoutReader,
): Promise<Buffer | undefined> {
  const bytes = await letterPdf(batch, letter, reader);
  const isThere = Number.isInteger(page) && page >= 1 && page <= letter.pages;
  if (bytes === undefined || !isThere) return undefined;
  const picture = await reader.picturePage(bytes, page);
  return 'png' in picture ? picture.png : undefined;
}

/** The letter's own PDF, cut out where the batch has one for many; undefined when it is gone. */
export async function letterPdf(
  batch: ShopBatch,
  { file, firstPage, pages }: ShopLetter,
  reader: PrintoutReader,
): Promise<Buffer | undefined> {
  const bytes = await readFile(join(await batchFolder(batch), file)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (bytes === undefined || batch.files === 'each') return bytes;
  const cut = await reader.cutPrintout(bytes, [{ from: firstPage, to: firstPage + pages - 1 }]);
  return 'letters' in cut ? cut.letters[0] : undefined;
}

const MARK = /^1(\d{39})(\d{2})(\d{2})$/;
const ID_MAX = 2n ** 128n;

/** What a sheet mark says (docs/paper.md), read in the shop's own way; undefined when it is none. */
export function readMark(
  text: string,
): { readonly letter: string; readonly sheet: number; readonly sheets: number } | undefined {
  const [, id, sheet, sheets] = MARK.exec(text) ?? [];
  if (id === undefined || BigInt(id) >= ID_MAX) return undefined;
  const digits = BigInt(id).toString(16).padStart(32, '0');
  const letter = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { letter, sheet: Number(sheet), sheets: Number(sheets) };
}
