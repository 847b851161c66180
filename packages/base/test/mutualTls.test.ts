import 'reflect-metadata';
import assert from 'node:assert/strict';
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { request } from 'node:https';
import { after, before, describe, it } from 'node:test';
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  type X509CertificateCreateParams,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { createWebServer, listen, systemClock } from '../src/index.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;

interface Identity {
  key: string;
  cert: string;
  keys: webcrypto.CryptoKeyPair;
}

/** A certificate signed by `issuer`, or by itself. */
async function certify(name: string, issuer?: Identity): Promise<Identity> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const params = {
    subject: `CN=${name}`,
    issuer: issuer === undefined ? `CN=${name}` : new X509Certificate(issuer.cert).subject,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
    extensions: [
      new BasicConstraintsExtension(issuer === undefined, undefined, true),
      new SubjectAlternativeNameExtension([
        { type: 'ip', value: '127.0.0.1' },
        { type: 'dns', value: 'brev.example.se' },
      ]),
    ],
  } satisfies X509CertificateCreateParams;
  const certificate = await X509CertificateGenerator.create(params);
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' });
  return { key: key.toString(), cert: certificate.toString('pem'), keys };
}

async function get(
  url: string,
  options: { ca: string; key?: string; cert?: string; headers?: Record<string, string> },
) {
  return new Promise<{ status: number; body: string; hsts: unknown }>((resolve, reject) => {
    request(url, { ...options, agent: false }, async (reply) => {
      let body = '';
      for await (const chunk of reply) body += String(chunk);
      resolve({ status: reply.statusCode ?? 0, body, hsts: reply.headers['strict-transport-security'] });
    })
      .on('error', reject)
      .end();
  });
}

describe('a server with mutual TLS', () => {
  let authority: Identity;
  let server: Identity;
  let client: Identity;
  let stranger: Identity;
  let app: FastifyInstance;
  let url: string;

  async function start(rejectUnauthorized: boolean): Promise<void> {
    const { key, cert } = server;
    const tls = { key, cert, ca: authority.cert, requestCert: true, rejectUnauthorized };
    app = createWebServer({ name: 'soap', log: pino({ level: 'silent' }), clock: systemClock, tls });
    app.get('/service', { config: { access: 'mtls' } }, async (call) => call.peerCertificateDer?.toString('base64'));
    app.get('/wsdl', { config: { access: 'public' } }, async (call) => String(call.peerCertificateDer));
    url = await listen(app, { host: '127.0.0.1', port: 0 });
  }

  before(async () => {
    authority = await certify('authority');
    [server, client] = await Promise.all([certify('server', authority), certify('client', authority)]);
    stranger = await certify('stranger', await certify('other authority'));
  });
  after(() => app.close());

  it('gives the bytes of a proven certificate, and breaks off with anyone else', async () => {
    await start(true);
    assert.match(url, /^https:\/\/127\.0\.0\.1:\d+$/);
    const ca = authority.cert;
    const reply = await get(`${url}/service`, { ca, key: client.key, cert: client.cert });
    assert.deepEqual([reply.status, reply.body], [200, new X509Certificate(client.cert).raw.toString('base64')]);
    await assert.rejects(get(`${url}/service`, { ca }), { code: /^(ERR_SSL_|ECONNRESET|EPIPE)/ });
    await assert.rejects(get(`${url}/service`, { ca, key: stranger.key, cert: stranger.cert }), {
      code: /^(ERR_SSL_|ECONNRESET|EPIPE)/,
    });
    await app.close();
  });

  it('can let strangers in to public routes, and never takes their certificate for proof', async () => {
    await start(false);
    const ca = authority.cert;
    for (const who of [{}, { key: stranger.key, cert: stranger.cert }]) {
      assert.deepEqual((await get(`${url}/wsdl`, { ca, ...who })).body, 'undefined');
      const refused = await get(`${url}/service`, { ca, ...who });
      assert.equal(refused.status, 403);
      assert.equal((JSON.parse(refused.body) as { code: string }).code, 'BASE_CERTIFICATE_REQUIRED');
    }
    const proven = await get(`${url}/service`, { ca, key: client.key, cert: client.cert });
    assert.equal(proven.status, 200);
  });

  it('asks browsers to stay with https, except on the loopback', async () => {
    const ca = authority.cert;
    assert.equal((await get(`${url}/wsdl`, { ca })).hsts, undefined);
    const named = await get(`${url}/wsdl`, { ca, headers: { host: 'brev.example.se' } });
    assert.equal(named.hsts, 'max-age=31536000');
  });
});
