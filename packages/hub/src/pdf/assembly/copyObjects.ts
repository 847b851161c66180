import { createHash } from 'node:crypto';
import { type PDF, PdfDict, PdfName, type PdfObject, type PdfRef, PdfStream } from '@libpdf/core';
import type { PdfFileWriter } from './pdfFileWriter.ts';
import { serializeObject } from './serializeObject.ts';

/** Copies objects of one document into the file that is written. */
export interface ObjectCopier {
  /** The number that the object has in the new file; copies what it refers to with it. Undefined when there is no such object. */
  copy(ref: PdfRef): number | undefined;
  /** This object will be written by somebody else, under that number. */
  stands(ref: PdfRef, number: number): void;
  /** Writes an object that has no number of its own in the source, or that was changed. */
  put(number: number, object: PdfObject): void;
  /** Writes what {@link copy} has put off: pages and structure elements, which refer to one another in circles. */
  finish(): void;
}

/** The same fonts, pictures and attachments stand in thousands of letters; each is written once. */
export interface WrittenOnce {
  /** The number of an object with this body: one that is written already, or a new one. */
  shared(body: Buffer, writer: PdfFileWriter): number;
}

/** Some 100 bytes each. What was forgotten is merely written again. */
const REMEMBERED_MAX = 50_000;
/** Small objects cost more to look up than to write again. */
const SHARED_BYTES_MIN = 200;
const OBJECTS_MAX = 250_000;
/** A chain of references; the walk is recursive. */
const DEPTH_MAX = 1_000;
const CIRCULAR_TYPES: ReadonlySet<string> = new Set(['Page', 'StructElem', 'Annot', 'OBJR']);

export function createWrittenOnce(): WrittenOnce {
  const numbers = new Map<string, number>();
  return {
    shared(body, writer) {
      const hash = body.length < SHARED_BYTES_MIN ? undefined : createHash('sha256').update(body).digest('base64');
      const found = hash === undefined ? undefined : numbers.get(hash);
      if (found !== undefined) return found;
      const number = writer.allocate();
      writer.put(number, body);
      if (hash === undefined) return number;
      if (numbers.size >= REMEMBERED_MAX) numbers.delete(numbers.keys().next().value ?? '');
      numbers.set(hash, number);
      return number;
    },
  };
}

/**
 * `structBase` is added to the keys by which pages find their structure; undefined where the source has none.
 *
 * @throws RangeError when the source has more or deeper nested objects than any letter needs.
 */
export function createObjectCopier(
  source: PDF,
  writer: PdfFileWriter,
  once: WrittenOnce,
  structBase: number | undefined,
): ObjectCopier {
  const numbers = new Map<PdfRef, number>();
  const open = new Set<PdfRef>();
  const putOff: [number, PdfObject][] = [];
  const renumbering = {
    ref: copy,
    structParent: (key: number) => (structBase === undefined ? undefined : structBase + key),
  };

  function numberOf(ref: PdfRef): number {
    const number = numbers.get(ref) ?? writer.allocate();
    numbers.set(ref, number);
    return number;
  }

  function copy(ref: PdfRef): number | undefined {
    const known = numbers.get(ref);
    if (known !== undefined) return known;
    const object = source.getObject(ref);
    if (object === null) return undefined;
    if (numbers.size + open.size > OBJECTS_MAX || open.size > DEPTH_MAX) throw new RangeError('too many objects');
    // In the middle of itself: it gets its number now, and is not shared.
    if (open.has(ref)) return numberOf(ref);
    if (isCircular(object)) {
      putOff.push([numberOf(ref), object]);
      return numbers.get(ref);
    }
    open.add(ref);
    const body = serializeObject(object, renumbering);
    open.delete(ref);
    numbers.set(ref, numbers.has(ref) ? written(numberOf(ref), body) : once.shared(body, writer));
    return numbers.get(ref);
  }

  function written(number: number, body: Buffer): number {
    writer.put(number, body);
    return number;
  }

  return {
    copy,
    stands: (ref, number) => numbers.set(ref, number),
    put: (number, object) => writer.put(number, serializeObject(object, renumbering)),
    finish() {
      for (let next = putOff.pop(); next !== undefined; next = putOff.pop()) {
        writer.put(next[0], serializeObject(next[1], renumbering));
      }
    },
  };
}

function isCircular(object: PdfObject): boolean {
  if (!(object instanceof PdfDict) || object instanceof PdfStream) return false;
  const type = object.get('Type');
  // The type of a structure element and an annotation may be left out.
  if (type === undefined) return object.has('S') || object.has('Subtype');
  return type instanceof PdfName && CIRCULAR_TYPES.has(type.value);
}
