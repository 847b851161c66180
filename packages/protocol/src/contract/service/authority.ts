import type { ServiceContract } from '../../notation/index.ts';
import { operation } from '../../notation/index.ts';
import * as w from '../authority-messages.ts';
import { WSDL_NAMESPACE } from '../namespaces.ts';

/** Signatories, senders and dispatchers (FACTS b.8); each operation has a fault element of its own. */
export const authorityService = {
  name: 'Authority',
  definitionsName: 'Authority',
  namespace: `${WSDL_NAMESPACE}/Authority`,
  portType: 'AuthorityPort',
  binding: 'AuthorityBinding',
  operations: {
    getDispatchers: operation(w.getDispatchers, w.getDispatchersResponse, w.getDispatchersFault, {
      request: 'getDispatchersRequest',
      response: 'getDispatchersResponse',
      fault: 'getDispatchersFault',
    }),
    getUserAccessRights: operation(w.getUserAccessRights, w.getUserAccessRightsResponse, w.getUserAccessRightsFault, {
      request: 'getUserAccessRightsRequest',
      response: 'getUserAccessRightsResponse',
      fault: 'getUserAccessRightsFault',
    }),
    getUserAccessRightsNoConcent: operation(
      w.getUserAccessRightsNoConcent,
      w.getUserAccessRightsNoConcentResponse,
      w.getUserAccessRightsNoConcentFault,
      {
        request: 'getUserAccessRightsNoConcentRequest',
        response: 'getUserAccessRightsNoConcentResponse',
        fault: 'getUserAccessRightsNoConcentFault',
      },
    ),
    isSenderAccepted: operation(w.isSenderAccepted, w.isSenderAcceptedResponse, w.isSenderAcceptedFault, {
      request: 'isSenderAcceptedRequest',
      response: 'isSenderAcceptedResponse',
      fault: 'isSenderAcceptedFault',
    }),
    getSenders: operation(w.getSenders, w.getSendersResponse, w.getSendersFault, {
      request: 'getSendersRequest',
      response: 'getSendersResponse',
      fault: 'getSendersFault',
    }),
    testNewSigner: operation(w.testNewSigner, w.testNewSignerResponse, w.testNewSignerFault, {
      request: 'testNewSignerRequest',
      response: 'testNewSignerResponse',
      fault: 'testNewSignerFault',
    }),
    verifyAuthorizedSignatures: operation(
      w.verifyAuthorizedSignatures,
      w.verifyAuthorizedSignaturesResponse,
      w.verifyAuthorizedSignaturesFault,
      {
        request: 'verifyAuthorizedSignaturesRequest',
        response: 'verifyAuthorizedSignaturesResponse',
        fault: 'verifyAuthorizedSignaturesFault',
      },
    ),
  },
} as const satisfies ServiceContract;
