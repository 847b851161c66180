import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '@brevduva/base';
import { CONFORMANCE_PATH } from '../src/conformance/paths.ts';
import { MUNICIPALITY, OPERATOR, OTHER_SENDER, REACHABLE, SERVED, STRANGER } from './sampleRegister.ts';
import { get, post, type SoapSetup, startSampleFar, type Tls } from './soapSetup.ts';

interface Answer {
  organizationNumber: string;
  roles: string[];
  isDone: boolean;
  requiredDone: number;
  requiredCount: number;
  items: { id: string; isRequired: boolean; isDone: boolean; doneAt: string | null; operation: string; text: string }[];
  refusals: { callId: string; errorCode: number; operation: string; name: string; advice: string }[];
}

describe('a connecting party’s own checklist, over mutual TLS', () => {
  let setup: SoapSetup;
  let url: string;
  let tls: Tls;
  before(async () => {
    setup = await startSampleFar({ isDevelopmentRegister: true });
    url = new URL(CONFORMANCE_PATH, setup.far.soapUrl).href;
    tls = await setup.tlsOf(MUNICIPALITY);
  });
  after(() => setup.close());

  async function checklist(of = tls, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await get(url, of, headers);
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.contentType ?? '', /^application\/json/);
    return JSON.parse(answer.text) as Answer;
  }
  /** An answered look-up's line is written behind the answer. */
  async function untilDone(expected: string[]): Promise<void> {
    for (let tries = 0; done(await checklist()).join() !== expected.join() && tries < 50; tries += 1) {
      await systemClock.sleep(20);
    }
    assert.deepEqual(done(await checklist()), expected);
  }
  const done = ({ items }: Answer) => items.filter(({ isDone }) => isDone).map(({ id }) => id);

  it('is ticked off by the party’s own calls, as they are made', async () => {
    const empty = await checklist();
    assert.deepEqual(
      [empty.organizationNumber, empty.roles.sort(), empty.requiredDone],
      [MUNICIPALITY, ['dispatcher', 'sender'], 0],
    );
    assert.deepEqual(done(empty), []);
    const ask = (ids: string[], sender: string = MUNICIPALITY) =>
      post(setup.far.soapUrl, tls, isReachable(sender, ids));
    assert.equal((await ask([REACHABLE])).status, 200);
    await untilDone(['senderAskedFor', 'lookUp']);
    assert.equal((await ask(Array.from({ length: 1001 }, () => REACHABLE))).status, 500);
    assert.equal((await ask([REACHABLE], OTHER_SENDER)).status, 500);
    await untilDone(['senderAskedFor', 'lookUp', 'lookUpOtherSender']);
    await ask([REACHABLE, REACHABLE], SERVED);
    await untilDone(['senderAskedFor', 'lookUp', 'lookUpSeveral', 'lookUpTooMany', 'lookUpOtherSender']);
    const full = await checklist();
    assert.deepEqual([full.isDone, full.requiredDone, full.requiredCount], [true, 4, 4]);
  });

  it('tells what was refused, with CallId, code and what to do, in the language asked for', async () => {
    const { refusals } = await checklist();
    assert.deepEqual(
      refusals.map(({ errorCode }) => errorCode),
      [6005, 5005],
    );
    assert.match(refusals[0]?.callId ?? '', /^[0-9a-f-]{36}$/);
    assert.match(refusals[1]?.advice ?? '', /högst 1 000 mottagare/);
    const english = await checklist(tls, { 'accept-language': 'en' });
    assert.match(english.refusals[1]?.advice ?? '', /at most 1000 recipients/);
    assert.match(english.items[0]?.text ?? '', /A look-up was answered/);
  });

  it('shows each party its own and nobody else’s', async () => {
    const operator = await checklist(await setup.tlsOf(OPERATOR));
    assert.deepEqual([operator.organizationNumber, operator.roles], [OPERATOR, ['operator']]);
    assert.deepEqual([done(operator), operator.refusals], [[], []]);
    const served = await checklist(await setup.tlsOf(SERVED));
    assert.deepEqual(done(served), ['senderAskedFor'], 'its dispatcher has asked for it');
  });

  it('lets in only those who are let in: 403 with a code for others', async () => {
    const strangers = [await setup.tlsOf(STRANGER), await setup.tlsOf(undefined)];
    for (const stranger of strangers) {
      const answer = await get(url, stranger);
      const problem = JSON.parse(answer.text) as { code: string; title: string };
      assert.deepEqual([answer.status, problem.code], [403, 'FAR_NOT_CONNECTED']);
      assert.match(problem.title, /släpps inte in i registret/);
    }
    await assert.rejects(get(url, { ca: tls.ca }), 'no certificate: the handshake is broken off');
    await assert.rejects(get(url, await setup.foreignTls()));
  });

  it('has nothing before the technical test: 404 with a code', async () => {
    await setup.database.pool.query(`update connection set step = 'agreement' where organization_number = $1`, [
      OTHER_SENDER,
    ]);
    const answer = await get(url, await setup.tlsOf(OTHER_SENDER));
    const problem = JSON.parse(answer.text) as { code: string; title: string };
    assert.deepEqual([answer.status, problem.code], [404, 'FAR_NO_TECHNICAL_TEST']);
    assert.match(problem.title, /börjar när den tekniska testen gör det/);
  });

  it('is a page where a browser asks', async () => {
    const page = await get(url, tls, { accept: 'text/html', 'accept-language': 'sv' });
    assert.equal(page.contentType, 'text/html; charset=utf-8');
    assert.match(page.text, /<h1[^>]*>Kontrollista för teknisk test<.*Alla krav uppfyllda/s);
    assert.match(page.text, /6005.*Förmedlar inte för avsändaren/s);
    const english = await get(`${url}?lang=en`, tls, { accept: 'text/html' });
    assert.match(english.text, /<h1[^>]*>Checklist for the technical test</);
  });
});

/** An envelope as any client writes it. */
function isReachable(sender: string, ids: readonly string[]): string {
  const asked = ids.map((id) => `<r3:recipientId>${id}</r3:recipientId>`).join('');
  return `<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Body><r3:isReachable xmlns:r3="http://minameddelanden.gov.se/schema/Recipient/v3"><r3:senderOrgNr>${sender}</r3:senderOrgNr>${asked}</r3:isReachable></env:Body></env:Envelope>`;
}
