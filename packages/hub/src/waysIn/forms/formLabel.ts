import type { Fault } from '@brevduva/base';
import type { PlainElement } from '@brevduva/protocol';
import { fault } from '../../intake/draft.ts';
import { readFormXml } from './formXml.ts';

/** What a form's sender says of it: the fields of an SHS label that matter here. */
export interface FormLabel {
  /** SHS `tx.id`. */
  readonly transactionId: string;
  /** SHS `corr.id`. */
  readonly correlationId: string | undefined;
  readonly product: string;
  /** Who has sent it, as the sender writes it. */
  readonly from: string | undefined;
  /** An organisation's number. */
  readonly to: string | undefined;
  readonly subject: string | undefined;
  readonly sentAt: string | undefined;
  readonly isTest: boolean;
  /** Names of the files that the label counts up; all of them must have come. */
  readonly filenames: readonly string[];
}

export interface ReadLabel {
  readonly label: FormLabel;
  readonly faults: readonly Fault[];
}

/** The one declaration that SHS labels carry. It names a file that nobody here opens, and is cut off before anything is read. */
const SHS_DOCTYPE = /^(\s*<\?xml[^<>]*\?>)?\s*<!DOCTYPE\s+shs\.label\s+SYSTEM\s+(["'])shs-label-\d\.\d\.dtd\2\s*>/;
const FIELDS = ['transactionId', 'correlationId', 'product', 'from', 'to', 'subject', 'sentAt', 'test', 'files'];

/** Reads a label that is XML, as SHS has it, or JSON with the same words in English. */
export function readFormLabel(bytes: Buffer): ReadLabel {
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  return text.trimStart().startsWith('{') ? readJsonLabel(text) : readShsLabel(text);
}

/** Reads a label that is spread over fields of the request, as a plain web form has it. */
export function readPlainLabel(fields: Readonly<Record<string, unknown>>): ReadLabel {
  const faults: Fault[] = [];
  const text = (name: string): string | undefined => {
    const value = fields[name];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'string') return value.trim();
    faults.push(fault('HUB_FIELD_TYPE', `label/${name}`, 'Fältet ska vara text.'));
    return undefined;
  };
  for (const name of Object.keys(fields)) {
    if (!FIELDS.includes(name)) faults.push(fault('HUB_FIELD_UNKNOWN', `label/${name.slice(0, 100)}`));
  }
  const { test, files = [] } = fields;
  const areNames = Array.isArray(files) && files.every((name) => typeof name === 'string');
  if (!areNames) faults.push(fault('HUB_FIELD_TYPE', 'label/files', 'Fältet ska vara en lista av filnamn.'));
  const label = {
    transactionId: text('transactionId') ?? '',
    correlationId: text('correlationId'),
    product: text('product') ?? '',
    from: text('from'),
    to: text('to'),
    subject: text('subject'),
    sentAt: text('sentAt'),
    isTest: test === true || test === 'true',
    filenames: areNames ? files : [],
  };
  return { label, faults };
}

function readJsonLabel(text: string): ReadLabel {
  try {
    return readPlainLabel(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return unreadable('Etiketten är inte giltig JSON.');
  }
}

function readShsLabel(text: string): ReadLabel {
  const root = readFormXml(Buffer.from(text.replace(SHS_DOCTYPE, '$1')));
  if (typeof root === 'string') return unreadable(root);
  if (root.name !== 'shs.label') return unreadable('Etiketten ska vara ett element shs.label, eller JSON.');
  const sequence = attribute(root, 'sequence-type')?.toUpperCase() ?? 'EVENT';
  const transfer = attribute(root, 'transfer-type')?.toUpperCase() ?? 'ASYNCH';
  const isTaken = ['EVENT', 'REQUEST'].includes(sequence) && transfer === 'ASYNCH';
  const label = {
    transactionId: attribute(root, 'tx.id') ?? '',
    correlationId: attribute(root, 'corr.id'),
    product: child(root, 'product')?.text ?? '',
    from: textOf(root, 'from') ?? textOf(root, 'originator'),
    to: textOf(root, 'to'),
    subject: textOf(root, 'subject'),
    sentAt: textOf(root, 'datetime'),
    isTest: attribute(root, 'status')?.toLowerCase() === 'test',
    filenames: (child(root, 'content')?.children ?? []).flatMap((data) => attribute(data, 'filename') ?? []),
  };
  const takenText = 'Formulär tas emot asynkront (ASYNCH), som EVENT eller REQUEST.';
  return { label, faults: isTaken ? [] : [fault('HUB_FORM_LABEL', 'label', takenText)] };
}

function unreadable(text: string): ReadLabel {
  return { label: readPlainLabel({}).label, faults: [fault('HUB_FORM_LABEL', 'label', text)] };
}

function attribute(element: PlainElement, name: string): string | undefined {
  const value = element.attributes.get(name)?.trim();
  return value === '' ? undefined : value;
}

function child(element: PlainElement, name: string): PlainElement | undefined {
  return element.children.find((each) => each.name === name);
}

function textOf(element: PlainElement, name: string): string | undefined {
  const text = child(element, name)?.text;
  return text === '' ? undefined : text;
}
