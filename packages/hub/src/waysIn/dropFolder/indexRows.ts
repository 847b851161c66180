import { oneByteEncodingOf, type PlainElement, readXml, XmlRefused } from '@brevduva/protocol';
import { decodeText } from '../files/decodeText.ts';
import type { FileFaultCode } from '../files/faults.ts';
import { placesOf } from '../files/rowCells.ts';
import { readTable } from '../files/table.ts';
import { tableUnderstoodAs } from '../files/understoodAs.ts';
import { xmlRefusalText } from '../files/xmlTexts.ts';

/** A row of an index, whatever kind of file it came in. */
export interface IndexRow {
  /** Of the file, its heading being line 1; in XML and JSON which in order, from 1. */
  readonly line: number;
  /** By column or path, in lower case. A field without text is ''. */
  readonly cells: { get(column: string): string | undefined };
}

export interface FileFault {
  readonly code: FileFaultCode;
  /** Undefined: the whole delivery. */
  readonly line: number | undefined;
  /** The file at fault, where it is a letter of its own. */
  readonly file?: string;
  readonly text: string;
}

export interface ReadIndex {
  readonly rows: readonly IndexRow[];
  /** In lower case; undefined where each row says for itself what it has. */
  readonly columns: ReadonlySet<string> | undefined;
  readonly faults: readonly FileFault[];
  /** How the file was understood, for whoever handed it in. */
  readonly understoodAs: string;
}

export const INDEX_BYTES_MAX = 128 * 1024 * 1024;
const ROWS_MAX = 200_000;

/** Reads an index: CSV or a sheet, or XML or JSON by the file's name. Without rows the file could not be used, and the fault says why. */
export async function readIndex(bytes: Buffer, type: string, rowElement: string | undefined): Promise<ReadIndex> {
  if (type === '.xml') return readXmlIndex(bytes, rowElement);
  if (type === '.json') return readJsonIndex(bytes);
  const result = await readTable(bytes);
  if (!('table' in result)) return unusable(result.faults);
  const { columns, rows, understoodAs } = result.table;
  const lower = columns.map((column) => column.toLowerCase());
  const places = placesOf(lower);
  return {
    rows: rows.map(({ line, cells }) => ({ line, cells: cells.under(places) })),
    columns: new Set(lower),
    faults: result.faults,
    understoodAs: tableUnderstoodAs(understoodAs),
  };
}

/** Reads what stands of one letter beside its PDF. */
export function readSingle(bytes: Buffer, type: string): ReadIndex {
  return type === '.json' ? readJsonIndex(bytes) : readXmlIndex(bytes, undefined, true);
}

function readXmlIndex(bytes: Buffer, rowElement: string | undefined, isSingle = false): ReadIndex {
  const root = xmlOf(bytes);
  if (typeof root === 'string') return unusable([{ code: 'HUB_INDEX_XML', line: undefined, text: root }]);
  const elements = isSingle ? [root] : rowElement === undefined ? root.children : named(root, rowElement);
  if (elements.length === 0) return unusable([{ code: 'HUB_TABLE_EMPTY', line: undefined, text: noRows(rowElement) }]);
  if (elements.length > ROWS_MAX) {
    return unusable([{ code: 'HUB_TABLE_TOO_LARGE', line: undefined, text: `Filen har fler än ${ROWS_MAX} brev.` }]);
  }
  const encoding = oneByteEncodingOf(bytes);
  const rows = elements.map((element, n) => ({ line: n + 1, cells: cellsOf(element) }));
  return { rows, columns: undefined, faults: [], understoodAs: encoding === undefined ? 'XML' : `XML i ${encoding}` };
}

function noRows(rowElement: string | undefined): string {
  return rowElement === undefined ? 'Filen har inga brev.' : `Filen har inget element ”${rowElement}”.`;
}

/** The document's root, or in Swedish why there is none. */
export function xmlOf(bytes: Buffer): PlainElement | string {
  try {
    return readXml(bytes, { bytesMax: INDEX_BYTES_MAX });
  } catch (error) {
    if (!(error instanceof XmlRefused)) throw error;
    return xmlRefusalText(error);
  }
}

function named(element: PlainElement, name: string): PlainElement[] {
  return element.children.flatMap((child) => (child.name === name ? [child] : named(child, name)));
}

/** Every element by its path below the row, every attribute with an @; of several alike the first counts. */
function cellsOf(row: PlainElement): Map<string, string> {
  const cells = new Map<string, string>();
  const put = (path: string, text: string) => {
    if (!cells.has(path)) cells.set(path, text);
  };
  const walk = (element: PlainElement, path: string) => {
    const below = (name: string) => (path === '' ? name : `${path}/${name}`).toLowerCase();
    for (const [name, value] of element.attributes) put(below(`@${name}`), value.trim());
    for (const child of element.children) {
      put(below(child.name), child.text);
      walk(child, below(child.name));
    }
  };
  walk(row, '');
  return cells;
}

function readJsonIndex(bytes: Buffer): ReadIndex {
  let value: unknown;
  try {
    value = JSON.parse(decodeText(bytes).text);
  } catch {
    return unusable([{ code: 'HUB_INDEX_JSON', line: undefined, text: 'Filen är inte giltig JSON.' }]);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return unusable([{ code: 'HUB_INDEX_JSON', line: undefined, text: 'Filen ska ha ett JSON-objekt med fält.' }]);
  }
  const cells = new Map<string, string>();
  flatten(value, '', cells, JSON_DEPTH_MAX);
  return { rows: [{ line: 1, cells }], columns: undefined, faults: [], understoodAs: 'JSON' };
}

const JSON_DEPTH_MAX = 8;

function flatten(value: object, path: string, cells: Map<string, string>, depthLeft: number): void {
  for (const [name, item] of Object.entries(value)) {
    const own = (path === '' ? name : `${path}/${name}`).toLowerCase();
    if (typeof item === 'object' && item !== null) {
      if (depthLeft > 0) flatten(item, own, cells, depthLeft - 1);
    } else {
      cells.set(own, item === null ? '' : String(item).trim());
    }
  }
}

function unusable(faults: readonly FileFault[]): ReadIndex {
  return { rows: [], columns: undefined, faults, understoodAs: '' };
}
