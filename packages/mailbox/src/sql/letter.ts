import type { Queryable } from '@brevduva/base';

/** Who says what in a message, in plain: what the list of letters shows. */
export interface MessageHeaderRow {
  senderId: string;
  senderName: string;
  senderAttention: string | undefined;
  attention: string | undefined;
  messageId: string;
  reference: string | undefined;
  correlationId: string | undefined;
  subject: string;
  language: string;
  supportText: string;
  supportUrl: string | undefined;
  supportPhone: string | undefined;
  supportEmail: string | undefined;
}

/** A verified letter on its way into one mailbox; the documents are already encrypted. */
export interface NewLetterRow extends MessageHeaderRow {
  id: string;
  webId: string;
  accountId: string;
  duplicateKey: Buffer;
  receivedAt: Date;
  signedByNumber: string;
  signedByName: string;
  sealedByNumber: string;
  sealedByName: string;
  sealReceivedTime: string;
  sealedHash: Buffer;
  keyId: string;
  sealedDocument: Buffer;
  /** Absent for a letter that came from its dispatcher. */
  forwardId?: string;
  /** What it asks to be paid, encrypted; absent for a letter that asks for nothing. */
  payment?: Buffer;
  parts: readonly NewPartRow[];
}

export interface NewPartRow {
  position: number;
  contentType: string;
  fileName: string;
  contentBytes: number;
  encrypted: Buffer;
}

/**
 * Stores a letter with all its parts in one statement, so in one commit.
 * Gives false, and stores nothing, when the letter is there already or the mailbox takes none any more. Of two at the
 * same instant the second waits in the unique index for the first to commit, and then finds it there.
 */
export async function insertLetter(db: Queryable, letter: NewLetterRow): Promise<boolean> {
  const { rows } = await db.query({ name: 'mailbox_insert_letter', text: INSERT_LETTER, values: letterValues(letter) });
  return rows.length === 1;
}

const INSERT_LETTER = `
  with stored as (
    insert into letter (
      id, web_id, account_id, duplicate_key, received_at, sender_id, sender_name, sender_attention, attention,
      message_id, reference, correlation_id, subject, language, support_text, support_url, support_phone,
      support_email, signed_by_number, signed_by_name, sealed_by_number, sealed_by_name, seal_received_time, sealed_hash,
      forward_id)
    select
      $1, $2, account.id, $4, $5, $6, $7, $8, $9,
      $10, $11, $12, $13, $14, $15, $16, $17,
      $18, $19, $20, $21, $22, $23, $24,
      $34
    from account where account.id = $3 and account.state in ('active', 'opening')
    on conflict (duplicate_key) do nothing
    returning id
  ), document as (
    insert into sealed_document (letter_id, key_id, encrypted)
    select id, $25, $26 from stored
  ), payment as (
    insert into payment (letter_id, key_id, encrypted)
    select id, $25, $35::bytea from stored where $35::bytea is not null
  ), alerts as (
    -- In the letter's own commit: a holder who wants to be told is told, whatever happens to this process.
    insert into alert (id, account_id, channel, address_version, kind, state, letter_count, sender_names)
    select
      gen_random_uuid(), address.account_id, address.channel, address.version, 'newMail', 'waiting', 1,
      case when address.names_sender then array[$7::text] else '{}' end
    from stored, alert_address address
    where address.account_id = $3 and address.state = 'working'
    on conflict (account_id, channel) where kind = 'newMail' and state = 'waiting' do update set
      letter_count = alert.letter_count + 1,
      sender_names = (
        select coalesce(array_agg(distinct name), '{}') from unnest(alert.sender_names || excluded.sender_names) name)
  ), parts as (
    insert into part (letter_id, position, content_type, file_name, content_bytes, key_id, encrypted)
    select
      stored.id, given.position, given.content_type, given.file_name, given.content_bytes, $25,
      substr($32::bytea, given.starts_at, given.encrypted_bytes)
    from stored, unnest($27::integer[], $28::text[], $29::text[], $30::integer[], $31::integer[], $33::integer[])
      as given (position, content_type, file_name, content_bytes, starts_at, encrypted_bytes)
  )
  select id from stored`;

function letterValues(letter: NewLetterRow): unknown[] {
  return [
    ...[letter.id, letter.webId, letter.accountId, letter.duplicateKey, letter.receivedAt],
    ...[letter.senderId, letter.senderName, letter.senderAttention, letter.attention],
    ...[letter.messageId, letter.reference, letter.correlationId, letter.subject, letter.language],
    ...[letter.supportText, letter.supportUrl, letter.supportPhone, letter.supportEmail],
    ...[letter.signedByNumber, letter.signedByName, letter.sealedByNumber, letter.sealedByName],
    ...[letter.sealReceivedTime, letter.sealedHash, letter.keyId, letter.sealedDocument],
    letter.parts.map((part) => part.position),
    letter.parts.map((part) => part.contentType),
    letter.parts.map((part) => part.fileName),
    letter.parts.map((part) => part.contentBytes),
    startsOf(letter.parts),
    Buffer.concat(letter.parts.map((part) => part.encrypted)),
    letter.parts.map((part) => part.encrypted.length),
    letter.forwardId,
    letter.payment,
  ];
}

/**
 * The parts go as one value and are cut apart by the database: pg sends a bytea as it is, but writes a bytea[] as text,
 * two characters a byte with escapes.
 */
function startsOf(parts: readonly NewPartRow[]): number[] {
  let next = 1;
  return parts.map(({ encrypted }) => {
    const start = next;
    next += encrypted.length;
    return start;
  });
}

/** The TransId the letter got the first time, or undefined when it has not been received. */
export async function findByDuplicateKey(db: Queryable, duplicateKey: Buffer): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string }>({
    name: 'mailbox_find_duplicate',
    text: 'select id from letter where duplicate_key = $1',
    values: [duplicateKey],
  });
  return rows[0]?.id;
}
