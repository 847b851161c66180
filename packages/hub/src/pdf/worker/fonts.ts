import { type PDFPage, PdfArray, PdfDict, PdfName, type PdfObject } from '@libpdf/core';
import type { ObjectFinder } from './objectFinder.ts';
import { inherited } from './pageGeometry.ts';

/** Keys that lead from a page's resources or appearance back to other pages. */
const UPWARDS: ReadonlySet<string> = new Set(['Parent', 'P', 'Dest', 'A', 'AA', 'StructParent', 'Pg', 'Popup']);
const PROGRAMS = ['FontFile', 'FontFile2', 'FontFile3'];

/** Names of the fonts that the pages use but do not bring along. */
export function missingFonts(finder: ObjectFinder, pages: readonly PDFPage[]): string[] {
  const roots = pages.flatMap((page) => [
    inherited(finder, page, 'Resources') ?? page.dict,
    ...appearances(finder, page),
  ]);
  const missing = new Set<string>();
  for (const dictionary of finder.dictionaries(roots, UPWARDS)) {
    if (isFont(finder, dictionary) && !isEmbedded(finder, dictionary)) missing.add(fontName(finder, dictionary));
  }
  return [...missing].sort();
}

function appearances(finder: ObjectFinder, page: PDFPage): PdfObject[] {
  const annotations = finder.resolve(page.dict.get('Annots'));
  if (!(annotations instanceof PdfArray)) return [];
  return annotations.toArray().flatMap((each) => {
    const annotation = finder.resolve(each);
    const appearance = annotation instanceof PdfDict ? annotation.get('AP') : undefined;
    return appearance === undefined ? [] : [appearance];
  });
}

/** A Type0 font is judged by its descendant, which the walk meets as a font of its own. */
function isFont(finder: ObjectFinder, dictionary: PdfDict): boolean {
  return nameOf(finder, dictionary, 'Type') === 'Font' && nameOf(finder, dictionary, 'Subtype') !== 'Type0';
}

function isEmbedded(finder: ObjectFinder, font: PdfDict): boolean {
  // The glyphs of a Type3 font are drawings in the file itself.
  if (nameOf(finder, font, 'Subtype') === 'Type3') return true;
  const descriptor = finder.resolve(font.get('FontDescriptor'));
  return descriptor instanceof PdfDict && PROGRAMS.some((program) => descriptor.has(program));
}

function fontName(finder: ObjectFinder, font: PdfDict): string {
  return nameOf(finder, font, 'BaseFont')?.replace(/^[A-Z]{6}\+/, '') ?? 'utan namn';
}

function nameOf(finder: ObjectFinder, dictionary: PdfDict, key: string): string | undefined {
  const value = finder.resolve(dictionary.get(key));
  return value instanceof PdfName ? value.value : undefined;
}
