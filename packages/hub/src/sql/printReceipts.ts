import type { Queryable } from '@brevduva/base';
import type { ShopReceipt } from '../printShop/readReceipts.ts';

/** Whose receipts they are: a shop says nothing of another shop's letters, or of another organisation's. */
export interface ReceiptSource {
  readonly organisationId: string;
  readonly shopCode: string;
}

export interface AppliedReceipts {
  /** How many said something new. */
  readonly changed: number;
  /** Lines whose letter or batch the shop never had from us. */
  readonly unknownLines: readonly number[];
}

/**
 * Notes what a print shop has told. A state only goes forward, so that a receipt that comes twice, or late, changes nothing; what is
 * told of a letter for the first time stands in its story. Mail that came back is not its matter (returnedMail). Inside the caller's transaction.
 */
export async function applyReceipts(
  db: Queryable,
  source: ReceiptSource,
  receipts: readonly ShopReceipt[],
): Promise<AppliedReceipts> {
  const acknowledged = await applyAcknowledged(
    db,
    source,
    receipts.filter(({ status }) => status === 'acknowledged'),
  );
  const letters = await applyLetters(
    db,
    source,
    receipts.filter(({ status }) => status !== 'acknowledged' && status !== 'returned'),
  );
  return {
    changed: acknowledged.changed + letters.changed,
    unknownLines: [...acknowledged.unknownLines, ...letters.unknownLines].sort((a, b) => a - b),
  };
}

async function applyAcknowledged(
  db: Queryable,
  { organisationId, shopCode }: ReceiptSource,
  receipts: readonly ShopReceipt[],
): Promise<AppliedReceipts> {
  const { rows } = await db.query<{ line: number; known: boolean; changed: boolean }>(
    `with told as (
       select distinct on (id) line, id, at from unnest($3::integer[], $4::uuid[], $5::timestamptz[]) as t (line, id, at)
       order by id, line
     ), acknowledged as (
       update print_batch b set acknowledged_at = least(coalesce(told.at, now()), now()),
         state = case when b.state <> 'handedOver' then b.state when b.promise = 'acknowledged' then 'ended' else 'acknowledged' end,
         ended_at = case when b.state = 'handedOver' and b.promise = 'acknowledged' then now() else b.ended_at end
       from told where b.organisation_id = $1 and b.shop_code = $2 and b.id = told.id and b.acknowledged_at is null
         and b.handed_over_at is not null
       returning b.id, b.promise
     ), untold as (
       update print_batch_letter p set is_told = false from acknowledged a
       where p.organisation_id = $1 and p.batch_id = a.id and a.promise = 'acknowledged'
     )
     select t.line, b.id is not null as known, a.id is not null as changed
     from unnest($3::integer[], $4::uuid[]) as t (line, id)
     left join print_batch b on b.organisation_id = $1 and b.shop_code = $2 and b.id = t.id and b.handed_over_at is not null
     left join acknowledged a on a.id = t.id`,
    [organisationId, shopCode, ...columnsOf(receipts)],
  );
  return summed(rows);
}

async function applyLetters(
  db: Queryable,
  { organisationId, shopCode }: ReceiptSource,
  receipts: readonly ShopReceipt[],
): Promise<AppliedReceipts> {
  const { rows } = await db.query<{ line: number; known: boolean; changed: boolean }>(
    `with told as (
       select distinct on (t.id, t.status) t.*,
         case t.status when 'produced' then 1 when 'posted' then 2 else 3 end as rank
       from unnest($3::integer[], $4::uuid[], $5::timestamptz[], $6::text[], $7::text[]) as t (line, id, at, status, reason)
       order by t.id, t.status, t.line
     ), current as (
       select distinct on (p.letter_id) p.id, p.letter_id, p.state, p.batch_id from print_batch_letter p
       join print_batch b on b.organisation_id = p.organisation_id and b.id = p.batch_id and b.handed_over_at is not null
       where p.organisation_id = $1 and p.shop_code = $2 and p.letter_id in (select id from told)
       order by p.letter_id, p.ordered_at desc
     ), news as (
       select c.id as order_id, c.letter_id, told.status, told.at, told.reason, told.rank
       from told join current c on c.letter_id = told.id
       where case c.state when 'batched' then true when 'produced' then told.rank > 1 else false end
     ), best as (
       -- Of several at once the first rejection counts, else the furthest.
       select distinct on (order_id) * from news order by order_id, rank desc
     ), moved as (
       update print_batch_letter p set state = best.status, is_told = false,
         produced_at = case when best.status = 'rejected' then p.produced_at else coalesce(p.produced_at, least(best.at, now()), now()) end,
         posted_at = case when best.status = 'posted' then least(coalesce(best.at, now()), now()) end,
         rejected_at = case when best.status = 'rejected' then least(coalesce(best.at, now()), now()) end,
         reject_reason = case when best.status = 'rejected' then best.reason end
       from best where p.organisation_id = $1 and p.id = best.order_id
       returning p.letter_id, p.batch_id
     ), events as (
       insert into letter_event (organisation_id, letter_id, kind, actor, detail)
       select $1, letter_id, case status when 'produced' then 'printProduced' when 'posted' then 'printPosted' else 'printRejected' end,
         'system', jsonb_strip_nulls(jsonb_build_object('printShop', $2::text, 'at', at, 'rejected', reason))
       from news where letter_id in (select letter_id from moved)
         and (status <> 'posted' or not exists (select from best b where b.letter_id = news.letter_id and b.status = 'rejected'))
       order by letter_id, rank
     )
     select t.line, c.id is not null as known, m.letter_id is not null as changed
     from unnest($3::integer[], $4::uuid[]) as t (line, id)
     left join current c on c.letter_id = t.id
     left join moved m on m.letter_id = t.id`,
    [
      ...[organisationId, shopCode, ...columnsOf(receipts)],
      receipts.map(({ status }) => status),
      receipts.map(({ reason }) => reason ?? null),
    ],
  );
  return summed(rows);
}

function columnsOf(receipts: readonly ShopReceipt[]): unknown[] {
  return [receipts.map(({ line }) => line), receipts.map(({ id }) => id), receipts.map(({ at }) => at ?? null)];
}

function summed(rows: readonly { line: number; known: boolean; changed: boolean }[]): AppliedReceipts {
  return {
    changed: rows.filter(({ changed }) => changed).length,
    unknownLines: rows.filter(({ known }) => !known).map(({ line }) => line),
  };
}

/** Ends the shop's batches of which every letter is posted or rejected. */
export async function endBatches(db: Queryable, { organisationId, shopCode }: ReceiptSource): Promise<void> {
  await db.query(
    `update print_batch b set state = 'ended', ended_at = now()
     where b.organisation_id = $1 and b.shop_code = $2 and b.state in ('handedOver', 'acknowledged')
       and not exists (select from print_batch_letter p where p.organisation_id = b.organisation_id and p.batch_id = b.id
                       and p.state in ('batched', 'produced'))`,
    [organisationId, shopCode],
  );
}

export interface ReceiptFile extends ReceiptSource {
  readonly sha256: Buffer;
  readonly name: string;
  readonly receipts: number;
  readonly changed: number;
  readonly unknown: number;
  readonly fault: string | undefined;
}

/** Notes that a file was read. @returns false when the same bytes were read before. */
export async function insertReceiptFile(db: Queryable, file: ReceiptFile): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into print_receipt_file (organisation_id, shop_code, sha256, name, receipts, changed, unknown, fault)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
    [
      ...[file.organisationId, file.shopCode, file.sha256, file.name],
      ...[file.receipts, file.changed, file.unknown, file.fault ?? null],
    ],
  );
  return rowCount === 1;
}

/** Shops that may have something to tell: those in force, and retired ones with batches that are waited for. */
export async function selectShopsToAsk(db: Queryable): Promise<(ReceiptSource & { organizationNumber: string })[]> {
  const { rows } = await db.query<ReceiptSource & { organizationNumber: string }>(
    `select s.organisation_id as "organisationId", s.code as "shopCode", o.organization_number as "organizationNumber"
     from print_shop s join organisation o on o.id = s.organisation_id
     where s.settings ->> 'receipts' <> 'none' and (s.is_active or exists (
       select from print_batch b where b.organisation_id = s.organisation_id and b.shop_code = s.code
         and b.state in ('handedOver', 'acknowledged')))
     order by s.organisation_id, s.code`,
  );
  return rows;
}

export interface OverdueBatch extends ReceiptSource {
  readonly id: string;
  readonly reason: 'notAcknowledged' | 'notProduced' | 'notPosted';
  readonly letters: number;
}

/** Batches past a deadline of theirs, with how many letters wait; only what the shop promises to tell is missed. */
export async function selectOverdueBatches(db: Queryable): Promise<OverdueBatch[]> {
  const { rows } = await db.query<OverdueBatch>(
    `select b.organisation_id as "organisationId", b.shop_code as "shopCode", b.id, late.reason, waiting.letters
     from print_batch b
     cross join lateral (
       select count(*)::integer as letters, count(*) filter (where p.state = 'batched')::integer as unproduced
       from print_batch_letter p where p.organisation_id = b.organisation_id and p.batch_id = b.id and p.state in ('batched', 'produced')
     ) waiting
     cross join lateral (
       select case
         when b.acknowledged_at is null and b.acknowledge_by <= now() and waiting.letters > 0 then 'notAcknowledged'
         when b.promise = 'posted' and b.post_by <= now() then 'notPosted'
         when b.promise = 'posted' and b.produce_by <= now() and waiting.unproduced > 0 then 'notProduced'
       end as reason
     ) late
     where b.state in ('handedOver', 'acknowledged') and late.reason is not null
     order by b.handed_over_at limit 500`,
  );
  return rows;
}
