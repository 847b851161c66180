import type { Fault } from '@brevduva/base';
import { characterFault } from '../intake/characters.ts';
import { fault, pointerToken } from '../intake/draft.ts';
import { SUBJECT_CHARS_MAX } from '../intake/validate.ts';
import { documentNames } from '../pdf/templateLetter.ts';
import {
  fillText,
  isOnlyInText,
  PLACEHOLDERS_MAX,
  type PlaceholderText,
  placeholderKey,
  placeholderNames,
  readPlaceholders,
  type Values,
  writeIn,
} from './placeholders.ts';

/** What a mailing's text asks of each recipient, and what it takes of the envelope; judged when the mailing is made. */
export interface MailingText {
  readonly subject: string;
  readonly contentType: string;
  readonly facts: TextFacts;
}

/** As it is kept with the mailing. */
export interface TextFacts {
  readonly names: readonly TextName[];
  /** The body has braces, so it is filled for each letter; else it goes as it stands. */
  readonly fillsBody: boolean;
  /** A document of its own is made of the values, for each letter. */
  readonly hasDocument: boolean;
  /** Bytes of the body with {@link STAND_IN_VALUE} in every place: what the mailing's envelope was measured with. */
  readonly bodyBytes: number;
}

export interface TextName {
  readonly name: string;
  /** How often it stands in the body. */
  readonly inBody: number;
  /** The document has something to say without it. */
  readonly isOptional?: boolean;
}

/** Of one recipient: as many as an address file may have columns. */
export const VALUES_MAX = 200;
export const VALUE_CHARS_MAX = 2_000;
/** Stands in each place while nobody's value is known. */
export const STAND_IN_VALUE = 'x';

/**
 * Reads a mailing's subject and body, and the names that its document asks for (`source`), and tells every brace that means nothing and every place where a value would not be safe.
 */
export function readMailingText(
  subject: string,
  body: { readonly contentType: string; readonly text: string },
  source?: string,
): { text: MailingText; filledSubject: string; filledBody: string; faults: Fault[] } {
  const line = readPlaceholders(subject);
  const read = readPlaceholders(body.text, body.contentType);
  const names = new Map<string, TextName>(placeholderNames(line).map(({ name, key }) => [key, { name, inBody: 0 }]));
  for (const { name, key, count } of placeholderNames(read)) {
    names.set(key, { name: names.get(key)?.name ?? name, inBody: count });
  }
  for (const { name, isOptional } of source === undefined ? [] : documentNames(source)) {
    const key = placeholderKey(name);
    if (!names.has(key)) names.set(key, { name, inBody: 0, isOptional });
  }
  const filledBody = fillText(read, standIns(names.keys()));
  const faults = [
    ...line.faults.map((text) => fault('HUB_PLACEHOLDER_FORMAT', 'subject', text)),
    ...read.faults.map((text) => fault('HUB_PLACEHOLDER_FORMAT', 'body/text', text)),
    ...(names.size > PLACEHOLDERS_MAX ? [fault('HUB_PLACEHOLDERS_TOO_MANY', 'body/text')] : []),
    ...(body.contentType !== 'text/html' || isOnlyInText(read) ? [] : [fault('HUB_PLACEHOLDER_IN_TAG', 'body/text')]),
  ];
  const hasDocument = source !== undefined;
  const bodyBytes = Buffer.byteLength(filledBody);
  const facts = { names: [...names.values()], fillsBody: read.hasBraces, hasDocument, bodyBytes };
  const text = { subject, contentType: body.contentType, facts };
  return { text, filledSubject: fillText(line, standIns(names.keys())), filledBody, faults };
}

function standIns(keys: Iterable<string>): Values {
  return new Map([...keys].map((key) => [key, STAND_IN_VALUE]));
}

/** The letter's own of what the mailing's text leaves open. */
export interface FilledText {
  /** Undefined: the mailing's. */
  readonly subject: string | undefined;
  /** Those that the text uses; undefined: it goes as it stands. */
  readonly values: Values | undefined;
  /** By how much its envelope differs from the one that was measured. */
  readonly moreBytes: number;
}

/** A mailing's text, read once for all the recipients of a bunch. */
export interface PreparedText {
  readonly facts: TextFacts;
  /** The facts' names by {@link placeholderKey}. */
  readonly names: ReadonlyMap<string, TextName>;
  readonly line: PlaceholderText;
  /** Bytes of the subject with {@link STAND_IN_VALUE} in every place, as it was measured. */
  readonly subjectBytes: number;
  readonly written: (value: string) => string;
}

export function prepareText({ subject, contentType, facts }: MailingText): PreparedText {
  const names = new Map(facts.names.map((each) => [placeholderKey(each.name), each]));
  const line = readPlaceholders(subject);
  const subjectBytes = xmlBytes(fillText(line, standIns(names.keys())));
  return { facts, names, line, subjectBytes, written: writeIn(contentType) };
}

/** Fills the text with a recipient's values; a place without a value is a fault by the column's name. */
export function fillRecipient(text: PreparedText, given: Values, faults: Fault[]): FilledText {
  const { line, names, subjectBytes, written } = text;
  const { fillsBody, hasDocument, bodyBytes } = text.facts;
  const used = new Map<string, string>();
  let moreBody = 0;
  for (const [key, { name, inBody, isOptional }] of names) {
    const value = given.get(key) ?? '';
    if (value.trim() === '' && isOptional !== true) faults.push(missing(name));
    used.set(key, value);
    moreBody += inBody * (Buffer.byteLength(written(value)) - STAND_IN_VALUE.length);
  }
  const subject = line.hasBraces ? fillText(line, used) : undefined;
  if (subject !== undefined && faults.length === 0) faults.push(...subjectFaults(subject));
  const moreSubject = subject === undefined ? 0 : xmlBytes(subject) - subjectBytes;
  const moreBytes = base64Bytes(bodyBytes + moreBody) - base64Bytes(bodyBytes) + moreSubject;
  return { subject, values: fillsBody || hasDocument ? used : undefined, moreBytes };
}

function missing(name: string): Fault {
  return fault('HUB_PLACEHOLDER_VALUE', `values/${pointerToken(name)}`, `Värde saknas för {${name}}.`);
}

function subjectFaults(subject: string): Fault[] {
  const unfit = characterFault(subject, 'line');
  if (unfit !== undefined) return [fault('HUB_FIELD_CHARACTER', 'values', `Ämnesraden: ${unfit}`)];
  const chars = [...subject].length;
  if (chars <= SUBJECT_CHARS_MAX) return [];
  const text = `Ämnesraden blir ${chars} tecken; högst ${SUBJECT_CHARS_MAX} får plats.`;
  return [fault('HUB_FIELD_TOO_LONG', 'values', text)];
}

/** Reads what a recipient has for the text's places. What the text does not use is not looked at: a list may have any columns. */
export function readValues(value: unknown, text: PreparedText | undefined, faults: Fault[]): Values {
  const values = new Map<string, string>();
  if (value === undefined || value === null) return values;
  if (typeof value !== 'object' || Array.isArray(value)) {
    faults.push(fault('HUB_FIELD_TYPE', 'values', 'Fältet ska vara namn med texter.'));
    return values;
  }
  const entries = Object.entries(value);
  if (entries.length > VALUES_MAX) {
    faults.push(
      fault('HUB_VALUES_TOO_MANY', 'values', `Mottagaren har ${entries.length} värden; högst ${VALUES_MAX}.`),
    );
    return values;
  }
  if (text === undefined) return values;
  for (const [name, given] of entries) {
    if (!text.names.has(placeholderKey(name))) continue;
    const unfit = valueFault(name, given, values);
    if (unfit !== undefined) faults.push({ ...unfit, path: `values/${pointerToken(name)}` });
    else if (typeof given === 'string') values.set(placeholderKey(name), given);
  }
  return values;
}

function valueFault(name: string, text: unknown, known: Values): Fault | undefined {
  if (text === null) return undefined;
  if (typeof text !== 'string') return fault('HUB_FIELD_TYPE', '', 'Värdet ska vara text.');
  const unfit = characterFault(text, 'text');
  if (unfit !== undefined) return fault('HUB_FIELD_CHARACTER', '', unfit);
  const chars = [...text].length;
  if (chars > VALUE_CHARS_MAX) {
    return fault('HUB_FIELD_TOO_LONG', '', `Värdet har ${chars} tecken; högst ${VALUE_CHARS_MAX} får plats.`);
  }
  return known.has(placeholderKey(name)) ? fault('HUB_FIELD_TYPE', '', 'Namnet står två gånger.') : undefined;
}

/** As it is written: & < > become entities, and no other character does (protocol, xml/escape). */
export function xmlBytes(text: string): number {
  return Buffer.byteLength(text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
}

/** How a body and an attachment stand in the envelope. */
export function base64Bytes(bytes: number): number {
  return 4 * Math.ceil(bytes / 3);
}
