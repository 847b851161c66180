import type { PdfRef } from '@libpdf/core';
import type { ObjectCopier, WrittenOnce } from './copyObjects.ts';
import type { OwnObject, OwnPdf } from './ownPdf.ts';
import type { PageTree } from './pageTree.ts';
import type { PdfFileWriter } from './pdfFileWriter.ts';

/** Copies objects of a PDF of our own form, as createObjectCopier does those of any. */
export interface OwnCopier extends Pick<ObjectCopier, 'copy' | 'stands' | 'finish'> {
  copyPages(pages: OwnPdf['pages'], tree: PageTree): void;
}

const REFERENCE = /(\d+) 0 R\b/g;
const STRUCT_PARENT = /\/(StructParents?) (\d+)/g;
/** They refer to one another in circles. */
const CIRCULAR = /\/Type ?\/(?:Page|StructElem|Annot|OBJR)(?![A-Za-z])/;

export function createOwnCopier(
  source: OwnPdf,
  writer: PdfFileWriter,
  once: WrittenOnce,
  structBase: number | undefined,
): OwnCopier {
  const numbers = new Map<number, number>();
  const open = new Set<number>();
  const putOff: [number, OwnObject][] = [];

  function numberOf(number: number): number {
    const known = numbers.get(number) ?? writer.allocate();
    numbers.set(number, known);
    return known;
  }

  function renumbered({ text, stream }: OwnObject): Buffer {
    const keyed = text.replace(STRUCT_PARENT, (_, key: string, value: string) =>
      structBase === undefined ? '' : `/${key} ${structBase + Number(value)}`,
    );
    const body = Buffer.from(
      keyed.replace(REFERENCE, (_, number: string) => {
        const copied = copyNumber(Number(number));
        return copied === undefined ? 'null' : `${copied} 0 R`;
      }),
      'latin1',
    );
    return stream === undefined ? body : Buffer.concat([body, stream]);
  }

  function copyNumber(number: number): number | undefined {
    const known = numbers.get(number);
    if (known !== undefined) return known;
    const object = source.object(number);
    if (object === undefined) return undefined;
    // In the middle of itself: it gets its number now, and is not shared.
    if (open.has(number)) return numberOf(number);
    if (object.stream === undefined && isCircular(object.text)) {
      putOff.push([numberOf(number), object]);
      return numbers.get(number);
    }
    open.add(number);
    const body = renumbered(object);
    open.delete(number);
    const own = numbers.get(number);
    const copied = own ?? once.shared(body, writer);
    if (own !== undefined) writer.put(own, body);
    numbers.set(number, copied);
    return copied;
  }

  return {
    copy: (ref: PdfRef) => copyNumber(ref.objectNumber),
    stands: (ref: PdfRef, number) => numbers.set(ref.objectNumber, number),
    copyPages(pages, tree) {
      const written = pages.map(({ number }) => numberOf(number));
      for (const [index, { number, parent }] of pages.entries()) {
        const page = written[index] ?? 0;
        numbers.set(parent, tree.add(page));
        writer.put(page, renumbered(source.object(number) ?? { text: 'null', stream: undefined }));
      }
    },
    finish() {
      for (let next = putOff.pop(); next !== undefined; next = putOff.pop()) writer.put(next[0], renumbered(next[1]));
    },
  };
}

/** The type of a structure element and an annotation may be left out. */
function isCircular(text: string): boolean {
  return CIRCULAR.test(text) || (!text.includes('/Type') && /\/(?:S|Subtype) ?\//.test(text));
}
