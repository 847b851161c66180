import { createHash } from 'node:crypto';
import { appError, type Fault, inTransaction, type Pool, type Queryable } from '@brevduva/base';
import { type ContentStore, distinctContents } from '../content.ts';
import { HUB_ERRORS } from '../errors.ts';
import { type HandIn, type JudgeOptions, judge } from '../intake/accept.ts';
import { fault, readDraft } from '../intake/draft.ts';
import { sizeFault } from '../intake/validate.ts';
import type { BusinessSystem } from '../organisation/businessSystem.ts';
import { onceMoreIfErased } from '../sql/content.ts';
import { insertRecipients } from '../sql/mailingRecipients.ts';
import { type FillFacts, insertBatch, lockMailingForFill, selectBatch } from '../sql/mailings.ts';
import type { Mailing, MailingKey } from './mailing.ts';
import { ownRecipient } from './prepareContent.ts';
import { judgeRecipients, RECIPIENTS_AT_ONCE_MAX, rowPath } from './recipients.ts';

export interface FillOptions extends JudgeOptions {
  readonly pool: Pool;
  readonly content: ContentStore;
}

export interface FillAnswer {
  readonly accepted: number;
  readonly refused: number;
  /** Of the refused; at most so many that somebody reads them. */
  readonly faults: readonly Fault[];
}

/** `refuse`: a bunch with a fault is refused as a whole; `skip`: its sound recipients are added, and the others told. */
export type OnFault = 'refuse' | 'skip';

const FAULTS_TOLD_MAX = 1_000;

/** Adds a bunch of recipients; see {@link Mailings.fill}. */
export async function fillMailing(
  mailing: Mailing,
  bunch: { recipients: readonly unknown[]; onFault: OnFault; idempotencyKey: string | undefined },
  { pool, content }: FillOptions,
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
    const answer = await addRecipients(client, mailing, recipients, { facts, onFault, content });
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
  { facts, onFault, content }: { facts: FillFacts; onFault: OnFault; content: ContentStore },
): Promise<FillAnswer> {
  const judged = judgeRecipients(recipients, facts);
  const own = facts.text === undefined ? 'reference' : 'values';
  const tooLarge = judged.rows.flatMap(
    ({ index, envelopeBytes }) => sizeFault(envelopeBytes, facts.channelPolicy, rowPath(index, own)) ?? [],
  );
  const largeIndexes = new Set(tooLarge.map(({ path }) => path));
  const sound = judged.rows.filter(({ index }) => !largeIndexes.has(rowPath(index, own)));
  const before = [...judged.faults, ...tooLarge];
  if (before.length > 0 && onFault === 'refuse') throw refused(before);
  const rows = sound.map(({ values, contact, ...row }) => {
    const letter = { organisationId: mailing.organisationId, id: row.id };
    const sealedContact = contact && content.sealContact(letter, contact);
    return { ...row, sealedContact, sealedValues: values && content.sealValues(letter, values) };
  });
  const added = await insertRecipients(client, mailing, rows);
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

/**
 * The mailing as it is filled, held until the transaction ends.
 *
 * @throws AppError HUB_MAILING_NOT_FOUND, HUB_MAILING_CANCELLED, HUB_MAILING_NOT_FILLING
 */
export async function requireFilling(client: Queryable, mailing: MailingKey): Promise<FillFacts> {
  const facts = await lockMailingForFill(client, mailing);
  if (facts === undefined) throw appError(HUB_ERRORS, 'HUB_MAILING_NOT_FOUND');
  if (facts.state === 'cancelled') throw appError(HUB_ERRORS, 'HUB_MAILING_CANCELLED');
  if (facts.state !== 'filling') throw appError(HUB_ERRORS, 'HUB_MAILING_NOT_FILLING');
  return facts;
}

/** Adds a letter with content of its own; see {@link Mailings.addLetter}. */
export async function addLetter(
  mailing: Mailing,
  handIn: HandIn,
  system: BusinessSystem,
  options: FillOptions,
): Promise<{ letterId: string; warnings?: readonly Fault[] }> {
  const read = readDraft(withFlow(handIn.json, mailing.flowCode), handIn.parts);
  const faults = [...handIn.faults, ...read.faults];
  const { letter } = await judge(read.draft, faults, system, options, mailing.channelPolicy);
  const { row, contents } = ownRecipient(letter, system.organisationId, options.content);
  const add = async (client: Queryable) => {
    const facts = await requireFilling(client, mailing);
    const { envelopeBytes, tooLarge } = withShared(row.envelopeBytes, facts);
    if (tooLarge !== undefined) throw appError(HUB_ERRORS, 'HUB_LETTER_TOO_LARGE', { faults: [tooLarge] });
    const added = await insertRecipients(client, mailing, [{ ...row, envelopeBytes }], distinctContents(contents));
    if (!added.has(row.id)) throw refused([fault('HUB_MAILING_DUPLICATE', 'recipient')]);
  };
  await onceMoreIfErased(() => inTransaction(options.pool, add));
  return { letterId: row.id, ...(letter.warnings && { warnings: letter.warnings }) };
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
