import { newId, type Queryable } from '@brevduva/base';
import { CASE_REASONS } from '../caseReasons.ts';
import type { LetterKey } from '../letter.ts';
import type { PostalAddress } from '../paper/address.ts';
import type { ReturnReason } from '../returnedMail/returnReasons.ts';
import type { Channel, LetterState, StageName } from '../states.ts';

/** A letter with the order of it that a print shop last got. */
export interface ReturnableLetter {
  readonly recipient: string;
  /** Null when none is kept any more. */
  readonly address: PostalAddress | null;
  readonly state: LetterState;
  readonly stage: StageName | null;
  readonly channel: Channel | null;
  readonly erased: boolean;
  readonly caseHours: number;
  /** Null when no print shop has had it. */
  readonly orderId: string | null;
  readonly shopCode: string | null;
}

/** Locks the letter, so that it is registered once and no stage moves it meanwhile. */
export async function lockReturnable(
  db: Queryable,
  { organisationId, id }: LetterKey,
): Promise<ReturnableLetter | undefined> {
  const { rows } = await db.query<ReturnableLetter>(
    `select l.recipient, l.address, l.state, l.stage, l.channel, l.erased_at is not null as erased, f.case_hours as "caseHours",
       p.id as "orderId", p.shop_code as "shopCode"
     from letter l
     join flow f on f.organisation_id = l.organisation_id and f.id = l.flow_id
     left join lateral (
       select p.id, p.shop_code from print_batch_letter p
       join print_batch b on b.organisation_id = p.organisation_id and b.id = p.batch_id and b.handed_over_at is not null
       where p.organisation_id = l.organisation_id and p.letter_id = l.id order by p.ordered_at desc limit 1
     ) p on true
     where l.organisation_id = $1 and l.id = $2 for update of l`,
    [organisationId, id],
  );
  return rows[0];
}

export interface NewReturn {
  readonly orderId: string;
  readonly reason: ReturnReason;
  readonly source: ReturnSource;
  readonly by: string;
}

/** A person with the letter in her hand, a system that scans, or a print shop's file. */
export type ReturnSource = 'console' | 'api' | 'printShop';

/** @returns false when the same order came back before. */
export async function insertReturn(
  db: Queryable,
  { organisationId, id }: LetterKey,
  found: NewReturn,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into returned_mail (organisation_id, order_id, letter_id, reason, source, registered_by)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [organisationId, found.orderId, id, found.reason, found.source, found.by],
  );
  return rowCount === 1;
}

/** What came back was produced and posted, whether its print shop has said so or not. Its letter may look again. */
export async function markOrderReturned(db: Queryable, organisationId: string, orderId: string): Promise<void> {
  await db.query(
    `update print_batch_letter set state = 'returned', is_told = false, produced_at = coalesce(produced_at, now()),
       posted_at = coalesce(posted_at, now())
     where organisation_id = $1 and id = $2 and state in ('batched', 'produced', 'posted')`,
    [organisationId, orderId],
  );
}

/** A printed letter lies with a person again. */
export async function openReturnCase(
  db: Queryable,
  { organisationId, id }: LetterKey,
  { reason, caseHours }: { readonly reason: ReturnReason; readonly caseHours: number },
): Promise<void> {
  const { owner, nextAction } = CASE_REASONS.returned;
  await db.query(
    `with moved as (
       update letter set state = 'case', stage = null, updated_at = now() where organisation_id = $1 and id = $2
     )
     insert into manual_case (organisation_id, id, letter_id, reason, detail, stage, owner, next_action, deadline)
     values ($1, $3, $2, 'returned', jsonb_build_object('returned', $4::text), 'confirm', $5, $6, now() + $7 * interval '1 hour')`,
    [organisationId, id, newId(), reason, owner, nextAction, caseHours],
  );
}

/** Flags an address, or flags it for longer. */
export async function flagAddress(
  db: Queryable,
  { organisationId, id }: LetterKey,
  { digest, reason, days }: { readonly digest: Buffer; readonly reason: ReturnReason; readonly days: number },
): Promise<void> {
  await db.query(
    `insert into flagged_address (organisation_id, digest, letter_id, reason, expires_at)
     values ($1, $2, $3, $4, now() + $5 * interval '1 day')
     on conflict (organisation_id, digest) do update
       set letter_id = excluded.letter_id, reason = excluded.reason, flagged_at = clock_timestamp(), expires_at = excluded.expires_at`,
    [organisationId, digest, id, reason, days],
  );
}

/** Which of the addresses are flagged, by place in the list. */
export async function selectFlagged(
  db: Queryable,
  addresses: readonly { readonly organisationId: string; readonly digest: Buffer }[],
): Promise<Set<number>> {
  const { rows } = await db.query<{ place: number }>(
    `select a.place::integer - 1 as place
     from unnest($1::uuid[], $2::bytea[]) with ordinality as a (organisation_id, digest, place)
     join flagged_address f on f.organisation_id = a.organisation_id and f.digest = a.digest and f.expires_at > now()`,
    [addresses.map(({ organisationId }) => organisationId), addresses.map(({ digest }) => digest)],
  );
  return new Set(rows.map(({ place }) => place));
}

/** A person says that the address of this letter holds. @returns false when none was flagged by it. */
export async function liftFlag(db: Queryable, { organisationId, id }: LetterKey): Promise<boolean> {
  const { rowCount } = await db.query('delete from flagged_address where organisation_id = $1 and letter_id = $2', [
    organisationId,
    id,
  ]);
  return (rowCount ?? 0) > 0;
}

const EXPIRED_AT_ONCE = 1_000;

/** Forgets flags whose time is over. @returns how many. */
export async function eraseFlags(db: Queryable): Promise<number> {
  const { rowCount } = await db.query(
    `delete from flagged_address f using (
       select organisation_id, digest from flagged_address where expires_at <= now()
       limit ${EXPIRED_AT_ONCE} for update skip locked
     ) due where f.organisation_id = due.organisation_id and f.digest = due.digest`,
  );
  return rowCount ?? 0;
}

/** Mail that came back, for the list of it. */
export interface ReturnLine {
  readonly letterId: string;
  /** Null when erased. */
  readonly subject: string | null;
  readonly recipient: string;
  readonly protectedIdentity: boolean;
  readonly reason: ReturnReason;
  readonly source: ReturnSource;
  readonly registeredBy: string;
  readonly registeredAt: Date;
  readonly isFlagged: boolean;
}

/** The latest first. */
export async function selectReturns(db: Queryable, organisationId: string, limit: number): Promise<ReturnLine[]> {
  const { rows } = await db.query<ReturnLine>(
    `select r.letter_id as "letterId", l.subject, l.recipient, l.protected_identity as "protectedIdentity", r.reason, r.source,
       r.registered_by as "registeredBy", r.registered_at as "registeredAt",
       exists (select from flagged_address f where f.organisation_id = r.organisation_id and f.letter_id = r.letter_id
         and f.expires_at > now()) as "isFlagged"
     from returned_mail r join letter l on l.organisation_id = r.organisation_id and l.id = r.letter_id
     where r.organisation_id = $1 order by r.registered_at desc limit $2`,
    [organisationId, limit],
  );
  return rows;
}
