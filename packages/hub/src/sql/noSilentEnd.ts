import type { Pool, Queryable } from '@brevduva/base';
import { inTransaction } from '@brevduva/base';
import type { SilentEnd } from '../silentEnds.ts';
import { TOUCHED_AT } from './mailings.ts';

export interface OrganisationSilentEnds {
  readonly organisationId: string;
  readonly silentEnds: readonly SilentEnd[];
}

/** What no column tells. */
export interface EndRules {
  /** Stages and channels that have work, as `stage channel`; `undecided` where there is no channel yet. */
  readonly places: readonly string[];
  /** After so many days a mailing that nobody touches is cancelled by itself. */
  readonly fillingDays: number;
}

/**
 * Everything that has no end and no next step, of all organisations, with one statement. What is open is read once from the index of open
 * letters; what is final is not read, but for the last day's receipts. Cases and the rest go by the indexes of their queues.
 */
export async function findSilentEnds(
  db: Queryable,
  { places, fillingDays }: EndRules,
): Promise<(SilentEnd & { readonly organisationId: string })[]> {
  const { rows } = await db.query<SilentEnd & { organisationId: string }>({
    name: 'findSilentEnds',
    text: FIND,
    values: [places, fillingDays],
  });
  return rows;
}

/** Longer than any stage, notice or worker goes on by itself, or lets anything wait for its turn. */
const LIMITS = {
  // A caseworker's letter, a system's, a mailing's: as long as it takes when a million wait in front of it.
  notTaken: `case lane when 0 then interval '15 minutes' when 1 then interval '2 hours' else interval '24 hours' end`,
  workerIdle: `interval '1 hour'`,
  // A year to the deadline of a flow that asks whether letters are opened, or to the day that a mailing is to go.
  dueTooLate: `interval '400 days'`,
  // Flows may try for 720 hours; a notice of mail comes and goes within that.
  tooLong: `interval '32 days'`,
  forgotten: `interval '14 days'`,
} as const;

const OPEN_LETTERS = `
  select l.organisation_id, v.kind, l.id, v.since
  from letter l cross join lateral (values
    ('letterNotTaken', l.due_at, l.due_at < now() - ${LIMITS.notTaken}),
    ('letterDueTooLate', l.due_at, l.due_at > now() + ${LIMITS.dueTooLate}),
    ('letterNowhere', l.stage_entered_at, l.stage || ' ' || coalesce(l.channel, 'undecided') <> all ($1::text[])),
    ('letterTooLong', l.stage_entered_at, l.stage <> 'followUp' and l.attempts > 1 and l.stage_entered_at < now() - ${LIMITS.tooLong})
  ) as v (kind, since, is_broken)
  where l.stage is not null and v.is_broken`;

const CASES = `
  select l.organisation_id, 'letterNoCase', l.id, l.updated_at
  from organisation o join letter l on l.organisation_id = o.id and l.state = 'case'
  where not exists (select from manual_case c
    where c.organisation_id = l.organisation_id and c.letter_id = l.id and c.closed_at is null)
  union all
  select c.organisation_id, 'caseAstray', c.letter_id, c.opened_at
  from manual_case c join letter l on l.organisation_id = c.organisation_id and l.id = c.letter_id
  where c.closed_at is null and (l.state <> 'case' or '' in (c.owner, c.reason, c.next_action))
  union all
  select organisation_id, 'caseForgotten', letter_id, deadline from manual_case
  where closed_at is null and deadline < now() - ${LIMITS.forgotten}
  union all
  select organisation_id, 'handInForgotten', id, deadline from hand_in_case
  where closed_at is null and deadline < now() - ${LIMITS.forgotten}`;

const PROOFS = `
  select l.organisation_id, 'letterUnproven', l.id, l.updated_at
  from organisation o join letter l on l.organisation_id = o.id and l.state in ('delivered', 'printed')
    and l.created_at > now() - interval '1 day'
  where not exists (select from receipt r
    where r.organisation_id = l.organisation_id and r.letter_id = l.id and r.delivered)
    -- That it came back proves that it was sent.
    and not exists (select from returned_mail m where m.organisation_id = l.organisation_id and m.letter_id = l.id)`;

const PRINT = `
  select organisation_id, 'printOrderNotTaken', letter_id, due_at from print_batch_letter
  where state = 'waiting' and due_at < now() - ${LIMITS.workerIdle}
  union all
  select organisation_id, 'printBatchNotTaken', id, due_at from print_batch
  where state = 'closed' and due_at < now() - ${LIMITS.workerIdle}
  union all
  select b.organisation_id, 'printBatchUnwatched', b.id, b.handed_over_at from print_batch b
  where b.state in ('handedOver', 'acknowledged')
    and (b.acknowledged_at is null and b.acknowledge_by < now() - ${LIMITS.workerIdle} or b.post_by < now() - ${LIMITS.workerIdle})
    and not exists (select from print_case c where c.organisation_id = b.organisation_id and c.batch_id = b.id)
  union all
  select organisation_id, 'printCaseForgotten', id, deadline from print_case
  where closed_at is null and deadline < now() - ${LIMITS.forgotten}`;

const OTHERS = `
  select organisation_id, 'formNotTaken', id, due_at from form_message
  where state = 'received' and due_at < now() - ${LIMITS.workerIdle}
  union all
  select organisation_id, 'formForgotten', id, deadline from form_message
  where state in ('received', 'failed') and deadline < now() - ${LIMITS.forgotten}
  union all
  select organisation_id, 'printJobStuck', id, touched_at from print_job
  where state in ('collecting', 'waiting', 'processing')
    and coalesce(lease_until, touched_at + interval '23 hours') < now() - ${LIMITS.workerIdle}
  union all
  select organisation_id, 'filesStuck', id, lease_until from file_delivery
  where state = 'working' and lease_until < now() - ${LIMITS.workerIdle}
  union all
  select organisation_id, 'noticeNotTaken', letter_id, due_at from recipient_notice
  where due_at is not null and (due_at < now() - ${LIMITS.workerIdle} or deadline_at < now() - interval '1 day')
  union all
  select m.organisation_id, 'mailingForgotten', m.id, m.created_at from mailing m
  where m.state = 'filling' and m.created_at < now() - ($2 + 2) * interval '1 day' and ${TOUCHED_AT} < now() - ($2 + 2) * interval '1 day'
  union all
  select organisation_id, 'mailingForgotten', id, commit_asked_at from mailing
  where state = 'awaitingApproval' and commit_asked_at < now() - ${LIMITS.forgotten}`;

const FIND = `
  with found (organisation_id, kind, id, since) as (${OPEN_LETTERS} union all ${CASES} union all ${PROOFS} union all ${PRINT} union all ${OTHERS})
  select organisation_id as "organisationId", kind, count(*)::integer as count,
    to_char(min(since) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since,
    (array_agg(id::text order by since))[1:5] as examples
  from found group by organisation_id, kind order by organisation_id, kind`;

/** Of all nodes one at a time; undefined when another is at it, or was within `everyMs`. Keeps what was found, for pages and metrics. */
export async function checkEnds(
  pool: Pool,
  rules: EndRules,
  everyMs: number,
): Promise<OrganisationSilentEnds[] | undefined> {
  return inTransaction(pool, async (client) => {
    if (!(await isOurTurn(client, everyMs))) return undefined;
    const found = await findSilentEnds(client, rules);
    const { rows } = await client.query<OrganisationSilentEnds>(
      `with found as (
         select "organisationId", jsonb_agg(to_jsonb(f) - 'organisationId' order by kind) as list
         from jsonb_to_recordset($1::jsonb) as f ("organisationId" uuid, kind text, count integer, since text, examples jsonb)
         group by "organisationId"
       )
       insert into end_check (organisation_id, checked_at, findings)
       select o.id, now(), coalesce(found.list, '[]') from organisation o left join found on found."organisationId" = o.id
       on conflict (organisation_id) do update set checked_at = excluded.checked_at, findings = excluded.findings
       returning organisation_id as "organisationId", findings as "silentEnds"`,
      [JSON.stringify(found)],
    );
    return rows;
  });
}

async function isOurTurn(db: Queryable, everyMs: number): Promise<boolean> {
  const { rows } = await db.query<{ locked: boolean }>(
    `select pg_try_advisory_xact_lock(hashtextextended('brevduva hub ends ' || current_schema(), 0)) as locked`,
  );
  if (rows[0]?.locked !== true) return false;
  // Looked at under the lock: whoever held it a moment ago has written when it was.
  const { rows: recent } = await db.query(
    `select from end_check where checked_at > now() - $1 * interval '1 millisecond' limit 1`,
    [everyMs],
  );
  return recent.length === 0;
}

export interface LatestCheck {
  readonly checkedAt: Date;
  readonly silentEnds: readonly SilentEnd[];
}

/** @returns undefined when none has been made since the organisation came. */
export async function selectLatestCheck(db: Queryable, organisationId: string): Promise<LatestCheck | undefined> {
  const { rows } = await db.query<LatestCheck>(
    'select checked_at as "checkedAt", findings as "silentEnds" from end_check where organisation_id = $1',
    [organisationId],
  );
  return rows[0];
}

export interface CheckMetrics extends LatestCheck {
  readonly organizationNumber: string;
  readonly openCases: number;
}

/** Of every organisation, for whoever watches the installation. */
export async function selectCheckMetrics(db: Queryable): Promise<CheckMetrics[]> {
  const { rows } = await db.query<CheckMetrics>(
    `select o.organization_number as "organizationNumber", e.checked_at as "checkedAt", e.findings as "silentEnds",
       (select count(*)::integer from manual_case c where c.organisation_id = o.id and c.closed_at is null) as "openCases"
     from end_check e join organisation o on o.id = e.organisation_id order by o.organization_number`,
  );
  return rows;
}
