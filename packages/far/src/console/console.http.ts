import type { FastifyInstance } from 'fastify';
import type { AccountStatisticsSource } from '../accountStatistics.ts';
import type { Actors } from '../actors/actors.ts';
import { selectAuditTrail } from '../sql/auditTrail.ts';
import { selectDispatchers, selectOperators, selectSenders } from '../sql/organizations.ts';
import { daysOf, periodOf } from '../statistics/period.ts';
import { readAccounts } from '../statistics/readAccounts.ts';
import { readCalls } from '../statistics/readCalls.ts';
import { registerActorRoutes } from './actors/actors.http.ts';
import { registerAuditRoutes } from './audit/audit.http.ts';
import { type ConsoleOptions, consoleRequest, sendPage, session } from './consoleRequest.http.ts';
import { overviewPage } from './overviewPage.ts';
import { CONSOLE_AREAS } from './paths.ts';
import { registerStatisticsRoutes } from './statistics/statistics.http.ts';

export interface ConsoleParts extends ConsoleOptions {
  /** Counting is costly: one count for everyone who asks. */
  readonly statistics: AccountStatisticsSource;
  readonly actors: Actors;
}

/**
 * The register owner's console. Every route has access `session`; every route that changes something asks
 * `changingStaffOf` first. Each area brings its own routes: `register…Routes(app, parts)`.
 */
export function registerConsole(app: FastifyInstance, parts: ConsoleParts): void {
  registerOverviewRoute(app, parts);
  registerActorRoutes(app, parts);
  registerStatisticsRoutes(app, parts);
  registerAuditRoutes(app, parts);
}

const EVENTS_SHOWN = 8;

function registerOverviewRoute(app: FastifyInstance, parts: ConsoleParts): void {
  const { pool, statistics, clock } = parts;
  app.get(CONSOLE_AREAS.overview, session, async (request, reply) => {
    const now = clock.now();
    const [operators, dispatchers, senders, counted] = await Promise.all([
      selectOperators(pool),
      selectDispatchers(pool),
      selectSenders(pool),
      statistics(),
    ]);
    const facts = {
      connected: { operators: operators.length, dispatchers: dispatchers.length, senders: senders.length },
      now: counted,
      accounts: await readAccounts(pool, daysOf('30d', now)),
      calls: await readCalls(pool, periodOf('24h', now), {}),
      events: await selectAuditTrail(pool, {}, { limit: EVENTS_SHOWN }),
    };
    return sendPage(reply, overviewPage(consoleRequest(request, reply, parts), facts));
  });
}
