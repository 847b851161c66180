import type { Queryable } from '@brevduva/base';

/** What somebody said when passing a letter on; the text is already encrypted. */
export interface NewForwardRow {
  id: string;
  duplicateKey: Buffer;
  receivedAt: Date;
  callerNumber: string;
  forwarderId: string;
  forwarderName: string;
  subject: string;
  contentType: string;
  keyId: string;
  encrypted: Buffer;
}

/** Gives false, and stores nothing, when the same was passed on before. Of two at once the second waits for the first. */
export async function insertForward(db: Queryable, forward: NewForwardRow): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'mailbox_insert_forward',
    text: `
      insert into forward (
        id, duplicate_key, received_at, caller_number, forwarder_id, forwarder_name, subject, content_type, key_id,
        encrypted)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      on conflict (duplicate_key) do nothing`,
    values: [
      ...[forward.id, forward.duplicateKey, forward.receivedAt, forward.callerNumber],
      ...[forward.forwarderId, forward.forwarderName, forward.subject, forward.contentType],
      ...[forward.keyId, forward.encrypted],
    ],
  });
  return rowCount === 1;
}

/** Takes back one that nobody got: the same may be passed on again when somebody has a mailbox. */
export async function deleteForward(db: Queryable, id: string): Promise<void> {
  await db.query({ name: 'mailbox_delete_forward', text: 'delete from forward where id = $1', values: [id] });
}

/** The TransId and the recipients of the same passed on before. */
export async function findForward(
  db: Queryable,
  duplicateKey: Buffer,
): Promise<{ id: string; recipientIds: string[] } | undefined> {
  const { rows } = await db.query<{ id: string; recipientIds: string[] }>({
    name: 'mailbox_find_forward',
    text: `
      select
        forward.id,
        array(
          select account.recipient_id from letter join account on account.id = letter.account_id
          where letter.forward_id = forward.id
        ) as "recipientIds"
      from forward where duplicate_key = $1`,
    values: [duplicateKey],
  });
  return rows[0];
}

/** Who passed a letter on and with what words, for the page of the letter. */
export interface ForwardRow {
  id: string;
  forwarderId: string;
  forwarderName: string;
  callerNumber: string;
  subject: string;
  keyId: string;
  encrypted: Buffer;
}

/** The forward that brought this letter; undefined for every other letter, and for another mailbox's. */
export async function findForwardOfLetter(
  db: Queryable,
  accountId: string,
  webId: string,
): Promise<ForwardRow | undefined> {
  const { rows } = await db.query<ForwardRow>({
    name: 'mailbox_find_forward_of_letter',
    text: `
      select
        forward.id, forwarder_id as "forwarderId", forwarder_name as "forwarderName", caller_number as "callerNumber",
        forward.subject, forward.key_id as "keyId", forward.encrypted
      from letter join forward on forward.id = letter.forward_id
      where letter.account_id = $1 and letter.web_id = $2`,
    values: [accountId, webId],
  });
  return rows[0];
}
