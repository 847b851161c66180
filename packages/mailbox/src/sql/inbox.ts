import type { Queryable } from '@brevduva/base';
import { likePattern } from './likePattern.ts';

/** A notice is not signed; a forwarded letter came from its first sender by way of somebody else. */
export type LetterKind = 'letter' | 'notice' | 'forwarded';

const LETTER_KIND = `
  case when notice_id is not null then 'notice' when forward_id is not null then 'forwarded' else 'letter' end`;

/** One line of the inbox. */
export interface InboxRow {
  kind: LetterKind;
  /** Who passed a forwarded letter on. */
  forwarderName: string | null;
  webId: string;
  senderName: string;
  subject: string;
  receivedAt: Date;
  readAt: Date | null;
  attachmentCount: number;
}

export interface InboxCounts {
  /** Letters that match the search. */
  found: number;
  unread: number;
  total: number;
}

export interface InboxQuery {
  accountId: string;
  /** Part of a sender's name or a subject; empty = all. */
  search: string;
  limit: number;
  offset: number;
}

/** A page of the inbox, newest first. Searching reads one mailbox only, through the index on account. */
export async function listInbox(db: Queryable, query: InboxQuery): Promise<InboxRow[]> {
  const { rows } = await db.query<InboxRow>({
    name: 'mailbox_list_inbox',
    text: `
      select
        web_id as "webId", sender_name as "senderName", subject, received_at as "receivedAt", read_at as "readAt",
        (select count(*) from part where part.letter_id = letter.id and part.position > 0) as "attachmentCount",
        ${LETTER_KIND} as "kind",
        (select forwarder_name from forward where forward.id = letter.forward_id) as "forwarderName"
      from letter
      where account_id = $1 and ($2 = '' or sender_name ilike $2 or subject ilike $2)
      order by received_at desc, id desc
      limit $3 offset $4`,
    values: [query.accountId, likePattern(query.search), query.limit, query.offset],
  });
  return rows;
}

/** How many letters match, how many are unread and how many there are in one mailbox. */
export async function countInbox(db: Queryable, accountId: string, search: string): Promise<InboxCounts> {
  const { rows } = await db.query<InboxCounts>({
    name: 'mailbox_count_inbox',
    text: `
      select
        count(*) filter (where $2 = '' or sender_name ilike $2 or subject ilike $2) as "found",
        count(*) filter (where read_at is null) as "unread",
        count(*) as "total"
      from letter
      where account_id = $1`,
    values: [accountId, likePattern(search)],
  });
  return rows[0] ?? { found: 0, unread: 0, total: 0 };
}

/** What the letter page shows. */
export interface LetterRow {
  id: string;
  webId: string;
  receivedAt: Date;
  readAt: Date | null;
  senderId: string;
  senderName: string;
  senderAttention: string | null;
  attention: string | null;
  reference: string | null;
  subject: string;
  language: string;
  supportText: string;
  supportUrl: string | null;
  supportPhone: string | null;
  supportEmail: string | null;
  kind: LetterKind;
  /** Null, as the four that follow, for a notice. */
  signedByNumber: string | null;
  signedByName: string | null;
  sealedByNumber: string | null;
  sealedByName: string | null;
  sealReceivedTime: string | null;
  sealedHash: Buffer;
}

/** A letter, only if it lies in this mailbox: another's letter is not found. */
export async function findLetter(db: Queryable, accountId: string, webId: string): Promise<LetterRow | undefined> {
  const { rows } = await db.query<LetterRow>({
    name: 'mailbox_find_letter',
    text: `
      select
        id, web_id as "webId", received_at as "receivedAt", read_at as "readAt", sender_id as "senderId",
        sender_name as "senderName", sender_attention as "senderAttention", attention, reference, subject, language,
        support_text as "supportText", support_url as "supportUrl", support_phone as "supportPhone",
        support_email as "supportEmail", signed_by_number as "signedByNumber", signed_by_name as "signedByName",
        sealed_by_number as "sealedByNumber", sealed_by_name as "sealedByName",
        seal_received_time as "sealReceivedTime", sealed_hash as "sealedHash", ${LETTER_KIND} as "kind"
      from letter
      where account_id = $1 and web_id = $2`,
    values: [accountId, webId],
  });
  return rows[0];
}

/** Marks a letter as read the first time it is opened; later openings leave the time as it is. */
export async function markRead(db: Queryable, letterId: string, at: Date): Promise<void> {
  await db.query({
    name: 'mailbox_mark_read',
    text: 'update letter set read_at = $2 where id = $1 and read_at is null',
    values: [letterId, at],
  });
}

export interface AttachmentRow {
  position: number;
  contentType: string;
  fileName: string;
  contentBytes: number;
}

/** The attachments of a letter, without their content. */
export async function listAttachments(db: Queryable, letterId: string): Promise<AttachmentRow[]> {
  const { rows } = await db.query<AttachmentRow>({
    name: 'mailbox_list_attachments',
    text: `
      select position, content_type as "contentType", file_name as "fileName", content_bytes as "contentBytes"
      from part where letter_id = $1 and position > 0
      order by position`,
    values: [letterId],
  });
  return rows;
}

export interface PartRow extends AttachmentRow {
  letterId: string;
  keyId: string;
  encrypted: Buffer;
}

/** One part of a letter in this mailbox: position 0 the text, 1 and up the attachments. */
export async function findPart(
  db: Queryable,
  accountId: string,
  webId: string,
  position: number,
): Promise<PartRow | undefined> {
  const { rows } = await db.query<PartRow>({
    name: 'mailbox_find_part',
    text: `
      select
        part.letter_id as "letterId", part.position, part.content_type as "contentType", part.file_name as "fileName",
        part.content_bytes as "contentBytes", part.key_id as "keyId", part.encrypted
      from part join letter on letter.id = part.letter_id
      where letter.account_id = $1 and letter.web_id = $2 and part.position = $3`,
    values: [accountId, webId, position],
  });
  return rows[0];
}

/** What a letter asks to be paid. */
export async function findPayment(
  db: Queryable,
  letterId: string,
): Promise<{ keyId: string; encrypted: Buffer } | undefined> {
  const { rows } = await db.query<{ keyId: string; encrypted: Buffer }>({
    name: 'mailbox_find_payment',
    text: 'select key_id as "keyId", encrypted from payment where letter_id = $1',
    values: [letterId],
  });
  return rows[0];
}

/** The delivery as it came, with both signatures: the proof of a letter. */
export async function findSealedDocument(
  db: Queryable,
  letterId: string,
): Promise<{ keyId: string; encrypted: Buffer; sealedHash: Buffer } | undefined> {
  const { rows } = await db.query<{ keyId: string; encrypted: Buffer; sealedHash: Buffer }>(
    `select sealed_document.key_id as "keyId", sealed_document.encrypted, letter.sealed_hash as "sealedHash"
     from sealed_document join letter on letter.id = sealed_document.letter_id
     where letter.id = $1`,
    [letterId],
  );
  return rows[0];
}
