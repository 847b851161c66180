import type { Queryable } from '@brevduva/base';
import type { Channel, LetterState, StageName } from '../states.ts';

/** A line of the list of letters. */
export interface LetterLine {
  readonly id: string;
  readonly createdAt: Date;
  readonly recipient: string;
  readonly subject: string;
  readonly reference: string | null;
  readonly state: LetterState;
  readonly stage: StageName | null;
  readonly channel: Channel | null;
  readonly flowName: string;
  readonly protectedIdentity: boolean;
}

export interface LetterFilter {
  readonly state?: LetterState | undefined;
  readonly channel?: Channel | undefined;
  readonly flowCode?: string | undefined;
  /** A letter's id, a recipient's number (12 digits) or the business system's reference; exact. */
  readonly search?: string | undefined;
}

/** Continues after the last line of the page before: keyset, so that page 10 000 costs what page 1 costs. */
export interface LetterCursor {
  readonly createdAt: Date;
  readonly id: string;
}

const LINE_COLUMNS = `l.id, l.created_at as "createdAt", l.recipient, l.subject, l.reference, l.state, l.stage, l.channel,
  f.name as "flowName", l.protected_identity as "protectedIdentity"`;

/** Newest first; one more than `limit` is asked for by the caller who wants to know whether there is a next page. */
export async function selectLetters(
  db: Queryable,
  organisationId: string,
  filter: LetterFilter,
  after: LetterCursor | undefined,
  limit: number,
): Promise<LetterLine[]> {
  const { rows } = await db.query<LetterLine>(
    `select ${LINE_COLUMNS}
     from letter l join flow f on f.organisation_id = l.organisation_id and f.id = l.flow_id
     where l.organisation_id = $1
       and ($2::text is null or l.state = $2)
       and ($3::text is null or l.channel = $3)
       and ($4::text is null or f.code = $4)
       and ($5::text is null or l.id::text = $5 or l.recipient = $5 or l.reference = $5)
       and ($6::timestamptz is null or (l.created_at, l.id) < ($6, $7::uuid))
     order by l.created_at desc, l.id desc limit $8`,
    [
      organisationId,
      filter.state ?? null,
      filter.channel ?? null,
      filter.flowCode ?? null,
      filter.search ?? null,
      after?.createdAt ?? null,
      after?.id ?? null,
      limit,
    ],
  );
  return rows;
}

/** How many letters stand in each state. */
export async function countByState(db: Queryable, organisationId: string): Promise<Map<LetterState, number>> {
  const { rows } = await db.query<{ state: LetterState; count: number }>(
    'select state, count(*)::integer as count from letter where organisation_id = $1 group by state',
    [organisationId],
  );
  return new Map(rows.map((row) => [row.state, row.count]));
}

/** Flows for the filter. */
export async function selectFlows(db: Queryable, organisationId: string): Promise<{ code: string; name: string }[]> {
  const { rows } = await db.query<{ code: string; name: string }>(
    'select code, name from flow where organisation_id = $1 order by name',
    [organisationId],
  );
  return rows;
}
