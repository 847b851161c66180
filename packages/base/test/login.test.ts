import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import {
  createManualClock,
  createWebServer,
  endSessionsOf,
  listRoutes,
  registerLogin,
  WEB_SESSION_MIGRATION_SQL,
} from '../src/index.ts';
import { createTestDatabase, freePort, type TestDatabase } from '../src/testing/index.ts';
import { startTestIssuer, type TestIssuer } from './testIssuer.ts';

const ORIGIN = 'https://app.test';
const CLIENT = { id: 'app', secret: 'a secret of the client', origin: ORIGIN };
const HTML = 'text/html';
const MINUTE_MS = 60_000;
const log = pino({ level: 'silent' });
const clock = createManualClock(new Date());

interface Reply {
  status: number;
  location: string | undefined;
  body: string;
  headers: Record<string, unknown>;
}

/** A browser: keeps cookies per site, goes to our server without a socket and to the issuer over the network. */
class Browser {
  readonly jar = new Map<string, Map<string, string>>();
  setCookies: string[] = [];
  readonly app: FastifyInstance;

  constructor(app: FastifyInstance) {
    this.app = app;
  }

  async visit(
    url: string,
    options: { method?: 'GET' | 'POST'; form?: string; headers?: Record<string, string> } = {},
  ): Promise<Reply> {
    const { origin, pathname, search } = new URL(url, ORIGIN);
    const cookies = [...(this.jar.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
    const form = options.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
    const headers = { accept: HTML, cookie: cookies, ...form, ...options.headers };
    const method = options.method ?? 'GET';
    if (origin !== ORIGIN) {
      const reply = await fetch(url, { method, headers, redirect: 'manual' });
      this.keep(origin, reply.headers.getSetCookie());
      const location = reply.headers.get('location') ?? undefined;
      const absolute = location === undefined ? undefined : new URL(location, url).href;
      return { status: reply.status, location: absolute, body: await reply.text(), headers: {} };
    }
    const payload = options.form === undefined ? {} : { payload: options.form };
    const reply = await this.app.inject({ method, url: `${pathname}${search}`, headers, ...payload });
    this.setCookies = [reply.headers['set-cookie'] ?? []].flat();
    this.keep(origin, this.setCookies);
    return { status: reply.statusCode, location: reply.headers.location, body: reply.body, headers: reply.headers };
  }

  /** Follows redirects until a page comes. */
  async open(url: string): Promise<Reply & { url: string }> {
    let at = url;
    for (let hops = 0; hops < 12; hops += 1) {
      const reply = await this.visit(at);
      if (reply.location === undefined) return { ...reply, url: at };
      at = reply.location;
    }
    throw new Error(`too many redirects, last ${at}`);
  }

  /** Goes as far as the issuer's redirect back to us, without following it. */
  async callbackOf(url: string): Promise<string> {
    let at = url;
    for (let hops = 0; hops < 12; hops += 1) {
      const { location } = await this.visit(at);
      assert.ok(location, `no redirect at ${at}`);
      if (location.startsWith(`${ORIGIN}/login/callback`)) return location;
      at = location;
    }
    throw new Error('never came back');
  }

  get session(): string | undefined {
    return this.jar.get(ORIGIN)?.get('app_session');
  }

  private keep(origin: string, setCookies: string[]): void {
    const cookies = this.jar.get(origin) ?? new Map<string, string>();
    this.jar.set(origin, cookies);
    for (const each of setCookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(each)) cookies.delete(name);
      else cookies.set(name, value);
    }
  }
}

async function newApp(issuerUrl: string, db: TestDatabase): Promise<FastifyInstance> {
  const renderError = ({ code, status }: { code: string; status: number }) => `${status} ${code}`;
  const app = createWebServer({ name: 'app', log, clock, renderError });
  registerLogin(app, {
    issuer: issuerUrl,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    publicUrl: ORIGIN,
    pool: db.pool,
    clock,
    log,
    cookieName: 'app_session',
    sessionMaxMs: 120 * MINUTE_MS,
    sessionIdleMs: 30 * MINUTE_MS,
    afterLogoutPath: '/goodbye',
    admit: async (claims) =>
      claims['sub'] === 'stranger'
        ? null
        : { subject: `staff:${String(claims['sub'])}`, name: String(claims['name']), roles: ['reader'] },
  });
  app.get('/letters', { config: { access: 'session' } }, async (request) => ({
    name: request.principal?.name,
    roles: request.principal?.roles,
    csrf: request.csrfToken,
  }));
  app.post('/letters', { config: { access: 'session' } }, async () => 'done');
  app.get(
    '/start',
    { config: { access: 'public', optionalSession: true } },
    async (request) => request.principal?.name ?? 'nobody',
  );
  app.get('/goodbye', { config: { access: 'public' } }, async () => 'goodbye');
  await app.ready();
  return app;
}

describe('login', () => {
  let db: TestDatabase;
  let issuer: TestIssuer;
  let app: FastifyInstance;
  let browser: Browser;

  before(async () => {
    const migrations = [{ number: 1, name: 'web_session', sql: WEB_SESSION_MIGRATION_SQL }];
    db = await createTestDatabase({ party: 'base_login', migrations });
    issuer = await startTestIssuer(await freePort(), CLIENT);
    app = await newApp(issuer.url, db);
  });
  after(async () => {
    await app.close();
    await issuer.stop();
    await db.close();
  });
  beforeEach(() => {
    clock.set(new Date());
    issuer.who = 'anna';
    browser = new Browser(app);
  });

  it('takes a person to the issuer and back to where she wanted', async () => {
    const first = await browser.visit('/letters?page=2');
    assert.equal(first.status, 302);
    assert.equal(first.location, '/login?return=%2Fletters%3Fpage%3D2');
    const page = await browser.open('/letters?page=2');
    assert.equal(page.url, '/letters?page=2');
    assert.equal(page.status, 200);
    const seen = JSON.parse(page.body) as Record<string, unknown>;
    assert.deepEqual([seen['name'], seen['roles']], ['Person anna', ['reader']]);
    assert.equal(page.headers['cache-control'], 'no-store');
    assert.match(String(page.headers['content-security-policy']), new RegExp(`form-action 'self' ${issuer.url};`));
  });

  it('keeps only the hash of a cookie that scripts and other sites cannot use', async () => {
    const callback = await browser.callbackOf('/login');
    await browser.visit(callback);
    const cookie = browser.setCookies.find((each) => each.startsWith('app_session='));
    assert.match(cookie ?? '', /^app_session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    assert.equal(browser.setCookies.filter((each) => each.startsWith('app_session=')).length, 1);
    const { rows } = await db.pool.query<{ text: string }>('select web_session::text as text from web_session');
    assert.equal(
      rows.some(({ text }) => text.includes(browser.session ?? '?')),
      false,
    );
  });

  it('begins under a new id, whatever id the browser was given before', async () => {
    browser.jar.set(ORIGIN, new Map([['app_session', 'chosen-by-somebody-else']]));
    await browser.open('/letters');
    const first = browser.session;
    assert.notEqual(first, 'chosen-by-somebody-else');
    const again = await browser.visit('/login?return=/letters');
    assert.deepEqual([again.status, again.location], [303, '/letters']);
    assert.equal(browser.session, first);
  });

  it('demands the token of the session for everything that changes something', async () => {
    const { csrf } = JSON.parse((await browser.open('/letters')).body) as { csrf: string };
    const other = new Browser(app);
    const { csrf: foreign } = JSON.parse((await other.open('/letters')).body) as { csrf: string };
    assert.notEqual(csrf, foreign);
    for (const form of ['', 'a=1', `_csrf=${foreign}`, '_csrf=', `_csrf=${csrf}&_csrf=${csrf}`]) {
      const refused = await browser.visit('/letters', { method: 'POST', form });
      assert.deepEqual([refused.status, refused.body], [403, '403 BASE_CSRF'], form);
    }
    assert.equal((await browser.visit('/letters', { method: 'POST', form: `_csrf=${csrf}` })).body, 'done');
    const byHeader = await browser.visit('/letters', { method: 'POST', headers: { 'x-csrf-token': csrf } });
    assert.equal(byHeader.body, 'done');
  });

  it('logs out here and at the issuer; the page of before is gone', async () => {
    const { csrf } = JSON.parse((await browser.open('/letters')).body) as { csrf: string };
    const stolen = browser.session ?? '';
    const refused = await browser.visit('/logout', { method: 'POST', form: '_csrf=wrong' });
    assert.deepEqual([refused.status, refused.body], [403, '403 BASE_CSRF']);
    const left = await browser.visit('/logout', { method: 'POST', form: `_csrf=${csrf}` });
    assert.equal(left.status, 303);
    const target = new URL(left.location ?? '');
    assert.equal(`${target.origin}${target.pathname}`, `${issuer.url}/session/end`);
    assert.equal(target.searchParams.get('post_logout_redirect_uri'), `${ORIGIN}/goodbye`);
    assert.notEqual(target.searchParams.get('id_token_hint'), null);
    assert.equal(browser.session, undefined);
    // The back button asks again, since nothing was cached; and a copy of the cookie opens nothing.
    assert.equal((await browser.visit('/letters')).location, '/login?return=%2Fletters');
    browser.jar.get(ORIGIN)?.set('app_session', stolen);
    assert.equal((await browser.visit('/letters')).location, '/login?return=%2Fletters');
    const twice = await browser.visit('/logout', { method: 'POST', form: `_csrf=${csrf}` });
    assert.deepEqual([twice.status, twice.location], [303, '/goodbye']);
  });

  it('ends a session that rests too long, not one that is used', async () => {
    await browser.open('/letters');
    for (let each = 0; each < 3; each += 1) {
      clock.advance(29 * MINUTE_MS);
      assert.equal((await browser.visit('/letters')).status, 200);
    }
    clock.advance(31 * MINUTE_MS);
    assert.equal((await browser.visit('/letters')).location, '/login?return=%2Fletters');
  });

  it('ends a session after its longest time, however much it is used', async () => {
    await browser.open('/letters');
    for (let each = 0; each < 5; each += 1) {
      clock.advance(20 * MINUTE_MS);
      assert.equal((await browser.visit('/letters')).status, 200);
    }
    clock.advance(20 * MINUTE_MS);
    assert.equal((await browser.visit('/letters')).location, '/login?return=%2Fletters');
    const form = await browser.visit('/letters', { method: 'POST', form: '_csrf=x' });
    assert.deepEqual([form.status, form.body], [401, '401 BASE_SESSION_REQUIRED']);
  });

  it('ends every session of a person whose rights have changed', async () => {
    issuer.who = 'berit';
    await browser.open('/letters');
    assert.equal(await endSessionsOf(db.pool, 'staff:berit'), 1);
    assert.equal((await browser.visit('/letters')).status, 302);
  });

  it('answers a program that is not logged in with problem+json', async () => {
    const reply = await browser.visit('/letters', { headers: { accept: 'application/json' } });
    assert.equal(reply.status, 401);
    assert.equal((JSON.parse(reply.body) as { code: string }).code, 'BASE_SESSION_REQUIRED');
  });

  it('knows who is there on a public page that asks', async () => {
    assert.equal((await browser.visit('/start')).body, 'nobody');
    await browser.open('/letters');
    assert.equal((await browser.visit('/start')).body, 'Person anna');
  });

  it('refuses a callback with a state that this browser did not start', async () => {
    const callback = await browser.callbackOf('/login');
    const victim = new Browser(app);
    const planted = await victim.visit(callback);
    assert.deepEqual([planted.status, planted.body], [400, '400 BASE_LOGIN_STATE']);
    const wrong = new URL(callback);
    wrong.searchParams.set('state', 'made-up');
    assert.equal((await browser.visit(wrong.href)).body, '400 BASE_LOGIN_STATE');
    const none = await browser.visit('/login/callback');
    assert.equal(none.body, '400 BASE_LOGIN_STATE');
    assert.equal(victim.session, undefined);
    // The attempt itself still works, once.
    assert.equal((await browser.visit(callback)).status, 303);
    browser.jar.get(ORIGIN)?.delete('app_session');
    assert.equal((await browser.visit(callback)).body, '400 BASE_LOGIN_STATE');
  });

  it('refuses a login that took too long, and a cookie that was tampered with', async () => {
    const late = await browser.callbackOf('/login');
    clock.advance(11 * MINUTE_MS);
    assert.equal((await browser.visit(late)).body, '400 BASE_LOGIN_STATE');
    const callback = await browser.callbackOf('/login');
    const cookies = browser.jar.get(ORIGIN) ?? new Map<string, string>();
    for (const [name, value] of cookies) cookies.set(name, `${value.slice(0, -6)}AAAAAA`);
    assert.equal((await browser.visit(callback)).body, '400 BASE_LOGIN_STATE');
  });

  it('refuses a code that the issuer does not know', async () => {
    const callback = new URL(await browser.callbackOf('/login'));
    callback.searchParams.set('code', 'forged');
    const reply = await browser.visit(callback.href);
    assert.deepEqual([reply.status, reply.body], [502, '502 BASE_LOGIN_FAILED']);
    assert.equal(browser.session, undefined);
  });

  it('says so when the person cancels, and when nobody here knows her', async () => {
    issuer.who = undefined;
    const cancelled = await browser.open('/letters');
    assert.deepEqual([cancelled.status, cancelled.body], [403, '403 BASE_LOGIN_DENIED']);
    issuer.who = 'stranger';
    const unknown = await new Browser(app).open('/letters');
    assert.deepEqual([unknown.status, unknown.body], [403, '403 BASE_LOGIN_NOT_ADMITTED']);
  });

  it('returns to paths of our own only', async () => {
    const evil = [
      '//evil.test',
      'https://evil.test/',
      '/\\evil.test',
      '/%09/evil.test',
      '/\t/evil.test',
      '/login?return=/x',
      '/logout',
      'x',
    ];
    for (const wanted of evil) {
      const fresh = new Browser(app);
      const callback = await fresh.callbackOf(`/login?return=${encodeURIComponent(wanted)}`);
      const { location } = await fresh.visit(callback);
      assert.equal(new URL(location ?? '', ORIGIN).origin, ORIGIN, wanted);
      if (wanted !== '/%09/evil.test') assert.equal(location, '/', wanted);
    }
  });

  it('lets many tabs log in at the same time, and keeps their number in bounds', async () => {
    const callbacks = [await browser.callbackOf('/login?return=/a'), await browser.callbackOf('/login?return=/b')];
    const [a, b] = [await browser.visit(callbacks[0] ?? ''), await browser.visit(callbacks[1] ?? '')];
    assert.deepEqual([a.location, b.location], ['/a', '/b']);
    const restored = new Browser(app);
    for (let tab = 0; tab < 20; tab += 1) await restored.visit('/login');
    assert.ok((restored.jar.get(ORIGIN)?.size ?? 0) <= 9);
  });

  it('declares the access of its own routes', () => {
    const own = listRoutes(app).filter(({ url }) => url.startsWith('/log'));
    assert.deepEqual(own.map(({ method, url, access }) => `${method} ${url} ${access}`).sort(), [
      'GET /login public',
      'GET /login/callback public',
      'HEAD /login public',
      'HEAD /login/callback public',
      'POST /logout public',
    ]);
  });
});

describe('login with an issuer that starts later', () => {
  it('says so, and works as soon as the issuer is there', async () => {
    const migrations = [{ number: 1, name: 'web_session', sql: WEB_SESSION_MIGRATION_SQL }];
    const db = await createTestDatabase({ party: 'base_login', migrations });
    clock.set(new Date());
    const port = await freePort();
    const app = await newApp(`http://127.0.0.1:${port}`, db);
    const browser = new Browser(app);
    const refused = await browser.visit('/login');
    assert.deepEqual([refused.status, refused.body], [503, '503 BASE_ISSUER_UNREACHABLE']);
    const issuer = await startTestIssuer(port, CLIENT);
    issuer.who = 'anna';
    assert.equal((await browser.open('/letters')).status, 200);
    await app.close();
    await issuer.stop();
    await db.close();
  });

  it('takes plain http from the loopback only', async () => {
    const app = createWebServer({ name: 'app', log, clock });
    const pool = new (await import('pg')).Pool();
    const options = { clientId: 'a', clientSecret: 'b', publicUrl: ORIGIN, pool, clock, log, cookieName: 'c' };
    assert.throws(
      () => registerLogin(app, { ...options, issuer: 'http://issuer.example.se', admit: async () => null }),
      /neither https nor on the loopback/,
    );
    await app.close();
  });
});
