import { appError, isUniqueViolation } from '@brevduva/base';
import { ERRORS } from '../errors.ts';
import { selectOperatorDetails } from '../sql/actors.ts';
import { updateOperator } from '../sql/organizations.ts';
import { type ActorContext, type ActorRef, changeActor, type Staff } from './changeActor.ts';
import { FieldReader } from './readFields.ts';

export interface OperatorForm {
  /** The mailbox's name, as people know it. */
  operatorName: string;
  domain: string;
  serviceAddress: string;
  /** Empty: none. */
  uiAddress: string;
}

/**
 * Gives an operator new addresses: every sender is told them from the next look-up on, so letters go there at once.
 *
 * @throws AppError FAR_ACTOR_INVALID, FAR_NOT_OPERATOR, FAR_OPERATOR_DOMAIN_TAKEN and those of `changeActor`
 */
export async function changeOperator(
  context: ActorContext,
  by: Staff,
  ref: ActorRef,
  form: OperatorForm,
): Promise<void> {
  const reader = new FieldReader();
  const wanted = readOperator(reader, form);
  reader.refuse();
  try {
    await changeActor(context, by, ref, async (db, { organizationNumber }) => {
      const found = await selectOperatorDetails(db, organizationNumber);
      if (found === undefined) throw appError(ERRORS, 'FAR_NOT_OPERATOR');
      await updateOperator(db, { ...wanted, organizationNumber, logo: found.logo });
      return { what: 'operatorChanged', before: { ...found }, after: { ...wanted, logo: found.logo } };
    });
  } catch (err) {
    if (!isUniqueViolation(err, 'operator_domain')) throw err;
    throw appError(ERRORS, 'FAR_OPERATOR_DOMAIN_TAKEN', { cause: err });
  }
}

export function readOperator(reader: FieldReader, form: OperatorForm) {
  const uiAddress = form.uiAddress.trim();
  return {
    name: reader.text('operatorName', form.operatorName, { min: 2 }),
    domain: reader.domain('domain', form.domain),
    serviceAddress: reader.address('serviceAddress', form.serviceAddress, ['https:']),
    uiAddress: uiAddress === '' ? null : reader.address('uiAddress', uiAddress, ['https:', 'http:']),
    logo: null,
  };
}
