import type { Queryable } from '@brevduva/base';
import type { ActorRole } from '../actors/actorRole.ts';

export interface AdmissionScope {
  /** Steps of a connection at which its roles are in force: the register's environment decides. */
  steps: readonly string[];
  /** Null: all. */
  organizationNumber: string | null;
  /** Only let in, never shut out: for whoever does not know the register's environment. */
  onlyAdmit?: boolean;
}

/**
 * Writes who is let in, in every role, where that has changed. The flag follows from connections and suspension alone, so
 * this may be run at any time; the functions that change either run it in the same transaction.
 */
export async function refreshAdmission(
  db: Queryable,
  { steps, organizationNumber, onlyAdmit = false }: AdmissionScope,
): Promise<void> {
  await db.query(
    `with entitled as materialized (
       select connection.organization_number, unnest(connection.roles) as role
       from connection
       join organization using (organization_number)
       where connection.step = any ($1::text[]) and organization.suspended_at is null
         and ($2::bigint is null or connection.organization_number = $2::bigint)
     ), senders as (
       update sender set admitted = not admitted
       where ($2::bigint is null or organization_number = $2::bigint) and not (admitted and $3::boolean)
         and admitted <> (organization_number in (select organization_number from entitled where role = 'sender'))
     ), dispatchers as (
       update dispatcher set admitted = not admitted
       where ($2::bigint is null or organization_number = $2::bigint) and not (admitted and $3::boolean)
         and admitted <> (organization_number in (select organization_number from entitled where role = 'dispatcher'))
     ), operators as (
       update operator set admitted = not admitted
       where ($2::bigint is null or organization_number = $2::bigint) and not (admitted and $3::boolean)
         and admitted <> (organization_number in (select organization_number from entitled where role = 'operator'))
     )
     update forwarder set admitted = not admitted
     where ($2::bigint is null or organization_number = $2::bigint) and not (admitted and $3::boolean)
       and admitted <> (organization_number in (select organization_number from entitled where role = 'forwarder'))`,
    [steps, organizationNumber, onlyAdmit],
  );
}

/**
 * What was loaded at start is in production from the beginning, with a connection of its own that says so. An
 * organisation that already has, or had, a connection for the role keeps it as it is: what staff has decided is not
 * undone by the next start.
 */
export async function connectLoaded(
  db: Queryable,
  { organizationNumbers, role, at }: { organizationNumbers: readonly string[]; role: ActorRole; at: Date },
): Promise<void> {
  await db.query(
    `with missing as (
       select number from unnest($1::bigint[]) as number
       where not exists (
         select from connection where organization_number = number and $2::text = any (roles)
       )
     ), extended as (
       update connection set roles = roles || $2::text
       where organization_number in (select number from missing) and step = 'production' and agreement_reference is null
         and id in (select distinct on (organization_number) id from connection
           where step = 'production' and agreement_reference is null order by organization_number, applied_at, id)
       returning organization_number
     ), opened as (
       insert into connection (id, organization_number, applied_at, step_since, roles, step)
       select gen_random_uuid(), number, $3::timestamptz, $3::timestamptz, array[$2::text], 'production'
       from missing where number not in (select organization_number from extended)
       returning organization_number
     )
     insert into audit_event (at, organization_number, subject, name, what, after)
     select $3::timestamptz, organization_number, 'system', 'Inläsning', 'loaded', jsonb_build_object('roles', array[$2::text])
     from (select * from extended union all select * from opened) as connected
     order by organization_number`,
    [organizationNumbers, role, at.toISOString()],
  );
}
