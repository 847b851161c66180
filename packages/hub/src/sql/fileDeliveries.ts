import type { Queryable } from '@brevduva/base';
import type { SystemIdentity } from '../organisation/businessSystem.ts';
import type { ResultMailing, ResultRow } from '../waysIn/dropFolder/result.ts';

export interface FileDelivery {
  readonly organisationId: string;
  readonly id: string;
  readonly systemCode: string;
  readonly name: string;
  readonly kind: 'archive' | 'index' | 'pair' | 'stray';
  readonly claimedAt: Date;
  readonly isTaken: boolean;
  readonly attempts: number;
}

interface Lease {
  readonly leaseId: string;
  readonly leaseMs: number;
  readonly node: string;
}

/** Notes that a node takes a delivery. @returns undefined when another has it. */
export async function insertFileDelivery(
  db: Queryable,
  system: SystemIdentity,
  delivery: Pick<FileDelivery, 'id' | 'name' | 'kind'>,
  { leaseId, leaseMs, node }: Lease,
): Promise<{ claimedAt: Date } | undefined> {
  const { rows } = await db.query<{ claimedAt: Date }>(
    `insert into file_delivery (organisation_id, id, business_system_id, name, kind, state, lease_id, lease_until, lease_node)
     values ($1, $2, $3, $4, $5, 'working', $6, now() + $7 * interval '1 millisecond', $8)
     on conflict (organisation_id, business_system_id, name) where state = 'working' do nothing
     returning claimed_at as "claimedAt"`,
    [system.organisationId, delivery.id, system.id, delivery.name, delivery.kind, leaseId, leaseMs, node],
  );
  return rows[0];
}

/** Takes over the delivery whose node has died, or whose next try is due. */
export async function claimFileDelivery(
  db: Queryable,
  { leaseId, leaseMs, node }: Lease,
): Promise<FileDelivery | undefined> {
  const { rows } = await db.query<FileDelivery>(
    `with due as (
       select organisation_id, id from file_delivery
       where state = 'working' and lease_until < now() order by lease_until limit 1 for update skip locked
     )
     update file_delivery d set lease_id = $1, lease_until = now() + $2 * interval '1 millisecond', lease_node = $3,
       attempts = d.attempts + 1
     from due, business_system b
     where d.organisation_id = due.organisation_id and d.id = due.id
       and b.organisation_id = d.organisation_id and b.id = d.business_system_id
     returning d.organisation_id as "organisationId", d.id, b.code as "systemCode", d.name, d.kind, d.claimed_at as "claimedAt",
       d.is_taken as "isTaken", d.attempts`,
    [leaseId, leaseMs, node],
  );
  return rows[0];
}

/** Gives back what an earlier life of this node held when it died. */
export async function releaseFileLeasesOf(db: Queryable, node: string): Promise<number> {
  const { rowCount } = await db.query(
    `update file_delivery set lease_until = now() - interval '1 second' where lease_node = $1 and state = 'working'`,
    [node],
  );
  return rowCount ?? 0;
}

type Held = Pick<FileDelivery, 'organisationId' | 'id'>;

/** Keeps the delivery for longer, or sets when it is tried again. @returns false when another node has taken it meanwhile. */
export async function renewFileLease(
  db: Queryable,
  { organisationId, id }: Held,
  { leaseId, leaseMs }: Pick<Lease, 'leaseId' | 'leaseMs'>,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update file_delivery set lease_until = now() + $4 * interval '1 millisecond'
     where organisation_id = $1 and id = $2 and lease_id = $3 and state = 'working'`,
    [organisationId, id, leaseId, leaseMs],
  );
  return rowCount === 1;
}

/** Notes that all files of the delivery lie in our folder. */
export async function noteTaken(db: Queryable, { organisationId, id }: Held): Promise<void> {
  await db.query('update file_delivery set is_taken = true where organisation_id = $1 and id = $2', [
    organisationId,
    id,
  ]);
}

/** Forgets a delivery of which nothing was taken, or whose files have been given back. */
export async function deleteFileDelivery(db: Queryable, { organisationId, id }: Held): Promise<void> {
  await db.query('delete from file_delivery where organisation_id = $1 and id = $2', [organisationId, id]);
}

/** What a delivery was answered, in figures and as people are shown it. */
export interface EndedDelivery {
  readonly state: 'done' | 'failed';
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
  readonly understoodAs: string;
  readonly mailings: readonly ResultMailing[];
  readonly toldRows: readonly ResultRow[];
}

export async function endFileDelivery(
  db: Queryable,
  { organisationId, id }: Held,
  ended: EndedDelivery & { readonly leaseId: string },
): Promise<void> {
  await db.query(
    `update file_delivery set state = $4, ended_at = now(), lease_until = null, lease_id = null, lease_node = null,
       accepted = $5, duplicates = $6, refused = $7, understood_as = $8, mailings = $9, told_rows = $10
     where organisation_id = $1 and id = $2 and lease_id = $3`,
    [
      ...[organisationId, id, ended.leaseId, ended.state, ended.accepted, ended.duplicates, ended.refused],
      ...[ended.understoodAs, JSON.stringify(ended.mailings), JSON.stringify(ended.toldRows)],
    ],
  );
}
