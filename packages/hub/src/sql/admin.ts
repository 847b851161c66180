import type { Queryable } from '@brevduva/base';
import type { ChannelPolicy, SupportInfo } from '../letter.ts';
import type { PostalAddress } from '../paper/address.ts';

export interface OrganisationRow {
  readonly id: string;
  readonly organizationNumber: string;
  readonly name: string;
  readonly returnAddress: PostalAddress;
  readonly support: SupportInfo;
}

/** Inserts or renews an organisation by its number. @returns its id, which is the old one where it existed. */
export async function upsertOrganisation(db: Queryable, row: OrganisationRow): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `insert into organisation (id, organization_number, name, return_address, support) values ($1, $2, $3, $4, $5)
     on conflict (organization_number) do update
       set name = excluded.name, return_address = excluded.return_address, support = excluded.support
     returning id`,
    [row.id, row.organizationNumber, row.name, row.returnAddress, row.support],
  );
  return requiredId(rows);
}

export async function upsertUnit(
  db: Queryable,
  row: { organisationId: string; id: string; code: string; name: string },
): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `insert into unit (organisation_id, id, code, name) values ($1, $2, $3, $4)
     on conflict (organisation_id, code) do update set name = excluded.name returning id`,
    [row.organisationId, row.id, row.code, row.name],
  );
  return requiredId(rows);
}

export interface FlowRow {
  readonly organisationId: string;
  readonly id: string;
  readonly unitId: string;
  readonly code: string;
  readonly name: string;
  readonly channelPolicy: ChannelPolicy;
  readonly digitalHours: number;
  readonly caseHours: number;
  readonly postageClass: 'economy' | 'priority';
}

export async function upsertFlow(db: Queryable, row: FlowRow): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `insert into flow (organisation_id, id, unit_id, code, name, channel_policy, digital_hours, case_hours, postage_class)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (organisation_id, code) do update
       set unit_id = excluded.unit_id, name = excluded.name, channel_policy = excluded.channel_policy,
           digital_hours = excluded.digital_hours, case_hours = excluded.case_hours, postage_class = excluded.postage_class
     returning id`,
    [
      row.organisationId,
      row.id,
      row.unitId,
      row.code,
      row.name,
      row.channelPolicy,
      row.digitalHours,
      row.caseHours,
      row.postageClass,
    ],
  );
  return requiredId(rows);
}

/** Inserts or renews a system by its code. @returns its id. */
export async function upsertBusinessSystem(
  db: Queryable,
  row: { organisationId: string; id: string; code: string; name: string },
): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `insert into business_system (organisation_id, id, code, name) values ($1, $2, $3, $4)
     on conflict (organisation_id, code) do update set name = excluded.name returning id`,
    [row.organisationId, row.id, row.code, row.name],
  );
  return requiredId(rows);
}

/** Lets the system send the flows, beside those that it may send already. */
export async function insertSystemFlows(
  db: Queryable,
  row: { organisationId: string; systemId: string; flowCodes: readonly string[] },
): Promise<void> {
  await db.query(
    `insert into system_flow (organisation_id, business_system_id, flow_id)
     select organisation_id, $2, id from flow where organisation_id = $1 and code = any ($3)
     on conflict do nothing`,
    [row.organisationId, row.systemId, row.flowCodes],
  );
}

export async function selectOrganisationByNumber(
  db: Queryable,
  organizationNumber: string,
): Promise<{ id: string; name: string } | undefined> {
  const { rows } = await db.query<{ id: string; name: string }>(
    'select id, name from organisation where organization_number = $1',
    [organizationNumber],
  );
  return rows[0];
}

/** Every organisation of the hub, for those who run it. */
export async function selectOrganisations(db: Queryable): Promise<{ number: string; name: string }[]> {
  const { rows } = await db.query<{ number: string; name: string }>(
    'select organization_number as number, name from organisation',
  );
  return rows.sort((a, b) => a.name.localeCompare(b.name, 'sv'));
}

function requiredId(rows: readonly { id: string }[]): string {
  const [row] = rows;
  if (row === undefined) throw new Error('an upsert returned no row');
  return row.id;
}
