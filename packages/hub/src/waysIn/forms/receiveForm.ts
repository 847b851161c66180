import { createHash } from 'node:crypto';
import { appError, type Fault, inTransaction, newId, type Pool } from '@brevduva/base';
import { parseOrganizationNumber } from '@brevduva/protocol';
import type { ContentStore } from '../../content.ts';
import { HUB_ERRORS } from '../../errors.ts';
import { characterFault } from '../../intake/characters.ts';
import { ATTACHMENTS_MAX, fault } from '../../intake/draft.ts';
import { type BusinessSystem, loginNameOf } from '../../organisation/businessSystem.ts';
import type { FormProduct } from '../../organisation/waysIn/forms.ts';
import { type FormReceipt, insertFormMessage, type NewFormPart, selectFormReceipt } from '../../sql/formMessages.ts';
import { selectSystemByCode } from '../../sql/systems.ts';
import { fileTypeOf } from './fileType.ts';
import type { FormLabel, ReadLabel } from './formLabel.ts';
import { formValue, readFormXml } from './formXml.ts';
import { safeFilename } from './safeFilename.ts';

/** A form as its portal hands it in. */
export interface FormHandIn {
  readonly label: ReadLabel;
  /** The label as it came; undefined where its words came as fields. */
  readonly labelBytes: Buffer | undefined;
  readonly form: FormFile | undefined;
  readonly attachments: readonly FormFile[];
  /** What is wrong beside it. */
  readonly faults: readonly Fault[];
}

export interface FormFile {
  readonly filename: string;
  readonly bytes: Buffer;
}

export interface ReceivedForm extends FormReceipt {
  readonly transactionId: string;
  /** True when it was handed in before: the answer is the first one's. */
  readonly replay: boolean;
}

export interface ReceiveOptions {
  readonly pool: Pool;
  readonly content: ContentStore;
  /** Called after the commit: something is due. */
  readonly onReceived: () => void;
}

export const FORM_REQUEST_BYTES_MAX = 32 * 1024 * 1024;
const ATTACHMENT_BYTES_MAX = 10 * 1024 * 1024;
const ID_CHARS_MAX = 200;
const LINE_CHARS_MAX = 255;
const FIELD_CHARS_MAX = 500;
const FAULTS_MAX = 200;
const SECONDS_PER_HOUR = 3_600;

/**
 * Takes a form in: judges all of it, then stores all of it or nothing. The answer comes after the commit (design 5).
 *
 * @throws AppError HUB_FORM_NOT_ALLOWED, HUB_FORM_INVALID with every fault, HUB_FORM_TRANSACTION_REUSED; nothing is stored then.
 */
export async function receiveForm(
  handIn: FormHandIn,
  portal: BusinessSystem,
  { pool, content, onReceived }: ReceiveOptions,
): Promise<ReceivedForm> {
  const { forms } = portal.waysIn;
  if (forms === undefined) throw appError(HUB_ERRORS, 'HUB_FORM_NOT_ALLOWED');
  const { label } = handIn.label;
  const judged = judgeForm(handIn, portal, forms.products);
  const receiver = judged.product && (await selectSystemByCode(pool, portal.organisationId, judged.product.receiver));
  const faults = [...judged.faults, ...(judged.product && !receiver ? [noReceiver()] : [])];
  const { product, form } = judged;
  if (faults.length > 0 || product === undefined || receiver === undefined || form === undefined) {
    throw appError(HUB_ERRORS, 'HUB_FORM_INVALID', { faults: faults.slice(0, FAULTS_MAX) });
  }
  const parts = partsOf(handIn, judged, (bytes, type) => content.prepare(portal.organisationId, bytes, type));
  const requestHash = hashOf(label, parts);
  const { transactionId, correlationId, from, subject, sentAt, isTest } = label;
  const message = {
    ...{ id: newId(), receiverId: receiver.id, product: product.code, productName: product.name },
    ...{ transactionId, correlationId, sender: from, subject, isTest, requestHash, parts },
    sentAt: sentAt === undefined ? undefined : new Date(sentAt),
    fields: product.fields.map(({ name, path }) => ({ name, value: shorten(formValue(form, path)) })),
    dueSeconds: product.webhook === undefined ? product.fetchHours * SECONDS_PER_HOUR : 0,
    retentionDays: product.retentionDays,
  };
  const isNew = await inTransaction(pool, (client) => insertFormMessage(client, portal, message));
  if (isNew) onReceived();
  const receipt = await selectFormReceipt(pool, portal, transactionId);
  if (receipt === undefined) throw new Error('a form message vanished between two statements');
  if (!receipt.requestHash.equals(requestHash)) throw appError(HUB_ERRORS, 'HUB_FORM_TRANSACTION_REUSED');
  return { ...receipt, transactionId, replay: !isNew };
}

function noReceiver(): Fault {
  return fault('HUB_FORM_PRODUCT', 'label/product', 'Formulärets mottagare används inte längre.');
}

function shorten(value: string | undefined): string | null {
  return value === undefined ? null : [...value].slice(0, FIELD_CHARS_MAX).join('');
}

interface Judged {
  readonly product: FormProduct | undefined;
  /** The root of the form; undefined when it could not be read. */
  readonly form: Exclude<ReturnType<typeof readFormXml>, string> | undefined;
  readonly types: readonly ReturnType<typeof fileTypeOf>[];
  readonly faults: readonly Fault[];
}

/** Judges everything about a form and collects every fault. */
function judgeForm(handIn: FormHandIn, portal: BusinessSystem, products: readonly FormProduct[]): Judged {
  const { label, faults } = handIn.label;
  const product = products.find(({ code }) => code === label.product);
  const form = handIn.form && readFormXml(handIn.form.bytes);
  const types = handIn.attachments.map(({ bytes }) => fileTypeOf(bytes));
  return {
    product,
    form: typeof form === 'string' ? undefined : form,
    types,
    faults: [
      ...handIn.faults,
      ...faults,
      // A label that could not be read says nothing; that its fields are missing need not be told one by one.
      ...(faults.some(({ path }) => path === 'label') ? [] : labelFaults(label, portal, product)),
      ...(handIn.form === undefined ? [fault('HUB_FIELD_REQUIRED', 'form')] : []),
      ...(typeof form === 'string' ? [fault('HUB_FORM_XML', 'form', form)] : []),
      ...attachmentFaults(handIn, types),
      ...missingFiles(handIn),
    ],
  };
}

function labelFaults(label: FormLabel, portal: BusinessSystem, product: FormProduct | undefined): Fault[] {
  const { transactionId, correlationId = '', from = '', to, subject = '', sentAt } = label;
  return [
    ...(transactionId === '' ? [fault('HUB_FIELD_REQUIRED', 'label/transactionId')] : []),
    ...lineFaults(transactionId, 'label/transactionId', ID_CHARS_MAX),
    ...lineFaults(correlationId, 'label/correlationId', ID_CHARS_MAX),
    ...lineFaults(from, 'label/from', LINE_CHARS_MAX),
    ...lineFaults(subject, 'label/subject', LINE_CHARS_MAX),
    ...(label.product === '' ? [fault('HUB_FIELD_REQUIRED', 'label/product')] : []),
    ...(label.product !== '' && product === undefined ? [fault('HUB_FORM_PRODUCT', 'label/product')] : []),
    ...(to === undefined || isAddressee(to, portal) ? [] : [fault('HUB_FORM_ADDRESSEE', 'label/to')]),
    ...(sentAt === undefined || isTime(sentAt) ? [] : [fault('HUB_FIELD_TYPE', 'label/sentAt', TIME_TEXT)]),
  ];
}

const TIME_TEXT = 'Fältet ska vara en tidpunkt enligt ISO 8601, som 2026-11-23T14:05:00+01:00.';
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?$/;

function isTime(text: string): boolean {
  return TIME.test(text) && !Number.isNaN(Date.parse(text));
}

/** SHS may write what part of the organisation it is after the number, with a full stop between. */
function isAddressee(to: string, portal: BusinessSystem): boolean {
  const parsed = parseOrganizationNumber(to.split('.')[0] ?? '');
  return parsed.ok && loginNameOf(parsed.id, portal.code) === portal.loginName;
}

function lineFaults(text: string, path: string, charsMax: number): Fault[] {
  const unfit = characterFault(text, 'line');
  if (unfit !== undefined) return [fault('HUB_FIELD_CHARACTER', path, unfit)];
  return [...text].length > charsMax ? [fault('HUB_FIELD_TOO_LONG', path)] : [];
}

function attachmentFaults({ attachments }: FormHandIn, types: Judged['types']): Fault[] {
  if (attachments.length > ATTACHMENTS_MAX) {
    return [fault('HUB_ATTACHMENTS_TOO_MANY', 'attachments', `Formuläret får ha högst ${ATTACHMENTS_MAX} bilagor.`)];
  }
  return attachments.flatMap(({ bytes }, n) => {
    const path = `attachments/${n}`;
    if (bytes.length === 0) return [fault('HUB_FORM_ATTACHMENT_TYPE', path, 'Bilagan är tom.')];
    if (bytes.length > ATTACHMENT_BYTES_MAX) return [fault('HUB_FORM_ATTACHMENT_SIZE', path)];
    if (types[n] === 'archive') return [fault('HUB_FORM_ATTACHMENT_ARCHIVE', path)];
    return types[n] === undefined ? [fault('HUB_FORM_ATTACHMENT_TYPE', path)] : [];
  });
}

/** A file that the label counts up and that did not come would be lost without a word. */
function missingFiles({ label, form, attachments }: FormHandIn): Fault[] {
  const came = new Set([...(form ? [form] : []), ...attachments].map(({ filename }) => filename));
  return label.label.filenames
    .filter((name) => !came.has(name))
    .slice(0, ATTACHMENTS_MAX)
    .map((name) => fault('HUB_FORM_PARTS', 'label/files', `Filen ”${printable(name)}” står i etiketten men kom inte.`));
}

function printable(name: string): string {
  return name.replace(/\p{Cc}/gu, '\ufffd').slice(0, LINE_CHARS_MAX);
}

type Prepare = (bytes: Buffer, contentType: string) => NewFormPart['content'];

/** Label and form byte for byte; attachments as what their bytes are, under names that are safe. */
function partsOf({ labelBytes, form, attachments }: FormHandIn, { types }: Judged, prepare: Prepare): NewFormPart[] {
  const parts: NewFormPart[] = [];
  const taken = new Set<string>();
  const add = (kind: NewFormPart['kind'], name: string, extension: string, bytes: Buffer, contentType: string) => {
    const filename = safeFilename(name, extension, taken);
    taken.add(filename.toLowerCase());
    parts.push({ kind, filename, content: prepare(bytes, contentType) });
  };
  if (labelBytes !== undefined) {
    const isJson = labelBytes.toString('latin1', 0, 16).trimStart().startsWith('{');
    add('label', 'etikett', isJson ? '.json' : '.xml', labelBytes, isJson ? 'application/json' : 'application/xml');
  }
  if (form !== undefined) add('form', form.filename || 'formular', '.xml', form.bytes, 'application/xml');
  attachments.forEach(({ filename, bytes }, n) => {
    const type = types[n];
    if (typeof type === 'object') add('attachment', filename, type.extension, bytes, type.contentType);
  });
  return parts;
}

/** What makes two hand-ins the same: what the label says of the form, and every byte of form and attachments. */
function hashOf({ product, correlationId, from, subject }: FormLabel, parts: readonly NewFormPart[]): Buffer {
  const files = parts.filter(({ kind }) => kind !== 'label');
  const names = files.map(({ kind, filename, content }) => [kind, filename, content.hash.toString('hex')]);
  return createHash('sha256')
    .update(JSON.stringify([product, correlationId ?? null, from ?? null, subject ?? null, names]))
    .digest();
}
