import type { ObjectReader } from '../objectReader.ts';
import type { WayInContext } from '../waysIn.ts';

/** A printer (IPP) that programs of the system print letters on, and how its printouts are read. */
export interface PrinterSettings {
  /** The flow of all that is printed here. */
  readonly flow: string;
  /** Where one letter ends and the next begins. */
  readonly newLetter: NewLetterRule;
  /** Where the recipient's number stands; tried in order until one finds something. */
  readonly recipient: readonly FindRule[];
  /** Unless given, and where it finds nothing, the flow's own subject. */
  readonly subject?: FindRule;
  readonly reference?: FindRule;
  /** Where the postal address stands, a line of it on each line. */
  readonly address?: Area;
  /** The text beside the PDF in the recipient's mailbox; a sentence of ours unless given. */
  readonly message?: string;
}

/** `job`: each document is a letter; `pages`: so many pages each; `mark`: at a page with a mark; `recipient`: when the recipient is another. */
export type NewLetterRule =
  | { readonly at: 'job' | 'recipient' }
  | { readonly at: 'pages'; readonly pages: number }
  | { readonly at: 'mark'; readonly mark: FindRule };

export interface FindRule {
  readonly find: 'text' | 'dataMatrix';
  /** A regular expression; its first group counts, else all of it. Without one everything that stands there counts. */
  readonly pattern?: string;
  /** Text only within this area; anywhere on the page without one. */
  readonly area?: Area;
}

/** Millimetres from the upper left corner of the page as it is shown. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const PAGES_MAX = 500;
const PAGE_MM_MAX = 420;
const PATTERN_CHARACTERS_MAX = 200;
const MESSAGE_CHARACTERS_MAX = 1_000;
/** Twelve digits, or ten with the sign that tells the century, as people write them. */
export const ANY_NUMBER = String.raw`\b((?:\d{2})?\d{6}[-+]?\d{4})\b`;

/** Reads the part `printer` of a system's ways in; faults go to the reader. */
export function readPrinter(part: ObjectReader, { flows }: WayInContext): PrinterSettings {
  const flow = part.text('flow');
  if (flow !== '' && !flows.includes(flow)) part.fault('flow', `Systemet får inte skicka flödet ${flow}.`);
  const recipient = part.objects('recipient').map(readFind);
  const subject = readOptional(part, 'subject', readFind);
  const reference = readOptional(part, 'reference', readFind);
  const address = readOptional(part, 'address', readArea);
  const message = part.optionalText('message', { charsMax: MESSAGE_CHARACTERS_MAX });
  return {
    flow,
    newLetter: readNewLetter(part),
    recipient: recipient.length > 0 ? recipient : [{ find: 'text', pattern: ANY_NUMBER }],
    ...(subject && { subject }),
    ...(reference && { reference }),
    ...(address && { address }),
    ...(message !== undefined && { message }),
  };
}

function readNewLetter(part: ObjectReader): NewLetterRule {
  const rule = part.optionalObject('newLetter');
  if (rule === undefined) return { at: 'job' };
  const at = rule.choice('at', ['job', 'recipient', 'pages', 'mark'] as const);
  const read = {
    job: () => ({ at: 'job' as const }),
    recipient: () => ({ at: 'recipient' as const }),
    pages: () => ({ at: 'pages' as const, pages: rule.integer('pages', { min: 1, max: PAGES_MAX }) }),
    mark: () => ({ at: 'mark' as const, mark: readFind(rule.object('mark')) }),
  }[at]();
  rule.end();
  return read;
}

function readFind(rule: ObjectReader): FindRule {
  const find = rule.choice('find', ['text', 'dataMatrix'] as const);
  const pattern = rule.optionalText('pattern', { charsMax: PATTERN_CHARACTERS_MAX });
  if (pattern !== undefined && !isPattern(pattern)) rule.fault('pattern', 'Fältet är inget reguljärt uttryck.');
  const area = readOptional(rule, 'area', readArea);
  if (area !== undefined && find === 'dataMatrix') rule.fault('area', 'En yta gäller bara text.');
  rule.end();
  return { find, ...(pattern !== undefined && { pattern }), ...(area && { area }) };
}

function readArea(area: ObjectReader): Area {
  const side = (field: string, min: number) => area.integer(field, { min, max: PAGE_MM_MAX });
  const read = { left: side('left', 0), top: side('top', 0), width: side('width', 1), height: side('height', 1) };
  area.end();
  return read;
}

function readOptional<T>(part: ObjectReader, field: string, read: (object: ObjectReader) => T): T | undefined {
  const object = part.optionalObject(field);
  return object === undefined ? undefined : read(object);
}

function isPattern(source: string): boolean {
  try {
    new RegExp(source, 'u');
    return true;
  } catch {
    return false;
  }
}
