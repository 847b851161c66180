import { timingSafeEqual } from 'node:crypto';
import {
  appError,
  BASE_ERRORS,
  type Clock,
  createWebServer,
  type Log,
  listen,
  registerGuard,
  serveAssets,
} from '@brevduva/base';
import { uiAssets } from '@brevduva/ui';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { bankInvoicePage, bankListPage } from './eInvoiceBank/pages.ts';
import { readBankInvoice } from './eInvoiceBank/readBankInvoice.ts';
import { type BankStore, createBankStore } from './eInvoiceBank/store.ts';
import { type FaultKind, type SetFault, SLOW_MS_DEFAULT } from './faults.ts';
import type { EInvoiceWishes } from './sample/eInvoiceWishes.ts';

export interface BankOptions {
  readonly host: string;
  readonly port: number;
  /** Who has it may ask and hand in. */
  readonly token: string;
  /** What has been taken is kept here. */
  readonly folder: string;
  readonly wishes: EInvoiceWishes;
  /** The fault for this call, where one is set; each call of the machine's interface asks. */
  readonly takeFault: () => Promise<SetFault | undefined>;
  readonly clock: Clock;
  readonly log: Log;
}

/** As large as the hub's own largest, with room. */
const INVOICE_BYTES_MAX = 16 * 1024 * 1024;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The development bank: registry of e-invoices, access point and the customer's view in one, by the interfaces of docs/e-invoice.md. It takes each id
 * once, keeps what it took through a restart, and shows it on a page of its own.
 */
export async function startEInvoiceBank(
  options: BankOptions,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { host, port, clock, log } = options;
  const app = createWebServer({ name: 'bank', log, clock, bodyBytesMax: INVOICE_BYTES_MAX });
  const store = await createBankStore(options.folder);
  serveAssets(app, uiAssets);
  app.addContentTypeParser('application/xml', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  registerGuard(app, 'apiKey', {
    async authenticate(request) {
      if (isEqual(request.headers.authorization ?? '', `Bearer ${options.token}`)) return undefined;
      throw appError(BASE_ERRORS, 'BASE_SESSION_REQUIRED');
    },
  });
  registerMachineRoutes(app, store, options);
  registerPages(app, store);
  const url = await listen(app, { host, port });
  return { url, close: () => app.close() };
}

interface Question {
  readonly invoices: readonly { readonly recipient: string }[];
}

const QUESTION = {
  type: 'object',
  required: ['creditor', 'flow', 'invoices'],
  properties: {
    creditor: { type: 'string' },
    flow: { type: 'string' },
    invoices: {
      type: 'array',
      maxItems: 1_000,
      items: {
        type: 'object',
        required: ['recipient'],
        properties: { recipient: { type: 'string', pattern: '^[0-9]{12}$' } },
      },
    },
  },
} as const;

function registerMachineRoutes(app: FastifyInstance, store: BankStore, options: BankOptions): void {
  const { wishes } = options;
  const config = { access: 'apiKey' } as const;
  app.post<{ Body: Question }>('/registry', { config, schema: { body: QUESTION } }, (request, reply) =>
    withFault(reply, options, () => ({
      status: 200,
      json: {
        invoices: request.body.invoices.map(({ recipient }) => ({
          recipient,
          wanted: wishes.has(recipient),
          ...wishes.get(recipient),
        })),
      },
    })),
  );
  app.post<{ Body: Buffer }>('/invoices', { config }, (request, reply) =>
    withFault(reply, options, (fault) => take(request, store, options, fault?.kind), true),
  );
  app.get<{ Params: { id: string } }>('/invoices/:id', { config }, (request, reply) =>
    withFault(reply, options, async () => {
      const found = await store.find(request.params.id);
      if (found === undefined) return { status: 404, json: { status: 'unknown' } };
      return { status: 200, json: { status: found.status, reason: found.reason, reference: referenceOf(found.id) } };
    }),
  );
}

interface Answer {
  readonly status: number;
  readonly json: unknown;
}

/** The same id is the same invoice, whatever has become of it; another's bytes under it are refused. */
async function take(
  request: FastifyRequest<{ Body: Buffer }>,
  store: BankStore,
  { clock }: BankOptions,
  fault: FaultKind | undefined,
): Promise<Answer> {
  const id = String(request.headers['idempotency-key'] ?? '');
  if (!UUID.test(id) || !Buffer.isBuffer(request.body)) return { status: 400, json: { status: 'malformed' } };
  const read = readBankInvoice(request.body);
  if (fault === 'refuse-now') return { status: 503, json: { status: 'busy' } };
  const isRefused = fault === 'refuse-for-good' || fault === 'fails-later';
  const unreadable = read === undefined ? 'Fakturan går inte att läsa.' : undefined;
  const reason = isRefused ? 'Mottagarens bank tar inte emot fakturan.' : unreadable;
  const kept = await store.keep({
    id,
    receivedAt: clock.now().toISOString(),
    receiver: String(request.headers['x-receiver'] ?? ''),
    status: reason === undefined ? 'delivered' : 'rejected',
    ...(reason !== undefined && { reason }),
    ...(fault === 'fails-later' && { isLate: true }),
    xml: request.body,
  });
  if (kept === 'conflict') return { status: 409, json: { status: 'conflict' } };
  // What fails later was taken first, and is told when it is asked about.
  const isLate = kept.isLate === true;
  if (kept.status === 'rejected' && !isLate) return { status: 422, json: { status: 'rejected', reason: kept.reason } };
  return { status: 202, json: { status: 'accepted', reference: referenceOf(id) } };
}

function referenceOf(id: string): string {
  return `BANK-${id.slice(-12).toUpperCase()}`;
}

/** Does the work as the fault that is set lets it: late, without an answer, with one that nobody understands, or not at all. */
async function withFault(
  reply: FastifyReply,
  { takeFault, clock }: BankOptions,
  work: (fault: SetFault | undefined) => Answer | Promise<Answer>,
  isHandIn = false,
): Promise<FastifyReply> {
  const taken = await takeFault();
  // Questions are answered late or not at all; what goes wrong with invoices goes wrong when they are handed in.
  const fault = isHandIn || taken?.kind === 'down' || taken?.kind === 'slow' ? taken : undefined;
  if (fault?.kind === 'down') return hangUp(reply);
  if (fault?.kind === 'slow') await clock.sleep(fault.delayMs ?? SLOW_MS_DEFAULT);
  const { status, json } = await work(fault);
  if (fault?.kind === 'accept-then-silence') return hangUp(reply);
  if (fault?.kind === 'wrong-answer') return reply.type('text/html').send('<h1>502 Bad Gateway</h1>');
  return reply.code(status).send(json);
}

function hangUp(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.destroy();
  return reply;
}

function registerPages(app: FastifyInstance, store: BankStore): void {
  const config = { access: 'public' } as const;
  app.get('/', { config }, async (request, reply) => {
    reply.type('text/html; charset=utf-8');
    return bankListPage(visitOf(request), await store.list());
  });
  app.get<{ Params: { id: string } }>('/fakturor/:id', { config }, async (request, reply) => {
    const found = await required(store, request.params.id);
    reply.type('text/html; charset=utf-8');
    return bankInvoicePage(visitOf(request), found);
  });
  app.get<{ Params: { id: string } }>('/fakturor/:id/pdf', { config }, async (request, reply) => {
    const { xml } = await required(store, request.params.id);
    const pdf = readBankInvoice(xml)?.pdf;
    if (pdf === undefined) throw appError(BASE_ERRORS, 'BASE_NOT_FOUND');
    return reply.type('application/pdf').header('content-disposition', 'inline; filename="faktura.pdf"').send(pdf);
  });
}

async function required(store: BankStore, id: string) {
  const found = await store.find(id);
  if (found === undefined) throw appError(BASE_ERRORS, 'BASE_NOT_FOUND');
  return found;
}

function visitOf(request: FastifyRequest) {
  const { lang } = request.query as { lang?: unknown };
  return { lang: lang === 'en' ? ('en' as const) : ('sv' as const), nonce: request.cspNonce };
}

/** Takes as long however much of it is right. */
function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
