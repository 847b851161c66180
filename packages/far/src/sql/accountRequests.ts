import type { Queryable } from '@brevduva/base';
import type { AccountTypeLetter } from './accounts.ts';

/** C = create, D = delete, S = change of supplier, P = preferences. */
export type RequestKind = 'C' | 'D' | 'S' | 'P';

export interface AccountRequestRow {
  id: string;
  recipientId: string;
  createdAt: Date;
  operatorId: number;
  kind: RequestKind;
  /** Only of C. */
  accountType: AccountTypeLetter | null;
  /** `Timestamp` as it was given; only of C and D. */
  requestDate: string | null;
  agreementText: string;
  /** Only of P. */
  acceptedSenders: string[] | null;
}

export interface SignatureRow {
  signedDigest: Buffer;
  signer: string;
  signerName: string;
  nonce: string;
  signedAt: Date;
  document: Buffer;
}

export interface SignerRow {
  id: string;
  name: string;
}

export interface ChangeRow {
  requestId: string;
  recipientId: string;
  changedAt: Date;
  callId: string;
  operatorId: number;
  operatorBefore: number | null;
  operatorAfter: number | null;
  kind: RequestKind | 'W';
}

/** Whoever changes a recipient's account waits here for the one before, also when there is no account yet. */
export async function lockRecipient(db: Queryable, recipientId: string): Promise<void> {
  await db.query('select pg_advisory_xact_lock($1::bigint)', [recipientId]);
}

const COLUMNS = `id, recipient_id::text as "recipientId", created_at as "createdAt", operator_id as "operatorId", kind,
  account_type as "accountType", request_date as "requestDate", agreement_text as "agreementText",
  accepted_senders::text[] as "acceptedSenders"`;

/** One that was made before `since` has been waiting too long, and counts no more. */
export async function selectRequest(
  db: Queryable,
  recipientId: string,
  { kind, since }: { kind: RequestKind; since: Date },
): Promise<AccountRequestRow | undefined> {
  const { rows } = await db.query<AccountRequestRow>(
    `select ${COLUMNS} from account_request where recipient_id = $1 and kind = $2 and created_at >= $3`,
    [recipientId, kind, since.toISOString()],
  );
  return rows[0];
}

/** Requests of some recipients at one operator, not older than `since`, oldest first. */
export async function selectRequests(
  db: Queryable,
  {
    recipientIds,
    operatorId,
    kinds,
    since,
  }: { recipientIds: readonly string[]; operatorId: number; kinds: readonly RequestKind[]; since: Date },
): Promise<AccountRequestRow[]> {
  const { rows } = await db.query<AccountRequestRow>(
    `select ${COLUMNS} from account_request
     where recipient_id = any ($1::bigint[]) and operator_id = $2 and kind = any ($3::"char"[]) and created_at >= $4
     order by created_at, id`,
    [recipientIds, operatorId, kinds, since.toISOString()],
  );
  return rows;
}

/** Takes the place of one that has waited too long. */
export async function insertRequest(db: Queryable, row: AccountRequestRow): Promise<void> {
  await db.query('delete from account_request where recipient_id = $1 and kind = $2', [row.recipientId, row.kind]);
  await db.query(
    `insert into account_request
       (id, recipient_id, created_at, operator_id, kind, account_type, request_date, agreement_text, accepted_senders)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      row.id,
      row.recipientId,
      row.createdAt.toISOString(),
      row.operatorId,
      row.kind,
      row.accountType,
      row.requestDate,
      row.agreementText,
      row.acceptedSenders,
    ],
  );
}

export async function deleteRequest(db: Queryable, id: string): Promise<void> {
  await db.query('delete from account_request where id = $1', [id]);
}

/** All that waits for a recipient's signatures. */
export async function deleteRequestsOf(db: Queryable, recipientId: string): Promise<void> {
  await db.query('delete from account_request where recipient_id = $1', [recipientId]);
}

/**
 * Keeps signatures and gives the digests of those that were new. One that is known already, by its digest or by its signer
 * and nonce, also in a transaction that has not ended yet, is left out.
 */
export async function insertSignatures(
  db: Queryable,
  rows: readonly SignatureRow[],
  facts: {
    requestId: string;
    recipientId: string;
    receivedAt: Date;
    callId: string;
    operatorId: number;
    kind: RequestKind;
  },
): Promise<Buffer[]> {
  const { rows: inserted } = await db.query<{ signedDigest: Buffer }>(
    `insert into account_signature (signed_digest, signer, signer_name, nonce, signed_at, document,
       request_id, recipient_id, received_at, call_id, operator_id, kind)
     select given.*, $7::uuid, $8::bigint, $9::timestamptz, $10::uuid, $11::smallint, $12::"char"
     from unnest($1::bytea[], $2::bigint[], $3::text[], $4::text[], $5::timestamptz[], $6::bytea[]) as given
     on conflict do nothing
     returning signed_digest as "signedDigest"`,
    [
      rows.map((row) => row.signedDigest),
      rows.map((row) => row.signer),
      rows.map((row) => row.signerName),
      rows.map((row) => row.nonce),
      rows.map((row) => row.signedAt.toISOString()),
      rows.map((row) => row.document),
      facts.requestId,
      facts.recipientId,
      facts.receivedAt.toISOString(),
      facts.callId,
      facts.operatorId,
      facts.kind,
    ],
  );
  return inserted.map((row) => row.signedDigest);
}

/** How many of these digests are kept as signatures of one request. */
export async function countSignaturesOf(db: Queryable, requestId: string, digests: readonly Buffer[]): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*) as count from account_signature where request_id = $1 and signed_digest = any ($2::bytea[])',
    [requestId, digests],
  );
  return rows[0]?.count ?? 0;
}

/** Who has signed a request, each once, in the order of signing. */
export async function selectSigners(db: Queryable, requestId: string): Promise<SignerRow[]> {
  const { rows } = await db.query<SignerRow>(
    `select id, name
     from (
       select distinct on (signer) signer::text as id, signer_name as name, signed_at
       from account_signature
       where request_id = $1
       order by signer, signed_at
     ) as first_of_each
     order by signed_at, id`,
    [requestId],
  );
  return rows;
}

/** When an account was last changed in one of these ways; null when never. */
export async function selectLastChange(
  db: Queryable,
  recipientId: string,
  kinds: readonly RequestKind[],
): Promise<Date | null> {
  const { rows } = await db.query<{ at: Date | null }>(
    'select max(changed_at) as at from account_change where recipient_id = $1 and kind = any ($2::"char"[])',
    [recipientId, kinds],
  );
  return rows[0]?.at ?? null;
}

export async function insertChange(db: Queryable, row: ChangeRow): Promise<void> {
  await db.query(
    `insert into account_change
       (request_id, recipient_id, changed_at, call_id, operator_id, operator_before, operator_after, kind)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      row.requestId,
      row.recipientId,
      row.changedAt.toISOString(),
      row.callId,
      row.operatorId,
      row.operatorBefore,
      row.operatorAfter,
      row.kind,
    ],
  );
}
