import { type Clock, type Log, newId, type Pool, startWorker, type Worker } from '@brevduva/base';
import type { ContentStore } from '../../content.ts';
import type { Intake } from '../../intake/accept.ts';
import type { BusinessSystem } from '../../organisation/businessSystem.ts';
import type { PrinterSettings } from '../../organisation/waysIn/printer.ts';
import { readStoredWaysIn } from '../../organisation/waysIn.ts';
import type { PdfFault, PdfRefusal } from '../../pdf/faults.ts';
import { isRefusal } from '../../pdf/inspection.ts';
import type { PrintoutReader } from '../../pdf/printouts.ts';
import {
  type ClaimedPrintJob,
  claimPrintJob,
  closeForgottenPrintJobs,
  endPrintJob,
  renewPrintLease,
  selectPrintDocuments,
} from '../../sql/printJobs.ts';
import { selectSystemByCode } from '../../sql/systems.ts';
import { handInPdf, openCase, type ReadPdf } from '../handInPdf.ts';
import { MULTIPLE_OPERATION_TIMEOUT_S } from './printerAttributes.ts';
import { findingsOf, type PageFindings, type PrintedLetter, splitPrint } from './splitPrint.ts';

export interface PrintWorkerOptions {
  readonly pool: Pool;
  /** The node's name (HubOptions.node). */
  readonly node: string;
  readonly content: ContentStore;
  readonly intake: Intake;
  readonly printouts: PrintoutReader;
  readonly clock: Clock;
  readonly log: Log;
  /** Development only: called where a process may die. */
  readonly crashPoint?: (name: string) => void;
}

const IDLE_MS = 1_000;
/** Renewed after every bunch of pages that is read, and of letters that are handed in. */
const LEASE_MS = 15 * 60_000;
/** So many letters are cut out at once: their PDFs are in memory together. */
const LETTERS_CUT_AT_ONCE = 50;
/** Checking a PDF and committing a letter are waited for elsewhere; more at once would only stand in others' way. */
const LETTERS_HANDED_IN_AT_ONCE = 4;

/** Turns complete print jobs into letters and cases, one job at a time on each node. */
export function startPrintWorker(options: PrintWorkerOptions): Worker {
  const { pool, node, log, clock } = options;
  return startWorker({
    name: 'printer',
    idleMs: IDLE_MS,
    log,
    clock,
    runOnce: async () => {
      await closeForgottenPrintJobs(pool, MULTIPLE_OPERATION_TIMEOUT_S * 1_000);
      const leaseId = newId();
      const job = await claimPrintJob(pool, { leaseId, leaseMs: LEASE_MS, node });
      if (job === undefined) return 0;
      options.crashPoint?.('printJob:claimed');
      await workOn(job, leaseId, options);
      return 1;
    },
  });
}

async function workOn(job: ClaimedPrintJob, leaseId: string, options: PrintWorkerOptions): Promise<void> {
  const { pool, log } = options;
  const system = await selectSystemByCode(pool, job.organisationId, job.systemCode);
  const settings = settingsOf(job);
  const ended =
    system === undefined || settings === undefined
      ? aborted('Skrivaren finns inte längre.')
      : await splitDocuments({ job, leaseId, system, settings }, options);
  // Another node took the job over meanwhile; it finds the same letters under the same keys.
  if (ended === 'lost') return;
  await endPrintJob(pool, job, { leaseId, ...ended });
  log.info({ printJob: job.id, state: ended.state, letters: ended.letters, cases: ended.cases }, 'print job ended');
}

/** As the job was begun with them. Whether the flow may still be used is intake's to say, letter by letter. */
function settingsOf({ settings }: ClaimedPrintJob): PrinterSettings | undefined {
  const flow = typeof settings === 'object' && settings !== null && 'flow' in settings ? String(settings.flow) : '';
  return readStoredWaysIn({ printer: settings ?? undefined }, { flows: [flow] }).waysIn.printer;
}

interface Work {
  readonly job: ClaimedPrintJob;
  readonly leaseId: string;
  readonly system: BusinessSystem;
  readonly settings: PrinterSettings;
}

interface Ended {
  readonly state: 'completed' | 'aborted';
  readonly letters: number;
  readonly cases: number;
  readonly fault: string | null;
}

function aborted(fault: string): Ended {
  return { state: 'aborted', letters: 0, cases: 0, fault };
}

/**
 * Every document is read before any letter is handed in: a job whose second document cannot be read would otherwise be aborted with
 * half of its letters sent, and printed again as a whole.
 */
async function splitDocuments(work: Work, options: PrintWorkerOptions): Promise<Ended | 'lost'> {
  const { job, settings } = work;
  const documents = await selectPrintDocuments(options.pool, job);
  const splits: Split[] = [];
  for (const { position, name, hash } of documents) {
    const bytes = (await options.content.get(job.organisationId, [hash])).get(hash.toString('hex')) ?? Buffer.alloc(0);
    const read = await readPages(bytes, work, options);
    if (read === 'lost') return 'lost';
    if (isRefusal(read)) return aborted(`${name || job.name}: ${faultTexts(read.faults)}`);
    splits.push({ position, bytes, letters: splitPrint(read.pages, settings, job.startedAt) });
  }
  const counts = { letters: 0, cases: 0 };
  for (const split of splits) {
    for (let start = 0; start < split.letters.length; start += LETTERS_CUT_AT_ONCE) {
      const bunch = split.letters.slice(start, start + LETTERS_CUT_AT_ONCE);
      for (const became of await handInBunch(bunch, split, work, options)) counts[COUNTED_AS[became]] += 1;
      if (!(await keepLease(work, options))) return 'lost';
    }
  }
  return { state: 'completed', ...counts, fault: null };
}

/** Bunch by bunch, and of each page only what the rules find on it. */
async function readPages(
  bytes: Buffer,
  work: Work,
  options: PrintWorkerOptions,
): Promise<{ pages: readonly PageFindings[] } | PdfRefusal | 'lost'> {
  const { settings } = work;
  const pages: PageFindings[] = [];
  const dataMatrix = usesDataMatrix(settings);
  for (;;) {
    const read = await options.printouts.readPrintout(bytes, { dataMatrix, from: pages.length + 1 });
    if (isRefusal(read)) return read;
    pages.push(...read.pages.map((page) => findingsOf(page, settings)));
    if (pages.length >= read.pageCount) return { pages };
    if (!(await keepLease(work, options))) return 'lost';
  }
}

function keepLease({ job, leaseId }: Work, { pool }: PrintWorkerOptions): Promise<boolean> {
  return renewPrintLease(pool, job, { leaseId, leaseMs: LEASE_MS });
}

const COUNTED_AS = { letter: 'letters', case: 'cases' } as const;

interface Split {
  readonly position: number;
  readonly bytes: Buffer;
  readonly letters: readonly PrintedLetter[];
}

async function handInBunch(
  bunch: readonly PrintedLetter[],
  { position, bytes, letters }: Split,
  work: Work,
  options: PrintWorkerOptions,
): Promise<('letter' | 'case')[]> {
  const { system } = work;
  const context = { ...options, wayIn: 'printer' } as const;
  const spans = bunch.map(({ from, to, subject }) => ({ from, to, ...(subject !== undefined && { title: subject }) }));
  const cut = await options.printouts.cutPrintout(bytes, spans);
  const handIn = async (letter: PrintedLetter, n: number): Promise<'letter' | 'case'> => {
    if (isRefusal(cut)) {
      // It could be read but not taken apart: the person gets all of it, with the pages named.
      const whole = toReadPdf(letter, bytes, position, work);
      const faults = cut.faults.map(({ code, text }) => ({ code, path: '', text }));
      return openCase(whole, 'refused', { ...whole.detail, pages: letters.at(-1)?.to ?? 1, faults }, system, context);
    }
    const pdf = cut.letters[n];
    if (pdf === undefined) throw new Error('fewer letters were cut out than asked for');
    const became = await handInPdf(toReadPdf(letter, pdf, position, work), system, context);
    options.crashPoint?.('printJob:handedIn');
    return became;
  };
  const became: ('letter' | 'case')[] = [];
  for (let start = 0; start < bunch.length; start += LETTERS_HANDED_IN_AT_ONCE) {
    const some = bunch.slice(start, start + LETTERS_HANDED_IN_AT_ONCE);
    became.push(...(await Promise.all(some.map((letter, n) => handIn(letter, start + n)))));
  }
  return became;
}

function toReadPdf(letter: PrintedLetter, bytes: Buffer, position: number, { job, system, settings }: Work): ReadPdf {
  const { recipient, from, to } = letter;
  const pages = from === to ? `sida ${from}` : `sidorna ${from}–${to}`;
  return {
    key: `print-${job.id}-${position}-${from}`,
    flow: settings.flow,
    filename: `${fileNameOf(letter.subject ?? job.name)}.pdf`,
    bytes,
    message: settings.message ?? `Brevet från ${system.name} finns i den bifogade filen.`,
    recipient: recipient.kind === 'found' ? { id: recipient.id } : { reason: REASONS[recipient.kind] },
    detail: {
      source: `${job.name}, ${pages}`,
      pages: to - from + 1,
      addressLines: letter.addressLines,
      ...(recipient.kind === 'invalid' && { recipient: recipient.text }),
      ...(recipient.kind === 'several' && { recipients: recipient.ids }),
      ...(letter.subject !== undefined && { subject: letter.subject }),
      ...(letter.reference !== undefined && { reference: letter.reference }),
    },
  };
}

const REASONS = { none: 'noRecipient', invalid: 'invalidRecipient', several: 'severalRecipients' } as const;
const FILE_NAME_CHARACTERS_MAX = 80;

/** A name that intake's rules for file names let through. */
function fileNameOf(text: string): string {
  const plain = text
    .replace(/[^\p{L}\p{N} ._-]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.-]+|[\s.]+$/g, '');
  return plain.slice(0, FILE_NAME_CHARACTERS_MAX).trim() || 'Brev';
}

function usesDataMatrix({ recipient, newLetter, subject, reference }: PrinterSettings): boolean {
  const mark = newLetter.at === 'mark' ? [newLetter.mark] : [];
  return [...recipient, ...mark, subject, reference].some((rule) => rule?.find === 'dataMatrix');
}

function faultTexts(faults: readonly PdfFault[]): string {
  return faults.map(({ text }) => text).join(' ');
}
