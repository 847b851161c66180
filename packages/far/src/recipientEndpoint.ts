import {
  type ContractFault,
  contractFault,
  recipientService as recipientContract,
  type SoapEndpoint,
  type SoapHandlers,
  type SoapRequest,
  soapReply,
} from '@brevduva/protocol';
import { fingerprintOf } from './door.ts';
import { type Asked, answerLogged, type LoggedEndpointOptions, REQUEST_BYTES_MAX } from './loggedEndpoint.ts';
import type { AccountContext } from './recipient/accountContext.ts';
import { accountHandlers } from './recipient/accountHandlers.ts';
import { createRecipientService, RECIPIENT_IDS_MAX, type RecipientService } from './recipientService.ts';

export interface RecipientEndpointOptions extends LoggedEndpointOptions {
  callerMustServeSender: boolean;
  accounts: AccountContext;
}

/** A service as the HTTP server sees it. */
export interface ServiceEndpoint {
  /** Answers one request and writes it in the request log, before the answer leaves. */
  answer: SoapEndpoint;
  /** For a request that the HTTP server did not read to its end. */
  refuseTooLarge: SoapEndpoint;
}

/** Recipient v3 as SOAP, without HTTP: all fourteen operations. */
export function createRecipientEndpoint(options: RecipientEndpointOptions): ServiceEndpoint {
  const service = createRecipientService(options);
  const accounts = accountHandlers(options.accounts);
  const refused = (request: SoapRequest, fault: ContractFault) =>
    answerLogged(recipientContract, options, asking(request), () => refuseAll(fault), ADMITS_ITSELF);
  return {
    answer: (request) => {
      if (hasTooManyIds(request.body)) {
        return refused(request, tooManyIds());
      }
      const certificate = fingerprintOf(request.peerCertificateDer);
      const both = (asked: Asked) => ({ ...accounts, ...handlers(service, asked, certificate) });
      return answerLogged(recipientContract, options, request, both, ADMITS_ITSELF);
    },
    refuseTooLarge: (request) => refused(request, tooLarge()),
  };
}

/** The measured ones: their own statement tells also whether the caller is let in. */
const ADMITS_ITSELF: ReadonlySet<string> = new Set(['isReachable', 'isRegistered']);

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

const RECIPIENT_ID_TAG = /<(?:[\w.-]+:)?recipientId[\s/>]/g;
const NO_ORGANIZATION = '160000000000';

const tooManyIds = () => contractFault('MAX_EXCEEDED', `at most ${RECIPIENT_IDS_MAX} recipientId`);
const tooLarge = () => contractFault('MAX_EXCEEDED', `at most ${REQUEST_BYTES_MAX} bytes`);

/**
 * Counted before anything is parsed, for two reasons: no one makes us build a document of 100 000 ids, and the schema,
 * which also allows 1000, would call it invalid input (5001) where the contract has a code of its own (5005).
 */
function hasTooManyIds(body: Buffer): boolean {
  let count = 0;
  for (const _ of body.toString('latin1').matchAll(RECIPIENT_ID_TAG)) {
    count += 1;
    if (count > RECIPIENT_IDS_MAX) return true;
  }
  return false;
}

/** Only the endpoint writes faults; a request refused unread is put to it as the smallest question there is. */
function asking({ peerCertificateDer }: SoapRequest): SoapRequest {
  const { isReachable } = recipientContract.operations;
  const question = soapReply(
    { ...isReachable, response: isReachable.request },
    { senderOrgNr: NO_ORGANIZATION, recipientId: [] },
  );
  if (!('body' in question)) throw new TypeError('a written message has a body');
  return { body: question.body, ...(peerCertificateDer === undefined ? {} : { peerCertificateDer }) };
}

function refuseAll(fault: ContractFault): Handlers {
  return { isReachable: () => Promise.reject(fault) };
}
