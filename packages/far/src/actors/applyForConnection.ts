import { appError, inTransaction, isUniqueViolation, newId, type Queryable } from '@brevduva/base';
import { ERRORS } from '../errors.ts';
import { insertConnection, insertRoles, renameOrganization } from '../sql/actorChanges.ts';
import { lockActor, selectConnections } from '../sql/actors.ts';
import { insertContact } from '../sql/contactPersons.ts';
import {
  insertMissingOperator,
  insertMissingOrganizations,
  type NewOperatorRow,
  updateOperator,
} from '../sql/organizations.ts';
import { ACTOR_ROLES, type ActorRole } from './actorRole.ts';
import { type ActorContext, finishChange, livingRoles, type Staff } from './changeActor.ts';
import { isInProgress } from './connectionSteps.ts';
import { readContact } from './contacts.ts';
import { type OperatorForm, readOperator } from './operatorDetails.ts';
import { FieldReader } from './readFields.ts';

export interface ContactForm {
  name: string;
  email: string;
  /** Empty, or twelve digits: for a later login. */
  personalNumber: string;
}

/** An application as the staff writes it down; every text as it was typed. */
export interface ApplicationForm {
  organizationNumber: string;
  name: string;
  roles: readonly string[];
  contact: ContactForm;
  /** Needed for the role operator. */
  operator?: OperatorForm;
}

/**
 * Registers an application: a new connection at its first step. Nothing is let in by it. The organisation may be new, or
 * connected in other roles.
 *
 * @returns the organisation number, twelve digits
 * @throws AppError FAR_ACTOR_INVALID with every fault, FAR_CONNECTION_OPEN, FAR_ROLE_HELD, FAR_OPERATOR_DOMAIN_TAKEN
 */
export async function applyForConnection(context: ActorContext, by: Staff, form: ApplicationForm): Promise<string> {
  const { organizationNumber, name, roles, contact, operator } = readApplication(form);
  const { pool, clock, environment } = context;
  try {
    await inTransaction(pool, async (db) => {
      const at = clock.now();
      await insertMissingOrganizations(db, [{ organizationNumber, name }]);
      await lockActor(db, organizationNumber);
      const held = await refuseRunning(db, organizationNumber, roles);
      // One that is connected keeps the name that all parties know.
      if (held.length === 0) await renameOrganization(db, { organizationNumber, name });
      await insertConnection(db, { id: newId(), organizationNumber, roles, at });
      await insertRoles(db, { organizationNumber, roles });
      if (operator !== undefined) await storeOperator(db, { ...operator, organizationNumber });
      await insertContact(db, { id: newId(), organizationNumber, ...contact, addedAt: at });
      const after = { name, roles, contact: contact.name, ...(operator && { operator: { ...operator } }) };
      await finishChange(db, { environment, by, organizationNumber, at }, { what: 'applied', after });
    });
  } catch (err) {
    if (!isUniqueViolation(err, 'operator_domain')) throw err;
    throw appError(ERRORS, 'FAR_OPERATOR_DOMAIN_TAKEN', { cause: err });
  }
  return organizationNumber;
}

type Operator = Omit<NewOperatorRow, 'organizationNumber'>;

function readApplication({ organizationNumber, name, roles, contact, operator }: ApplicationForm) {
  const reader = new FieldReader();
  const chosen = ACTOR_ROLES.filter((role) => roles.includes(role));
  const isOperator = chosen.includes('operator');
  // In the order of the form: faults are told in it.
  const who = {
    organizationNumber: reader.organization('organizationNumber', organizationNumber),
    name: reader.text('name', name, { min: 2 }),
  };
  if (chosen.length === 0) reader.fault('roles', 'FAR_FIELD_CHOICE');
  const read = {
    ...who,
    roles: chosen,
    contact: readContact(reader, contact),
    operator: isOperator ? readOperator(reader, operator ?? NO_OPERATOR) : undefined,
  };
  reader.refuse();
  return read;
}

const NO_OPERATOR: OperatorForm = { operatorName: '', domain: '', serviceAddress: '', uiAddress: '' };

async function refuseRunning(db: Queryable, organizationNumber: string, roles: readonly ActorRole[]) {
  const connections = await selectConnections(db, organizationNumber);
  if (connections.some(({ step }) => isInProgress(step))) throw appError(ERRORS, 'FAR_CONNECTION_OPEN');
  const held = livingRoles(connections);
  if (roles.some((role) => held.includes(role))) throw appError(ERRORS, 'FAR_ROLE_HELD');
  return held;
}

async function storeOperator(db: Queryable, row: Operator & { organizationNumber: string }): Promise<void> {
  await insertMissingOperator(db, row);
  await updateOperator(db, row);
}
