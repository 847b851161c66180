import { createHash } from 'node:crypto';
import { AppError, type Pool } from '@brevduva/base';
import type { Intake } from '../../intake/accept.ts';
import { PDF_CONTENT_TYPE } from '../../intake/draft.ts';
import type { Mailings, MailingsOptions } from '../../mailing/mailings.ts';
import type { BusinessSystem } from '../../organisation/businessSystem.ts';
import type { FileDelivery } from '../../sql/fileDeliveries.ts';
import type { LetterRow } from './letterRows.ts';
import type { OpenDelivery, PdfFault } from './openDelivery.ts';
import type { ResultRow } from './result.ts';

export interface HandInContext {
  readonly pool: Pool;
  readonly intake: Intake;
  readonly mailings: Mailings;
  /** What intake judges with. */
  readonly judging: MailingsOptions;
  readonly system: BusinessSystem;
  readonly delivery: FileDelivery;
  readonly onFault: 'refuse' | 'skip';
  /** The folder that the delivery's files lie in, for notes of ours. */
  readonly folder: string;
  /** Says that the work goes on. @throws DeliveryLost */
  renew(): Promise<void>;
  readonly crashPoint?: (name: string) => void;
}

/** Another node has the delivery now. */
export class DeliveryLost extends Error {
  override readonly name = 'DeliveryLost';
}

/** A letter with its PDF, and the key that it has wherever it comes from. */
export interface ReadLetter {
  readonly row: LetterRow;
  readonly key: string;
  readonly handIn: {
    readonly json: unknown;
    readonly parts: readonly [{ filename: string; contentType: string; bytes: Buffer }];
    readonly invoiceXml?: Buffer;
  };
}

/** Reads a row's PDF. `seen` counts what has been read of the delivery, row after row. */
export async function readLetter(
  row: LetterRow,
  { readPdf, readXml }: Pick<OpenDelivery, 'readPdf' | 'readXml'>,
  seen: Map<string, number>,
): Promise<ReadLetter | ResultRow> {
  return keyedLetter(row, await readPdf(row.file), seen, await readXml?.(row.file));
}

/**
 * A letter whose PDF has been read. The key is of all that the letter says and of which in order it is among those that say the same: a
 * file that is handed in again has the same letters, and a file name alone says nothing (scenario 16).
 */
export function keyedLetter(
  row: LetterRow,
  bytes: Buffer | PdfFault,
  seen: Map<string, number>,
  xml?: Buffer | PdfFault,
): ReadLetter | ResultRow {
  if (!Buffer.isBuffer(bytes)) return refusedRow(row, [bytes]);
  if (xml !== undefined && !Buffer.isBuffer(xml)) return refusedRow(row, [xml]);
  const part = { filename: row.attachmentName, contentType: PDF_CONTENT_TYPE, bytes };
  const said = createHash('sha256')
    .update(JSON.stringify([row.json, part.filename]))
    .update(createHash('sha256').update(bytes).digest())
    .digest('hex');
  const nth = seen.get(said) ?? 0;
  seen.set(said, nth + 1);
  return {
    row,
    key: `file-${said}${nth === 0 ? '' : `-${nth}`}`,
    handIn: { json: row.json, parts: [part], ...(xml && { invoiceXml: xml }) },
  };
}

export function isRead(letter: ReadLetter | ResultRow): letter is ReadLetter {
  return 'key' in letter;
}

export function resultRow(
  { line, file, reference }: LetterRow,
  outcome: ResultRow['outcome'],
  letterId?: string,
): ResultRow {
  return { line, file, reference, outcome, letterId, faults: [] };
}

export function refusedRow(
  row: LetterRow,
  faults: readonly { readonly code: string; readonly path?: string; readonly text: string }[],
): ResultRow {
  const told = faults.map(({ code, path, text }) => ({ code, text, ...(path ? { field: path } : {}) }));
  return { ...resultRow(row, 'refused'), faults: told };
}

/** What intake found wrong. @throws the error itself when it is no judgement of the letter: the work is done again. */
export function faultsOf(error: unknown): { code: string; path: string; text: string }[] {
  const isJudgement = error instanceof AppError && error.status < 500 && error.status !== 429;
  if (!isJudgement) throw error;
  const { faults, code, publicText } = error;
  return faults.length > 0 ? [...faults] : [{ code, path: '', text: publicText }];
}

/** Sound rows of a delivery that is refused as a whole are not sent. */
export function heldBack(rows: readonly ResultRow[]): ResultRow[] {
  return rows.map((row) => (row.outcome === 'accepted' ? { ...row, outcome: 'heldBack', letterId: undefined } : row));
}
