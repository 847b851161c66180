import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { createContentCipher, listRoutes, newId } from '@brevduva/base';
import { black, PDF } from '@libpdf/core';
import { createContentStore, type PreparedContent } from '../src/content.ts';
import { HUB_ERRORS } from '../src/errors.ts';
import { createPdfTools } from '../src/pdf/tools.ts';
import { openPrintCase, selectOpenPrintCases } from '../src/sql/printCases.ts';
import { composePaper } from '../src/stages/composePaper.ts';
import type { StageContext, StageResult } from '../src/stages/stage.ts';
import { CHANNELS } from '../src/states.ts';
import { claimedLetter } from './support/claimedLetter.ts';
import { ADDRESS, seedLetter } from './support/consoleLetters.ts';
import { askPage, type Person, seedOwn, seedStranger } from './support/consolePages.ts';
import { CONTENT_KEY, type IntakeHub, startIntakeHub } from './support/intakeHub.ts';

/**
 * The console over HTTP, without a browser: walls between organisations, roles, forms, lists and hostile addresses. One file, since
 * the first test is the list of routes that the others go through.
 */
let hub: IntakeHub;
let maja: Person;
let omar: Person;
let stranger: Person;
before(async () => {
  hub = await startIntakeHub();
  maja = await seedOwn(hub, 'caseworker');
  omar = await seedOwn(hub, 'reader');
  stranger = await seedStranger(hub, 'caseworker');
});
after(() => hub.close());

const get = (path: string, person: Person | null = maja, headers: Record<string, string> = {}) =>
  askPage(hub, path, person, { headers });
const post = (path: string, person: Person | null, fields: [string, string][] | Record<string, string> = {}) =>
  askPage(hub, path, person, { fields });
const consoleRoutes = () =>
  listRoutes(hub.hub.app).filter(({ url }) => !/^\/(api|assets|health|login|logout|oauth|print)(\/|$)/.test(url));
const seed = (letter: Parameters<typeof seedLetter>[2]) => seedLetter(hub.pool, hub.organisationId, letter);

test('every route is the console’s and needs a login, or is one of the few that are known to need none', () => {
  const routes = listRoutes(hub.hub.app);
  assert.deepEqual(
    consoleRoutes()
      .map(({ method, url }) => `${method} ${url}`)
      .filter((route) => !route.startsWith('HEAD '))
      .sort(),
    [
      'GET /',
      'GET /arenden',
      'GET /arenden/:id/avbryt',
      'GET /att-reda-ut',
      'GET /att-reda-ut/:id',
      'GET /att-reda-ut/:id/pdf',
      'GET /att-reda-ut/:id/sidor/:n',
      'GET /brev',
      'GET /brev/:id',
      'GET /brev/:id/bilagor/:n',
      'GET /brev/:id/deliverSecure.xml',
      'GET /brev/:id/fel/:n/:page',
      'GET /brev/:id/text',
      'GET /brev/:id/utskrift',
      'GET /filinlamningar',
      'GET /filinlamningar/:id',
      'GET /filinlamningar/:id/resultat.csv',
      'GET /formular',
      'GET /formular/:id',
      'GET /formular/:id/filer/:n',
      'GET /installningar',
      'GET /installningar/andringar',
      'GET /installningar/enheter',
      'GET /installningar/floden',
      'GET /installningar/floden/:code',
      'GET /installningar/system',
      'GET /installningar/system/:code',
      'GET /returer',
      'GET /utskick',
      'GET /utskick/:id',
      'GET /utskick/:id/avbryt',
      'GET /utskick/:id/bilagor/:n',
      'GET /utskick/:id/granska',
      'GET /utskick/:id/mottagare',
      'GET /utskick/:id/mottagare/:recipient/bilagor/:n',
      'GET /utskick/:id/mottagare/:recipient/dokument',
      'GET /utskick/:id/mottagare/:recipient/text',
      'GET /utskick/:id/text',
      'GET /utskick/nytt',
      'GET /utskick/nytt/:upload',
      'GET /utskick/nytt/:upload/brev',
      'GET /utskriftsbatcher',
      'GET /utskriftsbatcher/:id',
      'POST /arenden/:id/avbryt',
      'POST /arenden/:id/forsok-igen',
      'POST /arenden/:id/papper',
      'POST /att-reda-ut/:id/lamna-in',
      'POST /att-reda-ut/:id/skicka-inte',
      'POST /formular/:id/avsluta',
      'POST /formular/:id/forsok-igen',
      'POST /returer',
      'POST /returer/:id/adressen-stammer',
      'POST /utskick/:id/avbryt',
      'POST /utskick/:id/godkann',
      'POST /utskick/:id/skicka-tillbaka',
      'POST /utskick/:id/slapp',
      'POST /utskick/nytt',
      'POST /utskick/nytt/:upload/brev',
      'POST /utskick/nytt/:upload/kolumner',
      'POST /utskriftsbatcher/fall/:id/utrett',
    ],
    'a new route is written down here, and so meets the tests below',
  );
  for (const { url, access } of consoleRoutes()) assert.equal(access, 'session', url);
  for (const { url, access } of routes) {
    if (url.startsWith('/api/v1')) assert.equal(access, 'apiKey', url);
  }
});

test('without a login a page leads to the login and back, a form is refused', async () => {
  for (const { method, url } of consoleRoutes()) {
    const path = url.replace(':id', '01990000-0000-7000-8000-000000000000').replace(':n', '0');
    if (method === 'GET') {
      const answer = await get(path, null);
      assert.equal(answer.status, 302, url);
      assert.equal(answer.headers.get('location'), `/login?return=${encodeURIComponent(path)}`);
    }
    if (method === 'POST') assert.equal((await post(path, null)).status, 401, url);
  }
});

test('what belongs to another organisation is not found, on every route with an id', async () => {
  const { letterId, caseId } = await seed({ reason: 'noChannel', address: ADDRESS, subject: 'Grannens hemlighet' });
  const ids = { brev: letterId, arenden: caseId };
  // Mailings, hand-ins and forms have their own (consoleMailings.test.ts, consoleHandIns.test.ts, forms.test.ts).
  const withId = consoleRoutes().filter(({ url }) => /^\/(brev|arenden)\/:id/.test(url));
  assert.ok(withId.length >= 9);
  for (const { method, url } of withId.filter((route) => route.method !== 'HEAD')) {
    const kind = url.startsWith('/brev/') ? 'brev' : 'arenden';
    const code = kind === 'brev' ? 'HUB_LETTER_NOT_FOUND' : 'HUB_CASE_NOT_FOUND';
    for (const id of [ids[kind], '01990000-0000-7000-8000-000000000000', 'x', `${ids[kind]}%00`, "' or 1=1 --"]) {
      const path = url.replace(':id', encodeURI(id)).replace(':n', '0');
      const answer =
        method === 'GET'
          ? await get(path, stranger)
          : await post(path, stranger, { _csrf: stranger.csrf, ...ADDRESS_FIELDS });
      assert.equal(answer.status, 404, `${method} ${path}`);
      assert.match(answer.text, new RegExp(code), `${method} ${path}`);
      assert.ok(answer.text.includes(HUB_ERRORS[code].text));
      assert.doesNotMatch(answer.text, /Grannens hemlighet/);
    }
  }
  const { rows } = await hub.pool.query('select state from letter where id = $1', [letterId]);
  assert.equal(rows[0].state, 'case');
  for (const path of ['/', '/brev', '/arenden', `/brev?q=${letterId}`, '/brev?q=19121212-1212']) {
    assert.doesNotMatch((await get(path, stranger)).text, /Grannens hemlighet/, path);
  }
});

const ADDRESS_FIELDS = { name: 'Åsa', street: 'Gatan 1', postalCode: '123 45', city: 'Byn' };

test('a form without its token changes nothing', async () => {
  const { letterId, caseId } = await seed({ reason: 'noChannel', address: ADDRESS });
  for (const { url } of consoleRoutes().filter(({ method }) => method === 'POST')) {
    for (const fields of [ADDRESS_FIELDS, { ...ADDRESS_FIELDS, _csrf: stranger.csrf }]) {
      const answer = await post(url.replace(':id', caseId), maja, fields);
      assert.equal(answer.status, 403, url);
      assert.match(answer.text, /BASE_CSRF/);
    }
  }
  const { rows } = await hub.pool.query('select state from letter where id = $1', [letterId]);
  assert.equal(rows[0].state, 'case');
});

test('a letter shows what it asks to be paid, of a protected person not even that', async () => {
  const { letterId } = await seed({ reason: 'noChannel', address: ADDRESS });
  const invoice = {
    ...{ dueDate: '2026-12-24', amountHundredths: 123_450, currency: 'SEK' },
    account: { kind: 'bankgiro', number: '50501055' },
    reference: { kind: 'ocr', text: '70012075' },
  };
  await hub.pool.query('update letter set invoice = $2 where id = $1', [letterId, JSON.stringify(invoice)]);
  const says =
    /Att betala<\/dt><dd>1\u00a0234,50\u00a0kr<br>senast 2026-12-24<br>Bankgiro 5050-1055<br>OCR-nummer 70012075/;
  assert.match((await get(`/brev/${letterId}`, omar)).text, says);
  await hub.pool.query('update letter set protected_identity = true where id = $1', [letterId]);
  assert.doesNotMatch((await get(`/brev/${letterId}`, omar)).text, /1\u00a0234,50|70012075/);
});

test('who may only read sees the case and no buttons, and is refused the forms', async () => {
  const { letterId, caseId } = await seed({ reason: 'noChannel', address: ADDRESS });
  const page = await get(`/brev/${letterId}`, omar);
  assert.equal(page.status, 200);
  assert.match(page.text, /Du har läsbehörighet/);
  assert.doesNotMatch(page.text, /action="\/arenden/);
  assert.doesNotMatch((await get('/arenden', omar)).text, /action="\/arenden|avbryt"/);
  const paths = consoleRoutes().filter(({ url, method }) => url.startsWith('/arenden/:id') && method !== 'HEAD');
  for (const { method, url } of paths) {
    const path = url.replace(':id', caseId);
    const answer =
      method === 'GET' ? await get(path, omar) : await post(path, omar, { _csrf: omar.csrf, ...ADDRESS_FIELDS });
    assert.equal(answer.status, 403, url);
    assert.match(answer.text, /HUB_ROLE_MISSING/);
  }
});

test('addresses that nobody writes by hand are answered, never with an error of ours', async () => {
  const queries = [
    '/arenden?klart=constructor',
    '/arenden?klart=__proto__&brev=x',
    '/arenden?klart=cancelled&klart=cancelled',
    '/arenden?sida=0',
    '/arenden?sida=999999999',
    '/arenden?sida=-1',
    '/brev?q=%00',
    '/brev?q=a%00b',
    '/brev?q=a&q=b',
    `/brev?q=${'x'.repeat(5000)}`,
    '/brev?state=toString&channel=__proto__&flow=%00',
    '/brev?after=x',
    '/brev?after=01990000-0000-7000-8000-000000000000',
    '/brev?before=01990000-0000-7000-8000-000000000000',
    '/brev?before=%F0%9F%92%A9',
    '/?lang=constructor',
    '/?lang=en&lang=sv',
  ];
  for (const path of queries) assert.equal((await get(path)).status, 200, path);
  const { caseId } = await seed({ reason: 'noChannel' });
  const twice: [string, string][] = [
    ['_csrf', maja.csrf],
    ['name', 'Åsa\u0000'],
    ['name', 'Åsa'],
    ['street', 'x'.repeat(3000)],
    ['city', '<script>alert(1)</script>'],
  ];
  const answer = await post(`/arenden/${caseId}/papper`, maja, twice);
  assert.equal(answer.status, 422);
  assert.doesNotMatch(answer.text, /<script>alert/);
});

test('a letter is found by number with and without hyphen, by reference and by id, and only by the whole of them', async () => {
  const person = await seed({ recipient: '199001012385', subject: 'Till Anna', reference: 'Dnr 17/2026' });
  await seed({ recipient: '162021004748', subject: 'Till kommunen' });
  const found = async (q: string) =>
    [...(await get(`/brev?q=${encodeURIComponent(q)}`)).text.matchAll(/Till (\w+)</g)].map(([, who]) => who);
  for (const q of [
    '199001012385',
    '19900101-2385',
    ' 19900101-2385 ',
    '19900101 2385',
    'Dnr 17/2026',
    person.letterId,
    person.letterId.toUpperCase(),
  ]) {
    assert.deepEqual(await found(q), ['Anna'], q);
  }
  for (const q of ['202100-4748', '2021004748', '162021004748', '16202100-4748'])
    assert.deepEqual(await found(q), ['kommunen'], q);
  for (const q of ['199001', 'Dnr', '%', 'Till', person.letterId.slice(0, 8), "' or 1=1 --"])
    assert.deepEqual(await found(q), [], q);
  assert.match((await get('/brev?q=finnsinte')).text, /Inget brev passar filtret/);
});

test('filters narrow together', async () => {
  await seed({ subject: 'Papperstest', state: 'printed', channel: 'paper', reference: 'filter' });
  await seed({ subject: 'Digitaltest', state: 'delivered', channel: 'digital', reference: 'filter' });
  const found = async (query: string) =>
    [...(await get(`/brev?q=filter&${query}`)).text.matchAll(/(\w+)test</g)].map(([, which]) => which).sort();
  assert.deepEqual(await found(''), ['Digital', 'Pappers']);
  assert.deepEqual(await found('state=printed'), ['Pappers']);
  assert.deepEqual(await found('channel=digital'), ['Digital']);
  assert.deepEqual(await found('channel=digital&state=printed'), []);
  assert.deepEqual(await found('flow=beslut'), ['Digital', 'Pappers']);
  assert.deepEqual(await found('flow=papper'), []);
});

test('paging meets every letter once, also those of the same instant and of the same millisecond, there and back', async () => {
  // 60 at one instant, as a mailing has them, and 60 that differ in microseconds only.
  for (let n = 0; n < 120; n += 1) {
    const createdAt = n < 60 ? '2026-01-02T03:04:05.000500Z' : `2026-01-02T03:04:05.000${String(500 + n)}Z`;
    await seed({ recipient: '199809252395', subject: `Utskick nr ${n}`, createdAt });
  }
  const pages: string[][] = [];
  let path: string | undefined = '/brev?q=19980925-2395';
  while (path !== undefined) {
    const { text } = await get(path);
    pages.push([...text.matchAll(/Utskick nr (\d+)</g)].map(([, n]) => n ?? ''));
    path = linkOf(text, 'next');
    assert.ok(pages.length <= 4, 'the pages never end');
    if (path === undefined) {
      const back = linkOf(text, 'prev');
      assert.ok(back);
      const { text: second } = await get(back);
      assert.deepEqual(
        [...second.matchAll(/Utskick nr (\d+)</g)].map(([, n]) => n ?? ''),
        pages[1],
      );
      const top = linkOf(second, 'prev');
      assert.ok(top);
      const { text: first } = await get(top);
      assert.deepEqual(
        [...first.matchAll(/Utskick nr (\d+)</g)].map(([, n]) => n ?? ''),
        pages[0],
      );
    }
  }
  assert.deepEqual(
    pages.map((page) => page.length),
    [50, 50, 20],
  );
  assert.equal(new Set(pages.flat()).size, 120);
});

function linkOf(text: string, rel: string): string | undefined {
  return new RegExp(`rel="${rel}" href="([^"]+)"`).exec(text)?.[1]?.replaceAll('&amp;', '&');
}

test('the queue comes in pages too', async () => {
  for (let n = 0; n < 45; n += 1) await seed({ reason: 'noChannel', subject: `Köat ${n}` });
  const first = await get('/arenden');
  assert.equal([...first.text.matchAll(/<article/g)].length, 20);
  assert.match(first.text, /href="\/arenden\?sida=2"/);
  const last = await get('/arenden?sida=9999');
  assert.equal(last.status, 200);
  assert.ok([...last.text.matchAll(/<article/g)].length > 0);
});

test('of a protected person no page and no file shows number, name, address or words of the letter', async () => {
  const recipient = '199612102397';
  const { letterId, caseId } = await seed({
    recipient,
    subject: 'Beslut om Skyddade Svea',
    address: { name: 'Skyddade Svea', lines: ['Gömda gatan 4'], postalCode: '123 45', city: 'Hemlige' },
    body: 'Hej Skyddade Svea, du bor på Gömda gatan 4.',
    protectedIdentity: true,
    reason: 'protectedIdentity',
    reference: 'IFO-77',
  });
  const secret = /19961210|961210-?2397|Svea|Gömda|Hemlige/;
  for (const path of [
    `/brev/${letterId}`,
    '/brev?state=case',
    '/brev?q=IFO-77',
    `/brev?q=${letterId}`,
    '/',
    '/arenden',
    `/arenden/${caseId}/avbryt`,
  ]) {
    const { status, text } = await get(path);
    assert.equal(status, 200, path);
    assert.doesNotMatch(text, secret, path);
  }
  assert.match((await get('/brev?q=IFO-77')).text, /Skyddad identitet/);
  for (const q of [recipient, '19961210-2397']) {
    assert.match(
      (await get(`/brev?q=${q}`)).text,
      /Inget brev passar filtret/,
      'the number finds nothing: the hit would tell whose it is',
    );
  }
  for (const file of ['text', 'utskrift', 'deliverSecure.xml', 'bilagor/0']) {
    const answer = await get(`/brev/${letterId}/${file}`);
    assert.equal(answer.status, 403, file);
    assert.match(answer.text, /HUB_LETTER_PROTECTED/);
    assert.ok(answer.text.includes(HUB_ERRORS.HUB_LETTER_PROTECTED.text));
    assert.doesNotMatch(answer.text, secret);
  }
  const paper = await post(`/arenden/${caseId}/papper`, maja, { _csrf: maja.csrf, ...ADDRESS_FIELDS });
  assert.equal(paper.status, 409);
  assert.match(paper.text, /HUB_CASE_PROTECTED/);
  const api = await hub.get(letterId);
  assert.equal(api.status, 200);
  assert.equal(api.body.recipientMasked, '********-****');
});

test('hostile words from a letter are words on every page', async () => {
  const hostile = '"><img src=x onerror=alert(1)><script>alert(2)</script>';
  const { letterId, caseId } = await seed({
    subject: hostile,
    reference: hostile,
    address: { ...ADDRESS, name: hostile },
    body: hostile,
    reason: 'noChannel',
  });
  for (const path of [
    `/brev/${letterId}`,
    '/brev',
    '/',
    '/arenden',
    `/arenden/${caseId}/avbryt`,
    `/brev?q=${encodeURIComponent(hostile)}`,
    `/arenden?klart=triedAgain&brev=${letterId}`,
  ]) {
    const { status, text } = await get(path);
    assert.equal(status, 200);
    assert.doesNotMatch(text, /<img src=x|<script>alert/, path);
  }
});

/** A black rectangle on the first page, in millimetres from the upper left corner. */
async function inkedPdf(left: number, top: number): Promise<Buffer> {
  const pdf = PDF.create();
  const page = pdf.addPage({ width: 595.276, height: 841.89 });
  const mm = 72 / 25.4;
  page.drawRectangle({ x: left * mm, y: 841.89 - (top + 10) * mm, width: 20 * mm, height: 10 * mm, color: black });
  return Buffer.from(await pdf.save());
}

test('scenario 3: of a letter that cannot be printed, the page is shown with what is wrong framed, to those who may read it', async () => {
  const { pool, organisationId } = hub;
  const content = createContentStore(pool, createContentCipher(CONTENT_KEY));
  const pdf = createPdfTools();
  const stored = content.prepare(organisationId, await inkedPdf(0, 150), 'application/pdf');
  const body = content.prepare(organisationId, Buffer.from('Hej'), 'text/plain');
  await content.put(pool, organisationId, [stored, body]);
  const file = { filename: 'beslut.pdf', contentType: 'application/pdf', hash: stored.hash, plainBytes: 1_000 };
  const results: StageResult[] = [];
  const context = { content, pdf, storeContent: (id: string, one: PreparedContent) => content.put(pool, id, [one]) };
  await composePaper(
    [claimedLetter({ organisationId, address: ADDRESS, bodyHash: body.hash, attachments: [file] })],
    context as unknown as StageContext,
    async (some) => void results.push(...some),
  );
  await pdf.close();
  const outcome = results[0]?.outcome;
  assert.ok(outcome?.kind === 'manual' && outcome.reason === 'contentDoesNotFit');
  const { letterId, caseId } = await seed({ reason: 'contentDoesNotFit', caseStage: 'compose', address: ADDRESS });
  await pool.query('update manual_case set detail = $2 where id = $1', [caseId, outcome.detail]);
  await pool.query(
    `insert into attachment (organisation_id, letter_id, position, filename, content_type, hash, plain_bytes, pages)
     values ($1, $2, 0, 'beslut.pdf', 'application/pdf', $3, 1000, 1)`,
    [organisationId, letterId, stored.hash],
  );
  const shown = (await get(`/brev/${letterId}`)).text;
  assert.match(
    shown,
    /<h4>beslut\.pdf, sidan 1<\/h4>[\s\S]*Innehåll ligger i marginalen[\s\S]*0,0, 1(?:49,9|50,0): 3,\d × \d+,\d mm/,
  );
  const path = `/brev/${letterId}/fel/0/1`;
  assert.ok(shown.includes(`src="${path}"`));
  const answer = await fetch(`${hub.hub.webUrl}${path}`, { headers: { cookie: maja.cookie } });
  assert.deepEqual(
    [answer.headers.get('content-type'), answer.headers.get('cache-control')],
    ['image/png', 'no-store'],
  );
  const png = Buffer.from(await answer.arrayBuffer());
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20), png[25]], [826, 1168, 2], 'A4 in colours');
  const rows = inflateSync(png.subarray(png.indexOf('IDAT') + 4));
  const dot = (x: number, y: number) => [...rows.subarray(y * (826 * 3 + 1) + 1 + x * 3).subarray(0, 3)];
  const [x, y] = [8, Math.round((155 / 25.4) * 100)];
  assert.deepEqual(dot(x, y), [0, 0, 0], 'the ink itself can be seen');
  assert.deepEqual(dot(22, y), [0xc4, 0x1e, 0x1e], 'and its frame');
  for (const odd of ['0/2', '1/1', 'x/1']) assert.equal((await get(`/brev/${letterId}/fel/${odd}`)).status, 404, odd);
  assert.equal((await get(path, stranger)).status, 404);
  await pool.query('update letter set protected_identity = true where id = $1', [letterId]);
  assert.match((await get(path)).text, /HUB_LETTER_PROTECTED/);
  assert.doesNotMatch((await get(`/brev/${letterId}`)).text, /beslut\.pdf|\/fel\//);
});

test('an HTML message is a document of its own that may do nothing', async () => {
  const { letterId } = await seed({ contentType: 'text/html', body: '<p>Hej</p>' });
  const answer = await get(`/brev/${letterId}/text`);
  assert.equal(answer.status, 200);
  const policy = answer.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /sandbox/);
  assert.doesNotMatch(policy, /allow-scripts|allow-same-origin/);
  assert.match((await get(`/brev/${letterId}`)).text, /<iframe class="bd-message"[^>]+sandbox=/);
  const plain = await seed({ body: '<p>Hej</p>' });
  assert.equal((await get(`/brev/${plain.letterId}/text`)).status, 404);
});

test('faults come back at their fields, with what was written, at status 422', async () => {
  const { caseId, letterId } = await seed({
    reason: 'outcomeUnknownTooLong',
    channel: 'digital',
    caseStage: 'deliver',
  });
  const answer = await post(`/arenden/${caseId}/papper`, maja, {
    _csrf: maja.csrf,
    name: 'Åsa "Ek"',
    street: '',
    postalCode: '1',
    city: 'Byn',
  });
  assert.equal(answer.status, 422);
  assert.match(answer.text, /<title>Fel: /);
  for (const field of ['street', 'postalCode', 'riskConfirmed']) {
    assert.match(answer.text, new RegExp(`href="#${field}"`));
    assert.match(answer.text, new RegExp(`id="${field}-error"`));
  }
  assert.match(answer.text, /value="Åsa &quot;Ek&quot;"/);
  assert.match(
    answer.text,
    new RegExp(`href="/brev/${letterId}\\?lang=en"`),
    'the language changes where the page stands',
  );
  const english = await fetch(`${hub.hub.webUrl}/arenden/${caseId}/papper`, {
    method: 'POST',
    headers: { cookie: maja.cookie, accept: 'text/html', 'accept-language': 'en' },
    body: new URLSearchParams({ _csrf: maja.csrf }),
  });
  assert.match(await english.text(), /The address lacks street or box/);
});

test('the second of two is told who was first, and what she did', async () => {
  const { caseId, letterId } = await seed({ reason: 'noChannel' });
  const first = await post(`/arenden/${caseId}/avbryt`, maja, { _csrf: maja.csrf });
  assert.equal(first.status, 303);
  assert.equal(first.headers.get('location'), `/arenden?klart=cancelled&brev=${letterId}`);
  for (const action of ['avbryt', 'forsok-igen', 'papper']) {
    const second = await post(`/arenden/${caseId}/${action}`, maja, { _csrf: maja.csrf, ...ADDRESS_FIELDS });
    assert.equal(second.status, 409, action);
    assert.match(second.text, /Någon annan hann före/);
    assert.match(second.text, /Maja Lilja avbröt brevet/);
  }
  assert.equal((await get(`/arenden/${caseId}/avbryt`)).status, 303, 'nothing is left to ask about');
  assert.match((await get(`/arenden?klart=cancelled&brev=${letterId}`)).text, /Brevet är avbrutet/);
});

test('pages of a login are kept in no cache', async () => {
  const { letterId } = await seed({});
  for (const path of ['/', '/brev', '/arenden', `/brev/${letterId}`]) {
    assert.match((await get(path)).headers.get('cache-control') ?? '', /no-store/, path);
  }
});

test('a letter with a long story shows its beginning and its end', async () => {
  const { letterId } = await seed({});
  await hub.pool.query(
    `insert into letter_event (organisation_id, letter_id, kind, actor, detail)
     select $1, $2, 'triedAgain', 'Person ' || n, '{}' from generate_series(1, 1000) n`,
    [hub.organisationId, letterId],
  );
  const { text } = await get(`/brev/${letterId}`);
  const people = [...text.matchAll(/Person (\d+)</g)].map(([, n]) => Number(n));
  assert.equal(people.length, 200);
  assert.deepEqual([people[0], people[99], people[100], people[199]], [1, 100, 901, 1000]);
  assert.match(text, /800 händelser mitt i historien/);
});

test('English is chosen by the browser, by the link, and remembered', async () => {
  const { letterId } = await seed({ reason: 'noChannel', address: ADDRESS });
  const page = await get(`/brev/${letterId}`, maja, { 'accept-language': 'en-GB' });
  assert.match(page.text, /<html lang="en"/);
  assert.match(page.text, /The recipient has no digital mailbox that takes the letter/);
  assert.doesNotMatch(page.text.replaceAll('Ärendesystemet', ''), /Mottagaren|Ärende|Skicka på|Handläggande/);
  const chosen = await get('/?lang=en');
  assert.match(chosen.headers.get('set-cookie') ?? '', /lang=en/);
  const missing = await get('/brev/x', maja, { 'accept-language': 'en' });
  assert.equal(missing.status, 404);
  assert.match(missing.text, /The letter does not exist\./);
});

test('the first page says whether everything has an end, what has not, and when nobody knows', async () => {
  const check = (minutesAgo: number, findings: unknown) =>
    hub.pool.query(
      `insert into end_check (organisation_id, checked_at, findings) values ($1, now() - $2 * interval '1 minute', $3)
       on conflict (organisation_id) do update set checked_at = excluded.checked_at, findings = excluded.findings`,
      [hub.organisationId, minutesAgo, JSON.stringify(findings)],
    );
  await check(2, []);
  assert.match((await get('/')).text, /Alla brev har ett slut eller en tid för nästa steg\./);
  await check(40, []);
  assert.match((await get('/')).text, /Kontrollen att alla brev har ett slut går inte/);
  const { letterId } = await seed({ state: 'case' });
  const found = { kind: 'letterNoCase', count: 3, since: '2026-11-20T10:00:00Z', examples: [letterId] };
  await check(2, [found]);
  const { text } = await get('/');
  assert.match(text, /Allt har inte ett slut[\s\S]*Brev som ska ligga hos en person men saknar ärende: 3/);
  assert.ok(text.includes(`href="/brev/${letterId}"`));
  const other = await get('/', stranger);
  assert.doesNotMatch(other.text, /Allt har inte ett slut/);
  assert.match((await get('/?lang=en')).text, /Not everything has an end[\s\S]*Letters said to be with a person/);
});

test('a letter’s receipts say by which channel, each with its own', async () => {
  const { letterId } = await seed({ state: 'printed', channel: 'paper' });
  await hub.pool.query(
    `insert into receipt (organisation_id, letter_id, channel, delivered, proof)
     select $1, $2, channel, true, '{}' from unnest($3::text[]) as channel`,
    [hub.organisationId, letterId, [...CHANNELS]],
  );
  const { text } = await get(`/brev/${letterId}`);
  const words = text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
  for (const name of ['Digital brevlåda', 'Papper', 'Avisering', 'Sms', 'E-post', 'E-faktura', 'Extern förmedlare']) {
    assert.match(words, new RegExp(`Levererat ${name}, \\d{4}-`), name);
  }
});

test('a batch shows how far it has come and its letters, those that went wrong first; to its organisation only', async () => {
  const [posted, rejected] = [
    await seed({ state: 'printed', channel: 'paper', subject: 'Postat <brev>' }),
    await seed({ state: 'printed', channel: 'paper', subject: 'Ej utskrivet' }),
  ];
  const id = newId();
  await hub.pool.query(
    `insert into print_batch (organisation_id, id, shop_code, sort_key, state, promise, letters, sheets, handed_over_at, post_by)
     values ($1, $2, 'tryck', '', 'handedOver', 'posted', 2, 3, now(), now() + interval '1 day')`,
    [hub.organisationId, id],
  );
  await hub.pool.query(
    `insert into print_batch_letter (organisation_id, id, letter_id, shop_code, sort_key, due_at, print_hash, facts, state, batch_id, position,
       posted_at, rejected_at, reject_reason)
     select $1, gen_random_uuid(), letter_id, 'tryck', '', now(), sha256('x'), '{"sheets": 1}', state, $2, position,
       case when state = 'posted' then now() end, case when state = 'rejected' then now() end, case when state = 'rejected' then 'Bläck saknas' end
     from unnest($3::uuid[], array['posted', 'rejected'], array[1, 2]) as l (letter_id, state, position)`,
    [hub.organisationId, id, [posted.letterId, rejected.letterId]],
  );
  const { text } = await get(`/utskriftsbatcher/${id}`);
  assert.match(text, /väntas senast/);
  assert.ok(text.indexOf('Ej utskrivet') < text.indexOf('Postat &lt;brev&gt;'), 'what went wrong stands first');
  assert.match(text, /Bläck saknas/);
  assert.match((await get('/utskriftsbatcher')).text, new RegExp(`/utskriftsbatcher/${id}`));
  const shown = (await get(`/brev/${posted.letterId}`)).text;
  assert.match(shown, /tryck: postat/);
  assert.match(shown, new RegExp(`/utskriftsbatcher/${id}`));
  const refused = await get(`/utskriftsbatcher/${id}`, stranger);
  assert.deepEqual([refused.status, /HUB_BATCH_NOT_FOUND/.test(refused.text)], [404, true]);
});

test('a case about a print shop is seen, settled by who may act, and no other organisation’s', async () => {
  const found = {
    organisationId: hub.organisationId,
    shopCode: 'tryck',
    reason: 'unknownLetter',
    key: 'k',
    hours: 24,
  } as const;
  await openPrintCase(hub.pool, { ...found, detail: { file: 'kvitto.jsonl', count: 1, lines: [7] } });
  const { text } = await get('/utskriftsbatcher');
  assert.match(text, /kvitto\.jsonl: 7/);
  assert.doesNotMatch((await get('/utskriftsbatcher', stranger)).text, /kvitto/);
  const [line] = await selectOpenPrintCases(hub.pool, hub.organisationId, 10);
  const path = `/utskriftsbatcher/fall/${line?.id}/utrett`;
  const refused = await post(path, stranger, { _csrf: stranger.csrf });
  assert.equal(refused.status, 404);
  assert.match(refused.text, /HUB_CASE_NOT_FOUND/);
  const settled = await post(path, maja, { _csrf: maja.csrf });
  assert.equal(settled.status, 303);
  assert.deepEqual(await selectOpenPrintCases(hub.pool, hub.organisationId, 10), []);
  assert.doesNotMatch((await get('/utskriftsbatcher')).text, /kvitto/);
});
