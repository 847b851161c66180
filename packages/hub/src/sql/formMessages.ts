import type { Queryable } from '@brevduva/base';
import type { PreparedContent } from '../content.ts';
import type { FormFailure, FormState } from '../waysIn/forms/formStates.ts';
import { insertContents } from './content.ts';

export type FormPartKind = 'label' | 'form' | 'attachment';

export interface NewFormMessage {
  readonly id: string;
  readonly receiverId: string;
  readonly product: string;
  readonly productName: string;
  readonly transactionId: string;
  readonly correlationId: string | undefined;
  readonly sender: string | undefined;
  readonly subject: string | undefined;
  readonly sentAt: Date | undefined;
  readonly isTest: boolean;
  readonly requestHash: Buffer;
  readonly fields: readonly FormField[];
  /** Until it is looked at for the first time. */
  readonly dueSeconds: number;
  readonly retentionDays: number;
  readonly parts: readonly NewFormPart[];
}

export interface NewFormPart {
  readonly kind: FormPartKind;
  readonly filename: string;
  readonly content: PreparedContent;
}

export interface FormField {
  readonly name: string;
  readonly value: string | null;
}

/** What an earlier hand-in with the transaction id became. */
export interface FormReceipt {
  readonly id: string;
  readonly requestHash: Buffer;
  readonly state: FormState;
  readonly receivedAt: Date;
}

/**
 * Stores a form message with all of its parts, inside the caller's transaction, unless the portal has handed its transaction in
 * already. @returns false then.
 */
export async function insertFormMessage(
  db: Queryable,
  portal: { readonly organisationId: string; readonly id: string; readonly name: string },
  message: NewFormMessage,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `with message as (
       insert into form_message (organisation_id, id, business_system_id, receiver_id, product, product_name, transaction_id,
         correlation_id, sender, subject, sent_at, is_test, request_hash, fields, state, due_at, erase_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'received', now() + $15 * interval '1 second',
         now() + $16 * interval '1 day')
       on conflict (organisation_id, business_system_id, transaction_id) do nothing
       returning organisation_id, id
     )
     insert into form_event (organisation_id, message_id, kind, actor) select organisation_id, id, 'received', $17 from message`,
    [
      portal.organisationId,
      message.id,
      portal.id,
      message.receiverId,
      message.product,
      message.productName,
      message.transactionId,
      message.correlationId ?? null,
      message.sender ?? null,
      message.subject ?? null,
      message.sentAt ?? null,
      message.isTest,
      message.requestHash,
      JSON.stringify(message.fields),
      message.dueSeconds,
      message.retentionDays,
      portal.name,
    ],
  );
  if (rowCount !== 1) return false;
  await insertFormParts(db, portal.organisationId, message);
  return true;
}

async function insertFormParts(
  db: Queryable,
  organisationId: string,
  { id, parts }: Pick<NewFormMessage, 'id' | 'parts'>,
): Promise<void> {
  await insertContents(
    db,
    organisationId,
    parts.map(({ content }) => content),
  );
  await db.query(
    `insert into form_part (organisation_id, message_id, position, kind, filename, content_type, hash, plain_bytes)
     select $1, $2, p.position - 1, p.kind, p.filename, p.content_type, p.hash, p.plain_bytes
     from unnest($3::text[], $4::text[], $5::text[], $6::bytea[], $7::integer[]) with ordinality
       as p (kind, filename, content_type, hash, plain_bytes, position)`,
    [
      organisationId,
      id,
      parts.map(({ kind }) => kind),
      parts.map(({ filename }) => filename),
      parts.map(({ content }) => content.contentType),
      parts.map(({ content }) => content.hash),
      parts.map(({ content }) => content.plainBytes),
    ],
  );
}

export async function selectFormReceipt(
  db: Queryable,
  portal: { readonly organisationId: string; readonly id: string },
  transactionId: string,
): Promise<FormReceipt | undefined> {
  const { rows } = await db.query<FormReceipt>(
    `select id, request_hash as "requestHash", state, received_at as "receivedAt" from form_message
     where organisation_id = $1 and business_system_id = $2 and transaction_id = $3`,
    [portal.organisationId, portal.id, transactionId],
  );
  return rows[0];
}

export interface FormMessage {
  readonly organisationId: string;
  readonly id: string;
  readonly portalId: string;
  readonly portalName: string;
  readonly receiverId: string;
  readonly receiverName: string;
  readonly product: string;
  readonly productName: string;
  readonly transactionId: string;
  readonly correlationId: string | null;
  readonly sender: string | null;
  readonly subject: string | null;
  readonly sentAt: Date | null;
  readonly isTest: boolean;
  readonly fields: readonly FormField[];
  readonly state: FormState;
  readonly receivedAt: Date;
  readonly dueAt: Date | null;
  readonly attempts: number;
  readonly acknowledgedAt: Date | null;
  readonly caseReference: string | null;
  readonly failure: FormFailure | null;
  readonly deadline: Date | null;
  readonly endedBy: string | null;
  readonly note: string | null;
  readonly eraseAt: Date;
  readonly erasedAt: Date | null;
}

const COLUMNS = `m.organisation_id as "organisationId", m.id, p.id as "portalId", p.name as "portalName", r.id as "receiverId",
  r.name as "receiverName", m.product, m.product_name as "productName", m.transaction_id as "transactionId",
  m.correlation_id as "correlationId", m.sender, m.subject, m.sent_at as "sentAt", m.is_test as "isTest", m.fields, m.state,
  m.received_at as "receivedAt", m.due_at as "dueAt", m.attempts, m.acknowledged_at as "acknowledgedAt",
  m.case_reference as "caseReference", m.failure, m.deadline, m.ended_by as "endedBy", m.note, m.erase_at as "eraseAt",
  m.erased_at as "erasedAt"
  from form_message m
  join business_system p on p.organisation_id = m.organisation_id and p.id = m.business_system_id
  join business_system r on r.organisation_id = m.organisation_id and r.id = m.receiver_id`;

export async function selectFormMessage(
  db: Queryable,
  organisationId: string,
  id: string,
): Promise<FormMessage | undefined> {
  const { rows } = await db.query<FormMessage>(`select ${COLUMNS} where m.organisation_id = $1 and m.id = $2`, [
    organisationId,
    id,
  ]);
  return rows[0];
}

/** The messages that a receiver has not said that it has, the oldest first. */
export async function selectWaitingForms(
  db: Queryable,
  receiver: { readonly organisationId: string; readonly id: string },
  { max, after }: { max: number; after: string | undefined },
): Promise<FormMessage[]> {
  const { rows } = await db.query<FormMessage>(
    `select ${COLUMNS} where m.organisation_id = $1 and m.receiver_id = $2 and m.state in ('received', 'failed')
       and ($4::uuid is null or m.id > $4) order by m.id limit $3`,
    [receiver.organisationId, receiver.id, max, after ?? null],
  );
  return rows;
}

export interface FormListFilter {
  readonly state: FormState | undefined;
  readonly max: number;
  readonly offset: number;
}

/** For the console: those that lie with a person first, and then the last to come. */
export async function selectFormMessages(
  db: Queryable,
  organisationId: string,
  { state, max, offset }: FormListFilter,
): Promise<FormMessage[]> {
  const { rows } = await db.query<FormMessage>(
    `select ${COLUMNS} where m.organisation_id = $1 and ($2::text is null or m.state = $2)
     order by (m.state = 'failed') desc, m.id desc limit $3 offset $4`,
    [organisationId, state ?? null, max, offset],
  );
  return rows;
}

export async function countFormMessages(
  db: Queryable,
  organisationId: string,
  state: FormState | undefined,
): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*)::integer as count from form_message where organisation_id = $1 and ($2::text is null or state = $2)',
    [organisationId, state ?? null],
  );
  return rows[0]?.count ?? 0;
}

export interface FormPart {
  readonly position: number;
  readonly kind: FormPartKind;
  readonly filename: string;
  readonly contentType: string;
  readonly hash: Buffer;
  readonly plainBytes: number;
}

export async function selectFormParts(db: Queryable, organisationId: string, messageId: string): Promise<FormPart[]> {
  const { rows } = await db.query<FormPart>(
    `select position, kind, filename, content_type as "contentType", hash, plain_bytes as "plainBytes"
     from form_part where organisation_id = $1 and message_id = $2 order by position`,
    [organisationId, messageId],
  );
  return rows;
}

export interface FormEvent {
  readonly at: Date;
  readonly kind: string;
  readonly actor: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export async function selectFormEvents(db: Queryable, organisationId: string, messageId: string): Promise<FormEvent[]> {
  const { rows } = await db.query<FormEvent>(
    'select at, kind, actor, detail from form_event where organisation_id = $1 and message_id = $2 order by id',
    [organisationId, messageId],
  );
  return rows;
}

/** The receiver has it. Said again, it changes nothing; a case reference that comes later is kept. @returns false when there is none. */
export async function acknowledgeForm(
  db: Queryable,
  receiver: { readonly organisationId: string; readonly id: string; readonly name: string },
  { id, caseReference }: { id: string; caseReference: string | undefined },
): Promise<boolean> {
  const { rows } = await db.query<{ known: boolean }>(
    `with known as (
       select organisation_id, id, state, case_reference from form_message
       where organisation_id = $1 and receiver_id = $2 and id = $3 for update
     ), changed as (
       update form_message m set state = 'acknowledged', acknowledged_at = coalesce(m.acknowledged_at, now()),
         case_reference = coalesce($4, m.case_reference), due_at = null, deadline = null, lease_id = null, lease_node = null
       from known where m.organisation_id = known.organisation_id and m.id = known.id
         and (known.state <> 'acknowledged' or known.case_reference is distinct from coalesce($4, known.case_reference))
       returning m.organisation_id, m.id
     ), noted as (
       insert into form_event (organisation_id, message_id, kind, actor, detail)
       select organisation_id, id, 'acknowledged', $5, jsonb_strip_nulls(jsonb_build_object('caseReference', $4::text)) from changed
     )
     select exists (select from known) as known`,
    [receiver.organisationId, receiver.id, id, caseReference ?? null, receiver.name],
  );
  return rows[0]?.known === true;
}

/** A person lets a message that did not arrive be sent again, from the beginning. @returns false when it does not lie with a person. */
export async function retryForm(db: Queryable, organisationId: string, id: string, by: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `with changed as (
       update form_message set state = 'received', attempts = 0, due_at = now(), retried_at = now(), deadline = null
       where organisation_id = $1 and id = $2 and state = 'failed' and erased_at is null returning organisation_id, id
     )
     insert into form_event (organisation_id, message_id, kind, actor) select organisation_id, id, 'triedAgain', $3 from changed`,
    [organisationId, id, by],
  );
  return rowCount === 1;
}

/** A person ends a message that did not arrive in another way. @returns false when it does not lie with a person. */
export async function settleForm(
  db: Queryable,
  organisationId: string,
  id: string,
  { by, note }: { by: string; note: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `with changed as (
       update form_message set state = 'settled', deadline = null, ended_by = $3, note = $4
       where organisation_id = $1 and id = $2 and state = 'failed' returning organisation_id, id
     )
     insert into form_event (organisation_id, message_id, kind, actor, detail)
     select organisation_id, id, 'settled', $3, jsonb_build_object('note', $4::text) from changed`,
    [organisationId, id, by, note],
  );
  return rowCount === 1;
}

/** The ids of the forms with that id or transaction id. Two portals may have given the same. */
export async function selectFormsNamed(db: Queryable, organisationId: string, name: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select id from form_message where organisation_id = $1 and (id::text = $2 or transaction_id = $2) order by id limit 2`,
    [organisationId, name],
  );
  return rows.map(({ id }) => id);
}

export interface AnsweringLetter {
  readonly id: string;
  /** Null when erased. */
  readonly subject: string | null;
  readonly createdAt: Date;
}

/** The letters that answer a form. */
export async function selectAnsweringLetters(
  db: Queryable,
  organisationId: string,
  messageId: string,
): Promise<AnsweringLetter[]> {
  const { rows } = await db.query<AnsweringLetter>(
    `select id, subject, created_at as "createdAt" from letter
     where organisation_id = $1 and form_message_id = $2 order by id limit 100`,
    [organisationId, messageId],
  );
  return rows;
}
