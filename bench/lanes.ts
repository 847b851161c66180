/**
 * How long does a caseworker's single letter take while a large mailing is being delivered? From the hand-in over REST to the operator's receipt,
 * which comes when the letter lies in its store; first with an idle hub, then beside the mailing, in the same run. See docs/performance.md.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { handIn, prepareLetters } from './support/handIn.ts';
import { percentile } from './support/latency.ts';
import { describeMachine, loadNow, type Machine } from './support/machine.ts';
import { commitMailing, fillMailing } from './support/mailing.ts';
import { say, wholeNumber } from './support/options.ts';
import { PDF_BYTES_MIN } from './support/samplePdf.ts';
import { countDelivered, eventTimes, whenReceipted } from './support/sql.ts';
import { startWorld, type World } from './support/world.ts';

const HELP = `Usage: node --import tsx bench/lanes.ts [options]

  --recipients N  recipients of the mailing (default 100000)
  --bytes N       size of the PDFs (default 20000)
  --letters N     single letters with an idle hub, and as many beside the mailing (default 200)
  --every MS      time between single letters (default 250)
  --json FILE     also write the report as JSON
  --profile FILE  CPU profile of the hub's main thread beside the mailing
  --help
`;

/** Milliseconds from the hand-in to the operator's receipt. */
export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Median from the intake to each event on the way. */
  readonly events: readonly { readonly kind: string; readonly medianMs: number }[];
}

export interface LanesReport {
  readonly recipients: number;
  readonly pdfBytes: number;
  readonly letters: number;
  readonly machine: Machine;
  readonly idle: Latency;
  readonly besideMailing: Latency;
  /** Letters of the mailing delivered while the single ones were measured, and how many of it were left when they had been. */
  readonly mailingPerSecond: number;
  readonly mailingLeft: number;
}

interface Options {
  readonly recipients: number;
  readonly pdfBytes: number;
  readonly letters: number;
  readonly everyMs: number;
  readonly jsonFile: string | undefined;
  readonly profileFile: string | undefined;
}

/** Letters before anything is measured: connections, plans, compiled code. */
const WARM_UP = 20;
/** The mailing is under way when so many of it have arrived. */
const UNDER_WAY_MAX = 200;
const POLL_MS = 200;
const ARRIVAL_MS_MAX = 120_000;

const options = readOptions();
if (options === undefined) process.stdout.write(HELP);
else await main(options);

async function main({ recipients, pdfBytes, letters, everyMs, jsonFile, profileFile }: Options): Promise<void> {
  const loadBefore = loadNow();
  say('starting PostgreSQL, FaR, two operators and two hub nodes …');
  const world = await startWorld({ recipients });
  try {
    await measureSingles(world, WARM_UP, pdfBytes, 0);
    say('single letters with an idle hub …');
    const idle = await measureSingles(world, letters, pdfBytes, everyMs);
    say('the mailing …');
    const id = await fillMailing(world.intakeNode.url, world.recipients, pdfBytes);
    const before = await deliveredAt(world);
    await commitMailing(world.intakeNode.url, id);
    await until(async () => (await deliveredAt(world)) - before >= Math.min(UNDER_WAY_MAX, recipients / 4));
    if (profileFile !== undefined) await world.fullNode.startProfile();
    const [startedMs, first] = [performance.now(), await deliveredAt(world)];
    const besideMailing = await measureSingles(world, letters, pdfBytes, everyMs);
    const [endedMs, last] = [performance.now(), await deliveredAt(world)];
    if (profileFile !== undefined) await world.fullNode.stopProfile(profileFile);
    const report: LanesReport = {
      ...{ recipients, pdfBytes, letters, machine: await describeMachine(world.pools.hub, loadBefore) },
      ...{ idle, besideMailing },
      mailingPerSecond: ((last - first - letters) * 1000) / (endedMs - startedMs),
      mailingLeft: before + recipients + letters - last,
    };
    process.stdout.write(writeReport(report));
    if (jsonFile !== undefined) writeFileSync(jsonFile, `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    await world.close();
  }
}

/** Hands letters in at even times, whatever becomes of those before, to the node that delivers. */
async function measureSingles(world: World, count: number, pdfBytes: number, everyMs: number): Promise<Latency> {
  const handedInAt = new Map<string, Date>();
  const handingIn: Promise<void>[] = [];
  for (const { body } of prepareLetters(count, pdfBytes, world.recipients)) {
    const at = new Date();
    handingIn.push(
      handIn(world.fullNode.url, body).then((id) => {
        handedInAt.set(id, at);
      }),
    );
    await sleep(everyMs);
  }
  await Promise.all(handingIn);
  const ids = [...handedInAt.keys()];
  const receiptAt = new Map<string, Date>();
  await until(async () => {
    for (const { id, at } of await whenReceipted(world.pools.hub, ids)) receiptAt.set(id, at);
    return receiptAt.size === ids.length;
  });
  const durations = ids.map(
    (id) => (receiptAt.get(id)?.getTime() ?? Number.NaN) - (handedInAt.get(id)?.getTime() ?? 0),
  );
  const sorted = durations.sort((a, b) => a - b);
  const events = await eventTimes(world.pools.hub, ids);
  return { p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99), maxMs: percentile(sorted, 1), events };
}

async function deliveredAt({ pools }: World): Promise<number> {
  return (await countDelivered(pools.first)) + (await countDelivered(pools.second));
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const startedMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startedMs > ARRIVAL_MS_MAX) throw new Error('the letters do not arrive');
    await sleep(POLL_MS);
  }
}

function writeReport({ recipients, pdfBytes, letters, machine, idle, besideMailing, ...mailing }: LanesReport): string {
  const line = (name: string, { p50Ms, p99Ms, maxMs, events }: Latency) =>
    `${name.padEnd(28)}p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms, longest ${maxMs.toFixed(0)} ms\n` +
    `  after intake, medians     ${events.map(({ kind, medianMs }) => `${kind} ${medianMs.toFixed(0)}`).join(', ')}\n`;
  return [
    `${letters} single letters, PDF of ${pdfBytes} bytes, mailing of ${recipients}, load before ${machine.loadBefore.toFixed(2)}\n`,
    line('idle hub', idle),
    line('beside the mailing', besideMailing),
    `the mailing meanwhile       ${mailing.mailingPerSecond.toFixed(0)} letters/s, ${mailing.mailingLeft} left\n`,
  ].join('');
}

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      recipients: { type: 'string', default: '100000' },
      bytes: { type: 'string', default: '20000' },
      letters: { type: 'string', default: '200' },
      every: { type: 'string', default: '250' },
      json: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    recipients: wholeNumber('--recipients', values.recipients, 1),
    pdfBytes: wholeNumber('--bytes', values.bytes, PDF_BYTES_MIN),
    letters: wholeNumber('--letters', values.letters, 1),
    everyMs: wholeNumber('--every', values.every, 0),
    jsonFile: values.json,
    profileFile: values.profile,
  };
}
