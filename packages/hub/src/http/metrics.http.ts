import { createWebServer, METRICS_CONTENT_TYPE, type Metric, metricsText, type Pool } from '@brevduva/base';
import type { FastifyInstance } from 'fastify';
import type { HubOptions } from '../hubOptions.ts';
import { SILENT_ENDS } from '../silentEnds.ts';
import { type CheckMetrics, selectCheckMetrics } from '../sql/noSilentEnd.ts';

/**
 * What an installation is watched by, on a listener of its own that only those who watch can reach: it asks for no login, and tells
 * numbers of organisations and of letters.
 */
export function createMetricsServer(pool: Pool, { log, clock }: Pick<HubOptions, 'log' | 'clock'>): FastifyInstance {
  const app = createWebServer({ name: 'metrics', log, clock });
  app.get('/metrics', { config: { access: 'public' } }, async (_request, reply) => {
    reply.type(METRICS_CONTENT_TYPE);
    return metricsText(metricsOf(await selectCheckMetrics(pool)));
  });
  return app;
}

function metricsOf(checks: readonly CheckMetrics[]): Metric[] {
  const ofEach = (value: (check: CheckMetrics) => number) =>
    checks.map((check) => ({ labels: { organization: check.organizationNumber }, value: value(check) }));
  return [
    {
      name: 'brevduva_silent_ends',
      help: 'Letters and hand-ins without an end or a next step, by kind. Anything but 0 is an alarm.',
      type: 'gauge',
      // Every kind, also those that are not found: an alarm on a series that is not there is never raised.
      samples: checks.flatMap(({ organizationNumber: organization, silentEnds }) =>
        SILENT_ENDS.map((kind) => ({
          labels: { organization, kind },
          value: silentEnds.find((found) => found.kind === kind)?.count ?? 0,
        })),
      ),
    },
    {
      name: 'brevduva_ends_checked_timestamp_seconds',
      help: 'When it was last checked that everything has an end. An alarm is due when this stands still.',
      type: 'gauge',
      samples: ofEach(({ checkedAt }) => Math.floor(checkedAt.getTime() / 1_000)),
    },
    {
      name: 'brevduva_open_cases',
      help: 'Letters that wait for a person.',
      type: 'gauge',
      samples: ofEach(({ openCases }) => openCases),
    },
  ];
}
