import assert from 'node:assert/strict';
import { AppError, type Clock, systemClock } from '@brevduva/base';
import { createTestAuthority, type TestAuthority } from '@brevduva/protocol/testing';
import { type Actors, createActors } from '../src/actors/actors.ts';
import type { ApplicationForm } from '../src/actors/applyForConnection.ts';
import type { ActorRef, Staff } from '../src/actors/changeActor.ts';
import type { RegisterEnvironment } from '../src/actors/environment.ts';
import { createFarDatabase } from './database.ts';

/** Numbers that no other sample uses. */
export const NEW_SENDER = '162120002528';
export const NEW_OPERATOR = '165567890123';
export const FREJA: Staff = { subject: 'freja', name: 'Freja Öberg' };
export const GÖSTA: Staff = { subject: 'gosta', name: 'Gösta Ek' };

export interface ActorsWorld {
  actors: Actors;
  database: Awaited<ReturnType<typeof createFarDatabase>>;
  authority: TestAuthority;
  /** Moves the clock that actors and trust look at. */
  setNow(now: Date): void;
  now(): Date;
  pem(organizationNumber: string, validity?: { days?: number; notBefore?: Date }): Promise<string>;
  /** The actor as a page shows it now. */
  ref(organizationNumber: string): Promise<ActorRef>;
  /** Everything in the tables of actors, for "nothing is changed". */
  snapshot(): Promise<string>;
  /** Asserts code and text of the refusal, and that nothing was changed. */
  refused(work: () => Promise<unknown>, code: string, text: RegExp): Promise<void>;
  /** As `refused`, with the fields that were faulty. */
  faulty(work: () => Promise<unknown>): Promise<string[]>;
  close(): Promise<void>;
}

export async function createActorsWorld(environment: RegisterEnvironment = 'production'): Promise<ActorsWorld> {
  const database = await createFarDatabase();
  const authority = await createTestAuthority({ name: 'Utfärdaren' });
  let now = new Date();
  const clock: Clock = { ...systemClock, now: () => now };
  const { pool } = database;
  const actors = createActors({ pool, clock, environment, ca: authority.caPem });
  const snapshot = async () => {
    const parts: unknown[] = [];
    for (const [table, order] of TABLES) {
      parts.push((await pool.query(`select ${table}::text as row from ${table} order by ${order}`)).rows);
    }
    return JSON.stringify(parts, null, 1);
  };
  const refusal = async (work: () => Promise<unknown>): Promise<AppError> => {
    const before = await snapshot();
    const error = await work().catch((err: unknown) => err);
    assert.ok(error instanceof AppError, `not refused, or not by us: ${String(error)}`);
    assert.equal(await snapshot(), before, 'something was changed after a refusal');
    return error;
  };
  return {
    actors,
    database,
    authority,
    setNow: (wanted) => {
      now = wanted;
    },
    now: () => now,
    pem: async (organizationNumber, validity) =>
      (await authority.issue({ organizationNumber, commonName: 'aktören', ...validity })).certPem,
    ref: async (organizationNumber) => {
      const { version } = await actors.read(organizationNumber);
      return { organizationNumber, version };
    },
    snapshot,
    refused: async (work, code, text) => {
      const error = await refusal(work);
      assert.equal(error.code, code, error.message);
      const told = [error.publicText, ...error.faults.map((fault) => `${fault.path}: ${fault.text}`)].join('\n');
      assert.match(told, text);
    },
    faulty: async (work) => (await refusal(work)).faults.map(({ path }) => path),
    close: () => database.close(),
  };
}

const TABLES = [
  ['organization', 'organization_number'],
  ['connection', 'id'],
  ['contact_person', 'id'],
  ['certificate', 'fingerprint'],
  ['sender', 'organization_number'],
  ['dispatcher', 'organization_number'],
  ['operator', 'organization_number'],
  ['forwarder', 'organization_number'],
  ['dispatcher_sender', 'dispatcher, sender'],
  ['audit_event', 'id'],
] as const;

export function application(changes: Partial<ApplicationForm> = {}): ApplicationForm {
  return {
    organizationNumber: NEW_SENDER,
    name: 'Nya kommunen',
    roles: ['sender'],
    contact: { name: 'Åsa Ödman', email: 'asa@kommunen.example', personalNumber: '' },
    ...changes,
  };
}

export const OPERATOR_FORM = {
  operatorName: 'Nya brevlådan',
  domain: 'nya.example',
  serviceAddress: 'https://nya.example/service/v3',
  uiAddress: 'https://nya.example',
};

export const agreement = (now: Date) => ({
  reference: 'DNR 2026-17',
  agreedOn: now.toISOString().slice(0, 10),
  signedBy: 'Kommundirektören',
});

/** Takes an actor as far as the step, as honest staff does it. */
export async function bringTo(
  world: ActorsWorld,
  step: 'application' | 'agreement' | 'technicalTest' | 'production',
  form: ApplicationForm = application(),
): Promise<string> {
  const { change } = world.actors;
  const number = await change.apply(FREJA, form);
  if (step === 'application') return number;
  await change.registerAgreement(FREJA, await world.ref(number), agreement(world.now()));
  if (step === 'agreement') return number;
  const certificate = { certificate: await world.pem(number), purposes: ['tls', 'signing'] };
  await change.addCertificate(FREJA, await world.ref(number), certificate);
  await change.startTechnicalTest(FREJA, await world.ref(number));
  if (step === 'technicalTest') return number;
  const passed = { result: 'passed', reason: 'Protokoll 2026-17-3' };
  await change.recordConformance(FREJA, await world.ref(number), passed);
  await change.approveForProduction(FREJA, await world.ref(number));
  return number;
}
