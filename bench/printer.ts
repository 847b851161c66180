/**
 * How fast a printout becomes letters on one node: PostgreSQL that really writes, a hub, one print job over IPP. Reading (words with
 * their places, with and without Data Matrix) is measured by itself, then the whole way until the job is completed.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  createLog,
  createPool,
  migrate,
  type Pool,
  provisionParty,
  startEmbeddedPostgres,
  systemClock,
} from '@brevduva/base';
import { createCredentialAdmin, createHubAdmin, HUB_MIGRATIONS, startHub } from '@brevduva/hub';
import type { OrganizationNumber } from '@brevduva/protocol';
import { createTestAuthority } from '@brevduva/protocol/testing';
import { isRefusal } from '../packages/hub/src/pdf/inspection.ts';
import { createPrintoutReader, type PrintoutReader } from '../packages/hub/src/pdf/printouts.ts';
import { jobIdOf, printerClient, told } from '../packages/hub/test/support/printerHub.ts';
import { LETTER_RULES, letterPage, type PlacedText, printoutPdf } from '../packages/hub/test/support/printouts.ts';
import { people } from './support/people.ts';

const HELP = `Usage: node --import tsx bench/printer.ts [options]

  --letters N   letters of two pages each in one print job (default 1000)
  --help
`;
const NUMBER = '162021004748' as OrganizationNumber;
const LINES = 35;
/** Data Matrix takes so much longer that a part of the pages must do. */
const MATRIX_LETTERS = 50;
const log = createLog({ service: 'bench', level: 'error', destination: process.stderr });

const { values } = parseArgs({ options: { letters: { type: 'string', default: '1000' }, help: { type: 'boolean' } } });
if (values.help === true) process.stdout.write(HELP);
else await main(Number(values.letters));

async function main(letters: number): Promise<void> {
  const pages = printoutPages(letters);
  const printout = printoutPdf(pages);
  say(`${letters} letters, ${pages.length} pages, ${(printout.length / 1e6).toFixed(1)} MB`);
  await measureReading(printout, pages.length);
  const dir = await mkdtemp(join(tmpdir(), 'brevduva-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: join(dir, 'postgres'), port: 0 });
  try {
    await measureHandIn(printout, letters, dir, postgres.adminUrl);
  } finally {
    await postgres.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function measureReading(printout: Buffer, pages: number): Promise<void> {
  const reader = createPrintoutReader();
  // Starting the process is no part of reading.
  await reader.readPrintout(printoutPdf([[]]), { dataMatrix: true });
  const some = printoutPdf(printoutPages(MATRIX_LETTERS));
  for (const [what, bytes, count, dataMatrix] of [
    ['read', printout, pages, false],
    ['read with Data Matrix', some, 2 * MATRIX_LETTERS, true],
  ] as const) {
    const seconds = await timed(() => readAll(reader, bytes, dataMatrix));
    say(`${what}: ${(count / seconds).toFixed(0)} pages/s`);
  }
  const spans = Array.from({ length: Math.min(pages / 2, 50) }, (_, n) => ({ from: 2 * n + 1, to: 2 * n + 2 }));
  const seconds = await timed(() => reader.cutPrintout(printout, spans));
  say(`cut out: ${(spans.length / seconds).toFixed(0)} letters/s (${spans.length} at once)`);
  await reader.close();
}

async function readAll(reader: PrintoutReader, bytes: Buffer, dataMatrix: boolean): Promise<void> {
  let pages = 0;
  for (;;) {
    const read = await reader.readPrintout(bytes, { dataMatrix, from: pages + 1 });
    if (isRefusal(read)) throw new Error(JSON.stringify(read));
    pages += read.pages.length;
    if (pages >= read.pageCount) return;
  }
}

async function measureHandIn(printout: Buffer, letters: number, dir: string, adminUrl: string): Promise<void> {
  const databaseUrl = await provisionParty({ adminUrl, party: 'hub', password: randomBytes(16).toString('hex') });
  const pool = createPool({ connectionString: databaseUrl, applicationName: 'bench', max: 2 });
  const password = await prepare(pool);
  const hub = await startBenchHub(databaseUrl, dir);
  const printer = printerClient(hub.webUrl, password, `${NUMBER}-bygg`);
  await printer.ended(jobIdOf(await printer.print('printJob', { document: printoutPdf(printoutPages(5)) })));
  let message: string | undefined = '';
  const seconds = await timed(async () => {
    const printed = await printer.print('printJob', { document: printout });
    [, , message] = told(await printer.ended(jobIdOf(printed)));
  });
  say(
    `${message} ${seconds.toFixed(1)} s, ${(letters / seconds).toFixed(0)} letters/s, ${((2 * letters) / seconds).toFixed(0)} pages/s`,
  );
  say(`memory of the process at most ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
  await hub.close();
  await pool.end();
}

/** @returns the printer's password. */
async function prepare(pool: Pool): Promise<string> {
  await migrate(pool, HUB_MIGRATIONS, { log });
  await createHubAdmin(pool).putOrganisation({
    ...{ organizationNumber: NUMBER, name: 'Kommunen', units: [{ code: 'bygg', name: 'Bygg' }] },
    returnAddress: { name: 'Kommunen', lines: ['Torget 1'], postalCode: '123 45', city: 'Staden' },
    support: { text: 'Ring kontaktcenter.' },
    flows: [{ code: 'beslut', name: 'Beslut', unit: 'bygg', channelPolicy: 'digitalFirst' }],
    systems: [{ name: 'Bygg', apiKey: 'bd_bench_0123456789abcdef0123456789abcdef' }],
  });
  await pool.query(`update business_system set ways_in = jsonb_build_object('printer', $1::jsonb)`, [
    JSON.stringify(LETTER_RULES),
  ]);
  const of = { organizationNumber: NUMBER, systemCode: 'bygg' };
  return (await createCredentialAdmin(pool).makeSecret(of, { kind: 'password', by: 'bench' })).secret;
}

async function startBenchHub(databaseUrl: string, dir: string) {
  const authority = await createTestAuthority({ name: 'Bench CA' });
  const own = await authority.issue({ organizationNumber: NUMBER, commonName: 'Kommunen' });
  return startHub({
    ...{ databaseUrl, node: 'bench', web: { host: '127.0.0.1', port: 0, publicUrl: 'http://localhost' } },
    ...{ oidc: { issuer: 'http://127.0.0.1:9', clientId: 'x', clientSecret: 'x' }, farUrl: 'https://127.0.0.1:9/' },
    ...{ dispatcher: own, senders: [{ organizationNumber: NUMBER, ...own }], caPem: authority.caPem },
    ...{ contentKey: randomBytes(32), paperDir: join(dir, 'paper'), clock: systemClock, log },
  });
}

/** Two pages a letter, both full of text. */
function printoutPages(letters: number): PlacedText[][] {
  const persons = people(letters);
  const text = Array.from({ length: LINES }, (_, n) => ({
    text: 'Byggnadsnämnden beviljar bygglov för en carport på fastigheten Björken 4 i Staden.',
    left: 20,
    top: 135 + (n % 24) * 6,
  }));
  return persons.flatMap((number, n) => [
    [...letterPage({ number, name: `Person ${n}`, reference: `BYGG-${n}` }), ...text.slice(0, 24)],
    text,
  ]);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return (performance.now() - startedMs) / 1000;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
