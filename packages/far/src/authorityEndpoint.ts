import { authorityService, contractFault, type SoapRequest, soapReply } from '@brevduva/protocol';
import { authorityHandlers } from './authority/authorityHandlers.ts';
import { answerLogged, type LoggedEndpointOptions, REQUEST_BYTES_MAX } from './loggedEndpoint.ts';
import type { AccountContext } from './recipient/accountContext.ts';
import type { ServiceEndpoint } from './recipientEndpoint.ts';

/** Authority as SOAP, without HTTP. */
export function createAuthorityEndpoint(
  options: LoggedEndpointOptions & { accounts: AccountContext },
): ServiceEndpoint {
  const handlers = authorityHandlers(options.accounts);
  const refuseAll = () => ({
    getSenders: () => Promise.reject(contractFault('MAX_EXCEEDED', `at most ${REQUEST_BYTES_MAX} bytes`)),
  });
  return {
    answer: (request) => answerLogged(authorityService, options, request, () => handlers),
    refuseTooLarge: (request) => answerLogged(authorityService, options, asking(request), refuseAll),
  };
}

/** Only the endpoint writes faults; a request refused unread is put to it as the smallest question there is. */
function asking({ peerCertificateDer }: SoapRequest): SoapRequest {
  const { getSenders } = authorityService.operations;
  const question = soapReply({ ...getSenders, response: getSenders.request }, {});
  if (!('body' in question)) throw new TypeError('a written message has a body');
  return { body: question.body, ...(peerCertificateDer === undefined ? {} : { peerCertificateDer }) };
}
