import { appError, BASE_ERRORS, type Clock, createWebServer, type Log, serveAssets } from '@brevduva/base';
import type { PrintoutReader } from '@brevduva/hub';
import { uiAssets } from '@brevduva/ui';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { clearFaults, readFaults, setFault } from '../faults.ts';
import { REASON_CHARACTERS_MAX, shopLetterPage } from './letterPage.ts';
import { batchHref, batchPage, letterHref, shopPage } from './pages.ts';
import { brokenLine, letterLine, REJECT_REASON, tell, unknownLine } from './press.ts';
import { letterPdf, pagePng, readSheets } from './sheets.ts';
import { isReturnReason, type ShopBatch, type ShopLetter } from './shopBatch.ts';
import { isShopFault } from './shopFaults.ts';
import type { ShopStore } from './shopStore.ts';

export interface ShopWebOptions {
  /** Where `brevduva faults` writes. */
  readonly folder: string;
  readonly store: ShopStore;
  readonly reader: PrintoutReader;
  /** One change at a time, pages' and the press's. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  readonly clock: Clock;
  readonly log: Log;
}

const config = { access: 'public' } as const;
const HTML = 'text/html; charset=utf-8';
const ACTS = ['reject', 'lose', 'post', 'again', 'return', 'returnHome'] as const;
type Act = (typeof ACTS)[number];

/** The shop's pages. Not yet listening. */
export function createShopWeb(options: ShopWebOptions) {
  const { clock, log } = options;
  const app = createWebServer({ name: 'print shop', clock, log });
  serveAssets(app, uiAssets);
  registerBatches(app, options);
  registerLetters(app, options);
  return app;
}

interface Named {
  readonly id: string;
  readonly letter: string;
  readonly page: string;
}

function registerBatches(app: FastifyInstance, options: ShopWebOptions): void {
  const { folder, store, inTurn } = options;
  app.get('/', { config }, async (request, reply) => {
    const fault = (await readFaults(folder)).find(({ party }) => party === 'tryckeriet');
    reply.type(HTML);
    return shopPage({ nonce: request.cspNonce }, { batches: store.list(), fault });
  });
  app.post<{ Body: { kind?: string } }>('/fel', { config }, async (request, reply) => {
    refuseOtherSites(request);
    const kind = request.body?.kind ?? '';
    if (isShopFault(kind)) await setFault(folder, { party: 'tryckeriet', kind });
    else await clearFaults(folder, 'tryckeriet');
    return reply.redirect('/', 303);
  });
  app.get<{ Params: Named; Querystring: { sida?: string } }>('/batcher/:id', { config }, async (request, reply) => {
    const batch = found(store.find(request.params.id));
    reply.type(HTML);
    return batchPage({ nonce: request.cspNonce }, batch, request.query.sida);
  });
  app.post<{ Params: Named; Body: { kind?: string } }>('/batcher/:id/kvittens', { config }, async (request, reply) => {
    refuseOtherSites(request);
    const { id } = found(store.find(request.params.id));
    const unknown = unknownLine(options);
    const line = request.body?.kind === 'broken' ? brokenLine(unknown) : unknown;
    await inTurn(() => tell(structuredClone(found(store.find(id))), [line], options));
    return reply.redirect(batchHref({ id }), 303);
  });
}

function registerLetters(app: FastifyInstance, options: ShopWebOptions): void {
  const { store, reader, inTurn } = options;
  const path = '/batcher/:id/brev/:letter';
  const ofRequest = ({ params }: { params: Named }) => letterIn(store.find(params.id), params.letter);
  app.get<{ Params: Named }>(path, { config }, async (request, reply) => {
    const { batch, letter } = ofRequest(request);
    const sheets = await readSheets(batch, letter, reader);
    reply.type(HTML);
    return shopLetterPage({ nonce: request.cspNonce }, { batch, letter, sheets });
  });
  app.get<{ Params: Named }>(`${path}/sidor/:page.png`, { config }, async (request, reply) => {
    const { batch, letter } = ofRequest(request);
    const png = found(await pagePng(batch, letter, Number(request.params.page), reader));
    // The same batch is the same bytes for ever.
    return reply.type('image/png').header('cache-control', 'private, max-age=86400, immutable').send(png);
  });
  app.get<{ Params: Named }>(`${path}/pdf`, { config }, async (request, reply) => {
    const { batch, letter } = ofRequest(request);
    const pdf = found(await letterPdf(batch, letter, reader));
    return reply.type('application/pdf').header('content-disposition', 'inline; filename="brev.pdf"').send(pdf);
  });
  app.post<{ Params: Named; Body: { act?: string; reason?: string } }>(path, { config }, async (request, reply) => {
    refuseOtherSites(request);
    const act = ACTS.find((each) => each === request.body?.act);
    if (act === undefined) throw appError(BASE_ERRORS, 'BASE_BAD_REQUEST');
    const { batch, letter } = ofRequest(request);
    // As it stands when its turn has come, and in a copy: what could not be told has not happened.
    const now = () => letterIn(structuredClone(store.find(batch.id)), letter.letter);
    await inTurn(() => carryOut(act, request.body?.reason, now(), options));
    return reply.redirect(letterHref(batch, letter), 303);
  });
}

/** What a letter's state no longer allows is left undone: the page shows how it stands. */
async function carryOut(
  act: Act,
  reason: string | undefined,
  { batch, letter }: { batch: ShopBatch; letter: ShopLetter },
  options: ShopWebOptions,
): Promise<void> {
  const isUnderWay = letter.state === 'taken' || letter.state === 'produced';
  if (act === 'again' && (letter.state === 'posted' || letter.state === 'rejected')) {
    return tell(batch, [letterLine(letter, options)], options);
  }
  if (act === 'return' && letter.state === 'posted' && isReturnReason(reason)) {
    letter.state = 'returned';
    letter.reason = reason;
    return tell(batch, [letterLine(letter, options)], options);
  }
  if (act === 'returnHome' && letter.state === 'posted') {
    letter.state = 'returned';
    return options.store.save(batch);
  }
  if (act === 'lose' && isUnderWay) {
    letter.state = 'lost';
    return options.store.save(batch);
  }
  if (act === 'reject' && isUnderWay) {
    letter.state = 'rejected';
    letter.reason = reason?.trim().slice(0, REASON_CHARACTERS_MAX) || REJECT_REASON;
    return tell(batch, [letterLine(letter, options)], options);
  }
  if (act === 'post' && (isUnderWay || letter.state === 'lost')) {
    letter.state = 'posted';
    return tell(batch, [letterLine(letter, options)], options);
  }
}

function letterIn(batch: ShopBatch | undefined, id: string): { batch: ShopBatch; letter: ShopLetter } {
  const there = found(batch);
  return { batch: there, letter: found(there.letters.find(({ letter }) => letter === id)) };
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw appError(BASE_ERRORS, 'BASE_NOT_FOUND');
  return value;
}

/** Any page on the web can post a form to this machine. */
function refuseOtherSites({ headers: { origin, host } }: FastifyRequest): void {
  if (origin !== undefined && origin !== `http://${host}`) throw appError(BASE_ERRORS, 'BASE_CSRF');
}
