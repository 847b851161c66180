import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createTlsServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { createWebServer, listen, systemClock } from '../src/index.ts';
import { certify, type Identity } from './certify.ts';

/** What OpenSSL asks for to speak TLS 1.0 at all. */
const WEAK = 'DEFAULT@SECLEVEL=0';

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

  it('speaks TLS 1.2 and 1.3, and nothing older', async () => {
    const old = ['TLSv1', 'TLSv1.1'] as const;
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const socket = await open(url, version);
      assert.equal(socket.getProtocol(), version);
      socket.destroy();
    }
    for (const version of old) {
      await assert.rejects(open(url, version), { code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' }, version);
    }
    // the client of this test could: another server is spoken to
    const { key, cert } = server;
    const lax = createTlsServer({ key, cert, minVersion: 'TLSv1', ciphers: WEAK }).listen(0, '127.0.0.1');
    await once(lax, 'listening');
    for (const version of old) {
      const socket = await open(`https://127.0.0.1:${(lax.address() as AddressInfo).port}`, version);
      assert.equal(socket.getProtocol(), version);
      socket.destroy();
    }
    lax.close();
  });

  it('breaks off when a caller wants to renegotiate: it would bring a certificate that nobody has verified', async () => {
    const socket = await open(url, 'TLSv1.2');
    socket.on('error', () => undefined);
    const head = `${'GET /service HTTP/1.1'}\r\nhost: localhost\r\n\r\n`;
    socket.write(head);
    const [first] = (await once(socket, 'data')) as [Buffer];
    assert.match(first.toString(), /^HTTP\/1.1 200 /);
    const answers: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => answers.push(chunk));
    const closed = new Promise<string>((resolve) => socket.once('close', () => resolve('closed')));
    const renegotiated = new Promise<string>((resolve) => {
      socket.renegotiate({ rejectUnauthorized: true }, (error) => error ?? resolve('renegotiated'));
    });
    assert.equal(await Promise.race([closed, renegotiated]), 'closed');
    assert.doesNotMatch(Buffer.concat(answers).toString(), /200/, 'no second request is served on this connection');
  });

  /** A connection with the client's certificate, in one version of TLS, ready to be written to. */
  function open(to: string, version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<TLSSocket> {
    const { hostname: host, port } = new URL(to);
    const own = { key: client.key, cert: client.cert, ca: authority.cert };
    const options: ConnectionOptions = { ...own, minVersion: version, maxVersion: version, ciphers: WEAK };
    return new Promise((resolve, reject) => {
      const socket = connect({ ...options, host, port: Number(port) }, () => resolve(socket)).once('error', reject);
    });
  }

  it('asks browsers to stay with https, except on the loopback', async () => {
    const ca = authority.cert;
    assert.equal((await get(`${url}/wsdl`, { ca })).hsts, undefined);
    const named = await get(`${url}/wsdl`, { ca, headers: { host: 'brev.example.se' } });
    assert.equal(named.hsts, 'max-age=31536000');
  });
});
