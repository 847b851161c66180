import type { Queryable } from '@brevduva/base';
import { type Conformance, readConformance } from '../conformance/readConformance.ts';
import type { ConnectionRow } from '../sql/actors.ts';
import type { RegisterEnvironment } from './environment.ts';

/**
 * The checklist of a technical test that is going on, read off the actor's own traffic. Undefined where there is none: a register
 * for production lets nobody in to be tested, and there the result is recorded by hand.
 */
export async function readChecklist(
  db: Queryable,
  environment: RegisterEnvironment,
  organizationNumber: string,
  connection: Pick<ConnectionRow, 'step' | 'roles' | 'stepSince'> | undefined,
): Promise<Conformance | undefined> {
  if (environment !== 'test' || connection?.step !== 'technicalTest') return undefined;
  return readConformance(db, { organizationNumber, roles: connection.roles, since: connection.stepSince });
}
