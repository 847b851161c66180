import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { listRoutes } from '@brevduva/base';
import { HUB_ERRORS } from '../src/errors.ts';
import { applyConfiguration } from '../src/organisation/applyConfiguration.ts';
import { createCredentialAdmin } from '../src/organisation/credentialAdmin.ts';
import { parseConfiguration } from '../src/organisation/parseConfiguration.ts';
import { seedSession } from './support/consoleLetters.ts';
import { askPage, type Person, seedStranger } from './support/consolePages.ts';
import { OTHER_MUNICIPALITY } from './support/hubDatabase.ts';
import { type IntakeHub, LETTER, startIntakeHub } from './support/intakeHub.ts';

/** The pages under Inställningar over HTTP, with the sample municipality's own file. */
const NUMBER = '164999000013';
let hub: IntakeHub;
let astrid: Person;
let maja: Person;
let neighbour: Person;
let secret: string;
before(async () => {
  hub = await startIntakeHub();
  const file = new URL('../../../examples/lillkoping/organisation.yaml', import.meta.url);
  const configuration = parseConfiguration(readFileSync(file, 'utf8'));
  const { organisationId } = await applyConfiguration(hub.pool, configuration, { by: 'Astrid Ståhl' });
  const own = { id: organisationId, name: 'Lillköpings kommun' };
  astrid = await seedSession(hub.pool, own, ['administrator']);
  maja = await seedSession(hub.pool, own, ['caseworker']);
  neighbour = await seedStranger(hub, 'administrator');
  const admin = createCredentialAdmin(hub.pool);
  const of = { organizationNumber: NUMBER, systemCode: 'byggarenden' };
  ({ secret } = await admin.makeSecret(of, { kind: 'apiKey', label: 'drift', by: 'Astrid Ståhl' }));
  const { code } = await admin.makeSecret(of, { kind: 'oauthClient', label: 'gammal', by: 'Astrid Ståhl' });
  await admin.revoke(NUMBER, code, 'Astrid Ståhl');
});
after(() => hub.close());

const get = (path: string, person = astrid, lang = 'sv') =>
  askPage(hub, path, { ...person, cookie: `${person.cookie}; lang=${lang}` });

const PAGES = () =>
  listRoutes(hub.hub.app)
    .filter(({ method, url }) => method === 'GET' && url.startsWith('/installningar'))
    .map(({ url }) => url.replace('floden/:code', 'floden/skolval').replace('system/:code', 'system/byggarenden'));

test('are for administrators only, and only they have them in the menu', async () => {
  assert.equal(PAGES().length, 7);
  for (const path of PAGES()) {
    assert.equal((await get(path)).status, 200, path);
    const refused = await get(path, maja);
    assert.equal(refused.status, 403, path);
    assert.ok(refused.text.includes(HUB_ERRORS.HUB_ADMINISTRATOR_ONLY.text));
  }
  assert.match((await get('/')).text, /href="\/installningar"/);
  assert.doesNotMatch((await get('/', maja)).text, /href="\/installningar"/);
  assert.match((await get('/installningar/floden/finns-inte')).text, /href="\/installningar"/, 'on error pages too');
});

test('another organisation sees its own and nothing of ours', async () => {
  for (const path of PAGES().filter((one) => !/skolval|byggarenden/.test(one))) {
    const { status, text } = await get(path, neighbour);
    assert.equal(status, 200);
    assert.doesNotMatch(text, /Lillköping|Byggärenden|skolval|Astrid|164999000013/, path);
  }
  for (const [path, code] of [
    ['/installningar/floden/skolval', 'HUB_FLOW_NOT_FOUND'],
    ['/installningar/system/byggarenden', 'HUB_SYSTEM_NOT_FOUND'],
  ] as const) {
    const { status, text } = await get(path, neighbour);
    assert.deepEqual([status, text.includes(HUB_ERRORS[code].text)], [404, true], path);
  }
  assert.match((await get('/installningar', neighbour)).text, new RegExp(`--organisation ${OTHER_MUNICIPALITY}`));
});

test('say what is set, in Swedish and English', async () => {
  const organisation = (await get('/installningar')).text;
  assert.match(organisation, /brevduva config export --organisation 164999000013 &gt; organisation\.yaml/);
  assert.match(organisation, /Rådhustorget 1/);
  assert.match((await get('/installningar/enheter')).text, /Bygglovsenheten[\s\S]*?3120/);
  const flow = (await get('/installningar/floden/skolval')).text;
  assert.match(flow, /mån–fre 07:00–20:00/);
  assert.match(flow, /Vid fler än 200 mottagare/);
  assert.match(flow, /Påminnelse om brevet är oöppnat/);
  assert.match(flow, /href="\/installningar\/system\/skolsystemet"/);
  assert.match(flow, /Adressen står på[\s\S]*?Vår adressida, alltid först[\s\S]*?Tryckeriets fönsterkuvert/);
  assert.match(flow, /PDF som inte kan läsas upp[\s\S]*?Tas emot/);
  const english = (await get('/installningar/floden/skolval', astrid, 'en')).text;
  assert.match(english, /Mon–Fri 07:00–20:00[\s\S]*With more than 200 recipients/);
  for (const path of PAGES())
    assert.doesNotMatch((await get(path, astrid, 'en')).text, />(Flöden|Enheter|Senast|Ändringar)</);
});

test('a system shows its credentials without any secret, and when it was last seen', async () => {
  const before = (await get('/installningar/system/byggarenden')).text;
  assert.match(before, /164999000013-byggarenden/);
  assert.match(before, /Senast sett[\s\S]*?Aldrig/);
  assert.match(before, /API-nyckel[\s\S]*?Giltig[\s\S]*?drift/);
  assert.match(before, /OAuth 2-klient[\s\S]*?Återkallad[\s\S]*?gammal/);
  assert.ok(!before.includes(secret));
  assert.equal((await hub.post(LETTER, { authorization: `Bearer ${secret}` })).status, 201);
  const seen = (await get('/installningar/system/byggarenden')).text;
  assert.doesNotMatch(seen, /Senast sett[\s\S]*?Aldrig[\s\S]*?Får skicka/);
  assert.match((await get('/installningar/system')).text, /Byggärenden[\s\S]*?<time /);
});

test('changes tell who, what, before and after', async () => {
  const { text } = await get('/installningar/andringar');
  assert.match(text, /System <code[^>]*>byggarenden<\/code><br><code[^>]*>oauthClient-/);
  assert.match(text, /Ur bruk[\s\S]*Astrid Ståhl/);
});
