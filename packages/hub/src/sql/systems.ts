import type { Queryable } from '@brevduva/base';
import { type BusinessSystem, loginNameOf } from '../organisation/businessSystem.ts';
import { readStoredWaysIn, type WayInName } from '../organisation/waysIn.ts';
import { laneOf } from './flowRow.ts';

/** Of `business_system b` with its organisation `o`. */
export const SYSTEM_COLUMNS = `b.organisation_id, b.id, b.name, b.code, b.lane, b.ways_in, o.organization_number,
  (select u.code from unit u where u.organisation_id = b.organisation_id and u.id = b.unit_id) as unit_code,
  array(select f.code from system_flow s join flow f on f.organisation_id = s.organisation_id and f.id = s.flow_id
        where s.organisation_id = b.organisation_id and s.business_system_id = b.id order by f.code) as flows`;

export interface SystemColumns {
  organisation_id: string;
  id: string;
  name: string;
  code: string;
  lane: number;
  ways_in: unknown;
  organization_number: string;
  unit_code: string | null;
  flows: string[];
}

export function toBusinessSystem(row: SystemColumns): BusinessSystem {
  const { flows } = row;
  return {
    organisationId: row.organisation_id,
    id: row.id,
    name: row.name,
    code: row.code,
    loginName: loginNameOf(row.organization_number, row.code),
    unitCode: row.unit_code ?? undefined,
    flows,
    lane: laneOf(row.lane),
    waysIn: readStoredWaysIn(row.ways_in, { flows }).waysIn,
  };
}

/** The active system with the code, if the organisation has one. */
export async function selectSystemByCode(
  db: Queryable,
  organisationId: string,
  code: string,
): Promise<BusinessSystem | undefined> {
  const { rows } = await db.query<SystemColumns>(
    `select ${SYSTEM_COLUMNS} from business_system b join organisation o on o.id = b.organisation_id
     where b.organisation_id = $1 and b.code = $2 and b.is_active`,
    [organisationId, code],
  );
  return rows.map(toBusinessSystem)[0];
}

/** The system, retired ones too: what it handed in while it was there is still to be sent. */
export async function selectSystemById(
  db: Queryable,
  organisationId: string,
  id: string,
): Promise<BusinessSystem | undefined> {
  const { rows } = await db.query<SystemColumns>(
    `select ${SYSTEM_COLUMNS} from business_system b join organisation o on o.id = b.organisation_id
     where b.organisation_id = $1 and b.id = $2`,
    [organisationId, id],
  );
  return rows.map(toBusinessSystem)[0];
}

/** Every active system of every organisation that has settings for any of the ways in: for those that watch folders or offer printers. */
export async function selectSystemsWithWayIn(
  db: Queryable,
  ...waysIn: readonly WayInName[]
): Promise<BusinessSystem[]> {
  const { rows } = await db.query<SystemColumns>(
    `select ${SYSTEM_COLUMNS} from business_system b join organisation o on o.id = b.organisation_id
     where b.is_active and b.ways_in ?| $1::text[] order by b.organisation_id, b.code`,
    [waysIn],
  );
  return rows.map(toBusinessSystem);
}

/** When each of the organisation's systems was last seen, by code. */
export async function selectLastSeen(db: Queryable, organisationId: string): Promise<Map<string, Date>> {
  const { rows } = await db.query<{ code: string; at: Date }>(
    'select code, last_seen_at as at from business_system where organisation_id = $1 and last_seen_at is not null',
    [organisationId],
  );
  return new Map(rows.map(({ code, at }) => [code, at]));
}

/** Notes that the system was seen, at most once a minute. */
export async function noteSystemSeen(db: Queryable, system: { organisationId: string; id: string }): Promise<void> {
  await db.query(
    `update business_system set last_seen_at = now()
     where organisation_id = $1 and id = $2 and (last_seen_at is null or last_seen_at < now() - interval '1 minute')`,
    [system.organisationId, system.id],
  );
}
