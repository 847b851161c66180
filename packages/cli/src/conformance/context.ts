import type { Clock } from '@brevduva/base';
import {
  authorityService,
  createSigner,
  type Encodable,
  type Operation,
  type RequestOf,
  type ResponseOf,
  recipientService,
  type ServiceContract,
  type Signer,
  serviceService,
} from '@brevduva/protocol';
import {
  createTestAuthority,
  type IssuedCertificate,
  readWireAnswer,
  type WireAnswer,
  type WireFault,
  wireRequest,
} from '@brevduva/protocol/testing';
import type { ServiceName } from './check.ts';
import { type ClientTls, createWire, type HttpAnswer, NoAnswer, type Wire } from './wire.http.ts';

/** What is checked, and with whose keys. */
export interface Target {
  readonly url: URL;
  readonly service: ServiceName;
  /** PEM. Client certificate of every call, and the dispatcher's seal. */
  readonly tls: { readonly key: string; readonly cert: string; readonly ca?: string };
  /** The sender asked for and written in letters, 12 digits; the certificate's own organisation by default. */
  readonly sender: string;
  /** PEM; signs letters as the sender. The client certificate by default (FACTS j: one may serve for all). */
  readonly signer?: { readonly key: string; readonly cert: string };
  /** 12 digits each, known to the target; the first gets the letters of `deliver`. */
  readonly recipients: readonly string[];
  /** Really deliver letters. */
  readonly deliver: boolean;
  /** The target says that it still accepts RSA-SHA1. */
  readonly sha1: boolean;
  readonly timeoutMs: number;
}

/** One answer as it came. */
export interface Seen<V = unknown> {
  readonly status: number;
  readonly contentType: string;
  readonly bytes: number;
  readonly answer: WireAnswer<V>;
}

/** What a check works with. */
export interface Context {
  readonly target: Target;
  readonly contract: ServiceContract;
  readonly wire: Wire;
  readonly clock: Clock;
  /** The sender's and the dispatcher's signatures. */
  readonly signers: { readonly sender: Signer; readonly dispatcher: Signer };
  /** The same organisation's name on a certificate of an issuer whom nobody trusts. Made once. */
  impostor(): Promise<IssuedCertificate>;
  /** A connection with another certificate, or none; closed with the context. */
  wireWith(tls: ClientTls): Wire;
  ask<O extends Operation>(operation: O, request: Encodable<RequestOf<O>>): Promise<Seen<ResponseOf<O>>>;
  send<O extends Operation>(
    operation: O,
    message: Buffer,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Seen<ResponseOf<O>>>;
  close(): void;
}

export const CONTRACTS: Readonly<Record<ServiceName, ServiceContract>> = {
  recipient: recipientService,
  service: serviceService,
  authority: authorityService,
};

/** Throws TypeError where a key and its certificate do not belong together. */
export function createContext(target: Target, { clock, signal }: { clock: Clock; signal: AbortSignal }): Context {
  const options = { timeoutMs: target.timeoutMs, signal };
  const wires: Wire[] = [];
  const wireWith = (tls: ClientTls) => {
    const wire = createWire(tls, options);
    wires.push(wire);
    return wire;
  };
  const wire = wireWith(target.tls);
  let impostor: Promise<IssuedCertificate> | undefined;
  async function send<O extends Operation>(operation: O, message: Buffer, headers?: Readonly<Record<string, string>>) {
    return seen(operation, await wire.post(target.url, message, headers));
  }
  return {
    ...{ target, wire, wireWith, clock, send },
    contract: CONTRACTS[target.service],
    signers: { sender: signerOf(target.signer ?? target.tls), dispatcher: signerOf(target.tls) },
    impostor() {
      impostor ??= makeImpostor(target);
      return impostor;
    },
    ask: (operation, request) => send(operation, wireRequest(operation, request)),
    close() {
      for (const one of wires) one.close();
    },
  };
}

/** An HTTP answer read as an answer to the operation. */
export function seen<O extends Operation>(
  operation: O,
  { status, contentType, body }: HttpAnswer,
): Seen<ResponseOf<O>> {
  return { status, contentType, bytes: body.length, answer: readWireAnswer(body, operation) };
}

/** What came, in words. */
export function told({ status, answer }: Seen): string {
  if (answer.kind === 'answer') return `svar (HTTP ${status})`;
  if (answer.kind === 'fault') return toldFault(answer);
  return `inget svar enligt kontraktet (HTTP ${status}): ${answer.reason}`;
}

function toldFault({ errorCode, description, detail }: WireFault): string {
  const text = (description ?? '').slice(0, DESCRIPTION_CHARACTERS_SHOWN).replace(/\d{10,12}/g, '…');
  if (errorCode !== undefined) return `fel ${errorCode}${text === '' ? '' : ` ${text}`}`;
  return detail === undefined ? 'SOAP-fel utan detail' : `SOAP-fel utan ErrorCode (${detail})`;
}

/** Why there was no answer, in words; other errors are ours, and thrown on. */
export function toldNoAnswer(error: unknown): string {
  if (error instanceof NoAnswer) return `ingen anslutning eller inget svar: ${error.code}`;
  throw error;
}

const DESCRIPTION_CHARACTERS_SHOWN = 160;

function signerOf({ key, cert }: { key: string; cert: string }): Signer {
  return createSigner({ privateKeyPem: key, certificatePem: cert });
}

/** Over the caller's own key, so that nothing but the issuer is wrong. */
async function makeImpostor({ sender, tls }: Target): Promise<IssuedCertificate> {
  const authority = await createTestAuthority({ name: 'Okänd utfärdare' });
  return authority.issue({ organizationNumber: sender, commonName: 'Konformitetsprov', keyPem: tls.key });
}
