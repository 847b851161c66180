import type { IppJobState } from './ippCodes.ts';
import { JOB_STATES } from './ippCodes.ts';
import type { IppAttributes } from './ippMessage.ts';
import { dateTime, enumeration, type IppEntry, integer, keyword, named, text, uri } from './ippValues.ts';
import { type PrinterFacts, printerSeconds } from './printerAttributes.ts';

/**
 * A print job's life. `collecting`: created, and more documents may come. `waiting`: complete, and in the database; from here on the
 * letters in it are ours to send. `processing`: a node splits it and hands the letters in. `completed`: every page is in a letter
 * or in a case. `aborted`: nothing of it could be read. `canceled`: taken back before a node began.
 */
export type PrintJobState = 'collecting' | 'waiting' | 'processing' | 'completed' | 'aborted' | 'canceled';

export interface PrintJob {
  readonly organisationId: string;
  readonly systemId: string;
  readonly id: string;
  /** The protocol's job-id. */
  readonly number: number;
  readonly name: string;
  readonly userName: string;
  readonly state: PrintJobState;
  readonly documents: number;
  readonly bytes: number;
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
  /** What became of it; 0 until it is completed. */
  readonly letters: number;
  readonly cases: number;
  /** Why it was aborted, in words for a person. */
  readonly fault: string | undefined;
}

/** The protocol's word for a state and for its reason (RFC 8011 5.3.7 and 5.3.8). */
export function ippJobState(job: Pick<PrintJob, 'state' | 'cases'>): { state: IppJobState; reason: string } {
  switch (job.state) {
    case 'collecting':
      return { state: 'pending', reason: 'job-incoming' };
    case 'waiting':
      return { state: 'pending', reason: 'none' };
    case 'processing':
      return { state: 'processing', reason: 'job-transforming' };
    case 'completed':
      return {
        state: 'completed',
        reason: job.cases > 0 ? 'job-completed-with-warnings' : 'job-completed-successfully',
      };
    case 'aborted':
      return { state: 'aborted', reason: 'document-format-error' };
    case 'canceled':
      return { state: 'canceled', reason: 'job-canceled-by-user' };
  }
}

/** All that is told of a job (RFC 8011 5.3). */
export function jobAttributes(job: PrintJob, printer: PrinterFacts, now: Date): IppAttributes {
  const { state, reason } = ippJobState(job);
  const seconds = (at: Date | undefined): IppEntry[1] =>
    at === undefined ? [{ tag: 'noValue' }] : [{ tag: 'integer', value: printerSeconds(printer.since, at) }];
  return new Map([
    integer('job-id', job.number),
    uri('job-uri', `${printer.uri}/${job.number}`),
    uri('job-printer-uri', printer.uri),
    uri('job-more-info', printer.moreInfoUrl),
    named('job-name', job.name),
    named('job-originating-user-name', job.userName),
    enumeration('job-state', JOB_STATES[state]),
    keyword('job-state-reasons', reason),
    text('job-state-message', jobMessage(job)),
    integer('number-of-documents', job.documents),
    integer('job-k-octets', Math.ceil(job.bytes / 1024)),
    ['time-at-creation', seconds(job.createdAt)],
    ['time-at-processing', seconds(job.startedAt)],
    ['time-at-completed', seconds(job.endedAt)],
    dateTime('date-time-at-creation', job.createdAt),
    dateTime('date-time-at-processing', job.startedAt),
    dateTime('date-time-at-completed', job.endedAt),
    integer('job-printer-up-time', printerSeconds(printer.since, now)),
  ]);
}

/** What a new or changed job answers (RFC 8011 4.2.1.2), and what a list has when nothing more was asked for (4.2.6.1). */
export const NEW_JOB_ATTRIBUTES = ['job-id', 'job-uri', 'job-state', 'job-state-reasons', 'job-state-message'];
export const LISTED_JOB_ATTRIBUTES = ['job-id', 'job-uri'];

function jobMessage({ state, letters, cases, fault }: PrintJob): string {
  if (state === 'aborted') return fault ?? 'Utskriften gick inte att läsa.';
  if (state === 'canceled') return 'Utskriften avbröts.';
  if (state !== 'completed') return 'Utskriften är mottagen.';
  const toPerson = cases > 0 ? `, ${cases} ligger hos en person för att redas ut` : '';
  return `${letters} brev lämnades in${toPerson}.`;
}
