import { PDF, PdfDict, PdfRef, PdfStream } from '@libpdf/core';
import type { FormFont } from '../assembly/pageForms.ts';
import { createObjectFinder } from './objectFinder.ts';
import { inherited } from './pageGeometry.ts';
import { typesetAlphabet } from './typeset.ts';

/**
 * A font with the letters of sheet marks and no others, as the typesetter embeds it: the same in every letter, so that joined files have it
 * once.
 */
export interface MarkFont extends FormFont {
  /** The text as the font's own codes, in hexadecimal. @throws RangeError for what marks do not hold */
  encode(text: string): string;
}

/** What `sheetMarkText` writes, parted so that no two letters become one sign. */
const ALPHABET = [...'-/0123456789abcdefl'].join(' ');

let font: Promise<MarkFont> | undefined;

/** The process's one. */
export function markFont(): Promise<MarkFont> {
  font ??= createMarkFont();
  return font;
}

/** @throws Error when the typesetter embeds fonts in another way than it did when this was written */
async function createMarkFont(): Promise<MarkFont> {
  const source = await PDF.load(typesetAlphabet(ALPHABET).pdf);
  const finder = createObjectFinder(source);
  const [page] = source.getPages();
  const resources = page && inherited(finder, page, 'Resources');
  const fonts = resources instanceof PdfDict ? finder.resolve(resources.get('Font')) : undefined;
  const ref = fonts instanceof PdfDict ? [...fonts].map(([, value]) => value)[0] : undefined;
  const dict = finder.resolve(ref);
  const map = dict instanceof PdfDict ? finder.resolve(dict.get('ToUnicode')) : undefined;
  if (!(ref instanceof PdfRef) || !(map instanceof PdfStream)) throw new Error('no font for sheet marks');
  const codes = codesOf(Buffer.from(map.getDecodedData()).toString('latin1'));
  const encode = (text: string) =>
    [...text].map((letter) => codes.get(letter) ?? raise(`no sign for ${letter} in a sheet mark`)).join('');
  encode(ALPHABET);
  return { source, ref, encode };
}

/** A ToUnicode map (ISO 32000-1 9.10.3) the other way round. */
function codesOf(map: string): Map<string, string> {
  const pairs = map.matchAll(/^<([0-9A-F]{4})> <([0-9A-F]{4})>$/gim);
  return new Map([...pairs].map(([, code = '', unicode = '']) => [String.fromCharCode(Number(`0x${unicode}`)), code]));
}

function raise(message: string): never {
  throw new RangeError(message);
}
