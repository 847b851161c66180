import { type Clock, type Log, newId, type Pool, startWorker, type Worker } from '@brevduva/base';
import type { ContentStore } from '../../content.ts';
import { SERVICE_ACTOR } from '../../events.ts';
import type { PostWebhook, WebhookAnswer } from '../../http/webhook.http.ts';
import { loginNameOf } from '../../organisation/businessSystem.ts';
import { type FormProduct, TIMEOUT_SECONDS_MAX, type WebhookSettings } from '../../organisation/waysIn/forms.ts';
import { readStoredWaysIn } from '../../organisation/waysIn.ts';
import { selectFormMessage, selectFormParts } from '../../sql/formMessages.ts';
import { type ClaimedForm, claimFormMessages, type FormOutcome, writeFormOutcome } from '../../sql/formOutbox.ts';
import { CASE_REFERENCE_CHARS_MAX } from './formStates.ts';
import { webhookBody } from './webhookBody.ts';
import { webhookSecret, webhookSignature } from './webhookSecret.ts';

export interface FormWorkerOptions {
  readonly pool: Pool;
  /** The node's name (HubOptions.node). */
  readonly node: string;
  readonly content: ContentStore;
  readonly contentKey: Buffer;
  readonly post: PostWebhook;
  readonly clock: Clock;
  readonly log: Log;
  /** Development only: called where a process may die. */
  readonly crashPoint?: (name: string) => void;
}

const IDLE_MS = 1_000;
/** Each may be 32 MB, and stands in memory while it is sent. */
const FORMS_AT_ONCE = 4;
/** Longer than any answer is waited for. */
const LEASE_MS = (TIMEOUT_SECONDS_MAX + 60) * 1_000;
const RETRY_GROWTH = 3;
const RETRY_SECONDS_MAX = 6 * 3_600;
const CASE_HOURS_DEFAULT = 24;

/**
 * Brings forms to their receivers. At least once: a node that dies between the receiver's answer and
 * its own note sends the same message again, with the same id and the same bytes.
 */
export function startFormWorker(options: FormWorkerOptions): Worker {
  const { pool, node, log, clock } = options;
  return startWorker({
    name: 'forms',
    idleMs: IDLE_MS,
    log,
    clock,
    runOnce: async () => {
      const claimed = await claimFormMessages(pool, {
        limit: FORMS_AT_ONCE,
        leaseMs: LEASE_MS,
        leaseId: newId(),
        node,
      });
      if (claimed.length > 0) options.crashPoint?.('form:claimed');
      await Promise.all(claimed.map((form) => workOn(form, options)));
      return claimed.length;
    },
  });
}

async function workOn(form: ClaimedForm, options: FormWorkerOptions): Promise<void> {
  const outcome = await attempt(form, options);
  options.crashPoint?.('form:sent');
  await writeFormOutcome(options.pool, form, outcome, SERVICE_ACTOR);
  const { kind } = outcome;
  const failure = 'failure' in outcome ? outcome.failure : undefined;
  if (kind !== 'wait')
    options.log.info({ form: form.id, outcome: kind, attempt: form.attempts, failure }, 'form message');
}

async function attempt(form: ClaimedForm, options: FormWorkerOptions): Promise<FormOutcome> {
  const product = productOf(form);
  if (product === undefined) {
    return { kind: 'failed', failure: 'noReceiver', detail: '', caseHours: CASE_HOURS_DEFAULT };
  }
  const { webhook } = product;
  if (webhook === undefined) return notFetched(form, product, options.clock);
  const answer = await send(form, webhook, options);
  if (answer.kind === 'taken') return { kind: 'handedOver', ...readAcknowledgement(answer.json) };
  const { failure, detail } = answer;
  if (form.attempts >= webhook.attempts) return { kind: 'failed', failure, detail, caseHours: product.caseHours };
  return { kind: 'retry', failure, detail, delaySeconds: retrySeconds(form.attempts, webhook) };
}

/**
 * A form that cannot be read, or that has ended every process that tried, is no reason to try for ever: it counts as an answer, and the
 * last goes to a person.
 */
async function send(form: ClaimedForm, webhook: WebhookSettings, options: FormWorkerOptions): Promise<WebhookAnswer> {
  if (form.attempts > webhook.attempts) return INTERNAL;
  try {
    return await options.post(await requestOf(form, webhook, options));
  } catch (err) {
    options.log.error({ err, form: form.id }, 'form message could not be sent');
    return INTERNAL;
  }
}

const INTERNAL: WebhookAnswer = { kind: 'failed', failure: 'internal', detail: '' };

/** As the portal's settings are now. */
function productOf({ waysIn, product }: ClaimedForm): FormProduct | undefined {
  const forms = typeof waysIn === 'object' && waysIn !== null && 'forms' in waysIn ? waysIn.forms : undefined;
  const settings = readStoredWaysIn({ forms: forms ?? undefined }, { flows: [] }).waysIn.forms;
  return settings?.products.find(({ code }) => code === product);
}

function notFetched({ waitsSince }: ClaimedForm, { fetchHours, caseHours }: FormProduct, clock: Clock): FormOutcome {
  const secondsLeft = Math.ceil((waitsSince.getTime() - clock.now().getTime()) / 1_000) + fetchHours * 3_600;
  if (secondsLeft > 0) return { kind: 'wait', seconds: secondsLeft };
  return { kind: 'failed', failure: 'notFetched', detail: '', caseHours };
}

function retrySeconds(attempts: number, { retrySeconds: first }: WebhookSettings): number {
  return Math.min(first * RETRY_GROWTH ** (attempts - 1), RETRY_SECONDS_MAX);
}

async function requestOf(
  form: ClaimedForm,
  webhook: WebhookSettings,
  { pool, content, contentKey, clock }: FormWorkerOptions,
): Promise<Parameters<PostWebhook>[0]> {
  const { organisationId, id, attempts, organizationNumber, receiverCode } = form;
  const message = await selectFormMessage(pool, organisationId, id);
  if (message === undefined) throw new Error(`form message ${id} vanished`);
  const parts = await selectFormParts(pool, organisationId, id);
  const contents = await content.get(
    organisationId,
    parts.map(({ hash }) => hash),
  );
  const body = webhookBody(message, parts, contents);
  const { url, network, timeoutSeconds, secretVersion } = webhook;
  const secret = webhookSecret(contentKey, loginNameOf(organizationNumber, receiverCode), secretVersion);
  return {
    url,
    network,
    timeoutMs: timeoutSeconds * 1_000,
    body: body.bytes,
    headers: {
      'content-type': body.contentType,
      'user-agent': 'Brevduva',
      'brevduva-message-id': id,
      'brevduva-attempt': String(attempts),
      'brevduva-signature': webhookSignature(secret, body.bytes, clock.now()),
    },
  };
}

/** A receiver may answer at once that it has made a case of the form: `{ "caseReference": "ALK 2026-17" }`. */
function readAcknowledgement(json: unknown): { acknowledged: boolean; caseReference: string | undefined } {
  const reference =
    typeof json === 'object' && json !== null && 'caseReference' in json ? json.caseReference : undefined;
  if (typeof reference !== 'string') return { acknowledged: false, caseReference: undefined };
  const plain = reference.replace(/\p{Cc}/gu, ' ').trim();
  const caseReference = [...plain].slice(0, CASE_REFERENCE_CHARS_MAX).join('');
  return caseReference === ''
    ? { acknowledged: false, caseReference: undefined }
    : { acknowledged: true, caseReference };
}
