import { contractFault, type Dispatcher, type OrganizationNumber, type Sender } from '@brevduva/protocol';
import { isKnown } from '../caller.ts';
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
  const row = await selectCaller(pool, { caller, fingerprint: null, sender: arg0 });
  if (!isKnown(row)) throw contractFault('ACCESS_DENIED');
  return { return: row.senderIsRegistered };
}

/** The schema's `\d` is any Unicode digit, also the Arabic ones. */
const ASCII_DIGITS = /^[0-9]{12}$/;

async function refuseUnknown(pool: Pool, caller: OrganizationNumber): Promise<void> {
  const row = await selectCaller(pool, { caller, fingerprint: null, sender: null });
  if (!isKnown(row)) throw contractFault('ACCESS_DENIED');
}
