import type { Queryable } from '@brevduva/base';
import type { ResultMailing, ResultRow } from '../waysIn/dropFolder/result.ts';
import type { FileDelivery } from './fileDeliveries.ts';

export type FileDeliveryState = 'working' | 'done' | 'failed';

/** A delivery of files as a line of the list. */
export interface FileDeliveryLine {
  readonly id: string;
  readonly systemCode: string;
  readonly systemName: string;
  readonly organizationNumber: string;
  readonly name: string;
  readonly kind: FileDelivery['kind'];
  readonly state: FileDeliveryState;
  readonly claimedAt: Date;
  readonly endedAt: Date | null;
  readonly attempts: number;
  readonly accepted: number;
  readonly duplicates: number;
  /** Those that were held back included. */
  readonly refused: number;
}

/** With what it was answered. */
export interface FileDeliveryStory extends FileDeliveryLine {
  readonly understoodAs: string;
  readonly mailings: readonly ResultMailing[];
  /** The first of them, those with faults before the others. */
  readonly toldRows: readonly ResultRow[];
}

const COLUMNS = `d.id, b.code as "systemCode", b.name as "systemName", o.organization_number as "organizationNumber", d.name, d.kind,
  d.state, d.claimed_at as "claimedAt", d.ended_at as "endedAt", d.attempts, d.accepted, d.duplicates, d.refused`;
const FROM = `from file_delivery d join organisation o on o.id = d.organisation_id
  join business_system b on b.organisation_id = d.organisation_id and b.id = d.business_system_id`;

/** An organisation's deliveries, the latest first. */
export async function selectFileDeliveries(
  db: Queryable,
  organisationId: string,
  { max, offset }: { readonly max: number; readonly offset: number },
): Promise<FileDeliveryLine[]> {
  const { rows } = await db.query<FileDeliveryLine>(
    `select ${COLUMNS} ${FROM} where d.organisation_id = $1 order by d.claimed_at desc, d.id limit $2 offset $3`,
    [organisationId, max, offset],
  );
  return rows;
}

export async function countFileDeliveries(db: Queryable, organisationId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*)::integer as count from file_delivery where organisation_id = $1',
    [organisationId],
  );
  return rows[0]?.count ?? 0;
}

export async function selectFileDelivery(
  db: Queryable,
  organisationId: string,
  id: string,
): Promise<FileDeliveryStory | undefined> {
  const { rows } = await db.query<FileDeliveryStory>(
    `select ${COLUMNS}, d.understood_as as "understoodAs", d.mailings, d.told_rows as "toldRows"
     ${FROM} where d.organisation_id = $1 and d.id = $2`,
    [organisationId, id],
  );
  return rows[0];
}
