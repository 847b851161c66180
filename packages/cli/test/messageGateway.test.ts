import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  type BounceListener,
  createHttpSmsSender,
  createLog,
  createSmppSmsSender,
  createSmtpMailSender,
  type DeliveryReport,
  type HttpSmsGateway,
  type MailSender,
  newId,
  parseMailAddress,
  parsePhoneNumber,
  readHttpSmsStatus,
  type SmsSender,
  type SmsStatusReport,
  startBounceListener,
  systemClock,
} from '@brevduva/base';
import { freePort } from '@brevduva/base/testing';
import { axeViolations, launchBrowser } from '../../../test/support/browser.ts';
import { createFaultSwitch } from '../src/dev/faultSwitch.ts';
import { clearFaults, type FaultKind, readFaults, setFault } from '../src/dev/faults.ts';
import { developmentSmsGateway } from '../src/dev/messageGateway/gateway.http.ts';
import { type MessageGateway, startMessageGateway } from '../src/dev/messageGateway.ts';

const HOST = '127.0.0.1';
const log = createLog({ service: 'test', level: 'silent' });
const bounces = { key: randomBytes(32), localPart: 'retur', domain: 'studs.example' };

let folder: string;
let gateway: MessageGateway;
let bounceListener: BounceListener;
let statusServer: Server;
let http: HttpSmsGateway;
let mail: MailSender;
let overHttp: SmsSender;
let overSmpp: SmsSender;
const bounced: [string, DeliveryReport][] = [];
const reports: SmsStatusReport[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brevduva-messages-'));
  bounceListener = await startBounceListener({
    ...{ host: HOST, port: 0, bounces, log },
    onReport: async (id, report) => void bounced.push([id, report]),
  });
  const faults = await createFaultSwitch({ folder, sleep: systemClock.sleep, notDelivered: () => undefined });
  const [web, smtp, smpp] = await Promise.all([freePort(), freePort(), freePort()]);
  gateway = await startMessageGateway({
    ...{ folder, ports: { web, smtp, smpp }, token: 'nyckel', smppPassword: 'hemlig', clock: systemClock, log },
    takeFault: (party) => faults.take(party),
    bouncePort: (domain) => (domain === bounces.domain ? bounceListener.port : undefined),
  });
  await openSenders({ smtp, smpp });
});
after(async () => {
  await Promise.all([mail.close(), overHttp.close(), overSmpp.close()]);
  await gateway.close();
  await bounceListener.close();
  statusServer.close();
  await rm(folder, { recursive: true });
});

async function openSenders({ smtp, smpp }: { smtp: number; smpp: number }): Promise<void> {
  statusServer = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const settings = http.status ?? assert.fail('the gateway reports');
    const read = readHttpSmsStatus({ headers: request.headers, body: Buffer.concat(chunks) }, settings);
    reports.push(...(read ?? []));
    response.writeHead(read === undefined ? 401 : 204).end();
  }).listen(0, HOST);
  await once(statusServer, 'listening');
  const statusUrl = `http://${HOST}:${(statusServer.address() as AddressInfo).port}/`;
  http = developmentSmsGateway({ url: gateway.url, token: 'nyckel', statusUrl });
  const privateKeyPem = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({
    format: 'pem',
    type: 'pkcs8',
  });
  mail = createSmtpMailSender({
    ...{ host: HOST, port: smtp, tls: 'none', bounces },
    from: { address: parseMailAddress('post@kommun.example'), name: 'Sköldinge kommun' },
    dkim: { domain: 'kommun.example', selector: 'brev', privateKeyPem: privateKeyPem.toString() },
    limits: { silenceTimeoutMs: 300 },
  });
  overHttp = createHttpSmsSender({ gateway: http, from: 'Kommunen' });
  overSmpp = createSmppSmsSender({
    ...{ host: HOST, port: smpp, tls: 'none', systemId: 'dev', password: 'hemlig', from: 'Kommunen' },
    ...{ clock: systemClock, log, limits: { answerTimeoutMs: 300 } },
    onStatus: async (report) => void reports.push(report),
  });
}

const letter = (subject: string) => ({
  id: newId(),
  to: parseMailAddress('anna@example.se'),
  subject,
  text: 'Hej åäö',
});
const sms = (text: string) => ({ id: newId(), to: parsePhoneNumber('0701234567'), text });

async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!isSo()) {
    assert.ok(Date.now() < deadline, 'it never came');
    await systemClock.sleep(10);
  }
}

async function shown(): Promise<string> {
  return (await fetch(gateway.url)).text();
}

test('what is sent is shown, and reported back', async () => {
  assert.equal((await mail.send(letter('Du har ny post'))).kind, 'accepted');
  assert.equal((await overHttp.send(sms('Över HTTP: ł'))).kind, 'accepted');
  assert.equal((await overSmpp.send(sms(`Över SMPP ${'x'.repeat(160)}`))).kind, 'accepted');
  await until(() => reports.length === 3);
  assert.deepEqual(new Set(reports.map((each) => each.state)), new Set(['delivered']));
  const page = await shown();
  for (const part of ['Du har ny post', 'kommun.example, nyckeln brev', 'retur+', 'Hej åäö', 'Över HTTP: ł', 'UCS-2']) {
    assert.ok(page.includes(part), part);
  }
  assert.match(page, /170 tecken i GSM-7, 2 SMS/);
});

test('each fault gives its outcome at each door', async () => {
  const outcomes: Record<string, string[]> = {};
  for (const kind of ['refuse-now', 'refuse-for-good', 'accept-then-silence'] satisfies FaultKind[]) {
    await setFault(folder, { party: 'epost', kind });
    await setFault(folder, { party: 'sms', kind });
    const all = await Promise.all([mail.send(letter(kind)), overHttp.send(sms(kind)), overSmpp.send(sms(kind))]);
    outcomes[kind] = all.map((each) => each.kind);
  }
  await clearFaults(folder);
  const same = (kind: string) => [kind, kind, kind];
  assert.deepEqual(outcomes, {
    'refuse-now': same('tryLater'),
    'refuse-for-good': same('refusedForGood'),
    'accept-then-silence': same('unknown'),
  });
});

test('what is taken may fail later: a bounce, a report', async () => {
  reports.length = 0;
  await setFault(folder, { party: 'epost', kind: 'fails-later' });
  await setFault(folder, { party: 'sms', kind: 'fails-later' });
  const message = letter('Studsar');
  await Promise.all([mail.send(message), overHttp.send(sms('a')), overSmpp.send(sms('b'))]);
  await until(() => reports.length === 2 && bounced.length === 1);
  assert.deepEqual(
    reports.map((each) => each.state),
    ['failed', 'failed'],
  );
  assert.deepEqual(
    [bounced[0]?.[0], bounced[0]?.[1].status, bounced[0]?.[1].isAddressBroken],
    [message.id, '5.1.1', true],
  );
  await clearFaults(folder);
  assert.match(await shown(), /Studsade: adressen finns inte/);
});

test('nobody else sends SMS, and no other site turns the switches', async () => {
  const post = (path: string, headers: Record<string, string>, body: string) =>
    fetch(new URL(path, gateway.url), { method: 'POST', headers, body, redirect: 'manual' });
  const json = { 'content-type': 'application/json' };
  assert.equal((await post('/sms', json, JSON.stringify({ to: '+46701234567', from: 'x', text: 'x' }))).status, 401);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const evil = await post('/fault', { ...form, origin: 'https://evil.example' }, 'party=sms&kind=refuse-now');
  assert.equal(evil.status, 403);
  assert.deepEqual(await readFaults(folder), []);
  assert.equal((await post('/fault', form, 'party=sms&kind=refuse-now')).status, 303);
  assert.deepEqual(
    (await readFaults(folder)).map(({ party, kind }) => [party, kind]),
    [['sms', 'refuse-now']],
  );
  assert.equal((await post('/fault', form, 'party=sms&kind=')).status, 303);
  assert.deepEqual(await readFaults(folder), []);
});

test('the page is for everybody', async (t) => {
  const browser = await launchBrowser();
  if (browser === undefined) return t.skip('no browser');
  for (const viewport of [
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ]) {
    const page = await browser.newPage({ viewport });
    await page.goto(gateway.url);
    assert.deepEqual(await axeViolations(page), []);
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    assert.ok(overflow <= 0, `${overflow} px too wide`);
    const picture = process.env['BREVDUVA_PICTURE'];
    if (picture !== undefined) await page.screenshot({ path: `${picture}-${viewport.width}.png`, fullPage: true });
    await page.close();
  }
  await browser.close();
});
