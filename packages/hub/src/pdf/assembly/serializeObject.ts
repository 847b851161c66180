import {
  PdfArray,
  PdfBool,
  PdfDict,
  PdfName,
  PdfNull,
  PdfNumber,
  type PdfObject,
  PdfRef,
  PdfStream,
  PdfString,
} from '@libpdf/core';

/** What an object's references and numbered keys become in the file that is written. */
export interface Renumbering {
  /** The new object number; undefined writes null. */
  ref(ref: PdfRef): number | undefined;
  /** For /StructParent and /StructParents; undefined drops the key. */
  structParent(key: number): number | undefined;
}

const STRUCT_PARENT_KEYS: ReadonlySet<string> = new Set(['StructParent', 'StructParents']);
/** Written objects come from files of others; deeper than this is an attack. */
const DEPTH_MAX = 200;

/** An object as it stands in a PDF file (ISO 32000-1 7.3), its stream included as it was encoded. */
export function serializeObject(object: PdfObject, renumbering: Renumbering): Buffer {
  if (!(object instanceof PdfStream)) return Buffer.from(valueText(object, renumbering, 0), 'latin1');
  const data = object.data;
  const entries = entriesText(object, renumbering, 0, 'Length');
  return Buffer.concat([
    Buffer.from(`<<${entries}/Length ${data.length}>>\nstream\n`, 'latin1'),
    data,
    Buffer.from('\nendstream', 'latin1'),
  ]);
}

/** A name as it is written, with its slash. */
export function nameText(name: string): string {
  if (/^[A-Za-z0-9_.+*-]+$/.test(name)) return `/${name}`;
  const bytes = [...Buffer.from(name, 'utf8')];
  return `/${bytes.map((byte) => (isRegular(byte) ? String.fromCharCode(byte) : `#${hex(byte)}`)).join('')}`;
}

/** A text string (7.9.2.2), in UTF-16 so that every letter is told. */
export function textString(text: string): string {
  return `<FEFF${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`;
}

function valueText(object: PdfObject, renumbering: Renumbering, depth: number): string {
  if (depth > DEPTH_MAX) throw new RangeError('an object is nested too deep');
  if (object instanceof PdfRef) {
    const number = renumbering.ref(object);
    return number === undefined ? 'null' : `${number} 0 R`;
  }
  if (object instanceof PdfName) return nameText(object.value);
  if (object instanceof PdfNumber) return numberText(object.value);
  if (object instanceof PdfString) return `<${Buffer.from(object.bytes).toString('hex')}>`;
  if (object instanceof PdfBool) return object.value ? 'true' : 'false';
  if (object instanceof PdfArray) {
    return `[${object
      .toArray()
      .map((each) => valueText(each, renumbering, depth + 1))
      .join(' ')}]`;
  }
  if (object instanceof PdfDict) return `<<${entriesText(object, renumbering, depth)}>>`;
  if (object instanceof PdfNull) return 'null';
  throw new Error(`a ${object.type} does not stand in a print file`);
}

function entriesText(dict: PdfDict, renumbering: Renumbering, depth: number, without?: string): string {
  let text = '';
  for (const [{ value: key }, value] of dict) {
    if (key === without) continue;
    if (STRUCT_PARENT_KEYS.has(key) && value instanceof PdfNumber) {
      const number = renumbering.structParent(value.value);
      if (number !== undefined) text += `/${key} ${number}`;
    } else text += `${nameText(key)} ${valueText(value, renumbering, depth + 1)}`;
  }
  return text;
}

/** Never with an exponent, which PDF does not know (7.3.3). */
function numberText(value: number): string {
  if (Number.isInteger(value)) return value.toFixed(0);
  return value.toFixed(8).replace(/\.?0+$/, '');
}

function isRegular(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f && !'#()<>[]{}/%'.includes(String.fromCharCode(byte));
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
