import type { PdfRefusal } from '../faults.ts';
import type { InspectLimits, PdfInspection } from '../inspection.ts';
import { inspectDocument } from './inspectDocument.ts';
import { serveJobs } from './serveJobs.ts';

export interface InspectJob {
  readonly bytes: Uint8Array;
  readonly limits: InspectLimits;
}

serveJobs<InspectJob, PdfInspection | PdfRefusal>(({ bytes, limits }) => inspectDocument(Buffer.from(bytes), limits));
