import { type PDFPage, PdfArray, PdfDict, PdfNumber, type PdfObject } from '@libpdf/core';
import type { ObjectFinder } from './objectFinder.ts';

/** The part of a page that is shown, in the page's own coordinates, and its clockwise turn. */
export interface PageGeometry {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly rotation: 0 | 90 | 180 | 270;
}

/** Page trees are some levels deep; a loop ends here. */
const LEVELS_MAX = 100;

/**
 * Undefined when the page has no usable MediaBox. Not `page.getCropBox()` and `page.rotation`: those of @libpdf/core
 * 0.4 take the upper right corner for width and height, and do not see what a page inherits (ISO 32000-1 7.7.3.4).
 */
export function pageGeometry(finder: ObjectFinder, page: PDFPage): PageGeometry | undefined {
  const media = rectangle(finder, inherited(finder, page, 'MediaBox'));
  if (media === undefined) return undefined;
  const crop = rectangle(finder, inherited(finder, page, 'CropBox')) ?? media;
  const [left, right] = [Math.max(media.left, crop.left), Math.min(media.right, crop.right)];
  const [bottom, top] = [Math.max(media.bottom, crop.bottom), Math.min(media.top, crop.top)];
  if (right <= left || top <= bottom) return undefined;
  return { x: left, y: bottom, width: right - left, height: top - bottom, rotation: rotationOf(finder, page) };
}

/** The value of a page attribute, its own or of the nearest ancestor that has it. */
export function inherited(finder: ObjectFinder, page: PDFPage, key: string): PdfObject | undefined {
  let node: PdfObject | undefined = page.dict;
  for (let level = 0; level < LEVELS_MAX && node instanceof PdfDict; level += 1) {
    const value = finder.resolve(node.get(key));
    if (value !== undefined) return value;
    node = finder.resolve(node.get('Parent'));
  }
  return undefined;
}

interface Rectangle {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

/** Any two opposite corners make a rectangle (7.9.5). */
function rectangle(finder: ObjectFinder, value: PdfObject | undefined): Rectangle | undefined {
  if (!(value instanceof PdfArray)) return undefined;
  const numbers = value.toArray().map((each) => {
    const number = finder.resolve(each);
    return number instanceof PdfNumber ? number.value : Number.NaN;
  });
  const [x1 = Number.NaN, y1 = Number.NaN, x2 = Number.NaN, y2 = Number.NaN] = numbers;
  const box = { left: Math.min(x1, x2), bottom: Math.min(y1, y2), right: Math.max(x1, x2), top: Math.max(y1, y2) };
  return Object.values(box).every(Number.isFinite) && box.right > box.left && box.top > box.bottom ? box : undefined;
}

function rotationOf(finder: ObjectFinder, page: PDFPage): PageGeometry['rotation'] {
  const value = inherited(finder, page, 'Rotate');
  const turn = value instanceof PdfNumber ? ((value.value % 360) + 360) % 360 : 0;
  return turn === 90 || turn === 180 || turn === 270 ? turn : 0;
}
