import type { Clock } from '@brevduva/base';
import type { IppOperationName } from './ippCodes.ts';
import {
  flagOf,
  type IppAttributes,
  type IppGroup,
  type IppMessage,
  type IppValue,
  numberOf,
  textOf,
  textsOf,
} from './ippMessage.ts';
import { IppRefusal, type IppRequest, ippAnswer, jobNumberOf, readIppRequest } from './ippRequest.ts';
import { checkDocumentAttributes, readDocument } from './printDocument.ts';
import { isJobTemplate, ONLY_BY_NAME, type PrinterFacts, printerAttributes } from './printerAttributes.ts';
import { jobAttributes, LISTED_JOB_ATTRIBUTES, NEW_JOB_ATTRIBUTES, type PrintJob } from './printJob.ts';

/** Where a printer keeps its jobs. What is created with a document, or closed, is in the database when the promise is kept. */
export interface PrintJobs {
  create(job: {
    name: string;
    userName: string;
    documents: readonly PrintDocument[];
    isComplete: boolean;
  }): Promise<PrintJob>;
  /** Undefined when the job takes no more documents. */
  addDocument(number: number, document: PrintDocument | undefined, isLast: boolean): Promise<PrintJob | undefined>;
  /** Undefined when its letters are no longer only on paper, so to say: a node has begun with it, or it has ended. */
  cancel(number: number): Promise<PrintJob | undefined>;
  find(number: number): Promise<PrintJob | undefined>;
  /** Those not ended in the order in which they came; those ended with the last one first (RFC 8011 4.2.6.2). */
  list(which: { ended: boolean | undefined; userName: string | undefined; max: number }): Promise<PrintJob[]>;
  /** The numbers of a person's jobs that could still be cancelled. */
  cancellable(userName: string): Promise<number[]>;
}

export interface PrintDocument {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface PrinterContext {
  readonly printer: PrinterFacts;
  readonly jobs: PrintJobs;
  readonly clock: Clock;
}

/** Answers one request to a printer (RFC 8011, PWG 5100.12); every refusal is an answer. */
export async function answerIpp(message: IppMessage, document: Buffer, context: PrinterContext): Promise<IppMessage> {
  try {
    const request = readIppRequest(message);
    const { groups, ignored } = await OPERATIONS[request.operation](request, document, context);
    if (ignored.size === 0) return ippAnswer(message, 'ok', { groups });
    return ippAnswer(message, 'okIgnoredOrSubstituted', { groups: [unsupportedGroup(ignored), ...groups] });
  } catch (error) {
    if (!(error instanceof IppRefusal)) throw error;
    const groups = error.unsupported.size === 0 ? [] : [unsupportedGroup(error.unsupported)];
    return ippAnswer(message, error.status, { statusMessage: error.message, groups });
  }
}

interface Answer {
  readonly groups: readonly IppGroup[];
  /** What was asked for and is not done. */
  readonly ignored: IppAttributes;
}

type Operation = (request: IppRequest, document: Buffer, context: PrinterContext) => Promise<Answer>;

const NAME_CHARACTERS_MAX = 255;
const JOBS_LISTED_MAX = 100;
const NOTHING: IppAttributes = new Map();

const OPERATIONS: Readonly<Record<IppOperationName, Operation>> = {
  getPrinterAttributes: async ({ attributes }, _document, { printer, clock }) => {
    const all = printerAttributes(printer, clock.now());
    return told({ name: 'printer', attributes: chosen(all, textsOf(attributes, 'requested-attributes')) });
  },

  validateJob: async (request, _document, context) => {
    checkDocumentAttributes(request.attributes);
    return { groups: [], ignored: checkSettings(request, context) };
  },

  printJob: async (request, document, context) => {
    const ignored = checkSettings(request, context);
    const { attributes } = request;
    const documents = [{ name: nameOf(attributes, 'document-name'), bytes: await readDocument(attributes, document) }];
    const job = await context.jobs.create({ ...jobNames(attributes), documents, isComplete: true });
    return { groups: [newJob(job, context)], ignored };
  },

  createJob: async (request, _document, context) => {
    const ignored = checkSettings(request, context);
    const job = await context.jobs.create({ ...jobNames(request.attributes), documents: [], isComplete: false });
    return { groups: [newJob(job, context)], ignored };
  },

  sendDocument: async ({ attributes }, document, context) => {
    const isLast = flagOf(attributes, 'last-document');
    if (isLast === undefined) throw new IppRefusal('badRequest', 'last-document saknas.');
    const before = await requireJob(attributes, context);
    // A last document without bytes only says that nothing more comes (RFC 8011 4.3.1).
    const isEmpty = document.length === 0 && isLast;
    const added = isEmpty
      ? undefined
      : { name: nameOf(attributes, 'document-name'), bytes: await readDocument(attributes, document) };
    const job = await context.jobs.addDocument(before.number, added, isLast);
    if (job === undefined) throw new IppRefusal('notPossible', 'Utskriften tar inte emot fler dokument.');
    return told(newJob(job, context));
  },

  closeJob: async ({ attributes }, _document, context) => {
    const { number } = await requireJob(attributes, context);
    const job = await context.jobs.addDocument(number, undefined, true);
    if (job === undefined) throw new IppRefusal('notPossible', 'Utskriften är redan avslutad.');
    return told(newJob(job, context));
  },

  cancelJob: async ({ attributes }, _document, context) => {
    const { number } = await requireJob(attributes, context);
    const job = await context.jobs.cancel(number);
    if (job === undefined) throw new IppRefusal('notPossible', 'Utskriften kan inte längre avbrytas.');
    return told();
  },

  cancelMyJobs: async ({ attributes }, _document, { jobs }) => {
    for (const number of await jobs.cancellable(userNameOf(attributes))) await jobs.cancel(number);
    return told();
  },

  getJobAttributes: async ({ attributes }, _document, context) => {
    const job = await requireJob(attributes, context);
    return told(jobGroup(job, context, textsOf(attributes, 'requested-attributes') ?? ['all']));
  },

  getJobs: async ({ attributes }, _document, context) => {
    const which = textOf(attributes, 'which-jobs') ?? 'not-completed';
    const ended = WHICH_JOBS.get(which);
    if (ended === undefined) {
      throw new IppRefusal(
        'attributesOrValuesNotSupported',
        'which-jobs kan inte vara så.',
        attributesNamed(attributes, ['which-jobs']),
      );
    }
    const jobs = await context.jobs.list({
      ended: ended === 'any' ? undefined : ended,
      userName: flagOf(attributes, 'my-jobs') === true ? userNameOf(attributes) : undefined,
      max: Math.min(Math.max(numberOf(attributes, 'limit') ?? JOBS_LISTED_MAX, 1), JOBS_LISTED_MAX),
    });
    const requested = textsOf(attributes, 'requested-attributes') ?? LISTED_JOB_ATTRIBUTES;
    return told(...jobs.map((job) => jobGroup(job, context, requested)));
  },

  // There is no panel to light up: that the printer answers is what it can show.
  identifyPrinter: async () => told(),
};

const WHICH_JOBS = new Map<string, boolean | 'any'>([
  ['completed', true],
  ['not-completed', false],
  ['all', 'any'],
]);

function told(...groups: IppGroup[]): Answer {
  return { groups, ignored: NOTHING };
}

async function requireJob(attributes: IppAttributes, { jobs }: PrinterContext): Promise<PrintJob> {
  const job = await jobs.find(jobNumberOf(attributes));
  if (job === undefined) throw new IppRefusal('notFound', 'Utskriften finns inte.');
  return job;
}

function newJob(job: PrintJob, context: PrinterContext): IppGroup {
  return jobGroup(job, context, NEW_JOB_ATTRIBUTES);
}

function jobGroup(job: PrintJob, { printer, clock }: PrinterContext, requested: readonly string[]): IppGroup {
  return { name: 'job', attributes: chosen(jobAttributes(job, printer, clock.now()), requested) };
}

/** What was asked for, by name or by group; all when nothing was said (RFC 8011 4.2.5.1, 4.3.4.1). */
function chosen(all: IppAttributes, requested: readonly string[] = ['all']): IppAttributes {
  const names = new Set(requested);
  const isChosen = (name: string) =>
    names.has(name) ||
    (!ONLY_BY_NAME.includes(name) &&
      (names.has('all') ||
        (names.has('job-template') && isJobTemplate(name)) ||
        ((names.has('printer-description') || names.has('job-description')) && !isJobTemplate(name))));
  return new Map([...all].filter(([name]) => isChosen(name)));
}

/**
 * What a job asks for and cannot have. The letter goes out all the same, unless the client demands to be obeyed to the letter
 * (`ipp-attribute-fidelity`, RFC 8011 4.2.1.1).
 *
 * @throws IppRefusal
 */
function checkSettings(
  { attributes, jobAttributes: wanted }: IppRequest,
  { printer, clock }: PrinterContext,
): IppAttributes {
  if (!printer.isAcceptingJobs) throw new IppRefusal('notAcceptingJobs', 'Skrivaren tar inte emot utskrifter just nu.');
  const offered = printerAttributes(printer, clock.now());
  const unsupported = new Map([...wanted].filter(([name, values]) => !isOffered(offered, name, values)));
  if (unsupported.size > 0 && flagOf(attributes, 'ipp-attribute-fidelity') === true) {
    throw new IppRefusal('attributesOrValuesNotSupported', 'Skrivaren kan inte allt som begärs.', unsupported);
  }
  return unsupported;
}

function isOffered(offered: IppAttributes, name: string, values: readonly IppValue[]): boolean {
  const supported = offered.get(`${name}-supported`);
  if (supported === undefined) return false;
  return values.every((value) => supported.some((each) => isWithin(value, each)));
}

function isWithin(value: IppValue, supported: IppValue): boolean {
  if (supported.tag === 'rangeOfInteger') {
    return value.tag === 'integer' && value.value >= supported.value.from && value.value <= supported.value.to;
  }
  // Of a collection, and of a priority, the printer says only which members, or how many steps, it knows.
  if (value.tag === 'collection' || (value.tag === 'integer' && supported.tag === 'integer')) return true;
  return 'value' in value && 'value' in supported && JSON.stringify(value.value) === JSON.stringify(supported.value);
}

function unsupportedGroup(attributes: IppAttributes): IppGroup {
  return { name: 'unsupported', attributes };
}

function attributesNamed(attributes: IppAttributes, names: readonly string[]): IppAttributes {
  return new Map([...attributes].filter(([name]) => names.includes(name)));
}

function jobNames(attributes: IppAttributes): { name: string; userName: string } {
  return { name: nameOf(attributes, 'job-name') || 'Utskrift', userName: userNameOf(attributes) };
}

/** Who prints, as the client says; nothing is believed because of it. */
function userNameOf(attributes: IppAttributes): string {
  return nameOf(attributes, 'requesting-user-name') || 'anonymous';
}

function nameOf(attributes: IppAttributes, attribute: string): string {
  return (textOf(attributes, attribute) ?? '').replace(/\p{Cc}/gu, '').slice(0, NAME_CHARACTERS_MAX);
}
