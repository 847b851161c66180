import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  AppError,
  appError,
  BASE_ERRORS,
  classifySqlError,
  createContentCipher,
  createLog,
  createManualClock,
  defineErrors,
  defineSettings,
  describeSettings,
  formTexts,
  isUuid,
  mapSome,
  maskPersonalNumbers,
  newId,
  pageRange,
  queryText,
  readMigrations,
  readSettings,
  systemClock,
  translateSqlError,
} from '../src/index.ts';

describe('errors', () => {
  const ERRORS = defineErrors({ TEST_TOO_MANY: { status: 409, text: 'Högst {max} brev. Dela upp utskicket.' } });

  it('shows the public text and keeps the rest for the log', () => {
    const cause = new Error('inside');
    const err = appError(ERRORS, 'TEST_TOO_MANY', { detail: 'unit 7', cause, values: { max: 9 } });
    assert.deepEqual(
      [err.code, err.status, err.publicText, err.detail, err.faults],
      ['TEST_TOO_MANY', 409, 'Högst 9 brev. Dela upp utskicket.', 'unit 7', []],
    );
    assert.equal(err.cause, cause);
    assert.equal(err.message, 'TEST_TOO_MANY: Högst 9 brev. Dela upp utskicket. (unit 7)');
  });

  it('refuses codes and statuses that are none', () => {
    assert.throws(() => defineErrors({ tooMany: { status: 400, text: 'x' } }), /not SCREAMING_SNAKE/);
    assert.throws(() => defineErrors({ TEST_OK: { status: 200, text: 'x' } }), /status 200/);
  });

  it('gives every error of base a text in whole sentences', () => {
    for (const [code, { text }] of Object.entries(BASE_ERRORS)) assert.match(text, /^[A-ZÅÄÖ].*\.$/, code);
  });
});

describe('settings', () => {
  const SETTINGS = defineSettings({
    port: { env: 'BREVDUVA_PORT', type: 'integer', min: 1, max: 65_535, default: 8080, doc: 'Port' },
    waitMs: { env: 'BREVDUVA_WAIT_MS', type: 'integer', unit: 'ms', min: 10, doc: 'Väntetid' },
    database: { env: 'DATABASE_URL', type: 'url', doc: 'Databasens adress' },
    key: { env: 'BREVDUVA_KEY', type: 'string', secret: true, doc: 'Nyckel' },
    level: { env: 'BREVDUVA_LEVEL', type: 'enum', values: ['info', 'debug'], default: 'info', doc: 'Loggnivå' },
    sample: { env: 'BREVDUVA_SAMPLE', type: 'boolean', optional: true, doc: 'Exempel' },
  });
  const GOOD = { BREVDUVA_WAIT_MS: '20', DATABASE_URL: 'postgres://a:hush@db/x', BREVDUVA_KEY: 'hush', PATH: '/bin' };

  it('reads typed values with defaults', () => {
    const settings = readSettings(SETTINGS, { ...GOOD, BREVDUVA_SAMPLE: 'true' });
    const port: number = settings.port;
    const level: 'info' | 'debug' = settings.level;
    assert.deepEqual(
      [port, settings.waitMs, settings.database.hostname, settings.key, level, settings.sample],
      [8080, 20, 'db', 'hush', 'info', true],
    );
    assert.equal(readSettings(SETTINGS, GOOD).sample, undefined);
  });

  it('refuses with every fault at once, and without the values', () => {
    const env = {
      BREVDUVA_PORT: '70000',
      BREVDUVA_WAIT_MS: '1e3',
      DATABASE_URL: 'hush',
      BREVDUVA_LEVEL: 'loud',
      BREVDUVA_SAMPLE: 'yes',
      BREVDUVA_PROT: '1',
    };
    assert.throws(
      () => readSettings(SETTINGS, env),
      (err: unknown) => {
        assert.ok(err instanceof AppError);
        assert.equal(err.code, 'BASE_SETTINGS_INVALID');
        assert.deepEqual(err.faults, [
          { code: 'BASE_SETTING_UNKNOWN', path: 'BREVDUVA_PROT', text: 'BREVDUVA_PROT är ingen känd inställning' },
          { code: 'BASE_SETTING_INVALID', path: 'BREVDUVA_PORT', text: 'BREVDUVA_PORT ska vara högst 65535' },
          { code: 'BASE_SETTING_INVALID', path: 'BREVDUVA_WAIT_MS', text: 'BREVDUVA_WAIT_MS ska vara ett heltal ms' },
          {
            code: 'BASE_SETTING_INVALID',
            path: 'DATABASE_URL',
            text: 'DATABASE_URL ska vara en fullständig adress (URL)',
          },
          { code: 'BASE_SETTING_MISSING', path: 'BREVDUVA_KEY', text: 'BREVDUVA_KEY saknas (Nyckel)' },
          {
            code: 'BASE_SETTING_INVALID',
            path: 'BREVDUVA_LEVEL',
            text: 'BREVDUVA_LEVEL ska vara något av info, debug',
          },
          {
            code: 'BASE_SETTING_INVALID',
            path: 'BREVDUVA_SAMPLE',
            text: 'BREVDUVA_SAMPLE ska vara true eller false',
          },
        ]);
        assert.doesNotMatch(err.message, /hush/);
        return true;
      },
    );
  });

  it('lets other parts of the program have variables of their own', () => {
    const env = { ...GOOD, BREVDUVA_SHARED: '/x', BREVDUVA_OTHER: '1' };
    assert.equal(readSettings(SETTINGS, env, ['BREVDUVA_OTHER']).waitMs, 20);
    assert.throws(() => readSettings(SETTINGS, env), { code: 'BASE_SETTINGS_INVALID' });
  });

  it('describes what is in force with secrets masked', () => {
    const lines = describeSettings(SETTINGS, readSettings(SETTINGS, GOOD));
    assert.deepEqual(
      lines.map(({ env, value, unit }) => [env, value, unit]),
      [
        ['BREVDUVA_PORT', '8080', undefined],
        ['BREVDUVA_WAIT_MS', '20', 'ms'],
        ['DATABASE_URL', 'postgres://a:********@db/x', undefined],
        ['BREVDUVA_KEY', '********', undefined],
        ['BREVDUVA_LEVEL', 'info', undefined],
        ['BREVDUVA_SAMPLE', '', undefined],
      ],
    );
  });
});

describe('log', () => {
  it('masks whatever looks like a personal number, everywhere, and stays JSON', () => {
    const lines: string[] = [];
    const log = createLog({ service: 'test', level: 'info', destination: { write: (line) => void lines.push(line) } });
    log.error({ id: 199001011234, nested: { to: '9001011234' }, err: new Error('no 19900161-1234') }, 'to 900101+1234');
    const line = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    assert.doesNotMatch(lines[0] ?? '', /1234/);
    assert.deepEqual([line['service'], line['level'], line['msg']], ['test', 'error', 'to [personnummer]']);
    assert.match(String(line['time']), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    log.debug('not written');
    assert.equal(lines.length, 1);
  });

  it('masks coordination numbers and sole traders, not organisations, times or UUIDs', () => {
    for (const id of [
      '199001611234',
      '19900161-1234',
      '900101-1234',
      '169001011234',
      '(199001011234)',
      'x=9001011234,',
    ]) {
      assert.match(maskPersonalNumbers(id), /\[personnummer\]/, id);
    }
    const others = [
      '165560360793',
      '1732365600123',
      '01990101-0123-7abc-8abc-199001011234',
      'a199001011234f',
      '0771567567',
    ];
    for (const text of others) assert.equal(maskPersonalNumbers(text), text);
  });
});

describe('ids', () => {
  it('are UUIDs of version 7, in order, also many in one millisecond and when the clock goes back', () => {
    const ids = Array.from({ length: 10_000 }, () => newId());
    ids.push(newId(Date.now() - 60_000));
    for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.deepEqual(ids.toSorted(), ids);
    assert.equal(new Set(ids).size, ids.length);
    const ms = Number.parseInt((ids[0] ?? '').replace('-', '').slice(0, 12), 16);
    assert.ok(Math.abs(ms - Date.now()) < 10_000);
  });
});

describe('clocks', () => {
  it('the manual one moves only when told, and wakes who is due', async () => {
    const clock = createManualClock('2026-01-01T00:00:00Z');
    const woken: string[] = [];
    const abort = new AbortController();
    const sleeps = [
      clock.sleep(100).then(() => woken.push('100')),
      clock.sleep(200).then(() => woken.push('200')),
      clock.sleep(300, abort.signal).then(() => woken.push('aborted')),
    ];
    clock.advance(199);
    await sleeps[0];
    assert.deepEqual([woken, clock.sleepers()], [['100'], 2]);
    abort.abort();
    await sleeps[2];
    clock.set(new Date('2026-01-02T00:00:00Z'));
    await sleeps[1];
    assert.deepEqual([woken, clock.sleepers()], [['100', 'aborted', '200'], 0]);
    assert.equal(clock.now().toISOString(), '2026-01-02T00:00:00.000Z');
  });

  it('the real one sleeps, and wakes early when aborted', async () => {
    const started = Date.now();
    await systemClock.sleep(20);
    assert.ok(Date.now() - started >= 19);
    const abort = new AbortController();
    const long = systemClock.sleep(60_000, abort.signal);
    abort.abort();
    await long;
    await systemClock.sleep(60_000, abort.signal);
    assert.ok(Date.now() - started < 5_000);
  });
});

describe('the content cipher', () => {
  const cipher = createContentCipher(randomBytes(32));
  const plain = Buffer.from('hemligt');

  it('opens what it wrote, and writes it differently each time', () => {
    const one = cipher.encrypt(plain, 'letter 1');
    assert.deepEqual(cipher.decrypt(one, 'letter 1'), plain);
    assert.notDeepEqual(cipher.encrypt(plain, 'letter 1'), one);
    assert.equal(one.includes(plain), false);
    assert.deepEqual(cipher.decrypt(cipher.encrypt(Buffer.alloc(0), 'x'), 'x'), Buffer.alloc(0));
  });

  it('refuses another place, another key, and any changed or missing byte', () => {
    const sealed = cipher.encrypt(plain, 'letter 1');
    const refused = { code: 'BASE_CONTENT_UNREADABLE' };
    assert.throws(() => cipher.decrypt(sealed, 'letter 2'), refused);
    assert.throws(() => createContentCipher(randomBytes(32)).decrypt(sealed, 'letter 1'), refused);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      assert.throws(() => cipher.decrypt(changed, 'letter 1'), refused, `byte ${at}`);
      assert.throws(() => cipher.decrypt(sealed.subarray(0, at), 'letter 1'), refused, `length ${at}`);
    }
    assert.throws(() => createContentCipher(randomBytes(16)), /32 bytes, not 16/);
  });
});

describe('foreign failures', () => {
  const coded = (code: string) => Object.assign(new Error('text that decides nothing'), { code });

  it('are retryable or not by their code', () => {
    for (const code of ['40001', '40P01', '53100', '53300', '57P01', '08006', '55P03', 'ECONNREFUSED', 'ENOSPC']) {
      assert.equal(classifySqlError(coded(code)), 'retryable', code);
    }
    for (const code of ['23505', '42601', '28P01', '3D000', '22P02']) {
      assert.equal(classifySqlError(coded(code)), 'permanent', code);
    }
    assert.equal(classifySqlError(new Error('no code')), 'permanent');
    assert.equal(classifySqlError('not an error'), 'permanent');
    assert.equal(classifySqlError(translateSqlError(coded('53100'))), 'retryable');
  });

  it('get a name when a person can do something about them', () => {
    const cases = [
      ['53100', 'BASE_DISK_FULL', 507],
      ['ENOSPC', 'BASE_DISK_FULL', 507],
      ['ECONNREFUSED', 'BASE_DATABASE_UNREACHABLE', 503],
      ['57P03', 'BASE_DATABASE_UNREACHABLE', 503],
      ['28P01', 'BASE_DATABASE_UNREACHABLE', 503],
    ] as const;
    for (const [foreign, code, status] of cases) {
      const err = translateSqlError(coded(foreign));
      assert.ok(err instanceof AppError, foreign);
      assert.deepEqual([err.code, err.status], [code, status]);
    }
    const both = new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]);
    assert.ok(translateSqlError(both) instanceof AppError);
    const other = coded('23505');
    assert.equal(translateSqlError(other), other);
  });
});

describe('a map of some at once', () => {
  it('keeps the order, never has more under way than it may, and begins the next as soon as one is done', async () => {
    let underWay = 0;
    let most = 0;
    const open: (() => void)[] = [];
    const mapped = mapSome([1, 2, 3, 4, 5], 2, async (n) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise<void>((resolve) => open.push(resolve));
      underWay -= 1;
      return n * 10;
    });
    // The second is let go first; the third takes its place while the first is still under way.
    for (const place of [1, 2, 0, 3, 4]) {
      while (open[place] === undefined) await new Promise((resolve) => setImmediate(resolve));
      open[place]();
    }
    assert.deepEqual(await mapped, [10, 20, 30, 40, 50]);
    assert.equal(most, 2);
  });

  it('begins nothing more when one has failed', async () => {
    const begun: number[] = [];
    const mapped = mapSome([1, 2, 3], 1, async (n) => {
      begun.push(n);
      if (n === 2) throw new Error('two');
    });
    await assert.rejects(mapped, /two/);
    assert.deepEqual(begun, [1, 2]);
    assert.deepEqual(await mapSome([], 4, async () => 1), []);
  });
});

describe('migration files', () => {
  it('are refused when a name or number is wrong', () => {
    assert.throws(() => readMigrations(new URL('../src/sql/', import.meta.url)), /is not named like 0001_name.sql/);
  });
});

describe('what a browser sends', () => {
  it('is one text without control characters, or nothing', () => {
    const request = { query: { q: ' Eva\u0000\n ', twice: ['a', 'b'], empty: ' ', long: 'å'.repeat(300) } };
    assert.equal(queryText(request, 'q'), 'Eva');
    for (const name of ['twice', 'empty', 'absent']) assert.equal(queryText(request, name), undefined, name);
    assert.equal(queryText(request, 'long')?.length, 255);
  });

  it('as a form gives the texts that are asked for, each once and not too long', () => {
    const body = { name: 'Eva', street: ['A 1', 'B 2'], file: { bytes: 1 }, note: 'å'.repeat(2_000), other: 'x' };
    const texts = formTexts(body, ['name', 'street', 'file', 'note', 'absent']);
    assert.deepEqual(texts, { name: 'Eva', street: 'A 1', note: 'å'.repeat(1_000) });
    assert.equal(formTexts(body, ['note'], 1_500)['note']?.length, 1_500);
    for (const none of [undefined, null, 'name=Eva']) assert.deepEqual(formTexts(none, ['name']), {});
  });

  it('is an id only when it is written as we write ids', () => {
    assert.ok(isUuid(newId()));
    for (const none of [undefined, '', 'x', newId().toUpperCase(), `${newId()}0`, `${newId()}\n`, `{${newId()}}`])
      assert.equal(isUuid(none), false, String(none));
  });

  it('as a page number is a page that the list has', () => {
    const list = { total: 101, perPage: 50 };
    assert.deepEqual(pageRange('2', list), { page: 2, pageCount: 3, max: 50, offset: 50 });
    assert.deepEqual(pageRange('999999', list), { page: 3, pageCount: 3, max: 50, offset: 100 });
    for (const none of [undefined, '', '0', '-1', '1.5', 'x', '1000000']) assert.equal(pageRange(none, list).page, 1);
    assert.deepEqual(pageRange('2', { total: 0, perPage: 50 }), { page: 1, pageCount: 1, max: 50, offset: 0 });
  });
});
