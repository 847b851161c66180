import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AppError } from '@brevduva/base';
import { admit } from '../src/console/login.http.ts';
import { mayChange } from '../src/console/roles.ts';
import { type ConsoleSetup, OWNER, startFarConsole } from './consoleSetup.ts';
import { startSampleFar } from './soapSetup.ts';

describe('who is let in to the console', () => {
  let setup: ConsoleSetup;
  before(async () => {
    setup = await startFarConsole();
  });
  after(() => setup.close());

  it('asks a stranger to log in and brings her to where she wanted', async () => {
    const page = await fetch(`${setup.origin}/console?lang=en`, {
      redirect: 'manual',
      headers: { accept: 'text/html' },
    });
    assert.equal(page.status, 302);
    assert.equal(page.headers.get('location'), '/login?return=%2Fconsole%3Flang%3Den');
    const program = await fetch(`${setup.origin}/console`, { redirect: 'manual' });
    const problem = (await program.json()) as { code: string; title: string };
    assert.deepEqual(
      [program.status, problem.code, problem.title],
      [401, 'BASE_SESSION_REQUIRED', 'Du är inte inloggad längre. Logga in och försök igen.'],
    );
  });

  it('lets the register owner’s staff in, each in her role', async () => {
    const freja = await setup.visit('freja');
    assert.equal(freja.status, 200);
    assert.match(freja.text, /Freja Öberg.*FaR-ansvarig/s);
    assert.match(freja.text, /aria-current="page">Översikt/);
    const stellan = await setup.visit('stellan');
    assert.equal(stellan.status, 200);
    assert.match(stellan.text, /Stellan Åkesson.*Läsbehörighet/s);
    assert.doesNotMatch(stellan.text, /FaR-ansvarig/);
  });

  it('refuses staff of other organisations, whatever roles they have there, and the owner’s without a role here', async () => {
    for (const person of ['nils', 'ulla'] as const) {
      const page = await setup.visit(person);
      assert.equal(page.status, 403, person);
      assert.match(page.text, /BASE_LOGIN_NOT_ADMITTED/);
      assert.equal((await page.get('/console')).status, 302, 'still a stranger');
    }
    const { rows } = await setup.database.pool.query<{ n: number }>(
      `select count(*)::integer as n from web_session where subject like '%nils' or subject like '%ulla'`,
    );
    assert.equal(rows[0]?.n, 0);
  });

  it('logs out to the public page', async () => {
    const freja = await setup.visit('freja');
    assert.equal((await freja.post('/logout')).status, 303);
    assert.equal((await freja.get('/console')).status, 302);
  });

  it('shows errors inside the console to who is logged in, in her language', async () => {
    const freja = await setup.visit('freja');
    const swedish = await freja.get('/console/finns-inte');
    assert.equal(swedish.status, 404);
    const english = await freja.get('/console?lang=en');
    assert.match(english.text, /aria-current="page">Overview/);
    assert.match((await freja.get('/console')).text, /Overview/, 'the choice is remembered');
  });

  it('has its link on the public page only where one can log in', async () => {
    const page = await (await fetch(setup.origin)).text();
    assert.match(page, /href="\/login\?return=\/console"[^>]*>Logga in som FaR-ansvarig/);
    const plain = await startSampleFar();
    try {
      assert.doesNotMatch(await (await fetch(plain.far.webUrl)).text(), /Logga in/);
      assert.equal((await fetch(`${plain.far.webUrl}/console`)).status, 404);
    } finally {
      await plain.close();
    }
  });
});

describe('a login that cannot work', () => {
  it('stops the start: whose staff, and where they come back to, must be known', async () => {
    const oidc = { issuer: 'http://127.0.0.1:9', clientId: 'far', clientSecret: 'x' };
    const web = { host: '127.0.0.1', port: 0, publicUrl: 'http://localhost:9' };
    for (const options of [
      { oidc, web },
      { oidc, owner: OWNER },
    ]) {
      await assert.rejects(startSampleFar(options), (error: unknown) => {
        assert.ok(error instanceof AppError);
        assert.deepEqual([error.code, error.status], ['FAR_LOGIN_INCOMPLETE', 500]);
        assert.match(error.publicText, /saknar uppgifter/);
        return true;
      });
    }
  });
});

describe('roles', () => {
  const claims = { sub: 'staff.x', name: 'X', organization_number: OWNER.organizationNumber };

  it('takes one role or several, and only those that mean something here', () => {
    assert.deepEqual(admit({ ...claims, roles: 'reader' }, OWNER)?.roles, ['reader']);
    assert.deepEqual(admit({ ...claims, roles: ['administrator', 'registerOwner'] }, OWNER)?.roles, ['registerOwner']);
    assert.equal(admit({ ...claims, roles: [] }, OWNER), null);
    assert.equal(admit({ ...claims, roles: ['reader'], organization_number: undefined }, OWNER), null);
    assert.equal(admit({ roles: ['reader'], organization_number: OWNER.organizationNumber }, OWNER), null);
  });

  it('lets only the register owner change', () => {
    assert.deepEqual(
      [['registerOwner'], ['reader'], ['registerOwner', 'reader'], []].map((roles) => mayChange({ roles })),
      [true, false, true, false],
    );
  });
});
