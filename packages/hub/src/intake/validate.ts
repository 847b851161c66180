import { appError, BASE_ERRORS, type Fault } from '@brevduva/base';
import {
  checkMessageHtml,
  deliverSecureRequest,
  ENVELOPE_BYTES_MAX,
  parseRecipientId,
  type RecipientId,
  type SignedDeliveryXml,
  type Signer,
  sealDelivery,
  signDelivery,
} from '@brevduva/protocol';
import { type Contact, checkContact } from '../contact.ts';
import { assembleDelivery } from '../delivery.ts';
import { checkInvoice } from '../invoice/checkInvoice.ts';
import type { Invoice } from '../invoice/invoice.ts';
import type { ChannelPolicy, FlowFacts, OrganisationFacts } from '../letter.ts';
import { noticeOf } from '../notices/noticeSettings.ts';
import { checkNotice } from '../notices/noticeText.ts';
import { checkPostalAddress, type PostalAddress } from '../paper/address.ts';
import { checkPostcard } from '../paper/checkPostcard.ts';
import { accessibilityFaults } from '../pdf/accessibilityFaults.ts';
import type { PdfFault } from '../pdf/faults.ts';
import type { PdfInspector } from '../pdf/inspect.ts';
import { isRefusal } from '../pdf/inspection.ts';
import { WorkerPoolError } from '../pdf/workerPool.ts';
import { characterFault } from './characters.ts';
import { type DraftAttachment, fault, type HubErrorCode, type LetterDraft, PDF_CONTENT_TYPE } from './draft.ts';

/** A letter that may be taken in. */
export interface ValidLetter {
  readonly id: string;
  readonly recipient: RecipientId;
  readonly subject: string;
  readonly language: string;
  readonly reference: string | undefined;
  readonly address: PostalAddress | undefined;
  readonly contact?: Contact | undefined;
  readonly protectedIdentity: boolean;
  readonly body: { readonly contentType: string; readonly bytes: Buffer };
  readonly attachments: readonly (DraftAttachment & { readonly pages: number })[];
  readonly invoice?: Invoice;
  /** What its flow is told of and lets pass: PDFs that cannot be read aloud. */
  readonly warnings?: readonly Fault[];
  /** The SOAP request as it will stand on the wire, measured, not estimated. */
  readonly envelopeBytes: number;
}

export interface ValidationContext {
  readonly organisation: OrganisationFacts;
  readonly flow: FlowFacts;
  /** Signers as long as the real ones (createMeasuringSigner): intake measures, seal signs. */
  readonly signer: Signer;
  readonly dispatcher: Signer;
  readonly pdf: PdfInspector;
  /** As the sender has signed it, where the sender has. */
  readonly signed?: SignedDeliveryXml | undefined;
}

export const SUBJECT_CHARS_MAX = 255; // m3:Subject, FACTS b.5
export const REFERENCE_CHARS_MAX = 255;
export const FILENAME_CHARS_MAX = 200;
export const BODY_CONTENT_TYPES = ['text/plain', 'text/html']; // FACTS f
/** xs:language, and the hyphenless form that every known client sends; 35 is what RFC 5646 4.4.1 asks everyone to have room for. */
export const LANGUAGE_PATTERN = '^(?=.{1,35}$)[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$';
const LANGUAGE = new RegExp(LANGUAGE_PATTERN);
/** A file name that no system reads as a path, a device or an option, and that nobody reads backwards. */
const BAD_FILENAME =
  /[/\\:*?"<>|\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]|^[.\s-]|[.\s]$|^(?:con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])\s*(?:\.|$)/iu;

/** Judges everything about a draft and collects every fault; only a draft without faults becomes a letter. */
export async function validateLetter(
  id: string,
  draft: LetterDraft,
  context: ValidationContext,
): Promise<{ ok: true; letter: ValidLetter } | { ok: false; faults: Fault[] }> {
  const recipient = checkRecipient(draft.recipient);
  const subject = draft.subject ?? context.flow.defaultSubject;
  const address = checkAddress(draft, context.flow);
  const { contact, faults: contactFaults } = checkContact(draft.contact);
  const { invoice, faults: invoiceFaults } = draftInvoice(draft);
  const attachments = await Promise.all(
    draft.attachments.map((attachment, n) => checkAttachment(attachment, n, context)),
  );
  const faults = [
    ...recipient.faults,
    ...(subject === undefined ? [fault('HUB_FIELD_REQUIRED', 'subject')] : checkSubject(subject)),
    ...checkTexts(draft),
    ...checkBody(draft),
    ...address.faults,
    ...contactFaults,
    ...invoiceFaults,
    ...attachments.flatMap((each) => each.faults),
    ...noticeFaults(draft, subject ?? '', context.flow),
    ...postcardFaults(draft, subject ?? '', context.flow),
  ];
  if (faults.length > 0 || recipient.id === undefined || subject === undefined) return { ok: false, faults };
  const found = {
    recipient: recipient.id,
    address: address.address,
    contact,
    attachments,
    ...(invoice && { invoice }),
  };
  const letter = toLetter(id, { ...draft, subject }, found);
  const warnings = attachments.flatMap((each) => each.warnings);
  const envelopeBytes = await measureEnvelope(letter, context);
  const largest = letter.attachments.length > 0 ? 'attachments' : 'body/text';
  const tooLarge = sizeFault(envelopeBytes, context.flow.channelPolicy, largest);
  return tooLarge
    ? { ok: false, faults: [tooLarge] }
    : { ok: true, letter: { ...letter, envelopeBytes, ...(warnings.length > 0 && { warnings }) } };
}

/** What lies open in somebody's telephone may say less than a letter; a flow of notices has nothing but its text. */
function noticeFaults(draft: LetterDraft, subject: string, flow: FlowFacts): Fault[] {
  if (flow.notification !== 'noticeOnly') return [];
  const { attachments, invoice, contact, body } = draft;
  const hasMore = attachments.length > 0 || invoice !== undefined;
  return [
    ...checkNotice({ subject, text: body.text }, noticeOf(flow)),
    ...(hasMore ? [fault('HUB_NOTICE_ATTACHMENT', attachments.length > 0 ? 'attachments' : 'invoice')] : []),
    ...(contact !== undefined && body.contentType !== 'text/plain'
      ? [fault('HUB_NOTICE_HTML', 'body/contentType')]
      : []),
  ];
}

/** A letter that can only go as a postcard is judged at once, but for its length; one that may go digitally, when it is to be printed. */
function postcardFaults({ body, attachments, invoice }: LetterDraft, subject: string, flow: FlowFacts): Fault[] {
  if (flow.paperFormat !== 'postcard' || flow.channelPolicy !== 'paperOnly') return [];
  const hasMore = attachments.length > 0 || invoice !== undefined;
  return checkPostcard({ subject, text: body.text, hasMore }).map(({ code, text }) => ({
    ...{ code, text },
    path: code === 'HUB_POSTCARD_ATTACHMENT' ? (attachments.length > 0 ? 'attachments' : 'invoice') : 'body/text',
  }));
}

/** Judges what a recipient of a mailing has for itself: number, reference, address, what it is to pay. */
export function validateRecipient(
  draft: LetterDraft,
  channelPolicy: ChannelPolicy,
): { recipient?: RecipientId; address?: PostalAddress; contact?: Contact; invoice?: Invoice; faults: Fault[] } {
  const { id, faults } = checkRecipient(draft.recipient);
  const { invoice, faults: invoiceFaults } = draftInvoice(draft);
  const address = checkAddress(draft, { channelPolicy });
  const { contact, faults: contactFaults } = checkContact(draft.contact);
  const reference = checkLine(draft.reference ?? '', 'reference', REFERENCE_CHARS_MAX);
  return {
    ...(id && { recipient: id }),
    ...(address.address && { address: address.address }),
    ...(contact && { contact }),
    ...(invoice && { invoice }),
    faults: [...faults, ...reference, ...address.faults, ...contactFaults, ...invoiceFaults],
  };
}

function draftInvoice({ invoice }: LetterDraft): ReturnType<typeof checkInvoice> {
  return invoice === undefined ? { faults: [] } : checkInvoice(invoice);
}

/** What was found in the draft, each by its own check. */
interface Found extends Pick<ValidLetter, 'recipient' | 'address' | 'contact' | 'invoice'> {
  readonly attachments: readonly { pages: number }[];
}

function toLetter(
  id: string,
  draft: LetterDraft & { readonly subject: string },
  { attachments: checked, ...found }: Found,
): Omit<ValidLetter, 'envelopeBytes'> {
  const { subject, language, reference, protectedIdentity, body } = draft;
  return {
    id,
    ...found,
    subject,
    language,
    reference,
    protectedIdentity,
    body: { contentType: body.contentType, bytes: Buffer.from(body.text) },
    attachments: draft.attachments.map((attachment, n) => ({ ...attachment, pages: checked[n]?.pages ?? 0 })),
  };
}

function checkRecipient(text: string): { id?: RecipientId; faults: Fault[] } {
  if (text === '') return { faults: [] }; // its absence is noted already
  const parsed = parseRecipientId(text);
  if (parsed.ok) return { id: parsed.id, faults: [] };
  const codes = {
    format: 'HUB_RECIPIENT_FORMAT',
    date: 'HUB_RECIPIENT_DATE',
    checkDigit: 'HUB_RECIPIENT_CHECK_DIGIT',
  } as const satisfies Record<string, HubErrorCode>;
  return { faults: [fault(codes[parsed.fault], 'recipient')] };
}

function checkTexts(draft: LetterDraft): Fault[] {
  const { flow, reference = '', language } = draft;
  return [
    // Never stored, but asked for in the database.
    ...checkLine(flow, 'flow', Number.POSITIVE_INFINITY),
    ...checkLine(reference, 'reference', REFERENCE_CHARS_MAX),
    ...(LANGUAGE.test(language)
      ? []
      : [fault('HUB_FIELD_TYPE', 'language', 'Språket ska skrivas som svSE eller sv-SE.')]),
  ];
}

function checkSubject(subject: string): Fault[] {
  const isBlank = subject !== '' && subject.trim() === '';
  return [
    ...checkLine(subject, 'subject', SUBJECT_CHARS_MAX),
    ...(isBlank ? [fault('HUB_FIELD_REQUIRED', 'subject')] : []),
  ];
}

function checkLine(text: string, path: string, charsMax: number): Fault[] {
  const unfit = characterFault(text, 'line');
  if (unfit !== undefined) return [fault('HUB_FIELD_CHARACTER', path, unfit)];
  // Characters as XSD and JSON Schema count them: an emoji is one.
  const chars = [...text].length;
  if (chars <= charsMax) return [];
  return [fault('HUB_FIELD_TOO_LONG', path, `Texten har ${chars} tecken; högst ${charsMax} får plats.`)];
}

function checkBody({ body }: LetterDraft): Fault[] {
  if (!BODY_CONTENT_TYPES.includes(body.contentType)) return [fault('HUB_BODY_CONTENT_TYPE', 'body/contentType')];
  if (body.text.trim() === '') return [fault('HUB_BODY_MISSING', 'body/text')];
  const unfit = characterFault(body.text, 'text');
  if (unfit !== undefined) return [fault('HUB_FIELD_CHARACTER', 'body/text', unfit)];
  if (body.contentType !== 'text/html') return [];
  return checkMessageHtml(body.text).map((found) =>
    fault('HUB_HTML_NOT_ALLOWED', `body/text${found.path}`, `Rad ${found.line}: ${found.text}`),
  );
}

function checkAddress(
  draft: LetterDraft,
  flow: Pick<FlowFacts, 'channelPolicy'>,
): { address?: PostalAddress; faults: readonly Fault[] } {
  if (draft.address === undefined) {
    return { faults: flow.channelPolicy === 'paperOnly' ? [fault('HUB_ADDRESS_REQUIRED', 'address')] : [] };
  }
  const checked = checkPostalAddress(draft.address);
  if (checked.ok) return { address: checked.address, faults: [] };
  return { faults: checked.faults.map((found) => ({ ...found, path: `address/${writtenPath(found.path, draft)}` })) };
}

/** `street` is read as the first of the lines; a fault is told where it was written. */
function writtenPath(path: string, { hasStreet }: LetterDraft): string {
  const line = /^lines\/(\d+)$/.exec(path)?.[1];
  if (line === undefined || !hasStreet) return path;
  return line === '0' ? 'street' : `lines/${Number(line) - 1}`;
}

async function checkAttachment(
  attachment: DraftAttachment,
  n: number,
  { pdf, flow }: Pick<ValidationContext, 'pdf' | 'flow'>,
): Promise<{ pages: number; faults: Fault[]; warnings: Fault[] }> {
  const path = `attachments/${n}`;
  const faults = checkFilename(attachment.filename, `${path}/filename`);
  if (attachment.contentType !== PDF_CONTENT_TYPE) {
    return { pages: 0, faults: [...faults, fault('HUB_ATTACHMENT_TYPE', `${path}/contentType`)], warnings: [] };
  }
  const inspected = await pdf.inspectPdf(attachment.bytes).catch(askToComeBack);
  const atPath = ({ code, text }: PdfFault): Fault => ({ code, path, text });
  if (isRefusal(inspected)) return { pages: 0, faults: [...faults, ...inspected.faults.map(atPath)], warnings: [] };
  const lacking = flow.pdfAccessibility === 'off' ? [] : accessibilityFaults(inspected).map(atPath);
  const { pages } = inspected;
  return flow.pdfAccessibility === 'stop'
    ? { pages, faults: [...faults, ...lacking], warnings: [] }
    : { pages, faults, warnings: lacking };
}

/** The inspector has more to do than it can keep in mind, or is closing: nothing is known about the file. */
function askToComeBack(cause: unknown): never {
  if (cause instanceof WorkerPoolError && ['busy', 'closed', 'startFailed'].includes(cause.kind)) {
    throw appError(BASE_ERRORS, 'BASE_OVERLOADED', { detail: `pdf inspection: ${cause.kind}`, cause });
  }
  throw cause;
}

function checkFilename(name: string, path: string): Fault[] {
  const isTooLong = [...name].length > FILENAME_CHARS_MAX;
  const isGood = name !== '' && !isTooLong && !BAD_FILENAME.test(name) && characterFault(name, 'line') === undefined;
  return isGood ? [] : [fault('HUB_ATTACHMENT_NAME', path)];
}

/** Builds the very request that would be sent, with stand-in signatures of the right length. */
async function measureEnvelope(
  letter: Omit<ValidLetter, 'envelopeBytes'>,
  context: ValidationContext,
): Promise<number> {
  const { organisation, flow } = context;
  const delivery = assembleDelivery({ ...letter, letterId: letter.id, organisation, flow });
  const signed = context.signed ?? (await signDelivery(delivery, context.signer));
  const seal = { ReceivedTime: ANY_DAY, SignaturesOK: true };
  return deliverSecureRequest(await sealDelivery(signed, seal, context.dispatcher)).length;
}

/** Every day is written with as many characters. */
const ANY_DAY = '2000-01-01';

/**
 * By how much a letter is too large for digital mail, told at `path`. A flow that never goes digital is not bound by the limit
 * (scenario 6).
 */
export function sizeFault(envelopeBytes: number, channelPolicy: ChannelPolicy, path: string): Fault | undefined {
  if (channelPolicy === 'paperOnly' || envelopeBytes <= ENVELOPE_BYTES_MAX) return undefined;
  const over = envelopeBytes - ENVELOPE_BYTES_MAX;
  const text = `Brevet blir ${envelopeBytes} byte på vägen; det är ${over} byte mer än de ${ENVELOPE_BYTES_MAX} som får skickas.`;
  return fault('HUB_LETTER_TOO_LARGE', path, text);
}
