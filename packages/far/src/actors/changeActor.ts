import { appError, type Clock, inTransaction, type Queryable } from '@brevduva/base';
import type { TrustStore } from '@brevduva/protocol';
import { ERRORS } from '../errors.ts';
import { bumpVersion } from '../sql/actorChanges.ts';
import { type ActorRow, type ConnectionRow, lockActor, selectConnections } from '../sql/actors.ts';
import { refreshAdmission } from '../sql/admission.ts';
import { type AuditFacts, insertAuditEvent } from '../sql/auditEvents.ts';
import type { Pool } from '../sql/pool.ts';
import type { ActorRole } from './actorRole.ts';
import type { AuditAct } from './auditAct.ts';
import { isInProgress } from './connectionSteps.ts';
import { admittingSteps, type RegisterEnvironment } from './environment.ts';

/** What the functions that change actors work with. */
export interface ActorContext {
  pool: Pool;
  clock: Clock;
  environment: RegisterEnvironment;
  /** Issuers of certificates for organisations: those of the SOAP listener. */
  trust: TrustStore;
  /** Certificates of an actor that may be in use at the same time for the same purpose. */
  certificatesActiveMax: number;
}

/** Who does it: the register owner's staff, as logged in. */
export interface Staff {
  subject: string;
  name: string;
}

/** Which actor, as it stood on the page that the person acted from. */
export interface ActorRef {
  organizationNumber: string;
  version: number;
}

/** What a change finds: the actor, locked. */
export interface ChangingActor extends ActorRow {
  connections: readonly ConnectionRow[];
  /** The connection that is neither in production nor ended; at most one. */
  inProgress: ConnectionRow | undefined;
}

export interface Changed {
  what: AuditAct;
  before?: AuditFacts;
  after?: AuditFacts;
}

/**
 * The one way in which an actor is changed. In one transaction: the actor is locked, the version compared, the change made,
 * who is let in written anew, and the audit trail written. So no change is without its line there, and of two who act at the
 * same time the second is told.
 *
 * @throws AppError FAR_ACTOR_NOT_FOUND, FAR_ACTOR_CHANGED, and what `work` throws; nothing is changed then
 */
export function changeActor(
  { pool, clock, environment }: ActorContext,
  by: Staff,
  { organizationNumber, version }: ActorRef,
  work: (db: Queryable, actor: ChangingActor, at: Date) => Promise<Changed>,
): Promise<void> {
  return inTransaction(pool, async (db) => {
    const actor = await lockActor(db, organizationNumber);
    if (actor === undefined) throw appError(ERRORS, 'FAR_ACTOR_NOT_FOUND');
    if (actor.version !== version) throw appError(ERRORS, 'FAR_ACTOR_CHANGED');
    const connections = await selectConnections(db, organizationNumber);
    const inProgress = connections.find(({ step }) => isInProgress(step));
    const at = clock.now();
    const changed = await work(db, { ...actor, connections, inProgress }, at);
    await finishChange(db, { environment, by, organizationNumber, at }, changed);
  });
}

/** What follows every change, in its transaction. */
export async function finishChange(
  db: Queryable,
  who: { environment: RegisterEnvironment; by: Staff; organizationNumber: string; at: Date },
  { what, before, after }: Changed,
): Promise<void> {
  const { environment, by, organizationNumber, at } = who;
  await bumpVersion(db, organizationNumber);
  await refreshAdmission(db, { steps: admittingSteps(environment), organizationNumber });
  const { subject, name } = by;
  const facts = { before: before ?? null, after: after ?? null };
  await insertAuditEvent(db, { at, organizationNumber, subject, name, what, ...facts });
}

/** The roles of connections that have not ended: those it has, and those it has applied for. */
export function livingRoles(connections: readonly ConnectionRow[]): ActorRole[] {
  const living = connections.filter(({ step }) => isInProgress(step) || step === 'production');
  return [...new Set(living.flatMap(({ roles }) => roles))];
}

/** @throws AppError FAR_STEP_WRONG when no connection is in progress, or stands at another step */
export function requireInProgress({ inProgress }: ChangingActor, steps?: readonly string[]): ConnectionRow {
  if (inProgress === undefined || (steps !== undefined && !steps.includes(inProgress.step))) {
    throw appError(ERRORS, 'FAR_STEP_WRONG');
  }
  return inProgress;
}
