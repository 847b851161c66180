import { type Clock, type Log, type Pool, startWorker, type Worker } from '@brevduva/base';
import type { PostWebhook } from './http/webhook.http.ts';
import { PIPELINE } from './pipeline.ts';
import { checkEnds, type OrganisationSilentEnds } from './sql/noSilentEnd.ts';
import { FILLING_DAYS } from './sweep.ts';

/** Whom to tell when something has no end; a webhook of those who run the installation. */
export interface AlarmOptions {
  readonly url: string;
  /** `internal` allows addresses of private networks. */
  readonly network: 'public' | 'internal';
}

export interface EndCheckOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly log: Log;
  readonly fillingDays?: number | undefined;
  readonly alarm?: (AlarmOptions & { readonly post: PostWebhook }) | undefined;
}

/** How often, by one of the nodes. */
export const CHECK_EVERY_MS = 5 * 60_000;
/** A node looks more often whether it is its turn: the one that looked last may have died. */
const REST_MS = 60_000;
const ALARM_TIMEOUT_MS = 10_000;

/** Checks again and again that nothing has come to a silent end (silentEnds.ts), and says so loudly when something has. */
export function startEndCheck(options: EndCheckOptions): Worker {
  const { clock, log } = options;
  return startWorker({
    name: 'ends',
    idleMs: REST_MS,
    log,
    clock,
    runOnce: async () => {
      await checkEndsOnce(options);
      return 0;
    },
  });
}

/** One check, if it is due. @returns what was found of each organisation; undefined when it was not due. */
export async function checkEndsOnce(
  { pool, log, alarm, fillingDays = FILLING_DAYS }: EndCheckOptions,
  everyMs = CHECK_EVERY_MS,
): Promise<OrganisationSilentEnds[] | undefined> {
  // A little sooner than it is told to be, or two rests of a minute would make it six minutes every time.
  const checked = await checkEnds(pool, { places: placesWithWork(), fillingDays }, everyMs * 0.9);
  const broken = checked?.filter(({ silentEnds }) => silentEnds.length > 0) ?? [];
  for (const { organisationId, silentEnds } of broken) {
    for (const { kind, ...facts } of silentEnds) {
      log.error({ code: 'HUB_SILENT_END', organisation: organisationId, silentEnd: kind, ...facts }, 'no next step');
    }
  }
  if (alarm !== undefined && broken.length > 0) await tell(broken, alarm, log);
  return checked;
}

/** Told at every check for as long as it stands: an alarm that was missed once must not be missed for good. */
async function tell(
  broken: readonly OrganisationSilentEnds[],
  { url, network, post }: NonNullable<EndCheckOptions['alarm']>,
  log: Log,
): Promise<void> {
  const body = Buffer.from(JSON.stringify({ code: 'HUB_SILENT_END', organisations: broken }));
  const headers = { 'content-type': 'application/json', 'user-agent': 'Brevduva' };
  const answer = await post({ url, network, timeoutMs: ALARM_TIMEOUT_MS, headers, body });
  if (answer.kind === 'failed')
    log.error({ failure: answer.failure, detail: answer.detail }, 'the alarm was not taken');
}

function placesWithWork(): string[] {
  return PIPELINE.flatMap(({ stage, cells }) => Object.keys(cells).map((channel) => `${stage} ${channel}`));
}
