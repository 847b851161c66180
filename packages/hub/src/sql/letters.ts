import { isUuid, type Queryable } from '@brevduva/base';
import type { Channel, LetterState, StageName } from '../states.ts';

/** A line of the list of letters. */
export interface LetterLine {
  readonly id: string;
  readonly createdAt: Date;
  readonly recipient: string;
  /** Null when erased. */
  readonly subject: string | null;
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
  readonly mailingId?: string | undefined;
  /**
   * A letter's id, a recipient's number (12 digits) or the business system's reference; exact. By number nobody finds a letter to
   * a protected person: the hit would tell whose it is.
   */
  readonly search?: string | undefined;
}

/** The letter beside which the page begins or ends: keyset, so that page 10 000 costs what page 1 costs. */
export type LetterCursor = { readonly after: string } | { readonly before: string };

const LINE_COLUMNS = `l.id, l.created_at as "createdAt", l.recipient, l.subject, l.reference, l.state, l.stage, l.channel,
  f.name as "flowName", l.protected_identity as "protectedIdentity"`;

const MATCHING = `letter l join flow f on f.organisation_id = l.organisation_id and f.id = l.flow_id
  where l.organisation_id = $1
    and ($2::text is null or l.state = $2)
    and ($3::text is null or l.channel = $3)
    and ($4::text is null or f.code = $4)
    and ($5::text is null or l.reference = $5 or l.id = $6::uuid or (l.recipient = $5 and not l.protected_identity))
    and ($7::uuid is null or l.mailing_id = $7)`;

/** Newest first. One more than `limit` is asked for by the caller who wants to know whether there is another page. */
export async function selectLetters(
  db: Queryable,
  organisationId: string,
  filter: LetterFilter,
  cursor: LetterCursor | undefined,
  limit: number,
): Promise<LetterLine[]> {
  const parameters = [organisationId, ...filterParameters(filter)];
  if (cursor !== undefined && 'before' in cursor) {
    return selectBefore(db, [...parameters, cursor.before, limit]);
  }
  return selectAfter(db, [...parameters, cursor?.after ?? null, limit]);
}

/** The cursor's own time is read here and not carried by the address, where it would lose its microseconds. */
async function selectAfter(db: Queryable, parameters: readonly unknown[]): Promise<LetterLine[]> {
  const { rows } = await db.query<LetterLine>(
    `select ${LINE_COLUMNS} from ${MATCHING}
       and ($8::uuid is null
            or (l.created_at, l.id) < ((select created_at from letter where organisation_id = $1 and id = $8), $8))
     order by l.created_at desc, l.id desc limit $9`,
    [...parameters],
  );
  return rows;
}

/** The letters right above the cursor, which only the turned order finds by index; given newest first all the same. */
async function selectBefore(db: Queryable, parameters: readonly unknown[]): Promise<LetterLine[]> {
  const { rows } = await db.query<LetterLine>(
    `select ${LINE_COLUMNS} from ${MATCHING}
       and (l.created_at, l.id) > ((select created_at from letter where organisation_id = $1 and id = $8::uuid), $8)
     order by l.created_at, l.id limit $9`,
    [...parameters],
  );
  return rows.reverse();
}

function filterParameters({ state, channel, flowCode, search, mailingId }: LetterFilter): (string | null)[] {
  const id = isUuid(search?.toLowerCase()) ? search : null;
  return [state ?? null, channel ?? null, flowCode ?? null, search ?? null, id, mailingId ?? null];
}

/** One line of the list, or undefined when the organisation has no such letter. */
export async function selectLetterLine(
  db: Queryable,
  organisationId: string,
  letterId: string,
): Promise<LetterLine | undefined> {
  const { rows } = await db.query<LetterLine>(
    `select ${LINE_COLUMNS} from letter l join flow f on f.organisation_id = l.organisation_id and f.id = l.flow_id
     where l.organisation_id = $1 and l.id = $2`,
    [organisationId, letterId],
  );
  return rows[0];
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
    'select code, name from flow where organisation_id = $1 order by name limit $2',
    [organisationId, FLOWS_MAX],
  );
  return rows;
}

/** As many as a list that unfolds can bear. */
const FLOWS_MAX = 500;
