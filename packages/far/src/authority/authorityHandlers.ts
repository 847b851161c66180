import type { authorityService, SoapHandlers } from '@brevduva/protocol';
import type { AccountContext } from '../recipient/accountContext.ts';
import { testNewSigner, verifyAuthorizedSignatures } from './companySignatures.ts';
import { getDispatchers, getSenders, isSenderAccepted } from './connectedParties.ts';
import { getUserAccessRights } from './userAccessRights.ts';

/** The seven operations of Authority (FACTS b.8). None of them changes anything. */
export function authorityHandlers(context: AccountContext): Required<SoapHandlers<typeof authorityService>> {
  const { pool } = context;
  return {
    getSenders: (_request, { caller }) => getSenders(pool, caller),
    getDispatchers: (_request, { caller }) => getDispatchers(pool, caller),
    isSenderAccepted: (request, { caller }) => isSenderAccepted(pool, request, caller),
    getUserAccessRights: (request, { caller }) => getUserAccessRights(context, request, { caller, withConsents: true }),
    getUserAccessRightsNoConcent: (request, { caller }) =>
      getUserAccessRights(context, request, { caller, withConsents: false }),
    testNewSigner: (request, { caller }) => testNewSigner(context, request, caller),
    verifyAuthorizedSignatures: (request, { caller }) => verifyAuthorizedSignatures(context, request, caller),
  };
}
