import type { ServiceContract } from '../../notation/index.ts';
import { operation } from '../../notation/index.ts';
import { applicationFault } from '../common-v3.ts';
import * as v3 from '../message-v3.ts';
import { WSDL_NAMESPACE } from '../namespaces.ts';

/** The proposed interface sender → dispatcher (FACTS b.6). */
export const messageService = {
  name: 'Message',
  definitionsName: 'Message',
  namespace: `${WSDL_NAMESPACE}/Message`,
  portType: 'MessagePort-v3',
  binding: 'MessageBinding-v3',
  operations: {
    distributeSecure: operation(v3.distributeSecure, v3.distributeSecureResponse, applicationFault, {
      request: 'distributeSecureRequestV3',
      response: 'distributeSecureResponseV3',
      fault: 'applicationFaultV3',
    }),
    checkDistributionStatus: operation(
      v3.checkDistributionStatus,
      v3.checkDistributionStatusResponse,
      applicationFault,
      {
        request: 'checkDistributionStatusRequestV3',
        response: 'checkDistributionStatusResponseV3',
        fault: 'applicationFaultV3',
      },
    ),
  },
} as const satisfies ServiceContract;
