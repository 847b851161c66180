import { PDFiumLibrary } from '@hyzyla/pdfium';
import { PDF } from '@libpdf/core';
import { type PostalAddress, printedLines } from '../../paper/address.ts';
import type { EnvelopeLayout, RectangleMm } from '../../paper/printLayout.ts';
import { linesOf, type PrintWord } from '../../waysIn/printer/printPage.ts';
import { type PdfFault, pdfFault } from '../faults.ts';
import { faultsOf } from './inkFaults.ts';
import { pageWords } from './pageWords.ts';
import { zoneInk } from './zoneInk.ts';

/** Ink reaches a little outside the place that a font gives a character. */
const INK_BEYOND_MM = 0.5;

/**
 * Why a document's first page, A4 already, cannot be the one that shows in the envelope's window: no address stands there, another than the
 * letter's, something beside it, or something in the quiet zone around the window. Empty when it can.
 */
export async function ownFirstPageFaults(
  pdf: Buffer,
  envelope: EnvelopeLayout,
  address: PostalAddress,
): Promise<PdfFault[]> {
  const first = await firstPageOf(pdf);
  const words = (await wordsOf(first)).filter((word) => isMiddleIn(word, envelope.window));
  const found = linesOf({ words, dataMatrix: [] });
  const isOn = (page: number) => page === 0;
  const ink = await zoneInk(first, [
    ...strips(envelope).map((area) => ({ code: 'HUB_PRINT_QUIET_ZONE', area, isOn }) as const),
    { code: 'HUB_PRINT_WINDOW', area: envelope.window, isOn, except: words.map(inkPlace) } as const,
  ]);
  return [...addressFaults(found, address, envelope.window), ...faultsOf(ink)];
}

let library: Promise<PDFiumLibrary> | undefined;

/** Only the first: documents may be long, and each zone is drawn from all that there is. */
async function firstPageOf(pdf: Buffer): Promise<Buffer> {
  const source = await PDF.load(pdf);
  if (source.getPageCount() === 1) return pdf;
  return Buffer.from(await (await source.extractPages([0])).save());
}

async function wordsOf(pdf: Buffer): Promise<PrintWord[]> {
  library ??= PDFiumLibrary.init();
  const document = await (await library).loadDocument(pdf);
  try {
    return pageWords(document.getPage(0));
  } finally {
    document.destroy();
  }
}

function isMiddleIn(word: PrintWord, { left, top, width, height }: RectangleMm): boolean {
  const [x, y] = [(word.left + word.right) / 2, (word.top + word.bottom) / 2];
  return x >= left && x <= left + width && y >= top && y <= top + height;
}

function inkPlace({ left, top, right, bottom }: PrintWord): RectangleMm {
  const beyond = INK_BEYOND_MM;
  return {
    left: left - beyond,
    top: top - beyond,
    width: right - left + 2 * beyond,
    height: bottom - top + 2 * beyond,
  };
}

/** The quiet zone without its window: above, below, to the left and to the right of it. */
function strips({ window, quietZone }: EnvelopeLayout): RectangleMm[] {
  const zoneRight = quietZone.left + quietZone.width;
  const zoneBottom = quietZone.top + quietZone.height;
  const [right, bottom] = [window.left + window.width, window.top + window.height];
  return [
    { ...quietZone, height: window.top - quietZone.top },
    { ...quietZone, top: bottom, height: zoneBottom - bottom },
    { left: quietZone.left, top: window.top, width: window.left - quietZone.left, height: window.height },
    { left: right, top: window.top, width: zoneRight - right, height: window.height },
  ].filter(({ width, height }) => width > 0 && height > 0);
}

/** The last lines are the address; one line above it may be the return line. Spaces, capitals and commas may differ. */
function addressFaults(found: readonly string[], address: PostalAddress, window: RectangleMm): PdfFault[] {
  if (found.length === 0) return [{ ...pdfFault('HUB_PRINT_NO_ADDRESS', undefined, 1), areas: [window] }];
  const wanted = printedLines(address).map(comparable).join('');
  const isSame = [found, found.slice(1)].some((lines) => lines.map(comparable).join('') === wanted);
  // What stands there instead is a person's; the picture shows it to those who may see it.
  return isSame ? [] : [{ ...pdfFault('HUB_PRINT_ADDRESS_DIFFERS', undefined, 1), areas: [window] }];
}

function comparable(line: string): string {
  return line
    .normalize('NFC')
    .toLocaleLowerCase('sv')
    .replace(/^(?:se?-)(?=\d{3} ?\d{2}\b)/, '')
    .replace(/[^\p{L}\p{N}]/gu, '');
}
