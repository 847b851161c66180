import type { PDFiumPage } from '@hyzyla/pdfium';
import type { PrintWord } from '../../waysIn/printer/printPage.ts';

/**
 * The part of pdfium's own interface that tells where a character stands. The library gives the text of a page without its places, so
 * its private handles are used; the version is pinned, and test/printout.test.ts would tell.
 */
interface PdfiumText {
  readonly module: {
    readonly _FPDFText_LoadPage: (page: number) => number;
    readonly _FPDFText_ClosePage: (textPage: number) => void;
    readonly _FPDFText_CountChars: (textPage: number) => number;
    readonly _FPDFText_GetUnicode: (textPage: number, index: number) => number;
    /** Writes four floats, in points of the page: left, top, right, bottom of the place that the font gives the character. */
    readonly _FPDFText_GetLooseCharBox: (textPage: number, index: number, box: number) => number;
    /** Writes two integers: where a point of the page is on a device of the given size, turned as it is shown. */
    readonly _FPDF_PageToDevice: (
      page: number,
      startX: number,
      startY: number,
      sizeX: number,
      sizeY: number,
      rotate: number,
      pageX: number,
      pageY: number,
      deviceX: number,
      deviceY: number,
    ) => number;
    readonly wasmExports: { readonly malloc: (bytes: number) => number; readonly free: (pointer: number) => void };
    readonly HEAPU8: Uint8Array;
  };
  readonly pageIdx: number;
}

const MM_PER_POINT = 25.4 / 72;
/** The device that places are told on has this many steps to a point. */
const STEPS_PER_POINT = 100;
const FLOAT_BYTES = 4;
const CHARACTERS_MAX = 100_000;

/** The words of a page with their places as the page is shown, turned and cut; in the order in which they stand in the file. */
export function pageWords(page: PDFiumPage): PrintWord[] {
  const { module, pageIdx } = page as unknown as PdfiumText;
  const textPage = module._FPDFText_LoadPage(pageIdx);
  const memory = module.wasmExports.malloc(4 * FLOAT_BYTES);
  try {
    const words = createWordCollector();
    const place = placeOnPage(page, memory);
    const count = Math.min(module._FPDFText_CountChars(textPage), CHARACTERS_MAX);
    for (let index = 0; index < count; index++) {
      const character = String.fromCodePoint(module._FPDFText_GetUnicode(textPage, index));
      const isPlaced = module._FPDFText_GetLooseCharBox(textPage, index, memory) !== 0;
      if (isPlaced && !IS_SPACE.test(character)) words.add(character, place());
      else words.end();
    }
    return words.all();
  } finally {
    module.wasmExports.free(memory);
    module._FPDFText_ClosePage(textPage);
  }
}

type Box = Omit<PrintWord, 'text'>;

/** Also control characters and U+FFFE, with which pdfium writes line ends and hyphens that it made itself. */
const IS_SPACE = /[\s\p{Cc}\ufffe]/u;

/** Reads the box that was written last: points from the lower left corner become millimetres from the upper left as shown. */
function placeOnPage(page: PDFiumPage, memory: number): () => Box {
  const { module } = page as unknown as PdfiumText;
  const toMm = pointsToMm(page, memory);
  return () => {
    const view = memoryView(module.HEAPU8, memory);
    const a = toMm(view.getFloat32(0, true), view.getFloat32(FLOAT_BYTES, true));
    const b = toMm(view.getFloat32(2 * FLOAT_BYTES, true), view.getFloat32(3 * FLOAT_BYTES, true));
    return {
      left: Math.min(a.x, b.x),
      right: Math.max(a.x, b.x),
      top: Math.min(a.y, b.y),
      bottom: Math.max(a.y, b.y),
    };
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Turned, cut and moved, a page is still an affine map: three points tell where all are, and two calls a character are saved. */
function pointsToMm(page: PDFiumPage, memory: number): (x: number, y: number) => Point {
  const { module, pageIdx } = page as unknown as PdfiumText;
  const { originalWidth, originalHeight } = page.getOriginalSize();
  const [sizeX, sizeY] = [Math.round(originalWidth * STEPS_PER_POINT), Math.round(originalHeight * STEPS_PER_POINT)];
  const ask = (x: number, y: number): Point => {
    module._FPDF_PageToDevice(pageIdx, 0, 0, sizeX, sizeY, 0, x, y, memory, memory + 4);
    const view = memoryView(module.HEAPU8, memory);
    const mm = (offset: number) => (view.getInt32(offset, true) / STEPS_PER_POINT) * MM_PER_POINT;
    return { x: mm(0), y: mm(4) };
  };
  const [origin, right, up] = [ask(0, 0), ask(FAR_POINTS, 0), ask(0, FAR_POINTS)];
  const [xx, yx] = [(right.x - origin.x) / FAR_POINTS, (right.y - origin.y) / FAR_POINTS];
  const [xy, yy] = [(up.x - origin.x) / FAR_POINTS, (up.y - origin.y) / FAR_POINTS];
  return (x, y) => ({ x: origin.x + xx * x + xy * y, y: origin.y + yx * x + yy * y });
}

/** Far enough that the device's steps are lost in it. */
const FAR_POINTS = 1_000;

/** The heap may have grown, and moved, since the last call. */
function memoryView(heap: Uint8Array, pointer: number): DataView {
  return new DataView(heap.buffer, pointer, 4 * FLOAT_BYTES);
}

/** Characters next to each other are a word; a gap as wide as half a character's height, or another line, ends it without a space. */
function createWordCollector() {
  const words: PrintWord[] = [];
  let current: PrintWord | undefined;
  const end = (): void => {
    if (current !== undefined) words.push(current);
    current = undefined;
  };
  return {
    end,
    add(character: string, box: Box): void {
      if (current !== undefined && !isNext(current, box)) end();
      current = current === undefined ? { text: character, ...box } : joined(current, character, box);
    },
    all(): PrintWord[] {
      end();
      return words;
    },
  };
}

function isNext(word: PrintWord, box: Box): boolean {
  const height = Math.max(word.bottom - word.top, box.bottom - box.top);
  const gap = box.left - word.right;
  const overlap = Math.min(word.bottom, box.bottom) - Math.max(word.top, box.top);
  return gap < height / 2 && gap > -height && overlap > -height / 2;
}

function joined(word: PrintWord, character: string, box: Box): PrintWord {
  return {
    text: word.text + character,
    left: Math.min(word.left, box.left),
    right: Math.max(word.right, box.right),
    top: Math.min(word.top, box.top),
    bottom: Math.max(word.bottom, box.bottom),
  };
}
