import type { Queryable } from '@brevduva/base';
import type { ActorRole } from '../actors/actorRole.ts';
import { type ConnectionRow, selectConnections } from '../sql/actors.ts';
import { type Conformance, readConformance } from './readConformance.ts';

export interface ActorConformance extends Conformance {
  readonly roles: readonly ActorRole[];
  /** The technical test is going on now. */
  readonly isTesting: boolean;
}

/**
 * An actor's checklist: of the technical test that is going on, else of what led to the connections it has now. Undefined
 * before the first technical test and when everything has ended.
 */
export async function readActorConformance(
  db: Queryable,
  organizationNumber: string,
): Promise<ActorConformance | undefined> {
  const subject = subjectOf(await selectConnections(db, organizationNumber));
  if (subject === undefined) return undefined;
  const { roles, since, isTesting } = subject;
  return { ...(await readConformance(db, { organizationNumber, roles, since })), roles, isTesting };
}

/** After the test only its beginning's lower bound is known: the day of the application. */
function subjectOf(connections: readonly ConnectionRow[]) {
  const testing = connections.find(({ step }) => step === 'technicalTest');
  if (testing !== undefined) return { roles: testing.roles, since: testing.stepSince, isTesting: true };
  const connected = connections.filter(({ step }) => step === 'production');
  const first = connected.map(({ appliedAt }) => appliedAt).sort((a, b) => a.getTime() - b.getTime())[0];
  if (first === undefined) return undefined;
  return { roles: [...new Set(connected.flatMap(({ roles }) => roles))], since: first, isTesting: false };
}
