import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Log } from '@brevduva/base';
import type { Accounts } from './accounts.ts';
import type { IdentityClient } from './configuration.ts';
import { BodyTooLarge, type Exchange, readForm, readText, send, sendJson } from './exchange.http.ts';
import type { Pages } from './pages.ts';
import type { CollectedOrder, SigningOrder, SigningOrders } from './signing.ts';
import { readSigningRequest, type SigningRequestFault, TEXT_LENGTH_MAX } from './signingRequest.ts';

export interface SigningParts {
  readonly clients: readonly IdentityClient[];
  readonly accounts: Accounts;
  readonly orders: SigningOrders;
  readonly pages: Pages;
  readonly log: Log;
}

/** A character may be written as six (\u00e5); the other fields are short. */
const REQUEST_BYTES_MAX = TEXT_LENGTH_MAX * 6 + 10_000;
const COOKIE = 'dev_id_sign';
const COOKIE_BYTES = 24;
/** Dies with the process, as the orders do. */
const TOKEN_KEY = randomBytes(32);

/**
 * Signatures, as a relying party of an e-ID orders them: `POST /sign`, `POST /sign/<orderRef>/collect`; and the page
 * `/sign/<ticket>` where the person reads and signs. Always answers.
 */
export async function routeSigning(exchange: Exchange, parts: SigningParts): Promise<true> {
  const { request, response, url } = exchange;
  const [, reference, action] = /^\/sign(?:\/([\w-]+)(\/collect)?)?$/.exec(url.pathname) ?? [];
  const isApi = url.pathname === '/sign' || action !== undefined;
  if (isApi && request.method === 'POST') return answerClient(exchange, parts, reference);
  if (isApi || reference === undefined) return send(response, 404, parts.pages.failed('not_found', ''));
  const order = parts.orders.waiting(reference);
  if (order === undefined) return send(response, 410, parts.pages.failed('order_gone', ''));
  if (request.method === 'POST') return answerPerson(exchange, parts, order);
  return showOrder(exchange, parts, order);
}

const FAULTS: Readonly<Record<SigningRequestFault, { code: string; text: string }>> = {
  json: {
    code: 'invalid_json',
    text: 'Skicka ett JSON-objekt med personalNumber, text, nonce och returnUrl som text.',
  },
  person: { code: 'unknown_person', text: 'personalNumber är ingen person som har legitimationen (tolv siffror).' },
  noText: { code: 'text_missing', text: 'text är tom.' },
  longText: { code: 'text_too_long', text: `text har fler än ${TEXT_LENGTH_MAX} tecken.` },
  characters: { code: 'text_characters', text: 'text innehåller tecken som inte syns eller som vänder skriften.' },
  nonce: { code: 'invalid_nonce', text: 'nonce ska ha 1 till 200 synliga ASCII-tecken.' },
  returnUrl: { code: 'invalid_return_url', text: 'returnUrl ligger inte på någon av klientens egna adresser.' },
};

async function answerClient(exchange: Exchange, parts: SigningParts, orderRef: string | undefined): Promise<true> {
  const { request, response } = exchange;
  const client = authenticate(request.headers.authorization, parts.clients);
  if (client === undefined) {
    response.setHeader('www-authenticate', 'Basic realm="sign", charset="UTF-8"');
    return sendJson(response, 401, { code: 'invalid_client', text: 'Klienten är okänd eller hemligheten fel.' });
  }
  if (orderRef === undefined) return openOrder(exchange, parts, client);
  const collected = parts.orders.collect(client, orderRef);
  if (collected === undefined) {
    return sendJson(response, 404, { code: 'unknown_order', text: 'Klienten har ingen sådan beställning.' });
  }
  return sendJson(response, 200, onTheWire(collected));
}

async function openOrder({ request, response, url }: Exchange, parts: SigningParts, client: IdentityClient) {
  const body = await readText(request, REQUEST_BYTES_MAX).catch((error: unknown) => {
    if (error instanceof BodyTooLarge) return undefined;
    throw error;
  });
  if (body === undefined) return sendJson(response, 400, FAULTS.longText);
  const read = readSigningRequest(body, client, parts.accounts);
  if (!read.ok) return sendJson(response, 400, FAULTS[read.fault]);
  const order = parts.orders.open(client, read.request);
  if (order === 'full') {
    return sendJson(response, 429, { code: 'too_many_orders', text: 'För många underskrifter väntar redan.' });
  }
  return sendJson(response, 201, { orderRef: order.orderRef, signUrl: new URL(`/sign/${order.ticket}`, url).href });
}

function onTheWire(collected: CollectedOrder): object {
  if (collected.status !== 'complete') return collected;
  const { Signature, Certificate, Nonce, EncodingOfSignedText } = collected.signature;
  return {
    status: collected.status,
    signature: {
      signature: Signature.toString('base64'),
      certificate: Certificate,
      nonce: Nonce,
      encodingOfSignedText: EncodingOfSignedText,
    },
  };
}

function showOrder({ request, response }: Exchange, { pages }: SigningParts, order: SigningOrder): true {
  const kept = cookieOf(request);
  const cookie = kept ?? randomBytes(COOKIE_BYTES).toString('base64url');
  if (kept === undefined) response.setHeader('set-cookie', `${COOKIE}=${cookie}; Path=/sign; HttpOnly; SameSite=Lax`);
  return send(response, 200, pages.sign({ ...order, token: tokenOf(order, cookie) }));
}

async function answerPerson({ request, response, url }: Exchange, parts: SigningParts, order: SigningOrder) {
  const form = await readForm(request);
  if (!isOwnForm(request, url, form.get('token') ?? '', order)) {
    return send(response, 403, parts.pages.failed('foreign_form', ''));
  }
  const isSigning = form.get('answer') === 'sign';
  const isFirst = isSigning ? await parts.orders.sign(order) : parts.orders.cancel(order);
  if (!isFirst) return send(response, 410, parts.pages.failed('order_gone', ''));
  parts.log.info({ client: order.client.clientId, isSigning }, 'a person answered a request for a signature');
  const returnTo = new URL(order.request.returnUrl);
  returnTo.searchParams.set('order', order.orderRef);
  response.writeHead(303, { location: returnTo.href, 'cache-control': 'no-store' }).end();
  return true as const;
}

/** The form was shown in this very browser, and is not sent from another site's page. */
function isOwnForm(request: IncomingMessage, url: URL, token: string, order: SigningOrder): boolean {
  const { origin } = request.headers;
  const cookie = cookieOf(request);
  const isSameOrigin = origin === undefined || origin === url.origin;
  return isSameOrigin && cookie !== undefined && sameText(token, tokenOf(order, cookie));
}

function tokenOf({ ticket }: SigningOrder, cookie: string): string {
  return createHmac('sha256', TOKEN_KEY).update(`${ticket} ${cookie}`).digest('base64url');
}

function cookieOf({ headers }: IncomingMessage): string | undefined {
  return new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]+)`).exec(headers.cookie ?? '')?.[1];
}

/** Only parties that people log in to; staff sign nothing here. */
function authenticate(header: string | undefined, clients: readonly IdentityClient[]): IdentityClient | undefined {
  const [, encoded] = /^Basic ([\w+/=]+)$/i.exec(header ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const client = clients.find((one) => one.audience === 'citizen' && one.clientId === text.slice(0, colon));
  return client !== undefined && sameText(text.slice(colon + 1), client.clientSecret) ? client : undefined;
}

function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
