import type { Queryable } from '@brevduva/base';
import type { ActorRole } from '../actors/actorRole.ts';
import type { ConnectionEnd, ConnectionStep } from '../actors/connectionSteps.ts';

export interface ActorListRow {
  organizationNumber: string;
  name: string;
  /** Of connections that have not ended; of the ended ones where there is nothing else. */
  roles: ActorRole[];
  /** Of the connection in progress; else of the one in production; else how the last one ended. */
  step: ConnectionStep | ConnectionEnd;
  stepSince: Date;
  isSuspended: boolean;
  /** When the last certificate in use for calls expires; null where none is registered. */
  certificateValidTo: Date | null;
  needsAttention: boolean;
}

export interface ActorFilter {
  /** Part of the name, or of the number; '' for all. */
  text: string;
  role: ActorRole | null;
  step: ConnectionStep | ConnectionEnd | null;
  onlyAttention: boolean;
}

export interface ActorListOptions extends ActorFilter {
  /** A certificate that expires before needs attention. */
  expiryBefore: Date;
  limit: number;
  offset: number;
}

/** By name, with the number of all that the filter finds. A few thousand actors: the whole list is read each time. */
export async function selectActorList(
  db: Queryable,
  { text, role, step, onlyAttention, expiryBefore, limit, offset }: ActorListOptions,
): Promise<{ actors: ActorListRow[]; total: number }> {
  const { rows } = await db.query<ActorListRow & { total: number }>(
    `with actor as (
       select organization.organization_number, organization.name, held.roles, current.step, current.step_since,
         suspended_at is not null as is_suspended, certificate.valid_to,
         suspended_at is not null or current.step in ('application', 'agreement', 'technicalTest')
           or (current.step = 'production' and certificate.valid_to < $1) as needs_attention
       from organization
       cross join lateral (
         select step, step_since from connection
         where connection.organization_number = organization.organization_number
         order by step in ('application', 'agreement', 'technicalTest') desc, step = 'production' desc,
           applied_at desc, id desc
         limit 1
       ) as current
       cross join lateral (
         select array_agg(distinct role) as roles
         from connection
         cross join unnest(connection.roles) as role
         where connection.organization_number = organization.organization_number
           and (connection.step in ('rejected', 'withdrawn', 'closed')) = (current.step in ('rejected', 'withdrawn', 'closed'))
       ) as held
       left join lateral (
         select max(valid_to) as valid_to from certificate
         where certificate.organization_number = organization.organization_number
           and retired_at is null and 'tls' = any (purposes)
       ) as certificate on true
     )
     select organization_number::text as "organizationNumber", name, roles, step, step_since as "stepSince",
       is_suspended as "isSuspended", valid_to as "certificateValidTo",
       coalesce(needs_attention, false) as "needsAttention", count(*) over () as total
     from actor
     where ($2 = '' or position(lower($2) in lower(name)) > 0
         or ($3 <> '' and position($3 in organization_number::text) > 0))
       and ($4::text is null or $4 = any (roles)) and ($5::text is null or step = $5)
       and (not $6::boolean or needs_attention)
     order by name, organization_number
     limit $7 offset $8`,
    [expiryBefore.toISOString(), text, digitsOf(text), role, step, onlyAttention, limit, offset],
  );
  return { actors: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
}

/** What the overview counts: actors that need attention, connections in progress. */
export async function countAttention(
  db: Queryable,
  expiryBefore: Date,
): Promise<{ attention: number; inProgress: number; suspended: number; expiring: number }> {
  const { rows } = await db.query<{ attention: number; inProgress: number; suspended: number; expiring: number }>(
    `with inprogress as (
       select distinct organization_number from connection where step in ('application', 'agreement', 'technicalTest')
     ), suspended as (
       select organization_number from organization
       where suspended_at is not null and organization_number in (select organization_number from connection)
     ), expiring as (
       select organization_number from certificate
       where retired_at is null and 'tls' = any (purposes)
         and organization_number in (select organization_number from connection where step = 'production')
       group by organization_number having max(valid_to) < $1
     )
     select (select count(*) from inprogress) as "inProgress", (select count(*) from suspended) as suspended,
       (select count(*) from expiring) as expiring,
       (select count(*) from (
          select * from inprogress union select * from suspended union select * from expiring
        ) as each) as attention`,
    [expiryBefore.toISOString()],
  );
  const [row] = rows;
  if (row === undefined) throw new TypeError('a select without from gave no row');
  return row;
}

const SEARCHED_DIGITS_MIN = 3;

/** A number is found however it is written: with hyphen, with or without the 16 before it. */
function digitsOf(text: string): string {
  const digits = text.replace(/[\s-]/g, '');
  return /^\d+$/.test(digits) && digits.length >= SEARCHED_DIGITS_MIN ? digits : '';
}
