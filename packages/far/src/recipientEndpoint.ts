import {
  contractFault,
  recipientService as recipientContract,
  type SoapEndpoint,
  type SoapHandlers,
  type SoapRequest,
} from '@brevduva/protocol';
import { fingerprintOf } from './door.ts';
import {
  type Asked,
  answerLogged,
  type LoggedEndpointOptions,
  REQUEST_BYTES_MAX,
  refuseLogged,
} from './loggedEndpoint.ts';
import { createRecentCallers } from './recentCallers.ts';
import type { AccountContext } from './recipient/accountContext.ts';
import { accountHandlers } from './recipient/accountHandlers.ts';
import { createRecipientService, type RecipientService } from './recipientService.ts';

export interface RecipientEndpointOptions extends LoggedEndpointOptions {
  callerMustServeSender: boolean;
  accounts: AccountContext;
}

/** A service as the HTTP server sees it. */
export interface ServiceEndpoint {
  /** Answers one request and writes it in the request log. */
  answer: SoapEndpoint;
  /** For a request that the HTTP server did not read to its end. */
  refuseTooLarge: SoapEndpoint;
}

/** 2000 ids, each in two tags, and what stands around them. What else is large is long texts. */
const TAGS_MAX = 4_100;
/** 5000 accepted senders in eight tags each: the one list that is longer. */
const PREFERENCES_TAGS_MAX = 40_200;
/** Where the operation's name stands, at the latest, behind an envelope with every namespace declared. */
const HEAD_BYTES = 4_096;

/** Which limit a request may claim. Whoever claims the larger one for something else is refused a little later, when it is read. */
function tagsMaxOf({ body }: SoapRequest): number {
  const head = body.subarray(0, HEAD_BYTES).toString('latin1');
  return head.includes('storeAccountPreferences') ? PREFERENCES_TAGS_MAX : TAGS_MAX;
}

/** Recipient v3 as SOAP, without HTTP: all fourteen operations. */
export function createRecipientEndpoint(options: RecipientEndpointOptions): ServiceEndpoint {
  const service = createRecipientService(options);
  const accounts = accountHandlers(options.accounts);
  const recent = createRecentCallers(options.clock);
  return {
    answer: (request) => {
      const certificate = fingerprintOf(request.peerCertificateDer);
      const both = (asked: Asked) => ({ ...accounts, ...handlers(service, asked, certificate) });
      return answerLogged(recipientContract, options, request, both, {
        requestTagsMax: tagsMaxOf(request),
        recent,
      });
    },
    refuseTooLarge: (request) => refuseLogged(options, request, tooLarge()),
  };
}

/** Whatever the request was: it was not read. */
export const tooLarge = () => contractFault('MAX_EXCEEDED', `at most ${REQUEST_BYTES_MAX} bytes`);

type Handlers = SoapHandlers<typeof recipientContract>;

function handlers(service: RecipientService, asked: Asked, certificate: Buffer | null): Handlers {
  return {
    isReachable: (request, call) => {
      asked.sender = request.senderOrgNr;
      asked.idCount = request.recipientId.length;
      return service.isReachable(request, call.caller, certificate);
    },
    isRegistered: (request, call) => {
      asked.idCount = request.recipientId.length;
      return service.isRegistered(request, call.caller, certificate);
    },
  };
}
