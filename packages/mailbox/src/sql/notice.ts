import type { Queryable } from '@brevduva/base';
import type { MessageHeaderRow } from './letter.ts';

/** A notice for many mailboxes; the request and the text are already encrypted. */
export interface NewNoticeRow extends MessageHeaderRow {
  id: string;
  duplicateKey: Buffer;
  receivedAt: Date;
  callerNumber: string;
  requestHash: Buffer;
  keyId: string;
  encryptedRequest: Buffer;
  contentType: string;
  contentBytes: number;
  /** One per mailbox. Their encrypted texts are all of the same length. */
  letters: readonly NewNoticeLetterRow[];
}

export interface NewNoticeLetterRow {
  id: string;
  webId: string;
  accountId: string;
  duplicateKey: Buffer;
  encrypted: Buffer;
}

/**
 * Whoever says the same waits here until the transaction that says it first has ended. A unique constraint cannot do it: the
 * same words may be said again after a while.
 */
export async function lockNotice(db: Queryable, duplicateKey: Buffer): Promise<void> {
  await db.query('select pg_advisory_xact_lock($1::bigint)', [duplicateKey.readBigInt64BE().toString()]);
}

/** The TransId that the same words got since then. */
export async function findNotice(db: Queryable, duplicateKey: Buffer, since: Date): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string }>({
    name: 'mailbox_find_notice',
    text: `
      select id from notice where duplicate_key = $1 and received_at > $2
      order by received_at desc limit 1`,
    values: [duplicateKey, since],
  });
  return rows[0]?.id;
}

/** Who got it. */
export async function listNoticeRecipients(db: Queryable, noticeId: string): Promise<string[]> {
  const { rows } = await db.query<{ recipientId: string }>({
    name: 'mailbox_list_notice_recipients',
    text: `
      select account.recipient_id as "recipientId"
      from letter join account on account.id = letter.account_id where letter.notice_id = $1`,
    values: [noticeId],
  });
  return rows.map((row) => row.recipientId);
}

/** Stores a notice and its letters in one statement; gives how many mailboxes still took it. */
export async function insertNotice(db: Queryable, notice: NewNoticeRow): Promise<number> {
  const { rows } = await db.query({ name: 'mailbox_insert_notice', text: INSERT_NOTICE, values: noticeValues(notice) });
  return rows.length;
}

/** The name that FaR knows the sender by goes before the one in the message: nobody has signed that. */
const INSERT_NOTICE = `
  with stored as (
    insert into notice (id, duplicate_key, received_at, caller_number, key_id, encrypted)
    values ($1, $2, $3, $4, $5, $6)
    returning id
  ), given as (
    select * from unnest($21::uuid[], $22::text[], $23::uuid[], $24::bytea[]) with ordinality
      as given (id, web_id, account_id, duplicate_key, place)
  ), letters as (
    insert into letter (
      id, web_id, account_id, duplicate_key, received_at, sender_id, sender_name, sender_attention, attention,
      message_id, reference, correlation_id, subject, language, support_text, support_url, support_phone,
      support_email, sealed_hash, notice_id)
    select
      given.id, given.web_id, account.id, given.duplicate_key, $3, $7,
      coalesce((select name from sender where organization_number = $7), $8), $9, $10,
      $11, $12, $13, $14, $15, $16, $17, $18,
      $19, $20, stored.id
    from stored, given join account on account.id = given.account_id and account.state in ('active', 'opening')
    returning id
  ), parts as (
    insert into part (letter_id, position, content_type, file_name, content_bytes, key_id, encrypted)
    select
      letters.id, 0, $25, '', $26, $5,
      substr($27::bytea, ((given.place - 1) * $28 + 1)::integer, $28::integer)
    from letters join given on given.id = letters.id
  )
  select id from letters`;

function noticeValues(notice: NewNoticeRow): unknown[] {
  const { letters } = notice;
  return [
    ...[notice.id, notice.duplicateKey, notice.receivedAt, notice.callerNumber, notice.keyId, notice.encryptedRequest],
    ...[notice.senderId, notice.senderName, notice.senderAttention, notice.attention],
    ...[notice.messageId, notice.reference, notice.correlationId, notice.subject, notice.language],
    ...[notice.supportText, notice.supportUrl, notice.supportPhone, notice.supportEmail, notice.requestHash],
    letters.map((letter) => letter.id),
    letters.map((letter) => letter.webId),
    letters.map((letter) => letter.accountId),
    letters.map((letter) => letter.duplicateKey),
    ...[notice.contentType, notice.contentBytes],
    // One value that the database cuts apart, as in letter.ts.
    Buffer.concat(letters.map((letter) => letter.encrypted)),
    letters[0]?.encrypted.length ?? 0,
  ];
}
