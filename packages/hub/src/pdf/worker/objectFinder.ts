import { type PDF, PdfArray, PdfDict, type PdfObject, PdfRef, PdfStream } from '@libpdf/core';

/** Walks everything that can be reached, each indirect object once, without recursion: cycles and depth cannot hurt. */
export interface ObjectFinder {
  resolve(object: PdfObject | undefined): PdfObject | undefined;
  /** Every dictionary (streams too) reachable from the roots; `skip` names keys that are not followed. */
  dictionaries(roots: readonly PdfObject[], skip?: ReadonlySet<string>): Generator<PdfDict>;
  /** All streams that some walk has come by. */
  streams(): PdfStream[];
}

/** More than any letter needs; a 2 MB file of empty objects has some 100 000. */
const OBJECTS_MAX = 250_000;

export function createObjectFinder(pdf: PDF): ObjectFinder {
  const streams = new Set<PdfStream>();

  function resolve(object: PdfObject | undefined): PdfObject | undefined {
    return object instanceof PdfRef ? (pdf.getObject(object) ?? undefined) : object;
  }

  function* dictionaries(roots: readonly PdfObject[], skip: ReadonlySet<string> = new Set()): Generator<PdfDict> {
    const open: PdfObject[] = [...roots];
    const seen = new Set<PdfObject>();
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next instanceof PdfRef && seen.has(next)) continue;
      const object = resolve(next);
      if (object === undefined || seen.has(object)) continue;
      seen.add(next);
      seen.add(object);
      if (seen.size > OBJECTS_MAX) throw new RangeError(`more than ${OBJECTS_MAX} objects`);
      if (object instanceof PdfArray) open.push(...containers(object.toArray()));
      if (!(object instanceof PdfDict)) continue;
      if (object instanceof PdfStream) streams.add(object);
      yield object;
      for (const [key, value] of object) if (!skip.has(key.value)) open.push(...containers([value]));
    }
  }

  return { resolve, dictionaries, streams: () => [...streams] };
}

function containers(objects: readonly PdfObject[]): PdfObject[] {
  return objects.filter(
    (object) => object instanceof PdfRef || object instanceof PdfArray || object instanceof PdfDict,
  );
}
