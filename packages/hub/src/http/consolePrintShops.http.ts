import { appError, isUuid } from '@brevduva/base';
import type { FastifyInstance } from 'fastify';
import { batchPage } from '../console/printShops/batchPage.ts';
import { batchListPage } from '../console/printShops/listPage.ts';
import { HUB_ERRORS } from '../errors.ts';
import { selectBatch, selectBatches, selectBatchLines } from '../sql/printBatches.ts';
import { selectOpenPrintCases, settlePrintCase } from '../sql/printCases.ts';
import {
  actingStaffOf,
  type ConsoleOptions,
  consoleRequest,
  pageOf,
  sendPage,
  session,
  staffOf,
} from './consoleRequest.http.ts';

const BATCHES_SHOWN_MAX = 100;
const CASES_SHOWN_MAX = 100;
const LETTERS_SHOWN_MAX = 100;

/** Print batches, and what is to be looked into with the print shops. */
export function registerPrintShopPages(app: FastifyInstance, options: ConsoleOptions): void {
  const { pool } = options;
  app.get('/utskriftsbatcher', session, async (request, reply) => {
    const { organisationId } = staffOf(request);
    const cases = await selectOpenPrintCases(pool, organisationId, CASES_SHOWN_MAX);
    const batches = await selectBatches(pool, organisationId, BATCHES_SHOWN_MAX);
    return sendPage(reply, batchListPage(await consoleRequest(request, reply, options), { cases, batches }));
  });
  app.get<{ Params: { id: string } }>('/utskriftsbatcher/:id', session, async (request, reply) => {
    const { organisationId } = staffOf(request);
    const { id } = request.params;
    const batch = isUuid(id) ? await selectBatch(pool, organisationId, id) : undefined;
    if (batch === undefined) throw appError(HUB_ERRORS, 'HUB_BATCH_NOT_FOUND');
    const { page, pageCount, ...range } = pageOf(request, { total: batch.letters, perPage: LETTERS_SHOWN_MAX });
    const letters = await selectBatchLines(pool, organisationId, id, range);
    const data = { batch, letters, page, pageCount };
    return sendPage(reply, batchPage(await consoleRequest(request, reply, options), data));
  });
  app.post<{ Params: { id: string } }>('/utskriftsbatcher/fall/:id/utrett', session, async (request, reply) => {
    const { organisationId, name } = actingStaffOf(request);
    const { id } = request.params;
    const isSettled = isUuid(id) && (await settlePrintCase(pool, organisationId, id, name));
    if (!isSettled) throw appError(HUB_ERRORS, 'HUB_CASE_NOT_FOUND');
    return reply.redirect('/utskriftsbatcher', 303);
  });
}
