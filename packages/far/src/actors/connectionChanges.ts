import { appError, type Queryable } from '@brevduva/base';
import { ERRORS } from '../errors.ts';
import {
  deleteOperator,
  endConnection,
  leaveRoles,
  returnOperator,
  setAgreement,
  setConformance,
  setStep,
} from '../sql/actorChanges.ts';
import { type ConnectionRow, selectServedSenders } from '../sql/actors.ts';
import { selectCertificates } from '../sql/certificates.ts';
import { selectContacts } from '../sql/contactPersons.ts';
import {
  type ActorContext,
  type ActorRef,
  type ChangingActor,
  changeActor,
  requireInProgress,
  type Staff,
} from './changeActor.ts';
import { readChecklist } from './checklistState.ts';
import { connectionFacts } from './connectionFacts.ts';
import {
  CONNECTION_ENDS,
  type ConnectionEnd,
  missingRequirements,
  possibleEnds,
  type Requirement,
} from './connectionSteps.ts';
import { FieldReader } from './readFields.ts';

export interface AgreementForm {
  reference: string;
  /** yyyy-mm-dd */
  agreedOn: string;
  signedBy: string;
}

export interface ConformanceForm {
  /** `passed` or `waived`. */
  result: string;
  /** Where the result is found, or why it is not needed. */
  reason: string;
}

export interface EndForm {
  end: string;
  reason: string;
}

/**
 * Registers the agreement, which brings an application to the next step; later it corrects what was written.
 *
 * @throws AppError FAR_ACTOR_INVALID, FAR_STEP_WRONG, FAR_STEP_MISSING and those of `changeActor`
 */
export async function registerAgreement(
  context: ActorContext,
  by: Staff,
  ref: ActorRef,
  form: AgreementForm,
): Promise<void> {
  const reader = new FieldReader();
  const reference = reader.text('reference', form.reference);
  const on = reader.day('agreedOn', form.agreedOn, context.clock.now());
  const signedBy = reader.text('signedBy', form.signedBy, { min: 2 });
  reader.refuse();
  await changeActor(context, by, ref, async (db, actor, at) => {
    const connection = requireInProgress(actor, ['application', 'agreement']);
    await setAgreement(db, { id: connection.id, reference, on, signedBy });
    const agreed = { ...connection, agreementReference: reference, agreementOn: on, agreementSignedBy: signedBy };
    await refuseMissing(db, context, actor, agreed, at);
    if (connection.step === 'application') await setStep(db, { id: connection.id, step: 'agreement', at });
    return {
      what: 'agreementRegistered',
      before: { step: connection.step, ...agreementOf(connection) },
      after: { step: 'agreement', ...agreementOf(agreed) },
    };
  });
}

/** From here on the register's test environment lets the actor in. @throws as `registerAgreement` */
export function startTechnicalTest(context: ActorContext, by: Staff, ref: ActorRef): Promise<void> {
  return goOn(context, by, ref, { from: 'agreement', to: 'technicalTest', what: 'technicalTestStarted' });
}

/** From here on the actor is let in everywhere. @throws as `registerAgreement` */
export function approveForProduction(context: ActorContext, by: Staff, ref: ActorRef): Promise<void> {
  return goOn(context, by, ref, { from: 'technicalTest', to: 'production', what: 'approvedForProduction' });
}

/**
 * Records what came out of the conformance checklist: passed, with where the result is found, or waived, with the reason.
 *
 * @throws AppError FAR_ACTOR_INVALID, FAR_STEP_WRONG and those of `changeActor`
 */
export async function recordConformance(
  context: ActorContext,
  by: Staff,
  ref: ActorRef,
  form: ConformanceForm,
): Promise<void> {
  const reader = new FieldReader();
  const result = form.result === 'waived' ? 'waived' : 'passed';
  if (form.result !== result) reader.fault('result', 'FAR_FIELD_CHOICE');
  const reason = reader.reason('conformanceReason', form.reason);
  reader.refuse();
  await changeActor(context, by, ref, async (db, actor, at) => {
    const connection = requireInProgress(actor, ['technicalTest']);
    if (result === 'passed') await refuseUndone(db, context, actor, connection);
    await setConformance(db, { id: connection.id, result, reason, by: by.name, at });
    const before = { conformance: connection.conformance, reason: connection.conformanceReason };
    return { what: 'conformanceRecorded', before, after: { conformance: result, reason } };
  });
}

/**
 * Ends a connection: rejected or withdrawn while it is in progress, closed when it is in production. Its roles end with it;
 * of several in production, the one with the given id.
 *
 * @throws AppError FAR_ACTOR_INVALID, FAR_STEP_WRONG and those of `changeActor`
 */
export async function endTheConnection(
  context: ActorContext,
  by: Staff,
  ref: ActorRef,
  { connectionId, ...form }: EndForm & { connectionId: string },
): Promise<void> {
  const reader = new FieldReader();
  const reason = reader.reason('reason', form.reason);
  const end = CONNECTION_ENDS.find((each) => each === form.end);
  if (end === undefined) reader.fault('end', 'FAR_FIELD_CHOICE');
  reader.refuse();
  await changeActor(context, by, ref, async (db, actor, at) => {
    const connection = actor.connections.find(({ id }) => id === connectionId);
    if (connection === undefined || end === undefined || !possibleEnds(connection.step).includes(end)) {
      throw appError(ERRORS, 'FAR_STEP_WRONG');
    }
    await endConnection(db, { id: connection.id, end, reason, at });
    await tidyRoles(db, actor, connection, { end, at });
    const { step, roles } = connection;
    return { what: end, before: { step, roles }, after: { step: end, reason } };
  });
}

async function goOn(
  context: ActorContext,
  by: Staff,
  ref: ActorRef,
  {
    from,
    to,
    what,
  }: {
    from: 'agreement' | 'technicalTest';
    to: 'technicalTest' | 'production';
    what: 'technicalTestStarted' | 'approvedForProduction';
  },
): Promise<void> {
  await changeActor(context, by, ref, async (db, actor, at) => {
    const connection = requireInProgress(actor, [from]);
    await refuseMissing(db, context, actor, connection, at);
    await setStep(db, { id: connection.id, step: to, at });
    // An operator that left and comes back is the same one: accounts that still point at it are its own again.
    if (to === 'production' && connection.roles.includes('operator')) {
      await returnOperator(db, actor.organizationNumber);
    }
    const { roles } = connection;
    return { what, before: { step: from }, after: { step: to, roles } };
  });
}

/** Where the actor's own traffic tells, nobody can say that it has passed before it has. */
async function refuseUndone(
  db: Queryable,
  { environment }: ActorContext,
  { organizationNumber }: ChangingActor,
  connection: ConnectionRow,
): Promise<void> {
  const checklist = await readChecklist(db, environment, organizationNumber, connection);
  if (checklist === undefined || checklist.isDone) return;
  const { requiredDone: done, requiredCount: count } = checklist;
  throw appError(ERRORS, 'FAR_CONFORMANCE_NOT_DONE', { values: { done, count } });
}

async function refuseMissing(
  db: Queryable,
  { environment }: ActorContext,
  { organizationNumber }: ChangingActor,
  connection: ConnectionRow,
  at: Date,
): Promise<void> {
  const facts = connectionFacts(connection, {
    contacts: await selectContacts(db, organizationNumber),
    certificates: await selectCertificates(db, organizationNumber),
    servedSenders: await selectServedSenders(db, organizationNumber),
    checklist: await readChecklist(db, environment, organizationNumber, connection),
    now: at,
  });
  const missing = missingRequirements(facts);
  if (missing.length === 0) return;
  const faults = missing.map((each) => {
    const code = MISSING[each];
    return { code, path: each, text: ERRORS[code].text };
  });
  const values = { missing: faults.map(({ text }) => text).join(' ') };
  throw appError(ERRORS, 'FAR_STEP_MISSING', { faults, values });
}

const MISSING = {
  contact: 'FAR_MISSING_CONTACT',
  agreement: 'FAR_MISSING_AGREEMENT',
  certificate: 'FAR_MISSING_CERTIFICATE',
  servedSender: 'FAR_MISSING_SERVED_SENDER',
  conformance: 'FAR_MISSING_CONFORMANCE',
} as const satisfies Record<Requirement, keyof typeof ERRORS>;

/** Nothing is left of an applicant's operator that never was let in, so that its domain is free. */
async function tidyRoles(
  db: Queryable,
  { organizationNumber, connections }: ChangingActor,
  { id, roles, step }: ConnectionRow,
  { end, at }: { end: ConnectionEnd; at: Date },
): Promise<void> {
  if (end === 'closed') return leaveRoles(db, { organizationNumber, roles, at });
  const wasNeverLetIn =
    step !== 'technicalTest' && !connections.some((other) => other.id !== id && other.roles.includes('operator'));
  if (roles.includes('operator') && wasNeverLetIn) await deleteOperator(db, organizationNumber);
  return undefined;
}

function agreementOf({ agreementReference, agreementOn, agreementSignedBy }: ConnectionRow) {
  return { reference: agreementReference, agreedOn: agreementOn, signedBy: agreementSignedBy };
}
