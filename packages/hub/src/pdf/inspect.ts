import { type PdfRefusal, pdfFault } from './faults.ts';
import { headFaults, PDF_BYTES_MAX, PDF_PAGES_MAX, type PdfInspection } from './inspection.ts';
import type { InspectJob } from './worker/inspectWorker.ts';
import { createWorkerPool, WorkerPoolError } from './workerPool.ts';

export interface PdfInspectorOptions {
  readonly workersMax?: number;
  readonly pdfBytesMax?: number;
  readonly pagesMax?: number;
  /** Default true. A flow that sends PDF/A-3 invoices sets false. */
  readonly refuseEmbeddedFiles?: boolean;
  readonly jobTimeMs?: number;
}

export interface PdfInspector {
  /**
   * The intake gate: can everybody open this PDF, and does it do nothing but show pages (FACTS f, scenarios 1–2)?
   * All faults at once. Rejects only with {@link WorkerPoolError} `busy`, `closed` or `startFailed`, or on our own bug.
   */
  inspectPdf(bytes: Buffer): Promise<PdfInspection | PdfRefusal>;
  close(): Promise<void>;
}

/** A letter takes 2–5 ms; what needs five seconds was made to. */
export const INSPECT_TIME_MS = 5_000;
/**
 * @libpdf/core 0.4 reads some broken dictionaries for ever and collects what it reads: five of 150 randomly damaged
 * files ended here. The smaller the heap, the sooner the worker is free again; 250 000 objects fit.
 */
const HEAP_MEGABYTES_MAX = 192;
const MEMORY_MEGABYTES_MAX = 500;
/** pdfium keeps pages until its process ends. */
const JOBS_PER_WORKER_MAX = 2_000;
const QUEUE_MAX = 200;

export function createPdfInspector(options: PdfInspectorOptions = {}): PdfInspector {
  const limits = {
    pagesMax: options.pagesMax ?? PDF_PAGES_MAX,
    refuseEmbeddedFiles: options.refuseEmbeddedFiles ?? true,
  };
  const pool = createWorkerPool<InspectJob, PdfInspection | PdfRefusal>({
    script: new URL('./worker/inspectWorker.ts', import.meta.url),
    workersMax: options.workersMax ?? 1,
    jobTimeMs: options.jobTimeMs ?? INSPECT_TIME_MS,
    heapMegabytesMax: HEAP_MEGABYTES_MAX,
    memoryMegabytesMax: MEMORY_MEGABYTES_MAX,
    jobsMax: JOBS_PER_WORKER_MAX,
    queueMax: QUEUE_MAX,
  });
  return {
    async inspectPdf(bytes) {
      const faults = headFaults(bytes, options.pdfBytesMax ?? PDF_BYTES_MAX);
      if (faults.length > 0) return { faults };
      return pool.run({ bytes, limits }).catch(refuseWhatEndsWorkers);
    },
    close: () => pool.close(),
  };
}

/** A file that ends the worker, also at the second try, is refused; a failure of ours is not the file's fault. */
function refuseWhatEndsWorkers(error: unknown): PdfRefusal {
  if (error instanceof WorkerPoolError && ['timeLimit', 'memoryLimit', 'died'].includes(error.kind)) {
    return { faults: [pdfFault('HUB_PDF_TOO_COMPLEX')] };
  }
  throw error;
}
