import { appError, type Fault, type Queryable } from '@brevduva/base';
import { ERRORS } from '../errors.ts';
import { deleteServedSenders, insertServedSender } from '../sql/actorChanges.ts';
import { type ServedSenderRow, selectServedSenders } from '../sql/actors.ts';
import { unknownSenders } from '../sql/organizations.ts';
import { type ActorContext, type ActorRef, changeActor, livingRoles, type Staff } from './changeActor.ts';
import { FieldReader } from './readFields.ts';

export interface NewServedSender {
  sender: string;
  /** Where the sender's consent is found: a document's number, for instance. Not needed for the dispatcher's own mail. */
  consentReference: string;
}

/** What staff changes in the list of a dispatcher's senders. */
export interface ServedSendersForm {
  add: readonly NewServedSender[];
  /** Organisation numbers. */
  remove: readonly string[];
}

/**
 * Changes which senders a dispatcher may send for, each with that sender's consent. What is removed is refused with 6005 from
 * the next call on.
 *
 * @throws AppError FAR_ACTOR_INVALID, FAR_NOT_DISPATCHER, FAR_UNKNOWN_SENDER and those of `changeActor`
 */
export async function changeServedSenders(
  context: ActorContext,
  by: Staff,
  ref: ActorRef,
  form: ServedSendersForm,
): Promise<void> {
  const added = readAdded(form, ref.organizationNumber);
  await changeActor(context, by, ref, async (db, { organizationNumber: dispatcher, connections }, at) => {
    if (!livingRoles(connections).includes('dispatcher')) throw appError(ERRORS, 'FAR_NOT_DISPATCHER');
    const before = await selectServedSenders(db, dispatcher);
    await refuseUnknown(db, added);
    const replaced = [...form.remove, ...added.map(({ sender }) => sender)].filter((each) => TWELVE_DIGITS.test(each));
    await deleteServedSenders(db, { dispatcher, senders: replaced });
    for (const each of added) await insertServedSender(db, { dispatcher, ...each, at, by: by.name });
    const after = await selectServedSenders(db, dispatcher);
    return { what: 'servedSendersChanged', before: { senders: told(before) }, after: { senders: told(after) } };
  });
}

const TWELVE_DIGITS = /^\d{12}$/;

function readAdded({ add }: ServedSendersForm, dispatcher: string): NewServedSender[] {
  const reader = new FieldReader();
  const added = add.map(({ sender, consentReference }) => {
    const number = reader.organization('sender', sender);
    const isOwn = number === dispatcher && consentReference.trim() === '';
    return {
      sender: number,
      consentReference: isOwn ? 'Egen avsändare' : reader.text('consentReference', consentReference),
    };
  });
  reader.refuse();
  return added;
}

async function refuseUnknown(db: Queryable, added: readonly NewServedSender[]): Promise<void> {
  const unknown = await unknownSenders(
    db,
    added.map(({ sender }) => sender),
  );
  const faults: Fault[] = unknown.map(() => ({
    code: 'FAR_UNKNOWN_SENDER',
    path: 'sender',
    text: appError(ERRORS, 'FAR_UNKNOWN_SENDER').publicText,
  }));
  if (faults.length > 0) throw appError(ERRORS, 'FAR_UNKNOWN_SENDER', { faults });
}

function told(rows: readonly ServedSenderRow[]) {
  return rows.map(({ sender, name, consentReference }) => ({ sender, name, consentReference }));
}
