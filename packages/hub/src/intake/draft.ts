import type { Fault } from '@brevduva/base';
import type { ContactInput } from '../contact.ts';
import { HUB_ERRORS } from '../errors.ts';
import type { InvoiceDraft } from '../invoice/checkInvoice.ts';
import type { AddressInput } from '../paper/address.ts';

/** A letter as handed in: shape known, nothing judged yet. */
export interface LetterDraft {
  readonly flow: string;
  readonly recipient: string;
  /** Left out: the flow's own (FlowFacts.defaultSubject), if it has one. */
  readonly subject: string | undefined;
  readonly body: { readonly contentType: string; readonly text: string };
  readonly attachments: readonly DraftAttachment[];
  readonly address: AddressInput | undefined;
  /** The first of the address's lines came as `street`; for the paths of its faults. */
  readonly hasStreet: boolean;
  /** Where the recipient can be told by SMS or e-mail. */
  readonly contact?: ContactInput | undefined;
  readonly reference: string | undefined;
  readonly language: string;
  readonly protectedIdentity: boolean;
  /** What the recipient is to pay by it, where it is an invoice. */
  readonly invoice?: InvoiceDraft;
  /** The form that it answers: its id, or its portal's transaction id. */
  readonly inReplyTo?: string | undefined;
}

export interface DraftAttachment {
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

export const ATTACHMENTS_MAX = 20;
/** An address has six lines at most; what stands beyond these is only counted, so that no request gets a million faults back. */
const ADDRESS_LINES_READ_MAX = 50;
/** What every known client sends (FACTS f). */
const DEFAULT_LANGUAGE = 'svSE';
export const PDF_CONTENT_TYPE = 'application/pdf';
const LETTER_FIELDS = [
  'flow',
  'recipient',
  'subject',
  'body',
  'attachments',
  'address',
  'contact',
  'reference',
  'language',
  'protectedIdentity',
  'invoice',
];
const INVOICE_FIELDS = ['dueDate', 'amount', 'currency', 'bankgiro', 'plusgiro', 'ocr', 'message'];
const DEFAULT_CURRENCY = 'SEK';

export type HubErrorCode = keyof typeof HUB_ERRORS;

/** A fault of hub's own list, at a place in the request (a JSON pointer without its first slash). */
export function fault(code: HubErrorCode, path: string, text?: string): Fault {
  return { code, path, text: text ?? HUB_ERRORS[code].text };
}

/**
 * Reads the JSON of a letter into a draft and collects every fault of shape. Attachments come from the JSON (base64) and then from
 * beside it (multipart parts). A field that may be left out may also be null: many systems write their empty fields so. `mayReply`: it may name the
 * form that it answers.
 */
export function readDraft(
  json: unknown,
  parts: readonly DraftAttachment[],
  { mayReply = false }: { mayReply?: boolean } = {},
): { draft: LetterDraft; faults: Fault[] } {
  const reader = createReader();
  const letter = reader.object(json, '');
  // What is no object has no fields either: that they are missing need not be told one by one.
  if (reader.faults.length > 0) return { draft: readDraft({}, []).draft, faults: reader.faults };
  reader.refuseUnknown(letter, mayReply ? [...LETTER_FIELDS, 'inReplyTo'] : LETTER_FIELDS, '');
  const body = isAbsent(letter['body']) ? {} : reader.object(letter['body'], 'body');
  if (isAbsent(letter['body'])) reader.add('HUB_BODY_MISSING', 'body');
  reader.refuseUnknown(body, ['contentType', 'text'], 'body');
  const draft: LetterDraft = {
    flow: reader.text(letter['flow'], 'flow'),
    recipient: reader.text(letter['recipient'], 'recipient'),
    subject: isAbsent(letter['subject']) ? undefined : reader.text(letter['subject'], 'subject'),
    body: {
      contentType: reader.optionalText(body['contentType'], 'body/contentType') ?? 'text/plain',
      text: reader.optionalText(body['text'], 'body/text') ?? '',
    },
    attachments: [...readAttachments(reader, letter['attachments']), ...parts],
    address: isAbsent(letter['address']) ? undefined : readAddress(reader, letter['address']),
    hasStreet: hasStreet(letter['address']),
    ...(isAbsent(letter['contact']) ? {} : { contact: readContact(reader, letter['contact']) }),
    reference: reader.optionalText(letter['reference'], 'reference'),
    language: reader.optionalText(letter['language'], 'language') ?? DEFAULT_LANGUAGE,
    protectedIdentity: reader.flag(letter['protectedIdentity'], 'protectedIdentity'),
    ...(isAbsent(letter['invoice']) ? {} : { invoice: readInvoice(reader, letter['invoice']) }),
    inReplyTo: mayReply ? reader.optionalText(letter['inReplyTo'], 'inReplyTo') : undefined,
  };
  if (draft.attachments.length > ATTACHMENTS_MAX) reader.add('HUB_ATTACHMENTS_TOO_MANY', 'attachments');
  return { draft, faults: reader.faults };
}

function readContact(reader: Reader, value: unknown): ContactInput {
  const contact = reader.object(value, 'contact');
  reader.refuseUnknown(contact, ['phone', 'email'], 'contact');
  const text = (field: string) => reader.optionalText(contact[field], `contact/${field}`);
  return { phone: text('phone'), email: text('email') };
}

function readAttachments(reader: Reader, value: unknown): DraftAttachment[] {
  if (isAbsent(value)) return [];
  if (!Array.isArray(value)) {
    reader.add('HUB_FIELD_TYPE', 'attachments', 'Fältet ska vara en lista av bilagor.');
    return [];
  }
  return value.slice(0, ATTACHMENTS_MAX + 1).map((item: unknown, n) => {
    const path = `attachments/${n}`;
    const attachment = reader.object(item, path);
    reader.refuseUnknown(attachment, ['filename', 'contentType', 'base64'], path);
    return {
      filename: reader.optionalText(attachment['filename'], `${path}/filename`) ?? '',
      contentType: reader.optionalText(attachment['contentType'], `${path}/contentType`) ?? PDF_CONTENT_TYPE,
      bytes: readBase64(reader, attachment['base64'], `${path}/base64`),
    };
  });
}

function readBase64(reader: Reader, value: unknown, path: string): Buffer {
  const text = reader.text(value, path);
  const bytes = Buffer.from(text, 'base64');
  // Buffer.from skips what is not base64 without a word; only the way back tells.
  if (bytes.toString('base64') !== text) reader.add('HUB_ATTACHMENT_BASE64', path);
  return bytes;
}

function readAddress(reader: Reader, value: unknown): AddressInput {
  const address = reader.object(value, 'address');
  reader.refuseUnknown(address, ['name', 'careOf', 'street', 'lines', 'postalCode', 'city', 'country'], 'address');
  const street = reader.optionalText(address['street'], 'address/street');
  const lines = reader.texts(address['lines'], 'address/lines');
  return {
    name: reader.optionalText(address['name'], 'address/name'),
    careOf: reader.optionalText(address['careOf'], 'address/careOf'),
    lines: street === undefined ? lines : [street, ...lines],
    postalCode: reader.optionalText(address['postalCode'], 'address/postalCode'),
    city: reader.optionalText(address['city'], 'address/city'),
    country: reader.optionalText(address['country'], 'address/country'),
  };
}

function readInvoice(reader: Reader, value: unknown): InvoiceDraft {
  const invoice = reader.object(value, 'invoice');
  reader.refuseUnknown(invoice, INVOICE_FIELDS, 'invoice');
  const optional = (field: string) => reader.optionalText(invoice[field], `invoice/${field}`);
  return {
    dueDate: reader.text(invoice['dueDate'], 'invoice/dueDate'),
    amount: readAmount(reader, invoice['amount']),
    currency: optional('currency') ?? DEFAULT_CURRENCY,
    bankgiro: optional('bankgiro'),
    plusgiro: optional('plusgiro'),
    ocr: optional('ocr'),
    message: optional('message'),
  };
}

/** A number in JSON has been a floating point number on its way here, in one program or another. */
function readAmount(reader: Reader, value: unknown): string {
  if (typeof value !== 'number') return reader.text(value, 'invoice/amount');
  reader.add('HUB_FIELD_TYPE', 'invoice/amount', 'Skriv beloppet som text, som "1234.50": ett tal kan tappa ören.');
  return '';
}

function hasStreet(address: unknown): boolean {
  return typeof address === 'object' && address !== null && 'street' in address && typeof address.street === 'string';
}

type Reader = ReturnType<typeof createReader>;

/** Reads fields of unknown JSON; on a fault it notes it and goes on with an empty value, so that all faults are found at once. */
function createReader() {
  const faults: Fault[] = [];
  const add = (code: HubErrorCode, path: string, text?: string) => {
    faults.push(fault(code, path, text));
  };
  const optionalText = (value: unknown, path: string): string | undefined => {
    if (isAbsent(value)) return undefined;
    if (typeof value === 'string') return value;
    add('HUB_FIELD_TYPE', path, 'Fältet ska vara text.');
    return undefined;
  };
  return {
    faults,
    add,
    optionalText,
    text(value: unknown, path: string): string {
      if (isAbsent(value) || value === '') add('HUB_FIELD_REQUIRED', path);
      return optionalText(value, path) ?? '';
    },
    texts(value: unknown, path: string): string[] {
      if (isAbsent(value)) return [];
      if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
        return value.slice(0, ADDRESS_LINES_READ_MAX);
      }
      add('HUB_FIELD_TYPE', path, 'Fältet ska vara en lista av texter.');
      return [];
    },
    flag(value: unknown, path: string): boolean {
      if (!isAbsent(value) && typeof value !== 'boolean')
        add('HUB_FIELD_TYPE', path, 'Fältet ska vara true eller false.');
      return value === true;
    },
    object(value: unknown, path: string): Record<string, unknown> {
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
      add('HUB_FIELD_TYPE', path, 'Här ska ett JSON-objekt stå.');
      return {};
    },
    /** A misspelt field must not be lost in silence: an `adress` that nobody reads would send the letter nowhere. */
    refuseUnknown(object: Record<string, unknown>, known: readonly string[], path: string): void {
      for (const name of Object.keys(object)) {
        if (!known.includes(name)) add('HUB_FIELD_UNKNOWN', `${path}${path === '' ? '' : '/'}${pointerToken(name)}`);
      }
    },
  };
}

/** JSON's null says the same as a field that is not there. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** RFC 6901 3 */
export function pointerToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
