import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { simpleParser } from 'mailparser';
import { createTransport } from 'nodemailer';
import { pino } from 'pino';
import { SMTPServer } from 'smtp-server';
import {
  type BounceAddressOptions,
  bounceAddress,
  createSmtpMailSender,
  type DeliveryReport,
  type MailMessage,
  type MailSender,
  newId,
  parseMailAddress,
  readBounceAddress,
  readDeliveryReport,
  readMailAddress,
  type SmtpMailSenderOptions,
  startBounceListener,
} from '../src/index.ts';
import { freePort } from '../src/testing/index.ts';
import { certify, type Identity } from './certify.ts';

const HOST = '127.0.0.1';
const bounces: BounceAddressOptions = { key: randomBytes(32), localPart: 'retur', domain: 'studs.example.se' };
const dkimKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const FROM = { address: parseMailAddress('brevduva@example.se'), name: 'Sköldinge kommun' };

interface Received {
  readonly isSecure: boolean;
  readonly from: string;
  readonly raw: string;
}

/** An SMTP server that does what the recipient's name says. */
class PostOffice {
  readonly received: Received[] = [];
  readonly server: SMTPServer;
  port = 0;

  constructor(options: { tls: Identity | undefined }) {
    const refuse = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode });
    this.server = new SMTPServer({
      ...(options.tls === undefined ? { hideSTARTTLS: true } : { key: options.tls.key, cert: options.tls.cert }),
      authOptional: true,
      allowInsecureAuth: true,
      disableReverseLookup: true,
      closeTimeout: 100,
      onAuth: (auth, _session, done) =>
        auth.password === 'rätt' ? done(null, { user: 'brevduva' }) : done(refuse(535, '5.7.8 wrong')),
      onRcptTo(address, _session, done) {
        const [, code] = /^nej(\d{3})/.exec(address.address) ?? [];
        if (code === '550') return done(refuse(550, `5.1.1 ${address.address} is not known here`));
        if (code === '551') return done(refuse(550, '5.7.1 not from you'));
        if (code === '552') return done(refuse(552, '5.2.2 mailbox full'));
        if (code === '450') return done(refuse(450, '4.2.1 come back'));
        done();
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const to = session.envelope.rcptTo[0]?.address ?? '';
          if (to.startsWith('data554')) return done(refuse(554, '5.6.0 not this one'));
          if (to.startsWith('data451')) return done(refuse(451, '4.3.0 not now'));
          const { mailFrom } = session.envelope;
          const from = mailFrom === false ? '' : mailFrom.address;
          this.received.push({ isSecure: session.secure, from, raw: Buffer.concat(chunks).toString('latin1') });
          // The letter is kept, and nobody is told.
          if (to.startsWith('tyst')) return;
          if (to.startsWith('bruten')) {
            for (const connection of this.server.connections) connection._socket.destroy();
            return;
          }
          done(null, 'kept');
        });
      },
    });
    this.server.on('error', () => undefined);
  }

  async start(): Promise<void> {
    const listening = this.server.listen(0, HOST);
    await once(listening, 'listening');
    this.port = (listening.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
  }
}

const letter = (to: string, more: Partial<MailMessage> = {}): MailMessage => ({
  id: newId(),
  to: parseMailAddress(to),
  subject: 'Du har ny post åäö',
  text: 'Hej!\n.\nLogga in.',
  ...more,
});

describe('the SMTP sender', () => {
  let office: PostOffice;
  let certificate: Identity;
  const senders: MailSender[] = [];
  const sender = (more: Partial<SmtpMailSenderOptions> = {}) => {
    const made = createSmtpMailSender({
      host: HOST,
      port: office.port,
      tls: 'starttls',
      caPem: certificate.cert,
      from: FROM,
      bounces,
      ...more,
    });
    senders.push(made);
    return made;
  };

  before(async () => {
    certificate = await certify('smtp');
    office = new PostOffice({ tls: certificate });
    await office.start();
  });
  after(async () => {
    await Promise.all(senders.map((each) => each.close()));
    await office.close();
  });

  it('sends over TLS, signed with DKIM, known again by its Message-ID and its bounce address', async () => {
    const dkim = {
      domain: 'example.se',
      selector: 'brev',
      privateKeyPem: dkimKeys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    };
    const message = letter('anna@example.se', { html: '<p>Hej!</p>', fromName: 'Räddningstjänsten' });
    const port = sender({ dkim });
    const outcome = await port.send(message);
    assert.deepEqual(outcome, { kind: 'accepted', messageIds: [`<${message.id}@example.se>`] });
    const got = office.received.at(-1);
    assert.ok(got?.isSecure);
    assert.equal(readBounceAddress(got.from, bounces), message.id);
    const parsed = await simpleParser(got.raw);
    assert.equal(parsed.subject, 'Du har ny post åäö');
    assert.equal(parsed.text?.trimEnd(), 'Hej!\n.\nLogga in.');
    assert.equal(parsed.html, '<p>Hej!</p>');
    assert.equal(parsed.from?.value[0]?.name, 'Räddningstjänsten');
    assert.equal(parsed.headers.get('auto-submitted'), 'auto-generated');
    assert.deepEqual(verifyDkim(got.raw), { d: 'example.se', s: 'brev' });
    assert.throws(() => verifyDkim(got.raw.replace('Logga in', 'Logga ut')), /body/);
    assert.throws(() => verifyDkim(got.raw.replace('anna@example.se', 'alla@example.se')), /signature/);
    const again = await port.send(message);
    assert.deepEqual(again, outcome);
  });

  it('tells a refusal of the address from one of the message, and both from the moment', async () => {
    const port = sender();
    const outcomes: Record<string, unknown> = {};
    for (const name of ['nej550', 'nej551', 'nej552', 'nej450', 'data554', 'data451']) {
      const outcome = await port.send(letter(`${name}@example.se`));
      outcomes[name] = [outcome.kind, 'code' in outcome ? outcome.code : '', 'about' in outcome ? outcome.about : ''];
      assert.ok(!JSON.stringify(outcome).includes(`${name}@`), 'the address is in no text');
    }
    assert.deepEqual(outcomes, {
      nej550: ['refusedForGood', '550 5.1.1', 'recipient'],
      nej551: ['refusedForGood', '550 5.7.1', 'message'],
      nej552: ['tryLater', '552 5.2.2', ''],
      nej450: ['tryLater', '450 4.2.1', ''],
      data554: ['refusedForGood', '554 5.6.0', 'message'],
      data451: ['tryLater', '451 4.3.0', ''],
    });
  });

  it('does not know what became of a letter whose answer never came', async () => {
    const before = office.received.length;
    const cut = await sender().send(letter('bruten@example.se'));
    const silent = await sender({ limits: { silenceTimeoutMs: 300 } }).send(letter('tyst@example.se'));
    assert.deepEqual([cut.kind, silent.kind], ['unknown', 'unknown']);
    assert.equal(office.received.length, before + 2, 'both were in fact received, once');
  });

  it('has sent nothing when it did not come in', async () => {
    const closed = await sender({ port: await freePort() }).send(letter('a@example.se'));
    const wrong = await sender({ auth: { user: 'x', password: 'fel' } }).send(letter('a@example.se'));
    const right = await sender({ auth: { user: 'x', password: 'rätt' } }).send(letter('a@example.se'));
    const other = await certify('other');
    const untrusted = await sender({ caPem: other.cert }).send(letter('a@example.se'));
    assert.deepEqual(
      [closed.kind, wrong.kind, right.kind, untrusted.kind],
      ['tryLater', 'tryLater', 'accepted', 'tryLater'],
    );
    assert.equal('code' in wrong && wrong.code, '535 5.7.8');
  });

  it('has sent nothing when the connection breaks in the middle of the letter, or is silent before it', async () => {
    const half = await scripted(['220 hi', '250 hi', '250 ok', '250 ok', 'hang up']);
    const mute = await scripted(['silence']);
    const limits = { silenceTimeoutMs: 300, connectTimeoutMs: 300 };
    const cut = await sender({ port: half.port, tls: 'none', limits }).send(letter('a@example.se'));
    const silent = await sender({ port: mute.port, tls: 'none', limits }).send(letter('a@example.se'));
    assert.deepEqual([cut.kind, silent.kind], ['tryLater', 'tryLater']);
    half.close();
    mute.close();
  });

  it('sends nothing in clear text when TLS is wanted', async () => {
    const plain = new PostOffice({ tls: undefined });
    await plain.start();
    const outcome = await sender({ port: plain.port }).send(letter('a@example.se'));
    assert.equal(outcome.kind, 'tryLater');
    assert.equal((await sender({ port: plain.port, tls: 'none' }).send(letter('a@example.se'))).kind, 'accepted');
    await plain.close();
  });

  it('never sends what could become a header, nor what is too large', async () => {
    const port = sender({ limits: { messageBytesMax: 3000 } });
    const bad: Partial<MailMessage>[] = [
      { subject: 'Hej\r\nBcc: alla@example.se' },
      { fromName: 'Kommunen\n' },
      { subject: '' },
      { id: '1' },
      { text: 'x'.repeat(4000) },
    ];
    for (const more of bad) {
      await assert.rejects(port.send(letter('a@example.se', more)), { code: 'BASE_MAIL_MESSAGE_INVALID', status: 422 });
    }
    assert.throws(() => sender({ dkim: { domain: 'a.se', selector: 's', privateKeyPem: 'no key' } }), {
      code: 'BASE_MESSAGING_SETTINGS',
    });
  });
});

describe('addresses', () => {
  it('takes one plain address, and no other thing', () => {
    assert.equal(parseMailAddress(' Anna.Berg+post@Räksmörgås.se '), 'Anna.Berg+post@xn--rksmrgs-5wao1o.se');
    const bad = [
      '',
      'anna',
      'a@b',
      'a@b.se, c@d.se',
      'A <a@b.se>',
      'a@b.se\r\nBcc: c@d.se',
      '"a b"@c.se',
      'å@b.se',
      'a@1.2.3.4',
    ];
    for (const each of [
      ...bad,
      `${'a'.repeat(65)}@b.se`,
      `a@${'b.'.repeat(130)}se`,
      'a@b.se>',
      'a..b@c.se',
      'a@-b.se',
    ]) {
      assert.equal(readMailAddress(each), undefined, each);
    }
    assert.throws(() => parseMailAddress('anna'), { code: 'BASE_MAIL_ADDRESS_INVALID', status: 422 });
  });

  it('makes bounce addresses that nobody else can make', () => {
    const id = newId();
    const address = bounceAddress(id, bounces);
    assert.ok(address.indexOf('@') <= 64);
    assert.equal(readBounceAddress(address.toUpperCase(), bounces), id);
    assert.equal(readBounceAddress(address, { ...bounces, key: randomBytes(32) }), undefined);
    assert.equal(readBounceAddress(address.replace('studs', 'annan'), bounces), undefined);
    for (let at = 6; at < 48; at += 1) {
      const changed = address.slice(0, at) + (address[at] === 'a' ? 'b' : 'a') + address.slice(at + 1);
      assert.notEqual(readBounceAddress(changed, bounces), id, `character ${at}`);
    }
  });
});

describe('bounces', () => {
  const reports: [string, DeliveryReport][] = [];
  let isBroken = false;

  it('are taken for our own addresses only, and kept before they are thanked for', async () => {
    const listener = await startBounceListener({
      host: HOST,
      port: 0,
      bounces,
      log: pino({ level: 'silent' }),
      onReport: async (id, report) => {
        if (isBroken) throw new Error('the database is away');
        reports.push([id, report]);
      },
    });
    const server = createTransport({ host: HOST, port: listener.port, ignoreTLS: true });
    const id = newId();
    const send = (to: string, raw: string) => server.sendMail({ envelope: { from: '', to }, raw });
    const to = bounceAddress(id, bounces);
    await assert.rejects(send('retur@studs.example.se', FAILED), { responseCode: 550 });
    await assert.rejects(send(`x${to}`, FAILED), { responseCode: 550 });
    await assert.rejects(send(to, `${FAILED}${'x'.repeat(1024 * 1024)}`), { responseCode: 552 });
    isBroken = true;
    await assert.rejects(send(to, FAILED), { responseCode: 451 });
    isBroken = false;
    await send(to, FAILED);
    assert.deepEqual(reports, [
      [id, { action: 'failed', status: '5.1.1', isAddressBroken: true, text: '550 5.1.1 <…> unknown' }],
    ]);
    await listener.close();
  });

  it('are told apart: delayed, delivered, policy, holiday answers, and the rest', async () => {
    const read = async (raw: string) => {
      const { action, status, isAddressBroken } = await readDeliveryReport(Buffer.from(raw));
      return [action, status, isAddressBroken];
    };
    assert.deepEqual(await read(dsn('delayed', '4.4.1')), ['delayed', '4.4.1', false]);
    assert.deepEqual(await read(dsn('delivered', '2.0.0')), ['delivered', '2.0.0', false]);
    assert.deepEqual(await read(dsn('expanded', '2.0.0')), ['relayed', '2.0.0', false]);
    assert.deepEqual(await read(dsn('failed', '5.7.1')), ['failed', '5.7.1', false]);
    assert.deepEqual(await read(dsn('failed', '4.4.7')), ['failed', '4.4.7', false]);
    assert.deepEqual(await read('Auto-Submitted: auto-replied\r\n\r\nJag är ledig.'), ['autoReply', undefined, false]);
    assert.deepEqual(await read('Subject: Undeliverable\r\n\r\nSorry.'), ['unclear', undefined, false]);
    assert.deepEqual(await read(FAILED.slice(0, FAILED.indexOf('Action'))), ['unclear', undefined, false]);
  });
});

function dsn(action: string, status: string): string {
  return [
    'From: MAILER-DAEMON@mx.example.org',
    'Subject: Delivery status',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="x"',
    '',
    '--x',
    'Content-Type: text/plain',
    '',
    'Something happened.',
    '--x',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.org',
    '',
    'Final-Recipient: rfc822; anna@example.se',
    `Action: ${action}`,
    `Status: ${status}`,
    'Diagnostic-Code: smtp; 550 5.1.1',
    '    <anna@example.se> unknown',
    '',
    '--x',
    'Content-Type: text/rfc822-headers',
    '',
    'Subject: Du har ny post',
    '--x--',
    '',
  ].join('\r\n');
}

const FAILED = dsn('failed', '5.1.1');

/** A server that says these lines, one for each that it hears, and then hangs up or is silent. */
async function scripted(lines: readonly string[]): Promise<{ port: number; close(): void }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    const rest = [...lines];
    const say = () => {
      const line = rest.shift();
      if (line === 'hang up') socket.destroy();
      else if (line !== undefined && line !== 'silence') socket.write(`${line}\r\n`);
    };
    socket.on('error', () => undefined).on('data', say);
    say();
  }).listen(0, HOST);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** RFC 6376, relaxed/relaxed, rsa-sha256, with the test's public key in place of the DNS: written from the standard, apart from nodemailer. */
function verifyDkim(raw: string): { d: string; s: string } {
  const split = raw.indexOf('\r\n\r\n');
  const headers = raw
    .slice(0, split)
    .replace(/\r\n(?=[ \t])/g, '\u0001')
    .split('\r\n')
    .map((each) => each.replaceAll('\u0001', '\r\n'));
  const relaxed = (header: string) => {
    const colon = header.indexOf(':');
    const value = header
      .slice(colon + 1)
      .replace(/\r\n/g, '')
      .replace(/[ \t]+/g, ' ')
      .trim();
    return `${header.slice(0, colon).toLowerCase().trim()}:${value}`;
  };
  const signature = headers.find((each) => /^dkim-signature:/i.test(each)) ?? '';
  const tags = new Map(
    signature
      .slice(signature.indexOf(':') + 1)
      .split(';')
      .map((each): [string, string] => {
        const at = each.indexOf('=');
        return [each.slice(0, at).trim(), each.slice(at + 1).replace(/\s+/g, '')];
      }),
  );
  assert.equal(tags.get('a'), 'rsa-sha256');
  assert.equal(tags.get('c'), 'relaxed/relaxed');
  const body = raw
    .slice(split + 4)
    .split('\r\n')
    .map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''))
    .join('\r\n')
    .replace(/(\r\n)*$/, '\r\n');
  assert.equal(
    createHash('sha256').update(body, 'latin1').digest('base64'),
    tags.get('bh'),
    'the body is not what was signed',
  );
  const rest = [...headers].reverse();
  const signed = (tags.get('h') ?? '').split(':').flatMap((name) => {
    const at = rest.findIndex((each) => each.toLowerCase().startsWith(`${name.toLowerCase()}:`));
    return at < 0 ? [] : rest.splice(at, 1);
  });
  const input = [...signed.map(relaxed), relaxed(signature.replace(/([;\s]b=)[^;]*/, '$1'))].join('\r\n');
  const isRight = verify(
    'sha256',
    Buffer.from(input, 'latin1'),
    dkimKeys.publicKey,
    Buffer.from(tags.get('b') ?? '', 'base64'),
  );
  assert.ok(isRight, 'the signature does not fit');
  for (const name of ['from', 'to', 'subject', 'message-id'])
    assert.match(tags.get('h') ?? '', new RegExp(`(^|:)${name}(:|$)`, 'i'));
  return { d: tags.get('d') ?? '', s: tags.get('s') ?? '' };
}
