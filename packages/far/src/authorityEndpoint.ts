import { authorityService } from '@brevduva/protocol';
import { authorityHandlers } from './authority/authorityHandlers.ts';
import { answerLogged, type LoggedEndpointOptions, refuseLogged } from './loggedEndpoint.ts';
import type { AccountContext } from './recipient/accountContext.ts';
import { type ServiceEndpoint, tooLarge } from './recipientEndpoint.ts';

/** A question for as many persons as there can be has ten thousand. */
const TAGS_MAX = 20_000;

/** Authority as SOAP, without HTTP. */
export function createAuthorityEndpoint(
  options: LoggedEndpointOptions & { accounts: AccountContext },
): ServiceEndpoint {
  const handlers = authorityHandlers(options.accounts);
  return {
    answer: (request) => answerLogged(authorityService, options, request, () => handlers, { requestTagsMax: TAGS_MAX }),
    refuseTooLarge: (request) => refuseLogged(options, request, tooLarge()),
  };
}
