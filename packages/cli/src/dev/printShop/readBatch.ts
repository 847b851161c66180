import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PrintoutReader } from '@brevduva/hub';
import type { ShopBatch, ShopLetter, ShopPart } from './shopBatch.ts';

/** What the shop knows when it has opened a batch. A letter whose PDF is not what the manifest says is rejected at once. */
export type OpenedBatch = Pick<
  ShopBatch,
  'organisation' | 'closedAt' | 'receipts' | 'files' | 'parts' | 'letters' | 'fault'
>;

const VERSION = 2;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const FILE = /^(?:letters\/[0-9a-f-]{36}|part-\d{1,4})\.pdf$/;
/** Beyond every page: only how many there are is asked. */
const NO_PAGES = 1_000_000;

/** Reads manifest and job ticket by docs/printshop.md, and holds them to each other and to the PDFs. */
export async function readBatch(folder: string, reader: PrintoutReader): Promise<OpenedBatch> {
  const manifest = await readJson(join(folder, 'manifest.json'));
  const ticket = await readJson(join(folder, 'ticket.json'));
  const letters = listOf(manifest, 'letters');
  const parts = listOf(ticket, 'parts').map(partOf);
  const opened = { ...headOf(manifest), parts, letters: letters.map(letterOf) };
  const fault = batchFault(opened, manifest, ticket);
  if (fault !== undefined) return { ...opened, letters: [], fault };
  const pageCounts = new Map<string, number | undefined>();
  for (const letter of opened.letters) {
    const reason = await letterFault(letter, { folder, reader, files: opened.files, pageCounts });
    if (reason !== undefined) Object.assign(letter, { state: 'rejected', reason });
  }
  return opened;
}

type Json = Readonly<Record<string, unknown>>;

async function readJson(path: string): Promise<Json> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Json) : {};
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

const text = (json: Json, key: string): string => (typeof json[key] === 'string' ? json[key] : '');
const count = (json: Json, key: string): number => (Number.isSafeInteger(json[key]) ? Number(json[key]) : 0);

function listOf(json: Json, key: string): readonly Json[] {
  const list = json[key];
  return Array.isArray(list) ? list.filter((each) => typeof each === 'object' && each !== null) : [];
}

function headOf(manifest: Json) {
  const organisation = (manifest['organisation'] ?? {}) as Json;
  return {
    organisation: { number: text(organisation, 'number'), name: text(organisation, 'name') },
    closedAt: text(manifest, 'closedAt'),
    receipts: text(manifest, 'receipts'),
    files: text(manifest, 'files'),
  };
}

function partOf(json: Json): ShopPart {
  return {
    ...{ envelope: text(json, 'envelope'), postage: text(json, 'postage'), sides: text(json, 'sides') },
    envelopeCode: text(json, 'envelopeCode') || undefined,
    ...{ colour: json['colour'] === true, letters: count(json, 'letters'), sheets: count(json, 'sheets') },
  };
}

function letterOf(json: Json): ShopLetter {
  return {
    ...{ letter: text(json, 'letter'), file: text(json, 'file'), sha256: text(json, 'sha256') },
    ...{ firstPage: count(json, 'firstPage'), pages: count(json, 'pages'), sheets: count(json, 'sheets') },
    ...{ duplex: json['duplex'] === true, colour: json['colour'] === true, weightGrams: count(json, 'weightGrams') },
    ...{ envelope: text(json, 'envelope'), postage: text(json, 'postage'), country: text(json, 'country') },
    envelopeCode: text(json, 'envelopeCode') || undefined,
    ...{ unit: text(json, 'unit'), flow: text(json, 'flow'), state: 'taken' },
  };
}

const sum = (rows: readonly { readonly sheets: number }[]) => rows.reduce((all, { sheets }) => all + sheets, 0);

/** Why nothing of the batch can be made, in Swedish. */
function batchFault(opened: OpenedBatch, manifest: Json, ticket: Json): string | undefined {
  const { letters, parts } = opened;
  if (manifest['version'] !== VERSION)
    return `manifest.json saknas, är trasig eller har en annan version än ${VERSION}.`;
  if (ticket['version'] !== VERSION) return `ticket.json saknas, är trasig eller har en annan version än ${VERSION}.`;
  if (letters.some(({ letter, file }) => !UUID.test(letter) || !FILE.test(file)))
    return 'Manifestet har ett brev utan id eller fil.';
  if (letters.length !== count(manifest, 'letterCount')) return 'Manifestet har inte så många brev som det säger.';
  if (sum(letters) !== count(manifest, 'sheetCount')) return 'Manifestets blad blir inte så många som det säger.';
  const ticketLetters = parts.reduce((all, part) => all + part.letters, 0);
  if (ticketLetters !== letters.length || sum(parts) !== sum(letters))
    return 'Jobbsedeln och manifestet säger inte samma sak.';
  return undefined;
}

interface Checking {
  readonly folder: string;
  readonly reader: PrintoutReader;
  readonly files: string;
  /** Of files seen so far; undefined: it cannot be opened. */
  readonly pageCounts: Map<string, number | undefined>;
}

/** Why this letter cannot be made, in Swedish. */
async function letterFault(letter: ShopLetter, checking: Checking): Promise<string | undefined> {
  const { pageCounts } = checking;
  if (!pageCounts.has(letter.file)) {
    const bytes = await readFile(join(checking.folder, letter.file)).catch(() => undefined);
    if (bytes === undefined) return 'Brevets PDF finns inte i batchen.';
    const isItself = checking.files !== 'each' || createHash('sha256').update(bytes).digest('hex') === letter.sha256;
    if (!isItself) return 'PDF:en har en annan kontrollsumma än manifestet säger.';
    const read = await checking.reader.readPrintout(bytes, { dataMatrix: false, from: NO_PAGES });
    pageCounts.set(letter.file, 'pageCount' in read ? read.pageCount : undefined);
  }
  const found = pageCounts.get(letter.file);
  if (found === undefined) return 'PDF:en går inte att öppna.';
  const isInside = letter.firstPage >= 1 && letter.firstPage + letter.pages - 1 <= found;
  if (!isInside || (checking.files === 'each' && letter.pages !== found)) {
    return 'PDF:en har inte de sidor som manifestet säger.';
  }
  const sheets = letter.duplex ? Math.ceil(letter.pages / 2) : letter.pages;
  return sheets === letter.sheets ? undefined : `${letter.pages} sidor blir inte ${letter.sheets} blad.`;
}
