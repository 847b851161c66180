import type { Pool } from '@brevduva/base';
import {
  appError,
  type Closers,
  createClosers,
  createPool,
  createWebServer,
  listen,
  migrate,
  registerLogin,
  registerSmsStatusRoute,
  serveAssets,
  type Worker,
} from '@brevduva/base';
import { createTrustStore } from '@brevduva/protocol';
import { uiAssets } from '@brevduva/ui';
import type { FastifyInstance } from 'fastify';
import { createCaseActions } from './cases.ts';
import { HUB_ERRORS } from './errors.ts';
import { createHandInCaseActions } from './handInCases.ts';
import { registerApiDescription } from './http/apiDescription.http.ts';
import { createAttemptLimit } from './http/attemptLimit.ts';
import { registerConsoleRoutes } from './http/console.http.ts';
import { renderConsoleError } from './http/consoleRequest.http.ts';
import { registerHealthRoutes } from './http/health.http.ts';
import { registerMessageService } from './http/messageService.http.ts';
import { createMetricsServer } from './http/metrics.http.ts';
import { registerNotificationService } from './http/notificationService.http.ts';
import { registerTokenRoute } from './http/oauth.http.ts';
import { registerSystemRoutes, type SystemRoutesOptions } from './http/systemRoutes.http.ts';
import { createWebhookPoster } from './http/webhook.http.ts';
import type { HubOptions } from './hubOptions.ts';
import { createIntake } from './intake/accept.ts';
import { forecastMailing } from './mailing/forecast.ts';
import { createMailings } from './mailing/mailings.ts';
import { HUB_MIGRATIONS } from './migrations.ts';
import { startEndCheck } from './noSilentEnd.ts';
import { SMS_STATUS_PATH } from './notices/messaging.ts';
import { startNoticeWorker } from './notices/noticeWorker.ts';
import { createParts, judgeOptions, type Parts } from './parts.ts';
import { createPrintoutReader } from './pdf/printouts.ts';
import { precheck } from './precheck.ts';
import { createOpenShops } from './printShop/openShop.ts';
import { startPrintShopWorker } from './printShop/printShopWorker.ts';
import { createReturnedMail } from './returnedMail/registerReturn.ts';
import { type Place, type Runner, startRunner } from './runner.ts';
import { selectOrganisationByNumber } from './sql/admin.ts';
import { releaseLeasesOf } from './sql/claim.ts';
import { releaseFormLeasesOf } from './sql/formOutbox.ts';
import { lockNodeName } from './sql/nodeLock.ts';
import { releaseBatchLeasesOf } from './sql/printBatches.ts';
import { releasePrintLeasesOf } from './sql/printJobs.ts';
import { releaseNoticeLeasesOf } from './sql/recipientNotices.ts';
import { FILLING_DAYS, startSweeps } from './sweep.ts';
import { startFormWorker } from './waysIn/forms/formWorker.ts';
import { createNoticeIntake } from './waysIn/notification/distribute.ts';
import { startPrintWorker } from './waysIn/printer/printWorker.ts';
import { startFileWaysIn } from './waysIn/startFileWaysIn.ts';

export interface RunningHub {
  readonly webUrl: string;
  /** Where business systems with client certificates call, when there is such a listener. */
  readonly systemsUrl: string | undefined;
  readonly sftpPort: number | undefined;
  /** Where `/metrics` is, when there is such a listener. */
  readonly metricsUrl: string | undefined;
  readonly app: FastifyInstance;
  close(): Promise<void>;
}

const SESSION_MS_MAX = 8 * 3_600_000;
const NODE_NAME_TRIES_MAX = 10;
const NODE_NAME_RETRY_DELAY_MS = 300;

/**
 * Starts a node of the mediation service: web server, and the pipeline.
 *
 * @throws AppError HUB_NODE_TAKEN when another process runs a node of the same name; BASE_PORT_TAKEN; BASE_DATABASE_…
 */
export async function startHub(options: HubOptions): Promise<RunningHub> {
  const closers = createClosers();
  try {
    return await start(options, closers);
  } catch (error) {
    // Nothing stays behind: no port, no connection, no name held.
    await closers.closeAll();
    throw error;
  }
}

async function start(options: HubOptions, closers: Closers): Promise<RunningHub> {
  const pool = createPool({ connectionString: options.databaseUrl, applicationName: `hub ${options.node}`, max: 20 });
  closers.add(() => pool.end());
  await migrate(pool, HUB_MIGRATIONS, { log: options.log });
  closers.add(await takeNodeName(pool, options));
  await releaseLeasesOf(pool, options.node);
  await releasePrintLeasesOf(pool, options.node);
  await releaseBatchLeasesOf(pool, options.node);
  await releaseFormLeasesOf(pool, options.node);
  let runner: Runner | undefined;
  let noticeWorker: Worker | undefined;
  const wake = (where?: Place) => runner?.wake(where);
  await releaseNoticeLeasesOf(pool, options.node);
  const parts = await createParts(options, pool, () => {
    wake({ stage: 'confirm', lane: 'bulk' });
    noticeWorker?.wake();
  });
  closers.add(() => parts.close());
  let printWorker: Worker | undefined;
  let formWorker: Worker | undefined;
  const routes = systemRoutes(options, pool, parts, {
    pipeline: wake,
    printer: () => printWorker?.wake(),
    forms: () => formWorker?.wake(),
  });
  const app = await createApp(options, pool, parts, routes, wake);
  closers.add(() => app.close());
  const webUrl = await listen(app, options.web);
  const systemsUrl = await startSystemsListener(options, routes, closers);
  if (options.runsPipeline !== false) {
    const started = startRunner({ ...options, pool, context: parts.context, expressSoap: parts.expressSoap });
    closers.add(() => started.stop());
    runner = started;
    printWorker = startPrinting(options, parts, routes, closers);
    await startPrintShops(options, parts, pool, wake, closers);
    const sweeps = startSweeps({ pool, clock: options.clock, log: options.log, times: options.keep });
    closers.add(() => sweeps.stop());
    const { content: letters, notices } = parts.context;
    const { node, clock, log } = options;
    const telling = startNoticeWorker({ pool, node, content: letters, notices, clock, log });
    closers.add(() => telling.stop());
    noticeWorker = telling;
    formWorker = startForms(options, parts, routes, closers);
    startChecking(options, pool, closers);
  }
  const { content } = parts.context;
  const shared = { ...judgeOptions(parts, pool), composer: parts.pdf, content };
  const judging = { ...shared, onReleased: () => wake({ stage: 'resolve', lane: 'bulk' }) };
  const sftpPort = await startFileWaysIn(options, { ...routes, judging }, closers);
  const metricsUrl = await startMetrics(options, pool, closers);
  return { webUrl, systemsUrl, sftpPort, metricsUrl, app, close: () => closers.closeAll() };
}

/** Turns printouts into letters on this node. */
function startPrinting(
  { node, clock, log, crashPoint }: HubOptions,
  { context }: Parts,
  { pool, intake }: SystemRoutesOptions,
  closers: Closers,
): Worker {
  const printouts = createPrintoutReader();
  closers.add(() => printouts.close());
  const shared = { pool, node, content: context.content, intake, printouts, clock, log };
  const worker = startPrintWorker({ ...shared, ...(crashPoint && { crashPoint }) });
  closers.add(() => worker.stop());
  return worker;
}

/** Closes print batches and hands them over from this node. */
async function startPrintShops(
  {
    node,
    clock,
    log,
    paperDir,
    printShopSecretOf: secretOf,
    printShopReceiptsEveryMs: receiptsEveryMs,
    crashPoint,
  }: HubOptions,
  { context: { content }, addressDigest }: Parts,
  pool: Pool,
  wake: (where: Place) => void,
  closers: Closers,
): Promise<void> {
  const shops = createOpenShops({ pool, paperDir, secretOf });
  const onTold = () => {
    for (const lane of ['interactive', 'bulk'] as const) wake({ stage: 'confirm', lane });
  };
  const shared = { pool, node, paperDir, content, shops, addressDigest, clock, log, onTold };
  const worker = await startPrintShopWorker({
    ...shared,
    ...(receiptsEveryMs && { receiptsEveryMs }),
    ...(crashPoint && { crashPoint }),
  });
  closers.add(() => worker.stop());
}

/** Brings forms to their receivers from this node. */
function startForms(
  { node, clock, log, crashPoint, contentKey, webhookCaPem }: HubOptions,
  { context: { content } }: Parts,
  { pool }: SystemRoutesOptions,
  closers: Closers,
): Worker {
  const post = createWebhookPoster({ caPem: webhookCaPem });
  const shared = { pool, node, content, contentKey, post, clock, log };
  const worker = startFormWorker({ ...shared, ...(crashPoint && { crashPoint }) });
  closers.add(() => worker.stop());
  return worker;
}

/** Looks for silent ends from this node, when it is its turn. */
function startChecking({ clock, log, keep, alarm, webhookCaPem }: HubOptions, pool: Pool, closers: Closers): void {
  const post = alarm && createWebhookPoster({ caPem: webhookCaPem });
  const told = alarm && post && { ...alarm, post };
  const worker = startEndCheck({ pool, clock, log, fillingDays: keep?.fillingDays, alarm: told });
  closers.add(() => worker.stop());
}

async function startMetrics(options: HubOptions, pool: Pool, closers: Closers): Promise<string | undefined> {
  if (options.metrics === undefined) return undefined;
  const app = createMetricsServer(pool, options);
  closers.add(() => app.close());
  return `${await listen(app, options.metrics)}/metrics`;
}

/** A process that was killed a moment ago may still hold the name until the database notices. */
async function takeNodeName(pool: Pool, { node, clock }: HubOptions): Promise<() => Promise<void>> {
  for (let tries = 1; tries <= NODE_NAME_TRIES_MAX; tries++) {
    const release = await lockNodeName(pool, node);
    if (release !== undefined) return release;
    await clock.sleep(NODE_NAME_RETRY_DELAY_MS);
  }
  throw appError(HUB_ERRORS, 'HUB_NODE_TAKEN', { detail: node });
}

function systemRoutes(
  { clock, web, contentKey }: HubOptions,
  pool: Pool,
  parts: Parts,
  wake: { readonly pipeline: (where?: Place) => void; readonly printer: () => void; readonly forms: () => void },
): SystemRoutesOptions {
  const { content, soap, farUrl, addressSource, eInvoice } = parts.context;
  const hasAddressSource = addressSource !== undefined;
  const judging = judgeOptions(parts, pool);
  return {
    ...{ pool, content, clock, publicUrl: web.publicUrl, onPrinted: wake.printer },
    ...{ contentKey, onFormReceived: wake.forms },
    returnedMail: createReturnedMail(pool, parts.addressDigest, () =>
      wake.pipeline({ stage: 'confirm', lane: 'bulk' }),
    ),
    attempts: createAttemptLimit(clock),
    intake: createIntake({ ...judging, content, onAccepted: (lane) => wake.pipeline({ stage: 'resolve', lane }) }),
    notices: createNoticeIntake({
      ...judging,
      content,
      onAccepted: (lane) => wake.pipeline({ stage: 'resolve', lane }),
    }),
    precheck: (request, system) =>
      precheck(request, system, {
        ...{ pool, soap, farUrl, hasAddressSource },
        connected: parts.context.notices.connected,
        eInvoiceRegistry: eInvoice?.registry,
      }),
    mailings: createMailings({
      ...judging,
      ...{ content, composer: parts.pdf },
      onReleased: () => wake.pipeline({ stage: 'resolve', lane: 'bulk' }),
    }),
  };
}

/** The same routes for business systems that prove themselves at the handshake. */
async function startSystemsListener(
  { systems, caPem, clock, log }: HubOptions,
  routes: SystemRoutesOptions,
  closers: Closers,
): Promise<string | undefined> {
  if (systems === undefined) return undefined;
  const app = createWebServer({ name: 'systems', log, clock, tls: { ...systems.tls, requestCert: true } });
  closers.add(() => app.close());
  await registerApiDescription(app);
  await registerSystemRoutes(app, routes);
  let origin = '';
  const { pool, intake, notices } = routes;
  const trust = createTrustStore([caPem]);
  const soap = { pool, clock, log, origin: () => origin };
  await registerMessageService(app, { ...soap, intake, trust });
  await registerNotificationService(app, { ...soap, notices });
  origin = await listen(app, systems);
  return origin;
}

async function createApp(
  options: HubOptions,
  pool: Pool,
  parts: Parts,
  routes: SystemRoutesOptions,
  wake: () => void,
): Promise<FastifyInstance> {
  const { clock, log, web } = options;
  const app = createWebServer({
    name: 'hub',
    log,
    clock,
    csp: { frameSrc: ["'self'"], formAction: ["'self'", options.oidc.issuer] },
    renderError: renderConsoleError,
    ...(web.trustProxy === undefined ? {} : { trustProxy: web.trustProxy }),
  });
  serveAssets(app, uiAssets);
  registerHealthRoutes(app, pool);
  await registerApiDescription(app);
  await registerStaffLogin(app, options, pool);
  await registerSystemRoutes(app, routes);
  registerTokenRoute(app, routes);
  registerSmsStatus(app, options, parts);
  const { content, sealed, soap, farUrl, addressSource, eInvoice } = parts.context;
  const hasAddressSource = addressSource !== undefined;
  const asking = {
    ...{ pool, content, soap, farUrl, hasAddressSource },
    connected: parts.context.notices.connected,
    eInvoiceRegistry: eInvoice?.registry,
  };
  const pictures = createPrintoutReader();
  app.addHook('onClose', () => pictures.close());
  await registerConsoleRoutes(app, {
    ...{ pool, clock, content, sealed, mailings: routes.mailings, composer: parts.pdf },
    cases: createCaseActions(pool, wake),
    returnedMail: routes.returnedMail,
    handIns: createHandInCaseActions({ pool, content, intake: routes.intake, clock }),
    pictures,
    dropFolderRoot: options.dropFolder?.root,
    fillingDays: options.keep?.fillingDays ?? FILLING_DAYS,
    forecast: (key) => forecastMailing(key, asking),
  });
  log.debug({ publicUrl: web.publicUrl }, 'routes registered');
  return app;
}

/** For a gateway that posts its reports; SMPP has them on its own connection. */
function registerSmsStatus(app: FastifyInstance, { messaging }: HubOptions, { context: { notices } }: Parts): void {
  const settings = messaging?.sms?.httpReports;
  const { onSmsStatus: onStatus } = notices;
  if (settings === undefined || onStatus === undefined) return;
  registerSmsStatusRoute(app, { path: SMS_STATUS_PATH, settings, onStatus });
}

/** What a person may be here (roles of the identity provider); someone with none of them has no business in the console. */
const STAFF_ROLES: readonly string[] = ['caseworker', 'approver', 'administrator', 'reader'];

/**
 * Staff come from the organisation's identity provider, with the claims `sub`, `name`, `organization_number` (12 digits) and `roles`.
 * Nobody of an organisation that is not ours is admitted, and nobody without a role.
 */
async function registerStaffLogin(app: FastifyInstance, options: HubOptions, pool: Pool): Promise<void> {
  const { oidc, web, clock, log } = options;
  await registerLogin(app, {
    ...oidc,
    publicUrl: web.publicUrl,
    pool,
    clock,
    log,
    cookieName: options.cookieName ?? 'brevduva_hub',
    sessionMaxMs: SESSION_MS_MAX,
    admit: async ({ sub, name, roles: claimed, organization_number: organization }) => {
      const roles = STAFF_ROLES.filter((role) => [claimed].flat().includes(role));
      if (typeof sub !== 'string' || typeof organization !== 'string' || roles.length === 0) return null;
      const organisation = await selectOrganisationByNumber(pool, organization);
      if (organisation === undefined) return null;
      const attributes = { organisationId: organisation.id, organisationName: organisation.name };
      return { subject: sub, name: typeof name === 'string' ? name : sub, roles, attributes };
    },
  });
}
