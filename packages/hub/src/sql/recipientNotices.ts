import type { Queryable } from '@brevduva/base';
import type { LetterKey, NoticeFailure, Sensitivity } from '../letter.ts';
import type { NoticeSettings, OrganisationNotices } from '../notices/noticeSettings.ts';
import type { Channel, LetterState } from '../states.ts';

/** `arrived`: a letter has come, or is on its way by post. `reminder`: nobody has opened it. */
export type RecipientNoticeKind = 'arrived' | 'reminder';

/** That a letter has come is no news after so long. */
export const ARRIVED_HOURS = 72;
const REMINDER_HOURS = 72;

/**
 * Queues a reminder of a letter that nobody has opened; in the caller's transaction. The letter itself is not touched, whatever becomes of it.
 *
 * @returns `alreadyQueued`: a letter is reminded of once. `noContact`: neither number nor address is known, or the identity is protected.
 */
export async function queueReminder(
  db: Queryable,
  { organisationId, id }: LetterKey,
): Promise<'queued' | 'alreadyQueued' | 'noContact'> {
  const { rows } = await db.query<{ can_be_told: boolean; is_new: boolean }>(
    `with letter as (
       select id, sealed_contact is not null and not protected_identity and erased_at is null as can_be_told
       from letter where organisation_id = $1 and id = $2
     ), added as (
       insert into recipient_notice (organisation_id, id, letter_id, kind, state, stage, due_at, deadline_at)
       select $1, gen_random_uuid(), id, 'reminder', 'waiting', 'deliver', now(), now() + $3 * interval '1 hour'
       from letter where can_be_told
       on conflict (organisation_id, letter_id, kind) do nothing returning id
     )
     select can_be_told, exists (select from added) as is_new from letter`,
    [organisationId, id, REMINDER_HOURS],
  );
  const [row] = rows;
  if (row === undefined || !row.can_be_told) return 'noContact';
  return row.is_new ? 'queued' : 'alreadyQueued';
}

/** A notice beside a letter, claimed, with what it is made of. */
export interface ClaimedNotice {
  readonly organisationId: string;
  readonly id: string;
  readonly letterId: string;
  readonly kind: RecipientNoticeKind;
  readonly state: 'waiting' | 'unknown';
  readonly stage: 'deliver' | 'confirm';
  readonly channel: 'sms' | 'email' | null;
  readonly failures: readonly NoticeFailure[];
  /** With this one, at the present stage. */
  readonly attempts: number;
  readonly stageEnteredAt: Date;
  readonly deadlineAt: Date;
  readonly leaseId: string;
  readonly sealedContact: Buffer | null;
  readonly language: string;
  readonly letterState: LetterState;
  readonly letterChannel: Channel | null;
  readonly operator: string | null;
  readonly sensitivity: Sensitivity;
  readonly flowNotice: NoticeSettings | null;
  readonly unitName: string;
  readonly organisationName: string;
  readonly organisationNotices: OrganisationNotices | null;
}

/**
 * Takes due notices for this node. One whose earlier lease was never given back may have been sent: it is `unknown` from then on.
 */
export async function claimNotices(
  db: Queryable,
  { limit, leaseMs, leaseId, node }: { limit: number; leaseMs: number; leaseId: string; node: string },
): Promise<ClaimedNotice[]> {
  const { rows } = await db.query<ClaimedNotice>(
    `with due as (
       select organisation_id, id from recipient_notice where due_at <= now() order by due_at limit $1 for update skip locked
     ), taken as (
       update recipient_notice n set lease_id = $2, lease_node = $3, attempts = n.attempts + 1,
         due_at = now() + $4 * interval '1 millisecond',
         state = case when n.stage = 'deliver' and n.lease_id is not null then 'unknown' else n.state end
       from due where n.organisation_id = due.organisation_id and n.id = due.id returning n.*
     )
     select t.organisation_id as "organisationId", t.id, t.letter_id as "letterId", t.kind, t.state, t.stage, t.channel, t.failures, t.attempts,
       t.stage_entered_at as "stageEnteredAt", t.deadline_at as "deadlineAt", t.lease_id as "leaseId", l.sealed_contact as "sealedContact",
       l.language, l.state as "letterState", l.channel as "letterChannel", l.supplier ->> 'Name' as operator, f.sensitivity,
       f.notice as "flowNotice", u.name as "unitName", o.name as "organisationName", o.notices as "organisationNotices"
     from taken t
     join letter l on l.organisation_id = t.organisation_id and l.id = t.letter_id
     join flow f on f.organisation_id = l.organisation_id and f.id = l.flow_id
     join unit u on u.organisation_id = f.organisation_id and u.id = f.unit_id
     join organisation o on o.id = t.organisation_id`,
    [limit, leaseId, node, leaseMs],
  );
  return rows;
}

/** Gives back what an earlier life of this node held when it died; safe for the reasons of `releaseLeasesOf` (claim.ts). */
export async function releaseNoticeLeasesOf(db: Queryable, node: string): Promise<void> {
  await db.query(
    `update recipient_notice set due_at = now(), lease_node = null where lease_node = $1 and due_at is not null`,
    [node],
  );
}

/** Where a notice goes next. */
export interface NoticeStep {
  readonly state: 'waiting' | 'unknown' | 'told' | 'untold';
  readonly stage: 'deliver' | 'confirm' | null;
  readonly channel: 'sms' | 'email' | null;
  readonly dueInMs: number;
  /** It changes stage or channel: attempts and clock begin anew. */
  readonly isFresh: boolean;
  readonly failure?: NoticeFailure;
  /** For the letter's story. */
  readonly event?: { readonly kind: string; readonly detail: Readonly<Record<string, unknown>> };
}

/** Writes it, if the notice is still this node's. */
export async function writeNoticeStep(
  db: Queryable,
  { organisationId, id, leaseId }: Pick<ClaimedNotice, 'organisationId' | 'id' | 'leaseId'>,
  step: NoticeStep,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `with moved as (
       update recipient_notice set state = $4, stage = $5, channel = $6, lease_id = null, lease_node = null,
         due_at = case when $5::text is not null then now() + $7 * interval '1 millisecond' end,
         ended_at = case when $5::text is null then now() end,
         attempts = case when $8 then 0 else attempts end,
         stage_entered_at = case when $8 then now() else stage_entered_at end,
         failures = case when $9::jsonb is null then failures else failures || $9::jsonb end
       where organisation_id = $1 and id = $2 and lease_id = $3
       returning organisation_id, letter_id
     ), events as (
       insert into letter_event (organisation_id, letter_id, kind, actor, detail)
       select organisation_id, letter_id, $10, 'system', $11::jsonb from moved where $10::text is not null
     )
     select letter_id from moved`,
    [
      ...[organisationId, id, leaseId, step.state, step.stage, step.channel, Math.round(step.dueInMs), step.isFresh],
      step.failure === undefined ? null : JSON.stringify(step.failure),
      step.event?.kind ?? null,
      JSON.stringify(step.event?.detail ?? {}),
    ],
  );
  return rowCount === 1;
}
