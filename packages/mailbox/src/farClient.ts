import {
  authorityService,
  createSoapClient,
  type Encodable,
  type Operation,
  type OperationName,
  type RequestOf,
  type ResponseOf,
  recipientService,
  type ServiceContract,
  type SoapClient,
  type SoapClientOptions,
} from '@brevduva/protocol';

/** Where the register owner answers. Both over mutual TLS with the operator's own certificate (FACTS j). */
export interface FarSettings {
  /** Recipient v3, path included. */
  recipientUrl: string;
  /** Authority, path included. */
  authorityUrl: string;
}

type Calls<S extends ServiceContract> = {
  [K in OperationName<S>]: (
    request: Encodable<RequestOf<S['operations'][K]>>,
  ) => Promise<ResponseOf<S['operations'][K]>>;
};

/**
 * The register owner's two services under their own names: `far.register({…})`, `far.getSenders({})`. One call, one try.
 * Every call throws SoapCallError (`fault` holds the contract's code) and EncodeFault for a request that is not valid.
 */
export type FarClient = Calls<typeof recipientService> & Calls<typeof authorityService> & { close(): void };

const CONNECT_TIMEOUT_MS = 5000;
/** People wait for some of these calls; the register asks other registers in its turn. */
const ANSWER_TIMEOUT_MS = 30_000;
/** A list of every sender of the country is far under this. */
const ANSWER_BYTES_MAX = 8_388_608;

export function createFarClient(settings: FarSettings, tls: SoapClientOptions['tls']): FarClient {
  const client = createSoapClient({
    tls,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    answerTimeoutMs: ANSWER_TIMEOUT_MS,
    answerBytesMax: ANSWER_BYTES_MAX,
  });
  return {
    ...callsOf(client, recipientService, settings.recipientUrl),
    ...callsOf(client, authorityService, settings.authorityUrl),
    close: () => client.close(),
  };
}

function callsOf<S extends ServiceContract>(client: SoapClient, { operations }: S, url: string): Calls<S> {
  const calls = Object.entries<Operation>(operations).map(([name, operation]) => [
    name,
    (request: never) => client.call(operation, url, request),
  ]);
  return Object.fromEntries(calls) as Calls<S>;
}
