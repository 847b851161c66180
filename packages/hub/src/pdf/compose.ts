import type { PrintLetter, PrintResult } from '../paper/printSheet.ts';
import { type PdfRefusal, pdfFault } from './faults.ts';
import type { LetterStandard, TextLetter } from './letter.ts';
import type { TemplateLetter, TypesetDocument } from './templateLetter.ts';
import type { ComposeAnswer, ComposeJob } from './worker/composeWorker.ts';
import { createWorkerPool, WorkerPoolError } from './workerPool.ts';

export interface PdfComposerOptions {
  readonly workersMax?: number;
  readonly jobTimeMs?: number;
}

/** Rejects only with {@link WorkerPoolError}: `busy` and `closed` may be tried again, `threw` is our own bug. */
export interface PdfComposer {
  /** A letter of text as an accessible, tagged PDF; PDF/A-2a unless told otherwise. Same letter, same bytes. */
  composeTextLetter(letter: TextLetter, standard?: LetterStandard): Promise<{ readonly pdf: Buffer } | PdfRefusal>;
  /** The print file of one letter, or everything that keeps it from paper. */
  composePrintPdf(print: PrintLetter): Promise<PrintResult>;
  /**
   * A letter by an organisation's own template, as PDF/A-2a with title and language. Whatever the template does, it ends in a fault: it sees
   * no file, no package and no network, and has its time and memory.
   */
  composeTemplate(letter: TemplateLetter): Promise<TypesetDocument | PdfRefusal>;
  close(): Promise<void>;
}

/** A letter takes 5–50 ms, 400 000 characters some seconds. */
export const COMPOSE_TIME_MS = 20_000;
const HEAP_MEGABYTES_MAX = 384;
const MEMORY_MEGABYTES_MAX = 1_200;
/** A fresh process costs a second of CPU. What a process holds does not grow with letters of text, but templates are others' (docs/performance.md). */
const JOBS_PER_WORKER_MAX = 5_000;
const QUEUE_MAX = 200;
/**
 * Typst fetches a package that a template imports, and looks for it in the user's folders. Its client keeps to the proxy that it is
 * given, which is one that nobody can reach.
 */
const NO_PACKAGES = {
  HTTPS_PROXY: 'http://127.0.0.1:0',
  HTTP_PROXY: 'http://127.0.0.1:0',
  ALL_PROXY: 'http://127.0.0.1:0',
  XDG_CACHE_HOME: '/nonexistent',
  XDG_DATA_HOME: '/nonexistent',
  HOME: '/nonexistent',
};

export function createPdfComposer(options: PdfComposerOptions = {}): PdfComposer {
  const pool = createWorkerPool<ComposeJob, ComposeAnswer>({
    script: new URL('./worker/composeWorker.ts', import.meta.url),
    workersMax: options.workersMax ?? 1,
    jobTimeMs: options.jobTimeMs ?? COMPOSE_TIME_MS,
    heapMegabytesMax: HEAP_MEGABYTES_MAX,
    memoryMegabytesMax: MEMORY_MEGABYTES_MAX,
    jobsMax: JOBS_PER_WORKER_MAX,
    queueMax: QUEUE_MAX,
    env: NO_PACKAGES,
  });
  return {
    async composeTextLetter(letter, standard = 'a-2a') {
      const answer = await pool.run({ kind: 'letter', letter, standard }).catch(refuseWhatEndsWorkers);
      return 'faults' in answer ? answer : { pdf: Buffer.from(answer.pdf) };
    },
    async composePrintPdf(print) {
      const answer = await pool.run({ kind: 'print', print }).catch(refuseWhatEndsWorkers);
      if ('faults' in answer) return answer;
      if (!('sheets' in answer)) throw new WorkerPoolError('threw', 'the worker answered another job');
      return { ...answer, pdf: Buffer.from(answer.pdf) };
    },
    async composeTemplate(letter) {
      const answer = await pool.run({ kind: 'template', letter }).catch(refuseTemplate);
      if ('faults' in answer) return answer;
      if (!('pages' in answer)) throw new WorkerPoolError('threw', 'the worker answered another job');
      return { pdf: Buffer.from(answer.pdf), pages: answer.pages };
    },
    close: () => pool.close(),
  };
}

function refuseTemplate(error: unknown): PdfRefusal {
  if (!(error instanceof WorkerPoolError)) throw error;
  if (error.kind === 'timeLimit') return { faults: [pdfFault('HUB_TEMPLATE_SLOW')] };
  if (error.kind === 'memoryLimit' || error.kind === 'died') return { faults: [pdfFault('HUB_TEMPLATE_MEMORY')] };
  throw error;
}

function refuseWhatEndsWorkers(error: unknown): PdfRefusal {
  if (error instanceof WorkerPoolError && ['timeLimit', 'memoryLimit', 'died'].includes(error.kind)) {
    return { faults: [pdfFault('HUB_PDF_TOO_COMPLEX')] };
  }
  throw error;
}
