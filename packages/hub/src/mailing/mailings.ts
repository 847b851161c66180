import { createHash } from 'node:crypto';
import { appError, type Fault, inTransaction, newId, type Pool, type Queryable } from '@brevduva/base';
import type { ContentStore, PreparedContent } from '../content.ts';
import { HUB_ERRORS } from '../errors.ts';
import { type HandIn, hashDraft, type JudgeOptions, judge, slowestLane } from '../intake/accept.ts';
import { fault, type LetterDraft, readDraft } from '../intake/draft.ts';
import { sizeFault, type ValidLetter } from '../intake/validate.ts';
import { LANES } from '../letter.ts';
import type { BusinessSystem } from '../organisation/businessSystem.ts';
import {
  type AttachmentRow,
  cancelMailing,
  deleteRecipients,
  type EnvelopeSize,
  type FillFacts,
  insertBatch,
  insertMailing,
  insertMailingEvent,
  insertRecipients,
  lockMailing,
  lockMailingForFill,
  noteRecipients,
  releaseMailing,
  selectBatch,
  selectLastEvent,
  selectMailing,
  selectMailingByKey,
  setMailingState,
  setRecipientContent,
} from '../sql/mailings.ts';
import type { Mailing, MailingKey } from './mailing.ts';
import { type MailingDraft, readMailingDraft } from './mailingDraft.ts';
import { judgeRecipients, RECIPIENTS_AT_ONCE_MAX, rowPath } from './recipients.ts';

/** Who does something with a mailing: a system by its credential, or a person of the organisation's staff. */
export interface MailingActor {
  readonly name: string;
  /** The person's; undefined for a system. */
  readonly subject?: string;
}

export interface FillAnswer {
  readonly accepted: number;
  readonly refused: number;
  /** Of the refused; at most so many that somebody reads them. */
  readonly faults: readonly Fault[];
}

/** `refuse`: a bunch with a fault is refused as a whole; `skip`: its sound recipients are added, and the others told. */
export type OnFault = 'refuse' | 'skip';

/**
 * Mailings: created, filled, then released as a whole or cancelled as a whole (scenario 15). Every method throws HUB_MAILING_NOT_FOUND
 * for a mailing of another system.
 */
export interface Mailings {
  /**
   * Creates a mailing. The same key with the same content gives the first one.
   * @throws AppError HUB_MAILING_INVALID with every fault, HUB_IDEMPOTENCY_MISMATCH
   */
  create(handIn: HandIn, system: BusinessSystem, actor: MailingActor): Promise<{ mailing: Mailing; replay: boolean }>;
  /**
   * Adds recipients. The same key with the same recipients gives the first answer and adds nothing.
   * @throws AppError HUB_MAILING_RECIPIENTS with the faults (`refuse`), HUB_MAILING_NOT_FILLING, HUB_MAILING_TOO_MANY
   */
  fill(
    id: string,
    bunch: { recipients: readonly unknown[]; onFault: OnFault; idempotencyKey: string | undefined },
    system: BusinessSystem,
  ): Promise<FillAnswer>;
  /**
   * Adds one letter with content of its own, as a single letter is handed in but without `flow`.
   * @throws AppError HUB_LETTER_INVALID, HUB_LETTER_TOO_LARGE, HUB_MAILING_NOT_FILLING, HUB_MAILING_RECIPIENTS (there already)
   */
  addLetter(id: string, handIn: HandIn, system: BusinessSystem): Promise<{ letterId: string }>;
  /** Releases the mailing, or asks for approval where its flow wants it. Done again, it changes nothing. @throws HUB_MAILING_EMPTY, HUB_MAILING_CANCELLED */
  commit(id: string, system: BusinessSystem, actor: MailingActor): Promise<Mailing>;
  /** Ends the mailing without trace of recipients and content. Done again, it changes nothing. @throws HUB_MAILING_COMMITTED */
  cancel(id: string, system: BusinessSystem, actor: MailingActor): Promise<Mailing>;
  get(id: string, system: BusinessSystem): Promise<Mailing>;
  /**
   * The second person's yes: releases it. `asked` is the event by which approval was asked for, as she saw it: a mailing that was sent
   * back and asked for again meanwhile is another one. @throws HUB_MAILING_NOT_AWAITING, HUB_MAILING_SAME_PERSON
   */
  approve(key: MailingKey, person: Required<MailingActor>, asked?: string): Promise<Mailing>;
  /** The second person's no: it may be filled again, or cancelled. @throws HUB_MAILING_NOT_AWAITING */
  sendBack(key: MailingKey, person: Required<MailingActor>, reason: string, asked?: string): Promise<Mailing>;
  /** As {@link Mailings.cancel}, by a person of the organisation's staff. @throws HUB_MAILING_COMMITTED */
  cancelByStaff(key: MailingKey, person: Required<MailingActor>): Promise<Mailing>;
}

export interface MailingsOptions extends JudgeOptions {
  readonly pool: Pool;
  readonly content: ContentStore;
  /** Letters are due. */
  readonly onReleased: () => void;
}

/** A number that is sound and nobody's in particular (the register owner's), while no recipient is known. */
const STAND_IN = '162021006883';
const FAULTS_TOLD_MAX = 1_000;

export function createMailings(options: MailingsOptions): Mailings {
  const { pool } = options;
  const own = async (id: string, system: BusinessSystem): Promise<Mailing> => {
    const mailing = await selectMailing(pool, { organisationId: system.organisationId, id }, system.id);
    if (mailing === undefined) throw appError(HUB_ERRORS, 'HUB_MAILING_NOT_FOUND');
    return mailing;
  };
  return {
    create: (handIn, system, actor) => create(handIn, system, actor, options),
    async fill(id, bunch, system) {
      return fill(await own(id, system), bunch, options);
    },
    async addLetter(id, handIn, system) {
      return addLetter(await own(id, system), handIn, system, options);
    },
    async commit(id, system, actor) {
      await commit(await own(id, system), system, actor, options);
      return own(id, system);
    },
    async cancel(id, system, actor) {
      await cancel(await own(id, system), actor, pool);
      return own(id, system);
    },
    get: own,
    approve: (key, person, asked) => approve(key, { person, asked }, options),
    sendBack: (key, person, reason, asked) => sendBack(key, { person, asked }, reason, pool),
    async cancelByStaff(key, person) {
      await cancel(await required(pool, key), person, pool);
      return required(pool, key);
    },
  };
}

async function create(
  handIn: HandIn,
  system: BusinessSystem,
  actor: MailingActor,
  options: MailingsOptions,
): Promise<{ mailing: Mailing; replay: boolean }> {
  const { pool } = options;
  const { draft, faults: shapeFaults } = readMailingDraft(handIn, STAND_IN);
  const faults = [...handIn.faults, ...shapeFaults];
  const key = handIn.idempotencyKey ?? newId();
  const requestHash = hashMailing(draft, faults);
  const known = await selectMailingByKey(pool, system, key);
  if (known !== undefined) return replay(known, requestHash, system, pool);
  const { letter, flowId, envelope } = await judgeShared(draft, faults, system, options);
  const content = prepareContent(letter, system, options);
  const id = newId();
  const stored = await inTransaction(pool, async (client) => {
    await options.content.put(client, system.organisationId, [content.body, ...content.attachments]);
    const { name, notBefore, expiresAt, channelPolicy } = draft;
    const { subject, language, body } = letter;
    const isNew = await insertMailing(
      client,
      {
        ...{ organisationId: system.organisationId, id, systemId: system.id, flowId, name, key, requestHash },
        ...{ createdBy: actor.name, createdBySubject: actor.subject, subject, language, envelope },
        ...{ bodyContentType: body.contentType, bodyHash: content.body.hash, notBefore, expiresAt, channelPolicy },
      },
      content.rows,
    );
    if (isNew)
      await insertMailingEvent(
        client,
        { organisationId: system.organisationId, id },
        { kind: 'created', actor: actor.name },
      );
    return isNew;
  });
  if (!stored) return replay(await selectMailingByKey(pool, system, key), requestHash, system, pool);
  return { mailing: await required(pool, { organisationId: system.organisationId, id }), replay: false };
}

async function replay(
  known: { id: string; requestHash: Buffer } | undefined,
  requestHash: Buffer,
  { organisationId }: BusinessSystem,
  pool: Pool,
): Promise<{ mailing: Mailing; replay: boolean }> {
  if (known === undefined) throw new Error('an idempotency key vanished between two statements');
  if (!known.requestHash.equals(requestHash)) throw appError(HUB_ERRORS, 'HUB_IDEMPOTENCY_MISMATCH');
  return { mailing: await required(pool, { organisationId, id: known.id }), replay: true };
}

/** What all recipients get is judged once, and measured without a reference and with two, which tells what any reference takes. */
async function judgeShared(
  draft: MailingDraft,
  shapeFaults: readonly Fault[],
  system: BusinessSystem,
  options: MailingsOptions,
): Promise<{ letter: ValidLetter; flowId: string; envelope: EnvelopeSize }> {
  const of = async (changed: Partial<LetterDraft>) => {
    const letter = { ...draft.letter, reference: undefined, address: STAND_IN_ADDRESS, ...changed };
    return judge(letter, shapeFaults, system, options, draft.channelPolicy);
  };
  const { letter, flow } = await of({}).catch(asMailing);
  const [one, two, bare] = [await of({ reference: 'x' }), await of({ reference: 'xx' }), await of({ attachments: [] })];
  const perByte = two.letter.envelopeBytes - one.letter.envelopeBytes;
  const reference = one.letter.envelopeBytes - letter.envelopeBytes - perByte;
  const sharedAttachments = letter.envelopeBytes - bare.letter.envelopeBytes;
  return { letter, flowId: flow.id, envelope: { base: letter.envelopeBytes, reference, perByte, sharedAttachments } };
}

/** Sound, so that a flow that goes on paper has nothing to say of it. */
const STAND_IN_ADDRESS = { name: 'Namn', lines: ['Gatan 1'], postalCode: '111 11', city: 'Orten' };

function asMailing(error: unknown): never {
  const { code, faults } = error as { code?: string; faults?: readonly Fault[] };
  if (code !== 'HUB_LETTER_INVALID' && code !== 'HUB_LETTER_TOO_LARGE') throw error;
  throw appError(HUB_ERRORS, 'HUB_MAILING_INVALID', { faults: [...(faults ?? [])], cause: error });
}

async function fill(
  mailing: Mailing,
  bunch: { recipients: readonly unknown[]; onFault: OnFault; idempotencyKey: string | undefined },
  { pool }: MailingsOptions,
): Promise<FillAnswer> {
  const { recipients, onFault, idempotencyKey } = bunch;
  if (recipients.length > RECIPIENTS_AT_ONCE_MAX) {
    const text = `Omgången har ${recipients.length} mottagare; högst ${RECIPIENTS_AT_ONCE_MAX} tas emot åt gången.`;
    throw appError(HUB_ERRORS, 'HUB_MAILING_TOO_MANY', { faults: [fault('HUB_MAILING_TOO_MANY', 'recipients', text)] });
  }
  const requestHash = createHash('sha256')
    .update(JSON.stringify([recipients, onFault]))
    .digest();
  return inTransaction(pool, async (client) => {
    const facts = await requireFilling(client, mailing);
    const known = idempotencyKey === undefined ? undefined : await selectBatch(client, mailing, idempotencyKey);
    if (known !== undefined) return knownAnswer(known, requestHash);
    const answer = await addRecipients(client, mailing, recipients, { facts, onFault });
    if (idempotencyKey === undefined) return answer;
    const kept = await insertBatch(client, mailing, { key: idempotencyKey, requestHash, answer });
    // The same key at the same instant from another connection: that one's recipients count, and these are rolled back.
    if (!kept) throw appError(HUB_ERRORS, 'HUB_IDEMPOTENCY_MISMATCH');
    return answer;
  });
}

function knownAnswer(known: { requestHash: Buffer; answer: unknown }, requestHash: Buffer): FillAnswer {
  if (!known.requestHash.equals(requestHash)) throw appError(HUB_ERRORS, 'HUB_IDEMPOTENCY_MISMATCH');
  return known.answer as FillAnswer;
}

async function addRecipients(
  client: Queryable,
  mailing: MailingKey,
  recipients: readonly unknown[],
  { facts, onFault }: { facts: FillFacts; onFault: OnFault },
): Promise<FillAnswer> {
  const judged = judgeRecipients(recipients, facts);
  const tooLarge = judged.rows.flatMap(
    ({ index, envelopeBytes }) => sizeFault(envelopeBytes, facts.channelPolicy, rowPath(index, 'reference')) ?? [],
  );
  const largeIndexes = new Set(tooLarge.map(({ path }) => path));
  const sound = judged.rows.filter(({ index }) => !largeIndexes.has(rowPath(index, 'reference')));
  const before = [...judged.faults, ...tooLarge];
  if (before.length > 0 && onFault === 'refuse') throw refused(before);
  const added = await insertRecipients(client, mailing, sound);
  const doubles = sound
    .filter(({ id }) => !added.has(id))
    .map(({ index }) => fault('HUB_MAILING_DUPLICATE', rowPath(index, 'recipient')));
  if (doubles.length > 0 && onFault === 'refuse') throw refused(doubles);
  const faults = [...before, ...doubles];
  return { accepted: added.size, refused: recipients.length - added.size, faults: faults.slice(0, FAULTS_TOLD_MAX) };
}

function refused(faults: readonly Fault[]): Error {
  return appError(HUB_ERRORS, 'HUB_MAILING_RECIPIENTS', { faults: faults.slice(0, FAULTS_TOLD_MAX) });
}

async function requireFilling(client: Queryable, mailing: MailingKey): Promise<FillFacts> {
  const facts = await lockMailingForFill(client, mailing);
  if (facts === undefined) throw appError(HUB_ERRORS, 'HUB_MAILING_NOT_FOUND');
  if (facts.state === 'cancelled') throw appError(HUB_ERRORS, 'HUB_MAILING_CANCELLED');
  if (facts.state !== 'filling') throw appError(HUB_ERRORS, 'HUB_MAILING_NOT_FILLING');
  return facts;
}

async function addLetter(
  mailing: Mailing,
  handIn: HandIn,
  system: BusinessSystem,
  options: MailingsOptions,
): Promise<{ letterId: string }> {
  const read = readDraft(withFlow(handIn.json, mailing.flowCode), handIn.parts);
  const faults = [...handIn.faults, ...read.faults];
  const { letter } = await judge(read.draft, faults, system, options, mailing.channelPolicy);
  const content = prepareContent(letter, system, options);
  const { id, recipient, reference, address, protectedIdentity } = letter;
  await inTransaction(options.pool, async (client) => {
    const facts = await requireFilling(client, mailing);
    const { envelopeBytes, tooLarge } = withShared(letter.envelopeBytes, facts);
    if (tooLarge !== undefined) throw appError(HUB_ERRORS, 'HUB_LETTER_TOO_LARGE', { faults: [tooLarge] });
    await options.content.put(client, system.organisationId, [content.body, ...content.attachments]);
    const row = { id, recipient, reference, address, protectedIdentity, envelopeBytes };
    const added = await insertRecipients(client, mailing, [row]);
    if (!added.has(id)) throw refused([fault('HUB_MAILING_DUPLICATE', 'recipient')]);
    const { subject, body } = letter;
    const own = { subject, bodyContentType: body.contentType, bodyHash: content.body.hash, attachments: content.rows };
    await setRecipientContent(client, mailing, id, own);
  });
  return { letterId: id };
}

/** A letter with content of its own gets the mailing's attachments too: the envelope is measured with them. */
export function withShared(
  ownBytes: number,
  { envelope, channelPolicy }: FillFacts,
): { envelopeBytes: number; tooLarge: Fault | undefined } {
  const envelopeBytes = ownBytes + envelope.sharedAttachments;
  return { envelopeBytes, tooLarge: sizeFault(envelopeBytes, channelPolicy, 'attachments') };
}

function withFlow(json: unknown, flow: string): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return json;
  return { ...json, flow };
}

async function commit(
  mailing: Mailing,
  system: BusinessSystem,
  actor: MailingActor,
  options: MailingsOptions,
): Promise<void> {
  const released = await inTransaction(options.pool, async (client) => {
    const locked = await lockMailing(client, mailing);
    if (locked?.state === 'cancelled') throw appError(HUB_ERRORS, 'HUB_MAILING_CANCELLED');
    if (locked?.state !== 'filling') return false;
    const recipients = await noteRecipients(client, mailing);
    if (recipients === 0) throw appError(HUB_ERRORS, 'HUB_MAILING_EMPTY');
    if (locked.approvalOver !== null && recipients > locked.approvalOver) {
      await setMailingState(client, mailing, 'awaitingApproval');
      await insertMailingEvent(client, mailing, { kind: 'approvalAsked', actor: actor.name, detail: { recipients } });
      return false;
    }
    await release(client, mailing, {
      actor: actor.name,
      approvedBy: undefined,
      lane: slowestLane('bulk', system.lane),
    });
    return true;
  });
  if (released) options.onReleased();
}

async function release(
  client: Queryable,
  mailing: MailingKey,
  { actor, approvedBy, lane }: { actor: string; approvedBy: string | undefined; lane: keyof typeof LANES },
): Promise<void> {
  const letters = await releaseMailing(client, mailing, { approvedBy, lane: LANES[lane] });
  await deleteRecipients(client, mailing);
  await insertMailingEvent(client, mailing, { kind: 'committed', actor, detail: { letters } });
}

async function cancel(mailing: Mailing, actor: MailingActor, pool: Pool): Promise<void> {
  await inTransaction(pool, async (client) => {
    const locked = await lockMailing(client, mailing);
    if (locked?.state === 'cancelled') return;
    if (locked?.state === 'committed') throw appError(HUB_ERRORS, 'HUB_MAILING_COMMITTED');
    await cancelMailing(client, mailing);
    await insertMailingEvent(client, mailing, { kind: 'cancelled', actor: actor.name });
  });
}

/** The second person, and which asking she answers. */
interface Answerer {
  readonly person: Required<MailingActor>;
  readonly asked: string | undefined;
}

async function approve(key: MailingKey, { person, asked }: Answerer, options: MailingsOptions): Promise<Mailing> {
  await inTransaction(options.pool, async (client) => {
    const locked = await requireAwaiting(client, key, asked);
    // Two pairs of eyes: whoever made the mailing is not the second person.
    if (locked.createdBySubject === person.subject) throw appError(HUB_ERRORS, 'HUB_MAILING_SAME_PERSON');
    await insertMailingEvent(client, key, { kind: 'approved', actor: person.name });
    await release(client, key, { actor: person.name, approvedBy: person.name, lane: 'bulk' });
  });
  options.onReleased();
  return required(options.pool, key);
}

async function sendBack(key: MailingKey, { person, asked }: Answerer, reason: string, pool: Pool): Promise<Mailing> {
  await inTransaction(pool, async (client) => {
    await requireAwaiting(client, key, asked);
    await setMailingState(client, key, 'filling');
    await insertMailingEvent(client, key, { kind: 'sentBack', actor: person.name, detail: { reason } });
  });
  return required(pool, key);
}

async function requireAwaiting(
  client: Queryable,
  key: MailingKey,
  asked: string | undefined,
): Promise<{ createdBySubject: string | null }> {
  const locked = await lockMailing(client, key);
  if (locked === undefined) throw appError(HUB_ERRORS, 'HUB_MAILING_NOT_FOUND');
  const isOther = asked !== undefined && (await selectLastEvent(client, key)) !== asked;
  if (locked.state !== 'awaitingApproval' || isOther) throw appError(HUB_ERRORS, 'HUB_MAILING_NOT_AWAITING');
  return locked;
}

function prepareContent(
  letter: ValidLetter,
  { organisationId }: BusinessSystem,
  { content }: MailingsOptions,
): { body: PreparedContent; attachments: PreparedContent[]; rows: AttachmentRow[] } {
  const body = content.prepare(organisationId, letter.body.bytes, letter.body.contentType);
  const attachments = letter.attachments.map(({ filename, contentType, bytes, pages }) => {
    const prepared = content.prepare(organisationId, bytes, contentType);
    return { prepared, row: { filename, contentType, hash: prepared.hash, plainBytes: bytes.length, pages } };
  });
  return { body, attachments: attachments.map((each) => each.prepared), rows: attachments.map((each) => each.row) };
}

async function required(pool: Pool, key: MailingKey): Promise<Mailing> {
  const mailing = await selectMailing(pool, key);
  if (mailing === undefined) throw appError(HUB_ERRORS, 'HUB_MAILING_NOT_FOUND');
  return mailing;
}

function hashMailing(
  { name, notBefore, expiresAt, channelPolicy, letter }: MailingDraft,
  faults: readonly Fault[],
): Buffer {
  const times = [notBefore?.toISOString() ?? null, expiresAt?.toISOString() ?? null];
  return createHash('sha256')
    .update(JSON.stringify([name, ...times, channelPolicy ?? null]))
    .update(hashDraft(letter, faults))
    .digest();
}
