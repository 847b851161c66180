import type { Queryable } from '@brevduva/base';
import type { LetterKey } from '../letter.ts';
import type { PrintBatchState, PrintOrderState, Promised } from '../printShop/printShop.ts';

/** A letter's latest order at a print shop, with what is known of its batch. */
export interface PrintOrder {
  readonly letterId: string;
  readonly state: PrintOrderState;
  readonly shop: string;
  readonly sha256: string;
  readonly sheets: number;
  readonly rejectReason: string | null;
  readonly postedAt: Date | null;
  readonly batchId: string | null;
  readonly batchState: PrintBatchState | null;
  readonly promise: Promised | null;
  readonly acknowledgedAt: Date | null;
}

/** The latest order of each letter that has one, by the letter's id. */
export async function selectPrintOrders(
  db: Queryable,
  letters: readonly LetterKey[],
): Promise<Map<string, PrintOrder>> {
  const { rows } = await db.query<PrintOrder>(
    `select distinct on (p.organisation_id, p.letter_id) p.letter_id as "letterId", p.state, p.shop_code as shop,
       encode(p.print_hash, 'hex') as sha256, (p.facts ->> 'sheets')::integer as sheets, p.reject_reason as "rejectReason",
       p.posted_at as "postedAt", p.batch_id as "batchId", b.state as "batchState", b.promise,
       b.acknowledged_at as "acknowledgedAt"
     from unnest($1::uuid[], $2::uuid[]) as k (organisation_id, id)
     join print_batch_letter p on p.organisation_id = k.organisation_id and p.letter_id = k.id
     left join print_batch b on b.organisation_id = p.organisation_id and b.id = p.batch_id
     order by p.organisation_id, p.letter_id, p.ordered_at desc`,
    [letters.map(({ organisationId }) => organisationId), letters.map(({ id }) => id)],
  );
  return new Map(rows.map((row) => [row.letterId, row]));
}

const TOLD_AT_ONCE = 2_000;

/**
 * Lets letters look again whose print shop has said something. A letter that a node holds just now is left for the next round: it may
 * have looked before this was said, and its write-back would put it to sleep.
 *
 * @returns how many letters fell due.
 */
export async function tellLetters(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ told: number }>(
    `with untold as (
       select organisation_id, id, letter_id from print_batch_letter where not is_told
       order by organisation_id, id limit ${TOLD_AT_ONCE} for update skip locked
     ), woken as (
       update letter l set due_at = now() from untold u
       where l.organisation_id = u.organisation_id and l.id = u.letter_id and l.stage = 'confirm' and l.channel = 'paper'
         and l.lease_id is null
       returning l.organisation_id, l.id
     ), told as (
       update print_batch_letter p set is_told = true
       from untold u join letter l on l.organisation_id = u.organisation_id and l.id = u.letter_id
       where p.organisation_id = u.organisation_id and p.id = u.id
         and (l.stage is distinct from 'confirm' or l.channel is distinct from 'paper' or l.lease_id is null)
     )
     select count(*)::integer as told from woken`,
  );
  return rows[0]?.told ?? 0;
}
