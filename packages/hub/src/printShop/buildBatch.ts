import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from '@brevduva/base';
import type { ContentStore } from '../content.ts';
import { type BatchLetter, type ClaimedBatch, selectBatchLetters } from '../sql/printBatches.ts';
import { syncFolder, writeDurably } from './durably.ts';
import { createJobParts, jobTicketJson, jobTicketXml } from './jobTicket.ts';
import { MANIFEST_END, manifestHead, manifestLetter, manifestLine } from './manifest.ts';

export interface BuildOptions {
  readonly pool: Pool;
  readonly content: ContentStore;
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
 * Builds the batch's files in a folder of their own: a PDF for each letter, `manifest.json`, `ticket.json` and `ticket.xml`. The same batch
 * is the same bytes each time. All is on the disk when it returns.
 *
 * @returns the folder, and the SHA-256 of the manifest
 */
export async function buildBatch(
  batch: ClaimedBatch,
  options: BuildOptions,
): Promise<{ folder: string; manifestHash: Buffer }> {
  // With the lease in its name: a node that thought itself alone writes elsewhere.
  const folder = join(options.workDir, `${batch.id}-${batch.leaseId}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'letters'), { recursive: true });
  const job = createJobParts();
  const hash = createHash('sha256');
  async function* manifest(): AsyncGenerator<Uint8Array> {
    for await (const text of manifestTexts()) {
      const bytes = Buffer.from(text);
      hash.update(bytes);
      yield bytes;
    }
  }
  async function* manifestTexts(): AsyncGenerator<string> {
    yield manifestHead(batch, 'each');
    let isFirst = true;
    for await (const letter of writtenLetters(batch, folder, options)) {
      const line = manifestLetter(letter, { file: fileOf(letter.letterId), firstPage: 1 });
      job.add(line);
      yield manifestLine(line, isFirst);
      isFirst = false;
    }
    yield MANIFEST_END;
  }
  await writeDurably(join(folder, 'manifest.json'), manifest());
  await writeDurably(join(folder, 'ticket.json'), [Buffer.from(jobTicketJson(batch, 'each', job.parts()))]);
  await writeDurably(join(folder, 'ticket.xml'), [Buffer.from(jobTicketXml(batch, 'each', job.parts()))]);
  await syncFolder(join(folder, 'letters'));
  await syncFolder(folder);
  return { folder, manifestHash: hash.digest() };
}

/** By id: two letters' attachments may be called the same (scenario 16). */
function fileOf(letterId: string): string {
  return `letters/${letterId}.pdf`;
}

/** The batch's letters in order, each when its PDF is written. */
async function* writtenLetters(
  batch: ClaimedBatch,
  folder: string,
  { pool, content, keep }: BuildOptions,
): AsyncGenerator<BatchLetter> {
  for (let after = 0; ; ) {
    const letters = await selectBatchLetters(pool, batch, { after, max: LETTERS_AT_ONCE });
    const last = letters.at(-1);
    if (last === undefined) return;
    const hashes = letters.map(({ sha256 }) => Buffer.from(sha256, 'hex'));
    const pdfs = await content.get(batch.organisationId, hashes);
    await Promise.all(
      letters.map(({ letterId, sha256 }) => writeDurably(join(folder, fileOf(letterId)), [pdfOf(pdfs, sha256)])),
    );
    yield* letters;
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
