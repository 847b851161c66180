import { createHmac } from 'node:crypto';
import {
  appError,
  BASE_ERRORS,
  type Clock,
  createWebServer,
  type HttpSmsGateway,
  type Log,
  registerGuard,
  serveAssets,
  smsLength,
} from '@brevduva/base';
import { uiAssets } from '@brevduva/ui';
import { clearFaults, readFaults, type SetFault, setFault } from '../faults.ts';
import { isEqual } from '../isEqual.ts';
import { GATEWAY_PARTIES, isGatewayFault } from './gatewayFaults.ts';
import { gatewayPage } from './gatewayPage.ts';
import type { MessageStore, SentSms } from './messageStore.ts';

export interface GatewayWebOptions {
  /** Where `brevduva faults` writes. */
  readonly folder: string;
  /** Who has it may send; it also signs the reports. */
  readonly token: string;
  readonly store: MessageStore;
  takeFault(): Promise<SetFault | undefined>;
  readonly clock: Clock;
  readonly log: Log;
}

/** How a party of this machine sends through the gateway over HTTP, with reports to `statusUrl`. */
export function developmentSmsGateway({
  url,
  token,
  statusUrl,
}: {
  url: string;
  token: string;
  statusUrl: string;
}): HttpSmsGateway {
  return {
    url: new URL('/sms', url).href,
    body: 'json',
    fields: { to: '{to}', from: '{from}', text: '{text}', id: '{id}', statusUrl: '{statusUrl}' },
    auth: { kind: 'header', name: 'authorization', value: `Bearer ${token}` },
    answer: { ids: 'messages.*.id', errorCode: 'error' },
    recipientErrors: ['unknown_number'],
    status: {
      url: statusUrl,
      proof: { kind: 'hmac', header: 'x-signature', secret: token },
      id: 'id',
      state: 'status',
      states: { delivered: ['delivered'], failed: ['failed'] },
    },
  };
}

interface SmsBody {
  readonly to: string;
  readonly from: string;
  readonly text: string;
  readonly statusUrl?: string;
}

const SMS_SCHEMA = {
  type: 'object',
  required: ['to', 'from', 'text'],
  properties: {
    to: { type: 'string', pattern: '^\\+[0-9]{7,15}$' },
    from: { type: 'string', maxLength: 20 },
    text: { type: 'string', minLength: 1, maxLength: 2000 },
    id: { type: 'string', maxLength: 100 },
    statusUrl: { type: 'string', maxLength: 500 },
  },
} as const;
const REPORT_TIMEOUT_MS = 5_000;

/** The page that shows what was sent, its switches, and the SMS gateway that systems call. Not yet listening. */
export function createGatewayWeb(options: GatewayWebOptions) {
  const { folder, store, clock, log } = options;
  const app = createWebServer({ name: 'message gateway', clock, log });
  serveAssets(app, uiAssets);
  registerGuard(app, 'apiKey', {
    async authenticate(request) {
      if (isEqual(request.headers.authorization ?? '', `Bearer ${options.token}`)) return undefined;
      throw appError(BASE_ERRORS, 'BASE_SESSION_REQUIRED');
    },
  });
  const config = { access: 'public' as const };
  app.get('/', { config }, async (request, reply) => {
    reply.type('text/html; charset=utf-8');
    return gatewayPage({ nonce: request.cspNonce, messages: store.list(), faults: await readFaults(folder) });
  });
  app.post<{ Body: { party?: string; kind?: string } }>('/fault', { config }, async (request, reply) => {
    refuseOtherSites(request.headers);
    const party = GATEWAY_PARTIES.find((each) => each === request.body?.party);
    const kind = request.body?.kind ?? '';
    if (party === undefined) throw appError(BASE_ERRORS, 'BASE_BAD_REQUEST');
    if (isGatewayFault(kind)) await setFault(folder, { party, kind });
    else await clearFaults(folder, party);
    return reply.redirect('/', 303);
  });
  app.post('/clear', { config }, async (request, reply) => {
    refuseOtherSites(request.headers);
    store.clear();
    return reply.redirect('/', 303);
  });
  app.post<{ Body: SmsBody }>(
    '/sms',
    { config: { access: 'apiKey' }, schema: { body: SMS_SCHEMA } },
    async (request, reply) => {
      const fault = await options.takeFault();
      if (fault?.kind === 'refuse-now') return reply.code(429).header('retry-after', '5').send({ error: 'busy' });
      if (fault?.kind === 'refuse-for-good') return reply.code(422).send({ error: 'unknown_number' });
      const { to, from, text, statusUrl } = request.body;
      const sms = store.addSms({ door: 'HTTP', to, from, text, length: smsLength(text) });
      if (fault?.kind === 'accept-then-silence') {
        request.raw.socket.destroy();
        return reply.hijack();
      }
      const id = `http-${sms.id}`;
      void report(sms, { id, statusUrl, hasFailed: fault?.kind === 'fails-later' }, options);
      return { messages: [{ id }] };
    },
  );
  return app;
}

async function report(
  sms: SentSms,
  { id, statusUrl, hasFailed }: { id: string; statusUrl: string | undefined; hasFailed: boolean },
  { token, log, clock }: GatewayWebOptions,
): Promise<void> {
  if (statusUrl === undefined || statusUrl === '' || !isOwnMachine(statusUrl)) return;
  const body = JSON.stringify({ id, status: hasFailed ? 'failed' : 'delivered' });
  const signature = createHmac('sha256', token).update(body).digest('hex');
  // A report that overtakes its own answer is possible, and rare; here it would be the rule.
  await clock.sleep(REPORT_DELAY_MS);
  try {
    const headers = { 'content-type': 'application/json', 'x-signature': `sha256=${signature}` };
    const signal = AbortSignal.timeout(REPORT_TIMEOUT_MS);
    const { status } = await fetch(statusUrl, { method: 'POST', headers, body, signal, redirect: 'manual' });
    sms.reports.push(`Rapport: ${hasFailed ? 'kom inte fram' : 'framme'} (svar ${status})`);
  } catch (error) {
    log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'the status report was not taken');
    sms.reports.push('Rapporten togs inte emot');
  }
}

const REPORT_DELAY_MS = 200;

/** Never to the world, whatever a system asks for. */
function isOwnMachine(address: string): boolean {
  return URL.canParse(address) && ['localhost', '127.0.0.1'].includes(new URL(address).hostname);
}

/** Any page on the web can post a form to this machine. */
function refuseOtherSites({ origin, host }: { origin?: string | undefined; host?: string | undefined }): void {
  if (origin !== undefined && origin !== `http://${host}`) throw appError(BASE_ERRORS, 'BASE_CSRF');
}
