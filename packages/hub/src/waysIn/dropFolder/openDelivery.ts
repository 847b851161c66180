import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DropFolderSettings } from '../../organisation/waysIn/dropFolder.ts';
import type { InvoicesSettings } from '../../organisation/waysIn/invoices.ts';
import { type Archive, type ArchiveEntry, ArchiveError, openArchive } from '../files/archive.ts';
import { FILE_FAULT_TEXTS, type FileFaultCode } from '../files/faults.ts';
import { oneForm } from '../files/oneForm.ts';
import { openInvoices } from '../invoices/openInvoices.ts';
import { isUbl, UBL_BYTES_MAX } from '../invoices/ublInvoice.ts';
import { type DeliveryKind, pdfBeside, typeOf } from './deliveries.ts';
import { ifGone, readPlainFile, type UnreadFile } from './folders.ts';
import { type FileFault, INDEX_BYTES_MAX, readIndex, readSingle } from './indexRows.ts';
import { columnFaults, type LetterRow, toLetterRow } from './letterRows.ts';

/** What a delivery holds, its PDFs not read yet. */
export interface OpenDelivery {
  readonly letters: readonly LetterRow[];
  readonly faults: readonly FileFault[];
  readonly understoodAs: string;
  /** The PDF that a row names. */
  readPdf(file: string): Promise<Buffer | PdfFault>;
  /** The invoice in UBL that a row was read from, where it was. */
  readXml?(file: string): Promise<Buffer | PdfFault>;
  close(): Promise<void>;
}

export interface PdfFault {
  readonly code: FileFaultCode;
  readonly text: string;
}

/** As much as a letter may take on the wire, with room for a PDF that only goes on paper. */
const PDF_BYTES_MAX = 16 * 1024 * 1024;
/** Of a whole archive as it lies on the disk. */
export const ARCHIVE_BYTES_MAX = 1024 ** 3;

export interface OpenContext {
  readonly folder: string;
  readonly kind: DeliveryKind;
  readonly main: string;
  readonly settings: DropFolderSettings;
  /** Of a system that hands in invoices: then an XML file is one (isInvoice). */
  readonly invoices?: InvoicesSettings | undefined;
  readonly systemName: string;
  /** Says that the work goes on. */
  renew?(): Promise<void>;
}

/** Reads what the delivery is. The caller closes it. */
export async function openDelivery(context: OpenContext): Promise<OpenDelivery> {
  if (context.kind === 'archive') return openZipDelivery(context);
  if (context.kind === 'stray') return nothing([strayFault(context.main)]);
  const { folder, main } = context;
  const bytes = await readPlainFile(join(folder, main), INDEX_BYTES_MAX);
  if (!Buffer.isBuffer(bytes)) return nothing([{ ...unreadFault(bytes, main), line: undefined }]);
  const beside = createNamesBeside(folder);
  const readPdf = (file: string) => readBeside(folder, file, beside);
  if (context.invoices !== undefined && typeOf(main) === '.xml' && isInvoice(bytes, context)) {
    const read = async () => (bytes.length > UBL_BYTES_MAX ? unreadFault('tooLarge', main) : bytes);
    const pdf = context.kind === 'pair' ? { readBeside: () => readPdf(pdfBeside(main)) } : {};
    return {
      ...(await openInvoices([{ name: main, read, ...pdf }], context.invoices, context)),
      close: async () => undefined,
    };
  }
  if (context.kind === 'pair') return toDelivery(readSingle(bytes, typeOf(main)), readPdf, context, pdfBeside(main));
  return toDelivery(await readIndex(bytes, typeOf(main), context.settings.rowElement), readPdf, context);
}

/** A delivery whose node died while it took the files, and whose name has been used again meanwhile. */
export function interrupted(): OpenDelivery {
  return nothing([fileFault('HUB_FILE_INTERRUPTED', FILE_FAULT_TEXTS.HUB_FILE_INTERRUPTED)]);
}

function toDelivery(
  index: Awaited<ReturnType<typeof readIndex>>,
  readPdf: OpenDelivery['readPdf'],
  { settings, systemName }: OpenContext,
  file?: string,
): OpenDelivery {
  const missing = columnFaults(index, settings.columns);
  const { understoodAs } = index;
  if (missing.length > 0) return { ...nothing(missing), understoodAs };
  const rows = index.rows.map((row) => toLetterRow(row, { settings, systemName, ...(file !== undefined && { file }) }));
  const letters = rows.flatMap((row) => (Array.isArray(row) ? [] : [row as LetterRow]));
  const faults = [...index.faults, ...rows.flatMap((row) => (Array.isArray(row) ? (row as FileFault[]) : []))];
  return { letters, faults, understoodAs, readPdf, close: async () => undefined };
}

/**
 * Where a system hands in invoices, an XML file is one, also if it cannot be read. Where its lists are XML too (rowElement), or one letter's
 * facts beside a PDF, what is UBL is.
 */
function isInvoice(bytes: Buffer, { kind, settings }: OpenContext): boolean {
  return (settings.rowElement === undefined && kind !== 'pair') || isUbl(bytes);
}

async function openZipDelivery(context: OpenContext): Promise<OpenDelivery> {
  const path = join(context.folder, context.main);
  const size = await plainSize(path);
  if (typeof size === 'string') return nothing([{ ...unreadFault(size, context.main), line: undefined }]);
  const archive = await openArchive(path, { entryBytesMax: INDEX_BYTES_MAX });
  if ('faults' in archive) {
    return nothing(
      archive.faults.map(({ code, entry, text }) => ({
        ...{ code, line: undefined },
        text: entry === undefined ? text : `${entry}: ${text}`,
      })),
    );
  }
  const delivery = await readArchive(archive, context).catch(async (error: unknown) => {
    await archive.close();
    throw error;
  });
  return { ...delivery, close: () => archive.close() };
}

async function readArchive(archive: Archive, context: OpenContext): Promise<OpenDelivery> {
  const indexes = archive.entries.filter(({ name }) => INDEX_TYPES.includes(typeOf(name)));
  const [index] = indexes;
  const invoices = await archivedInvoices(archive, indexes, context);
  if (invoices !== undefined) return invoices;
  if (index === undefined)
    return nothing([fileFault('HUB_INDEX_MISSING', 'Arkivet har inget index (CSV, Excel eller XML).')]);
  if (indexes.length > 1) {
    const names = indexes.slice(0, NAMES_TOLD_MAX).map(({ name }) => name);
    return nothing([
      fileFault('HUB_INDEX_SEVERAL', `Arkivet har flera filer som kan vara index: ${names.join(', ')}.`),
    ]);
  }
  const bytes = await readEntry(archive, index.name, index);
  if (!Buffer.isBuffer(bytes)) return nothing([{ ...bytes, line: undefined }]);
  // A path in the index is from the index's own folder, as whoever packed it had it on the disk.
  const base = index.name.slice(0, index.name.lastIndexOf('/') + 1);
  const read = await readIndex(bytes, typeOf(index.name), context.settings.rowElement);
  const entries = new Map(archive.entries.map((entry) => [oneForm(entry.name), entry]));
  const readPdf = (file: string) => readEntry(archive, entryName(base, file), entries.get(entryName(base, file)));
  const delivery = toDelivery(read, readPdf, context);
  const used = new Set([oneForm(index.name), ...delivery.letters.map(({ file }) => entryName(base, file))]);
  if (delivery.letters.length === 0) return delivery;
  return { ...delivery, faults: [...delivery.faults, ...unusedFaults(archive, used)] };
}

/** An archive that has no list but XML files, if those are invoices: each of them a letter, with its PDF inside or beside it. */
async function archivedInvoices(
  archive: Archive,
  indexes: readonly ArchiveEntry[],
  context: OpenContext,
): Promise<OpenDelivery | undefined> {
  const { invoices, settings } = context;
  const [first] = indexes;
  if (invoices === undefined || first === undefined) return undefined;
  if (indexes.some(({ name }) => typeOf(name) !== '.xml')) return undefined;
  const readInvoice = async (entry: ArchiveEntry) =>
    entry.bytes > UBL_BYTES_MAX ? unreadFault('tooLarge', entry.name) : readEntry(archive, entry.name, entry);
  if (settings.rowElement !== undefined) {
    const bytes = await readInvoice(first);
    if (Buffer.isBuffer(bytes) && !isUbl(bytes)) return undefined;
  }
  const entries = new Map(archive.entries.map((entry) => [oneForm(entry.name), entry]));
  const files = indexes.map((entry) => {
    const pdf = entries.get(oneForm(pdfBeside(entry.name)));
    const beside = pdf === undefined ? {} : { readBeside: () => readEntry(archive, pdf.name, pdf) };
    return { name: entry.name, read: () => readInvoice(entry), ...beside };
  });
  const open = await openInvoices(files, invoices, context);
  const used = new Set(indexes.flatMap(({ name }) => [oneForm(name), oneForm(pdfBeside(name))]));
  return { ...open, faults: [...open.faults, ...unusedFaults(archive, used)], close: async () => undefined };
}

function unusedFaults(archive: Archive, used: ReadonlySet<string>): FileFault[] {
  return archive.entries
    .filter(({ name }) => !used.has(oneForm(name)) && !IGNORED.test(name))
    .slice(0, NAMES_TOLD_MAX)
    .map(({ name }) => fileFault('HUB_FILE_UNUSED', `Ingen rad nämner ${name}.`));
}

const INDEX_TYPES = ['.csv', '.xlsx', '.xml'];
const NAMES_TOLD_MAX = 20;
/** What macOS and Windows leave in archives by themselves. */
const IGNORED = /(?:^|\/)(?:__MACOSX\/.*|\.DS_Store|Thumbs\.db|desktop\.ini)$/i;

function entryName(base: string, file: string): string {
  return oneForm(`${base}${file.replaceAll('\\', '/').replace(/^\.\//, '')}`);
}

async function readEntry(archive: Archive, name: string, entry: ArchiveEntry | undefined): Promise<Buffer | PdfFault> {
  if (entry === undefined) return { code: 'HUB_FILE_MISSING', text: `Filen ${name} finns inte i arkivet.` };
  const bytesMax = INDEX_TYPES.includes(typeOf(name)) ? INDEX_BYTES_MAX : PDF_BYTES_MAX;
  if (entry.bytes > bytesMax) return unreadFault('tooLarge', name);
  try {
    return await archive.read(entry);
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    return { code: 'HUB_FILE_DAMAGED', text: `Filen ${name} i arkivet är skadad.` };
  }
}

/** Only what lies beside the index: a name with a path in it is no name. */
async function readBeside(folder: string, file: string, beside: NamesBeside): Promise<Buffer | PdfFault> {
  if (!isPlainName(file))
    return { code: 'HUB_FILE_MISSING', text: 'Raden ska nämna filen med bara dess namn, utan sökväg.' };
  const bytes = await readPlainFile(join(folder, file), PDF_BYTES_MAX);
  if (Buffer.isBuffer(bytes)) return bytes;
  const written = bytes === 'missing' ? (await beside()).get(oneForm(file)) : undefined;
  const again = written === undefined ? bytes : await readPlainFile(join(folder, written), PDF_BYTES_MAX);
  return Buffer.isBuffer(again) ? again : unreadFault(again, file);
}

/** Names as they are written in the folder, by the one form that they are compared in. */
type NamesBeside = () => Promise<ReadonlyMap<string, string>>;

/** Read once, and only when a name is not there as the index writes it: nothing comes into the folder of a delivery any more. */
function createNamesBeside(folder: string): NamesBeside {
  let names: Promise<ReadonlyMap<string, string>> | undefined;
  return () => {
    names ??= readdir(folder).then((found) => new Map(found.map((name) => [oneForm(name), name])));
    return names;
  };
}

export function isPlainName(name: string): boolean {
  return !/[/\\\p{Cc}]/u.test(name) && !name.startsWith('.') && name !== '' && name.length <= NAME_CHARACTERS_MAX;
}

const NAME_CHARACTERS_MAX = 250;

function unreadFault(why: UnreadFile, name: string): PdfFault {
  return {
    missing: { code: 'HUB_FILE_MISSING' as const, text: `Filen ${name} finns inte.` },
    noFile: { code: 'HUB_FILE_KIND' as const, text: `${name} är en länk eller en mapp, inte en fil.` },
    tooLarge: { code: 'HUB_FILE_TOO_LARGE' as const, text: `Filen ${name} är för stor.` },
  }[why];
}

function strayFault(name: string): FileFault {
  if (typeOf(name) === '.pdf') return fileFault('HUB_INDEX_MISSING', `Inget index nämner ${name}.`);
  return fileFault(
    'HUB_FILE_KIND',
    `${name} är inte en fil av det slag som tas emot här (ZIP, CSV, XLSX, XML, JSON, PDF).`,
  );
}

function fileFault(code: FileFaultCode, text: string): FileFault {
  return { code, line: undefined, text };
}

function nothing(faults: readonly FileFault[]): OpenDelivery {
  const readPdf = async (): Promise<PdfFault> => ({ code: 'HUB_FILE_MISSING', text: 'Leveransen har inga filer.' });
  return { letters: [], faults, understoodAs: '', readPdf, close: async () => undefined };
}

async function plainSize(path: string): Promise<number | UnreadFile> {
  const stat = await lstat(path).catch(ifGone);
  if (stat === undefined) return 'missing';
  if (!stat.isFile()) return 'noFile';
  return stat.size > ARCHIVE_BYTES_MAX ? 'tooLarge' : stat.size;
}
