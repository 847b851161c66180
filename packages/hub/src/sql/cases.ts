import type { Queryable } from '@brevduva/base';
import type { PostalAddress } from '../paper/address.ts';
import type { Channel, LetterState } from '../states.ts';
import type { CaseReason } from '../switch.ts';
import type { StoryCase } from './letterStory.ts';

/** A line of the work queue. */
export interface CaseLine extends StoryCase {
  /** Null when erased, which no letter with an open case is. */
  readonly subject: string | null;
  readonly recipient: string;
  readonly protectedIdentity: boolean;
  readonly flowName: string;
}

const CASE_COLUMNS = `c.id, c.letter_id as "letterId", c.opened_at as "openedAt", c.reason, c.detail, c.stage, c.owner,
  c.next_action as "nextAction", c.deadline`;

/** How a person ended a case. */
export type CaseResolution = 'sentOnPaper' | 'triedAgain' | 'cancelled';

/** The open cases, the most urgent first. */
export async function selectOpenCases(
  db: Queryable,
  organisationId: string,
  { limit, offset = 0 }: { limit: number; offset?: number },
): Promise<CaseLine[]> {
  const { rows } = await db.query<CaseLine>(
    `select ${CASE_COLUMNS}, l.subject, l.recipient, l.protected_identity as "protectedIdentity", f.name as "flowName"
     from manual_case c
     join letter l on l.organisation_id = c.organisation_id and l.id = c.letter_id
     join flow f on f.organisation_id = l.organisation_id and f.id = l.flow_id
     where c.organisation_id = $1 and c.closed_at is null
     order by c.deadline, c.id limit $2 offset $3`,
    [organisationId, limit, offset],
  );
  return rows;
}

/** The letter that a case, open or closed, is about. */
export async function selectLetterOfCase(
  db: Queryable,
  organisationId: string,
  caseId: string,
): Promise<string | undefined> {
  const { rows } = await db.query<{ letter_id: string }>(
    'select letter_id from manual_case where organisation_id = $1 and id = $2',
    [organisationId, caseId],
  );
  return rows[0]?.letter_id;
}

export async function countOpenCases(db: Queryable, organisationId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*)::integer as count from manual_case where organisation_id = $1 and closed_at is null',
    [organisationId],
  );
  return rows[0]?.count ?? 0;
}

export interface CaseFacts {
  readonly id: string;
  readonly letterId: string;
  readonly reason: CaseReason;
  readonly closed: boolean;
  readonly protectedIdentity: boolean;
  readonly address: PostalAddress | null;
  readonly channel: Channel | null;
  readonly paperOrdered: boolean;
  /** It lies unopened in a mailbox. */
  readonly isUnread: boolean;
}

/** Locks the case, so that of two people who act at once one acts and the other is told (design: two people, one case). */
export async function lockCase(db: Queryable, organisationId: string, caseId: string): Promise<CaseFacts | undefined> {
  const { rows } = await db.query<CaseFacts>(
    `select c.id, c.letter_id as "letterId", c.reason, c.closed_at is not null as closed,
            l.protected_identity as "protectedIdentity", l.address, l.channel,
            l.paper_ordered as "paperOrdered", l.digital_failure is not distinct from 'unread' as "isUnread"
     from manual_case c join letter l on l.organisation_id = c.organisation_id and l.id = c.letter_id
     where c.organisation_id = $1 and c.id = $2 for update of c`,
    [organisationId, caseId],
  );
  return rows[0];
}

export async function closeCase(
  db: Queryable,
  organisationId: string,
  caseId: string,
  actor: string,
  resolution: CaseResolution,
): Promise<void> {
  await db.query(
    `update manual_case set closed_at = clock_timestamp(), closed_by = $3, resolution = $4
     where organisation_id = $1 and id = $2`,
    [organisationId, caseId, actor, resolution],
  );
}

export interface MovedLetter {
  readonly state: LetterState;
  readonly stage: 'resolve' | 'deliver' | 'confirm' | 'followUp' | null;
  /** undefined keeps what stands there. */
  readonly address?: PostalAddress;
  readonly paperOrdered: boolean;
  /** Undefined keeps it, or lets the switch choose. */
  readonly channel?: Channel;
  /** From now on it counts as one that lies unopened in a mailbox. */
  readonly isUnread?: boolean;
}

/** Puts a letter that lay in a case where a person decided; what an earlier digital attempt left behind is forgotten, but never that one succeeded. */
export async function moveLetter(
  db: Queryable,
  organisationId: string,
  letterId: string,
  to: MovedLetter,
): Promise<void> {
  await db.query(
    `update letter
     set state = $3, stage = $4, address = coalesce($5, address), paper_ordered = $6, lookups = 0, notice_failures = '[]',
         digital_failure = case when $8 or digital_failure = 'unread' then 'unread' end, e_invoice_failure = null,
         attempts = 0, stage_entered_at = now(), due_at = now(), updated_at = now(),
         channel = case when $4 = 'resolve' then null else coalesce($7, channel) end
     where organisation_id = $1 and id = $2`,
    [
      organisationId,
      letterId,
      to.state,
      to.stage,
      to.address ?? null,
      to.paperOrdered,
      to.channel ?? null,
      to.isUnread ?? false,
    ],
  );
}

export async function insertEvent(
  db: Queryable,
  organisationId: string,
  letterId: string,
  event: { kind: string; actor: string; detail: Readonly<Record<string, unknown>> },
): Promise<void> {
  await db.query(
    'insert into letter_event (organisation_id, letter_id, kind, actor, detail) values ($1, $2, $3, $4, $5)',
    [organisationId, letterId, event.kind, event.actor, event.detail],
  );
}
