import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import {
  bounceAddress,
  type Clock,
  type HttpSmsGateway,
  parseMailAddress,
  type SmtpMailSenderOptions,
  systemClock,
} from '@brevduva/base';
import { freePort } from '@brevduva/base/testing';
import { simpleParser } from 'mailparser';
import { createTransport } from 'nodemailer';
import type { Page } from 'playwright-core';
import { SMTPServer } from 'smtp-server';
import { axeViolations, launchBrowser } from '../../../test/support/browser.ts';
import { newMailWords } from '../src/alert/alertText.ts';
import { isQuietHour } from '../src/alert/quietHours.ts';
import { type AlertSettings, SMS_STATUS_PATH } from '../src/index.ts';
import { claimAlerts } from '../src/sql/alert.ts';
import { sweepAlerts } from '../src/sql/alertAddress.ts';
import { CLIENT, startTestIssuer, type TestIssuer } from './issuer.ts';
import { delivery, type Keys, makeKeys, sealedRequest, startTestOperator, type TestOperator } from './operator.ts';
import { PERSON_ANNA } from './people.ts';
import { until } from './until.ts';
import { Visitor } from './visitor.ts';

const HOST = '127.0.0.1';
const bounces = { key: randomBytes(32), localPart: 'retur', domain: 'studs.example' };
/** Tomorrow: certificates are made now, and are not valid earlier. */
const tomorrowAt = (time: string) =>
  new Date(`${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}T${time}Z`);
const DAY = tomorrowAt('12:00:00');
const NIGHT = tomorrowAt('21:30:00');

let now = DAY;
const clock: Clock = { now: () => now, sleep: systemClock.sleep };
const mails: { from: string; to: string; subject: string; text: string }[] = [];
const texts: { id: string; to: string; text: string }[] = [];
let refusal: number | undefined;
let keys: Keys;
let issuer: TestIssuer;
let operator: TestOperator;
let origin: string;
let mailServer: SMTPServer;
let smsServer: Server;
let bouncePort: number;

before(async () => {
  keys = await makeKeys();
  const port = await freePort();
  bouncePort = await freePort();
  origin = `http://localhost:${port}`;
  issuer = await startTestIssuer(origin, { personnummer: PERSON_ANNA, name: 'Anna Andersson' });
  const alerts = await startGateways();
  operator = await startTestOperator({
    keys,
    clock,
    more: { web: { host: HOST, port, publicUrl: origin }, oidc: { issuer: issuer.url, ...CLIENT }, alerts },
  });
});
after(async () => {
  await operator.close();
  await issuer.stop();
  smsServer.close();
  await new Promise<void>((resolve) => mailServer.close(resolve));
});

/** A mail server and an SMS gateway that keep what they get. */
async function startGateways(): Promise<AlertSettings> {
  mailServer = new SMTPServer({
    ...{ hideSTARTTLS: true, authOptional: true, disableReverseLookup: true, closeTimeout: 100 },
    onRcptTo: (_address, _session, done) =>
      refusal === undefined ? done() : done(Object.assign(new Error('5.1.1 no'), { responseCode: refusal })),
    onData: (stream, { envelope }, done) => {
      simpleParser(stream).then(({ subject = '', text = '' }) => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        mails.push({ from, to: envelope.rcptTo[0]?.address ?? '', subject, text });
        done();
      }, done);
    },
  });
  const listening = mailServer.listen(0, HOST);
  smsServer = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { to, text } = JSON.parse(body) as { to: string; text: string };
    const id = `sms-${texts.length + 1}`;
    texts.push({ id, to, text });
    response.end(JSON.stringify({ id }));
  }).listen(0, HOST);
  await Promise.all([once(listening, 'listening'), once(smsServer, 'listening')]);
  const mail: SmtpMailSenderOptions = {
    ...{ host: HOST, port: (listening.address() as AddressInfo).port, tls: 'none', bounces },
    from: { address: parseMailAddress('post@operator.example'), name: 'Postlådan' },
  };
  const gateway: HttpSmsGateway = {
    url: `http://${HOST}:${(smsServer.address() as AddressInfo).port}/`,
    ...{ body: 'json', fields: { to: '{to}', text: '{text}' }, answer: { ids: 'id' } },
    status: {
      url: '',
      proof: { kind: 'hmac', header: 'x-signature', secret: 'hemlig' },
      ...{ id: 'id', state: 'state', states: { delivered: ['ok'], failed: ['no'] } },
    },
  };
  return {
    joinMs: 300,
    mail,
    bounceListener: { host: HOST, port: bouncePort },
    sms: { kind: 'http', gateway, from: 'Posten' },
  };
}

async function loggedIn(): Promise<Visitor> {
  const visitor = new Visitor(origin);
  await visitor.open('/login?return=/settings/alerts');
  return visitor;
}

/** Sends one of the page's forms, and gives the page that comes. */
async function submit(visitor: Visitor, act: string, fields: Record<string, string> = {}) {
  const page = await visitor.open('/settings/alerts');
  const csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const form = new URLSearchParams({ _csrf: csrf, ...fields }).toString();
  const reply = await visitor.visit(`/settings/alerts/${act}`, { form });
  return reply.status === 303 ? visitor.open('/settings/alerts') : reply;
}

const codeIn = (text: string | undefined) => /\b\d{6}\b/.exec(text ?? '')?.[0] ?? assert.fail('no code');
const send = async (subject = 'Hemligt beslut') => operator.deliver(await sealedRequest(keys, delivery({ subject })));
const states = async () =>
  (
    await operator.database.pool.query<{ s: string }>(
      `select channel || ' ' || state as s from alert_address order by 1`,
    )
  ).rows.map((row) => row.s);

/** Anna gives both addresses and confirms them. */
async function wantBoth(namesSender = false): Promise<Visitor> {
  const visitor = await loggedIn();
  const named: Record<string, string> = namesSender ? { namesSender: 'on' } : {};
  const before = [mails.length, texts.length] as const;
  await submit(visitor, 'email/address', { address: 'anna@example.se', ...named });
  await submit(visitor, 'sms/address', { address: '070-123 45 67', ...named });
  await until(() => mails.length > before[0] && texts.length > before[1]);
  await submit(visitor, 'email/confirm', { code: codeIn(mails.at(-1)?.text) });
  await submit(visitor, 'sms/confirm', { code: codeIn(texts.at(-1)?.text) });
  assert.deepEqual(await states(), ['email working', 'sms working']);
  return visitor;
}

/** As if she had never been here: the count of codes, too. */
async function forgetAll(): Promise<void> {
  await operator.database.pool.query('delete from alert_address');
  mails.length = 0;
  texts.length = 0;
}

describe('the notice of new mail', () => {
  it('goes only to an address that is confirmed by a code, of which there are few attempts and few', async () => {
    const visitor = await loggedIn();
    const invalid = await submit(visitor, 'email/address', { address: 'anna@' });
    assert.equal(invalid.status, 422);
    assert.match(invalid.text, /Skriv en e-postadress/);
    assert.match((await submit(visitor, 'sms/address', { address: '08-1' })).text, /Skriv ett svenskt mobilnummer/);
    const entered = await submit(visitor, 'email/address', { address: 'anna@example.se' });
    assert.match(entered.text, /Sex siffror till anna@example\.se/);
    await send();
    await until(() => mails.length === 1);
    const code = codeIn(mails[0]?.text);
    const wrong = code === '000000' ? '000001' : '000000';
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => submit(visitor, 'email/confirm', { code: wrong })),
    );
    assert.equal(
      replies.filter((each) => each.text.includes('Koden stämmer inte')).length,
      5,
      'of eight at once five are looked at',
    );
    assert.match((await submit(visitor, 'email/confirm', { code })).text, /Koden gäller inte längre/);
    for (let count = 0; count < 4; count += 1) await submit(visitor, 'email/address', { address: 'anna@example.se' });
    assert.match((await submit(visitor, 'email/remove')).text, /Din e-postadress/);
    const tooMany = await submit(visitor, 'email/address', { address: 'anna@example.se' });
    assert.match(tooMany.text, /för många koder/, 'removing the address does not give new ones');
    assert.ok(
      mails.every((mail) => mail.subject === 'Din kod till Postlådan'),
      'nothing of new mail was sent',
    );
    await forgetAll();
  });

  it('comes once for letters that come together, and says nothing of what they are about', async () => {
    await wantBoth();
    mails.length = 0;
    texts.length = 0;
    await Promise.all([send(), send(), send()]);
    await until(() => mails.length > 0 && texts.length > 0);
    assert.deepEqual(
      mails.map((mail) => [mail.to, mail.subject]),
      [['anna@example.se', 'Du har ny post hos Postlådan']],
    );
    assert.match(mails[0]?.text ?? '', /^Du har fått 3 nya brev i din digitala brevlåda hos Postlådan\./);
    assert.deepEqual(
      texts.map(({ to, text }) => [to, text]),
      [
        [
          '+46701234567',
          'Du har fått 3 nya brev i din digitala brevlåda hos Postlådan. Logga in som du brukar. Vi skickar aldrig länkar.',
        ],
      ],
    );
    const all = JSON.stringify([mails, texts]);
    for (const secret of ['Hemligt', 'Kommun A', PERSON_ANNA, 'http']) assert.ok(!all.includes(secret), secret);
    for (const secret of ['anna@example.se', '46701234567'])
      assert.ok(!operator.logged().includes(secret), `${secret} in the log`);
    const { rows } = await operator.database.pool.query<{ row: string }>(
      'select alert_address::text as row from alert_address',
    );
    assert.ok(!JSON.stringify(rows).includes('anna@'), 'encrypted at rest');
  });

  it('names the sender for whoever asks, and keeps SMS until the morning', async () => {
    const visitor = await loggedIn();
    await submit(visitor, 'email/choices', { namesSender: 'on' });
    mails.length = 0;
    texts.length = 0;
    now = NIGHT;
    await send();
    await until(() => mails.length === 1);
    assert.match(mails[0]?.text ?? '', /Från Kommun A\./);
    await operator.database.pool.query(`update alert set created_at = created_at - interval '1 hour'`);
    const channels = ['email', 'sms'] as const;
    const night = { limit: 10, joinMs: 0, leaseMs: 1000, maySms: false, channels };
    assert.deepEqual(await claimAlerts(operator.database.pool, night), []);
    assert.equal(texts.length, 0);
    now = DAY;
    await until(() => texts.length === 1);
    assert.doesNotMatch(texts[0]?.text ?? '', /Kommun A/, 'not asked for there');
  });

  it('shows the holder when her address does not work: a bounce, failed reports, a refusal', async () => {
    const visitor = await loggedIn();
    const { rows } = await operator.database.pool.query<{ id: string }>(
      `select id from alert where channel = 'email' and kind = 'newMail' and state = 'accepted' limit 1`,
    );
    const server = createTransport({ host: HOST, port: bouncePort, ignoreTLS: true });
    await server.sendMail({ envelope: { from: '', to: bounceAddress(rows[0]?.id ?? '', bounces) }, raw: BOUNCE });
    assert.deepEqual(await states(), ['email broken', 'sms working']);
    assert.match((await visitor.open('/settings/alerts')).text, /Våra meddelanden kommer inte fram/);
    const report = (id: string, state: string, secret = 'hemlig') => {
      const body = JSON.stringify({ id, state });
      const headers = {
        'content-type': 'application/json',
        'x-signature': createHmac('sha256', secret).update(body).digest('hex'),
      };
      return fetch(new URL(SMS_STATUS_PATH, origin), { method: 'POST', headers, body });
    };
    const id = texts[0]?.id ?? '';
    assert.equal((await report(id, 'no', 'fel')).status, 401);
    assert.equal((await report(id, 'no')).status, 204);
    assert.deepEqual(await states(), ['email broken', 'sms working'], 'once may be a telephone that is off');
    await operator.database.pool.query(`update alert_address set failures_in_row = 2 where channel = 'sms'`);
    await operator.database.pool.query(`update alert set state = 'accepted' where message_ids @> array['${id}']`);
    assert.equal((await report(id, 'no')).status, 204);
    assert.deepEqual(await states(), ['email broken', 'sms broken']);
    await forgetAll();
    await wantBoth();
    refusal = 550;
    await send();
    await until(async () => (await states()).includes('email broken'));
    refusal = undefined;
  });

  it('is not lost with the process that was to send it, nor while the mail server is away', async () => {
    await forgetAll();
    await wantBoth();
    mails.length = 0;
    refusal = 450;
    await send();
    const outbox = () =>
      operator.database.pool.query<{ state: string; attempts: number; code: string }>(
        `select state, attempts, outcome_code as code from alert where channel = 'email' and kind = 'newMail'`,
      );
    await until(async () => (await outbox()).rows[0]?.code?.startsWith('450') === true);
    assert.deepEqual((await outbox()).rows[0]?.state, 'sending', 'to be tried again');
    refusal = undefined;
    // A process that is killed leaves the same row behind: with somebody, whose lease is over.
    await operator.database.pool.query(`update alert set due_at = now() - interval '1 second' where state = 'sending'`);
    await until(() => mails.length === 1);
    assert.equal((await outbox()).rows[0]?.attempts, 2);
  });

  it('is chosen on a page that axe finds nothing wrong with, on a desk and on a phone', async (t) => {
    const browser = await launchBrowser();
    if (browser === undefined) return t.skip('no browser');
    await forgetAll();
    await wantBoth(true);
    await operator.database.pool.query(`update alert_address set state = 'broken' where channel = 'email'`);
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'sv-SE' });
    await page.goto(`${origin}/login?return=/settings/alerts`);
    await page.getByRole('heading', { level: 1, name: 'Besked om ny post' }).waitFor();
    await look(page, 'broken');
    mails.length = 0;
    await page.getByLabel('Din e-postadress').fill('ny@example.se');
    await page.keyboard.press('Enter');
    await page.getByLabel('Koden som vi skickade').waitFor();
    await until(() => mails.length === 1);
    await page.getByLabel('Koden som vi skickade').fill('1');
    await page.keyboard.press('Enter');
    await page.getByText('Koden stämmer inte').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await look(page, 'code');
    await page.getByLabel('Koden som vi skickade').fill(codeIn(mails[0]?.text));
    await page.keyboard.press('Enter');
    await page.getByText('Används').nth(1).waitFor();
    await look(page, 'working');
    await browser.close();
  });

  it('is forgotten with the mailbox', async () => {
    await operator.database.pool.query(`update account set state = 'closed', closed_at = now()`);
    assert.equal(await sweepAlerts(operator.database.pool, 1_000_000), 2);
    const { rows } = await operator.database.pool.query('select from alert');
    assert.deepEqual([await states(), rows.length], [[], 0]);
    await operator.database.pool.query(`update account set state = 'active', closed_at = null`);
  });
});

async function look(page: Page, name: string): Promise<void> {
  assert.deepEqual(await axeViolations(page), [], name);
  assert.ok((await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')) <= 0, name);
  const folder = process.env['BREVDUVA_PICTURES'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/alerts-${name}.png`, fullPage: true });
}

describe('its words and its hours', () => {
  it('are quiet from 21 to 07 in Sweden, in winter and in summer', () => {
    for (const [at, isQuiet] of [
      ['2026-01-15T19:59:00Z', false],
      ['2026-01-15T20:00:00Z', true],
      ['2026-01-16T05:59:00Z', true],
      ['2026-01-16T06:00:00Z', false],
      ['2026-07-15T18:59:00Z', false],
      ['2026-07-15T19:00:00Z', true],
      ['2026-07-16T04:59:00Z', true],
      ['2026-07-16T05:00:00Z', false],
    ] as const) {
      assert.equal(isQuietHour(new Date(at)), isQuiet, at);
    }
  });

  it('name few senders, on one line', () => {
    const of = (senderNames: string[]) => newMailWords('en', { operator: 'X', letterCount: 3, senderNames }).sms;
    assert.match(of(['A\nB', 'C', 'D']), /From A B, C and 1 more\./);
    assert.doesNotMatch(of([]), /From/);
  });
});

const BOUNCE = [
  'MIME-Version: 1.0',
  'Content-Type: multipart/report; report-type=delivery-status; boundary="x"',
  '',
  '--x',
  'Content-Type: message/delivery-status',
  '',
  'Reporting-MTA: dns; mx.example',
  '',
  'Final-Recipient: rfc822; anna@example.se',
  'Action: failed',
  'Status: 5.1.1',
  '',
  '--x--',
  '',
].join('\r\n');
