import type { RectangleMm } from '../paper/printLayout.ts';
import type { PrintPage } from '../waysIn/printer/printPage.ts';
import { type PdfRefusal, pdfFault } from './faults.ts';
import type { PageSpan, PrintoutAnswer, PrintoutJob } from './worker/printoutWorker.ts';
import { createWorkerPool, WorkerPoolError } from './workerPool.ts';

/**
 * What the printer needs of PDFs that hold many letters. Each rejects only with {@link WorkerPoolError} `busy`, `closed` or
 * `startFailed`, or on our own bug; what the document is guilty of is answered with faults.
 */
export interface PrintoutReader {
  /**
   * The words of a bunch of pages with their places, and their Data Matrix symbols where they are asked for (which takes thirty times
   * as long); and how many pages there are in all. A bunch, because the words of a large printout are more than a node should hold.
   */
  readPrintout(
    bytes: Buffer,
    options: { dataMatrix: boolean; from?: number },
  ): Promise<{ pages: readonly PrintPage[]; pageCount: number } | PdfRefusal>;
  /** Each span of pages as a PDF of its own. */
  cutPrintout(bytes: Buffer, spans: readonly PageSpan[]): Promise<{ letters: readonly Buffer[] } | PdfRefusal>;
  /** A page, counted from 1, as a PNG for a person. */
  picturePage(bytes: Buffer, page: number): Promise<{ png: Buffer } | PdfRefusal>;
  /** The same in colours as the page would lie on a sheet of paper, with places of it framed. */
  pictureMarked(bytes: Buffer, page: number, marked: readonly RectangleMm[]): Promise<{ png: Buffer } | PdfRefusal>;
  close(): Promise<void>;
}

/** As many as a month's invoices of a large municipality. */
export const PRINTOUT_PAGES_MAX = 50_000;
/** So many pages are read at once: some seconds' work, and some 50 MB of words. */
const PAGES_AT_ONCE = { words: 500, dataMatrix: 50 };
/** Of one bunch, or one page drawn. Reading a page takes 3–8 ms, its Data Matrix 30–140. */
const JOB_TIME_MS = 120_000;
const HEAP_MEGABYTES_MAX = 768;
const MEMORY_MEGABYTES_MAX = 2_000;
const JOBS_PER_WORKER_MAX = 50;
const QUEUE_MAX = 20;

export function createPrintoutReader(): PrintoutReader {
  const pool = createWorkerPool<PrintoutJob, PrintoutAnswer>({
    script: new URL('./worker/printoutWorker.ts', import.meta.url),
    workersMax: 1,
    jobTimeMs: JOB_TIME_MS,
    heapMegabytesMax: HEAP_MEGABYTES_MAX,
    memoryMegabytesMax: MEMORY_MEGABYTES_MAX,
    jobsMax: JOBS_PER_WORKER_MAX,
    queueMax: QUEUE_MAX,
  });
  const run = (job: PrintoutJob): Promise<PrintoutAnswer> => pool.run(job).catch(refuseWhatEndsWorkers);
  return {
    async readPrintout(bytes, { dataMatrix, from = 1 }) {
      const to = from - 1 + (dataMatrix ? PAGES_AT_ONCE.dataMatrix : PAGES_AT_ONCE.words);
      const answer = await run({ kind: 'read', bytes, dataMatrix, pagesMax: PRINTOUT_PAGES_MAX, from, to });
      return 'pages' in answer ? answer : refusalIn(answer);
    },
    async cutPrintout(bytes, spans) {
      const answer = await run({ kind: 'cut', bytes, spans });
      return 'letters' in answer ? { letters: answer.letters.map((letter) => Buffer.from(letter)) } : refusalIn(answer);
    },
    async picturePage(bytes, page) {
      const answer = await run({ kind: 'picture', bytes, page });
      return 'png' in answer ? { png: Buffer.from(answer.png) } : refusalIn(answer);
    },
    async pictureMarked(bytes, page, marked) {
      const answer = await run({ kind: 'picture', bytes, page, marked });
      return 'png' in answer ? { png: Buffer.from(answer.png) } : refusalIn(answer);
    },
    close: () => pool.close(),
  };
}

function refusalIn(answer: PrintoutAnswer): PdfRefusal {
  if (!('faults' in answer)) throw new WorkerPoolError('threw', 'the worker answered another job');
  return answer;
}

/** A document that ends the worker is refused; a failure of ours is not the document's fault. */
function refuseWhatEndsWorkers(error: unknown): PdfRefusal {
  if (error instanceof WorkerPoolError && ['timeLimit', 'memoryLimit', 'died'].includes(error.kind)) {
    return { faults: [pdfFault('HUB_PDF_TOO_COMPLEX')] };
  }
  throw error;
}
