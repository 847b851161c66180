import { contractFault, type Dispatcher, type OrganizationNumber, type Sender } from '@brevduva/protocol';
import { selectCaller, selectDispatchers, selectSenders } from '../sql/organizations.ts';
import type { Pool } from '../sql/pool.ts';

/** `getSenders`: every connected sender, by name. @throws ContractFault 5002 */
export async function getSenders(pool: Pool, caller: OrganizationNumber): Promise<{ return: Sender[] }> {
  await refuseUnknown(pool, caller);
  const rows = await selectSenders(pool);
  return { return: rows.map(({ organizationNumber, name }) => ({ Id: organizationNumber, Name: name })) };
}

/** `getDispatchers`: every connected dispatcher, with the senders it serves. @throws ContractFault 5002 */
export async function getDispatchers(pool: Pool, caller: OrganizationNumber): Promise<{ return: Dispatcher[] }> {
  await refuseUnknown(pool, caller);
  const rows = await selectDispatchers(pool);
  return {
    return: rows.map(({ organizationNumber, name, senders }) => ({
      Id: organizationNumber,
      Name: name,
      Senders: senders,
    })),
  };
}

/** `isSenderAccepted`: whether a number is that of a connected sender. @throws ContractFault 5001, 5002 */
export async function isSenderAccepted(
  pool: Pool,
  { arg0 }: { arg0: string },
  caller: OrganizationNumber,
): Promise<{ return: boolean }> {
  if (!ASCII_DIGITS.test(arg0)) throw contractFault('INVALID_INPUT', 'an id has other digits than 0-9');
  const { isSender, isDispatcher, isOperator, senderIsRegistered } = await selectCaller(pool, caller, arg0);
  if (!isSender && !isDispatcher && !isOperator) throw contractFault('ACCESS_DENIED');
  return { return: senderIsRegistered };
}

/** The schema's `\d` is any Unicode digit, also the Arabic ones. */
const ASCII_DIGITS = /^[0-9]{12}$/;

async function refuseUnknown(pool: Pool, caller: OrganizationNumber): Promise<void> {
  const { isSender, isDispatcher, isOperator } = await selectCaller(pool, caller, null);
  if (!isSender && !isDispatcher && !isOperator) throw contractFault('ACCESS_DENIED');
}
