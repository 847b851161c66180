import { inTransaction, newId, type Pool } from '@brevduva/base';
import type { ContentStore } from '../../content.ts';
import {
  insertPrintDocument,
  insertPrintJob,
  type PrinterOwner,
  selectPrintJob,
  selectPrintJobById,
  selectPrintJobs,
  updatePrintJobState,
} from '../../sql/printJobs.ts';
import { IppRefusal } from './ippRequest.ts';
import type { PrintDocument, PrintJobs } from './printer.ts';
import type { PrintJob } from './printJob.ts';

const PDF = 'application/pdf';
const CANCELLABLE = ['collecting', 'waiting'];
const CANCELLED_AT_ONCE_MAX = 1_000;

/** A printer's jobs in the database: what has been answered is committed. */
export function createPrintJobs(
  { pool, content, onComplete }: { pool: Pool; content: ContentStore; onComplete: () => void },
  owner: PrinterOwner,
): PrintJobs {
  const prepared = (document: PrintDocument) => content.prepare(owner.organisationId, document.bytes, PDF);
  return {
    async create({ name, userName, documents, isComplete }) {
      const id = newId();
      const contents = documents.map((document) => ({ name: document.name, content: prepared(document) }));
      await inTransaction(pool, async (client) => {
        await insertPrintJob(client, owner, { id, name, userName, state: isComplete ? 'waiting' : 'collecting' });
        for (const each of contents) await insertPrintDocument(client, owner, { jobId: id, ...each });
      });
      if (isComplete) onComplete();
      return required(await selectPrintJobById(pool, owner, id));
    },
    async addDocument(number, document, isLast) {
      const stored = document && { name: document.name, content: prepared(document) };
      const changed = await inTransaction(pool, async (client) => {
        const job = await selectPrintJob(client, owner, number, { lock: true });
        if (job?.state !== 'collecting') return undefined;
        if (stored !== undefined) await insertPrintDocument(client, owner, { jobId: job.id, ...stored });
        const isEmpty = job.documents === 0 && stored === undefined;
        const state = isLast ? (isEmpty ? 'canceled' : 'waiting') : 'collecting';
        await updatePrintJobState(client, owner, { id: job.id, state });
        return job.id;
      });
      if (changed === undefined) return undefined;
      if (isLast) onComplete();
      return selectPrintJobById(pool, owner, changed);
    },
    async cancel(number) {
      const cancelled = await inTransaction(pool, async (client) => {
        const job = await selectPrintJob(client, owner, number, { lock: true });
        if (job === undefined || !CANCELLABLE.includes(job.state)) return undefined;
        await updatePrintJobState(client, owner, { id: job.id, state: 'canceled' });
        return job.id;
      });
      return cancelled === undefined ? undefined : selectPrintJobById(pool, owner, cancelled);
    },
    find: (number) => selectPrintJob(pool, owner, number),
    list: (which) => selectPrintJobs(pool, owner, which),
    async cancellable(userName) {
      const jobs = await selectPrintJobs(pool, owner, { ended: false, userName, max: CANCELLED_AT_ONCE_MAX });
      return jobs.filter(({ state }) => CANCELLABLE.includes(state)).map(({ number }) => number);
    },
  };
}

const noJob = (): Promise<undefined> => Promise.resolve(undefined);

/** For who may not print: there is nothing, and nothing comes. */
export const NO_JOBS: PrintJobs = {
  create: () => Promise.reject(new IppRefusal('notAuthenticated', 'Logga in för att skriva ut.')),
  addDocument: noJob,
  cancel: noJob,
  find: noJob,
  list: () => Promise.resolve([]),
  cancellable: () => Promise.resolve([]),
};

function required(job: PrintJob | undefined): PrintJob {
  if (job === undefined) throw new Error('a print job vanished between two statements');
  return job;
}
