import { CsvError, parse } from 'csv-parse/sync';
import { readSheet } from 'read-excel-file/node';
import { openArchive } from './archive.ts';
import { decodeText, isTwiceEncoded, type TextEncoding } from './decodeText.ts';
import { placesOf, RowCells } from './rowCells.ts';

/** A file of rows under a header. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
  /** How the file was understood, told to whoever handed it in. */
  readonly understoodAs:
    | { readonly kind: 'csv'; readonly encoding: TextEncoding; readonly separator: string }
    | { readonly kind: 'xlsx' };
}

export interface TableRow {
  /** In the file, the header being line 1; in a spreadsheet its row. */
  readonly line: number;
  readonly cells: RowCells;
}

export type TableFaultCode =
  | 'HUB_TABLE_EMPTY'
  | 'HUB_TABLE_HEADER'
  | 'HUB_TABLE_TOO_LARGE'
  | 'HUB_TABLE_UNREADABLE'
  | 'HUB_TABLE_ROW_LENGTH'
  | 'HUB_TABLE_TWICE_ENCODED';

export interface TableFault {
  readonly code: TableFaultCode;
  /** Undefined: the whole file. */
  readonly line: number | undefined;
  readonly text: string;
}

/** Rows that are sound, and the faults of the others; without `table` the file could not be used at all. */
export type TableResult =
  | { readonly table: Table; readonly faults: readonly TableFault[] }
  | { readonly faults: readonly TableFault[] };

export const TABLE_ROWS_MAX = 200_000;
export const TABLE_BYTES_MAX = 128 * 1024 * 1024;
const COLUMNS_MAX = 200;
const CELL_CHARACTERS_MAX = 10_000;
const SEPARATORS = [';', ',', '\t', '|'] as const;
const ZIP_HEAD = Buffer.from('PK\u0003\u0004', 'latin1');
/** What a spreadsheet may unpack to. */
const XLSX_UNPACKED_BYTES_MAX = 512 * 1024 * 1024;

/**
 * Reads CSV or XLSX, whichever the bytes are: programs name their files as they like. Separator and encoding of CSV are found out. A row
 * that is wrong is a fault with its line and is left out; whether the others count is the sender's to say (scenario 17).
 */
export async function readTable(bytes: Buffer): Promise<TableResult> {
  if (bytes.length > TABLE_BYTES_MAX) {
    return failed('HUB_TABLE_TOO_LARGE', `Filen är större än ${TABLE_BYTES_MAX / 1024 / 1024} MB.`);
  }
  return bytes.subarray(0, ZIP_HEAD.length).equals(ZIP_HEAD) ? readXlsx(bytes) : readCsv(bytes);
}

function readCsv(bytes: Buffer): TableResult {
  const { text, encoding } = decodeText(bytes);
  if (text.includes('\0')) return failed('HUB_TABLE_UNREADABLE', 'Filen är ingen textfil.');
  const separator = separatorOf(text);
  try {
    const records: RawRecord[] = [];
    parse(text, {
      delimiter: separator,
      // Each record at once, and not with `info`: what the library says of every record is many times larger than the record.
      on_record: (record, { lines }) => {
        records.push({ cells: record.map((cell) => cell.trim()), line: lines });
        return null;
      },
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      to: TABLE_ROWS_MAX + 2,
    });
    return toTable(records, { kind: 'csv', encoding, separator });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = (error as { lines?: number }).lines;
    return failed('HUB_TABLE_UNREADABLE', 'Ett citattecken är inte avslutat, eller står mitt i en text.', line);
  }
}

interface RawRecord {
  readonly cells: readonly string[];
  readonly line: number;
}

/** The one that stands most often in the header; a comma in a name does not outweigh the semicolons of the others. */
function separatorOf(text: string): string {
  const header = (/^[^\r\n]*/.exec(text.trimStart())?.[0] ?? '').replace(/"[^"]*"/g, '');
  const counts = SEPARATORS.map((separator) => [separator, header.split(separator).length - 1] as const);
  const [best = [';', 0] as const] = counts.sort(([, a], [, b]) => b - a);
  return best[1] === 0 ? ';' : best[0];
}

async function readXlsx(bytes: Buffer): Promise<TableResult> {
  const archive = await openArchive(bytes, { unpackedBytesMax: XLSX_UNPACKED_BYTES_MAX });
  if ('faults' in archive) {
    return failed('HUB_TABLE_UNREADABLE', archive.faults.map(({ text }) => text).join(' '));
  }
  await archive.close();
  let sheet: readonly (readonly unknown[])[];
  try {
    sheet = await readSheet(bytes, { parseNumber: (text: string) => text });
  } catch {
    // Whatever the library says of a damaged workbook, it is in words for its developers.
    return failed('HUB_TABLE_UNREADABLE', 'Filen går inte att läsa som Excelbok.');
  }
  const records = sheet.map((cells, n) => ({ cells: cells.map(cellText), line: n + 1 }));
  return toTable(
    records.filter(({ cells }) => cells.some((cell) => cell !== '')),
    { kind: 'xlsx' },
  );
}

/** A date as people in Sweden write it; a number as it stands, so that no digit is lost. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString().slice(0, 'yyyy-mm-dd'.length);
  return String(value).trim();
}

function toTable(records: readonly RawRecord[], understoodAs: Table['understoodAs']): TableResult {
  const [header, ...rest] = records;
  if (header === undefined) return failed('HUB_TABLE_EMPTY', 'Filen är tom.');
  const columns = header.cells.map((cell) => cell.replace(/\s+/g, ' ').trim());
  const wrong = headerFault(columns, rest[0]?.cells.length ?? columns.length);
  if (wrong !== undefined) return failed('HUB_TABLE_HEADER', wrong, header.line);
  if (rest.length === 0) return failed('HUB_TABLE_EMPTY', 'Filen har rubriker men inga rader.');
  if (rest.length > TABLE_ROWS_MAX) return failed('HUB_TABLE_TOO_LARGE', `Filen har fler än ${TABLE_ROWS_MAX} rader.`);
  const faults: TableFault[] = [];
  const rows: TableRow[] = [];
  const places = placesOf(columns);
  for (const record of rest) {
    const fault = rowFault(record, columns);
    if (fault === undefined) rows.push({ line: record.line, cells: new RowCells(places, record.cells) });
    else faults.push(fault);
  }
  return { table: { columns, rows, understoodAs }, faults };
}

function headerFault(columns: readonly string[], cellsBelow: number): string | undefined {
  if (columns.length > COLUMNS_MAX) return `Filen har fler än ${COLUMNS_MAX} kolumner.`;
  const empty = columns.indexOf('');
  if (empty >= 0 && empty < cellsBelow) return `Kolumn ${empty + 1} saknar rubrik.`;
  const seen = new Set<string>();
  for (const column of columns.map((each) => each.toLowerCase())) {
    if (seen.has(column)) return `Rubriken ”${column}” står två gånger.`;
    seen.add(column);
  }
  return undefined;
}

function rowFault({ cells, line }: RawRecord, columns: readonly string[]): TableFault | undefined {
  const beyond = cells.slice(columns.length).some((cell) => cell !== '');
  if (beyond || cells.length < columns.length - trailingEmpty(columns)) {
    const text = `Raden har ${cells.length} fält men filen har ${columns.length} kolumner.`;
    return { code: 'HUB_TABLE_ROW_LENGTH', line, text };
  }
  if (cells.some((cell) => cell.length > CELL_CHARACTERS_MAX)) {
    return { code: 'HUB_TABLE_TOO_LARGE', line, text: `Ett fält har fler än ${CELL_CHARACTERS_MAX} tecken.` };
  }
  if (cells.some(isTwiceEncoded)) {
    return {
      code: 'HUB_TABLE_TWICE_ENCODED',
      line,
      text: 'Å, ä och ö är förstörda (”Ã¥”): filen har sparats i fel teckenkodning.',
    };
  }
  return undefined;
}

/** A spreadsheet leaves the last cells of a row out when they are empty. */
function trailingEmpty(columns: readonly string[]): number {
  return columns.length - (columns.findLastIndex((column) => column !== '') + 1);
}

function failed(code: TableFaultCode, text: string, line?: number): TableResult {
  return { faults: [{ code, line, text }] };
}
