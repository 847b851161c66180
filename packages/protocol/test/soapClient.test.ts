import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer as createNetServer } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { contractFault, createSoapClient, SoapCallError, type SoapCallKind, type SoapClient } from '../src/index.ts';
import { createTestAuthority } from '../src/testing/index.ts';
import {
  createTestFar,
  createTestParties,
  serving,
  startServer,
  type TestParties,
  type TestServer,
} from './soapShared.ts';

const QUESTION = { senderOrgNr: '162021004748', recipientId: ['192705178354'] };
const LETTER = Buffer.from('<letter/>');

let parties: TestParties;
let client: SoapClient;
/** For servers that hang: the machine may be slow, so only these wait so short. */
let hasty: SoapClient;
const open: { close(): Promise<void> }[] = [];

before(async () => {
  parties = await createTestParties();
  client = clientOf();
  hasty = clientOf({}, 300);
});
after(() => {
  client.close();
  hasty.close();
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function clientOf(tls: Partial<{ key: string; cert: string; ca: string }> = {}, timeoutMs = 10_000): SoapClient {
  const { authority, kommun } = parties;
  return createSoapClient({
    tls: { key: kommun.keyPem, cert: kommun.certPem, ca: authority.caPem, ...tls },
    connectTimeoutMs: timeoutMs,
    answerTimeoutMs: timeoutMs,
    answerBytesMax: 50_000,
  });
}

async function server(
  ...args: Parameters<typeof startServer> extends [unknown, ...infer R] ? R : never
): Promise<TestServer> {
  const started = await startServer(parties, ...args);
  open.push(started);
  return started;
}

async function failure(call: Promise<unknown>): Promise<SoapCallError> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof SoapCallError, `must be a SoapCallError, was ${error}`);
    return error;
  }
  throw new assert.AssertionError({ message: 'must fail' });
}

async function failsWith(kind: SoapCallKind, message: RegExp, call: Promise<unknown>): Promise<SoapCallError> {
  const error = await failure(call);
  assert.equal(error.kind, kind, error.message);
  assert.match(error.message, message);
  return error;
}

describe('createSoapClient', () => {
  it('asks and gets typed answers', async () => {
    const { url } = await server(serving(createTestFar().endpoint));
    const answer = await client.isReachable(url, QUESTION);
    assert.deepEqual(answer.return, [
      { AccountStatus: { RecipientId: '192705178354', Type: 'Not', Pending: false }, SenderAccepted: false },
    ]);
  });

  it('opens one connection for 50 requests (tech.md 12)', async () => {
    const far = await server(serving(createTestFar().endpoint));
    for (let i = 0; i < 50; i++) await client.isReachable(far.url, QUESTION);
    assert.equal(far.connections(), 1);
  });

  it('opens no more connections at once than it may', async () => {
    const far = await server(serving(createTestFar().endpoint));
    const { authority, kommun } = parties;
    const tls = { key: kommun.keyPem, cert: kommun.certPem, ca: authority.caPem };
    const few = createSoapClient({
      tls,
      connectTimeoutMs: 2000,
      answerTimeoutMs: 5000,
      answerBytesMax: 50_000,
      connectionsMax: 3,
    });
    await Promise.all(Array.from({ length: 30 }, () => few.isReachable(far.url, QUESTION)));
    few.close();
    assert.ok(far.connections() <= 3, `${far.connections()} connections`);
  });

  it('gives a fault of the contract as `fault`', async () => {
    const { endpoint } = createTestFar({
      isReachable: async () => {
        throw contractFault('UNKNOWN_SENDER');
      },
    });
    const { url } = await server(serving(endpoint));
    const error = await failsWith('fault', /5014/, client.isReachable(url, QUESTION));
    assert.equal(error.fault?.errorCode, 5014);
    assert.equal(error.fault?.callId?.length, 36);
    assert.equal(error.httpStatus, 500);
  });
});

describe('a request that certainly did not arrive is `notSent`', () => {
  it('address', async () => {
    for (const url of ['http://localhost/x', 'not an address', '', 'ftp://x/']) {
      await failsWith('notSent', /not an https address/, client.deliverSecure(url, LETTER));
    }
  });

  it('unknown host', async () => {
    await failsWith(
      'notSent',
      /ENOTFOUND|EAI_AGAIN|no connection/,
      client.deliverSecure('https://no-such-host.invalid/', LETTER),
    );
  });

  it('connection refused', async () => {
    const far = await startServer(parties, () => undefined);
    await far.close();
    await failsWith('notSent', /ECONNREFUSED/, client.deliverSecure(far.url, LETTER));
  });

  it('server certificate of a stranger', async () => {
    let requests = 0;
    const far = await server(() => {
      requests++;
    });
    const stranger = await createTestAuthority({ name: 'Annan' });
    const distrusting = clientOf({ ca: stranger.caPem });
    await failsWith('notSent', /unable to verify|self-signed|signature/i, distrusting.deliverSecure(far.url, LETTER));
    distrusting.close();
    assert.equal(requests, 0);
  });

  it('server certificate for another host', async () => {
    const elsewhere = await parties.authority.issue({ commonName: 'x', hosts: ['other.example'] });
    const far = await startServer({ ...parties, far: elsewhere }, () => undefined);
    open.push(far);
    await failsWith('notSent', /does not match/, client.deliverSecure(far.url, LETTER));
  });

  it('no TLS on the other side, or silence during the handshake', async () => {
    for (const [answer, message] of [
      ['SSH-2.0-x\r\n', /wrong version|packet|EPROTO/i],
      ['', /no connection within 300 ms/],
    ] as const) {
      const silent = createNetServer((socket) => {
        socket.on('error', () => undefined);
        if (answer !== '') socket.end(answer);
      });
      silent.listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const { port } = silent.address() as AddressInfo;
      await failsWith('notSent', message, hasty.deliverSecure(`https://127.0.0.1:${port}/`, LETTER));
      silent.close();
    }
  });
});

describe('a request whose outcome is unknown is `noAnswer`', () => {
  it('the server hangs', async () => {
    const far = await server(() => undefined);
    await failsWith('noAnswer', /no answer within 300 ms/, hasty.deliverSecure(far.url, LETTER));
  });

  it('the server reads and closes', async () => {
    let got = '';
    const far = await server((request, _response, body) => {
      got = body.toString();
      request.socket.destroy();
    });
    await failsWith('noAnswer', /socket hang up|ECONNRESET/, client.deliverSecure(far.url, LETTER));
    assert.equal(got, '<letter/>');
  });

  it('the server closes in the middle of its answer', async () => {
    const far = await server((request, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('<half', () => request.socket.destroy());
    });
    await failsWith('noAnswer', /aborted|ECONNRESET/, client.deliverSecure(far.url, LETTER));
  });

  it('the server starts its answer and hangs', async () => {
    const far = await server((_request, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('<half');
    });
    await failsWith('noAnswer', /aborted|no answer within/, hasty.deliverSecure(far.url, LETTER));
  });

  it('a kept connection is reset when it is used again', async () => {
    let requests = 0;
    const far = await server((request, response) => {
      requests++;
      if (requests === 1) response.writeHead(200).end('<x/>');
      else request.socket.destroy();
    });
    await failsWith('badAnswer', /HTTP 200/, client.deliverSecure(far.url, LETTER));
    await failsWith('noAnswer', /socket hang up|ECONNRESET/, client.deliverSecure(far.url, LETTER));
    assert.equal(far.connections(), 1);
    assert.equal(requests, 2, 'a delivery is never sent again by itself');
  });
});

it('asks a question again, once, when a connection is reset', async () => {
  const { endpoint } = createTestFar();
  let requests = 0;
  const far = await server((request, response, body) => {
    requests++;
    if (requests === 1) request.socket.destroy();
    else return serving(endpoint)(request, response, body);
  });
  assert.equal((await client.isReachable(far.url, QUESTION)).return.length, 1);
  assert.equal(requests, 2);
});

describe('an answer that is none of the contract is `badAnswer`', () => {
  const answering = (status: number, body: string | Buffer) =>
    server((_request, response) => {
      response.writeHead(status).end(body);
    });
  const envelope = (xml: string) =>
    `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>${xml}</S:Body></S:Envelope>`;
  const R3 = 'http://minameddelanden.gov.se/schema/Recipient/v3';

  for (const [name, status, body, message] of [
    ['garbage', 200, '\u0001\u0002', /HTTP 200: the document does not begin/],
    ['nothing', 200, '', /HTTP 200/],
    ['HTML', 200, '<html><body><p>hej<br></body></html>', /HTTP 200: the document is not well-formed/],
    ['500 with HTML', 500, '<html><body>fel</body></html>', /HTTP 500: the document is not a SOAP 1.1 envelope/],
    ['a DOCTYPE', 200, '<!DOCTYPE x><x/>', /document type declaration/],
    ['another response', 200, envelope(`<isRegisteredResponse xmlns="${R3}"/>`), /isReachableResponse is expected/],
    [
      'an invalid response',
      200,
      envelope(`<isReachableResponse xmlns="${R3}"><x/></isReachableResponse>`),
      /HTTP 200: line 1/,
    ],
    [
      '404 with an envelope',
      404,
      envelope(`<isReachableResponse xmlns="${R3}"/>`),
      /HTTP 404: an answer with another status/,
    ],
    [
      'a fault without detail',
      500,
      envelope('<S:Fault><faultcode>S:Server</faultcode><faultstring>x</faultstring></S:Fault>'),
      /without the detail/,
    ],
    ['a redirect', 302, '', /HTTP 302/],
  ] as const) {
    it(name, async () => {
      const { url } = await answering(status, body);
      const error = await failsWith('badAnswer', message, client.isReachable(url, QUESTION));
      assert.equal(error.httpStatus, status);
    });
  }

  it('more bytes than allowed', async () => {
    const { url } = await answering(200, Buffer.alloc(60_000, ' '));
    await failsWith('badAnswer', /larger than 50000 bytes/, client.isReachable(url, QUESTION));
  });
});
