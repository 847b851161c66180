import type { ServiceContract } from '../../notation/index.ts';
import { operation } from '../../notation/index.ts';
import { applicationFault } from '../common-v3.ts';
import { WSDL_NAMESPACE } from '../namespaces.ts';
import * as v3 from '../notification-v3.ts';

/** Notices by SMS and e-mail, sender → dispatcher (FACTS b.7). */
export const notificationService = {
  name: 'Notification',
  definitionsName: 'Notification',
  namespace: `${WSDL_NAMESPACE}/Notification`,
  portType: 'NotificationPort-v3',
  binding: 'NotificationBinding-v3',
  operations: {
    distribute: operation(v3.distribute, v3.distributeResponse, applicationFault, {
      request: 'distributeRequestV3',
      response: 'distributeResponseV3',
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
