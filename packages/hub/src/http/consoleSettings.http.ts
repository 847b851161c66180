import { appError } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { changesPage } from '../console/settings/changesPage.ts';
import { flowPage, flowsPage } from '../console/settings/flowsPage.ts';
import { organisationPage } from '../console/settings/organisationPage.ts';
import { type SystemUse, systemPage, systemsPage } from '../console/settings/systemsPage.ts';
import { unitsPage } from '../console/settings/unitsPage.ts';
import type { ConsoleRequest } from '../console/shell.ts';
import { HUB_ERRORS } from '../errors.ts';
import type { OrganisationConfiguration } from '../organisation/configuration.ts';
import { selectChanges, selectConfigurationOf } from '../sql/configuration.ts';
import { selectCredentials } from '../sql/credentialList.ts';
import { selectLastSeen } from '../sql/systems.ts';
import { administratorOf, type ConsoleOptions, consoleRequest, sendPage, session } from './consoleRequest.http.ts';

const CHANGES_SHOWN = 200;

type ByCode = { Params: { code: string } };

/** How the organisation is set up, for its administrators. Only shown: changes go by the configuration file. */
export function registerSettingsRoutes(app: FastifyInstance, options: ConsoleOptions): void {
  const { pool } = options;
  const show = (page: PageOf) => (request: FastifyRequest, reply: FastifyReply) => send(request, reply, options, page);
  app.get('/installningar', session, show(organisationPage));
  app.get('/installningar/enheter', session, show(unitsPage));
  app.get('/installningar/floden', session, show(flowsPage));
  app.get<ByCode>('/installningar/floden/:code', session, (request, reply) =>
    send(request, reply, options, (page, configuration) => {
      const flow = configuration.flows.find(({ code }) => code === request.params.code);
      if (flow === undefined) throw appError(HUB_ERRORS, 'HUB_FLOW_NOT_FOUND');
      return flowPage(page, configuration, flow);
    }),
  );
  app.get('/installningar/system', session, (request, reply) =>
    send(request, reply, options, async (page, configuration, organisationId) =>
      systemsPage(page, configuration, await useOf(organisationId, options)),
    ),
  );
  app.get<ByCode>('/installningar/system/:code', session, (request, reply) =>
    send(request, reply, options, async (page, configuration, organisationId) => {
      const system = configuration.systems.find(({ code }) => code === request.params.code);
      if (system === undefined) throw appError(HUB_ERRORS, 'HUB_SYSTEM_NOT_FOUND');
      return systemPage(page, configuration, system, await useOf(organisationId, options));
    }),
  );
  app.get('/installningar/andringar', session, async (request, reply) => {
    const { organisationId } = administratorOf(request);
    const changes = await selectChanges(pool, organisationId, CHANGES_SHOWN);
    return sendPage(reply, changesPage(await consoleRequest(request, reply, options), changes, CHANGES_SHOWN));
  });
}

type PageOf = (
  page: ConsoleRequest,
  configuration: OrganisationConfiguration,
  organisationId: string,
) => string | Promise<string>;

async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  options: ConsoleOptions,
  page: PageOf,
): Promise<FastifyReply> {
  const { organisationId } = administratorOf(request);
  const configuration = await selectConfigurationOf(options.pool, organisationId);
  return sendPage(reply, await page(await consoleRequest(request, reply, options), configuration, organisationId));
}

async function useOf(organisationId: string, { pool }: ConsoleOptions): Promise<SystemUse> {
  const [credentials, lastSeenAt] = await Promise.all([
    selectCredentials(pool, organisationId),
    selectLastSeen(pool, organisationId),
  ]);
  return { credentials, lastSeenAt };
}
