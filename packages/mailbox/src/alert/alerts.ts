import {
  type BounceListener,
  type Clock,
  createHttpSmsSender,
  createSmppSmsSender,
  createSmtpMailSender,
  type DeliveryReport,
  type HttpSmsStatusReports,
  type Log,
  type MailSender,
  mapSome,
  type OnSmsStatus,
  parseMailAddress,
  parsePhoneNumber,
  type SendOutcome,
  type SmsSender,
  type SmsStatusReport,
  startBounceListener,
  startWorker,
} from '@brevduva/base';
import type { ContentKeys } from '../content/encryption.ts';
import { type AlertRow, claimAlerts, writeAlertReport, writeAlertResult } from '../sql/alert.ts';
import { type AlertChannel, sweepAlerts } from '../sql/alertAddress.ts';
import type { Pool } from '../sql/pool.ts';
import { type AlertSettings, JOIN_MS } from './alertSettings.ts';
import { codeWords, newMailWords } from './alertText.ts';
import { addressContext, codeContext } from './enterAddress.ts';
import { isQuietHour } from './quietHours.ts';

export interface AlertDependencies {
  operator: { name: string };
  pool: Pool;
  contentKeys: ContentKeys;
  clock: Clock;
  log: Log;
}

export interface Alerts {
  /** The ways that this operator has. */
  readonly channels: readonly AlertChannel[];
  /** When SMS are reported over HTTP. */
  readonly smsStatus: { readonly settings: HttpSmsStatusReports; readonly onStatus: OnSmsStatus } | undefined;
  /** A code waits to be sent. */
  wake(): void;
  close(): Promise<void>;
}

const IDLE_MS = 5_000;
const CLAIM_MAX = 50;
const AT_ONCE_MAX = 5;
/** Longer than any attempt may take, waiting included. */
const LEASE_MS = 300_000;
const ATTEMPTS_MAX = 8;
const RETRY_MS_MIN = 60_000;
const RETRY_MS_MAX = 3_600_000;
/** Reports of failure, with none of success between, after which an address counts as broken. */
const FAILURES_MAX = 3;
const SWEEP_EVERY_MS = 3_600_000;
/** For the story when a holder asks; the letter itself says nothing of it. */
const ALERTS_KEPT_MS = 30 * 86_400_000;

/**
 * Tells holders of new mail. The letter's own commit puts the notice in the outbox; the worker sends it, tries again with
 * growing pauses, and gives up after two hours: a notice a day late helps nobody, and the letter lies there all the same.
 * An attempt whose outcome is unknown is repeated, so a notice may come twice; none is lost.
 */
export async function startAlerts(deps: AlertDependencies, settings: AlertSettings): Promise<Alerts> {
  const onStatus = (report: SmsStatusReport) => keepSmsStatus(deps, report);
  const senders = openSenders(deps, settings, onStatus);
  const listener = await openListener(deps, settings);
  const { clock, log } = deps;
  const joinMs = settings.joinMs ?? JOIN_MS;
  let sweepDueMs = 0;
  const runOnce = async () => {
    if (clock.now().getTime() >= sweepDueMs) {
      sweepDueMs = clock.now().getTime() + SWEEP_EVERY_MS;
      await sweepAlerts(deps.pool, ALERTS_KEPT_MS);
    }
    return await sendDue(deps, senders, joinMs);
  };
  const worker = startWorker({ name: 'alerts', runOnce, idleMs: Math.min(IDLE_MS, joinMs), log, clock });
  const http = settings.sms?.kind === 'http' ? settings.sms.gateway.status : undefined;
  return {
    channels: channelsOf(senders),
    smsStatus: http === undefined ? undefined : { settings: http, onStatus },
    wake: () => worker.wake(),
    async close() {
      await worker.stop();
      await Promise.all([senders.mail?.close(), senders.sms?.close(), listener?.close()]);
    },
  };
}

interface Senders {
  readonly mail: MailSender | undefined;
  readonly sms: SmsSender | undefined;
}

function openSenders({ clock, log }: AlertDependencies, { mail, sms }: AlertSettings, onStatus: OnSmsStatus): Senders {
  return {
    mail: mail && createSmtpMailSender(mail),
    sms:
      sms && (sms.kind === 'http' ? createHttpSmsSender(sms) : createSmppSmsSender({ ...sms, onStatus, clock, log })),
  };
}

function channelsOf({ mail, sms }: Senders): AlertChannel[] {
  return [...(mail === undefined ? [] : ['email' as const]), ...(sms === undefined ? [] : ['sms' as const])];
}

async function openListener(deps: AlertDependencies, settings: AlertSettings): Promise<BounceListener | undefined> {
  const { mail, bounceListener } = settings;
  if (mail?.bounces === undefined || bounceListener === undefined) return undefined;
  const onReport = (id: string, report: DeliveryReport) => keepBounce(deps, id, report);
  return await startBounceListener({ ...bounceListener, bounces: mail.bounces, onReport, log: deps.log });
}

async function sendDue(deps: AlertDependencies, senders: Senders, joinMs: number): Promise<number> {
  const due = await claimAlerts(deps.pool, {
    limit: CLAIM_MAX,
    leaseMs: LEASE_MS,
    joinMs,
    maySms: !isQuietHour(deps.clock.now()),
    channels: channelsOf(senders),
  });
  await mapSome(due, AT_ONCE_MAX, (alert) => sendOne(deps, senders, alert));
  return due.length;
}

async function sendOne(deps: AlertDependencies, senders: Senders, alert: AlertRow): Promise<void> {
  const outcome = await attempt(deps, senders, alert);
  await writeOutcome(deps, alert, outcome);
  const code = 'code' in outcome ? outcome.code : undefined;
  deps.log.info(
    { alertId: alert.id, channel: alert.channel, kind: alert.kind, outcome: outcome.kind, code },
    'alert sent',
  );
}

async function attempt(
  { operator, contentKeys }: AlertDependencies,
  senders: Senders,
  alert: AlertRow,
): Promise<SendOutcome> {
  const { id, accountId, channel, keyId, encrypted, codeEncrypted, language } = alert;
  const address = contentKeys.decrypt(keyId, encrypted, addressContext(accountId, channel)).toString('utf8');
  if (alert.kind === 'code' && codeEncrypted === null) {
    return { kind: 'refusedForGood', code: 'OVER', text: 'the code is not asked for any more', about: 'message' };
  }
  const words =
    codeEncrypted !== null && alert.kind === 'code'
      ? codeWords(language, {
          operator: operator.name,
          code: contentKeys.decrypt(keyId, codeEncrypted, codeContext(accountId, channel)).toString('utf8'),
        })
      : newMailWords(language, { operator: operator.name, ...alert });
  if (channel === 'sms' && senders.sms !== undefined) {
    return await senders.sms.send({ id, to: parsePhoneNumber(address), text: words.sms });
  }
  if (senders.mail === undefined) throw new TypeError('only what can be sent is claimed');
  return await senders.mail.send({ id, to: parseMailAddress(address), subject: words.subject, text: words.mail });
}

async function writeOutcome({ pool }: AlertDependencies, alert: AlertRow, outcome: SendOutcome): Promise<void> {
  const { id, attempts } = alert;
  const code = 'code' in outcome ? outcome.code : null;
  if (outcome.kind === 'accepted') {
    return await writeAlertResult(pool, { id, state: 'accepted', againInMs: 0, messageIds: outcome.messageIds, code });
  }
  if (outcome.kind === 'refusedForGood' && outcome.about === 'recipient') {
    await writeAlertReport(
      pool,
      { id },
      { isDelivered: false, isAddressBroken: true, failuresMax: FAILURES_MAX, code },
    );
    return;
  }
  const isOver = outcome.kind === 'refusedForGood' || attempts >= ATTEMPTS_MAX;
  const asked = outcome.kind === 'tryLater' ? (outcome.retryAfterMs ?? 0) : 0;
  const againInMs = Math.max(asked, Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** (attempts - 1)));
  await writeAlertResult(pool, { id, state: isOver ? 'failed' : 'sending', againInMs, messageIds: [], code });
}

async function keepSmsStatus({ pool, log }: AlertDependencies, report: SmsStatusReport): Promise<void> {
  log.info({ messageId: report.messageId, state: report.state, code: report.code }, 'SMS reported');
  if (report.state === 'waiting' || report.state === 'unknown') return;
  // EXPIRED is a telephone that was off: it counts as a failure, but one of them says nothing of the number.
  await writeAlertReport(
    pool,
    { messageId: report.messageId },
    {
      isDelivered: report.state === 'delivered',
      isAddressBroken: false,
      failuresMax: FAILURES_MAX,
      code: report.code ?? null,
    },
  );
}

async function keepBounce({ pool, log }: AlertDependencies, id: string, report: DeliveryReport): Promise<void> {
  log.info({ alertId: id, action: report.action, status: report.status }, 'bounce received');
  if (report.action !== 'failed' && report.action !== 'delivered') return;
  const { isAddressBroken, status = null } = report;
  const isDelivered = report.action === 'delivered';
  await writeAlertReport(pool, { id }, { isDelivered, isAddressBroken, failuresMax: FAILURES_MAX, code: status });
}
