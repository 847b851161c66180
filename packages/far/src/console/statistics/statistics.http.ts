import { queryText } from '@brevduva/base';
import { authorityService, recipientService } from '@brevduva/protocol';
import type { Language } from '@brevduva/ui';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccountStatisticsSource } from '../../accountStatistics.ts';
import { languageOf } from '../../language.http.ts';
import { selectOrganizationNames } from '../../sql/organizationNames.ts';
import { selectProgress } from '../../sql/rollUp.ts';
import { daysOf, PERIODS, periodOf } from '../../statistics/period.ts';
import { readAccounts } from '../../statistics/readAccounts.ts';
import { readCalls } from '../../statistics/readCalls.ts';
import { readRefusals } from '../../statistics/readRefusals.ts';
import { type ConsoleOptions, consoleRequest, sendPage, session } from '../consoleRequest.http.ts';
import { accountDaysDataset, accountsPage, movementsDataset, operatorDataset } from './accountsPage.ts';
import { callersDataset, callsPage, callTimesDataset, operationsDataset } from './callsPage.ts';
import { datasetCsv } from './dataset.ts';
import { codesDataset, refusalsPage, refusalTimesDataset, refusedCallersDataset } from './refusalsPage.ts';
import { daysOnly, STATISTICS_PAGES, type StatisticsPage, type StatisticsQuery } from './statisticsFrame.ts';

export interface StatisticsOptions extends ConsoleOptions {
  /** Counting is costly: one count for everyone who asks. */
  readonly statistics: AccountStatisticsSource;
}

/** Statistics: mailboxes, calls, refusals; each table also as a file. They read counts only, never the whole log. */
export function registerStatisticsRoutes(app: FastifyInstance, options: StatisticsOptions): void {
  app.get(STATISTICS_PAGES.accounts, session, (request, reply) => sendAccounts(request, reply, options));
  app.get(STATISTICS_PAGES.calls, session, (request, reply) => sendCalls(request, reply, options));
  app.get(STATISTICS_PAGES.refusals, session, (request, reply) => sendRefusals(request, reply, options));
  for (const [page, tables] of Object.entries(FILES)) {
    for (const [name, write] of Object.entries(tables)) {
      app.get(`${STATISTICS_PAGES[page as StatisticsPage]}/${name}.csv`, session, async (request, reply) =>
        sendFile(reply, name, await write(options, queryOf(request), languageOf(request))),
      );
    }
  }
}

async function sendAccounts(request: FastifyRequest, reply: FastifyReply, options: StatisticsOptions) {
  // A year says more of mailboxes than a month.
  const query = { period: daysOnly(queryText(request, 'period') === undefined ? '12m' : queryOf(request).period) };
  const figures = await readAccounts(options.pool, daysOf(query.period, options.clock.now()));
  const facts = { query, figures, now: await options.statistics(), ...(await viewOf(options)) };
  return sendPage(reply, accountsPage(consoleRequest(request, reply, options), facts));
}

async function sendCalls(request: FastifyRequest, reply: FastifyReply, options: StatisticsOptions) {
  const query = queryOf(request);
  const calls = await readCalls(options.pool, periodOf(query.period, options.clock.now()), query);
  const facts = { query, calls, ...(await viewOf(options)) };
  return sendPage(reply, callsPage(consoleRequest(request, reply, options), facts));
}

async function sendRefusals(request: FastifyRequest, reply: FastifyReply, options: StatisticsOptions) {
  const query = queryOf(request);
  const refusals = await readRefusals(options.pool, periodOf(query.period, options.clock.now()), query);
  const view = await viewOf(options);
  const names = new Map(view.choices.actors.map(({ number, name }) => [number, name]));
  return sendPage(reply, refusalsPage(consoleRequest(request, reply, options), { query, refusals, names, ...view }));
}

const OPERATIONS = [...Object.keys(recipientService.operations), ...Object.keys(authorityService.operations)].sort();

async function viewOf({ pool }: StatisticsOptions) {
  const actors = await selectOrganizationNames(pool);
  const { countedAt } = await selectProgress(pool);
  return { choices: { actors, operations: OPERATIONS }, countedAt };
}

/** What the address says; what it should not say is passed over. */
function queryOf(request: FastifyRequest): StatisticsQuery {
  const caller = queryText(request, 'aktor');
  return {
    period: PERIODS.find((each) => each === queryText(request, 'period')) ?? '30d',
    caller: caller !== undefined && /^16\d{10}$/.test(caller) ? caller : undefined,
    operation: OPERATIONS.find((each) => each === queryText(request, 'operation')),
  };
}

type WriteFile = (options: StatisticsOptions, query: StatisticsQuery, lang: Language) => Promise<string>;

const accounts =
  (write: (figures: Awaited<ReturnType<typeof readAccounts>>, lang: Language) => string): WriteFile =>
  async ({ pool, clock }, { period }, lang) =>
    write(await readAccounts(pool, daysOf(daysOnly(period), clock.now())), lang);
const calls =
  (write: (figures: Awaited<ReturnType<typeof readCalls>>, lang: Language) => string): WriteFile =>
  async ({ pool, clock }, query, lang) =>
    write(await readCalls(pool, periodOf(query.period, clock.now()), query), lang);
const refusals =
  (write: (figures: Awaited<ReturnType<typeof readRefusals>>, lang: Language) => string): WriteFile =>
  async ({ pool, clock }, query, lang) =>
    write(await readRefusals(pool, periodOf(query.period, clock.now()), query), lang);

/** Every table that can be fetched, by page and name. */
const FILES: Readonly<Record<StatisticsPage, Readonly<Record<string, WriteFile>>>> = {
  accounts: {
    operatorer: accounts((figures, lang) => datasetCsv(operatorDataset(figures, lang))),
    dagar: accounts((figures, lang) => datasetCsv(accountDaysDataset(figures, lang))),
    rorelser: accounts((figures, lang) => datasetCsv(movementsDataset(figures, lang))),
  },
  calls: {
    tid: calls((figures, lang) => datasetCsv(callTimesDataset(figures, lang))),
    aktorer: calls((figures, lang) => datasetCsv(callersDataset(figures, lang))),
    operationer: calls((figures, lang) => datasetCsv(operationsDataset(figures, lang))),
  },
  refusals: {
    tid: refusals((figures, lang) => datasetCsv(refusalTimesDataset(figures, lang))),
    koder: refusals((figures, lang) => datasetCsv(codesDataset(figures, lang))),
    aktorer: refusals((figures, lang) => datasetCsv(refusedCallersDataset(figures, lang))),
  },
};

function sendFile(reply: FastifyReply, name: string, text: string): FastifyReply {
  return reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="far-${name}.csv"`)
    .header('cache-control', 'no-store')
    .send(text);
}
