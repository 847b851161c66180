import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { SoapReply } from '@brevduva/protocol';
import { createTestAuthority, type IssuedCertificate } from '@brevduva/protocol/testing';
import { MAILBOX_ERRORS } from '../src/index.ts';
import { faultOf } from './faultOf.ts';
import {
  clientOf,
  DISPATCHER,
  delivery,
  type Keys,
  makeKeys,
  sealedRequest,
  startTestOperator,
  type TestOperator,
} from './operator.ts';
import { PERSON_STRANGER } from './people.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const EXAMPLES = join(process.env['BREVDUVA_SHARED'] ?? join(ROOT, '../shared'), 'examples');

let keys: Keys;
let operator: TestOperator;

before(async () => {
  keys = await makeKeys();
  operator = await startTestOperator({ keys, settings: { tellsReadStatus: true } });
});
after(() => operator.close());

describe('the connection', () => {
  test('without a client certificate comes to nothing', async () => {
    const url = new URL(operator.running.soapUrl);
    const call = new Promise((resolve, reject) => {
      httpsRequest(url, { method: 'POST', ca: keys.authority.caPem }, resolve).once('error', reject).end('x');
    });
    await assert.rejects(call, /certificate required|handshake|ECONNRESET|socket hang up/i);
  });

  test('with a certificate of another authority comes to nothing', async () => {
    const foreign = await createTestAuthority({ name: 'Främmande CA' });
    const caller = await foreign.issue({ organizationNumber: DISPATCHER, commonName: 'dispatcher.example' });
    const client = clientOf(keys, caller);
    const request = await sealedRequest(keys, delivery());
    // In TLS 1.3 the caller may learn of it only after it has sent: then it cannot know more than "no answer".
    await assert.rejects(client.deliverSecure(operator.running.soapUrl, request), { kind: /^(notSent|noAnswer)$/ });
    client.close();
    assert.equal(await operator.letterCount(), 0);
  });

  test('with a certificate that names no organisation is answered 5002', async () => {
    const client = clientOf(keys, await keys.authority.issue({ commonName: 'nameless.example' }));
    const request = await sealedRequest(keys, delivery());
    await assert.rejects(client.deliverSecure(operator.running.soapUrl, request), faultOf(5002));
    client.close();
    assert.equal(await operator.letterCount(), 0);
  });
});

describe('the service describes itself', () => {
  test('?wsdl tells the address, ?xsd=… the types, and an unknown one is not found', async () => {
    const wsdl = await get('?wsdl');
    assert.equal(wsdl.status, 200);
    assert.match(wsdl.text, new RegExp(`<soap:address location="${operator.running.soapUrl}"/>`));
    const [, xsd] = /schemaLocation="(\?xsd=[^"]*)"/.exec(wsdl.text) ?? [];
    assert.match((await get(xsd ?? '')).text, /<xs:schema/);
    const unknown = await get('?xsd=hej');
    assert.equal(unknown.status, 404);
    assert.match(unknown.text, /MAILBOX_SCHEMA_NOT_FOUND/);
  });

  test('an operation without its content is answered with a fault, not with silence', async () => {
    const body = '<notify xmlns="http://minameddelanden.gov.se/schema/Service/v3"/>';
    const envelope = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${body}</e:Body></e:Envelope>`;
    await assert.rejects(operator.deliver(Buffer.from(envelope)), faultOf(5001));
  });
});

test('an answer that is lost leaves the letter stored; the same bytes again get its TransId (scenario 8)', async () => {
  let isSilent = true;
  const around = async (_call: unknown, next: () => Promise<SoapReply>): Promise<SoapReply> => {
    const reply = await next();
    return isSilent ? { hangUp: true } : reply;
  };
  const silent = await startTestOperator({ keys, more: { around } });
  try {
    const request = await sealedRequest(keys, delivery());
    await assert.rejects(silent.deliver(request), { kind: 'noAnswer' });
    isSilent = false;
    const { rows } = await silent.database.pool.query<{ id: string }>('select id from letter');
    assert.equal(rows.length, 1);
    assert.equal((await silent.deliver(request)).TransId, rows[0]?.id);
    assert.equal(await silent.letterCount(), 1);
  } finally {
    await silent.close();
  }
});

test('recipients of every kind receive (scenario 12)', async () => {
  const recipients = ['199001612382', '189912319812', '200002292381', '165568402266'];
  await operator.register.addAccounts(recipients.map((recipientId) => ({ recipientId })));
  for (const recipientId of recipients) {
    const answer = await operator.deliver(await sealedRequest(keys, delivery({ recipientId })));
    assert.deepEqual(answer.Status, [{ RecipientId: recipientId, Delivered: true }]);
  }
});

/** Signed by others' software; the same organisations and recipient as the tests' own. */
describe('the examples of the contract', { skip: exampleNotice() }, () => {
  const sha256 = () => readFileSync(join(EXAMPLES, 'service-deliverSecure-req-sha256.xml'));
  const sha1 = () => readFileSync(join(EXAMPLES, 'service-deliverSecure-req-sha1-html-officialmatter.xml'));

  test('RSA-SHA256 is received; RSA-SHA1 only where it is allowed by name (scenario 23)', async () => {
    const trust = [keys.authority.caPem, ...certificatesIn(sha256()), ...certificatesIn(sha1())];
    const tls = { key: keys.operator.keyPem, cert: keys.operator.certPem, ca: keys.authority.caPem };
    const soap = { host: '127.0.0.1', port: 0, tls, trust };
    for (const [signatureAlgorithms, isSha1Received] of [
      [['rsa-sha256'], false],
      [['rsa-sha256', 'rsa-sha1'], true],
    ] as const) {
      const reader = await startTestOperator({ keys, settings: { signatureAlgorithms }, more: { soap } });
      try {
        await reader.register.addAccounts([{ recipientId: PERSON_STRANGER }]);
        assert.equal((await reader.deliver(sha256())).Status[0]?.Delivered, true);
        if (isSha1Received) assert.equal((await reader.deliver(sha1())).Status[0]?.Delivered, true);
        else await assert.rejects(reader.deliver(sha1()), faultOf(5012));
        assert.equal(await reader.letterCount(), isSha1Received ? 2 : 1);
      } finally {
        await reader.close();
      }
    }
  });
});

function exampleNotice(): string | false {
  if (existsSync(EXAMPLES)) return false;
  const notice = `SHARED CONTRACT NOT FOUND: ${EXAMPLES}`;
  if (process.env['CI'] === 'true') throw new Error(notice);
  process.stderr.write(`\n${notice}\n\n`);
  return notice;
}

function certificatesIn(request: Buffer): string[] {
  return [...request.toString('utf8').matchAll(/<X509Certificate>([^<]+)</g)].map(
    ([, base64]) => `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  );
}

function get(query: string): Promise<{ status: number; text: string }> {
  const { keyPem, certPem } = keys.dispatcher;
  const options = { key: keyPem, cert: certPem, ca: keys.authority.caPem, agent: false };
  return new Promise((resolve, reject) => {
    const url = new URL(query, operator.running.soapUrl);
    httpsRequest(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    })
      .once('error', reject)
      .end();
  });
}

describe('whether letters are opened (docs/read-status.md)', () => {
  const ask = (caller: IssuedCertificate, body: string) =>
    new Promise<{ status: number | undefined; json: Record<string, unknown> }>((resolve, reject) => {
      const tls = { key: caller.keyPem, cert: caller.certPem, ca: keys.authority.caPem };
      const request = httpsRequest(new URL('/read-status/v1', operator.running.soapUrl), { method: 'POST', ...tls });
      request.once('error', reject).once('response', async (response) => {
        const text = Buffer.concat(await response.toArray()).toString('utf8');
        resolve({ status: response.statusCode, json: JSON.parse(text) });
      });
      request.end(body);
    });
  const deliver = async () => (await operator.deliver(await sealedRequest(keys, delivery()))).TransId;

  test('is told to the dispatcher who delivered them and to their sender, and to nobody else', async () => {
    const [opened, unread] = [await deliver(), await deliver()];
    const at = new Date('2026-11-23T12:00:00.000Z');
    await operator.database.pool.query('update letter set read_at = $2 where id = $1', [opened, at]);
    const nobodys = '01990000-0000-7000-8000-000000000001';
    const question = JSON.stringify({ deliveries: [opened, unread, nobodys] });
    const other = await keys.authority.issue({ organizationNumber: '162021006883', commonName: 'other.example' });
    const unknown = { status: 'unknown' };
    for (const caller of [keys.dispatcher, keys.sender]) {
      const { status, json } = await ask(caller, question);
      assert.equal(status, 200);
      const told = { [opened]: { status: 'opened', at: at.toISOString() }, [unread]: { status: 'unread' } };
      assert.deepEqual(json, { deliveries: { ...told, [nobodys]: unknown } });
    }
    const { json } = await ask(other, question);
    assert.deepEqual(json, { deliveries: { [opened]: unknown, [unread]: unknown, [nobodys]: unknown } });
  });

  test('is asked in sets with limits, by an organisation', async () => {
    const id = '01990000-0000-7000-8000-000000000001';
    const many = JSON.stringify({ deliveries: Array.from({ length: 1001 }, () => id) });
    for (const body of ['', 'null', '[]', '{}', '{"deliveries":["x"]}', '{"deliveries":[1]}', many]) {
      const { status, json } = await ask(keys.dispatcher, body);
      assert.deepEqual([status, json['code']], [400, 'MAILBOX_READ_STATUS_REQUEST'], body.slice(0, 40));
      assert.equal(json['detail'], MAILBOX_ERRORS.MAILBOX_READ_STATUS_REQUEST.text);
    }
    const nameless = await keys.authority.issue({ commonName: 'nameless.example' });
    const { status, json } = await ask(nameless, JSON.stringify({ deliveries: [id] }));
    assert.deepEqual([status, json['code']], [403, 'MAILBOX_READ_STATUS_CALLER']);
    assert.equal(json['detail'], MAILBOX_ERRORS.MAILBOX_READ_STATUS_CALLER.text);
  });
});
