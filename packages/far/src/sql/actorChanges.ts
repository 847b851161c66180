import type { Queryable } from '@brevduva/base';
import type { ActorRole } from '../actors/actorRole.ts';
import type { ConnectionEnd, ConnectionStep } from '../actors/connectionSteps.ts';

export async function bumpVersion(db: Queryable, organizationNumber: string): Promise<void> {
  await db.query('update organization set version = version + 1 where organization_number = $1', [organizationNumber]);
}

export async function renameOrganization(
  db: Queryable,
  { organizationNumber, name }: { organizationNumber: string; name: string },
): Promise<void> {
  await db.query('update organization set name = $2 where organization_number = $1', [organizationNumber, name]);
}

export async function insertConnection(
  db: Queryable,
  row: { id: string; organizationNumber: string; roles: readonly ActorRole[]; at: Date },
): Promise<void> {
  await db.query(
    `insert into connection (id, organization_number, roles, step, applied_at, step_since)
     values ($1, $2, $3, 'application', $4, $4)`,
    [row.id, row.organizationNumber, row.roles, row.at.toISOString()],
  );
}

/** The rows of the roles, not let in yet. */
export async function insertRoles(
  db: Queryable,
  { organizationNumber, roles }: { organizationNumber: string; roles: readonly ActorRole[] },
): Promise<void> {
  await db.query(
    `with senders as (
       insert into sender (organization_number) select $1::bigint where 'sender' = any ($2::text[]) on conflict do nothing
     ), dispatchers as (
       insert into dispatcher (organization_number) select $1::bigint where 'dispatcher' = any ($2::text[])
       on conflict do nothing
     )
     insert into forwarder (organization_number) select $1::bigint where 'forwarder' = any ($2::text[])
     on conflict do nothing`,
    [organizationNumber, roles],
  );
}

export async function setStep(
  db: Queryable,
  { id, step, at }: { id: string; step: ConnectionStep; at: Date },
): Promise<void> {
  await db.query('update connection set step = $2, step_since = $3 where id = $1', [id, step, at.toISOString()]);
}

export async function endConnection(
  db: Queryable,
  { id, end, reason, at }: { id: string; end: ConnectionEnd; reason: string; at: Date },
): Promise<void> {
  await db.query('update connection set step = $2, ended_reason = $3, step_since = $4 where id = $1', [
    id,
    end,
    reason,
    at.toISOString(),
  ]);
}

export async function setAgreement(
  db: Queryable,
  { id, reference, on, signedBy }: { id: string; reference: string; on: string; signedBy: string },
): Promise<void> {
  await db.query(
    'update connection set agreement_reference = $2, agreement_on = $3, agreement_signed_by = $4 where id = $1',
    [id, reference, on, signedBy],
  );
}

export async function setConformance(
  db: Queryable,
  row: { id: string; result: 'passed' | 'waived'; reason: string; by: string; at: Date },
): Promise<void> {
  await db.query(
    `update connection set conformance = $2, conformance_reason = $3, conformance_by = $4, conformance_at = $5
     where id = $1`,
    [row.id, row.result, row.reason, row.by, row.at.toISOString()],
  );
}

/** Null lifts it. */
export async function setSuspension(
  db: Queryable,
  organizationNumber: string,
  suspension: { at: Date; reason: string; by: string } | null,
): Promise<void> {
  await db.query(
    `update organization set suspended_at = $2, suspended_reason = $3, suspended_by = $4 where organization_number = $1`,
    [organizationNumber, suspension?.at.toISOString() ?? null, suspension?.reason ?? null, suspension?.by ?? null],
  );
}

export async function deleteServedSenders(
  db: Queryable,
  { dispatcher, senders }: { dispatcher: string; senders: readonly string[] },
): Promise<void> {
  await db.query('delete from dispatcher_sender where dispatcher = $1 and sender = any ($2::bigint[])', [
    dispatcher,
    senders,
  ]);
}

export async function insertServedSender(
  db: Queryable,
  row: { dispatcher: string; sender: string; consentReference: string; at: Date; by: string },
): Promise<void> {
  await db.query(
    `insert into dispatcher_sender (dispatcher, sender, consent_reference, recorded_at, recorded_by)
     values ($1, $2, $3, $4, $5)`,
    [row.dispatcher, row.sender, row.consentReference, row.at.toISOString(), row.by],
  );
}

/** What a role that ends leaves behind: consents to it, and by it. A closed operator's accounts have no operator any more. */
export async function leaveRoles(
  db: Queryable,
  { organizationNumber, roles, at }: { organizationNumber: string; roles: readonly ActorRole[]; at: Date },
): Promise<void> {
  await db.query(
    `with consents as (
       delete from dispatcher_sender
       where ('sender' = any ($2::text[]) and sender = $1::bigint)
         or ('dispatcher' = any ($2::text[]) and dispatcher = $1::bigint)
     )
     update operator set left_at = $3
     where organization_number = $1::bigint and 'operator' = any ($2::text[])`,
    [organizationNumber, roles, at.toISOString()],
  );
}

/** An operator that comes back. */
export async function returnOperator(db: Queryable, organizationNumber: string): Promise<void> {
  await db.query('update operator set left_at = null where organization_number = $1 and left_at is not null', [
    organizationNumber,
  ]);
}

/** Frees the domain of an applicant that never was let in anywhere; such a one has no accounts. */
export async function deleteOperator(db: Queryable, organizationNumber: string): Promise<void> {
  await db.query('delete from operator where organization_number = $1', [organizationNumber]);
}
