import { appError, BASE_ERRORS, formTexts } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Alerts } from '../alert/alerts.ts';
import { addressContext, confirmAddress, enterAddress } from '../alert/enterAddress.ts';
import {
  type AlertAddressRow,
  type AlertChannel,
  listAlertAddresses,
  removeAlertAddress,
  setNamesSender,
} from '../sql/alertAddress.ts';
import { type AlertFault, alertPage } from './alertPage.ts';
import { alertPageTexts } from './alertTexts.ts';
import { ALERTS_PATH } from './paths.ts';
import { languageOf, type Mailbox, mailboxOf, shellOf, type WebDependencies } from './visit.http.ts';

export type AlertPageDependencies = WebDependencies & { alerts: Alerts };

type WayRequest = FastifyRequest<{ Params: { channel: string } }>;

/** Where the holder says how she wants to be told of new mail. */
export function registerAlertRoutes(app: FastifyInstance, deps: AlertPageDependencies): void {
  const config = { access: 'session' as const };
  app.get(ALERTS_PATH, { config }, (request, reply) => show(deps, request, reply));
  app.post(`${ALERTS_PATH}/:channel/address`, { config }, (request: WayRequest, reply) => enter(deps, request, reply));
  app.post(`${ALERTS_PATH}/:channel/confirm`, { config }, (request: WayRequest, reply) =>
    confirm(deps, request, reply),
  );
  app.post(`${ALERTS_PATH}/:channel/choices`, { config }, async (request: WayRequest, reply) => {
    const { mailbox, channel, form } = await formOf(deps, request);
    await setNamesSender(deps.pool, mailbox.id, channel, form('namesSender') !== '');
    return reply.redirect(ALERTS_PATH, 303);
  });
  app.post(`${ALERTS_PATH}/:channel/remove`, { config }, async (request: WayRequest, reply) => {
    const { mailbox, channel } = await formOf(deps, request);
    await removeAlertAddress(deps.pool, mailbox.id, channel);
    return reply.redirect(ALERTS_PATH, 303);
  });
}

async function show(
  deps: AlertPageDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  fault?: AlertFault,
): Promise<string> {
  const mailbox = await mailboxOf(deps, request);
  const rows = await listAlertAddresses(deps.pool, mailbox.id);
  const ways = deps.alerts.channels.map((channel) => ({
    channel,
    entered: rows.filter((row) => row.channel === channel).map((row) => ({ ...row, address: plain(deps, row) }))[0],
  }));
  reply.type('text/html; charset=utf-8').code(fault === undefined ? 200 : 422);
  return alertPage(await shellOf(deps, request, mailbox), { ways, fault });
}

/** Her own address, as she typed it in: she may see it whole. */
function plain(
  { contentKeys }: AlertPageDependencies,
  { accountId, channel, keyId, encrypted }: AlertAddressRow,
): string {
  return encrypted === null
    ? ''
    : contentKeys.decrypt(keyId, encrypted, addressContext(accountId, channel)).toString('utf8');
}

async function enter(
  deps: AlertPageDependencies,
  request: WayRequest,
  reply: FastifyReply,
): Promise<string | FastifyReply> {
  const { mailbox, channel, form } = await formOf(deps, request);
  const language = languageOf(request);
  const typed = form('address');
  const namesSender = form('namesSender') !== '';
  const result = await enterAddress(deps, { accountId: mailbox.id, channel, text: typed, namesSender, language });
  deps.alerts.wake();
  if (result === 'entered') return reply.redirect(ALERTS_PATH, 303);
  const text = alertPageTexts(language);
  const invalid = channel === 'sms' ? text.invalidSms : text.invalidEmail;
  return show(deps, request, reply, {
    channel,
    field: 'address',
    typed,
    text: result === 'invalid' ? invalid : text.tooMany,
  });
}

async function confirm(
  deps: AlertPageDependencies,
  request: WayRequest,
  reply: FastifyReply,
): Promise<string | FastifyReply> {
  const { mailbox, channel, form } = await formOf(deps, request);
  const result = await confirmAddress(deps, { accountId: mailbox.id, channel, code: form('code') });
  if (result === 'confirmed') return reply.redirect(ALERTS_PATH, 303);
  const text = alertPageTexts(languageOf(request));
  const words = result === 'wrong' ? text.codeWrong : text.codeOver;
  return show(deps, request, reply, { channel, field: 'code', typed: '', text: words });
}

interface WayForm {
  mailbox: Mailbox;
  channel: AlertChannel;
  form(name: string): string;
}

async function formOf(deps: AlertPageDependencies, request: WayRequest): Promise<WayForm> {
  const mailbox = await mailboxOf(deps, request);
  const channel = deps.alerts.channels.find((each) => each === request.params.channel);
  if (channel === undefined) throw appError(BASE_ERRORS, 'BASE_NOT_FOUND');
  return { mailbox, channel, form: (name) => formTexts(request.body, [name])[name] ?? '' };
}
