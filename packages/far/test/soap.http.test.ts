import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SoapCallError } from '@brevduva/protocol';
import { createRegister } from '../src/index.ts';
import { goodRequest, HOSTILE_SAMPLES } from './hostileXml.ts';
import {
  BLOCKS_MUNICIPALITY,
  COORDINATION,
  MUNICIPALITY,
  OPERATOR,
  OTHER_SENDER,
  REACHABLE,
  STRANGER,
  UNREGISTERED,
} from './sampleRegister.ts';
import { faultOf, get, post, type RawAnswer, type SoapSetup, startSampleFar, type Tls } from './soapSetup.ts';

const REFUSAL_MS_MAX = 3000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SUPPLIER = {
  Id: OPERATOR,
  Name: 'Brevlådan',
  ServiceAdress: 'https://mailbox.example/service/v3',
  UIAdress: 'https://mailbox.example',
  InternalServiceAdress: '',
};
const REGISTERED = {
  Type: 'Secure',
  Pending: false,
  ServiceSupplier: SUPPLIER,
  LastRegistration: '2016-10-30T15:38:49.517+01:00',
};

describe('Recipient v3 over mutual TLS', () => {
  let setup: SoapSetup;
  let municipality: Tls;
  before(async () => {
    setup = await startSampleFar();
    municipality = await setup.tlsOf(MUNICIPALITY);
  });
  after(() => setup.close());

  const ask = (recipientId: string[], senderOrgNr: string = MUNICIPALITY) =>
    setup.client(municipality).isReachable(setup.far.soapUrl, { senderOrgNr, recipientId });

  it('answers a contract client: reachable, opted out, not registered, twice the same', async () => {
    const answer = await ask([REACHABLE, BLOCKS_MUNICIPALITY, UNREGISTERED, REACHABLE]);
    const blocked = answer.return[1];
    assert.match(blocked?.LastSenderAcceptChange ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d$/);
    assert.deepEqual(answer.return, [
      { AccountStatus: { RecipientId: REACHABLE, ...REGISTERED }, SenderAccepted: true },
      { ...blocked, AccountStatus: { RecipientId: BLOCKS_MUNICIPALITY, ...REGISTERED }, SenderAccepted: false },
      { AccountStatus: { RecipientId: UNREGISTERED, Type: 'Not', Pending: false }, SenderAccepted: false },
      { AccountStatus: { RecipientId: REACHABLE, ...REGISTERED }, SenderAccepted: true },
    ]);
  });

  it('answers isRegistered, and isReachable for no one', async () => {
    const client = setup.client(municipality);
    const registered = await client.isRegistered(setup.far.soapUrl, { recipientId: [UNREGISTERED, COORDINATION] });
    assert.deepEqual(registered.return, [
      { RecipientId: UNREGISTERED, Type: 'Not', Pending: false },
      { RecipientId: COORDINATION, ...REGISTERED },
    ]);
    assert.deepEqual(await ask([]), { return: [] });
  });

  it('writes the empty InternalServiceAdress on the wire', async () => {
    const answer = await post(setup.far.soapUrl, municipality, goodRequest);
    assert.deepEqual([answer.status, answer.contentType], [200, 'text/xml; charset=utf-8']);
    assert.match(answer.text, /<InternalServiceAdress(\/>|><\/InternalServiceAdress>)/);
  });

  it('minds neither prefix nor SOAPAction nor Content-Type nor a header', async () => {
    const headers = { 'content-type': 'application/octet-stream', soapaction: '"nonsense"' };
    const body = goodRequest
      .replace('<e:Body>', '<e:Header/><e:Body>')
      .replaceAll('r3:', 'x:')
      .replace('xmlns:r3', 'xmlns:x');
    assert.equal((await post(setup.far.soapUrl, municipality, body, headers)).status, 200);
  });

  it('answers 1000 ids in order, and refuses 1001 with 5005', async () => {
    const ids = Array.from({ length: 1000 }, (_, index) => String(190_001_010_000 + ((index * 7) % 1000)));
    const answer = await ask(ids);
    assert.deepEqual(
      answer.return.map((each) => each.AccountStatus.RecipientId),
      ids,
    );
    const tooMany = ask([...ids, REACHABLE]).catch((err: unknown) => err);
    // Our own client does not even send it.
    assert.ok((await tooMany) instanceof Error);
    const oneMore = goodRequest.replace(
      /<r3:recipientId>.*<\/r3:recipientId>/,
      [...ids, REACHABLE].map((id) => `<r3:recipientId>${id}</r3:recipientId>`).join(''),
    );
    const refused = /^Max exceeded: isReachable\/recipientId occurs more than 1000 times$/;
    assertFault(await post(setup.far.soapUrl, municipality, oneMore), 5005, refused);
    assertFault(
      await post(
        setup.far.soapUrl,
        municipality,
        oneMore.replaceAll('isReachable', 'isRegistered').replace(/<r3:senderOrgNr>.*<\/r3:senderOrgNr>/, ''),
      ),
      5005,
      /Max exceeded: at most 1000 recipientId/,
    );
  });

  it('refuses more than 2000 ids with 5005 before it reads them, also where what follows is not XML', async () => {
    const ids = `<r3:recipientId>${REACHABLE}</r3:recipientId>`;
    const [before = '', after = ''] = goodRequest.split(/<r3:recipientId>.*<\/r3:recipientId>/);
    const door = /^Max exceeded: the document has more than 4100 tags$/;
    const list = /^Max exceeded: isReachable\/recipientId occurs more than 1000 times$/;
    const answerTo = (body: string) => post(setup.far.soapUrl, municipality, body);
    assertFault(await answerTo(`${before}${ids.repeat(2000)}${after}`), 5005, list);
    assertFault(await answerTo(`${before}${ids.repeat(2100)}${after}`), 5005, door);
    assertFault(await answerTo(`${before}${ids.repeat(180_000)}`), 5005, door);
  });

  it('refuses a stranger whatever it asks and however often; nobody else opens the door for it (5002)', async () => {
    const stranger = await setup.tlsOf(STRANGER);
    assert.equal((await ask([REACHABLE])).return.length, 1);
    for (const body of [goodRequest, goodRequest.replace(REACHABLE, 'nummer'), goodRequest]) {
      assertFault(await post(setup.far.soapUrl, stranger, body), 5002, /^Access denied$/);
    }
  });

  it('refuses more than 8 MiB with 5005, and reads no more', async () => {
    const padded = goodRequest.replace('<e:Body>', `<e:Header>${' '.repeat(8_388_608)}</e:Header><e:Body>`);
    assertFault(await post(setup.far.soapUrl, municipality, padded), 5005, /Max exceeded: at most 8388608 bytes/);
  });

  it('knows callers by their certificate: unknown 5002, not serving the sender 6005, for no sender 5014', async () => {
    const stranger = await setup.tlsOf(STRANGER);
    assertFault(await post(setup.far.soapUrl, stranger, goodRequest), 5002, /^Access denied$/);
    const operator = await setup.tlsOf(OPERATOR);
    assertFault(await post(setup.far.soapUrl, operator, goodRequest), 6005, /^The dispatcher is not approved\.$/);
    const other = goodRequest.replace(MUNICIPALITY, OTHER_SENDER);
    assertFault(await post(setup.far.soapUrl, municipality, other), 6005, /^The dispatcher is not approved\.$/);
    const noSender = goodRequest.replace(MUNICIPALITY, STRANGER);
    assertFault(await post(setup.far.soapUrl, municipality, noSender), 5014, /^Sender is not registered/);
    assert.equal((await post(setup.far.soapUrl, await setup.tlsOf(OTHER_SENDER), other)).status, 200);
  });

  it('refuses a certificate that names no organisation (5002)', async () => {
    const nameless = await setup.tlsOf(undefined);
    assertFault(await post(setup.far.soapUrl, nameless, goodRequest), 5002, /^Access denied: .*serialNumber/);
  });

  it('breaks off the handshake: expired, not yet valid, another authority, none', async () => {
    const day = 86_400_000;
    const expired = await setup.tlsOf(MUNICIPALITY, { days: 1, notBefore: new Date(Date.now() - 3 * day) });
    const future = await setup.tlsOf(MUNICIPALITY, { days: 1, notBefore: new Date(Date.now() + 3 * day) });
    const foreign = await setup.foreignTls();
    const callers: [Tls | { ca: string }, RegExp][] = [
      [expired, /ALERT|ECONNRESET|EPIPE/],
      [future, /ALERT|ECONNRESET|EPIPE/],
      [foreign, /ALERT|ECONNRESET|EPIPE/],
      [{ ca: municipality.ca }, /ALERT|ECONNRESET|EPIPE/],
    ];
    for (const [tls, code] of callers) {
      await assert.rejects(post(setup.far.soapUrl, tls as Tls, goodRequest), { code });
    }
    const client = setup.client(expired);
    await assert.rejects(
      client.isReachable(setup.far.soapUrl, { senderOrgNr: MUNICIPALITY, recipientId: [REACHABLE] }),
      (err: unknown) => err instanceof SoapCallError && ['notSent', 'noAnswer'].includes(err.kind),
    );
  });

  it('refuses hostile and malformed XML with 5001, soon, and keeps working (scenario 23)', async () => {
    for (const { name, body } of HOSTILE_SAMPLES) {
      const startedMs = performance.now();
      const answer = await post(setup.far.soapUrl, municipality, body);
      const tookMs = performance.now() - startedMs;
      // so many tags are refused before anyone looks how they stand
      if (name === 'deep nesting') assertFault(answer, 5005, /^Max exceeded: .* tags$/, name);
      else assertFault(answer, 5001, /^Invalid input/, name);
      assert.ok(tookMs < REFUSAL_MS_MAX, `${name} took ${tookMs} ms`);
      assert.doesNotMatch(faultOf(answer).description, /\d{8,}/, `${name}: the fault repeats an identity`);
    }
    assert.equal((await ask([REACHABLE])).return[0]?.SenderAccepted, true);
  });

  it('reads an id with a comment in it as the whole id or refuses it, never as a part', async () => {
    const commented = goodRequest.replace(REACHABLE, `${REACHABLE.slice(0, 6)}<!-- x -->${REACHABLE.slice(6)}`);
    const answer = await post(setup.far.soapUrl, municipality, commented);
    if (answer.status === 200) assert.match(answer.text, new RegExp(`<RecipientId[^>]*>${REACHABLE}<`));
    else assertFault(answer, 5001, /^Invalid input/);
  });

  it('serves the documents of the contract here too, to those with a certificate', async () => {
    const wsdl = await get(`${setup.far.soapUrl}?wsdl`, municipality);
    assert.equal(wsdl.status, 200);
    assert.ok(wsdl.text.includes(`<soap:address location="${setup.far.soapUrl}"/>`));
    const nothing = await get(setup.far.soapUrl, municipality);
    assert.equal(nothing.status, 404);
    assert.equal((JSON.parse(nothing.text) as { code: string }).code, 'FAR_NO_SUCH_DOCUMENT');
    await assert.rejects(get(`${setup.far.soapUrl}?wsdl`, { ca: municipality.ca }), { code: /ALERT|ECONNRESET|EPIPE/ });
  });

  it('answers many callers at once while preferences change, each from one moment', async () => {
    const register = createRegister(setup.database.pool);
    const doubles = Array.from({ length: 200 }, () => COORDINATION);
    const changes = (async () => {
      for (let round = 0; round < 20; round += 1) {
        await (round % 2 === 0 ? register.blockSender : register.acceptSender)(COORDINATION, MUNICIPALITY);
      }
    })();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(doubles)));
    await changes;
    for (const answer of answers) assert.equal(new Set(answer.return.map((each) => each.SenderAccepted)).size, 1);
    assert.equal((await ask([COORDINATION])).return[0]?.SenderAccepted, true);
  });

  it('answers the same bytes the same way again', async () => {
    const first = await post(setup.far.soapUrl, municipality, goodRequest);
    const second = await post(setup.far.soapUrl, municipality, goodRequest);
    assert.equal(second.text, first.text);
  });

  it('writes every call in the request log and the log, with the CallId and without a personal number', async () => {
    const answer = await post(setup.far.soapUrl, municipality, goodRequest.replace(MUNICIPALITY, STRANGER));
    const { callId } = faultOf(answer);
    const { rows } = await setup.database.pool.query('select * from request_log where call_id = $1', [callId]);
    const [{ received_at, duration_ms, ...row } = { received_at: null, duration_ms: null }] = rows;
    assert.deepEqual(row, {
      call_id: callId,
      caller: Number(MUNICIPALITY),
      sender: null,
      id_count: 1,
      error_code: 5014,
      operation: 'isReachable',
    });
    assert.ok(received_at instanceof Date && duration_ms >= 0);
    assert.ok(setup.logLines.some((line) => line.includes(callId) && line.includes('"errorCode":5014')));
    assert.doesNotMatch(setup.logLines.join(''), new RegExp(`${REACHABLE}|${BLOCKS_MUNICIPALITY}|${COORDINATION}`));
  });

  it('keeps the number of an unknown caller in the request log, but not a sole trader’s, which is a personal number', async () => {
    const soleTrader = `16${UNREGISTERED.slice(2)}`;
    const kept: unknown[] = [];
    for (const organizationNumber of [STRANGER, soleTrader]) {
      const answer = await post(setup.far.soapUrl, await setup.tlsOf(organizationNumber), goodRequest);
      assertFault(answer, 5002, /^Access denied$/);
      const { rows } = await setup.database.pool.query('select caller from request_log where call_id = $1', [
        faultOf(answer).callId,
      ]);
      kept.push(rows[0]?.caller);
    }
    assert.deepEqual(kept, [Number(STRANGER), null]);
    assert.doesNotMatch(setup.logLines.join(''), new RegExp(soleTrader.slice(2)));
  });
});

describe('a register with faults switched on', () => {
  it('hangs up without an answer when told to', async () => {
    const setup = await startSampleFar({ around: async () => ({ hangUp: true }) });
    try {
      const tls = await setup.tlsOf(MUNICIPALITY);
      await assert.rejects(post(setup.far.soapUrl, tls, goodRequest), { code: 'ECONNRESET' });
    } finally {
      await setup.close();
    }
  });
});

function assertFault(answer: RawAnswer, code: number, description: RegExp, what = ''): void {
  assert.equal(answer.status, 500, `${what}: ${answer.text.slice(0, 500)}`);
  assert.equal(answer.contentType, 'text/xml; charset=utf-8', what);
  const fault = faultOf(answer);
  assert.equal(fault.code, code, `${what}: ${fault.description}`);
  assert.match(fault.description, description, what);
  assert.match(fault.callId, UUID, what);
}
