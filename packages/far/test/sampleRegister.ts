import type { OrganizationNumber } from '@brevduva/protocol';
import { createRegister } from '../src/index.ts';
import type { Pool } from '../src/sql/pool.ts';

const organization = (number: string) => number as OrganizationNumber;

/** Sends for itself, and dispatches for `SERVED`. */
export const MUNICIPALITY = organization('162021004748');
/** A sender without a system of its own. */
export const SERVED = organization('162021003898');
/** A sender whom `MUNICIPALITY` does not serve. */
export const OTHER_SENDER = organization('162120000142');
export const OPERATOR = organization('165568402266');
/** Holds a certificate of the right authority and is in no register. */
export const STRANGER = organization('165560160680');

export const REACHABLE = '192705178354';
export const UNREGISTERED = '191212121212';
export const BLOCKS_MUNICIPALITY = '198101032384';
export const COORDINATION = '197010632391';
export const PENDING_COMPANY = '165590000005';
export const DEREGISTERED = '191202291231';
export const ANONYMOUS = '200002290013';
export const WITHOUT_SUPPLIER = '189912310019';

export const REGISTERED_AT = new Date('2016-10-30T14:38:49.517Z');

/** One of every kind that FACTS d and scenarios 11 and 12 name. */
export async function fillSampleRegister(pool: Pool): Promise<void> {
  const register = createRegister(pool);
  await register.addOperator({
    organizationNumber: OPERATOR,
    name: 'Brevlådan',
    domain: 'brevladan.example',
    serviceAddress: 'https://mailbox.example/service/v3',
    uiAddress: 'https://mailbox.example',
  });
  await register.addSenders([
    { organizationNumber: MUNICIPALITY, name: 'Kommun A' },
    { organizationNumber: SERVED, name: 'Kommun B' },
    { organizationNumber: OTHER_SENDER, name: 'Staden & regionen' },
  ]);
  await register.addDispatcher(MUNICIPALITY, 'Kommun A', [MUNICIPALITY, SERVED]);
  const secure = { operator: OPERATOR, registeredAt: REGISTERED_AT };
  await register.addAccounts([
    { ...secure, recipientId: REACHABLE },
    { ...secure, recipientId: BLOCKS_MUNICIPALITY },
    { ...secure, recipientId: COORDINATION },
    { ...secure, recipientId: PENDING_COMPANY, pending: true },
    { ...secure, recipientId: DEREGISTERED, type: 'Not' },
    { ...secure, recipientId: ANONYMOUS, type: 'Anonymous' },
    { recipientId: WITHOUT_SUPPLIER, registeredAt: REGISTERED_AT },
  ]);
  await register.blockSender(BLOCKS_MUNICIPALITY, MUNICIPALITY);
}
