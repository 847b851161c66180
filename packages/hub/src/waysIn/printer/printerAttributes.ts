import { createHash } from 'node:crypto';
import { IPP_OPERATIONS } from './ippCodes.ts';
import type { IppAttributes } from './ippMessage.ts';
import {
  charset,
  collection,
  dateTime,
  enumeration,
  flag,
  type IppEntry,
  integer,
  keyword,
  language,
  mediaType,
  named,
  range,
  resolution,
  text,
  uri,
} from './ippValues.ts';

/** One business system's printer. */
export interface PrinterFacts {
  /** A UUID ({@link printerUuid}). */
  readonly id: string;
  readonly name: string;
  /** Who will send what is printed. */
  readonly organisationName: string;
  readonly unitName: string;
  /** `ipp://` or `ipps://`, as the client reaches it. */
  readonly uri: string;
  /** Where a person reads more. */
  readonly moreInfoUrl: string;
  /** From when the printer counts its seconds: the same for every node, and before any of its jobs. */
  readonly since: Date;
  readonly isAcceptingJobs: boolean;
  readonly jobsQueued: number;
  readonly isWorking: boolean;
}

/** What a stranger learns of any printer, there or not: what printers here can do, and nothing of whose they are. */
export function anyPrinter(loginName: string, printerUri: string): PrinterFacts {
  return {
    id: printerUuid(loginName),
    name: loginName,
    organisationName: 'Brevduva',
    unitName: 'Brevduva',
    uri: printerUri,
    moreInfoUrl: new URL('/', printerUri.replace(/^ipp/, 'http')).href,
    since: ANY_TIME,
    isAcceptingJobs: true,
    jobsQueued: 0,
    isWorking: false,
  };
}

/** The same for every node, and before anyone has proven to be the system (RFC 9562 5.8). */
export function printerUuid(loginName: string): string {
  const hex = createHash('sha256').update(`printer ${loginName}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

const ANY_TIME = new Date('2026-01-01T00:00:00Z');

/** What can be printed here. A raster of a letter has no text that could be read aloud, and is refused. */
export const DOCUMENT_FORMATS = ['application/pdf', 'application/octet-stream'] as const;
export const COMPRESSIONS = ['none', 'deflate', 'gzip'] as const;
/** How long a job waits for its next document before it goes on with what it has. */
export const MULTIPLE_OPERATION_TIMEOUT_S = 120;

const A4 = 'iso_a4_210x297mm';
const DUPLEX = ['one-sided', 'two-sided-long-edge', 'two-sided-short-edge'];
const UPRIGHT = 3;
const NO_FINISHING = 3;
const NORMAL_QUALITY = 4;
const RESOLUTION_DPI = 600;
const LETTERS_PER_MINUTE = 600;
const COPIES_MAX = 999;
const PRINTER_STATE = { idle: 3, processing: 4, stopped: 5 } as const;
const JOB_SETTINGS = ['copies', 'finishings', 'job-priority', 'media', 'media-col', 'orientation-requested'];
const MORE_JOB_SETTINGS = ['output-bin', 'print-color-mode', 'print-quality', 'printer-resolution', 'sides'];

/** Seconds since the printer came to be; never 0, which RFC 8011 keeps for "never". */
export function printerSeconds(since: Date, at: Date): number {
  return Math.max(1, Math.floor((at.getTime() - since.getTime()) / 1000));
}

/**
 * All that a printer says of itself: RFC 8011 5.4, PWG 5100.12 6.2, and of IPP Everywhere (PWG 5100.14) what a printer without
 * paper, ink and raster can say.
 */
export function printerAttributes(printer: PrinterFacts, now: Date): IppAttributes {
  return new Map([
    ...identity(printer),
    ...state(printer, now),
    ...capabilities(printer),
    ...jobDefaults(),
    ...media(),
  ]);
}

/** What is told only to who asks for it by name (PWG 5100.7). */
export const ONLY_BY_NAME: readonly string[] = ['media-col-database'];

/** `job-template` and `printer-description` as groups of names in `requested-attributes` (RFC 8011 4.2.5.1). */
export function isJobTemplate(name: string): boolean {
  return [...JOB_SETTINGS, ...MORE_JOB_SETTINGS, 'print-content-optimize', 'print-rendering-intent'].some((setting) =>
    [`${setting}-default`, `${setting}-supported`, `${setting}-ready`, `${setting}-database`].includes(name),
  );
}

function identity(printer: PrinterFacts): IppEntry[] {
  const { id, name, organisationName, unitName, moreInfoUrl } = printer;
  const isSecure = printer.uri.startsWith('ipps:');
  return [
    uri('printer-uri-supported', printer.uri),
    keyword('uri-security-supported', isSecure ? 'tls' : 'none'),
    keyword('uri-authentication-supported', 'basic'),
    named('printer-name', name),
    text('printer-info', `${name}: skriv ut till ${organisationName}`),
    text('printer-location', unitName),
    text('printer-organization', organisationName),
    text('printer-organizational-unit', unitName),
    text('printer-make-and-model', 'Brevduva'),
    text('printer-device-id', 'MFG:Brevduva;MDL:Skrivare;CMD:PDF;'),
    uri('printer-uuid', `urn:uuid:${id}`),
    uri('printer-more-info', moreInfoUrl),
    uri('printer-supply-info-uri', moreInfoUrl),
    // Where the letters come out is in as many places as there are recipients.
    ['printer-geo-location', [{ tag: 'unknown' }]],
  ];
}

function state(printer: PrinterFacts, now: Date): IppEntry[] {
  const { since, isAcceptingJobs, isWorking, jobsQueued } = printer;
  const working = isWorking ? 'processing' : 'idle';
  return [
    enumeration('printer-state', PRINTER_STATE[isAcceptingJobs ? working : 'stopped']),
    keyword('printer-state-reasons', isAcceptingJobs ? 'none' : 'paused'),
    flag('printer-is-accepting-jobs', isAcceptingJobs),
    integer('queued-job-count', jobsQueued),
    integer('printer-up-time', printerSeconds(since, now)),
    dateTime('printer-current-time', now),
    integer('printer-state-change-time', 1),
    dateTime('printer-state-change-date-time', since),
    integer('printer-config-change-time', 1),
    dateTime('printer-config-change-date-time', since),
  ];
}

function capabilities({ isAcceptingJobs }: PrinterFacts): IppEntry[] {
  return [
    keyword('ipp-versions-supported', '1.1', '2.0'),
    keyword('ipp-features-supported', 'document-object', 'none'),
    enumeration('operations-supported', ...Object.values(IPP_OPERATIONS)),
    charset('charset-configured', 'utf-8'),
    charset('charset-supported', 'utf-8'),
    language('natural-language-configured', 'sv'),
    language('generated-natural-language-supported', 'sv'),
    mediaType('document-format-default', DOCUMENT_FORMATS[0]),
    mediaType('document-format-supported', ...DOCUMENT_FORMATS),
    keyword('compression-supported', ...COMPRESSIONS),
    keyword('pdl-override-supported', 'not-attempted'),
    flag('multiple-document-jobs-supported', isAcceptingJobs),
    integer('multiple-operation-time-out', MULTIPLE_OPERATION_TIMEOUT_S),
    keyword('multiple-operation-time-out-action', 'process-job'),
    keyword('job-creation-attributes-supported', ...JOB_SETTINGS, ...MORE_JOB_SETTINGS, 'job-name'),
    flag('job-ids-supported', true),
    flag('preferred-attributes-supported', false),
    flag('page-ranges-supported', false),
    keyword('overrides-supported', 'document-number', 'pages'),
    keyword('which-jobs-supported', 'completed', 'not-completed', 'all'),
    keyword('printer-get-attributes-supported', 'document-format'),
    keyword('identify-actions-default', 'display'),
    keyword('identify-actions-supported', 'display'),
    flag('color-supported', true),
    integer('pages-per-minute', LETTERS_PER_MINUTE),
    integer('pages-per-minute-color', LETTERS_PER_MINUTE),
  ];
}

/**
 * What a job may ask for. It is taken without complaint and decides nothing: how a letter goes out, and how it is printed if it goes
 * on paper, is the flow's to say, and a recipient gets one copy.
 */
function jobDefaults(): IppEntry[] {
  return [
    integer('copies-default', 1),
    // More than one would have CUPS copy the pages itself, and every recipient get the letter twice: asked for, they are taken and not made.
    range('copies-supported', 1, COPIES_MAX),
    enumeration('finishings-default', NO_FINISHING),
    enumeration('finishings-supported', NO_FINISHING),
    integer('job-priority-default', 50),
    integer('job-priority-supported', 1),
    enumeration('orientation-requested-default', UPRIGHT),
    enumeration('orientation-requested-supported', UPRIGHT, 4, 5, 6),
    keyword('output-bin-default', 'face-down'),
    keyword('output-bin-supported', 'face-down'),
    keyword('print-color-mode-default', 'auto'),
    keyword('print-color-mode-supported', 'auto', 'color', 'monochrome'),
    keyword('print-content-optimize-default', 'auto'),
    keyword('print-content-optimize-supported', 'auto'),
    keyword('print-rendering-intent-default', 'auto'),
    keyword('print-rendering-intent-supported', 'auto'),
    enumeration('print-quality-default', NORMAL_QUALITY),
    enumeration('print-quality-supported', NORMAL_QUALITY),
    resolution('printer-resolution-default', RESOLUTION_DPI),
    resolution('printer-resolution-supported', RESOLUTION_DPI),
    keyword('sides-default', DUPLEX[0] ?? ''),
    keyword('sides-supported', ...DUPLEX),
  ];
}

function media(): IppEntry[] {
  // Hundredths of a millimetre (PWG 5100.7).
  const size = new Map([integer('x-dimension', 21_000), integer('y-dimension', 29_700)]);
  const margins = ['top', 'bottom', 'left', 'right'].map((side) => integer(`media-${side}-margin`, 0));
  const paper = new Map([
    collection('media-size', size),
    ...margins,
    keyword('media-source', 'auto'),
    keyword('media-type', 'stationery'),
  ]);
  return [
    keyword('media-default', A4),
    keyword('media-ready', A4),
    keyword('media-supported', A4),
    collection('media-size-supported', size),
    collection('media-col-default', paper),
    collection('media-col-ready', paper),
    collection('media-col-database', paper),
    keyword('media-col-supported', ...paper.keys()),
    keyword('media-source-supported', 'auto'),
    keyword('media-type-supported', 'stationery'),
    ...['top', 'bottom', 'left', 'right'].map((side) => integer(`media-${side}-margin-supported`, 0)),
  ];
}
