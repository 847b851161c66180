import { createHash } from 'node:crypto';
import type { Pool } from '@brevduva/base';
import { type AppError, appError, type Fault, newId, type SmsLength, smsLength } from '@brevduva/base';
import type { SignedDeliveryXml, Signer } from '@brevduva/protocol';
import type { ContentStore } from '../content.ts';
import { HUB_ERRORS } from '../errors.ts';
import { type ChannelPolicy, type FlowFacts, LANES, type Lane } from '../letter.ts';
import { UBL_CONTENT_TYPE } from '../mailing/prepareContent.ts';
import type { BusinessSystem } from '../organisation/businessSystem.ts';
import type { PdfInspector } from '../pdf/inspect.ts';
import { onceMoreIfErased } from '../sql/content.ts';
import { selectFormsNamed } from '../sql/formMessages.ts';
import { type ClosedByLetter, FIRST_STATE, insertLetters, type KnownKey, selectByKey } from '../sql/intake.ts';
import { type IntakeFacts, type IntakeFlow, selectIntakeFacts } from '../sql/intakeFacts.ts';
import type { LetterState } from '../states.ts';
import { SIGNED_CONTENT_TYPE, signedBytes } from '../waysIn/message/signedBytes.ts';
import { type DraftAttachment, fault, type LetterDraft, readDraft } from './draft.ts';
import { readTimes, type SendTimes } from './times.ts';
import { type ValidLetter, validateLetter } from './validate.ts';

export interface HandIn {
  readonly json: unknown;
  /** PDFs that came beside the JSON (multipart). */
  readonly parts: readonly DraftAttachment[];
  /** What is wrong beside the JSON, told together with what is wrong in it. */
  readonly faults: readonly Fault[];
  /** The delivery as its sender signed it, where the sender has: it is kept and sealed as it stands. */
  readonly signed?: SignedDeliveryXml;
  /** The invoice in UBL that the letter was read from. */
  readonly invoiceXml?: Buffer;
  /** The business system's own key for this submission; one is made when it sends none. */
  readonly idempotencyKey: string | undefined;
  /** The fastest lane that the way in gives; interactive where it is left out. */
  readonly lane?: Lane;
  /** The case that is closed by this letter, in the statement that stores it. */
  readonly closes?: ClosedByLetter;
}

export interface Accepted {
  readonly letterId: string;
  /** As the letter stands now, which for a replay may be far along. */
  readonly state: LetterState;
  /** What the flow warns of though the letter was taken in; a replay does not judge again and has none. */
  readonly warnings?: readonly Fault[];
  /** True when the key was known: the answer is the first one's. */
  readonly replay: boolean;
  /** How long a notice's text is as SMS. */
  readonly sms?: SmsLength;
}

export interface Intake {
  /**
   * @throws AppError HUB_LETTER_INVALID with every fault, HUB_IDEMPOTENCY_MISMATCH, HUB_LETTER_TOO_LARGE, BASE_OVERLOADED, and
   * HUB_CASE_CLOSED when somebody has closed the case that the letter was to close; nothing is stored then.
   */
  accept(handIn: HandIn, system: BusinessSystem): Promise<Accepted>;
}

export interface IntakeOptions {
  readonly pool: Pool;
  readonly content: ContentStore;
  /** Signers as long as the real ones: intake measures, seal signs. */
  readonly signerOf: (organizationNumber: string) => Signer | undefined;
  readonly dispatcher: Signer;
  readonly pdf: PdfInspector;
  /** Called after the commit: something is due. */
  readonly onAccepted: (lane: Lane) => void;
}

/** Intake: validates all of it, then stores content, letter and key with one statement. The answer comes after the commit (design 5). */
export function createIntake(options: IntakeOptions): Intake {
  return {
    async accept(handIn, system) {
      const { json, times, faults: timeFaults } = withoutTimes(handIn.json);
      const { draft, faults: shapeFaults } = readDraft(json, handIn.parts, { mayReply: true });
      const faults = [...handIn.faults, ...shapeFaults, ...timeFaults];
      const key = handIn.idempotencyKey ?? newId();
      const requestHash = hashDraft(draft, faults, times);
      const known = await selectByKey(options.pool, system, key);
      if (known !== undefined && handIn.closes !== undefined) throw appError(HUB_ERRORS, 'HUB_CASE_CLOSED');
      if (known !== undefined) return { ...replay(known, requestHash), ...asSms(draft, known.isNotice) };
      const form = await selectForm(draft.inReplyTo, system, options.pool);
      const allFaults = [...faults, ...form.faults];
      const judging = { ...options, signed: handIn.signed, notBefore: times.notBefore };
      const { letter, flow } = await judge(draft, allFaults, system, judging);
      const lane = slowestLane(handIn.lane ?? 'interactive', flow.facts.lane, system.lane);
      const { lifetimeHours } = flow.facts;
      const stored = await store(
        letter,
        {
          flowId: flow.id,
          lane,
          lifetimeHours,
          ...times,
          key,
          requestHash,
          signed: handIn.signed,
          formId: form.id,
          invoiceXml: keptInvoiceXml(handIn.invoiceXml, letter, flow.facts),
        },
        system,
        options,
        handIn.closes,
      );
      if (!stored && handIn.closes !== undefined) throw appError(HUB_ERRORS, 'HUB_CASE_CLOSED');
      const sms = asSms(draft, flow.facts.notification === 'noticeOnly');
      if (!stored) return { ...replay(await selectByKey(options.pool, system, key), requestHash), ...sms };
      options.onAccepted(lane);
      const { warnings } = letter;
      return { letterId: letter.id, state: FIRST_STATE, replay: false, ...(warnings && { warnings }), ...sms };
    },
  };
}

/** What stands beside the letter itself: a letter of a mailing goes when its mailing does. */
function withoutTimes(json: unknown): { json: unknown } & ReturnType<typeof readTimes> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return { json, ...readTimes({}) };
  const { notBefore, expiresAt, ...letter } = json as Record<string, unknown>;
  return { json: letter, ...readTimes({ notBefore, expiresAt }) };
}

/** The form that the letter answers; in the organisation, whichever system it was for. */
async function selectForm(
  name: string | undefined,
  { organisationId }: BusinessSystem,
  pool: Pool,
): Promise<{ id?: string; faults: readonly Fault[] }> {
  if (name === undefined || name === '') return { faults: [] };
  const [id, other] = await selectFormsNamed(pool, organisationId, storable(name));
  if (id === undefined) return { faults: [fault('HUB_FORM_NOT_FOUND', 'inReplyTo')] };
  return other === undefined ? { id, faults: [] } : { faults: [fault('HUB_FORM_AMBIGUOUS', 'inReplyTo')] };
}

function asSms({ body }: LetterDraft, isNotice: boolean): Pick<Accepted, 'sms'> {
  return isNotice && body.contentType === 'text/plain' ? { sms: smsLength(body.text) } : {};
}

/** The same key with the same letter gets the first answer; with another letter it is an error of its own (scenario 7). */
function replay(known: KnownKey | undefined, requestHash: Buffer): Accepted {
  if (known === undefined) throw new Error('an idempotency key vanished between two statements');
  if (!known.requestHash.equals(requestHash)) throw appError(HUB_ERRORS, 'HUB_IDEMPOTENCY_MISMATCH');
  return { letterId: known.letterId, state: known.state, replay: true };
}

/** An invoice in UBL is kept where it may be sent on: of a flow that sends e-invoices, when it asks for a payment. */
export function keptInvoiceXml(xml: Buffer | undefined, letter: ValidLetter, flow: FlowFacts): Buffer | undefined {
  return flow.eInvoice && letter.invoice !== undefined ? xml : undefined;
}

/** What is needed to judge a letter. */
export interface JudgeOptions extends Pick<IntakeOptions, 'pool' | 'signerOf' | 'dispatcher' | 'pdf'> {
  /** As the sender has signed it: measured as it stands. */
  readonly signed?: SignedDeliveryXml | undefined;
  /** When it is to go at the earliest, where it says so. */
  readonly notBefore?: Date | undefined;
  /** Where many letters are judged together, their flow is asked for once; else the database is asked. */
  readonly factsOf?: (flowCode: string) => Promise<IntakeFacts>;
}

/**
 * Judges a draft by its flow and all the rules of intake; nothing is stored. `channelPolicy` stands in place of the flow's own.
 *
 * @throws AppError as {@link Intake.accept}
 */
export async function judge(
  draft: LetterDraft,
  shapeFaults: readonly Fault[],
  system: BusinessSystem,
  options: JudgeOptions,
  channelPolicy?: ChannelPolicy,
): Promise<{ letter: ValidLetter; flow: IntakeFlow }> {
  const factsOf = options.factsOf ?? ((flowCode) => selectIntakeFacts(options.pool, system, flowCode));
  const { organisation, flow } = await factsOf(storable(draft.flow));
  const signer = options.signerOf(organisation.organizationNumber) ?? options.dispatcher;
  const { dispatcher, pdf } = options;
  const facts = flow?.facts ?? UNKNOWN_FLOW;
  const judgedBy = channelPolicy === undefined ? facts : { ...facts, channelPolicy };
  const context = { organisation, flow: judgedBy, signer, dispatcher, pdf, signed: options.signed };
  // The rest is judged even when the flow is unknown, so that one round trip shows every fault.
  const checked = await validateLetter(newId(), draft, context);
  const contentFaults = [...flowFaults(flow, options), ...(checked.ok ? [] : checked.faults)];
  const faults = [...shapeFaults, ...contentFaults.filter((found) => !isEcho(found, shapeFaults))];
  if (faults.length > 0 || !checked.ok || flow === undefined) throw invalid(faults);
  return { letter: checked.letter, flow };
}

function flowFaults(flow: IntakeFlow | undefined, { notBefore }: JudgeOptions): Fault[] {
  if (flow === undefined) return [fault('HUB_FLOW_UNKNOWN', 'flow')];
  if (!flow.isAllowed) return [fault('HUB_FLOW_NOT_ALLOWED', 'flow')];
  if (!flow.facts.isActive) return [fault('HUB_FLOW_RETIRED', 'flow')];
  const isRefusedTime = notBefore !== undefined && !flow.facts.schedulingAllowed;
  return isRefusedTime ? [fault('HUB_FLOW_SCHEDULING', 'notBefore')] : [];
}

/** Nobody jumps the queue: the slowest lane that way in, flow and system say. */
export function slowestLane(first: Lane, ...others: readonly Lane[]): Lane {
  return others.reduce((slowest, lane) => (LANES[lane] > LANES[slowest] ? lane : slowest), first);
}

/** Stands in for a flow that does not exist while the rest of the letter is judged; no letter is ever stored with it. */
const UNKNOWN_FLOW: FlowFacts = {
  code: '',
  name: '',
  unitCode: '',
  unitName: '',
  channelPolicy: 'digitalFirst',
  digitalHours: 1,
  caseHours: 1,
  postageClass: 'economy',
  printShop: undefined,
  templateCode: undefined,
  defaultSubject: undefined,
  sensitivity: 'normal',
  replyAllowed: false,
  retentionDays: 1,
  notification: 'none',
  notice: undefined,
  lifetimeHours: undefined,
  eInvoice: false,
  printLayout: undefined,
  paperFormat: 'letter',
  duplex: true,
  colour: false,
  firstPage: 'cover',
  envelope: 'window',
  unitEnvelope: undefined,
  pdfAccessibility: 'off',
  eInvoiceWaitHours: undefined,
  eInvoiceVatPercent: undefined,
  dispatcher: undefined,
  approvalOver: undefined,
  lane: 'bulk',
  sendWindow: undefined,
  schedulingAllowed: false,
  unreadDays: undefined,
  unreadAction: 'nothing',
  unreadUntold: 'nothing',
  onFlaggedAddress: 'case',
  isActive: false,
};

/** PostgreSQL has no U+0000 in its texts; that the code holds one is judged with the rest. */
function storable(text: string): string {
  return text.replaceAll('\0', '\ufffd');
}

/** What is not there, or has the wrong shape, was judged as if it were empty: that fault says nothing new. */
function isEcho(found: Fault, shapeFaults: readonly Fault[]): boolean {
  return shapeFaults.some(
    ({ path }) =>
      path === '' || found.path === path || found.path.startsWith(`${path}/`) || path === `${found.path}/base64`,
  );
}

/** More than anyone reads; a letter of nothing but faults shall not get an answer larger than itself. */
const FAULTS_MAX = 200;

function invalid(faults: readonly Fault[]): AppError {
  const onlySize = faults.length === 1 && faults[0]?.code === 'HUB_LETTER_TOO_LARGE';
  const code = onlySize ? 'HUB_LETTER_TOO_LARGE' : 'HUB_LETTER_INVALID';
  return appError(HUB_ERRORS, code, { faults: faults.slice(0, FAULTS_MAX) });
}

async function store(
  letter: ValidLetter,
  { lane, signed, invoiceXml, ...stored }: StoredWith,
  system: BusinessSystem,
  options: IntakeOptions,
  closes: ClosedByLetter | undefined,
): Promise<boolean> {
  const { organisationId } = system;
  const prepare = (bytes: Buffer, contentType: string) => options.content.prepare(organisationId, bytes, contentType);
  const body = prepare(letter.body.bytes, letter.body.contentType);
  const attachments = letter.attachments.map((attachment) => ({
    ...attachment,
    content: prepare(attachment.bytes, attachment.contentType),
  }));
  const signedContent = signed && prepare(signedBytes(signed), SIGNED_CONTENT_TYPE);
  const sealedContact =
    letter.contact && options.content.sealContact({ organisationId, id: letter.id }, letter.contact);
  const ubl = invoiceXml && prepare(invoiceXml, UBL_CONTENT_TYPE);
  const row = {
    letter,
    body,
    attachments,
    sealedContact,
    invoiceXml: ubl,
    signed: signedContent,
    lane: LANES[lane],
    ...stored,
  };
  const written = await onceMoreIfErased(() => insertLetters(options.pool, system, [row], closes));
  return written.length === 1;
}

interface StoredWith extends SendTimes {
  readonly invoiceXml: Buffer | undefined;
  readonly flowId: string;
  readonly lane: Lane;
  readonly lifetimeHours: number | undefined;
  readonly key: string;
  readonly requestHash: Buffer;
  readonly signed: SignedDeliveryXml | undefined;
  readonly formId: string | undefined;
}

/**
 * What makes two submissions the same: every field and every byte of content, in a fixed order. How they came does not count: JSON
 * with base64 and a form with the raw PDFs are the same letter, and so are a field left out and one that is null or says its default.
 * Faults count: what was taken in had none, so a submission that has some, however like it, is another.
 */
export function hashDraft(draft: LetterDraft, faults: readonly Fault[], times?: SendTimes): Buffer {
  const hash = createHash('sha256');
  const { attachments, ...fields } = draft;
  hash.update(
    JSON.stringify([fields.flow, fields.recipient, fields.subject ?? null, fields.body, fields.address ?? null]),
  );
  hash.update(JSON.stringify([fields.reference ?? null, fields.language, fields.protectedIdentity]));
  // Only where there is one: keys of letters that were handed in before there were invoices keep their meaning.
  if (fields.invoice !== undefined) hash.update(JSON.stringify(fields.invoice));
  if (times?.notBefore !== undefined) hash.update(JSON.stringify({ notBefore: times.notBefore }));
  if (times?.expiresAt !== undefined) hash.update(JSON.stringify({ expiresAt: times.expiresAt }));
  if (fields.contact !== undefined) hash.update(JSON.stringify({ contact: fields.contact }));
  if (fields.inReplyTo !== undefined) hash.update(JSON.stringify({ inReplyTo: fields.inReplyTo }));
  if (faults.length > 0) hash.update(JSON.stringify(faults));
  for (const { filename, contentType, bytes } of attachments) {
    hash.update(JSON.stringify([filename, contentType, bytes.length])).update(bytes);
  }
  return hash.digest();
}
