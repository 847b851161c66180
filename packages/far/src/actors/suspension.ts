import { appError } from '@brevduva/base';
import { ERRORS } from '../errors.ts';
import { setSuspension } from '../sql/actorChanges.ts';
import { type ActorContext, type ActorRef, changeActor, type Staff } from './changeActor.ts';
import { FieldReader } from './readFields.ts';

/**
 * Shuts an actor out, in all its roles, from the next call on. Its steps, certificates and accounts stay as they are.
 *
 * @throws AppError FAR_ACTOR_INVALID, FAR_ACTOR_SUSPENDED and those of `changeActor`
 */
export async function suspend(
  context: ActorContext,
  by: Staff,
  ref: ActorRef,
  form: { reason: string },
): Promise<void> {
  const reason = readReason(form);
  await changeActor(context, by, ref, async (db, { organizationNumber, suspendedAt }, at) => {
    if (suspendedAt !== null) throw appError(ERRORS, 'FAR_ACTOR_SUSPENDED');
    await setSuspension(db, organizationNumber, { at, reason, by: by.name });
    return { what: 'suspended', after: { reason } };
  });
}

/** Lets it in again as far as its connections have come. @throws as `suspend`, with FAR_ACTOR_NOT_SUSPENDED */
export async function liftSuspension(
  context: ActorContext,
  by: Staff,
  ref: ActorRef,
  form: { reason: string },
): Promise<void> {
  const reason = readReason(form);
  await changeActor(context, by, ref, async (db, { organizationNumber, suspendedAt, suspendedReason }) => {
    if (suspendedAt === null) throw appError(ERRORS, 'FAR_ACTOR_NOT_SUSPENDED');
    await setSuspension(db, organizationNumber, null);
    const before = { suspendedAt: suspendedAt.toISOString(), reason: suspendedReason };
    return { what: 'suspensionLifted', before, after: { reason } };
  });
}

function readReason({ reason }: { reason: string }): string {
  const reader = new FieldReader();
  const read = reader.reason('reason', reason);
  reader.refuse();
  return read;
}
