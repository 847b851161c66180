import { appError, inSnapshot, type Queryable } from '@brevduva/base';
import type { Conformance } from '../conformance/readConformance.ts';
import { ERRORS } from '../errors.ts';
import {
  type ActorRow,
  type ConnectionRow,
  type OperatorDetailsRow,
  type ServedSenderRow,
  selectActor,
  selectConnections,
  selectDispatchersOf,
  selectOperatorDetails,
  selectServedSenders,
} from '../sql/actors.ts';
import { type AuditEventRow, selectAuditEventsOf } from '../sql/auditEvents.ts';
import { type CertificateRow, selectCertificates } from '../sql/certificates.ts';
import { type ContactRow, selectContacts } from '../sql/contactPersons.ts';
import type { ActorRole } from './actorRole.ts';
import { type ActorContext, livingRoles } from './changeActor.ts';
import { readChecklist } from './checklistState.ts';
import { connectionFacts } from './connectionFacts.ts';
import { demandedRequirements, isInProgress, missingRequirements, type Requirement } from './connectionSteps.ts';

export interface ConnectionView extends ConnectionRow {
  /** What its next step demands, in order; and of that, what is missing. */
  demanded: readonly Requirement[];
  missing: readonly Requirement[];
}

/** All that the register knows about an actor, as it was at one moment. */
export interface ActorView extends ActorRow {
  /** Held or applied for. */
  roles: readonly ActorRole[];
  inProgress: ConnectionView | undefined;
  /** In production, and ended; the latest application first. */
  others: readonly ConnectionView[];
  /** Of the technical test that is going on in a register for tests. */
  checklist: Conformance | undefined;
  contacts: readonly ContactRow[];
  certificates: readonly CertificateRow[];
  servedSenders: readonly ServedSenderRow[];
  servedBy: readonly { organizationNumber: string; name: string }[];
  operator: OperatorDetailsRow | undefined;
  /** The latest first. */
  history: readonly AuditEventRow[];
}

const HISTORY_LENGTH = 100;

/** @throws AppError FAR_ACTOR_NOT_FOUND */
export function readActor(
  { pool, clock, environment }: Pick<ActorContext, 'pool' | 'clock' | 'environment'>,
  organizationNumber: string,
): Promise<ActorView> {
  const now = clock.now();
  return inSnapshot(pool, async (db) => {
    const actor = TWELVE_DIGITS.test(organizationNumber) ? await selectActor(db, organizationNumber) : undefined;
    if (actor === undefined) throw appError(ERRORS, 'FAR_ACTOR_NOT_FOUND');
    const known = await readKnown(db, organizationNumber);
    const rows = await selectConnections(db, organizationNumber);
    const testing = rows.find(({ step }) => step === 'technicalTest');
    const checklist = await readChecklist(db, environment, organizationNumber, testing);
    const connections = rows.map((connection) => {
      const facts = connectionFacts(connection, { ...known, checklist, now });
      return { ...connection, missing: missingRequirements(facts), demanded: demandedRequirements(facts) };
    });
    return {
      ...actor,
      ...known,
      checklist,
      roles: livingRoles(connections),
      inProgress: connections.find(({ step }) => isInProgress(step)),
      others: connections.filter(({ step }) => !isInProgress(step)),
    };
  });
}

const TWELVE_DIGITS = /^16\d{10}$/;

async function readKnown(db: Queryable, organizationNumber: string) {
  return {
    contacts: await selectContacts(db, organizationNumber),
    certificates: await selectCertificates(db, organizationNumber),
    servedSenders: await selectServedSenders(db, organizationNumber),
    servedBy: await selectDispatchersOf(db, organizationNumber),
    operator: await selectOperatorDetails(db, organizationNumber),
    history: await selectAuditEventsOf(db, { organizationNumber, limit: HISTORY_LENGTH }),
  };
}
