import type { Queryable } from '@brevduva/base';
import type { ActorRole } from '../actors/actorRole.ts';
import type { ConnectionEnd, ConnectionStep } from '../actors/connectionSteps.ts';

export interface ActorRow {
  organizationNumber: string;
  name: string;
  version: number;
  suspendedAt: Date | null;
  suspendedReason: string | null;
  suspendedBy: string | null;
}

export interface ConnectionRow {
  id: string;
  roles: ActorRole[];
  step: ConnectionStep | ConnectionEnd;
  appliedAt: Date;
  stepSince: Date;
  /** yyyy-mm-dd */
  agreementOn: string | null;
  agreementReference: string | null;
  agreementSignedBy: string | null;
  conformance: 'passed' | 'waived' | null;
  conformanceReason: string | null;
  conformanceBy: string | null;
  conformanceAt: Date | null;
  endedReason: string | null;
}

export interface ServedSenderRow {
  sender: string;
  name: string;
  /** Null for one that was loaded at start. */
  consentReference: string | null;
  recordedAt: Date | null;
  recordedBy: string | null;
  /** The sender itself is let in. */
  isAdmitted: boolean;
}

export interface OperatorDetailsRow {
  name: string;
  domain: string;
  serviceAddress: string;
  uiAddress: string | null;
  logo: string | null;
}

/** An actor: an organisation that has, or had, a connection. */
export async function selectActor(db: Queryable, organizationNumber: string): Promise<ActorRow | undefined> {
  const { rows } = await db.query<ActorRow>(
    `select organization_number::text as "organizationNumber", name, version, suspended_at as "suspendedAt",
       suspended_reason as "suspendedReason", suspended_by as "suspendedBy"
     from organization
     where organization_number = $1 and exists (
       select from connection where connection.organization_number = organization.organization_number
     )`,
    [organizationNumber],
  );
  return rows[0];
}

/** As `selectActor`, and whoever else wants to change the same organisation waits until this transaction ends. */
export async function lockActor(db: Queryable, organizationNumber: string): Promise<ActorRow | undefined> {
  await db.query('select from organization where organization_number = $1 for no key update', [organizationNumber]);
  return selectActor(db, organizationNumber);
}

/** The latest application first. */
export async function selectConnections(db: Queryable, organizationNumber: string): Promise<ConnectionRow[]> {
  const { rows } = await db.query<ConnectionRow>(
    `select id, roles, step, applied_at as "appliedAt", step_since as "stepSince", agreement_on as "agreementOn",
       agreement_reference as "agreementReference", agreement_signed_by as "agreementSignedBy", conformance,
       conformance_reason as "conformanceReason", conformance_by as "conformanceBy",
       conformance_at as "conformanceAt", ended_reason as "endedReason"
     from connection
     where organization_number = $1
     order by applied_at desc, id desc`,
    [organizationNumber],
  );
  return rows;
}

/** Whom a dispatcher may send for, by name. */
export async function selectServedSenders(db: Queryable, dispatcher: string): Promise<ServedSenderRow[]> {
  const { rows } = await db.query<ServedSenderRow>(
    `select dispatcher_sender.sender::text as sender, organization.name, consent_reference as "consentReference",
       recorded_at as "recordedAt", recorded_by as "recordedBy", sender.admitted as "isAdmitted"
     from dispatcher_sender
     join sender on sender.organization_number = dispatcher_sender.sender
     join organization on organization.organization_number = dispatcher_sender.sender
     where dispatcher = $1
     order by organization.name, dispatcher_sender.sender`,
    [dispatcher],
  );
  return rows;
}

/** Which dispatchers may send for a sender, by name. */
export async function selectDispatchersOf(
  db: Queryable,
  sender: string,
): Promise<{ organizationNumber: string; name: string }[]> {
  const { rows } = await db.query<{ organizationNumber: string; name: string }>(
    `select dispatcher::text as "organizationNumber", organization.name
     from dispatcher_sender
     join organization on organization.organization_number = dispatcher
     where sender = $1
     order by organization.name, dispatcher`,
    [sender],
  );
  return rows;
}

export async function selectOperatorDetails(
  db: Queryable,
  organizationNumber: string,
): Promise<OperatorDetailsRow | undefined> {
  const { rows } = await db.query<OperatorDetailsRow>(
    `select name, domain, service_address as "serviceAddress", ui_address as "uiAddress", logo
     from operator
     where organization_number = $1`,
    [organizationNumber],
  );
  return rows[0];
}
