import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { differencesOf } from '../src/console/audit/differences.ts';
import { insertAuditEvent, type NewAuditEvent } from '../src/sql/auditEvents.ts';
import { type ConsoleSetup, startFarConsole } from './consoleSetup.ts';
import { MUNICIPALITY, OPERATOR } from './sampleRegister.ts';

const HOSTILE = `<img src=x onerror="alert('å')">`;

describe('the audit log', () => {
  let setup: ConsoleSetup;
  before(async () => {
    setup = await startFarConsole();
    // What the register itself noted when the sample was loaded is not what is asked about here.
    await setup.database.pool.query('alter table audit_event disable trigger audit_event_append_only');
    await setup.database.pool.query('delete from audit_event');
    await setup.database.pool.query('alter table audit_event enable trigger audit_event_append_only');
    await note({ what: 'suspended', before: { suspended: false }, after: { suspended: true, reason: HOSTILE } });
    await note({
      at: new Date('2026-11-22T23:00:00Z'),
      what: 'applied',
      subject: 'staff.stellan',
      name: 'Stellan Åkesson',
    });
    await note({ at: new Date('2026-11-22T22:59:59Z'), what: 'certificateAdded', organizationNumber: OPERATOR });
  });
  after(() => setup.close());

  async function note(more: Partial<NewAuditEvent>): Promise<void> {
    await insertAuditEvent(setup.database.pool, {
      at: new Date('2026-11-20T12:00:00Z'),
      organizationNumber: MUNICIPALITY,
      subject: 'staff.freja',
      name: 'Freja Öberg',
      what: 'applied',
      before: null,
      after: null,
      ...more,
    });
  }
  async function listed(query: string): Promise<string[]> {
    const { status, text } = await (await setup.visit('stellan')).get(`/console/granskningslogg?${query}`);
    assert.equal(status, 200);
    const table = /<tbody>(.*)<\/tbody>/s.exec(text)?.[1] ?? '';
    return [...table.matchAll(/granskningslogg\/\d+">([^<]+)</g)].map(([, what]) => what ?? '');
  }

  it('lists who did what to whom, the latest first, for everyone who may read', async () => {
    const all = await listed('');
    assert.equal(all.length, 3);
    const { text } = await (await setup.visit('stellan')).get('/console/granskningslogg');
    assert.match(text, /Freja Öberg/);
    assert.match(text, /<a[^>]*href="\/console\/aktorer\/162021004748"[^>]*>Kommun A/);
    assert.ok(!text.includes('<img') && text.includes('&lt;img'));
  });

  it('finds by who, what, about whom and days in Sweden', async () => {
    const suspended = await listed('vad=suspended');
    assert.equal(suspended.length, 1);
    assert.equal((await listed('vem=staff.stellan')).length, 1);
    assert.equal((await listed(`aktor=${OPERATOR}`)).length, 1);
    assert.deepEqual(
      await listed('fran=2026-11-23'),
      await listed('vem=staff.stellan'),
      'midnight in Sweden is 23 UTC',
    );
    assert.deepEqual(await listed('fran=2026-11-22&till=2026-11-22'), await listed(`aktor=${OPERATOR}`));
    assert.deepEqual(await listed('till=2026-11-20'), suspended);
    assert.deepEqual(await listed('vem=ingen'), []);
  });

  it('passes over what the address should not say', async () => {
    for (const query of ['fran=2026-02-30', 'aktor=1', 'vad=x', 'fore=0', 'efter=1e9', 'fran=%00']) {
      assert.equal((await listed(query)).length, 3, query);
    }
  });

  it('shows one event with what stood there before and after', async () => {
    const visit = await setup.visit('freja');
    const { text } = await visit.get('/console/granskningslogg?vad=suspended');
    const href = /href="(\/console\/granskningslogg\/\d+)"/.exec(text)?.[1] ?? '';
    const page = await visit.get(href);
    assert.equal(page.status, 200);
    assert.match(page.text, /2026-11-20 13:00:00 \(UTC\+1\)/);
    assert.match(page.text, /<ins>&lt;img/);
    assert.ok(!page.text.includes('<img'));
    for (const path of ['0', '999999', 'x', '1;drop']) {
      const missing = await visit.get(`/console/granskningslogg/${path}`);
      assert.equal(missing.status, 404, path);
      assert.match(missing.text, /FAR_AUDIT_EVENT_NOT_FOUND/);
      assert.match(missing.text, /Händelsen finns inte i granskningsloggen\./);
    }
  });

  it('is read page by page, there and back', async () => {
    for (let n = 0; n < 105; n += 1) await note({ what: 'contactAdded', after: { name: `Person ${n}` } });
    const visit = await setup.visit('stellan');
    const first = await visit.get('/console/granskningslogg?vad=contactAdded');
    const next = /rel="next" href="([^"]+)"/.exec(first.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    assert.match(next, /vad=contactAdded&fore=\d+/);
    const second = await visit.get(next);
    const third = await visit.get(/rel="next" href="([^"]+)"/.exec(second.text)?.[1]?.replaceAll('&amp;', '&') ?? '');
    assert.equal(third.text.match(/Person \d+/g)?.length, 5);
    assert.doesNotMatch(third.text, /rel="next"/);
    const back = await visit.get(/rel="prev" href="([^"]+)"/.exec(third.text)?.[1]?.replaceAll('&amp;', '&') ?? '');
    assert.deepEqual(back.text.match(/Person \d+/g), second.text.match(/Person \d+/g));
    const top = await visit.get(/rel="prev" href="([^"]+)"/.exec(back.text)?.[1]?.replaceAll('&amp;', '&') ?? '');
    assert.deepEqual(top.text.match(/Person \d+/g), first.text.match(/Person \d+/g));
  });
});

describe('differences', () => {
  it('tell what was changed first, and what was not', () => {
    const found = differencesOf(
      { before: { step: 'application', name: 'A' }, after: { step: 'agreement', name: 'A', reason: '' } },
      'sv',
    );
    assert.deepEqual(
      found.map(({ isChanged }) => isChanged),
      [true, true, false],
    );
    assert.ok(found.some(({ before, after }) => before === undefined && after !== undefined));
    assert.deepEqual(differencesOf({ before: null, after: null }, 'en'), []);
  });
});
