import { appError } from '@brevduva/base';
import { ERRORS } from '../errors.ts';
import type { CollectedSignature, SigningRequest, SigningService } from './signingService.ts';
import type { SigningSettings } from './signingSettings.ts';

const ANSWER_TIMEOUT_MS = 10_000;
const OK = 200;
const CREATED = 201;
const BAD_REQUEST = 400;
const NOT_FOUND = 404;
const STATUSES = ['pending', 'complete', 'cancelled', 'expired'] as const;

interface Answer {
  status: number;
  fields: Readonly<Record<string, unknown>>;
}

/** The e-ID's signing service over HTTP, as the development e-ID has it. The client secret goes to the issuer alone. */
export function createSigningService({ issuer, clientId, clientSecret }: SigningSettings): SigningService {
  const { origin } = new URL(issuer);
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  const ask = (path: string, body?: unknown) => post(new URL(path, origin), authorization, body);
  return {
    origin,
    order: async (request) => order(await ask('/sign', request satisfies SigningRequest), origin),
    collect: async (orderRef) => collected(await ask(`/sign/${encodeURIComponent(orderRef)}/collect`)),
  };
}

function order({ status, fields }: Answer, origin: string): { orderRef: string; signUrl: string } {
  if (status === BAD_REQUEST) throw appError(ERRORS, 'MAILBOX_SIGNING_REFUSED', { detail: codeOf(fields) });
  if (status !== CREATED) throw unreachable(`HTTP ${status} ${codeOf(fields)}`);
  const { orderRef, signUrl } = fields;
  if (typeof orderRef !== 'string' || typeof signUrl !== 'string') throw unreachable('an answer without order');
  // Nobody is sent elsewhere than to the e-ID, whatever the answer says.
  if (!URL.canParse(signUrl) || new URL(signUrl).origin !== origin) throw unreachable('signUrl is on another site');
  return { orderRef, signUrl };
}

function collected({ status, fields }: Answer): CollectedSignature {
  if (status === NOT_FOUND) return { status: 'expired' };
  if (status !== OK) throw unreachable(`HTTP ${status} ${codeOf(fields)}`);
  const state = STATUSES.find((one) => one === fields['status']);
  if (state === undefined) throw unreachable('an answer with an unknown status');
  return state === 'complete' ? { status: state, signature: signatureOf(fields['signature']) } : { status: state };
}

function signatureOf(value: unknown) {
  const fields = (value ?? {}) as Readonly<Record<string, unknown>>;
  const { signature, certificate, nonce, encodingOfSignedText } = fields;
  if (typeof signature !== 'string' || typeof certificate !== 'string')
    throw unreachable('an answer without signature');
  return {
    Signature: Buffer.from(signature, 'base64'),
    Certificate: certificate,
    ...(typeof nonce === 'string' ? { Nonce: nonce } : {}),
    ...(typeof encodingOfSignedText === 'string' ? { EncodingOfSignedText: encodingOfSignedText } : {}),
  };
}

async function post(url: URL, authorization: string, body: unknown): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization, accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(body ?? {}),
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    const fields: unknown = await response.json();
    return { status: response.status, fields: (fields ?? {}) as Answer['fields'] };
  } catch (cause) {
    throw unreachable('no answer that can be read', cause);
  }
}

function codeOf(fields: Answer['fields']): string {
  const { code } = fields;
  return typeof code === 'string' ? code : '';
}

function unreachable(detail: string, cause?: unknown) {
  return appError(ERRORS, 'MAILBOX_SIGNING_UNREACHABLE', { detail, cause });
}
