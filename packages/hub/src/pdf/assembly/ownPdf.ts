import { PdfRef } from '@libpdf/core';
import type { SourceTree } from './structureTree.ts';

/**
 * A PDF as our own writer leaves it (pdfFileWriter.ts, serializeObject.ts): one cross-reference table, each object from its offset to the next
 * one's, strings in hexadecimal only. So its references can be found and renumbered in the text, without reading it as anybody's PDF: a print
 * file's letters are joined in a third of the time.
 */
export interface OwnPdf {
  /** What stands between `obj` and `endobj`. */
  object(number: number): OwnObject | undefined;
  readonly pages: readonly { readonly number: number; readonly parent: number }[];
  readonly tree: SourceTree | undefined;
}

export interface OwnObject {
  /** All of it, or a stream's dictionary. */
  readonly text: string;
  /** From `stream` on. */
  readonly stream: Buffer | undefined;
}

const HEAD = '%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n';
const TAIL =
  /trailer\n<<\/Size (\d+)\/Root (\d+) 0 R\/Info \d+ 0 R\/ID\[<[0-9a-f]{32}><[0-9a-f]{32}>\]>>\nstartxref\n(\d+)\n%%EOF\n$/;
const TAIL_CHARS_MAX = 300;
const ROW_BYTES = 20;
const OFFSET_DIGITS = 10;
const OBJECT_END = '\nendobj\n';
const STREAM = '\nstream\n';

/** Undefined when it is not of our own form; then it is anybody's and read as such. */
export function readOwnPdf(bytes: Uint8Array): OwnPdf | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const [, size, root, start] = TAIL.exec(file.toString('latin1', Math.max(0, file.length - TAIL_CHARS_MAX))) ?? [];
  if (start === undefined || file.toString('latin1', 0, HEAD.length) !== HEAD) return undefined;
  const objects = createObjects(file, Number(start), Number(size));
  const catalog = objects(Number(root))?.text;
  const pages = referenceOf(catalog, 'Pages');
  if (catalog === undefined || pages === undefined) return undefined;
  return { object: objects, pages: pagesOf(pages, objects), tree: treeOf(catalog, objects) };
}

type Objects = OwnPdf['object'];

function createObjects(file: Buffer, start: number, size: number): Objects {
  const rows = file
    .toString('latin1', start, start + `xref\n0 ${size}\n`.length + size * ROW_BYTES)
    .split('\n')
    .slice(2);
  const offsets = rows.slice(0, size).map((row) => (row[17] === 'n' ? Number(row.slice(0, OFFSET_DIGITS)) : 0));
  const inOrder = [...offsets.filter((offset) => offset > 0), start].sort((a, b) => a - b);
  const ends = new Map(inOrder.map((offset, index) => [offset, inOrder[index + 1] ?? start]));
  return (number) => {
    const offset = offsets[number] ?? 0;
    const end = ends.get(offset);
    if (offset === 0 || end === undefined) return undefined;
    const from = offset + `${number} 0 obj\n`.length;
    const to = end - OBJECT_END.length;
    const streamAt = file.subarray(from, to).indexOf(STREAM, 0, 'latin1');
    if (streamAt === -1) return { text: file.toString('latin1', from, to), stream: undefined };
    return { text: file.toString('latin1', from, from + streamAt), stream: file.subarray(from + streamAt, to) };
  };
}

function pagesOf(node: number, objects: Objects): OwnPdf['pages'] {
  const text = objects(node)?.text ?? '';
  return referencesOf(text, 'Kids').flatMap((kid) => {
    const isNode = objects(kid)?.text.startsWith('<</Type/Pages') === true;
    return isNode ? pagesOf(kid, objects) : [{ number: kid, parent: node }];
  });
}

/** As structureTree.ts writes it. */
function treeOf(catalog: string, objects: Objects): SourceTree | undefined {
  const root = referenceOf(catalog, 'StructTreeRoot');
  if (root === undefined) return undefined;
  const text = objects(root)?.text ?? '';
  const leaves = referencesOf(objects(referenceOf(text, 'ParentTree') ?? 0)?.text ?? '', 'Kids');
  const language = /\/Lang <FEFF([0-9a-f]*)>/i.exec(catalog)?.[1];
  return {
    ref: PdfRef.of(root, 0),
    kids: referencesOf(text, 'K').map((number) => PdfRef.of(number, 0)),
    parents: leaves.flatMap((leaf) => rowsOf(objects(leaf)?.text ?? '')),
    language: language && Buffer.from(language, 'hex').swap16().toString('utf16le'),
  };
}

function rowsOf(leaf: string): [number, PdfRef][] {
  const [, rows = ''] = /\/Nums\[([^\]]*)\]/.exec(leaf) ?? [];
  return [...rows.matchAll(/(\d+) (\d+) 0 R/g)].map(([, key, number]) => [Number(key), PdfRef.of(Number(number), 0)]);
}

function referencesOf(text: string, key: string): number[] {
  const [, list = ''] = new RegExp(`/${key}\\[([^\\]]*)\\]`).exec(text) ?? [];
  return [...list.matchAll(/(\d+) 0 R/g)].map(([, number]) => Number(number));
}

function referenceOf(text: string | undefined, key: string): number | undefined {
  const [, number] = new RegExp(`/${key} (\\d+) 0 R`).exec(text ?? '') ?? [];
  return number === undefined ? undefined : Number(number);
}
