import { lookup } from 'node:dns';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import type { FormFailure } from '../waysIn/forms/formStates.ts';
import { isAllowedAddress } from './webhookAddress.ts';

export interface WebhookRequest {
  readonly url: string;
  readonly network: 'public' | 'internal';
  readonly timeoutMs: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What a receiver said, or why nothing was heard. `detail` is short and holds nothing of the form. */
export type WebhookAnswer =
  | { readonly kind: 'taken'; readonly json: unknown }
  | { readonly kind: 'failed'; readonly failure: FormFailure; readonly detail: string };

export type PostWebhook = (request: WebhookRequest) => Promise<WebhookAnswer>;

const ANSWER_BYTES_MAX = 64 * 1024;
const JSON_TYPE = /^application\/json\b/i;
const FORBIDDEN = 'BREVDUVA_FORBIDDEN_ADDRESS';
const CERTIFICATE_CODE = /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_SSL)/;

/** Posts to receivers' webhooks. `caPem`: issuers that are believed beside the ordinary ones. */
export function createWebhookPoster({ caPem }: { caPem?: string | undefined }): PostWebhook {
  const ca = caPem === undefined ? undefined : [...rootCertificates, caPem];
  return (request) =>
    new Promise((resolve) => {
      const url = new URL(request.url);
      const host = url.hostname.replace(/^\[|\]$/g, '');
      // A number is connected to without being looked up.
      if (isIP(host) !== 0 && !isAllowedAddress(host, request.network)) return resolve(FORBIDDEN_ANSWER);
      const options: RequestOptions = {
        method: 'POST',
        headers: { ...request.headers, 'content-length': request.body.length },
        lookup: lookupAllowed(request.network),
        // One connection a message: it was checked for this message, and none is kept for another host's name.
        agent: false,
        signal: AbortSignal.timeout(request.timeoutMs),
      };
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const call = send(url, { ...options, ...(ca && { ca }) }, (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          // What it says beyond this is not read; that it has said yes or no stands at the top.
          if (bytes <= ANSWER_BYTES_MAX) chunks.push(chunk);
          else response.destroy();
        });
        const end = () =>
          resolve(answerOf(response.statusCode ?? 0, response.headers['content-type'], Buffer.concat(chunks)));
        response.on('end', end);
        response.on('error', end);
        response.on('close', end);
      });
      call.on('error', (error) => resolve(failureOf(error)));
      call.end(request.body);
    });
}

const FORBIDDEN_ANSWER: WebhookAnswer = { kind: 'failed', failure: 'forbiddenAddress', detail: '' };

/** Looks the name up once and connects to what was checked: a name that answers otherwise the next time gains nothing. */
function lookupAllowed(network: WebhookRequest['network']): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const allowed = addresses.filter(({ address }) => isAllowedAddress(address, network));
      const [first] = allowed;
      if (first === undefined)
        return callback(Object.assign(new Error('address not allowed'), { code: FORBIDDEN }), '');
      return options.all === true ? callback(null, allowed) : callback(null, first.address, first.family);
    });
  };
}

function answerOf(status: number, contentType: string | undefined, body: Buffer): WebhookAnswer {
  if (status >= 200 && status < 300)
    return { kind: 'taken', json: JSON_TYPE.test(contentType ?? '') ? parse(body) : undefined };
  const isRedirect = status >= 300 && status < 400;
  return { kind: 'failed', failure: isRedirect ? 'redirected' : 'refused', detail: `HTTP ${status}` };
}

/** That the form was taken does not hang on whether the rest can be read. */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function failureOf(error: Error): WebhookAnswer {
  const failed = (failure: FormFailure, detail: string): WebhookAnswer => ({ kind: 'failed', failure, detail });
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === FORBIDDEN) return FORBIDDEN_ANSWER;
  if (error.name === 'TimeoutError' || error.name === 'AbortError' || code === 'ABORT_ERR')
    return failed('tooSlow', '');
  return failed(CERTIFICATE_CODE.test(code) ? 'untrusted' : 'unreachable', code);
}
