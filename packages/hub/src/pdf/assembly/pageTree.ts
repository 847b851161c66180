import { type PDF, PdfRef } from '@libpdf/core';
import { A4_HEIGHT_POINTS, A4_WIDTH_POINTS } from '../../paper/printLayout.ts';
import type { ObjectFinder } from '../worker/objectFinder.ts';
import { inherited } from '../worker/pageGeometry.ts';
import type { ObjectCopier } from './copyObjects.ts';
import type { PageForm, PageForms } from './pageForms.ts';
import type { PdfFileWriter } from './pdfFileWriter.ts';

/** The pages of the file that is written: two levels, for readers take no longer lists than some thousand (PDF/A-1: 8 191). */
export interface PageTree {
  readonly count: number;
  /** A number for a page. */
  allocate(): number;
  /** The next page will be written under that number; answers that of its /Parent. */
  add(page: number): number;
  addBlank(): void;
  /** The number of the root. */
  finish(): number;
}

const PAGES_PER_NODE = 500;
const INHERITABLE = ['Resources', 'MediaBox', 'CropBox', 'Rotate'];

export function createPageTree(writer: PdfFileWriter): PageTree {
  const root = writer.allocate();
  const nodes: number[] = [];
  let node = writer.allocate();
  let kids: number[] = [];
  let count = 0;

  function closeNode(): void {
    writer.put(node, `<</Type/Pages/Parent ${root} 0 R/Count ${kids.length}/Kids[${references(kids)}]>>`);
    nodes.push(node);
    kids = [];
  }

  function add(page: number): number {
    if (kids.length === PAGES_PER_NODE) {
      closeNode();
      node = writer.allocate();
    }
    kids.push(page);
    count += 1;
    return node;
  }

  return {
    get count() {
      return count;
    },
    allocate: () => writer.allocate(),
    add,
    addBlank() {
      const page = writer.allocate();
      const box = `[0 0 ${A4_WIDTH_POINTS} ${A4_HEIGHT_POINTS}]`;
      writer.put(page, `<</Type/Page/Parent ${add(page)} 0 R/MediaBox${box}/Resources<<>>>>`);
    },
    finish() {
      closeNode();
      writer.put(root, `<</Type/Pages/Count ${count}/Kids[${references(nodes)}]>>`);
      return root;
    },
  };
}

/** What is drawn on top of a document's pages, by their index. */
export interface DrawnForms {
  readonly forms: PageForms;
  readonly drawn: readonly (PageForm | undefined)[];
}

/** All pages of the document, each with what it inherits. */
export function copyPages(
  source: PDF,
  { finder, copier }: { readonly finder: ObjectFinder; readonly copier: ObjectCopier },
  tree: PageTree,
  { forms, drawn }: DrawnForms,
): void {
  const pages = source.getPages();
  const numbers = pages.map((page) => {
    const number = tree.allocate();
    copier.stands(page.ref, number);
    return number;
  });
  for (const [index, page] of pages.entries()) {
    for (const key of INHERITABLE) {
      const value = inherited(finder, page, key);
      if (value !== undefined) page.dict.set(key, value);
    }
    for (const key of LEADING_OUT) page.dict.delete(key);
    const form = drawn[index];
    if (form !== undefined) forms.draw(form, page.dict, page.dict.get('Resources'), { finder, copier });
    const number = numbers[index] ?? 0;
    copier.stands(PARENT, tree.add(number));
    page.dict.set('Parent', PARENT);
    copier.put(number, page.dict);
  }
}

/** Object 0 is never anything (7.5.4), so this reference is ours. */
const PARENT = PdfRef.of(0, 65_535);
/** Threads of reading, and what programs keep for themselves. */
const LEADING_OUT = ['B', 'PieceInfo', 'Thumb', 'AA', 'Metadata'];

export function references(numbers: readonly number[]): string {
  return numbers.map((number) => `${number} 0 R`).join(' ');
}
