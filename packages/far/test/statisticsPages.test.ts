import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createManualClock } from '@brevduva/base';
import { csv } from '../src/console/csv.ts';
import { daysOf, periodOf } from '../src/statistics/period.ts';
import { readAccounts } from '../src/statistics/readAccounts.ts';
import { readCalls } from '../src/statistics/readCalls.ts';
import { readRefusals } from '../src/statistics/readRefusals.ts';
import { type ConsoleSetup, startFarConsole } from './consoleSetup.ts';
import { countEverything, logCall } from './requestLog.ts';
import { MUNICIPALITY, OPERATOR, STRANGER } from './sampleRegister.ts';

const NOW = '2026-11-23T10:15:00Z';

describe('a period', () => {
  it('has the hours until now, also the one that is not over', () => {
    const period = periodOf('24h', new Date(NOW));
    assert.equal(period.grain, 'hour');
    assert.deepEqual(
      period.grain === 'hour' && [period.hours.length, period.hours[0], period.hours.at(-1), period.to],
      [24, new Date('2026-11-22T11:00:00Z'), new Date('2026-11-23T10:00:00Z'), new Date('2026-11-23T11:00:00Z')],
    );
  });

  it('has days of the Swedish calendar, also where it begins with the clock moved', () => {
    const period = daysOf('30d', new Date('2026-11-22T23:30:00Z'));
    assert.deepEqual([period.first, period.last, period.days.length], ['2026-10-25', '2026-11-23', 30]);
    assert.deepEqual(period.from, new Date('2026-10-24T22:00:00Z'), 'midnight in summer time');
    assert.deepEqual(daysOf('30d', new Date('2027-01-15T12:00:00Z')).from, new Date('2026-12-16T23:00:00Z'));
  });

  it('shows a year as weeks, the first and the last not whole', () => {
    const period = daysOf('12m', new Date(NOW));
    assert.deepEqual([period.step, period.days.length, period.points.length], ['week', 365, 53]);
    assert.deepEqual([period.points[0], period.points.at(-1)], ['2025-11-24', '2026-11-23']);
  });
});

describe('the statistics pages', () => {
  const clock = createManualClock(NOW);
  let setup: ConsoleSetup;
  before(async () => {
    setup = await startFarConsole({ clock });
    const { pool } = setup.database;
    for (const [receivedAt, more] of [
      ['2026-11-22T12:30:00Z', { idCount: 1000, durationMs: 9 }],
      ['2026-11-23T08:30:00Z', { idCount: 500, durationMs: 4 }],
      ['2026-11-23T08:31:00Z', { operation: 'isRegistered', idCount: 10 }],
      ['2026-11-23T09:00:00Z', { errorCode: 6005 }],
      ['2026-11-23T09:10:00Z', { errorCode: 5005, idCount: 0 }],
      ['2026-11-23T09:20:00Z', { caller: OPERATOR, operation: 'register', errorCode: 5005, idCount: 0 }],
      ['2026-11-23T09:30:00Z', { caller: STRANGER, operation: 'isReachable', errorCode: 5002 }],
      ['2026-11-23T09:40:00Z', { caller: null, operation: '', errorCode: 5001, idCount: 0 }],
      ['2026-09-01T09:40:00Z', { caller: OPERATOR, operation: 'getSenders', idCount: 0 }],
    ] as const) {
      await logCall(pool, receivedAt, more);
    }
    await countEverything(pool, clock.now());
  });
  after(() => setup.close());

  it('tell calls, ids, refusals and durations of a period, by hour, actor and operation', async () => {
    const calls = await readCalls(setup.database.pool, periodOf('24h', clock.now()), {});
    assert.deepEqual([calls.total.calls, calls.total.ids, calls.total.refused], [8, 1512, 5]);
    assert.equal(calls.points.length, 24);
    const noon = calls.points[1];
    assert.deepEqual([noon?.calls, noon?.ids, noon?.refused], [1, 1000, 0], 'the hour from 12 UTC, yesterday');
    assert.ok((noon?.median ?? 0) > 8 && (noon?.median ?? 0) <= 12, 'between the bounds of 9 ms');
    assert.equal(calls.points[2]?.median, undefined, 'nothing is known of an hour without calls');
    assert.deepEqual(
      calls.operations.map(({ operation, calls: count }) => [operation, count]),
      [
        ['isReachable', 5],
        ['', 1],
        ['isRegistered', 1],
        ['register', 1],
      ],
    );
    assert.deepEqual(
      calls.callers.map(({ caller, name, calls: count }) => [caller, name, count]),
      [
        [MUNICIPALITY, 'Kommun A', 5],
        ['0', null, 1],
        [STRANGER, null, 1],
        [OPERATOR, 'Brevlådan', 1],
      ],
    );
  });

  it('tell the same in days as in hours', async () => {
    const calls = await readCalls(setup.database.pool, periodOf('30d', clock.now()), {});
    assert.deepEqual([calls.total.calls, calls.points.at(-1)?.calls, calls.points.at(-2)?.calls], [8, 7, 1]);
    const year = await readCalls(setup.database.pool, periodOf('12m', clock.now()), {});
    assert.deepEqual([year.total.calls, year.points.length], [9, 53]);
    assert.equal(
      year.points.reduce((sum, point) => sum + point.calls, 0),
      9,
    );
  });

  it('can be asked about one actor and one operation', async () => {
    const { pool } = setup.database;
    const own = await readCalls(pool, periodOf('24h', clock.now()), { caller: MUNICIPALITY });
    assert.deepEqual([own.total.calls, own.callers.length], [5, 1]);
    const both = await readCalls(pool, periodOf('30d', clock.now()), {
      caller: MUNICIPALITY,
      operation: 'isRegistered',
    });
    assert.deepEqual([both.total.calls, both.total.ids], [1, 10]);
  });

  it('tell refusals by code, actor and time, and the latest line by line', async () => {
    const refusals = await readRefusals(setup.database.pool, periodOf('24h', clock.now()), {});
    assert.deepEqual([refusals.calls, refusals.refused], [8, 5]);
    assert.deepEqual(
      refusals.codes.map(({ errorCode, calls, callers }) => [errorCode, calls, callers]),
      [
        [5005, 2, 2],
        [5001, 1, 1],
        [5002, 1, 1],
        [6005, 1, 1],
      ],
    );
    assert.deepEqual(refusals.codes[0]?.callsAt.slice(-3), [0, 2, 0], 'both in the hour from 9');
    assert.deepEqual(
      refusals.latest.map(({ errorCode }) => errorCode),
      [5001, 5002, 5005, 5005, 6005],
    );
  });

  it('tell mailboxes of the day’s count', async () => {
    const figures = await readAccounts(setup.database.pool, daysOf('30d', clock.now()));
    assert.deepEqual(
      figures.operators.map(({ operator, latest, countedAt }) => [
        operator?.name,
        latest?.active,
        latest?.pending,
        countedAt.at(-1),
        countedAt.at(-2),
      ]),
      [
        ['Brevlådan', 4, 1, 5, null],
        [undefined, 1, 0, 1, null],
      ],
    );
  });

  it('are shown to staff, to her who only reads as well; with names, never with numbers where there is a name', async () => {
    for (const person of ['freja', 'stellan'] as const) {
      const visit = await setup.visit(person, '/console/statistik/anrop?period=24h');
      assert.equal(visit.status, 200);
      assert.match(visit.text, /<h1[^>]*>Statistik/);
      assert.match(visit.text, /Räknat till 2026-11-23 11:15/);
      assert.match(visit.text, /<a[^>]*href="\/console\/aktorer\/162021004748"[^>]*>Kommun A/);
      assert.doesNotMatch(visit.text, />162021004748</);
      assert.match((await visit.get('/console/statistik')).text, /Brevlådor per operatör/);
      assert.match((await visit.get('/console/statistik/avvisade?period=24h')).text, /5005 För mycket på en gång/);
    }
    const stranger = await fetch(`${setup.origin}/console/statistik/anrop/aktorer.csv`, { redirect: 'manual' });
    assert.equal(stranger.status, 401);
  });

  it('speak English too', async () => {
    const visit = await setup.visit('stellan', '/console/statistik/avvisade?lang=en&period=24h');
    assert.match(visit.text, /<h1[^>]*>Statistics/);
    assert.match(visit.text, /5005 Too much at once/);
  });

  it('pass over what the address should not say', async () => {
    const visit = await setup.visit('stellan');
    for (const query of ['period=9y', 'aktor=1%27--', 'operation=drop', 'period=24h&period=7d', 'aktor=169999999999']) {
      const page = await visit.get(`/console/statistik/anrop?${query}`);
      assert.equal(page.status, 200, query);
    }
    assert.equal((await visit.get('/console/statistik/anrop/annat.csv')).status, 404);
  });

  it('give every table as a file', async () => {
    const visit = await setup.visit('stellan');
    const links = new Set<string>();
    for (const page of ['', '/anrop?period=24h', '/avvisade?period=24h']) {
      const { text } = await visit.get(`/console/statistik${page}`);
      for (const [, to = ''] of text.matchAll(/href="([^"]+\.csv[^"]*)"/g)) links.add(to.replaceAll('&amp;', '&'));
    }
    assert.deepEqual(
      [...links].map((to) => to.replace(/\?.*/, '').replace('/console/statistik', '')).sort(),
      // Nothing moved in the period, so there is no table of movements.
      [
        '/anrop/aktorer.csv',
        '/anrop/operationer.csv',
        '/anrop/tid.csv',
        '/avvisade/aktorer.csv',
        '/avvisade/koder.csv',
        '/avvisade/tid.csv',
        '/dagar.csv',
        '/operatorer.csv',
      ],
    );
    for (const to of links) assert.equal((await visit.get(to)).status, 200, to);
    const actors = await visit.get('/console/statistik/anrop/aktorer.csv?period=24h');
    // The mark of UTF-8 is taken away by whoever reads the text.
    const [header, first, second] = actors.text.split('\r\n');
    assert.equal(header, 'Aktör;Anrop;Uppslagna mottagare;Avvisade;Hälften inom;95 av 100 inom');
    assert.match(first ?? '', /^Kommun A;5;1511;0,400;\d+(,\d{3})?;\d+(,\d{3})?$/);
    assert.match(second ?? '', /^Utan känd organisation;1;0;1;/);
  });
});

describe('a table as a file', () => {
  it('opens in a spreadsheet as it is, and runs nothing there', () => {
    const text = csv(
      ['Namn', 'Antal'],
      [
        ['Å; "ä"', 1234],
        ['=cmd()', 0.5],
        ['-1+1', null],
        ['två\nrader', 12.3456],
      ],
    );
    assert.equal(text, '\ufeffNamn;Antal\r\n"Å; ""ä""";1234\r\n\'=cmd();0,500\r\n\'-1+1;\r\n"två\nrader";12,346\r\n');
  });
});
