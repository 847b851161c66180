import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer as createNetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { SecureContextOptions } from 'node:tls';
import { createSoapClient, SoapCallError, type SoapCallKind, type SoapClient } from '../src/index.ts';
import { createTestAuthority, type IssuedCertificate } from '../src/testing/index.ts';
import { createTestParties, type TestParties } from './soapShared.ts';

const LETTER = Buffer.from('<letter/>');

let parties: TestParties;
let client: SoapClient;
const open: { close(): Promise<void> }[] = [];

before(async () => {
  parties = await createTestParties();
  client = clientOf(parties.kommun);
});
after(() => client.close());
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function clientOf({ keyPem, certPem }: IssuedCertificate): SoapClient {
  return createSoapClient({
    tls: { key: keyPem, cert: certPem, ca: parties.authority.caPem },
    connectTimeoutMs: 10_000,
    answerTimeoutMs: 10_000,
    answerBytesMax: 50_000,
  });
}

async function failsWith(kind: SoapCallKind, message: RegExp, call: Promise<unknown>): Promise<void> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SoapCallError, `must be a SoapCallError, was ${error}`);
  assert.equal(error.kind, kind, error.message);
  assert.match(error.message, message);
}

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

async function freePort(): Promise<number> {
  const server = createNetServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Tries until there is someone to connect to. */
async function whenListening(call: () => Promise<unknown>): Promise<unknown> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const isEarly = error instanceof SoapCallError && /ECONNREFUSED/.test(error.message);
      if (!isEarly || attempt > 100) throw error;
      await delay(50);
    }
  }
}

describe('our certificate refused', () => {
  /** A server of the given TLS version, and with or without session tickets. */
  async function refusing(options: SecureContextOptions, listener: RequestListener): Promise<string> {
    const { authority, far } = parties;
    const tls = {
      key: far.keyPem,
      cert: far.certPem,
      ca: authority.caPem,
      requestCert: true,
      rejectUnauthorized: true,
    };
    const started = createServer({ ...tls, ...options }, listener);
    started.listen(0, '127.0.0.1');
    await once(started, 'listening');
    open.push({
      close: async () => {
        started.closeAllConnections();
        started.close();
        await once(started, 'close');
      },
    });
    return `https://localhost:${(started.address() as AddressInfo).port}/`;
  }

  const day = 86_400_000;

  it('is `notSent`, whichever TLS version, and nothing was sent', async () => {
    const stranger = await (await createTestAuthority({ name: 'Annan' })).issue({ commonName: 'x' });
    const expired = await parties.authority.issue({
      commonName: 'x',
      notBefore: new Date(Date.now() - 20 * day),
      days: 10,
    });
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      let requests = 0;
      const url = await refusing({ maxVersion }, () => requests++);
      for (const certificate of [stranger, expired]) {
        const refused = clientOf(certificate);
        for (let i = 0; i < 5; i++) {
          await failsWith('notSent', /socket hang up|ECONNRESET|before secure/, refused.deliverSecure(url, LETTER));
        }
        refused.close();
      }
      assert.equal(requests, 0);
    }
  });

  it('a server that sends no tickets gets the request after a moment', { skip: !hasOpenssl }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'brevduva-tls-'));
    const { keyPem, certPem } = parties.far;
    writeFileSync(join(folder, 'key.pem'), keyPem, { mode: 0o600 });
    writeFileSync(join(folder, 'cert.pem'), certPem);
    const port = await freePort();
    const files = ['-key', join(folder, 'key.pem'), '-cert', join(folder, 'cert.pem')];
    const server = spawn('openssl', [
      's_server',
      '-quiet',
      '-tls1_3',
      '-num_tickets',
      '0',
      '-port',
      `${port}`,
      ...files,
    ]);
    open.push({
      close: async () => {
        server.kill();
        await once(server, 'close');
        rmSync(folder, { recursive: true });
      },
    });
    let got = '';
    server.stdout.on('data', (data: Buffer) => {
      got += data.toString();
      if (got.endsWith('<letter/>')) server.stdin.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n<x/>');
    });
    await failsWith(
      'badAnswer',
      /HTTP 200/,
      whenListening(() => client.deliverSecure(`https://localhost:${port}/`, LETTER)),
    );
    assert.match(got, /^POST \/ [\s\S]*<letter\/>$/);
  });

  it('a server that reads the request and dies is still `noAnswer`', async () => {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const url = await refusing({ maxVersion }, (request) => request.socket.destroy());
      await failsWith('noAnswer', /socket hang up|ECONNRESET/, client.deliverSecure(url, LETTER));
    }
  });
});
