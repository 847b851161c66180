import type { ServiceContract } from '../../notation/index.ts';
import { operation } from '../../notation/index.ts';
import { applicationFault } from '../common-v3.ts';
import { WSDL_NAMESPACE } from '../namespaces.ts';
import * as v3 from '../service-v3.ts';

/** What a mailbox operator implements (FACTS b.4). */
export const serviceService = {
  name: 'Service',
  definitionsName: 'Service',
  namespace: `${WSDL_NAMESPACE}/Service`,
  portType: 'ServicePort-v3',
  binding: 'ServiceBinding-v3',
  operations: {
    notify: operation(v3.notify, v3.notifyResponse, applicationFault, {
      request: 'notifyRequestV3',
      response: 'notifyResponseV3',
      fault: 'applicationFaultV3',
    }),
    deliverSecure: operation(v3.deliverSecure, v3.deliverSecureResponse, applicationFault, {
      request: 'deliverSecureRequestV3',
      response: 'deliverSecureResponseV3',
      fault: 'applicationFaultV3',
    }),
    deliverForward: operation(v3.deliverForward, v3.deliverForwardResponse, applicationFault, {
      request: 'deliverForwardRequestV3',
      response: 'deliverForwardResponseV3',
      fault: 'applicationFaultV3',
    }),
  },
} as const satisfies ServiceContract;
