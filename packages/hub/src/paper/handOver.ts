import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnvelopeKind } from './printLayout.ts';

/**
 * The folder where the print shop fetches letters. One job is one folder `<letterId>/` with `letter.pdf` and
 * `manifest.json`; it appears by one rename, whole or not at all. The shop moves what it has printed to `done/`.
 *
 * A job's life: built in `.work/<letterId>-<random>/`, synced → renamed to `<letterId>/` (waiting) → moved by the shop
 * to `done/<letterId>/`. A process killed before the rename leaves only a work folder, which a later start sweeps;
 * killed after it, the replay finds the job and answers `alreadyHandedOver`.
 */
export interface PaperFolder {
  /** Durable when it returns. Rejects with {@link PaperFolderError}; then nothing was handed over. */
  handOver(job: PrintJob): Promise<'handedOver' | 'alreadyHandedOver'>;
  find(letterId: string): Promise<FoundJob | undefined>;
}

export interface PrintJob {
  readonly letterId: string;
  readonly pdf: Buffer;
  readonly manifest: PrintJobFacts;
}

/** What the shop needs to choose paper, envelope and postage. Never a personal number; the name stands only in the PDF. */
export interface PrintJobFacts {
  readonly organisation: { readonly number: string; readonly name: string };
  readonly unit: string;
  readonly flow: string;
  readonly sheets: number;
  readonly pages: number;
  readonly duplex: boolean;
  readonly colour: boolean;
  readonly postageClass: 'economy' | 'priority';
  readonly envelope: EnvelopeKind;
  /** Paper and envelope. */
  readonly weightGrams: number;
  /** At most so many grams: the step of postage. */
  readonly postageStepGrams: number;
  /** ISO 3166-1 alpha-2. */
  readonly addressCountry: string;
}

export interface PrintManifest extends PrintJobFacts {
  readonly version: 1;
  readonly letterId: string;
  /** Of `letter.pdf`, lower-case hex. */
  readonly sha256: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

export interface FoundJob {
  readonly place: 'waiting' | 'done';
  readonly manifest: PrintManifest;
}

export interface PaperFolderOptions {
  readonly dir: string;
  readonly clock: { now(): Date };
  /** Called when each step is done; for tracing, and for the tests that kill the process there. */
  readonly onStep?: (step: PaperStep) => void;
}

export const PAPER_STEPS = ['folderMade', 'pdfWritten', 'manifestWritten', 'folderSynced', 'published'] as const;
export type PaperStep = (typeof PAPER_STEPS)[number];

/** `retryable`: the folder is in trouble, the letter is not; it waits. */
export class PaperFolderError extends Error {
  readonly retryable: boolean;
  constructor(message: string, retryable: boolean, cause?: unknown) {
    super(message, { cause });
    this.name = 'PaperFolderError';
    this.retryable = retryable;
  }
}

const WORK = '.work';
const DONE = 'done';
/** Another node may be writing in a younger one. */
const WORK_AGE_MS_MAX = 60 * 60 * 1000;
const LETTER_ID = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;

/** Makes the folder if needed and sweeps what killed processes left. */
export async function createPaperFolder(options: PaperFolderOptions): Promise<PaperFolder> {
  const { dir, clock } = options;
  const onStep = options.onStep ?? (() => undefined);
  await translated(dir, async () => {
    await mkdir(join(dir, WORK), { recursive: true });
    await mkdir(join(dir, DONE), { recursive: true });
    await sweep(join(dir, WORK), clock.now());
  });
  return {
    handOver: (job) => translated(dir, () => publish(dir, job, clock.now(), onStep)),
    find: (letterId) => translated(dir, () => find(dir, letterId)),
  };
}

async function publish(
  dir: string,
  job: PrintJob,
  now: Date,
  onStep: (step: PaperStep) => void,
): Promise<'handedOver' | 'alreadyHandedOver'> {
  if ((await find(dir, job.letterId)) !== undefined) return 'alreadyHandedOver';
  const work = join(dir, WORK, `${job.letterId}-${randomBytes(6).toString('hex')}`);
  try {
    await build(work, job, now, onStep);
    if (!(await renameUnlessThere(work, dir, job.letterId))) return 'alreadyHandedOver';
    await syncFolder(dir);
    onStep('published');
    return 'handedOver';
  } finally {
    // Gone after a success; what cannot be removed now is swept by a later start.
    await rm(work, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function build(work: string, job: PrintJob, now: Date, onStep: (step: PaperStep) => void): Promise<void> {
  await mkdir(work);
  onStep('folderMade');
  await writeDurably(join(work, 'letter.pdf'), job.pdf);
  onStep('pdfWritten');
  await writeDurably(join(work, 'manifest.json'), Buffer.from(`${JSON.stringify(manifestOf(job, now), null, 2)}\n`));
  onStep('manifestWritten');
  await syncFolder(work);
  onStep('folderSynced');
}

/** Fields are named one by one, so that nothing else a caller carries along reaches the shop. */
function manifestOf({ letterId, pdf, manifest }: PrintJob, now: Date): PrintManifest {
  return {
    version: 1,
    letterId,
    organisation: { number: manifest.organisation.number, name: manifest.organisation.name },
    unit: manifest.unit,
    flow: manifest.flow,
    sha256: createHash('sha256').update(pdf).digest('hex'),
    sheets: manifest.sheets,
    pages: manifest.pages,
    duplex: manifest.duplex,
    colour: manifest.colour,
    postageClass: manifest.postageClass,
    envelope: manifest.envelope,
    weightGrams: manifest.weightGrams,
    postageStepGrams: manifest.postageStepGrams,
    addressCountry: manifest.addressCountry,
    createdAt: now.toISOString(),
  };
}

/** A folder is never renamed onto one that holds something: of two nodes that hand over the same letter, one wins. */
async function renameUnlessThere(work: string, dir: string, letterId: string): Promise<boolean> {
  if ((await find(dir, letterId)) !== undefined) return false;
  try {
    await rename(work, join(dir, letterId));
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOTEMPTY' || errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function find(dir: string, letterId: string): Promise<FoundJob | undefined> {
  if (!LETTER_ID.test(letterId) || letterId === DONE)
    throw new PaperFolderError('Brevets id duger inte som mappnamn.', false);
  // Waiting first: a job moved between the two looks is then still found in `done`.
  for (const [place, folder] of [
    ['waiting', join(dir, letterId)],
    ['done', join(dir, DONE, letterId)],
  ] as const) {
    const text = await readIfThere(join(folder, 'manifest.json'));
    if (text !== undefined) return { place, manifest: parseManifest(text, folder) };
  }
  return undefined;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parseManifest(text: string, folder: string): PrintManifest {
  try {
    return JSON.parse(text) as PrintManifest;
  } catch (error) {
    throw new PaperFolderError(`Manifestet i ${folder} är skadat. Återställ mappen eller ta bort den.`, true, error);
  }
}

async function sweep(workDir: string, now: Date): Promise<void> {
  for (const name of await readdir(workDir)) {
    const path = join(workDir, name);
    const age = now.getTime() - (await stat(path)).mtimeMs;
    if (age > WORK_AGE_MS_MAX) await rm(path, { recursive: true, force: true });
  }
}

async function writeDurably(path: string, bytes: Buffer): Promise<void> {
  await withHandle(path, 'wx', async (file) => {
    await file.writeFile(bytes);
    await file.sync();
  });
}

/** The names in a folder are durable only when the folder itself is synced. */
async function syncFolder(path: string): Promise<void> {
  await withHandle(path, 'r', (folder) => folder.sync());
}

async function withHandle(path: string, flags: string, use: (handle: FileHandle) => Promise<void>): Promise<void> {
  const handle = await open(path, flags);
  try {
    await use(handle);
  } finally {
    await handle.close();
  }
}

const ADVICE: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'är full. Frigör plats på disken'],
  ['EDQUOT', 'har nått sin kvot. Frigör plats eller höj kvoten'],
  ['EACCES', 'får inte skrivas. Ge tjänstens konto skrivrätt'],
  ['EPERM', 'får inte skrivas. Ge tjänstens konto skrivrätt'],
  ['EROFS', 'är skrivskyddad. Montera den skrivbar'],
  ['ENOENT', 'finns inte. Skapa eller montera den'],
  ['ENOTDIR', 'är ingen mapp. Ange en annan väg'],
  ['EEXIST', 'är ingen mapp. Ange en annan väg'],
]);

async function translated<T>(dir: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    const advice = ADVICE.get(code) ?? 'kan inte användas just nu. Kontrollera disken';
    throw new PaperFolderError(`Utskriftsmappen ${dir} ${advice} (${code}).`, true, error);
  }
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
