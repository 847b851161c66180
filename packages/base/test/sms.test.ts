import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { pino } from 'pino';
import { createServer as createSmppServer, type PDU, type Session } from 'smpp';
import {
  createHttpSmsSender,
  createSmppSmsSender,
  type HttpSmsGateway,
  newId,
  parsePhoneNumber,
  readHttpSmsStatus,
  readPhoneNumber,
  type SmppSmsSenderOptions,
  type SmsSender,
  type SmsStatusReport,
  smsLength,
  systemClock,
} from '../src/index.ts';
import { freePort } from '../src/testing/index.ts';

const HOST = '127.0.0.1';
const sms = (to: string, text = 'Du har ny post i din brevlåda.') => ({ id: newId(), to: parsePhoneNumber(to), text });

describe('SMS lengths and numbers', () => {
  it('counts as phones do', () => {
    const of = (text: string) => {
      const { alphabet, units, parts } = smsLength(text);
      return [alphabet, units, parts];
    };
    assert.deepEqual(of('åäöÅÄÖé€'), ['GSM-7', 9, 1]);
    assert.deepEqual(of('ł'), ['UCS-2', 1, 1]);
    assert.deepEqual(smsLength('Łódź ł').notInGsm7, ['Ł', 'ó', 'ź', 'ł']);
    assert.deepEqual(of('a'.repeat(160)), ['GSM-7', 160, 1]);
    assert.deepEqual(of('a'.repeat(161)), ['GSM-7', 161, 2]);
    assert.deepEqual(of('a'.repeat(307)), ['GSM-7', 307, 3]);
    // The € does not fit in the last place of the first part, and goes whole to the second.
    assert.deepEqual(smsLength(`${'a'.repeat(152)}€${'a'.repeat(152)}`).parts, 3);
    assert.deepEqual(of('ł'.repeat(70)), ['UCS-2', 70, 1]);
    assert.deepEqual(of('ł'.repeat(71)), ['UCS-2', 71, 2]);
    assert.deepEqual(smsLength(`${'ł'.repeat(66)}😀${'ł'.repeat(67)}`).parts, 3);
    assert.equal(smsLength('a'.repeat(150)).unitsLeft, 10);
  });

  it('reads numbers as people write them', () => {
    for (const each of ['0701234567', '070-123 45 67', '+46 70 123 45 67', '0046701234567', '+46 (0)70-123 45 67']) {
      assert.equal(readPhoneNumber(each), '+46701234567', each);
    }
    assert.equal(parsePhoneNumber('+47 412 34 567'), '+4741234567');
    for (const each of [
      '',
      '08-123 45 67',
      '070123456',
      '07012345678',
      '46701234567',
      '+0701234567',
      '112',
      'abc',
      '0711234567',
    ]) {
      assert.equal(readPhoneNumber(each), undefined, each);
    }
    assert.throws(() => parsePhoneNumber('08-1'), { code: 'BASE_PHONE_NUMBER_INVALID', status: 422 });
  });
});

describe('the HTTP gateway', () => {
  let server: Server;
  let gateway: HttpSmsGateway;
  const seen: { headers: IncomingMessage['headers']; body: string }[] = [];

  before(async () => {
    server = createServer((request, response) => void answer(request, response)).listen(0, HOST);
    await once(server, 'listening');
    gateway = {
      url: `http://${HOST}:${(server.address() as AddressInfo).port}/sms`,
      body: 'json',
      fields: { 'message.to': '{to}', 'message.body': '{text}', from: '{from}', reference: '{id}' },
      auth: { kind: 'header', name: 'x-api-key', value: 'nyckel' },
      answer: { ids: 'messages.*.id', errorCode: 'error.code' },
      recipientErrors: ['BAD_NUMBER'],
      passingErrors: ['NO_CREDIT'],
    };
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    seen.push({ headers: request.headers, body });
    const give = (status: number, value: unknown, headers: Record<string, string> = {}) =>
      response.writeHead(status, headers).end(typeof value === 'string' ? value : JSON.stringify(value));
    const [, kind] = /467000000(\d\d)/.exec(body) ?? [];
    if (kind === '01') give(422, { error: { code: 'BAD_NUMBER' } });
    else if (kind === '02') give(400, { error: { code: 'BAD_TEXT' } });
    else if (kind === '03') give(429, {}, { 'retry-after': '7' });
    else if (kind === '04') give(402, { error: { code: 'NO_CREDIT' } });
    else if (kind === '05') give(500, 'oops');
    else if (kind === '06') give(504, 'proxy');
    else if (kind === '07') give(200, 'OK, but no JSON');
    else if (kind === '08') request.socket.destroy();
    else if (kind === '09') return;
    else if (kind === '10') give(302, '', { location: 'http://127.0.0.1:1/' });
    else give(200, { messages: [{ id: 'a1' }, { id: 2 }] });
  }

  it('is called as it wants it, and gives each part an id', async () => {
    const sender = createHttpSmsSender({ gateway, from: 'Kommunen' });
    const message = sms('0701234567', 'Hej "du" {from}');
    assert.deepEqual(await sender.send(message), { kind: 'accepted', messageIds: ['a1', '2'] });
    const json = seen.at(-1);
    assert.deepEqual(JSON.parse(json?.body ?? ''), {
      message: { to: '+46701234567', body: 'Hej "du" {from}' },
      from: 'Kommunen',
      reference: message.id,
    });
    assert.equal(json?.headers['x-api-key'], 'nyckel');
    const form = { ...gateway, body: 'form', numberForm: 'bare', fields: { nr: '{to}', t: '{text}' } } as const;
    const auth = { kind: 'basic', user: 'u', password: 'p' } as const;
    await createHttpSmsSender({ gateway: { ...form, auth }, from: 'Kommunen' }).send(sms('0701234567', 'å & b'));
    assert.equal(seen.at(-1)?.body, 'nr=46701234567&t=%C3%A5+%26+b');
    assert.equal(seen.at(-1)?.headers.authorization, `Basic ${Buffer.from('u:p').toString('base64')}`);
  });

  it('gives each way of failing its outcome', async () => {
    const sender = createHttpSmsSender({ gateway, from: 'Kommunen', timeoutMs: 400 });
    const outcomes: unknown[] = [];
    for (let kind = 1; kind <= 10; kind += 1) {
      const outcome = await sender.send(sms(`07000000${String(kind).padStart(2, '0')}`));
      outcomes.push([outcome.kind, 'about' in outcome ? outcome.about : undefined]);
      if (kind === 3) assert.deepEqual('retryAfterMs' in outcome && outcome.retryAfterMs, 7_000);
      assert.ok(!JSON.stringify(outcome).includes('46700'), 'no number in what is kept');
    }
    assert.deepEqual(outcomes, [
      ['refusedForGood', 'recipient'],
      ['refusedForGood', 'message'],
      ['tryLater', undefined],
      ['tryLater', undefined],
      ['tryLater', undefined],
      ['unknown', undefined],
      ['unknown', undefined],
      ['unknown', undefined],
      ['unknown', undefined],
      ['tryLater', undefined],
    ]);
    const nobody = createHttpSmsSender({
      gateway: { ...gateway, url: `http://${HOST}:${await freePort()}/` },
      from: 'Kommunen',
    });
    assert.equal((await nobody.send(sms('0701234567'))).kind, 'tryLater');
    await assert.rejects(sender.send(sms('0701234567', ' ')), { code: 'BASE_SMS_MESSAGE_INVALID', status: 422 });
    await assert.rejects(sender.send(sms('0701234567', 'a'.repeat(1531))), { code: 'BASE_SMS_MESSAGE_INVALID' });
    assert.throws(() => createHttpSmsSender({ gateway, from: 'Sköldinge kommun' }), {
      code: 'BASE_MESSAGING_SETTINGS',
    });
  });

  it('is believed when it proves who it is', () => {
    const status = {
      url: 'https://brev.example.se/sms',
      proof: { kind: 'hmac', header: 'X-Signature', secret: 'hemlig' },
      id: 'id',
      state: 'status',
      states: { delivered: ['delivered'], failed: ['failed'] },
      code: 'err',
    } as const;
    const body = Buffer.from(JSON.stringify({ id: 'a1', status: 'DELIVERED', err: 0 }));
    const mac = createHmac('sha256', 'hemlig').update(body).digest('hex');
    const read = (signature: string, bytes = body) =>
      readHttpSmsStatus(
        { headers: { 'x-signature': signature, 'content-type': 'application/json' }, body: bytes },
        status,
      );
    assert.deepEqual(read(`sha256=${mac}`), [{ messageId: 'a1', state: 'delivered', code: '0' }]);
    assert.deepEqual(read(Buffer.from(mac, 'hex').toString('base64')), read(mac));
    assert.equal(read(mac, Buffer.concat([body, Buffer.from(' ')])), undefined);
    assert.equal(read(''), undefined);
    const proof = { kind: 'secret', header: 'x-secret', secret: 's' } as const;
    const form = (secret: string, text: string) =>
      readHttpSmsStatus(
        {
          headers: { 'x-secret': secret, 'content-type': 'application/x-www-form-urlencoded' },
          body: Buffer.from(text),
        },
        { ...status, proof },
      );
    assert.deepEqual(form('s', 'id=7&status=lost'), [{ messageId: '7', state: 'unknown' }]);
    assert.equal(form('t', 'id=7&status=failed'), undefined);
    assert.deepEqual(form('s', 'nothing=1'), []);
  });
});

describe('the SMPP sender', () => {
  let server: TcpServer;
  let port: number;
  const sessions: Session[] = [];
  const submitted: PDU[] = [];
  let answers: (number | 'silence' | 'hang up')[] = [];
  const senders: SmsSender[] = [];
  const reports: SmsStatusReport[] = [];
  let reportsBroken = false;

  before(async () => {
    server = createSmppServer({}, (session) => {
      sessions.push(session);
      session.on('error', () => undefined);
      session.on('pdu', (pdu: PDU) => serve(session, pdu));
    }).listen(0, HOST);
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  after(async () => {
    await Promise.all(senders.map((each) => each.close()));
    server.close();
  });

  function serve(session: Session, pdu: PDU): void {
    if (pdu.isResponse()) return;
    if (pdu.command === 'bind_transceiver') {
      session.send(
        pdu.response({ command_status: pdu['password'] === 'rätt'.slice(0, 1) ? 0 : 0x0e, system_id: 'smsc' }),
      );
    } else if (pdu.command === 'submit_sm') {
      submitted.push(pdu);
      const answer = answers.shift() ?? 0;
      if (answer === 'hang up') session.socket.destroy();
      else if (answer !== 'silence') {
        session.send(pdu.response({ command_status: answer, message_id: `m${submitted.length}` }));
      }
    } else session.send(pdu.response());
  }

  function sender(more: Partial<SmppSmsSenderOptions> = {}): SmsSender {
    const made = createSmppSmsSender({
      host: HOST,
      port,
      tls: 'none',
      systemId: 'brevduva',
      password: 'r',
      from: 'Kommunen',
      clock: systemClock,
      log: pino({ level: 'silent' }),
      onStatus: async (report) => {
        if (reportsBroken) throw new Error('the database is away');
        reports.push(report);
      },
      ...more,
      limits: { connectTimeoutMs: 2_000, answerTimeoutMs: 400, ...more.limits },
    });
    senders.push(made);
    return made;
  }

  it('sends a text in its alphabet and its parts, and gets the reports back', async () => {
    const port = sender();
    assert.deepEqual(await port.send(sms('0701234567', 'å{€')), { kind: 'accepted', messageIds: ['m1'] });
    assert.deepEqual(
      [submitted[0]?.['destination_addr'], submitted[0]?.['source_addr'], submitted[0]?.['registered_delivery']],
      ['46701234567', 'Kommunen', 1],
    );
    // The server's own package reads it: another coder of GSM 03.38 than ours.
    assert.equal(messageIn(submitted[0], 'short_message'), 'å{€');
    const long = `${'ö'.repeat(152)}€${'x'.repeat(30)}`;
    assert.equal((await port.send(sms('0701234567', long))).kind, 'accepted');
    const parts = submitted.slice(1).map((each) => each['short_message'] as { message: string; udh: Buffer[] });
    assert.equal(parts.map((each) => each.message).join(''), long);
    assert.deepEqual(
      parts.map((each) => [...(each.udh[0] ?? [])].slice(3)),
      [
        [2, 1],
        [2, 2],
      ],
    );
    assert.equal((await port.send(sms('0701234567', 'ł😀'))).kind, 'accepted');
    assert.equal(messageIn(submitted.at(-1), 'short_message'), 'ł😀');
    assert.equal(submitted.at(-1)?.['data_coding'], 8);
    await sender({ longTexts: 'payload' }).send(sms('0701234567', long));
    assert.equal(messageIn(submitted.at(-1), 'message_payload'), long);
    await receipts();
  });

  function messageIn(pdu: PDU | undefined, field: string): string {
    return (pdu?.[field] as { message: string } | undefined)?.message ?? '';
  }

  async function receipts(): Promise<void> {
    const { PDU: Pdu } = await import('smpp');
    const session = sessions[0];
    assert.ok(session);
    const tell = async (fields: Record<string, string | number | Buffer>) => {
      const [answer] = await Promise.all([
        once(session, 'deliver_sm_resp'),
        session.send(new Pdu('deliver_sm', { esm_class: 4, ...fields })),
      ]);
      return (answer[0] as PDU).command_status;
    };
    const text = 'id:m1 sub:001 dlvrd:000 submit date:2611232200 done date:2611232201 stat:UNDELIV err:011 text:Du har';
    assert.equal(await tell({ short_message: Buffer.from(text) }), 0);
    assert.equal(await tell({ receipted_message_id: 'm2', message_state: 2 }), 0);
    assert.equal(await tell({ esm_class: 0, short_message: Buffer.from('id:m1 stat:DELIVRD') }), 0);
    reportsBroken = true;
    assert.equal(await tell({ receipted_message_id: 'm2', message_state: 3 }), 0x64, 'asked to come again');
    reportsBroken = false;
    assert.deepEqual(reports, [
      { messageId: 'm1', state: 'failed', code: 'UNDELIV 011' },
      { messageId: 'm2', state: 'delivered' },
    ]);
  }

  it('gives each status its outcome, and does not know what was not answered', async () => {
    const port = sender();
    answers = [0x0b, 0x0a, 0x58, 0x14, 0x08, 0x45, 0x412, 'silence', 'hang up'];
    const outcomes: string[] = [];
    for (let count = answers.length; count > 0; count -= 1) {
      const outcome = await port.send(sms('0701234567'));
      outcomes.push('about' in outcome ? `${outcome.kind} ${outcome.about}` : outcome.kind);
    }
    const [later, unknown] = ['tryLater', 'unknown'];
    assert.deepEqual(outcomes, [
      'refusedForGood recipient',
      'refusedForGood message',
      later,
      later,
      later,
      later,
      later,
      unknown,
      unknown,
    ]);
    assert.equal((await port.send(sms('0701234567'))).kind, 'accepted', 'it has connected again');
    answers = [0, 0x0a];
    const half = await port.send(sms('0701234567', 'x'.repeat(200)));
    assert.equal(half.kind, 'unknown', 'one part has left, and the other was refused');
    answers = [0, 0x58, 0];
    assert.equal(
      (await port.send(sms('0701234567', 'x'.repeat(200)))).kind,
      'accepted',
      'the later part waited its turn',
    );
  });

  it('has sent nothing while it is not bound', async () => {
    const limits = { connectTimeoutMs: 300 };
    assert.equal((await sender({ password: 'x', limits }).send(sms('0701234567'))).kind, 'tryLater');
    assert.equal((await sender({ port: 1, limits }).send(sms('0701234567'))).kind, 'tryLater');
  });

  it('closes and comes again when the other side is silent, lies about lengths, or sends what cannot be read', async () => {
    for (const hostile of [
      '00000002',
      '00000004',
      '0000000c00000005',
      'ffffffff',
      '0000001400000005000000000000000100010203',
      '',
    ]) {
      let connections = 0;
      const liar = createTcpServer((socket) => {
        connections += 1;
        socket
          .on('error', () => undefined)
          .on('data', (bytes) => {
            if (bytes.readUInt32BE(4) !== 0x09) return;
            const bound = Buffer.alloc(17);
            bound.writeUInt32BE(17, 0);
            bound.writeUInt32BE(0x80000009, 4);
            bytes.copy(bound, 12, 12, 16);
            socket.write(Buffer.concat([bound, Buffer.from(hostile, 'hex')]));
          });
      }).listen(0, HOST);
      await once(liar, 'listening');
      const port = sender({
        port: (liar.address() as AddressInfo).port,
        limits: { answerTimeoutMs: 50, enquireLinkMs: 50 },
      });
      const deadline = Date.now() + 5_000;
      while (connections < 2 && Date.now() < deadline) await systemClock.sleep(10);
      assert.ok(connections >= 2, `${hostile}: came again`);
      await port.close();
      liar.close();
    }
  });
});
