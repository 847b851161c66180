import { appError, queryText } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AUDIT_ACTS } from '../../actors/auditAct.ts';
import { ERRORS } from '../../errors.ts';
import { type AuditFilter, selectAuditEvent, selectAuditSubjects, selectAuditTrail } from '../../sql/auditTrail.ts';
import { selectOrganizationNames } from '../../sql/organizationNames.ts';
import { type ConsoleOptions, consoleRequest, sendPage, session } from '../consoleRequest.http.ts';
import { CONSOLE_AREAS } from '../paths.ts';
import { auditEventPage } from './auditEventPage.ts';
import { auditListPage } from './auditListPage.ts';

const EVENTS_PER_PAGE = 50;

/** The audit log, to be read: there is no route that writes in it. */
export function registerAuditRoutes(app: FastifyInstance, options: ConsoleOptions): void {
  app.get(CONSOLE_AREAS.audit, session, (request, reply) => sendList(request, reply, options));
  app.get<{ Params: { id: string } }>(`${CONSOLE_AREAS.audit}/:id`, session, async (request, reply) => {
    const { id } = request.params;
    const event = EVENT_ID.test(id) ? await selectAuditEvent(options.pool, Number(id)) : undefined;
    if (event === undefined) throw appError(ERRORS, 'FAR_AUDIT_EVENT_NOT_FOUND');
    return sendPage(reply, auditEventPage(consoleRequest(request, reply, options), event));
  });
}

const EVENT_ID = /^[1-9]\d{0,14}$/;

async function sendList(request: FastifyRequest, reply: FastifyReply, options: ConsoleOptions) {
  const { pool } = options;
  const filter = filterOf(request);
  const page = await readPage(options, filter, { beforeId: idOf(request, 'fore'), afterId: idOf(request, 'efter') });
  const facts = {
    filter,
    ...page,
    people: await selectAuditSubjects(pool),
    actors: await selectOrganizationNames(pool),
  };
  return sendPage(reply, auditListPage(consoleRequest(request, reply, options), facts));
}

interface Cursor {
  beforeId?: number | undefined;
  afterId?: number | undefined;
}

async function readPage(options: ConsoleOptions, filter: AuditFilter, { beforeId, afterId }: Cursor) {
  const found = await selectAuditTrail(options.pool, filter, { beforeId, afterId, limit: EVENTS_PER_PAGE + 1 });
  const hasMore = found.length > EVENTS_PER_PAGE;
  // The way back has come to the top: the whole first page, with what has come since.
  if (afterId !== undefined && !hasMore) return readPage(options, filter, {});
  const events = afterId === undefined ? found.slice(0, EVENTS_PER_PAGE) : found.slice(-EVENTS_PER_PAGE);
  const isFirst = afterId === undefined && beforeId === undefined;
  return {
    events,
    newer: isFirst ? undefined : events[0]?.id,
    older: hasMore || afterId !== undefined ? events.at(-1)?.id : undefined,
  };
}

/** What the address says; what it should not say is passed over. */
function filterOf(request: FastifyRequest): AuditFilter {
  const organizationNumber = queryText(request, 'aktor');
  return {
    subject: queryText(request, 'vem'),
    what: AUDIT_ACTS.find((each) => each === queryText(request, 'vad')),
    organizationNumber:
      organizationNumber !== undefined && /^16\d{10}$/.test(organizationNumber) ? organizationNumber : undefined,
    from: dayOf(request, 'fran'),
    to: dayOf(request, 'till'),
  };
}

/** A day that exists: the database would refuse the thirtieth of February. */
function dayOf(request: FastifyRequest, name: string): string | undefined {
  const text = queryText(request, name) ?? '';
  if (!/^(19|20)\d\d-\d\d-\d\d$/.test(text)) return undefined;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) ? text : undefined;
}

function idOf(request: FastifyRequest, name: string): number | undefined {
  const text = queryText(request, name) ?? '';
  return EVENT_ID.test(text) ? Number(text) : undefined;
}
