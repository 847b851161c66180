import type { Queryable } from '@brevduva/base';

export type ConsentGrant = 'ConsentManage' | 'ConsentReadExtendUnread' | 'ConsentRead';

export interface ConsentRow {
  organizationNumber: string;
  grantType: ConsentGrant;
}

/** What companies have let a person do, and not taken back. */
export async function selectConsentsOf(db: Queryable, personId: string): Promise<ConsentRow[]> {
  const { rows } = await db.query<ConsentRow>(
    `select organization_number::text as "organizationNumber", grant_type as "grantType"
     from consent
     where person_id = $1 and cancelled_at is null
     order by organization_number, grant_type`,
    [personId],
  );
  return rows;
}

export async function grantConsent(
  db: Queryable,
  row: { organizationNumber: string; personId: string; grantType: ConsentGrant; grantedAt: Date },
): Promise<void> {
  await db.query(
    `insert into consent (organization_number, person_id, grant_type, granted_at)
     values ($1, $2, $3, $4)
     on conflict (organization_number, person_id, grant_type) do update set
       granted_at = excluded.granted_at,
       cancelled_at = null
     where consent.cancelled_at is not null`,
    [row.organizationNumber, row.personId, row.grantType, row.grantedAt.toISOString()],
  );
}

/** True when there was a consent to cancel. */
export async function cancelConsent(
  db: Queryable,
  row: { organizationNumber: string; personId: string; grantType: ConsentGrant; cancelledAt: Date },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update consent set cancelled_at = $4
     where organization_number = $1 and person_id = $2 and grant_type = $3 and cancelled_at is null`,
    [row.organizationNumber, row.personId, row.grantType, row.cancelledAt.toISOString()],
  );
  return rowCount === 1;
}
