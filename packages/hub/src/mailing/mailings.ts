import { createHash } from 'node:crypto';
import { appError, type Fault, inTransaction, newId, type Pool, type Queryable } from '@brevduva/base';
import { HUB_ERRORS } from '../errors.ts';
import { type HandIn, hashDraft, slowestLane } from '../intake/accept.ts';
import { LANES } from '../letter.ts';
import type { BusinessSystem } from '../organisation/businessSystem.ts';
import { cancelMailing, deleteRecipients, noteRecipients, releaseMailing } from '../sql/mailingEnd.ts';
import {
  insertMailing,
  insertMailingEvent,
  lockMailing,
  selectLastEvent,
  selectMailing,
  selectMailingByKey,
  setMailingState,
} from '../sql/mailings.ts';
import { addLetter, type FillAnswer, type FillOptions, fillMailing, type OnFault } from './fill.ts';
import { fromTemplate } from './fromTemplate.ts';
import { type JudgeMailingOptions, judgeShared } from './judgeShared.ts';
import type { Mailing, MailingKey } from './mailing.ts';
import { type MailingDraft, readMailingDraft } from './mailingDraft.ts';
import { prepareContent } from './prepareContent.ts';

/** Who does something with a mailing: a system by its credential, or a person of the organisation's staff. */
export interface MailingActor {
  readonly name: string;
  /** The person's; undefined for a system. */
  readonly subject?: string;
}

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
  addLetter(
    id: string,
    handIn: HandIn,
    system: BusinessSystem,
  ): Promise<{ letterId: string; warnings?: readonly Fault[] }>;
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

export interface MailingsOptions extends FillOptions, JudgeMailingOptions {
  /** Letters are due. */
  readonly onReleased: () => void;
}

/** A number that is sound and nobody's in particular (the register owner's), while no recipient is known. */
const STAND_IN = '162021006883';

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
      return fillMailing(await own(id, system), bunch, options);
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
  const asked = readMailingDraft(handIn, STAND_IN);
  const key = handIn.idempotencyKey ?? newId();
  // Of what was handed in: the same again is the same, also when the template has changed meanwhile.
  const requestHash = hashMailing(asked.draft, [...handIn.faults, ...asked.faults], templateOf(handIn.json));
  const known = await selectMailingByKey(pool, system, key);
  if (known !== undefined) return replay(known, requestHash, system, pool);
  const made = await fromTemplate(handIn.json, system.organisationId, pool);
  const { draft, faults: shapeFaults } = readMailingDraft({ ...handIn, json: made.json }, STAND_IN);
  const faults = [...handIn.faults, ...shapeFaults, ...made.faults];
  const judged = await judgeShared(draft, faults, system, options, made.document);
  const { letter, flowId, envelope, text, body } = judged;
  const prepared = prepareContent({ ...letter, body }, system.organisationId, options.content);
  const source = judged.document && Buffer.from(judged.document.source);
  const document = source && options.content.prepare(system.organisationId, source, DOCUMENT_CONTENT_TYPE);
  const mailing: MailingKey = { organisationId: system.organisationId, id: newId() };
  const stored = await inTransaction(pool, async (client) => {
    const contents = [prepared.body, ...prepared.attachments, ...(document ? [document] : [])];
    await options.content.put(client, system.organisationId, contents);
    const { name, notBefore, expiresAt, channelPolicy } = draft;
    const row = {
      ...{
        ...mailing,
        systemId: system.id,
        flowId,
        name,
        key,
        requestHash,
        envelope,
        notBefore,
        expiresAt,
        channelPolicy,
      },
      ...{ createdBy: actor.name, createdBySubject: actor.subject, subject: text.subject, language: letter.language },
      ...{ bodyContentType: body.contentType, bodyHash: prepared.body.hash, placeholders: text.facts },
      document: judged.document && document && { ...judged.document, hash: document.hash },
    };
    const isNew = await insertMailing(client, row, prepared.rows);
    // Kept with the event, as what was known when it was made.
    const detail = letter.warnings === undefined ? {} : { warnings: letter.warnings };
    if (isNew) await insertMailingEvent(client, mailing, { kind: 'created', actor: actor.name, detail });
    return isNew;
  });
  if (!stored) return replay(await selectMailingByKey(pool, system, key), requestHash, system, pool);
  return { mailing: await required(pool, mailing), replay: false };
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

async function required(pool: Pool, key: MailingKey): Promise<Mailing> {
  const mailing = await selectMailing(pool, key);
  if (mailing === undefined) throw appError(HUB_ERRORS, 'HUB_MAILING_NOT_FOUND');
  return mailing;
}

function hashMailing(
  { name, notBefore, expiresAt, channelPolicy, letter }: MailingDraft,
  faults: readonly Fault[],
  template: unknown,
): Buffer {
  const times = [notBefore?.toISOString() ?? null, expiresAt?.toISOString() ?? null];
  return createHash('sha256')
    .update(JSON.stringify([name, ...times, channelPolicy ?? null, ...(template === undefined ? [] : [template])]))
    .update(hashDraft(letter, faults))
    .digest();
}

function templateOf(json: unknown): unknown {
  return typeof json === 'object' && json !== null && 'template' in json ? json.template : undefined;
}

const DOCUMENT_CONTENT_TYPE = 'text/vnd.typst';
