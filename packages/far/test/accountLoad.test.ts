import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AppError, createManualClock } from '@brevduva/base';
import { createRegister, generateAccounts, type LoadAccountsOptions, loadAccounts } from '../src/index.ts';
import { createFarDatabase } from './database.ts';

const OPERATOR = '165568402266';
const OTHER = '165591628135';
const HEADER = 'recipientId,operator,type,pending,registeredAt';
const PERSON = '192705178354';
const KEY = Buffer.alloc(32, 1);
const AT = '2020-01-01T00:00:00Z';

let database: Awaited<ReturnType<typeof createFarDatabase>>;
const clock = createManualClock('2026-01-01T00:00:00Z');
before(async () => {
  database = await createFarDatabase();
  const register = createRegister(database.pool, { clock });
  for (const [organizationNumber, domain] of [
    [OPERATOR, 'brevladan.example'],
    [OTHER, 'posthornan.example'],
  ] as const) {
    const serviceAddress = `https://${domain}/service/v3`;
    await register.addOperator({ organizationNumber, name: domain, domain, serviceAddress });
  }
});
after(() => database.close());
beforeEach(() => database.pool.query('delete from account; delete from account_load'));

async function* pieces(text: string | Buffer, size = 1_000): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function load(text: string | Buffer, more: Partial<LoadAccountsOptions> = {}) {
  const faults: string[] = [];
  const content = pieces(text);
  const onFault = (line: number, found: readonly string[]) => void faults.push(`${line}: ${found.join(' ')}`);
  const options = { pool: database.pool, clock, content, contentKey: KEY, replaces: false, onFault, ...more };
  return loadAccounts(options).then((result) => ({ ...result, faults }));
}

async function stored() {
  const { rows } = await database.pool.query(
    `select account.recipient_id::text as id, operator.domain, account_type as type, pending, registered_at as "at"
     from account left join operator on operator.id = operator_id order by recipient_id`,
  );
  return rows.map(({ id, domain, type, pending, at }) => [id, domain, type, pending, at.toISOString()].join(' '));
}

async function total(): Promise<number> {
  const { rows } = await database.pool.query('select count(*) as count from account');
  return rows[0]?.count;
}

/** The code that the work is refused with, and its public text. */
async function refusal(work: Promise<unknown>): Promise<[string, string]> {
  const error: unknown = await work.then(
    () => assert.fail('was not refused'),
    (err) => err,
  );
  assert.ok(error instanceof AppError, String(error));
  return [error.code, error.publicText];
}

const lines = (...rows: string[]): string => `${[HEADER, ...rows].join('\n')}\n`;

describe('an account file', () => {
  it('gives accounts: operator by number or domain or none, type and pending by default', async () => {
    const result = await load(
      lines(
        `${PERSON},${OPERATOR},Secure,false,2016-10-30T15:38:49.517+01:00`,
        `198101032384,Posthornan.example,Anonymous,0,2020-02-29T00:00:00Z`,
        `165590000005,556840-2266,,true,2020-01-01 12:00+02:00`,
        `19700123-2391,,Not,,${AT}`,
      ).replace('19700123-2391', '19701063-2391'),
    );
    assert.deepEqual(result.faults, []);
    assert.equal(result.outcome, 'done');
    assert.equal(result.insertedCount, 4);
    assert.equal(result.lineCount, 5);
    assert.deepEqual(await stored(), [
      '165590000005 brevladan.example S true 2020-01-01T10:00:00.000Z',
      `${PERSON} brevladan.example S false 2016-10-30T14:38:49.517Z`,
      '197010632391  N false 2020-01-01T00:00:00.000Z',
      '198101032384 posthornan.example A false 2020-02-29T00:00:00.000Z',
    ]);
  });

  it('may be written as spreadsheets write: byte order mark, semicolons, CRLF, quotation marks, columns in any order, blank lines, no last line feed', async () => {
    const text = `\ufeffregisteredAt;"operator";recipientId\r\n${AT};"brevladan.example";"${PERSON}"\r\n\r\n"${AT}";;198101032384`;
    const result = await load(text);
    assert.deepEqual(result.faults, []);
    assert.equal(await total(), 2);
    assert.equal(result.lineCount, 4);
  });

  it('has every fault of every line told with its number, and the right lines loaded all the same', async () => {
    const texts: string[] = [];
    const good = `${PERSON},${OPERATOR},Secure,false,${AT}`;
    const result = await load(
      lines(
        `192705178355,${OPERATOR},Secure,false,${AT}`,
        `192702308354,165560160680,secure,ja,2020-01-01`,
        good,
        `"${PERSON}",${OPERATOR},Secure,false`,
        `${PERSON},${OPERATOR},Secure,false,2020-02-30T00:00:00Z`,
        `${PERSON},${OPERATOR},Secure,false,2026-01-01T00:00:01Z`,
        `${PERSON},"a ""b"", c",Secure,false,2020-01-01T24:61:00Z`,
        `${PERSON},${OPERATOR},Secure,false,${AT},`,
        `${PERSON},${OPERATOR},Secure,false,2020-01-01T00:00:00+19:00`,
      ),
      { rejects: { continueAt: async () => undefined, append: async (text) => void texts.push(text) } },
    );
    assert.deepEqual(result.faults, [
      '2: recipientId',
      '3: recipientId operator type pending registeredAt',
      '5: columns',
      '6: registeredAt',
      '7: registeredAt',
      '8: operator registeredAt',
      '9: columns',
      '10: registeredAt',
    ]);
    assert.equal(result.rejectedCount, 8);
    assert.equal(result.insertedCount, 1);
    const rejects = Buffer.from(texts.join(''), 'latin1').toString();
    assert.equal(Buffer.byteLength(rejects), result.rejectByteCount);
    assert.match(rejects, /^recipientId,operator,type,pending,registeredAt,line,fault\n/);
    assert.match(rejects, /\n192705178355,165568402266,Secure,false,\S+,2,"recipientId är inte ett personnummer/);
    assert.match(rejects, /,"a ""b"", c",Secure,false,2020-01-01T24:61:00Z,8,"operator är varken/);

    const corrected = rejects.replace('192705178355', '191212121212');
    const again = await load(corrected, { contentKey: Buffer.alloc(32, 2) });
    assert.equal(again.insertedCount, 1);
    assert.deepEqual(again.faults[0], '3: recipientId operator type pending registeredAt');
  });

  it('without a header that says what stands where is refused, and nothing is loaded', async () => {
    const text =
      'Filens första rad ska namnge kolumnerna, med komma eller semikolon emellan: recipientId, operator, type, pending, registeredAt. type och pending får utelämnas.';
    for (const file of [
      '',
      `${PERSON},${OPERATOR},Secure,false,${AT}\n`,
      'recipientId,operator\n',
      'recipientId,operator,registeredAt,shoeSize\n',
      'recipientId,operator,registeredAt,operator\n',
    ]) {
      assert.deepEqual(await refusal(load(file)), ['FAR_ACCOUNT_FILE_HEADER', text], file);
    }
    assert.equal(await total(), 0);
  });

  it('of something else is refused at its first endless line', async () => {
    assert.deepEqual(await refusal(load(Buffer.alloc(200_000, 0x61))), [
      'FAR_ACCOUNT_FILE_LINE',
      'Filen har en rad som är alldeles för lång. Kontrollera att det är en CSV-fil.',
    ]);
  });

  it('leaves accounts that exist as they are, and of two lines for one recipient takes the first; with replaces the file stands, and the last', async () => {
    const file = lines(
      `${PERSON},${OPERATOR},Secure,false,${AT}`,
      `198101032384,${OPERATOR},Secure,false,${AT}`,
      `${PERSON},${OTHER},Anonymous,true,${AT}`,
    );
    await load(lines(`198101032384,${OTHER},Secure,false,${AT}`), { contentKey: Buffer.alloc(32, 3) });
    const kept = await load(file);
    assert.deepEqual([kept.insertedCount, kept.replacedCount, kept.keptCount], [1, 0, 2]);
    const first = `${PERSON} brevladan.example S false 2020-01-01T00:00:00.000Z`;
    assert.deepEqual(await stored(), [first, '198101032384 posthornan.example S false 2020-01-01T00:00:00.000Z']);
    const replaced = await load(file, { replaces: true, contentKey: Buffer.alloc(32, 4) });
    assert.deepEqual([replaced.insertedCount, replaced.replacedCount, replaced.keptCount], [0, 2, 1]);
    const last = `${PERSON} posthornan.example A true 2020-01-01T00:00:00.000Z`;
    assert.deepEqual(await stored(), [last, '198101032384 brevladan.example S false 2020-01-01T00:00:00.000Z']);
  });
});

describe('a load', () => {
  const operators = [OPERATOR, OTHER];
  const file = [...generateAccounts({ count: 3_000, seed: 1, operators })].join('');

  it('that was finished is not done again, unless it is to start over', async () => {
    const first = await load(file);
    assert.equal(first.insertedCount, 3_000);
    const second = await load(file);
    assert.deepEqual([second.outcome, second.insertedCount, second.continuedAtLine], ['already', 3_000, 3_001]);
    const third = await load(file, { restarts: true });
    assert.deepEqual([third.outcome, third.insertedCount, third.keptCount], ['done', 0, 3_000]);
  });

  it('that is stopped keeps what is saved and says where; the same file then continues', async () => {
    const stop = new AbortController();
    const stopped = await load(file, {
      batchRows: 500,
      stop: stop.signal,
      onProgress: (read) => read.lineCount > 1_500 && stop.abort(),
    });
    assert.equal(stopped.outcome, 'stopped');
    assert.ok(stopped.insertedCount >= 500 && stopped.insertedCount < 3_000, String(stopped.insertedCount));
    assert.equal(await total(), stopped.insertedCount);
    const continued = await load(file);
    assert.deepEqual(
      [continued.outcome, continued.continuedAtLine, continued.insertedCount, continued.keptCount],
      ['done', stopped.lineCount, 3_000, 0],
    );
    assert.equal(await total(), 3_000);
  });

  it('that another file is taken for the continuation of is refused', async () => {
    const stop = new AbortController();
    const onProgress = (read: { lineCount: number }) => read.lineCount > 1_500 && stop.abort();
    const stopped = await load(file, { batchRows: 500, stop: stop.signal, onProgress });
    const text = 'Filen har ändrats sedan inläsningen började. Läs in den från början.';
    const changed = [file.replace('Secure', 'Not'), file.slice(0, stopped.byteCount - 10)];
    for (const other of changed) assert.deepEqual(await refusal(load(other)), ['FAR_ACCOUNT_FILE_CHANGED', text]);
    assert.equal((await load(file)).insertedCount, 3_000);
  });

  it('does not run beside another', async () => {
    const client = await database.pool.connect();
    try {
      await client.query('select pg_advisory_lock(6220001)');
      const stop = new AbortController();
      stop.abort();
      assert.deepEqual(await refusal(load(file, { lockWaitMs: 0 })), [
        'FAR_ACCOUNT_LOAD_BUSY',
        'En annan inläsning av konton pågår. Vänta tills den är klar.',
      ]);
    } finally {
      await client.query('select pg_advisory_unlock(6220001)');
      client.release();
    }
    assert.equal(await total(), 0);
  });

  it('that the database breaks off says so, and continues afterwards', async () => {
    let isBroken = false;
    const broken = load(file, {
      batchRows: 500,
      onProgress(_read, saved) {
        if (isBroken || saved.insertedCount === 0) return;
        isBroken = true;
        void database.pool.query(
          `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 6220001`,
        );
      },
    });
    await assert.rejects(broken);
    assert.equal((await load(file)).insertedCount, 3_000);
    assert.equal(await total(), 3_000);
  });
});

it('killed again and again, it loses nothing, doubles nothing and writes each refused line once', {
  timeout: 120_000,
}, async () => {
  const dir = await mkdtemp(join(tmpdir(), 'brevduva-load-'));
  try {
    const [content, rejects] = [join(dir, 'accounts.csv'), join(dir, 'rejects.csv')];
    const good = [...generateAccounts({ count: 6_000, seed: 2, operators: [OPERATOR] })].join('').split('\n');
    const text = good.map((line, index) => (index % 40 === 7 ? `${line}\nfel,${index}` : line)).join('\n');
    await writeFile(content, text);
    await writeFile(rejects, '');
    const script = fileURLToPath(new URL('./accountLoadProcess.ts', import.meta.url));
    let kills = 0;
    for (let isDone = false; !isDone; ) {
      const child = fork(script, [database.url, content, rejects], { execArgv: ['--import', 'tsx'] });
      const exited = once(child, 'exit');
      let saved = 0;
      child.on('message', (message) => {
        isDone ||= message === 'done';
        saved += 1;
        // a run gets two batches further and dies in the third, at whatever point it then is
        if (message === 'saved' && saved > 3 && kills < 4) {
          kills += child.kill('SIGKILL') ? 1 : 0;
        }
      });
      const [code, signal] = await exited;
      assert.ok(code === 0 || signal === 'SIGKILL', `${code} ${signal}`);
    }
    assert.equal(kills, 4);
    assert.equal(await total(), 6_000);
    const { rows } = await database.pool.query(
      'select inserted_count, kept_count, rejected_count, line_count from account_load',
    );
    const wrong = text.split('\n').filter((line) => line.startsWith('fel,'));
    const counts = {
      inserted_count: 6_000,
      kept_count: 0,
      rejected_count: wrong.length,
      line_count: 6_001 + wrong.length,
    };
    assert.deepEqual(rows, [counts]);
    const refused = (await readFile(rejects, 'utf8')).split('\n').slice(1, -1);
    assert.deepEqual(
      refused.map((line) => line.split('"')[1]),
      wrong,
    );
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

describe('generated accounts', () => {
  it('are the same for the same seed, and others for another', () => {
    const make = (seed: number) => [...generateAccounts({ count: 500, seed, operators: ['a.example'] })].join('');
    assert.equal(make(1), make(1));
    assert.notEqual(make(1), make(2));
  });

  it('are all valid, none twice, and persons of the test series as long as it suffices', async () => {
    const file = [...generateAccounts({ count: 50_000, seed: 3, operators: [OPERATOR, OTHER] })].join('');
    const result = await load(file);
    assert.deepEqual(result.faults, []);
    assert.deepEqual([result.insertedCount, result.keptCount], [50_000, 0]);
    const persons = file.split('\n').filter((line) => /^(?:19|20)/.test(line));
    assert.ok(persons.length > 45_000);
    for (const line of persons) assert.match(line, /^.{8}(?:238|239|980|981)/);
  });
});
