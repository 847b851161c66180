import type { ServiceContract } from '../../notation/index.ts';
import { operation } from '../../notation/index.ts';
import { applicationFault } from '../common-v3.ts';
import { WSDL_NAMESPACE } from '../namespaces.ts';
import * as v2 from '../recipient-v2.ts';
import * as v3 from '../recipient-v3.ts';

/** FaR: 14 operations (FACTS b.2), in the order of the official WSDL. */
export const recipientService = {
  name: 'Recipient',
  definitionsName: 'RecipientDefinitions',
  namespace: `${WSDL_NAMESPACE}/Recipient`,
  portType: 'RecipientPort-v3',
  binding: 'RecipientBinding-v3',
  operations: {
    getAccountPreferences: operation(v3.getAccountPreferences, v3.getAccountPreferencesResponse, applicationFault, {
      request: 'getAccountPreferencesRequestV3',
      response: 'getAccountPreferencesResponseV3',
      fault: 'applicationFaultV3',
    }),
    getPendingAccountPreferences: operation(
      v2.getPendingAccountPreferences,
      v2.getPendingAccountPreferencesResponse,
      applicationFault,
      {
        request: 'getPendingAccountPreferencesRequestV2',
        response: 'getPendingAccountPreferencesResponseV2',
        fault: 'applicationFaultV3',
      },
    ),
    deletePendingAccountPreferences: operation(
      v2.deletePendingAccountPreferences,
      v2.deletePendingAccountPreferencesResponse,
      applicationFault,
      {
        request: 'deletePendingAccountPreferencesRequestV2',
        response: 'deletePendingAccountPreferencesResponseV2',
        fault: 'applicationFaultV3',
      },
    ),
    storeAccountPreferences: operation(
      v2.storeAccountPreferences,
      v2.storeAccountPreferencesResponse,
      applicationFault,
      {
        request: 'storeAccountPreferencesRequestV2',
        response: 'storeAccountPreferencesResponseV2',
        fault: 'applicationFaultV3',
      },
    ),
    isReachable: operation(v3.isReachable, v3.isReachableResponse, applicationFault, {
      request: 'isReachableRequestV3',
      response: 'isReachableResponseV3',
      fault: 'applicationFaultV3',
    }),
    isRegistered: operation(v3.isRegistered, v3.isRegisteredResponse, applicationFault, {
      request: 'isRegisteredRequestV3',
      response: 'isRegisteredResponseV3',
      fault: 'applicationFaultV3',
    }),
    register: operation(v3.register, v3.registerResponse, applicationFault, {
      request: 'registerRequestV3',
      response: 'registerResponseV3',
      fault: 'applicationFaultV3',
    }),
    deregister: operation(v3.deregister, v3.deregisterResponse, applicationFault, {
      request: 'deregisterRequestV3',
      response: 'deregisterResponseV3',
      fault: 'applicationFaultV3',
    }),
    getPendingAccountRequest: operation(
      v3.getPendingAccountRequest,
      v3.getPendingAccountRequestResponse,
      applicationFault,
      {
        request: 'getPendingAccountRequestRequestV3',
        response: 'getPendingAccountRequestResponseV3',
        fault: 'applicationFaultV3',
      },
    ),
    deletePendingAccountRequest: operation(
      v3.deletePendingAccountRequest,
      v3.deletePendingAccountRequestResponse,
      applicationFault,
      {
        request: 'deletePendingAccountRequestRequestV3',
        response: 'deletePendingAccountRequestResponseV3',
        fault: 'applicationFaultV3',
      },
    ),
    changeServiceSupplier: operation(v2.changeServiceSupplier, v2.changeServiceSupplierResponse, applicationFault, {
      request: 'changeServiceSupplierRequestV2',
      response: 'changeServiceSupplierResponseV2',
      fault: 'applicationFaultV3',
    }),
    getPendingChangeServiceSupplier: operation(
      v2.getPendingChangeServiceSupplier,
      v2.getPendingChangeServiceSupplierResponse,
      applicationFault,
      {
        request: 'getPendingChangeServiceSupplierRequestV2',
        response: 'getPendingChangeServiceSupplierResponseV2',
        fault: 'applicationFaultV3',
      },
    ),
    deletePendingChangeServiceSupplier: operation(
      v2.deletePendingChangeServiceSupplier,
      v2.deletePendingChangeServiceSupplierResponse,
      applicationFault,
      {
        request: 'deletePendingChangeServiceSupplierRequestV2',
        response: 'deletePendingChangeServiceSupplierResponseV2',
        fault: 'applicationFaultV3',
      },
    ),
    isAuthorizedSigner: operation(v2.isAuthorizedSigner, v2.isAuthorizedSignerResponse, applicationFault, {
      request: 'isAuthorizedSignerRequest',
      response: 'isAuthorizedSignerResponse',
      fault: 'applicationFaultV3',
    }),
  },
} as const satisfies ServiceContract;
