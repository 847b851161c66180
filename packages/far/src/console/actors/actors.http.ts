import { AppError, formTexts, queryText } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ACTOR_ROLES } from '../../actors/actorRole.ts';
import type { Actors } from '../../actors/actors.ts';
import { CONNECTION_ENDS, CONNECTION_STEPS } from '../../actors/connectionSteps.ts';
import { type ConsoleOptions, changingStaffOf, consoleRequest, sendPage, session } from '../consoleRequest.http.ts';
import { errorText } from '../errorTexts.ts';
import { CONSOLE_AREAS } from '../paths.ts';
import type { ActorAction, FormValues } from './actionForm.ts';
import { type ActionFailure, actionPage, actorHref } from './actionPage.ts';
import { ACTOR_ACTIONS, contactForm, operatorForm } from './actorActions.ts';
import { actorListPage, EXPIRING_PATH } from './actorListPage.ts';
import { actorPage } from './actorPage.ts';
import { APPLY_PATH, applyPage } from './applyPage.ts';
import { expiringPage } from './expiringPage.ts';

export interface ActorRouteOptions extends ConsoleOptions {
  readonly actors: Actors;
}

type ByNumber = FastifyRequest<{ Params: { number: string; target?: string } }>;

const ACTORS_PER_PAGE = 50;
const EXPIRING_MAX = 500;
/** A certificate is pasted as PEM. */
const FIELD_CHARACTERS_MAX = 10_000;

/** Everything about actors: list, certificates that expire, each actor, and a page for each thing that is done. */
export function registerActorRoutes(app: FastifyInstance, options: ActorRouteOptions): void {
  const { actors } = options;
  const path = `${CONSOLE_AREAS.actors}/:number`;
  app.get(CONSOLE_AREAS.actors, session, (request, reply) => sendList(request, reply, options));
  app.get(EXPIRING_PATH, session, async (request, reply) =>
    sendPage(
      reply,
      expiringPage(consoleRequest(request, reply, options), await actors.expiringCertificates(EXPIRING_MAX)),
    ),
  );
  app.get(APPLY_PATH, session, async (request, reply) => {
    changingStaffOf(request);
    return sendPage(reply, applyPage(consoleRequest(request, reply, options), { values: {} }));
  });
  app.post(APPLY_PATH, session, (request, reply) => apply(request, reply, options));
  app.get<{ Params: { number: string } }>(path, session, (request, reply) => sendActor(request, reply, options));
  for (const action of ACTOR_ACTIONS) {
    const where = `${path}/${action.path}${action.hasTarget === true ? '/:target' : ''}`;
    app.get(where, session, (request, reply) => sendForm(request as ByNumber, reply, options, action));
    app.post(where, session, (request, reply) => act(request as ByNumber, reply, options, action));
  }
}

async function sendList(request: FastifyRequest, reply: FastifyReply, options: ActorRouteOptions) {
  const { actors } = options;
  const query = {
    text: queryText(request, 'q') ?? '',
    role: ACTOR_ROLES.find((each) => each === queryText(request, 'roll')) ?? null,
    step: [...CONNECTION_STEPS, ...CONNECTION_ENDS].find((each) => each === queryText(request, 'lage')) ?? null,
    onlyAttention: queryText(request, 'behover') === 'ja',
  };
  const page = pageOf(queryText(request, 'sida'));
  const [found, expiring] = await Promise.all([
    actors.list({ ...query, limit: ACTORS_PER_PAGE, offset: (page - 1) * ACTORS_PER_PAGE }),
    actors.expiringCertificates(EXPIRING_MAX),
  ]);
  const pageCount = Math.max(1, Math.ceil(found.total / ACTORS_PER_PAGE));
  const facts = { query, ...found, page, pageCount, expiring: expiring.length };
  return sendPage(reply, actorListPage(consoleRequest(request, reply, options), facts));
}

const PAGES_MAX = 100_000;

function pageOf(text: string | undefined): number {
  const page = Number(text ?? 1);
  return Number.isInteger(page) && page >= 1 && page <= PAGES_MAX ? page : 1;
}

async function sendActor(
  request: FastifyRequest<{ Params: { number: string } }>,
  reply: FastifyReply,
  options: ActorRouteOptions,
) {
  const { actors } = options;
  const actor = await actors.read(request.params.number);
  const wanted = queryText(request, 'klart');
  const done = wanted === 'apply' ? 'apply' : ACTOR_ACTIONS.find(({ key }) => key === wanted)?.key;
  const facts = { environment: actors.environment, done };
  return sendPage(reply, actorPage(consoleRequest(request, reply, options), actor, facts));
}

async function sendForm(request: ByNumber, reply: FastifyReply, options: ActorRouteOptions, action: ActorAction) {
  changingStaffOf(request);
  const { number, target = '' } = request.params;
  const subject = { actor: await options.actors.read(number), target };
  const values = action.initial?.(subject) ?? {};
  return sendPage(reply, actionPage(consoleRequest(request, reply, options), action, subject, { values }));
}

/** Does it and goes back to the actor; what is refused comes back as the form with what was typed. */
async function act(request: ByNumber, reply: FastifyReply, options: ActorRouteOptions, action: ActorAction) {
  const by = changingStaffOf(request);
  const { actors } = options;
  const { number, target = '' } = request.params;
  const values = formTexts(request.body, action.names, FIELD_CHARACTERS_MAX);
  const { version = '' } = formTexts(request.body, ['version']);
  try {
    await action.run(actors.change, by, { organizationNumber: number, version: Number(version) }, { values, target });
  } catch (error) {
    const page = consoleRequest(request, reply, options);
    const failure = refusalOf(error, page.lang);
    if (failure === undefined) throw error;
    const subject = { actor: await actors.read(number), target };
    return sendPage(reply.code(failure.status), actionPage(page, action, subject, { values, failure }));
  }
  return reply.redirect(`${actorHref(number)}?klart=${action.key}`, 303);
}

const APPLY_FIELDS = [
  'organizationNumber',
  'name',
  ...ACTOR_ROLES.map((role) => `role_${role}`),
  ...['contactName', 'contactEmail', 'contactPersonalNumber'],
  ...['operatorName', 'domain', 'serviceAddress', 'uiAddress'],
];

async function apply(request: FastifyRequest, reply: FastifyReply, options: ActorRouteOptions) {
  const by = changingStaffOf(request);
  const values = formTexts(request.body, APPLY_FIELDS, FIELD_CHARACTERS_MAX);
  try {
    const number = await options.actors.change.apply(by, applicationOf(values));
    return reply.redirect(`${actorHref(number)}?klart=apply`, 303);
  } catch (error) {
    const page = consoleRequest(request, reply, options);
    const failure = refusalOf(error, page.lang);
    if (failure === undefined) throw error;
    return sendPage(reply.code(failure.status), applyPage(page, { values, failure }));
  }
}

function applicationOf(values: FormValues) {
  return {
    organizationNumber: values['organizationNumber'] ?? '',
    name: values['name'] ?? '',
    roles: ACTOR_ROLES.filter((role) => values[`role_${role}`] === 'on'),
    contact: contactForm(values),
    operator: operatorForm(values),
  };
}

/** What the person can put right herself; everything else is an error page. */
function refusalOf(error: unknown, lang: 'sv' | 'en'): (ActionFailure & { status: number }) | undefined {
  if (!(error instanceof AppError)) return undefined;
  const { status, code, publicText } = error;
  const isOfFields = code === 'FAR_ACTOR_INVALID' || code === 'FAR_UNKNOWN_SENDER';
  if (!isOfFields && status !== 409 && status !== 422) return undefined;
  const faults = isOfFields ? error.faults : fieldOfCode(error);
  return {
    status: status === 404 ? 422 : status,
    text: errorText(code, publicText, lang),
    faults: faults.map((fault) => ({ path: fault.path, text: errorText(fault.code, fault.text, lang) })),
  };
}

/** A refusal of a certificate, or of a domain, belongs to its field. */
function fieldOfCode({ code, publicText: text }: AppError): { path: string; code: string; text: string }[] {
  if (code === 'FAR_OPERATOR_DOMAIN_TAKEN') return [{ path: 'domain', code, text }];
  return code.startsWith('FAR_CERTIFICATE_') ? [{ path: 'certificate', code, text }] : [];
}
