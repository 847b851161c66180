import assert from 'node:assert/strict';
import { request as httpsRequest } from 'node:https';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '@brevduva/base';
import { createTestAuthority, type IssuedCertificate, type TestAuthority } from '@brevduva/protocol/testing';
import { FAILURES_MAX } from '../src/http/attemptLimit.ts';
import { certificateHash, secretHash } from '../src/organisation/credential.ts';
import { createCredentialAdmin } from '../src/organisation/credentialAdmin.ts';
import { API_KEY, MUNICIPALITY, OTHER_API_KEY, OTHER_MUNICIPALITY } from './support/hubDatabase.ts';
import { type IntakeHub, LETTER, startIntakeHub } from './support/intakeHub.ts';

const OWN = { organizationNumber: MUNICIPALITY, systemCode: 'arendesystemet' };
const OTHER = { organizationNumber: OTHER_MUNICIPALITY, systemCode: 'grannens-system' };
const LOGIN_NAME = `${MUNICIPALITY}-arendesystemet`;

let hub: IntakeHub;
let authority: TestAuthority;
/** How far the hub's clock is ahead. */
let aheadMs = 0;

before(async () => {
  authority = await createTestAuthority({ name: 'Systemens CA' });
  const server = await authority.issue({ commonName: 'hub' });
  hub = await startIntakeHub({
    clock: { ...systemClock, now: () => new Date(Date.now() + aheadMs) },
    systems: {
      host: '127.0.0.1',
      port: 0,
      tls: { key: server.keyPem, cert: server.certPem, ca: authority.caPem },
    },
  });
});
after(() => hub.close());

const admin = () => createCredentialAdmin(hub.pool);
const make = (kind: 'apiKey' | 'oauthClient' | 'password', of = OWN) => admin().makeSecret(of, { kind, by: 'test' });
const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
const basic = (name: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`,
});
const post = (headers: Record<string, string>) => hub.post(LETTER, headers);

async function changeCredential(secret: string, change: string): Promise<void> {
  const { rowCount } = await hub.pool.query(`update credential set ${change} where hash = $1`, [secretHash(secret)]);
  assert.equal(rowCount, 1);
}

describe('API keys', () => {
  it('several are valid at once; the old one goes when it is revoked, the new one stays', async () => {
    const { secret, code } = await make('apiKey');
    for (const key of [API_KEY, secret]) assert.equal((await post(bearer(key))).status, 201);
    await admin().revoke(MUNICIPALITY, code, 'test');
    await hub.refused(() => post(bearer(secret)), 401, 'HUB_API_KEY');
    assert.equal((await post(bearer(API_KEY))).status, 201);
    await assert.rejects(admin().revoke(MUNICIPALITY, code, 'test'), { code: 'HUB_CREDENTIAL_NOT_FOUND' });
  });

  it('one that is not valid yet, or no longer, opens nothing; the log says why and never what', async () => {
    for (const [change, reason] of [
      [`valid_from = now() + interval '1 hour'`, 'notYetValid'],
      [`valid_until = now() - interval '1 second'`, 'expired'],
      [`revoked_at = now()`, 'revoked'],
    ] as const) {
      const { secret } = await make('apiKey');
      await changeCredential(secret, change);
      await hub.refused(() => post(bearer(secret)), 401, 'HUB_API_KEY');
      assert.match(hub.log(), new RegExp(`"reason":"${reason}","system":"${LOGIN_NAME}"`));
      assert.ok(!hub.log().includes(secret) && !hub.log().includes(secretHash(secret).toString('hex')));
    }
  });

  it('those of a retired system open nothing', async () => {
    const { secret } = await make('apiKey', OTHER);
    const retire = (isActive: boolean) =>
      hub.pool.query(`update business_system set is_active = $1 where code = 'grannens-system'`, [isActive]);
    await retire(false);
    await hub.refused(() => post(bearer(secret)), 401, 'HUB_API_KEY');
    assert.match(hub.log(), /"reason":"systemRetired"/);
    await retire(true);
    assert.equal((await post(bearer(secret))).status, 201);
  });

  it('are noted when used, system and key, at most once a minute', async () => {
    const { secret } = await make('apiKey');
    const seen = async () => {
      const { rows } = await hub.pool.query(
        `select c.last_used_at as used, b.last_seen_at as seen from credential c join business_system b on b.id = c.business_system_id
         where c.hash = $1`,
        [secretHash(secret)],
      );
      return rows[0];
    };
    assert.equal((await seen()).used, null);
    await post(bearer(secret));
    const first = await seen();
    assert.ok(first.used instanceof Date && first.seen instanceof Date);
    await post(bearer(secret));
    assert.deepEqual(await seen(), first, 'within the minute nothing is written');
    await changeCredential(secret, `last_used_at = now() - interval '2 minutes'`);
    await post(bearer(secret));
    assert.ok((await seen()).used > new Date(first.used.getTime() - 1));
  });

  it('open no other door: a key is no client secret, no password, no token, and the other way round', async () => {
    const [key, client, password] = [await make('apiKey'), await make('oauthClient'), await make('password')];
    for (const { secret } of [client, password]) await hub.refused(() => post(bearer(secret)), 401, 'HUB_API_KEY');
    for (const { secret, loginName } of [key, client]) {
      await hub.refused(() => post(basic(loginName, secret)), 401, 'HUB_API_KEY');
    }
    for (const { secret, loginName } of [key, password]) {
      assert.equal((await token({ client_id: loginName, client_secret: secret })).status, 401);
    }
  });
});

describe('login name and password', () => {
  it('open together only', async () => {
    const { secret, loginName } = await make('password');
    assert.equal(loginName, LOGIN_NAME);
    assert.equal((await post(basic(loginName, secret))).status, 201);
    for (const [name, word] of [
      [loginName, `${secret}x`],
      [`${OTHER_MUNICIPALITY}-grannens-system`, secret],
      ['', secret],
      [secret, loginName],
    ] as const) {
      await hub.refused(() => post(basic(name, word)), 401, 'HUB_API_KEY');
    }
    assert.match(hub.log(), /"reason":"wrongLoginName"/);
    await hub.refused(() => post({ authorization: 'Basic bm9jb2xvbg==' }), 401, 'HUB_API_KEY');
  });
});

interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Record<string, unknown>;
}

async function token(
  parameters: Record<string, string> | string,
  headers: Record<string, string> = {},
): Promise<TokenAnswer> {
  const body =
    typeof parameters === 'string'
      ? parameters
      : new URLSearchParams({ grant_type: 'client_credentials', ...parameters }).toString();
  const response = await fetch(`${hub.hub.webUrl}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body,
  });
  const json = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, json };
}

/** An error exactly as RFC 6749 5.2 has it. */
function assertOAuthError({ status, headers, json }: TokenAnswer, code: string, expected = 400): void {
  assert.equal(json['error'], code, JSON.stringify(json));
  assert.equal(status, expected);
  assert.deepEqual(Object.keys(json), ['error', 'error_description']);
  assert.match(String(json['error_description']), /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.match(headers.get('content-type') ?? '', /^application\/json/);
}

describe('OAuth 2 client credentials (RFC 6749 4.4)', () => {
  it('gives a token for the secret in the header or in the body, and the token opens the API', async () => {
    const { secret, loginName } = await make('oauthClient');
    for (const answer of [
      await token({ client_id: loginName, client_secret: secret }),
      await token({}, basic(loginName, secret)),
      await token({ client_id: loginName, scope: 'letters' }, basic(loginName, secret)),
    ]) {
      assert.equal(answer.status, 200, JSON.stringify(answer.json));
      const { access_token: accessToken, ...rest } = answer.json;
      assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 3600 });
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      assert.equal(answer.headers.get('pragma'), 'no-cache');
      assert.equal((await post(bearer(String(accessToken)))).status, 201);
      assert.ok(!hub.log().includes(String(accessToken)));
    }
    assert.ok(!hub.log().includes(secret));
  });

  it('header halves are form-decoded (2.3.1)', async () => {
    const { secret, loginName } = await make('oauthClient');
    const encoded = (text: string) => text.replace(/[-_]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
    assert.equal((await token({}, basic(encoded(loginName), encoded(secret)))).status, 200);
  });

  it('the token dies with its hour, and at once with the secret or the system', async () => {
    const { secret, loginName, code } = await make('oauthClient');
    const fresh = async () => {
      const { json } = await token({ client_id: loginName, client_secret: secret });
      return String(json['access_token']);
    };
    const old = await fresh();
    await hub.pool.query('update access_token set expires_at = now() where hash = $1', [secretHash(old)]);
    await hub.refused(() => post(bearer(old)), 401, 'HUB_API_KEY');
    const last = await fresh();
    const { rows } = await hub.pool.query('select hash from access_token where hash = $1', [secretHash(old)]);
    assert.deepEqual(rows, [], 'those that have expired are cleared away');
    assert.equal((await post(bearer(last))).status, 201);
    await admin().revoke(MUNICIPALITY, code, 'test');
    await hub.refused(() => post(bearer(last)), 401, 'HUB_API_KEY');
    assertOAuthError(await token({ client_id: loginName, client_secret: secret }), 'invalid_client', 401);
  });

  it('neither secret nor token is stored', async () => {
    const { secret, loginName } = await make('oauthClient');
    const { json } = await token({ client_id: loginName, client_secret: secret });
    const { rows } = await hub.pool.query(
      `select row_to_json(c)::text as text from credential c union all select row_to_json(t)::text from access_token t
       union all select row_to_json(x)::text from configuration_change x`,
    );
    const stored = rows.map(({ text }) => text).join('\n');
    assert.ok(stored.length > 100 && !stored.includes(secret) && !stored.includes(String(json['access_token'])));
  });

  it('refuses in the words of the RFC', async () => {
    const { secret, loginName } = await make('oauthClient');
    const client = { client_id: loginName, client_secret: secret };
    assertOAuthError(await token(new URLSearchParams(client).toString()), 'invalid_request');
    assertOAuthError(await token({ ...client, grant_type: 'password' }), 'unsupported_grant_type');
    assertOAuthError(await token({ ...client, grant_type: '' }), 'invalid_request');
    const twice = `grant_type=client_credentials&grant_type=client_credentials&${new URLSearchParams(client)}`;
    assertOAuthError(await token(twice), 'invalid_request');
    assertOAuthError(await token(client, basic(loginName, secret)), 'invalid_request');
    assertOAuthError(await token({ client_id: 'annan' }, basic(loginName, secret)), 'invalid_request');
    assertOAuthError(await token('{}', { 'content-type': 'application/json' }), 'invalid_request');
    assertOAuthError(await token('<x/>', { 'content-type': 'text/xml' }), 'invalid_request');
    assertOAuthError(await token('x'.repeat(10_000)), 'invalid_request');
    assertOAuthError(await token({}), 'invalid_client', 401);
    assertOAuthError(await token({ ...client, client_secret: `${secret}x` }), 'invalid_client', 401);
    assertOAuthError(
      await token({ ...client, client_id: `${OTHER_MUNICIPALITY}-grannens-system` }),
      'invalid_client',
      401,
    );
    const answer = await token({}, basic(loginName, '%'));
    assertOAuthError(answer, 'invalid_client', 401);
    assert.match(answer.headers.get('www-authenticate') ?? '', /^Basic /);
    assertOAuthError(await token({}, bearer(API_KEY)), 'invalid_client', 401);
  });
});

/** One request over mutual TLS; status and JSON, or the error of the handshake. */
function callWith(
  certificate: IssuedCertificate | undefined,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const pair = certificate === undefined ? {} : { key: certificate.keyPem, cert: certificate.certPem };
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      `${hub.hub.systemsUrl?.replace('127.0.0.1', 'localhost')}/api/v1/letters`,
      {
        method: 'POST',
        ca: authority.caPem,
        agent: false,
        ...pair,
        headers: { 'content-type': 'application/json', ...headers },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
      },
    );
    request.on('error', reject);
    request.end(JSON.stringify(LETTER));
  });
}

describe('client certificates', () => {
  const register = (certificate: IssuedCertificate, of = OWN) =>
    admin().add(of, { kind: 'certificate', hash: certificateHash(certificate.certPem), by: 'test' });

  it('the fingerprint decides who calls; old and new are valid together while one is exchanged', async () => {
    const [old, young] = [
      await authority.issue({ commonName: 'gammalt' }),
      await authority.issue({ commonName: 'nytt' }),
    ];
    await register(old);
    await register(young);
    for (const each of [old, young]) assert.equal((await callWith(each)).status, 201);
  });

  it('one that nobody registered opens nothing, also beside a good key', async () => {
    const stranger = await authority.issue({ commonName: 'främling', organizationNumber: MUNICIPALITY });
    for (const headers of [{}, bearer(API_KEY)]) {
      const { status, body } = await callWith(stranger, headers);
      assert.deepEqual([status, body['code']], [401, 'HUB_API_KEY']);
    }
  });

  it('without one, or with one of a stranger’s issuer, the handshake ends', async () => {
    const foreign = await (await createTestAuthority({ name: 'Annan CA' })).issue({ commonName: 'x' });
    await register(foreign);
    await assert.rejects(callWith(foreign));
    await assert.rejects(callWith(undefined, bearer(API_KEY)));
  });

  it('one that is registered already is refused for another system, here or elsewhere', async () => {
    const mine = await authority.issue({ commonName: 'mitt' });
    await register(mine);
    await register(mine); // again: without effect
    await assert.rejects(register(mine, OTHER), { code: 'HUB_CONFIGURATION_CREDENTIAL' });
  });
});

describe('credential administration', () => {
  it('knows no organisation and no system that is not there', async () => {
    const secret = { kind: 'apiKey', by: 'test' } as const;
    const nowhere = { organizationNumber: '162021002973', systemCode: 'arendesystemet' };
    await assert.rejects(admin().makeSecret(nowhere, secret), { code: 'HUB_ORGANISATION_NOT_FOUND' });
    await assert.rejects(admin().makeSecret({ ...OWN, systemCode: 'annat' }, secret), { code: 'HUB_SYSTEM_NOT_FOUND' });
    await assert.rejects(admin().list('162021002973'), { code: 'HUB_ORGANISATION_NOT_FOUND' });
  });

  it('lists by system, and another organisation’s cannot be revoked', async () => {
    const { code } = await make('apiKey', OTHER);
    assert.ok((await admin().list(OTHER_MUNICIPALITY)).every(({ systemCode }) => systemCode === 'grannens-system'));
    await assert.rejects(admin().revoke(MUNICIPALITY, code, 'test'), { code: 'HUB_CREDENTIAL_NOT_FOUND' });
    assert.equal((await hub.get('x', OTHER_API_KEY)).status, 404);
  });

  it('of two at the same instant with one certificate, one wins', async () => {
    const hash = certificateHash((await authority.issue({ commonName: 'samtidigt' })).certPem);
    const results = await Promise.allSettled(
      [OWN, OTHER].map((of) => admin().add(of, { kind: 'certificate', hash, by: 'test' })),
    );
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const lost = results.find((result) => result.status === 'rejected');
    assert.equal(lost?.reason.code, 'HUB_CONFIGURATION_CREDENTIAL');
  });
});

describe('too many failures from one address', () => {
  it('are refused unasked for a while; who has got in lately is not locked out; then it is over', async () => {
    aheadMs += 120_000;
    const { secret } = await make('oauthClient');
    assert.equal((await post(bearer(API_KEY))).status, 201);
    for (let n = 0; n < FAILURES_MAX; n += 1) {
      await hub.refused(() => post(bearer(`bd_gissning_nummer_${n}`)), 401, 'HUB_API_KEY');
    }
    const answer = await hub.refused(
      () => post(bearer('bd_ännu_en'.padEnd(30, 'x').replace('ä', 'a'))),
      429,
      'HUB_TOO_MANY_ATTEMPTS',
    );
    assert.ok(Number(answer.headers.get('retry-after')) > 0);
    const refused = await token({ client_id: LOGIN_NAME, client_secret: secret });
    assertOAuthError(refused, 'temporarily_unavailable', 429);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    assert.equal((await post(bearer(API_KEY))).status, 201, 'a key that was good a moment ago');
    aheadMs += 61_000;
    assert.equal((await token({ client_id: LOGIN_NAME, client_secret: secret })).status, 200);
  });
});
