import { createHash } from 'node:crypto';
import { inTransaction, newId, type Queryable } from '@brevduva/base';
import type { MessageBody, VerifiedSealedDelivery } from '@brevduva/protocol';
import { deleteForward, findForward, insertForward, type NewForwardRow } from '../sql/forward.ts';
import { insertLetter } from '../sql/letter.ts';
import type { Pool } from '../sql/pool.ts';
import { findReceivers, type ReceiverRow } from '../sql/receivers.ts';
import type { ContentKeys } from './encryption.ts';
import { letterRow } from './store.ts';

export interface ForwardToStore {
  /** Becomes the TransId of the answer. */
  id: string;
  duplicateKey: Buffer;
  receivedAt: Date;
  caller: string;
  forwarder: { id: string; name: string };
  recipientIds: readonly string[];
  subject: string;
  body: MessageBody;
  /** The original as a document of its own, and what was verified in it. */
  original: { document: Buffer; verified: VerifiedSealedDelivery };
}

export interface StoredForward {
  transId: string;
  outcome: 'stored' | 'known' | 'noMailbox';
  delivered: ReadonlySet<string>;
}

/** Commits the original as a letter in every mailbox that takes letters, or tells what the same came to the first time. */
export async function storeForward(pool: Pool, keys: ContentKeys, given: ForwardToStore): Promise<StoredForward> {
  const receivers = await findReceivers(pool, given.recipientIds);
  const row = forwardRow(keys, given);
  return inTransaction(pool, async (client) => {
    if (!(await insertForward(client, row))) return known(client, given);
    const delivered = await insertLetters(client, keys, given, receivers);
    if (delivered.length > 0) return { transId: given.id, outcome: 'stored', delivered: new Set(delivered) };
    await deleteForward(client, given.id);
    return { transId: given.id, outcome: 'noMailbox', delivered: new Set() };
  });
}

/** Where the words of the one who passes on belong, encrypted. */
export function forwardContext(forwardId: string): string {
  return `${forwardId}/forward`;
}

async function known(db: Queryable, { duplicateKey }: ForwardToStore): Promise<StoredForward> {
  const found = await findForward(db, duplicateKey);
  if (found === undefined) throw new TypeError('a forward that is there already has gone');
  return { transId: found.id, outcome: 'known', delivered: new Set(found.recipientIds) };
}

/** One after the other: they are few, and each carries the whole original. */
async function insertLetters(
  db: Queryable,
  keys: ContentKeys,
  { id: forwardId, receivedAt, original }: ForwardToStore,
  receivers: readonly ReceiverRow[],
): Promise<string[]> {
  const delivered: string[] = [];
  for (const { accountId, recipientId } of receivers) {
    const duplicateKey = createHash('sha256').update(`forward\0${forwardId}\0${accountId}`).digest();
    const { document: request, verified } = original;
    const letter = { id: newId(), accountId, duplicateKey, receivedAt, request, verified, forwardId };
    if (await insertLetter(db, letterRow(keys, letter))) delivered.push(recipientId);
  }
  return delivered;
}

function forwardRow(keys: ContentKeys, given: ForwardToStore): NewForwardRow {
  return {
    id: given.id,
    duplicateKey: given.duplicateKey,
    receivedAt: given.receivedAt,
    callerNumber: given.caller,
    forwarderId: given.forwarder.id,
    forwarderName: given.forwarder.name,
    subject: given.subject,
    contentType: given.body.ContentType,
    keyId: keys.keyId,
    encrypted: keys.encrypt(given.body.Body, forwardContext(given.id)),
  };
}
