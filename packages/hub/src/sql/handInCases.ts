import type { Queryable } from '@brevduva/base';

export type WayIn = 'printer' | 'dropFolder' | 'forms';
/** Why nothing could be made a letter of it: handInReasons.ts has the words. */
export type HandInReason = 'noRecipient' | 'invalidRecipient' | 'severalRecipients' | 'refused';
export type HandInResolution = 'handedIn' | 'discarded';

/** What was read, for the person who finds out the rest. */
export interface HandInDetail {
  readonly recipient?: string;
  /** The numbers that were found, where they are several. */
  readonly recipients?: readonly string[];
  readonly subject?: string;
  readonly reference?: string;
  readonly addressLines?: readonly string[];
  /** Where in the hand-in it stands: job or file, and pages. */
  readonly source?: string;
  /** How many the PDF has. */
  readonly pages?: number;
  /** The text that goes beside the PDF. */
  readonly message?: string;
  readonly faults?: readonly { readonly code: string; readonly path: string; readonly text: string }[];
}

export interface NewHandInCase {
  readonly id: string;
  readonly systemId: string;
  readonly flowCode: string;
  readonly wayIn: WayIn;
  /** The idempotency key under which the letter is to be handed in. */
  readonly key: string;
  readonly reason: HandInReason;
  readonly detail: HandInDetail;
  readonly filename: string;
  /** Of content that is stored. */
  readonly hash: Buffer;
}

/**
 * Opens a case with the deadline of its flow; one with the same key is left as it is.
 *
 * @throws Error when the organisation has no such flow: the work is done again, and nothing is lost in silence.
 */
export async function insertHandInCase(db: Queryable, organisationId: string, handIn: NewHandInCase): Promise<void> {
  const { rowCount } = await db.query(
    `insert into hand_in_case (organisation_id, id, business_system_id, flow_id, way_in, key, reason, detail, filename, hash, deadline)
     select $1, $2, $3, f.id, $5, $6, $7, $8, $9, $10, now() + f.case_hours * interval '1 hour'
     from flow f where f.organisation_id = $1 and f.code = $4
     on conflict (organisation_id, business_system_id, key) do nothing`,
    [
      organisationId,
      handIn.id,
      handIn.systemId,
      handIn.flowCode,
      handIn.wayIn,
      handIn.key,
      handIn.reason,
      JSON.stringify(handIn.detail),
      handIn.filename,
      handIn.hash,
    ],
  );
  if (rowCount === 1) return;
  const known = await selectHandedIn(db, { organisationId, id: handIn.systemId }, handIn.key);
  if (known === undefined) throw new Error(`flow ${handIn.flowCode} does not exist`);
}

/** What was made of a key already: a letter, or a case. */
export async function selectHandedIn(
  db: Queryable,
  system: { readonly organisationId: string; readonly id: string },
  key: string,
): Promise<'letter' | 'case' | undefined> {
  const { rows } = await db.query<{ became: 'letter' | 'case' | null }>(
    `select case
       when exists (select from idempotency where organisation_id = $1 and business_system_id = $2 and key = $3) then 'letter'
       when exists (select from hand_in_case where organisation_id = $1 and business_system_id = $2 and key = $3) then 'case'
     end as became`,
    [system.organisationId, system.id, key],
  );
  return rows[0]?.became ?? undefined;
}

export interface HandInCase extends NewHandInCase {
  readonly systemName: string;
  readonly flowName: string;
  /** What the letter is called when nobody says. */
  readonly defaultSubject: string | null;
  readonly openedAt: Date;
  readonly deadline: Date;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
  readonly resolution: HandInResolution | null;
  readonly letterId: string | null;
  /** What the person said who ended it. */
  readonly note: string | null;
}

const COLUMNS = `c.id, b.id as "systemId", b.name as "systemName", f.code as "flowCode", f.name as "flowName",
  f.default_subject as "defaultSubject", c.way_in as "wayIn",
  c.key, c.reason, c.detail, c.filename, c.hash, c.opened_at as "openedAt", c.deadline, c.closed_at as "closedAt",
  c.closed_by as "closedBy", c.resolution, c.letter_id as "letterId", c.note
  from hand_in_case c
  join business_system b on b.organisation_id = c.organisation_id and b.id = c.business_system_id
  join flow f on f.organisation_id = c.organisation_id and f.id = c.flow_id`;

/** Open cases, the most urgent first. */
export async function selectOpenHandInCases(
  db: Queryable,
  organisationId: string,
  { max, offset = 0 }: { max: number; offset?: number },
): Promise<HandInCase[]> {
  const { rows } = await db.query<HandInCase>(
    `select ${COLUMNS} where c.organisation_id = $1 and c.closed_at is null order by c.deadline, c.id limit $2 offset $3`,
    [organisationId, max, offset],
  );
  return rows;
}

export async function countOpenHandInCases(db: Queryable, organisationId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*)::integer as count from hand_in_case where organisation_id = $1 and closed_at is null',
    [organisationId],
  );
  return rows[0]?.count ?? 0;
}

export async function selectHandInCase(
  db: Queryable,
  organisationId: string,
  id: string,
): Promise<HandInCase | undefined> {
  const { rows } = await db.query<HandInCase>(`select ${COLUMNS} where c.organisation_id = $1 and c.id = $2`, [
    organisationId,
    id,
  ]);
  return rows[0];
}

/** Closes a case without a letter, if it is open. @returns false when it was not: someone else was first. */
export async function discardHandInCase(
  db: Queryable,
  organisationId: string,
  id: string,
  { by, note }: { by: string; note: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update hand_in_case set closed_at = clock_timestamp(), closed_by = $3, resolution = 'discarded', note = $4
     where organisation_id = $1 and id = $2 and closed_at is null`,
    [organisationId, id, by, note],
  );
  return rowCount === 1;
}
