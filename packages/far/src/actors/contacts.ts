import { appError, isUuid, newId } from '@brevduva/base';
import { ERRORS } from '../errors.ts';
import { deleteContact, insertContact } from '../sql/contactPersons.ts';
import type { ContactForm } from './applyForConnection.ts';
import { type ActorContext, type ActorRef, changeActor, type Staff } from './changeActor.ts';
import { FieldReader } from './readFields.ts';

/** Adds one who may be asked about the actor. @throws AppError FAR_ACTOR_INVALID and those of `changeActor` */
export async function addContact(context: ActorContext, by: Staff, ref: ActorRef, form: ContactForm): Promise<void> {
  const reader = new FieldReader();
  const contact = readContact(reader, form);
  reader.refuse();
  await changeActor(context, by, ref, async (db, { organizationNumber }, addedAt) => {
    await insertContact(db, { id: newId(), organizationNumber, ...contact, addedAt });
    return { what: 'contactAdded', after: { contact: contact.name } };
  });
}

/** @throws AppError FAR_CONTACT_NOT_FOUND and those of `changeActor` */
export function removeContact(context: ActorContext, by: Staff, ref: ActorRef, id: string): Promise<void> {
  return changeActor(context, by, ref, async (db, { organizationNumber }) => {
    const name = isUuid(id) ? await deleteContact(db, { id, organizationNumber }) : undefined;
    if (name === undefined) throw appError(ERRORS, 'FAR_CONTACT_NOT_FOUND');
    return { what: 'contactRemoved', before: { contact: name } };
  });
}

/** E-mail and personal number stay out of the audit trail, where nothing can ever be erased. */
export function readContact(reader: FieldReader, { name, email, personalNumber }: ContactForm) {
  return {
    name: reader.text('contactName', name, { min: 2 }),
    email: reader.email('contactEmail', email),
    personalNumber: reader.personalNumber('contactPersonalNumber', personalNumber),
  };
}
