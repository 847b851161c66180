/**
 * How fast a folder of individual PDFs becomes letters, and with how much memory: PostgreSQL that really writes, a hub in a process of its
 * own, an index and a PDF of its own for every letter beside it. From the moment the index gets its name until the answer lies there.
 */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createLog, createPool, migrate, provisionParty, startEmbeddedPostgres } from '@brevduva/base';
import { createHubAdmin, HUB_MIGRATIONS } from '@brevduva/hub';
import type { OrganizationNumber } from '@brevduva/protocol';
import { createTestAuthority } from '@brevduva/protocol/testing';
import { people } from './support/people.ts';
import { samplePdf } from './support/samplePdf.ts';

const HELP = `Usage: node --import tsx bench/dropFolder.ts [options]

  --letters N   letters, each with a PDF of its own (default 2000)
  --bytes N     size of each PDF (default 20000)
  --long        100000 letters
  --help
`;
const NUMBER = '162021004748' as OrganizationNumber;
const LOGIN_NAME = `${NUMBER}-ekonomi`;
const HUB = fileURLToPath(new URL('../test/support/hubProcess.ts', import.meta.url));
const PERSONS = 1_000;
const POLL_MS = 200;
const HEAP_MB_MAX = 256;
/** In /proc, on every Linux. */
const TICKS_PER_SECOND = 100;

const { values } = parseArgs({
  options: {
    letters: { type: 'string', default: '2000' },
    bytes: { type: 'string', default: '20000' },
    long: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
if (values.help === true) process.stdout.write(HELP);
else await main(values.long === true ? 100_000 : Number(values.letters), Number(values.bytes));

async function main(letters: number, pdfBytes: number): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'brevduva-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: join(dir, 'postgres'), port: 0 });
  try {
    const optionsFile = await prepare(dir, postgres.adminUrl);
    const hub = await startHub(optionsFile);
    try {
      const folder = join(dir, 'drop', LOGIN_NAME);
      await writeLetters(folder, letters, pdfBytes);
      say(`${letters} PDFs of ${pdfBytes} bytes lie there …`);
      const readSeconds = await readAndHash(join(folder, 'in'), letters);
      report(await measure(folder, hub.pid ?? 0), readSeconds, letters, pdfBytes);
    } finally {
      const ended = once(hub, 'exit');
      hub.kill('SIGTERM');
      await ended;
    }
  } finally {
    await postgres.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function prepare(dir: string, adminUrl: string): Promise<string> {
  const databaseUrl = await provisionParty({ adminUrl, party: 'hub', password: randomBytes(16).toString('hex') });
  const pool = createPool({ connectionString: databaseUrl, applicationName: 'bench', max: 2 });
  await migrate(pool, HUB_MIGRATIONS, { log: createLog({ service: 'bench', level: 'silent' }) });
  await createHubAdmin(pool).putOrganisation({
    ...{ organizationNumber: NUMBER, name: 'Kommunen', units: [{ code: 'ekonomi', name: 'Ekonomi' }] },
    returnAddress: { name: 'Kommunen', lines: ['Torget 1'], postalCode: '123 45', city: 'Staden' },
    support: { text: 'Ring kontaktcenter.' },
    flows: [{ code: 'faktura', name: 'Faktura', unit: 'ekonomi', channelPolicy: 'digitalFirst' }],
    systems: [{ name: 'Ekonomi', apiKey: 'bd_bench_0123456789abcdef0123456789abcdef' }],
  });
  const settings = { flow: 'faktura', subject: 'Faktura', completeWhen: 'renamed' };
  await pool.query(`update business_system set ways_in = jsonb_build_object('dropFolder', $1::jsonb)`, [
    JSON.stringify(settings),
  ]);
  await pool.end();
  const authority = await createTestAuthority({ name: 'Bench CA' });
  const own = await authority.issue({ organizationNumber: NUMBER, commonName: 'Kommunen' });
  const options = {
    ...{ databaseUrl, node: 'bench', web: { host: '127.0.0.1', port: 0, publicUrl: 'http://localhost' } },
    ...{ oidc: { issuer: 'http://127.0.0.1:9', clientId: 'x', clientSecret: 'x' }, farUrl: 'https://127.0.0.1:9/' },
    ...{ dispatcher: own, senders: [{ organizationNumber: NUMBER, ...own }], caPem: authority.caPem },
    ...{ contentKey: randomBytes(32).toString('base64'), paperDir: join(dir, 'paper') },
    dropFolder: { root: join(dir, 'drop') },
  };
  const file = join(dir, 'hub.json');
  await writeFile(file, JSON.stringify(options), { mode: 0o600 });
  return file;
}

async function startHub(optionsFile: string) {
  // As it is to be started where memory is short: without a limit V8 leaves rubbish lying for as long as the machine has room.
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB_MAX}`, '--import', 'tsx', HUB, optionsFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface({ input: child.stdout }), 'line');
  return child;
}

async function writeLetters(folder: string, letters: number, pdfBytes: number): Promise<void> {
  await mkdir(join(folder, 'in'), { recursive: true });
  const persons = people(PERSONS);
  const rows = ['mottagare;fil;referens'];
  for (let n = 0; n < letters; n++) {
    await writeFile(join(folder, 'in', `faktura-${n}.pdf`), samplePdf(pdfBytes, `Faktura ${n}`));
    rows.push(`${persons[n % PERSONS]};faktura-${n}.pdf;F-${n}`);
  }
  await writeFile(join(folder, 'in', 'fakturor.csv.part'), rows.join('\n'));
}

/** The yardstick: the same files read from the same disk and hashed once, one after the other, by one thread. @returns seconds. */
async function readAndHash(folder: string, letters: number): Promise<number> {
  const startedMs = performance.now();
  for (let n = 0; n < letters; n++) {
    createHash('sha256')
      .update(readFileSync(join(folder, `faktura-${n}.pdf`)))
      .digest();
  }
  return (performance.now() - startedMs) / 1000;
}

interface Measured {
  readonly seconds: number;
  /** Of the hub's main process, which one core can give. */
  readonly cpuSeconds: number;
  readonly peakMb: number;
  readonly counts: { readonly accepted: number; readonly refused: number };
}

async function measure(folder: string, pid: number): Promise<Measured> {
  const answer = join(folder, 'results', 'fakturor.csv.result.json');
  const cpuBefore = cpuSecondsOf(pid);
  const startedMs = performance.now();
  await rename(join(folder, 'in', 'fakturor.csv.part'), join(folder, 'in', 'fakturor.csv'));
  while (statSync(answer, { throwIfNoEntry: false }) === undefined) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const { counts } = JSON.parse(await readFile(answer, 'utf8'));
  return { seconds, cpuSeconds: cpuSecondsOf(pid) - cpuBefore, peakMb: peakMb(pid), counts };
}

/** What the process has computed so far, in user and system time; Linux counts it in hundredths. */
function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const [userTicks, systemTicks] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(userTicks) + Number(systemTicks)) / TICKS_PER_SECOND;
}

/** The most memory that the hub's main process has had; Linux keeps it. */
function peakMb(pid: number): number {
  const kb = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return Math.round(Number(kb) / 1024);
}

function report(measured: Measured, readSeconds: number, letters: number, pdfBytes: number): void {
  const { seconds, cpuSeconds, peakMb: peak, counts } = measured;
  const mbPerSecond = (letters * pdfBytes) / 1e6 / seconds;
  say(`accepted ${counts.accepted} of ${letters}, refused ${counts.refused}`);
  say(`${seconds.toFixed(1)} s, ${(letters / seconds).toFixed(0)} letters/s, ${mbPerSecond.toFixed(1)} MB/s`);
  say(
    `the hub's main process computed ${cpuSeconds.toFixed(1)} s of it: ${(letters / cpuSeconds).toFixed(0)} letters per second of a core`,
  );
  say(
    `reading and hashing the same files took ${readSeconds.toFixed(1)} s: ${(seconds / readSeconds).toFixed(0)}× as fast`,
  );
  say(`memory of the hub's main process at most ${peak} MiB (limit 512)`);
  const [load = 0] = loadavg();
  say(`load of the machine ${load.toFixed(1)} on ${availableParallelism()} cores`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
