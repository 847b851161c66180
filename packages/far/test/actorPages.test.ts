import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ACTOR_ACTIONS } from '../src/console/actors/actorActions.ts';
import { ACTOR_ERRORS_ENGLISH } from '../src/console/actors/actorErrorTexts.ts';
import { FAR_ERRORS } from '../src/index.ts';
import { type ConsoleSetup, startFarConsole, type Visit } from './consoleSetup.ts';
import { MUNICIPALITY, OPERATOR, OTHER_SENDER, SERVED } from './sampleRegister.ts';

const LIST = '/console/aktorer';
const of = (number: string) => `${LIST}/${number}`;
const DAY_MS = 86_400_000;

describe('the pages about actors', () => {
  let setup: ConsoleSetup;
  let freja: Visit;
  let stellan: Visit;
  before(async () => {
    setup = await startFarConsole();
    freja = await setup.visit('freja', LIST);
    stellan = await setup.visit('stellan', LIST);
  });
  after(() => setup.close());

  /** Posts an action's form as the page has it, with the version that stands in it. */
  async function act(path: string, form: Record<string, string> = {}, who = freja) {
    const page = await who.get(path);
    const version = /name="version" value="(\d+)"/.exec(page.text)?.[1] ?? '';
    return who.post(path, { version, ...form });
  }

  it('list who is connected, searched and filtered, and say so when nobody is found', async () => {
    assert.equal(freja.status, 200);
    for (const name of ['Brevlådan', 'Kommun A', 'Kommun B', 'Staden &amp; regionen', '4 aktörer']) {
      assert.ok(freja.text.includes(name), name);
    }
    const found = await freja.get(`${LIST}?q=202100-3898&roll=sender&lage=production`);
    assert.match(found.text, /1 aktör<.*Kommun B/s);
    assert.doesNotMatch(found.text, /Kommun A/);
    const none = await freja.get(`${LIST}?q=${encodeURIComponent('<script>')}&behover=ja`);
    assert.match(none.text, /Ingen aktör stämmer med sökningen/);
    assert.doesNotMatch(none.text, /<script>/);
    for (const odd of ['?sida=-1', '?sida=x', '?roll=king&lage=eaten']) {
      assert.match((await freja.get(`${LIST}${odd}`)).text, /4 aktörer/, odd);
    }
    assert.match((await freja.get(`${LIST}?lang=en`)).text, /4 actors/);
    await freja.get(`${LIST}?lang=sv`);
  });

  it('show a reader everything and let her change nothing', async () => {
    assert.doesNotMatch(stellan.text, /Ny ansökan/);
    const page = await stellan.get(of(MUNICIPALITY));
    assert.equal(page.status, 200);
    assert.match(page.text, /Kommun A.*Förmedlas av/s);
    assert.doesNotMatch(page.text, /Stäng av|Lägg till|Ta bort|Avsluta anslutningen/);
    const before = await setup.database.pool.query('select count(*) from audit_event');
    const paths = [
      `${LIST}/ny`,
      ...ACTOR_ACTIONS.map(({ path, hasTarget }) => `${of(SERVED)}/${path}${hasTarget ? '/x' : ''}`),
    ];
    for (const path of paths) {
      for (const answer of [
        await stellan.get(path),
        await stellan.post(path, { version: '1', reason: 'Beslut 2026-44' }),
      ]) {
        assert.equal(answer.status, 403, path);
        assert.match(answer.text, /Du har inte behörighet.*FAR_ROLE_MISSING/s, path);
      }
    }
    assert.deepEqual((await setup.database.pool.query('select count(*) from audit_event')).rows, before.rows);
  });

  it('ask a stranger to log in, and take no form without the session’s token', async () => {
    for (const path of [LIST, of(SERVED), `${of(SERVED)}/stang-av`, `${LIST}/certifikat`, `${LIST}/ny`]) {
      const answer = await fetch(`${setup.origin}${path}`, { redirect: 'manual', headers: { accept: 'text/html' } });
      assert.equal(answer.status, 302, path);
    }
    const forged = await freja.post(`${of(SERVED)}/stang-av`, { _csrf: 'x', version: '1', reason: 'Beslut 2026-44' });
    assert.equal(forged.status, 403);
    assert.match(forged.text, /BASE_CSRF/);
  });

  it('answer 404 for an actor that does not exist', async () => {
    for (const number of ['162120007774', 'x', '%00', '162021003898%20']) {
      const page = await freja.get(of(number));
      assert.equal(page.status, 404, number);
      assert.match(page.text, /Aktören finns inte/);
    }
  });

  it('give back a form with what was typed and what was wrong, in the reader’s language', async () => {
    const path = `${of(MUNICIPALITY)}/ny-avsandare`;
    const swedish = await act(path, { sender: '1', consentReference: 'SAMTYCKE 7' });
    assert.equal(swedish.status, 422);
    assert.match(swedish.text, /<title>Fel: .*href="#sender".*Det är inte ett organisationsnummer/s);
    assert.match(swedish.text, /value="SAMTYCKE 7"/);
    await freja.get(`${LIST}?lang=en`);
    const english = await act(path, { sender: '165560160680', consentReference: 'SAMTYCKE 7' });
    assert.equal(english.status, 422);
    assert.match(english.text, /The organisation is no sender here/);
    await freja.get(`${LIST}?lang=sv`);
  });

  it('tell the second of two that somebody else was first, with the way to see what', async () => {
    const path = `${of(OTHER_SENDER)}/stang-av`;
    const page = await freja.get(path);
    const version = /name="version" value="(\d+)"/.exec(page.text)?.[1] ?? '';
    const contact = { contactName: 'Åsa', contactEmail: 'asa@x.example', contactPersonalNumber: '19850101-1236' };
    assert.equal(
      (await act(`${of(OTHER_SENDER)}/ny-kontaktperson`, contact)).to,
      `${setup.origin}${of(OTHER_SENDER)}?klart=contact`,
    );
    const late = await freja.post(path, { version, reason: 'Beslut 2026-44' });
    assert.equal(late.status, 409);
    assert.match(late.text, /Någon annan har ändrat aktören sedan du öppnade sidan.*Se aktörens sida/s);
    assert.match(late.text, />\s*Beslut 2026-44<\/textarea>/);
    const shown = await freja.get(`${of(OTHER_SENDER)}?klart=contact`);
    assert.match(shown.text, /Kontaktpersonen är tillagd.*Personnummer finns/s);
    assert.doesNotMatch(shown.text, /850101/);
    assert.ok(!setup.logLines.some((line) => line.includes('850101')), 'a personal number in the log');
  });

  it('change a dispatcher’s senders, an operator’s addresses, and retire a certificate', async () => {
    const add = { sender: OTHER_SENDER, consentReference: 'SAMTYCKE 8' };
    assert.equal((await act(`${of(MUNICIPALITY)}/ny-avsandare`, add)).status, 303);
    assert.match((await freja.get(of(MUNICIPALITY))).text, /Staden &amp; regionen.*SAMTYCKE 8/s);
    const remove = `${of(MUNICIPALITY)}/bort-avsandare/${OTHER_SENDER}`;
    assert.match((await freja.get(remove)).text, /Staden &amp; regionen/);
    assert.equal((await act(remove)).status, 303);
    const addresses = await freja.get(`${of(OPERATOR)}/adresser`);
    assert.match(addresses.text, /value="brevladan.example"/);
    const changed = {
      operatorName: 'Brevlådan',
      domain: 'brevladan.example',
      serviceAddress: 'https://ny.example/service/v3',
      uiAddress: '',
    };
    assert.equal((await act(`${of(OPERATOR)}/adresser`, changed)).status, 303);
    assert.match((await freja.get(of(OPERATOR))).text, /https:\/\/ny.example\/service\/v3/);

    const { cert } = await setup.tlsOf(OPERATOR, { days: 21, notBefore: new Date(Date.now() - DAY_MS) });
    const form = { certificate: cert, purpose_tls: 'on' };
    assert.equal(
      (await act(`${of(OPERATOR)}/nytt-certifikat`, form)).to,
      `${setup.origin}${of(OPERATOR)}?klart=certificate`,
    );
    const again = await act(`${of(OPERATOR)}/nytt-certifikat`, form);
    assert.equal(again.status, 409);
    assert.match(again.text, /href="#certificate".*Certifikatet är redan registrerat/s);
    assert.match((await freja.get(`${LIST}/certifikat`)).text, /Brevlådan.*19 dagar kvar.*Ersättare saknas/s);
    assert.match((await freja.get(`${LIST}?behover=ja`)).text, /Brevlådan/);
    const page = await freja.get(of(OPERATOR));
    const retire = /href="([^"]+certifikat-ur-bruk\/[0-9a-f]{64})"/.exec(page.text)?.[1] ?? '';
    assert.equal((await act(retire, { reason: 'Bytt mot nytt' })).status, 303);
    assert.match((await freja.get(of(OPERATOR))).text, /Tagna ur bruk \(1\).*Bytt mot nytt/s);
    assert.match((await freja.get(`${LIST}/certifikat`)).text, /Inget certifikat går ut inom 60 dagar/);
  });

  it('take an application for a role beside those it has, and end it', async () => {
    const form = {
      organizationNumber: '202100-3898',
      name: 'Kommun B',
      role_dispatcher: 'on',
      contactName: 'Örjan',
      contactEmail: 'o@b.example',
    };
    const answer = await freja.post(`${LIST}/ny`, form);
    assert.equal(answer.to, `${setup.origin}${of(SERVED)}?klart=apply`);
    const page = await freja.get(of(SERVED));
    assert.match(page.text, /Anslutning som förmedlare.*Anslutning som avsändare/s);
    const twice = await freja.post(`${LIST}/ny`, form);
    assert.equal(twice.status, 409);
    assert.match(twice.text, /redan ett anslutningsärende som pågår/);
    const end = /href="([^"]+avsluta-arende\/[0-9a-f-]{36})"/.exec(page.text)?.[1] ?? '';
    assert.equal((await act(end, { end: 'withdrawn', reason: 'Använder en annan förmedlare' })).status, 303);
    const ended = await freja.get(`${of(SERVED)}?klart=end`);
    assert.match(ended.text, /Anslutningsärendet är avslutat.*Övriga anslutningar.*Återtagen/s);
  });

  it('say every refusal in English too', () => {
    const codes = Object.keys(FAR_ERRORS).filter((code) =>
      /^FAR_(ACTOR|FIELD|MISSING|CONNECTION|ROLE_HELD|STEP|CERTIFICATE|NOT_DISPATCHER|NOT_OPERATOR|CONTACT|CONFORMANCE)/.test(
        code,
      ),
    );
    assert.ok(codes.length > 30);
    assert.deepEqual(
      codes.filter((code) => !(code in ACTOR_ERRORS_ENGLISH)),
      [],
    );
  });
});
