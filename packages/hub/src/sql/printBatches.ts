import { newId, type Queryable } from '@brevduva/base';
import {
  LETTERS_MAX_DEFAULT,
  type PrintBatchState,
  type PrintOrderFacts,
  type PrintOrderState,
  type Promised,
} from '../printShop/printShop.ts';

/** Letters that wait for one shop, to go in one batch. */
export interface WaitingGroup {
  readonly organisationId: string;
  readonly shopCode: string;
  readonly sortKey: string;
  readonly isFull: boolean;
}

/**
 * What is to be made a batch now: where the eldest letter's cut-off has come, or a batch is full. Goes from group to group by the index,
 * so that it costs a probe for each, however many letters wait.
 */
export async function selectDueGroups(db: Queryable): Promise<WaitingGroup[]> {
  const { rows } = await db.query<WaitingGroup>({
    name: 'selectDueGroups',
    text: `with recursive waiting as (
       (select organisation_id, shop_code, sort_key, due_at from print_batch_letter where state = 'waiting'
        order by organisation_id, shop_code, sort_key, due_at limit 1)
       union all
       select next.* from waiting w cross join lateral (
         select p.organisation_id, p.shop_code, p.sort_key, p.due_at from print_batch_letter p
         where p.state = 'waiting' and (p.organisation_id, p.shop_code, p.sort_key) > (w.organisation_id, w.shop_code, w.sort_key)
         order by p.organisation_id, p.shop_code, p.sort_key, p.due_at limit 1
       ) next
     )
     select w.organisation_id as "organisationId", w.shop_code as "shopCode", w.sort_key as "sortKey",
       counted.letters >= lm.letters_max as "isFull"
     from waiting w
     left join print_shop s on s.organisation_id = w.organisation_id and s.code = w.shop_code
     cross join lateral (select coalesce((s.settings ->> 'lettersMax')::integer, ${LETTERS_MAX_DEFAULT}) as letters_max) lm
     cross join lateral (
       select count(*) as letters from (
         select from print_batch_letter p where p.state = 'waiting' and p.organisation_id = w.organisation_id
           and p.shop_code = w.shop_code and p.sort_key = w.sort_key limit lm.letters_max
       ) of_group
     ) counted
     where w.due_at <= now() or counted.letters >= lm.letters_max`,
  });
  return rows;
}

/**
 * Closes a batch: takes the letters that are due (of a full one, the first to wait) and puts them in the order of their ids, with one
 * statement. @returns the batch's id; undefined when another node was first.
 */
export async function makeBatch(
  db: Queryable,
  { organisationId, shopCode, sortKey, isFull }: WaitingGroup,
  { lettersMax, promise }: { readonly lettersMax: number; readonly promise: Promised },
): Promise<string | undefined> {
  const id = newId();
  const { rows } = await db.query<{ id: string }>(
    `with taken as (
       select id, letter_id, (facts ->> 'sheets')::integer as sheets from print_batch_letter
       where state = 'waiting' and organisation_id = $1 and shop_code = $2 and sort_key = $3 and ($4 or due_at <= now())
       order by due_at, letter_id limit $5 for update skip locked
     ), batch as (
       insert into print_batch (organisation_id, id, shop_code, sort_key, state, promise, letters, sheets, due_at)
       select $1, $6, $2, $3, 'closed', $7, count(*), sum(sheets), now() from taken having count(*) > 0
       returning id
     ), placed as (
       update print_batch_letter p set state = 'batched', batch_id = batch.id, position = ordered.position
       from batch, (select id, row_number() over (order by letter_id)::integer as position from taken) ordered
       where p.organisation_id = $1 and p.id = ordered.id
     )
     select id from batch`,
    [organisationId, shopCode, sortKey, isFull, lettersMax, id, promise],
  );
  return rows[0]?.id;
}

export interface ClaimedBatch {
  readonly organisationId: string;
  readonly id: string;
  readonly shopCode: string;
  readonly leaseId: string;
  readonly attempts: number;
  readonly madeAt: Date;
  readonly letters: number;
  readonly sheets: number;
  readonly promise: Promised;
  readonly organization: { readonly number: string; readonly name: string };
}

/** Takes the batch that has been due longest; one that a node died with is due when its lease ends. */
export async function claimBatch(
  db: Queryable,
  { leaseMs, leaseId, node }: { leaseMs: number; leaseId: string; node: string },
): Promise<ClaimedBatch | undefined> {
  const { rows } = await db.query<ClaimedBatch>(
    `with due as (
       select organisation_id, id from print_batch where state = 'closed' and due_at <= now()
       order by due_at limit 1 for update skip locked
     )
     update print_batch b set lease_id = $1, lease_node = $2, due_at = now() + $3 * interval '1 millisecond',
       attempts = b.attempts + 1
     from due, organisation o
     where b.organisation_id = due.organisation_id and b.id = due.id and o.id = b.organisation_id
     returning b.organisation_id as "organisationId", b.id, b.shop_code as "shopCode", b.lease_id as "leaseId", b.attempts,
       b.made_at as "madeAt", b.letters, b.sheets, b.promise,
       jsonb_build_object('number', o.organization_number, 'name', o.name) as organization`,
    [leaseId, node, leaseMs],
  );
  return rows[0];
}

/** Gives back what an earlier life of this node held when it died; safe for the reasons of `releaseLeasesOf` (claim.ts). */
export async function releaseBatchLeasesOf(db: Queryable, node: string): Promise<void> {
  await db.query(
    `update print_batch set due_at = now(), lease_id = null, lease_node = null where lease_node = $1 and state = 'closed'`,
    [node],
  );
}

/** Holds on to a batch that takes long. @returns false when another node has it. */
export async function renewBatchLease(
  db: Queryable,
  { organisationId, id, leaseId }: ClaimedBatch,
  leaseMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update print_batch set due_at = now() + $4 * interval '1 millisecond'
     where organisation_id = $1 and id = $2 and lease_id = $3 and state = 'closed'`,
    [organisationId, id, leaseId, leaseMs],
  );
  return rowCount === 1;
}

export interface BatchLetter {
  readonly letterId: string;
  readonly position: number;
  readonly sha256: string;
  readonly facts: PrintOrderFacts;
}

/** A batch's letters in its order, from a place on. */
export async function selectBatchLetters(
  db: Queryable,
  { organisationId, id }: { readonly organisationId: string; readonly id: string },
  { after, max }: { readonly after: number; readonly max: number },
): Promise<BatchLetter[]> {
  const { rows } = await db.query<BatchLetter>(
    `select letter_id as "letterId", position, encode(print_hash, 'hex') as sha256, facts from print_batch_letter
     where organisation_id = $1 and batch_id = $2 and position > $3 order by position limit $4`,
    [organisationId, id, after, max],
  );
  return rows;
}

/** How long the shop has for each step, counted from the hand-over. */
export interface ShopHours {
  readonly acknowledged: number;
  readonly produced: number;
  readonly posted: number;
}

/**
 * The batch lies with the shop: its letters' stories say so, and those that wait for nothing more look again. Fenced by the lease.
 *
 * @returns false when another node has the batch.
 */
export async function writeHandedOver(
  db: Queryable,
  { organisationId, id, leaseId, promise }: ClaimedBatch,
  {
    manifestHash,
    hours,
    detail,
  }: { manifestHash: Buffer; hours: ShopHours; detail: Readonly<Record<string, unknown>> },
): Promise<boolean> {
  const { rows } = await db.query<{ id: string }>(
    `with batch as (
       update print_batch set state = case when $5 = 'none' then 'ended' else 'handedOver' end, due_at = null, lease_id = null,
         lease_node = null, fault = null, handed_over_at = now(), manifest_hash = $4,
         ended_at = case when $5 = 'none' then now() end,
         acknowledge_by = now() + $6 * interval '1 hour', produce_by = now() + $7 * interval '1 hour',
         post_by = now() + $8 * interval '1 hour'
       where organisation_id = $1 and id = $2 and lease_id = $3 and state = 'closed' returning id
     ), told as (
       update print_batch_letter p set is_told = $5 <> 'none' from batch where p.organisation_id = $1 and p.batch_id = batch.id
       returning p.letter_id, p.print_hash
     ), events as (
       insert into letter_event (organisation_id, letter_id, kind, actor, detail)
       select $1, letter_id, 'handedToPrint', 'system', $9::jsonb || jsonb_build_object('sha256', encode(print_hash, 'hex')) from told
       order by letter_id
     )
     select id from batch`,
    [organisationId, id, leaseId, manifestHash, promise, hours.acknowledged, hours.produced, hours.posted, detail],
  );
  return rows.length === 1;
}

/** It could not be handed over now. */
export async function writeHandOverFailed(
  db: Queryable,
  { organisationId, id, leaseId }: ClaimedBatch,
  { fault, delayMs }: { readonly fault: string; readonly delayMs: number },
): Promise<void> {
  await db.query(
    `update print_batch set due_at = now() + $4 * interval '1 millisecond', lease_id = null, lease_node = null, fault = $5
     where organisation_id = $1 and id = $2 and lease_id = $3 and state = 'closed'`,
    [organisationId, id, leaseId, delayMs, fault],
  );
}

export interface BatchLine {
  readonly id: string;
  readonly shopCode: string;
  readonly state: PrintBatchState;
  readonly letters: number;
  readonly sheets: number;
  readonly madeAt: Date;
  readonly handedOverAt: Date | null;
  /** Why it could not be handed over the last time. */
  readonly fault: string | null;
}

/** The organisation's batches, the latest first. */
export async function selectBatches(db: Queryable, organisationId: string, max: number): Promise<BatchLine[]> {
  const { rows } = await db.query<BatchLine>(
    `select id, shop_code as "shopCode", state, letters, sheets, made_at as "madeAt", handed_over_at as "handedOverAt", fault
     from print_batch where organisation_id = $1 order by id desc limit $2`,
    [organisationId, max],
  );
  return rows;
}

export interface BatchStory extends BatchLine {
  readonly promise: Promised;
  readonly attempts: number;
  /** When it is tried again; null once it lies with the shop. */
  readonly dueAt: Date | null;
  readonly acknowledgedAt: Date | null;
  readonly endedAt: Date | null;
  readonly acknowledgeBy: Date | null;
  readonly produceBy: Date | null;
  readonly postBy: Date | null;
  readonly manifestSha256: string | null;
  /** How many of its letters stand in each state. */
  readonly states: Readonly<Partial<Record<PrintOrderState, number>>>;
}

/** @returns undefined when the organisation has no such batch. */
export async function selectBatch(db: Queryable, organisationId: string, id: string): Promise<BatchStory | undefined> {
  const { rows } = await db.query<BatchStory>(
    `select id, shop_code as "shopCode", state, letters, sheets, made_at as "madeAt", handed_over_at as "handedOverAt", fault, promise,
       attempts, due_at as "dueAt", acknowledged_at as "acknowledgedAt", ended_at as "endedAt", acknowledge_by as "acknowledgeBy",
       produce_by as "produceBy", post_by as "postBy", encode(manifest_hash, 'hex') as "manifestSha256",
       (select coalesce(jsonb_object_agg(s.state, s.count), '{}') from (
         select p.state, count(*)::integer as count from print_batch_letter p
         where p.organisation_id = b.organisation_id and p.batch_id = b.id group by p.state) s) as states
     from print_batch b where organisation_id = $1 and id = $2`,
    [organisationId, id],
  );
  return rows[0];
}

export interface BatchLetterLine {
  readonly letterId: string;
  /** Null when erased. */
  readonly subject: string | null;
  readonly recipient: string;
  readonly protectedIdentity: boolean;
  readonly position: number;
  readonly sheets: number;
  readonly state: PrintOrderState;
  /** When the shop, or the post, said so last. */
  readonly toldAt: Date | null;
  readonly rejectReason: string | null;
}

/** A batch's letters as they lie in it, but first those that went wrong. */
export async function selectBatchLines(
  db: Queryable,
  organisationId: string,
  batchId: string,
  { max, offset }: { readonly max: number; readonly offset: number },
): Promise<BatchLetterLine[]> {
  const { rows } = await db.query<BatchLetterLine>(
    `select p.letter_id as "letterId", l.subject, l.recipient, l.protected_identity as "protectedIdentity", p.position,
       (p.facts ->> 'sheets')::integer as sheets, p.state, coalesce(p.rejected_at, p.posted_at, p.produced_at) as "toldAt",
       p.reject_reason as "rejectReason"
     from print_batch_letter p join letter l on l.organisation_id = p.organisation_id and l.id = p.letter_id
     where p.organisation_id = $1 and p.batch_id = $2
     order by p.state not in ('rejected', 'returned'), p.position limit $3 offset $4`,
    [organisationId, batchId, max, offset],
  );
  return rows;
}
