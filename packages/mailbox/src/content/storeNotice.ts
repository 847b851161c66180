import { createHash, randomBytes } from 'node:crypto';
import { inTransaction, newId } from '@brevduva/base';
import type { NotificationDelivery } from '@brevduva/protocol';
import {
  findNotice,
  insertNotice,
  listNoticeRecipients,
  lockNotice,
  type NewNoticeLetterRow,
  type NewNoticeRow,
} from '../sql/notice.ts';
import type { Pool } from '../sql/pool.ts';
import { findReceivers } from '../sql/receivers.ts';
import type { ContentKeys } from './encryption.ts';
import { headerColumns } from './headerColumns.ts';
import { partContext, WEB_ID_BYTES } from './store.ts';

export interface NoticeToStore {
  /** Becomes the TransId of the answer. */
  id: string;
  duplicateKey: Buffer;
  receivedAt: Date;
  /** The same words before this are other words. */
  duplicatesSince: Date;
  caller: string;
  /** The request exactly as it came. */
  request: Buffer;
  notice: NotificationDelivery;
}

export interface StoredNotice {
  transId: string;
  outcome: 'stored' | 'known' | 'noMailbox';
  /** The recipients in whose mailboxes it lies. */
  delivered: ReadonlySet<string>;
}

/** Commits a notice in every mailbox that takes letters, or tells what the same notice came to the first time. */
export async function storeNotice(pool: Pool, keys: ContentKeys, given: NoticeToStore): Promise<StoredNotice> {
  const receivers = await findReceivers(pool, given.notice.Header.Recipient);
  const row = toRow(
    keys,
    given,
    receivers.map((receiver) => receiver.accountId),
  );
  return inTransaction(pool, async (client) => {
    await lockNotice(client, given.duplicateKey);
    const known = await findNotice(client, given.duplicateKey, given.duplicatesSince);
    if (known !== undefined) return answerOf(known, 'known', await listNoticeRecipients(client, known));
    if (row.letters.length === 0) return answerOf(given.id, 'noMailbox', []);
    await insertNotice(client, row);
    return answerOf(given.id, 'stored', await listNoticeRecipients(client, given.id));
  });
}

/** Where a notice's request belongs, encrypted. */
export function noticeContext(noticeId: string): string {
  return `${noticeId}/notice`;
}

function answerOf(transId: string, outcome: StoredNotice['outcome'], delivered: readonly string[]): StoredNotice {
  return { transId, outcome, delivered: new Set(delivered) };
}

function toRow(keys: ContentKeys, given: NoticeToStore, accountIds: readonly string[]): NewNoticeRow {
  const { Header: header, Message: message } = given.notice;
  return {
    id: given.id,
    duplicateKey: given.duplicateKey,
    receivedAt: given.receivedAt,
    callerNumber: given.caller,
    requestHash: createHash('sha256').update(given.request).digest(),
    keyId: keys.keyId,
    encryptedRequest: keys.encrypt(given.request, noticeContext(given.id)),
    ...headerColumns(header, message.header),
    contentType: message.body.ContentType,
    contentBytes: message.body.Body.length,
    letters: accountIds.map((accountId) => letterRow(keys, given, accountId)),
  };
}

function letterRow(keys: ContentKeys, { id: noticeId, notice }: NoticeToStore, accountId: string): NewNoticeLetterRow {
  const id = newId();
  return {
    id,
    webId: randomBytes(WEB_ID_BYTES).toString('base64url'),
    accountId,
    duplicateKey: createHash('sha256').update(`notice\0${noticeId}\0${accountId}`).digest(),
    encrypted: keys.encrypt(notice.Message.body.Body, partContext(id, 0)),
  };
}
