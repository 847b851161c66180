import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from '@brevduva/base';
import type { ContentStore } from '../content.ts';
import { createPrintFile, type PrintFile } from '../paper/printFile.ts';
import { type BatchLetter, type ClaimedBatch, selectBatchLetters } from '../sql/printBatches.ts';
import { type GrowingFile, openDurably, syncFolder, writeDurably } from './durably.ts';
import { createJobParts, type JobPart, jobTicketJson, jobTicketXml } from './jobTicket.ts';
import { type LetterPlace, MANIFEST_END, manifestHead, manifestLetter, manifestLine } from './manifest.ts';
import type { FilesPerBatch } from './printShop.ts';

export interface BuildOptions {
  readonly pool: Pool;
  readonly content: ContentStore;
  readonly files: FilesPerBatch;
  /** Where batches are built; each in a folder of its own. */
  readonly workDir: string;
  /** Called between letters; throws when the batch is no longer ours. */
  readonly keep: () => Promise<void>;
}

/** So many PDFs are in memory at once. */
const LETTERS_AT_ONCE = 50;
/** What killed processes left; another node may be writing in a younger one. */
const WORK_AGE_MS_MAX = 24 * 60 * 60_000;

/**
 * Builds the batch's files in a folder of their own: the PDFs, `manifest.json`, `ticket.json` and `ticket.xml`. The same batch is the same
 * bytes each time. All is on the disk when it returns.
 *
 * @returns the folder, and the SHA-256 of the manifest
 */
export async function buildBatch(
  batch: ClaimedBatch,
  options: BuildOptions,
): Promise<{ folder: string; manifestHash: Buffer }> {
  const { files } = options;
  // With the lease in its name: a node that thought itself alone writes elsewhere.
  const folder = join(options.workDir, `${batch.id}-${batch.leaseId}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const job = createJobParts(files);
  const hash = createHash('sha256');
  const pdfs = files === 'one' ? createPartFiles(batch, folder) : await createLetterFiles(folder);
  async function* manifest(): AsyncGenerator<Uint8Array> {
    for await (const text of manifestTexts()) {
      const bytes = Buffer.from(text);
      hash.update(bytes);
      yield bytes;
    }
  }
  async function* manifestTexts(): AsyncGenerator<string> {
    yield manifestHead(batch, files);
    let isFirst = true;
    for await (const { letter, pdf } of lettersOf(batch, options)) {
      const place = await pdfs.add(letter, pdf, job.add(letter.facts));
      yield manifestLine(manifestLetter(letter, place), isFirst);
      isFirst = false;
    }
    yield MANIFEST_END;
  }
  try {
    await writeDurably(join(folder, 'manifest.json'), manifest());
    await pdfs.end();
  } finally {
    await pdfs.abandon();
  }
  await writeDurably(join(folder, 'ticket.json'), [Buffer.from(jobTicketJson(batch, files, job.parts()))]);
  await writeDurably(join(folder, 'ticket.xml'), [Buffer.from(jobTicketXml(batch, files, job.parts()))]);
  await syncFolder(folder);
  return { folder, manifestHash: hash.digest() };
}

/** Where the batch's PDFs go. */
interface BatchFiles {
  add(letter: BatchLetter, pdf: Buffer, part: JobPart): Promise<LetterPlace>;
  /** All is on the disk when it returns. */
  end(): Promise<void>;
  /** Closes what is open when the batch is given up; harmless after `end`. */
  abandon(): Promise<void>;
}

const LETTERS = 'letters';

/** A file for each letter, by its id: two letters' attachments may be called the same (scenario 16). */
async function createLetterFiles(folder: string): Promise<BatchFiles> {
  await mkdir(join(folder, LETTERS));
  // Several at once: each waits for the disk.
  let writing: Promise<void>[] = [];
  const settle = async () => {
    const these = writing;
    writing = [];
    await Promise.all(these);
  };
  return {
    async add({ letterId, facts }, pdf) {
      const file = `${LETTERS}/${letterId}.pdf`;
      const written = writeDurably(join(folder, file), [pdf]);
      // It may fail before anybody waits for it; `settle` tells.
      written.catch(() => undefined);
      writing.push(written);
      if (writing.length === LETTERS_AT_ONCE) await settle();
      return { file, firstPage: 1, pages: pagesInFile(facts) };
    },
    async end() {
      await settle();
      await syncFolder(join(folder, LETTERS));
    },
    abandon: async () => void (await Promise.allSettled(writing)),
  };
}

/** A print-ready letter has its blank backs too, which are no printed pages. */
function pagesInFile({ sheets, duplex }: BatchLetter['facts']): number {
  return duplex ? sheets * 2 : sheets;
}

/** A file for all letters of a part of the job: they have the same sides, colour and envelope, so that a press can run them through. */
function createPartFiles(batch: ClaimedBatch, folder: string): BatchFiles {
  const files = new Map<string, { file: GrowingFile; print: PrintFile }>();
  const open = async (name: string, duplex: boolean) => {
    const file = await openDurably(join(folder, name));
    const title = `Utskrift ${batch.id}`;
    const opened = { file, print: createPrintFile(file.write, { title, language: 'sv', duplex }) };
    files.set(name, opened);
    return opened;
  };
  return {
    async add({ facts }, pdf, { file: name }) {
      if (name === undefined) throw new Error('a part without a file');
      const { print } = files.get(name) ?? (await open(name, facts.duplex));
      return { file: name, ...(await print.add(pdf)) };
    },
    async end() {
      for (const { file, print } of files.values()) {
        await print.finish();
        await file.end();
      }
    },
    async abandon() {
      for (const { file } of files.values()) await file.abandon();
    },
  };
}

/** The batch's letters in order, with their print-ready PDFs. */
async function* lettersOf(
  batch: ClaimedBatch,
  { pool, content, keep }: BuildOptions,
): AsyncGenerator<{ readonly letter: BatchLetter; readonly pdf: Buffer }> {
  for (let after = 0; ; ) {
    const letters = await selectBatchLetters(pool, batch, { after, max: LETTERS_AT_ONCE });
    const last = letters.at(-1);
    if (last === undefined) return;
    const hashes = letters.map(({ sha256 }) => Buffer.from(sha256, 'hex'));
    const pdfs = await content.get(batch.organisationId, hashes);
    for (const letter of letters) yield { letter, pdf: pdfOf(pdfs, letter.sha256) };
    after = last.position;
    await keep();
  }
}

function pdfOf(pdfs: ReadonlyMap<string, Buffer>, sha256: string): Buffer {
  const pdf = pdfs.get(sha256);
  if (pdf === undefined) throw new Error(`print ${sha256} was not loaded`);
  return pdf;
}

/** Makes the folder where batches are built, and removes what killed processes left there long ago. */
export async function prepareWorkDir(workDir: string, now: Date): Promise<void> {
  await mkdir(workDir, { recursive: true });
  for (const name of await readdir(workDir)) {
    const path = join(workDir, name);
    const age = now.getTime() - (await stat(path)).mtimeMs;
    if (age > WORK_AGE_MS_MAX) await rm(path, { recursive: true, force: true });
  }
}
