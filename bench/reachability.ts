/**
 * How much of the speed of the bare look-up does `isReachable` have, over mutual TLS and fully validated? Starts a register
 * with generated accounts and FaR in a process of its own, and asks both for the same ids. See docs/performance.md.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createTestAuthority } from '@brevduva/protocol/testing';
import { type CpuReading, measure, type Timing } from './support/latency.ts';
import { bareSql, compare, type Lookup, soap, wholeClient } from './support/lookups.ts';
import { describeMachine, loadNow, type Machine } from './support/machine.ts';
import { say, wholeNumber } from './support/options.ts';
import type { Tls } from './support/parties.ts';
import { treeCpuMs } from './support/processTree.ts';
import { countAccounts, insertPreferences, sampleAccounts } from './support/registerSql.ts';
import { loadGenerated, type RegisterWorld, SENDER, startRegisterWorld } from './support/registerWorld.ts';
import { type Party, startParty } from './support/startParty.ts';
import { type Figure, figureOf } from './support/summary.ts';

const HELP = `Usage: node --import tsx bench/reachability.ts [options]

  --accounts N     accounts in the register (default 1000000)
  --ids N          ids in each question (default 1000)
  --runs N         runs; the report has their medians (default 5)
  --questions N    questions of each kind in a run, at each concurrency (default 200)
  --database URL   a register that is there already, of FaR's own role; accounts are added to it if it has fewer
  --json FILE      also write the report as JSON
  --profile FILE   CPU profile of FaR's main thread in one run more, with one question at a time
  --help
`;

const CONCURRENCIES = [1, 4, 8];
const WAYS = ['sql', 'soap', 'client'] as const;
type Way = (typeof WAYS)[number];

interface Options {
  readonly accounts: number;
  readonly ids: number;
  readonly runs: number;
  readonly questions: number;
  readonly databaseUrl: string | undefined;
  readonly jsonFile: string | undefined;
  readonly profileFile: string | undefined;
}

/** One run at one concurrency. `client`: with our whole client, which reads and checks the answer besides. */
export interface ReachabilityRun {
  readonly concurrency: number;
  readonly sql: Timing;
  readonly soap: Timing;
  readonly client: Timing;
}

export interface ReachabilityReport {
  readonly takenAt: string;
  readonly accounts: number;
  readonly ids: number;
  readonly runs: number;
  readonly machine: Machine;
  /** ids/s of SOAP ÷ ids/s of the bare look-up, run by run, by concurrency. */
  readonly ratios: Readonly<Record<number, Figure>>;
  readonly clientRatios: Readonly<Record<number, Figure>>;
  readonly figures: readonly ReachabilityRun[];
}

const options = readOptions();
if (options === undefined) process.stdout.write(HELP);
else await main(options);

async function main(options: Options): Promise<void> {
  const loadBefore = loadNow();
  say('starting PostgreSQL and loading accounts …');
  const world = await startRegisterWorld(options.databaseUrl);
  try {
    if ((await countAccounts(world.pool)) < options.accounts) await loadGenerated(world.pool, options.accounts);
    const batches = await batchesOf(world, options);
    const { keys, tls } = await issueKeys();
    const far = await startParty({ party: 'far', databaseUrl: world.databaseUrl, tls: keys });
    try {
      const place = { url: far.url, tls };
      await compare(world.pool, place, batches);
      const readCpu = cpuReader(world, far);
      const figures: ReachabilityRun[] = [];
      for (const run of Array.from({ length: options.runs }, (_, index) => index + 1)) {
        say(`run ${run} of ${options.runs} …`);
        for (const concurrency of CONCURRENCIES)
          figures.push(await measureRun(world, place, batches, concurrency, options, readCpu));
      }
      if (options.profileFile !== undefined) {
        await far.startProfile();
        await ask(soap(place.url, tls, batches, 1), 1, options, readCpu);
        await far.stopProfile(options.profileFile);
      }
      await report(world, options, loadBefore, figures);
    } finally {
      await far.stop();
    }
  } finally {
    await world.close();
  }
}

/** Of a hundred asked two are in no register. */
async function batchesOf({ pool }: RegisterWorld, { ids, accounts }: Options): Promise<string[][]> {
  const batchCount = Math.max(1, Math.min(100, Math.floor(accounts / ids)));
  const known = await sampleAccounts(pool, ids * batchCount, await countAccounts(pool));
  await insertPreferences(pool, known, SENDER);
  return Array.from({ length: batchCount }, (_, batch) =>
    Array.from({ length: ids }, (_, index) => {
      const place = batch * ids + index;
      return place % 50 === 0 ? '191212121212' : (known[place % known.length] ?? '');
    }),
  );
}

async function measureRun(
  { pool }: RegisterWorld,
  { url, tls }: { url: string; tls: Tls },
  batches: readonly (readonly string[])[],
  concurrency: number,
  options: Options,
  readCpu: () => Promise<CpuReading>,
): Promise<ReachabilityRun> {
  const sql = await bareSql(pool, batches, concurrency);
  return {
    concurrency,
    sql: await ask(sql, concurrency, options, readCpu),
    soap: await ask(soap(url, tls, batches, concurrency), concurrency, options, readCpu),
    client: await ask(wholeClient(url, tls, batches, concurrency), concurrency, options, readCpu),
  };
}

/** A tenth as many before, uncounted: connections, prepared statements, caches. */
async function ask(
  lookup: Lookup,
  concurrency: number,
  { questions, ids }: Options,
  readCpu: () => Promise<CpuReading>,
): Promise<Timing> {
  try {
    const warmUp = Math.max(concurrency * 2, Math.ceil(questions / 10));
    const each = { concurrency, idsEach: ids, readCpu };
    await measure({ ...each, count: warmUp }, lookup.ask);
    return await measure({ ...each, count: questions }, lookup.ask);
  } finally {
    await lookup.close();
  }
}

function cpuReader({ postgresPid }: RegisterWorld, far: Party): () => Promise<CpuReading> {
  return async () => {
    const { user, system } = process.cpuUsage();
    const postgres = postgresPid === undefined ? undefined : treeCpuMs(postgresPid);
    return { bench: (user + system) / 1000, far: (await far.figures()).cpuMs, postgres };
  };
}

async function issueKeys(): Promise<{ keys: Tls; tls: Tls }> {
  const authority = await createTestAuthority({ name: 'Bench CA' });
  const issue = async (organizationNumber: string): Promise<Tls> => {
    const { keyPem, certPem } = await authority.issue({ organizationNumber, commonName: 'bench' });
    return { key: keyPem, cert: certPem, ca: authority.caPem };
  };
  return { keys: await issue('162021006883'), tls: await issue(SENDER) };
}

async function report(
  world: RegisterWorld,
  { accounts, ids, runs, jsonFile }: Options,
  loadBefore: number,
  figures: readonly ReachabilityRun[],
): Promise<void> {
  const machine = await describeMachine(world.pool, loadBefore);
  const ratioOf = (way: Way) =>
    Object.fromEntries(
      CONCURRENCIES.map((concurrency) => [
        concurrency,
        figureOf(
          figures
            .filter((run) => run.concurrency === concurrency)
            .map((run) => run[way].idsPerSecond / run.sql.idsPerSecond),
        ),
      ]),
    );
  const takenAt = new Date().toISOString();
  const whole = { takenAt, accounts, ids, runs, machine, ratios: ratioOf('soap'), clientRatios: ratioOf('client') };
  process.stdout.write(table({ ...whole, figures }));
  if (jsonFile !== undefined) writeFileSync(jsonFile, `${JSON.stringify({ ...whole, figures }, null, 2)}\n`);
}

function table({ accounts, ids, runs, machine, figures, ratios, clientRatios }: ReachabilityReport): string {
  const names: Record<Way, string> = { sql: 'bare SQL', soap: 'isReachable', client: 'isReachable, our client' };
  const lines = CONCURRENCIES.flatMap((concurrency) => {
    const own = figures.filter((run) => run.concurrency === concurrency);
    const cell = (way: Way, pick: (timing: Timing) => number, decimals: number) =>
      figureOf(own.map((run) => pick(run[way]))).median.toFixed(decimals);
    return WAYS.map((way) => {
      const ratio = way === 'sql' ? undefined : (way === 'soap' ? ratios : clientRatios)[concurrency];
      return row([
        `${names[way]}, ${concurrency} at a time`,
        cell(way, (timing) => timing.idsPerSecond, 0),
        ...(['p50Ms', 'p95Ms', 'p99Ms'] as const).map((percentile) => cell(way, (timing) => timing[percentile], 2)),
        ...(['postgresCpuMs', 'farCpuMs', 'benchCpuMs'] as const).map((part) =>
          cell(way, (timing) => timing[part] ?? Number.NaN, 2),
        ),
        ratio === undefined ? '' : `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)})`,
      ]);
    });
  });
  return [
    `${accounts} accounts, ${ids} ids in each question, medians of ${runs} run(s)`,
    `${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.system}, load before ${machine.loadBefore.toFixed(2)}, after ${loadNow().toFixed(2)}`,
    `Node ${machine.node}, OpenSSL ${machine.openssl}, PostgreSQL ${machine.postgres} (fsync ${machine.fsync}, synchronous_commit ${machine.synchronousCommit})`,
    '',
    row(['', 'ids/s', 'p50 ms', 'p95 ms', 'p99 ms', 'PG CPU', 'FaR CPU', 'own CPU', 'of bare SQL']),
    ...lines,
    '',
  ].join('\n');
}

function row([name = '', ...cells]: readonly string[]): string {
  return `${name.padEnd(40)}${cells.map((cell) => cell.padEnd(10)).join('')}`.trimEnd();
}

function readOptions(): Options | undefined {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      accounts: { ...text, default: '1000000' },
      ids: { ...text, default: '1000' },
      runs: { ...text, default: '5' },
      questions: { ...text, default: '200' },
      database: text,
      json: text,
      profile: text,
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    accounts: wholeNumber('--accounts', values.accounts, 1),
    ids: wholeNumber('--ids', values.ids, 1),
    runs: wholeNumber('--runs', values.runs, 1),
    questions: wholeNumber('--questions', values.questions, 1),
    databaseUrl: values.database,
    jsonFile: values.json,
    profileFile: values.profile,
  };
}
