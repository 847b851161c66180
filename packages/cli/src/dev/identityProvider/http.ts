import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { appError, BASE_ERRORS, type Log } from '@brevduva/base';
import { uiAssets } from '@brevduva/ui';
import type Provider from 'oidc-provider';
import { type Accounts, ASSURANCE_LEVEL } from './accounts.ts';
import type { IdentityClient } from './configuration.ts';
import { BodyTooLarge, type Exchange, readForm, send } from './exchange.http.ts';
import { createPages, type Pages } from './pages.ts';
import { routeSigning } from './signing.http.ts';
import type { SigningOrders } from './signing.ts';

/** Only this machine: whoever reaches the pages can be anybody. */
const HOST = '127.0.0.1';

export interface RouteParts {
  readonly provider: Provider;
  readonly clients: readonly IdentityClient[];
  readonly accounts: Accounts;
  readonly pages: Pages;
  readonly orders: SigningOrders;
  readonly log: Log;
}

interface PageShell {
  readonly pages: Pages;
  /** Runs one answer with a nonce of its own, which its pages and its security policy share. */
  withNonce<T>(run: (nonce: string) => T): T;
}

/** Pages that find the nonce of the answer they belong to. */
export function createPageShell(): PageShell {
  const nonces = new AsyncLocalStorage<string>();
  return {
    pages: createPages(() => nonces.getStore() ?? ''),
    withNonce: (run) => {
      const nonce = randomBytes(16).toString('base64');
      return nonces.run(nonce, () => run(nonce));
    },
  };
}

/** Listens on the loopback address alone. Throws BASE_PORT_TAKEN. */
export async function listenOnLoopback(port: number): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EADDRINUSE') throw cause;
    throw appError(BASE_ERRORS, 'BASE_PORT_TAKEN', { values: { port }, cause });
  });
  return { server, port: (server.address() as AddressInfo).port };
}

/** Our pages in front of the provider's own addresses. */
export function serve(server: Server, shell: PageShell, parts: RouteParts): void {
  parts.provider.use(async (ctx, next) => {
    await next();
    // The provider answers an unknown address with one word; a person meets it too.
    if (ctx.status !== 404 || ctx.body) return;
    ctx.type = 'html';
    ctx.body = parts.pages.failed('not_found', '');
    ctx.status = 404;
  });
  const callback = parts.provider.callback();
  const origins = new Set(parts.clients.flatMap((client) => client.redirectUris.map((uri) => new URL(uri).origin)));
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void shell.withNonce(async (nonce) => {
      setSecurityHeaders(response, nonce, origins);
      const url = new URL(request.url ?? '/', parts.provider.issuer);
      try {
        if (!(await route({ request, response, url }, parts))) await callback(request, response);
      } catch (error) {
        refuse(response, error, parts);
      }
    });
  });
}

/** Whether the address is one of ours; it is answered then. */
async function route(exchange: Exchange, parts: RouteParts): Promise<boolean> {
  const { request, response, url } = exchange;
  if (request.headers.host !== new URL(parts.provider.issuer).host) {
    return send(response, 421, parts.pages.failed('wrong_host', ''));
  }
  if (url.pathname === '/') return showHome(exchange, parts);
  if (url.pathname.startsWith('/assets/')) return sendAsset(response, url.pathname);
  if (/^\/sign(\/|$)/.test(url.pathname)) return routeSigning(exchange, parts);
  const [, action] = /^\/interaction\/[\w-]+(\/login|\/cancel)?$/.exec(url.pathname) ?? [undefined, undefined];
  if (!url.pathname.startsWith('/interaction/')) return false;
  if (request.method === 'GET' && action === undefined) return showChoices(exchange, parts);
  if (request.method === 'POST' && action === '/login') return login(exchange, parts);
  if (request.method === 'POST' && action === '/cancel') return cancel(exchange, parts);
  return send(response, 404, parts.pages.failed('not_found', ''));
}

function showHome({ response }: Exchange, { pages, clients, accounts }: RouteParts): boolean {
  const parties = clients.map(({ name, audience, redirectUris: [address] }) => ({
    name,
    audience,
    url: address === undefined ? '/' : new URL('/', address).href,
  }));
  const persons = accounts.searchPersons('', undefined);
  return send(response, 200, pages.home({ clients: parties, persons, staff: accounts.staff }));
}

async function showChoices({ request, response, url }: Exchange, parts: RouteParts): Promise<boolean> {
  const { uid, client } = await currentLogin(request, response, parts);
  if (client.audience === 'staff') {
    return send(response, 200, parts.pages.staff({ uid, client, staff: parts.accounts.staff }));
  }
  const search = url.searchParams.get('q') ?? '';
  const persons = parts.accounts.searchPersons(search, client.operator);
  return send(response, 200, parts.pages.persons({ uid, client, search, persons }));
}

async function login({ request, response }: Exchange, parts: RouteParts): Promise<boolean> {
  const { uid, client, sessionUid } = await currentLogin(request, response, parts);
  const form = await readForm(request);
  const accountId = client.audience === 'staff' ? parts.accounts.chooseStaff(form.get('staffId') ?? '') : undefined;
  if (client.audience === 'staff') {
    if (accountId === undefined) return send(response, 422, parts.pages.failed('unknown_staff', ''));
    return finish(request, response, parts, accountId, sessionUid);
  }
  const text = form.get('personnummer') ?? '';
  const choice = parts.accounts.choosePerson(text);
  if (choice.ok) return finish(request, response, parts, choice.accountId, sessionUid);
  const persons = parts.accounts.searchPersons('', client.operator);
  const typed = { text, fault: choice.fault };
  return send(response, 422, parts.pages.persons({ uid, client, search: '', persons, typed }));
}

async function cancel({ request, response }: Exchange, { provider }: RouteParts): Promise<boolean> {
  const result = { error: 'access_denied', error_description: 'The person cancelled the login' };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  return true;
}

async function finish(
  request: IncomingMessage,
  response: ServerResponse,
  { provider }: RouteParts,
  accountId: string,
  sessionUid: string | undefined,
): Promise<boolean> {
  const result = { login: { accountId, acr: ASSURANCE_LEVEL, remember: false } };
  const returnTo = await provider.interactionResult(request, response, result, { mergeWithLastSubmission: false });
  await forgetPrevious(provider, sessionUid);
  response.writeHead(303, { location: returnTo }).end();
  return true;
}

/** Else the provider shows a page of its own, to log the previous person out, before it lets the next one in. */
async function forgetPrevious(provider: Provider, sessionUid: string | undefined): Promise<void> {
  const session = sessionUid === undefined ? undefined : await provider.Session.findByUid(sessionUid);
  if (session === undefined) return;
  delete session.accountId;
  session.authorizations = {};
  await session.persist();
}

async function currentLogin(request: IncomingMessage, response: ServerResponse, { provider, clients }: RouteParts) {
  const details = await provider.interactionDetails(request, response);
  const client = clients.find((one) => one.clientId === details.params['client_id']);
  if (client === undefined) throw new Error('a login without client');
  return { uid: details.uid, client, sessionUid: details.session?.uid };
}

function sendAsset(response: ServerResponse, path: string): boolean {
  const asset = uiAssets.find((one) => one.path === path);
  if (asset === undefined) return send(response, 404, '');
  response.writeHead(200, {
    'content-type': asset.contentType,
    'cache-control': 'public, max-age=31536000, immutable',
  });
  response.end(asset.bytes);
  return true;
}

/** An unknown or expired login is the person's to begin anew; anything else is ours and goes to the log. */
function refuse(response: ServerResponse, error: unknown, { pages, log }: RouteParts): void {
  if (error instanceof BodyTooLarge) return void send(response, 413, pages.failed('too_large', ''));
  const isExpired = error instanceof Error && error.name === 'SessionNotFound';
  if (!isExpired) log.error({ err: error }, 'development e-ID failed');
  if (response.headersSent) return void response.destroy();
  send(response, isExpired ? 400 : 500, pages.failed(isExpired ? 'login_expired' : 'internal', ''));
}

/** `form-action` names the clients: browsers apply it to the redirect that follows the form as well. */
function setSecurityHeaders(response: ServerResponse, nonce: string, clientOrigins: ReadonlySet<string>): void {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `form-action 'self' ${[...clientOrigins].join(' ')}`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ];
  response.setHeader('content-security-policy', policy.join('; '));
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'same-origin');
}
