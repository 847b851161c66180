import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createTestDatabase } from '@brevduva/base/testing';
import { ACCOUNT_COLUMNS, createRegister, FAR_MIGRATIONS, GENERATED_ACCOUNTS_MAX } from '@brevduva/far';
import { bar, clockText, createLoadProgress, progressText } from '../src/accounts/loadProgress.ts';
import { SAMPLE_OPERATORS } from '../src/dev/sample/organizations.ts';
import { runCli, type Terminal } from '../src/index.ts';
import { writeRunning } from '../src/installation.ts';

const HEADER = 'recipientId,operator,type,pending,registeredAt';
/** Numbers are written with spaces that do not break. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let dir: string;
before(async () => {
  database = await createTestDatabase({ party: 'far', migrations: FAR_MIGRATIONS });
  dir = await mkdtemp(join(tmpdir(), 'brevduva-accounts-'));
  const register = createRegister(database.pool);
  for (const { organizationNumber, name, domain } of SAMPLE_OPERATORS) {
    await register.addOperator({ organizationNumber, name, domain, serviceAddress: `https://${domain}/service/v3` });
  }
});
after(async () => {
  await database.close();
  await rm(dir, { recursive: true, force: true });
});
beforeEach(() => database.pool.query('delete from account; delete from account_load'));

async function run(argv: readonly string[], more: Partial<Terminal> = {}) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runCli(['accounts', ...argv], {
    ...{ out: (text) => void out.push(text), err: (text) => void err.push(text), isTty: false, env: {}, cwd: dir },
    stop: new AbortController().signal,
    ...more,
  });
  return { code, out: plain(out.join('')), err: plain(err.join('')) };
}

const load = (file: string, ...options: string[]) => run(['load', file, '--database', database.url, ...options]);

async function total(): Promise<number> {
  return (await database.pool.query('select count(*) as count from account')).rows[0]?.count;
}

async function generated(...options: string[]): Promise<string> {
  const { code, out } = await run(['generate', ...options]);
  assert.equal(code, 0);
  return out;
}

describe('brevduva accounts', () => {
  it('generates a file and loads it, packed or not, and knows it again', async () => {
    const text = await generated('--count', '500', '--seed', '3');
    assert.equal(text, await generated('--count', '500', '--seed', '3'));
    assert.equal(text.split('\n').length, 502);
    await writeFile(join(dir, 'accounts.csv'), text);
    const first = await load('accounts.csv');
    assert.equal(first.code, 0, first.err);
    assert.match(first.out, /^Klart på \d+:\d\d, [\d ]+ rader\/s\.\n {2}Nya konton +500\n/);
    assert.equal(await total(), 500);
    const again = await load('accounts.csv');
    assert.equal(again.code, 0);
    assert.match(again.out, /^Filen är redan inläst\. --restart läser in den igen\.\n/);
    await writeFile(join(dir, 'accounts.csv.gz'), gzipSync(text));
    const packed = await load('accounts.csv.gz');
    assert.equal(packed.code, 0, packed.err);
    assert.match(packed.out, /Nya konton +0\n.*\n {2}Redan inlästa, orörda +500\n/);
    const replaced = await load('accounts.csv', '--replace');
    assert.match(replaced.out, /Ändrade konton +0\n/);
  });

  it('reads standard input', async () => {
    const text = Buffer.from(await generated('--count', '50'));
    async function* input() {
      for (let at = 0; at < text.length; at += 700) yield text.subarray(at, at + 700);
    }
    const piped = await run(['load', '-', '--database', database.url], { input });
    assert.equal(piped.code, 0, piped.err);
    assert.equal(await total(), 50);
    const packed = await run(['load', '-', '--database', database.url], {
      input: async function* () {
        yield gzipSync(text);
      },
    });
    assert.match(packed.out, /Redan inlästa, orörda +50\n/);
  });

  it('shows the first faults with their lines, counts all, writes all to a file that only its owner reads: exit code 3', async () => {
    const good = (await generated('--count', '10')).trimEnd();
    const wrong = Array.from({ length: 30 }, (_, index) => `19121212121${index % 2 === 0 ? 3 : 4},,,,i går`);
    await writeFile(join(dir, 'faulty.csv'), `${good}\n${wrong.join('\n')}\n`);
    const ran = await load('faulty.csv', '--rejects', 'rejects.csv');
    assert.equal(ran.code, 3);
    assert.match(ran.out, /Nya konton +10\n[\s\S]*Rader med fel +30\n/);
    const shown = ran.err.trimEnd().split('\n');
    assert.equal(shown.length, 21);
    assert.match(shown[0] ?? '', /^Rad 12: recipientId är inte ett personnummer.*; registeredAt är ingen tidpunkt/);
    assert.equal(shown.at(-1), 'Fler fel visas inte, men räknas.');
    assert.doesNotMatch(ran.err, /19121212/);
    const rejects = await readFile(join(dir, 'rejects.csv'), 'utf8');
    assert.equal(rejects.split('\n').length, 32);
    assert.match(rejects, /\n191212121213,,,,i går,12,"recipientId är/);
    assert.equal((await stat(join(dir, 'rejects.csv'))).mode & 0o777, 0o600);
  });

  it('uses the register of the installation that runs in the data folder', async () => {
    await writeFile(join(dir, 'few.csv'), await generated('--count', '5'));
    const nowhere = await run(['load', 'few.csv', '--data', 'nothing']);
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.err, /^Inget register är igång med datakatalogen .*nothing\. Starta det med npm start/);
    await writeRunning(dir, { pid: process.pid, hub: 'http://localhost', apiKey: 'x', farDatabaseUrl: database.url });
    assert.equal((await run(['load', 'few.csv', '--data', '.'])).code, 0);
    assert.equal(await total(), 5);
  });

  it('says what is wrong with the file and loads nothing of it: exit code 1', async () => {
    await writeFile(
      join(dir, 'broken.gz'),
      gzipSync(Buffer.from(await generated('--count', '500'))).subarray(0, 2_000),
    );
    await writeFile(join(dir, 'headless.csv'), '192705178354,,,,2020-01-01T00:00:00Z\n');
    for (const [file, text] of [
      ['missing.csv', 'missing.csv går inte att läsa. Kontrollera namnet och rättigheterna.'],
      ['broken.gz', 'är inte rätt packad, eller avklippt. Hämta den igen.'],
      [
        'headless.csv',
        `Filens första rad ska namnge kolumnerna, med komma eller semikolon emellan: ${HEADER.replaceAll(',', ', ')}.`,
      ],
    ] as const) {
      const ran = await load(file);
      assert.equal(ran.code, 1);
      assert.ok(ran.err.includes(text), ran.err);
    }
    assert.equal(await total(), 0);
  });

  it('that is told to stop says how to go on: exit code 1; then it goes on', async () => {
    const stop = new AbortController();
    await writeFile(join(dir, 'stopped.csv'), await generated('--count', '20000'));
    stop.abort();
    const stopped = await run(['load', 'stopped.csv', '--database', database.url], { stop: stop.signal });
    assert.equal(stopped.code, 1);
    assert.match(stopped.out, /^Avbruten efter rad \d+\. Kör samma kommando igen för att fortsätta\.\n/);
    assert.equal((await load('stopped.csv')).code, 0);
    assert.equal(await total(), 20_000);
  });

  it('explains itself; what is written wrongly has exit code 2', async () => {
    const help = await run(['load', '--help']);
    assert.equal(help.code, 0);
    for (const word of [...ACCOUNT_COLUMNS, '--replace', '--rejects', '--restart', '--database', 'gzip', 'Slutkod']) {
      assert.ok(help.out.includes(word), word);
    }
    assert.ok((await run(['generate', '--help'])).out.includes(`högst ${GENERATED_ACCOUNTS_MAX}.`));
    for (const [argv, text] of [
      [[], 'Okänt kommando: accounts. Menade du accounts load eller accounts generate?'],
      [['eat'], 'Okänt kommando: accounts eat. Menade du accounts load eller accounts generate?'],
      [['load'], 'Ange filen med konton, eller - för standard in. Skriv "brevduva accounts load --help" för hjälp.'],
      [['load', 'a', 'b'], 'Oväntat ord: b. Skriv "brevduva accounts load --help" för hjälp.'],
      [['generate'], 'Ange antalet med --count. Skriv "brevduva accounts generate --help" för hjälp.'],
      [['generate', '--count', '0'], '--count ska vara ett heltal mellan 1 och 16000000.'],
    ] as const) {
      const ran = await run(argv);
      assert.equal(ran.code, 2);
      assert.ok(ran.err.startsWith(text), ran.err);
    }
  });
});

describe('the progress of a load', () => {
  const moment = { fraction: 0.43, lines: 430_000, earlierLines: 0, rejected: 0 };
  const start = { fraction: 0, lines: 0, earlierLines: 0, rejected: 0 };

  it('tells share, lines, speed, time left and faults; of a pipe what can be known', () => {
    assert.equal(
      plain(progressText({ ...moment, rejected: 1234 }, start, 10_000)),
      '██████████░░░░░░░░░░░░░░ 43 % · 430 000 rader · 43 000 rader/s · 0:13 kvar · 1 234 fel',
    );
    const { fraction: _, ...piped } = moment;
    assert.equal(
      plain(progressText({ ...piped, fraction: undefined }, start, 10_000)),
      '430 000 rader · 43 000 rader/s',
    );
    assert.equal(plain(progressText({ ...moment, earlierLines: 500_000 }, start, 10)), 'Går fram till rad 500 000 …');
    assert.deepEqual([bar(0), bar(1)], ['░'.repeat(24), '█'.repeat(24)]);
    assert.deepEqual([clockText(0), clockText(61_000), clockText(3_727_000)], ['0:00', '1:01', '1:02:07']);
  });

  it('writes one line over and over on a terminal, and a line now and then elsewhere', () => {
    for (const [isTty, written] of [
      [true, 4],
      [false, 0],
    ] as const) {
      const lines: string[] = [];
      let nowMs = 0;
      const terminal = { out: () => undefined, err: (text: string) => void lines.push(text), isTty, env: {}, cwd: dir };
      const view = createLoadProgress({ ...terminal, stop: new AbortController().signal }, () => nowMs);
      for (; nowMs < 1_000; nowMs += 100) view.show(moment);
      assert.equal(lines.length, written);
      assert.ok(lines.every((line) => line.startsWith('\r\u001b[K')));
    }
  });
});
