import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createLog, listRoutes, systemClock } from '@brevduva/base';
import { HUB_ERRORS } from '../src/errors.ts';
import { sweepOnce } from '../src/sweep.ts';
import { samplePdf } from './pdfSamples.ts';
import { askPage, type Page, type Person, seedOwn, seedStranger } from './support/consolePages.ts';
import { zipOf } from './support/dropFolder.ts';
import { EICAR } from './support/eicar.ts';
import { API_KEY } from './support/hubDatabase.ts';
import { base64Of, type IntakeHub, PDF, startIntakeHub } from './support/intakeHub.ts';

/** The pages of mailings over HTTP: walls, roles, the second person's answer. FaR does not listen here. */
let hub: IntakeHub;
let maja: Person;
let gunilla: Person;
let omar: Person;
let stranger: Person;
before(async () => {
  hub = await startIntakeHub();
  maja = await seedOwn(hub, 'caseworker');
  gunilla = await seedOwn(hub, 'approver');
  omar = await seedOwn(hub, 'reader');
  stranger = await seedStranger(hub, 'caseworker', 'approver');
  await hub.pool.query(`update flow set approval_over = 1 where code = 'beslut'`);
});
after(() => hub.close());

const ANNA = '192705178354';
const TOLVAN = '191212121212';
const SVEA = '199001032391';
const NOBODY = '01990000-0000-7000-8000-000000000000';

const get = (path: string, person = maja, headers: Record<string, string> = {}) =>
  askPage(hub, path, person, { headers });
const post = (path: string, person = gunilla, fields: Record<string, string> = {}) =>
  askPage(hub, path, person, { fields: { _csrf: person.csrf, ...fields } });

async function api(path: string, body?: unknown) {
  const response = await fetch(new URL(`/api/v1/mailings${path}`, hub.url), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${API_KEY}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  assert.ok(response.ok, await response.clone().text());
  return response.json() as Promise<{ id: string }>;
}

/** A mailing as a system hands it in, with the release asked for. */
async function mailing(
  more: Record<string, unknown> = {},
  recipients: unknown[] = [{ recipient: ANNA }, { recipient: TOLVAN }],
) {
  const draft = { name: 'Skolval 2027', flow: 'beslut', subject: 'Välj skola', body: { text: 'Nu är det <dags>.' } };
  const { id } = await api('', { ...draft, ...more });
  await api(`/${id}/recipients`, { recipients });
  await api(`/${id}/commit`);
  return id;
}

/** What the form on the page sends along. */
const begard = (page: Page): string => /name="begard" value="(\d+)"/.exec(page.text)?.[1] ?? '';
const stateOf = async (id: string): Promise<string> =>
  (await hub.pool.query('select state from mailing where id = $1', [id])).rows[0].state;

test('what a flow warns of stands on the mailing’s page, and where it is approved', async () => {
  await hub.pool.query("update flow set pdf_accessibility = 'warn', approval_over = 0 where code = 'beslut'");
  const id = await mailing({
    name: 'Inskannat',
    attachments: [base64Of('a.pdf', samplePdf({ pages: [{ text: '' }] }))],
  });
  await hub.pool.query("update flow set pdf_accessibility = 'off', approval_over = 1 where code = 'beslut'");
  for (const path of [`/utskick/${id}`, `/utskick/${id}/granska`]) {
    const { text } = await get(path);
    assert.match(text, /Alla kan inte läsa det här[\s\S]*Bilaga 1: PDF-filen saknar taggar/, path);
  }
});

test('a notice shows how long it is as SMS, and what makes it longer', async () => {
  await hub.pool.query("update flow set notification = 'noticeOnly' where code = 'beslut'");
  const [plain, odd] = [
    await mailing({ name: 'Kort', body: { text: 'Dags att lämna böckerna. Åäö är inget problem.' } }),
    await mailing({ name: 'Udda', body: { text: `Dags att lämna böckerna 👍 ${'x'.repeat(80)}` } }),
  ];
  await hub.pool.query("update flow set notification = 'none' where code = 'beslut'");
  const shown = async (id: string) => {
    await hub.pool.query("update flow set notification = 'noticeOnly' where code = 'beslut'");
    const { text } = await get(`/utskick/${id}/mottagare`);
    await hub.pool.query("update flow set notification = 'none' where code = 'beslut'");
    return text;
  };
  assert.match(await shown(plain), /1 sms per mottagare \(46 tecken, GSM-7\)\./);
  assert.match(await shown(odd), /2 sms per mottagare \(\d+ tecken, UCS-2\)\. De här tecknen gör det längre: 👍/);
  const letter = await mailing({ name: 'Brev' });
  assert.doesNotMatch((await get(`/utskick/${letter}/mottagare`)).text, /sms per mottagare/);
});

test('what belongs to another organisation is not found, on every route of a mailing', async () => {
  const id = await mailing({ name: 'Grannens utskick', attachments: [base64Of('a.pdf', PDF)] });
  const { rows } = await hub.pool.query('select id from mailing_recipient where mailing_id = $1', [id]);
  const routes = listRoutes(hub.hub.app).filter(
    ({ url, method }) => url.startsWith('/utskick/:id') && method !== 'HEAD',
  );
  assert.ok(routes.length >= 10);
  for (const { method, url } of routes) {
    for (const each of [id, NOBODY, 'x', `${id}%00`]) {
      const path = url.replace(':id', each).replace(':recipient', rows[0].id).replace(':n', '0');
      const answer = await (method === 'GET' ? get(path, stranger) : post(path, stranger, { reason: 'Nej' }));
      assert.equal(answer.status, 404, `${method} ${path}`);
      assert.match(answer.text, /HUB_MAILING_NOT_FOUND/);
      assert.ok(answer.text.includes(HUB_ERRORS.HUB_MAILING_NOT_FOUND.text));
      assert.doesNotMatch(answer.text, /Grannens utskick/);
    }
  }
  assert.doesNotMatch((await get('/utskick', stranger)).text, /Grannens utskick/);
  assert.doesNotMatch((await get(`/brev?utskick=${id}`, stranger)).text, /Grannens utskick/);
  assert.equal(await stateOf(id), 'awaitingApproval');
});

test('the list narrows by status, and the menu counts what waits', async () => {
  const id = await mailing({ name: 'Väntar här' });
  const list = await get('/utskick?state=awaitingApproval');
  assert.match(list.text, new RegExp(`href="/utskick/${id}">Väntar här`));
  assert.match(list.text, /Väntar på godkännande/);
  assert.doesNotMatch((await get('/utskick?state=cancelled')).text, /Väntar här/);
  for (const query of ['?state=toString', '?sida=0', '?sida=999999', '?state=committed&state=cancelled']) {
    assert.equal((await get(`/utskick${query}`)).status, 200, query);
  }
  assert.match(list.text, /href="\/utskick"[^>]*aria-current="page"/);
});

test('the page shows what all get, and a reader gets no buttons', async () => {
  const id = await mailing({ attachments: [base64Of('Skolval.pdf', PDF)] });
  const page = await get(`/utskick/${id}`);
  assert.match(page.text, /Nu är det &lt;dags&gt;\./);
  assert.match(page.text, new RegExp(`/utskick/${id}/bilagor/0`));
  assert.match(page.text, /Godkännande begärdes/);
  assert.match(page.text, /Avbryt utskicket/);
  assert.doesNotMatch((await get(`/utskick/${id}`, omar)).text, /Avbryt utskicket/);
  const file = await get(`/utskick/${id}/bilagor/0`, omar);
  assert.equal(file.headers.get('content-type'), 'application/pdf');
  assert.equal((await get(`/utskick/${id}/bilagor/1`)).status, 404);
  for (const path of ['godkann', 'skicka-tillbaka', 'avbryt']) {
    const answer = await post(`/utskick/${id}/${path}`, omar, { reason: 'Nej' });
    assert.equal(answer.status, 403, path);
    assert.match(answer.text, /HUB_ROLE_MISSING/);
  }
  assert.equal((await post(`/utskick/${id}/godkann`, maja)).status, 403, 'a caseworker is no approver');
  assert.equal(await stateOf(id), 'awaitingApproval');
});

test('the review says that FaR is down, masks its recipients, and can be approved all the same', async () => {
  const protectedOne = { recipient: SVEA, protectedIdentity: true, reference: 'Hemlig' };
  const id = await mailing({ attachments: [base64Of('Skolval.pdf', PDF)] }, [
    { recipient: ANNA },
    { recipient: TOLVAN },
    protectedOne,
  ]);
  const page = await get(`/utskick/${id}/granska`, gunilla);
  assert.equal(page.status, 200);
  assert.match(page.text, /FaR svarar inte/);
  assert.match(page.text, /19270517-••••/);
  assert.doesNotMatch(page.text, /19270517-?8354|19900103|Hemlig/);
  const file = /\/utskick\/[^"]+\/mottagare\/[^"]+\/bilagor\/0/.exec(page.text)?.[0] ?? '';
  assert.equal((await get(file, gunilla)).headers.get('content-type'), 'application/pdf');
  const { rows } = await hub.pool.query('select id from mailing_recipient where recipient = $1', [SVEA]);
  const hidden = await get(`/utskick/${id}/mottagare/${rows[0].id}/bilagor/0`, gunilla);
  assert.equal(hidden.status, 404);
  assert.match(hidden.text, /HUB_MAILING_NOT_FOUND/);

  const answer = await post(`/utskick/${id}/godkann`, gunilla, { begard: begard(page) });
  assert.equal(answer.status, 303, answer.text);
  assert.equal(answer.headers.get('location'), `/utskick/${id}?klart=approved`);
  const done = await get(`/utskick/${id}?klart=approved`, gunilla);
  assert.match(done.text, /Breven är på väg/);
  assert.match(done.text, new RegExp(`/brev\\?utskick=${id}&amp;state=waiting`));
  const { rows: events } = await hub.pool.query('select kind from mailing_event where mailing_id = $1 order by id', [
    id,
  ]);
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['created', 'approvalAsked', 'approved', 'committed'],
  );
  const letters = await get(`/brev?utskick=${id}`);
  assert.match(letters.text, /Breven i utskicket/);
  assert.equal([...letters.text.matchAll(/>Välj skola</g)].length, 2, 'and one of a protected person');

  const late = await post(`/utskick/${id}/godkann`, gunilla, { begard: begard(page) });
  assert.equal(late.status, 409);
  assert.match(late.text, /Någon annan hann före/);
  assert.match((await get(`/utskick/${id}/avbryt`)).headers.get('location') ?? '', new RegExp(id));
  const cancelled = await post(`/utskick/${id}/avbryt`, maja);
  assert.equal(cancelled.status, 409);
  assert.match(cancelled.text, /Någon annan hann före/);
});

test('who made the mailing does not approve it', async () => {
  const id = await mailing();
  const { rows } = await hub.pool.query(
    `select subject from web_session where principal -> 'roles' ? 'approver' and principal -> 'attributes' ->> 'organisationId' = $1`,
    [hub.organisationId],
  );
  await hub.pool.query('update mailing set created_by_subject = $2 where id = $1', [id, rows[0].subject]);
  const page = await get(`/utskick/${id}/granska`, gunilla);
  assert.match(page.text, /en kollega behöver godkänna/);
  assert.doesNotMatch(page.text, /action="[^"]*godkann"/);
  const answer = await post(`/utskick/${id}/godkann`, gunilla);
  assert.equal(answer.status, 403);
  assert.match(answer.text, /HUB_MAILING_SAME_PERSON/);
  assert.ok(answer.text.includes(HUB_ERRORS.HUB_MAILING_SAME_PERSON.text));
  assert.equal(await stateOf(id), 'awaitingApproval');
});

test('a mailing is sent back with a reason; asked for again, the old page no longer counts', async () => {
  const id = await mailing();
  const page = await get(`/utskick/${id}/granska`, gunilla);
  const silent = await post(`/utskick/${id}/skicka-tillbaka`, gunilla, { begard: begard(page), reason: ' \n ' });
  assert.equal(silent.status, 422);
  assert.match(silent.text, /Skriv varför utskicket skickas tillbaka/);
  const back = await post(`/utskick/${id}/skicka-tillbaka`, gunilla, { begard: begard(page), reason: 'Fel <datum>' });
  assert.equal(back.headers.get('location'), `/utskick/${id}?klart=sentBack`);
  assert.match((await get(`/utskick/${id}`)).text, /skickade tillbaka utskicket: ”Fel &lt;datum&gt;”/);
  assert.equal((await get(`/utskick/${id}/granska`, gunilla)).status, 303);

  await api(`/${id}/recipients`, { recipients: [{ recipient: '162021003898' }] });
  await api(`/${id}/commit`);
  const old = await post(`/utskick/${id}/godkann`, gunilla, { begard: begard(page) });
  assert.equal(old.status, 409);
  assert.match(old.text, /Utskicket har ändrats/);
  assert.equal(await stateOf(id), 'awaitingApproval');
  assert.equal((await post(`/utskick/${id}/godkann`, gunilla, { begard: begard(old) })).status, 303);
  assert.equal(await stateOf(id), 'committed');
});

test('a list that was sent before is told, with a link to what it got', async () => {
  const recipients = [{ recipient: '199001012385' }, { recipient: '199001022392' }];
  const first = await mailing({ name: 'Förra årets' }, recipients);
  await post(`/utskick/${first}/godkann`, gunilla);
  const again = await mailing({ name: 'Årets' }, recipients.toReversed());
  const page = await get(`/utskick/${again}/granska`, gunilla);
  assert.match(page.text, /Samma lista har fått ett utskick förut/);
  assert.match(page.text, new RegExp(`href="/utskick/${first}">Förra årets`));
});

test('a caseworker cancels after being asked once more, and nothing of the content is left', async () => {
  const id = await mailing({ name: 'Ångrat', body: { text: 'Raderas strax.' } });
  assert.match((await get(`/utskick/${id}/avbryt`)).text, /Avbryta utskicket\?/);
  const answer = await post(`/utskick/${id}/avbryt`, maja);
  assert.equal(answer.headers.get('location'), `/utskick/${id}?klart=cancelled`);
  const page = await get(`/utskick/${id}?klart=cancelled`);
  assert.match(page.text, /inget finns kvar av dess innehåll/);
  assert.equal((await get(`/utskick/${id}/text`)).status, 404);
  assert.equal(await stateOf(id), 'cancelled');
});

test('HTML is shown in its own walled document, and everything in English too', async () => {
  const id = await mailing({
    body: {
      contentType: 'text/html',
      text: '<!DOCTYPE html><html lang="sv"><head><title>V</title></head><body><h1>Välj</h1></body></html>',
    },
  });
  const page = await get(`/utskick/${id}/granska`, gunilla, { 'accept-language': 'en' });
  assert.match(page.text, /Review the mailing/);
  const path = /src="(\/utskick\/[^"]+\/text)"/.exec(page.text)?.[1] ?? '';
  const text = await get(path, gunilla);
  assert.match(text.headers.get('content-security-policy') ?? '', /sandbox/);
  assert.match(text.text, /<h1>Välj<\/h1>/);
  const detail = await get(`/utskick/${id}`, gunilla, { 'accept-language': 'en' });
  assert.match(detail.text, /Awaits approval/);
  assert.doesNotMatch(detail.text.replaceAll('Ärendesystemet', ''), /Väntar på|Mottagare<|Händelser|Godkänn/);
});

const ADDRESS_FILE = `Personnummer;Namn;Adress;Postnummer;Ort
${ANNA};Åsa Öberg;Ängsvägen 3;123 45;Örebro
191212121213;Fel Siffra;Gatan 1;123 45;Örebro
${TOLVAN};Tolvan Tolvansson;;;
`;

async function sendForm(
  path: string,
  person: Person,
  fields: Record<string, string>,
  files: [string, string, Buffer][] = [],
) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ _csrf: person.csrf, ...fields })) form.append(name, value);
  for (const [name, filename, bytes] of files) form.append(name, new Blob([new Uint8Array(bytes)]), filename);
  const init = { method: 'POST', redirect: 'manual', headers: { accept: 'text/html', cookie: person.cookie } } as const;
  const response = await fetch(`${hub.hub.webUrl}${path}`, { ...init, body: form });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

const upload = (text: string | Buffer, person = maja) =>
  sendForm('/utskick/nytt', person, {}, [['file', 'Elever.csv', Buffer.from(text)]]);
const LETTER_FORM = { name: 'Skolval i webbläsaren', flow: 'beslut', subject: 'Välj skola', text: 'Hej!\r\nVälj nu.' };
const contents = async () => (await hub.pool.query('select count(*)::integer as n from content')).rows[0].n;

test('an address file becomes a mailing: columns guessed, faults by line, sound rows only if she says so', async () => {
  const { headers, status } = await upload(Buffer.from(ADDRESS_FILE, 'latin1'));
  assert.equal(status, 303);
  const path = headers.get('location') ?? '';
  const columns = await get(path);
  assert.match(columns.text, /<option value="Personnummer" selected/);
  assert.match(columns.text, /Åsa Öberg/, 'Windows letters are understood');
  assert.match(columns.text, /läst som CSV i Windows-1252 med semikolon/, 'and it is said');
  const english = await get(path, maja, { 'accept-language': 'en' });
  assert.match(english.text, /read as CSV in Windows-1252 with semicolons/);
  assert.match(columns.text, /1 fel\. 2 rader är felfria/);
  assert.match(columns.text, /fel kontrollsiffra/);
  for (const stolen of [stranger, omar]) assert.ok([403, 404].includes((await get(path, stolen)).status));

  const chosen = {
    recipient: 'Personnummer',
    name: 'Namn',
    street: 'Adress',
    postalCode: 'Postnummer',
    city: 'Ort',
    gor: 'vidare',
  };
  const held = await post(`${path}/kolumner`, maja, chosen);
  assert.equal(held.status, 422);
  assert.match(held.text, /välj att bara skicka till de felfria raderna/);
  assert.equal((await get(`${path}/brev`)).status, 303, 'nobody goes past the faults');
  const none = await post(`${path}/kolumner`, maja, { ...chosen, recipient: 'Finns inte' });
  assert.match(none.text, /Välj den kolumn som har personnummer/);
  assert.equal(
    (await post(`${path}/kolumner`, maja, { ...chosen, skip: 'on' })).headers.get('location'),
    `${path}/brev`,
  );

  assert.match((await get(`${path}/brev`)).text, /alla 2 mottagare/);
  const faulty = await sendForm(`${path}/brev`, maja, { ...LETTER_FORM, name: '', text: '' }, [
    ['attachment', 'a.pdf', Buffer.from('hej')],
  ]);
  assert.equal(faulty.status, 422);
  for (const words of [/Brevet saknar text/, /Fältet måste fyllas i/, /Filen är inte en PDF/, /value="Välj skola"/])
    assert.match(faulty.text, words);

  const made = await sendForm(`${path}/brev`, maja, LETTER_FORM, [['attachment', 'Skolor.pdf', PDF]]);
  assert.equal(made.status, 303, made.text);
  const review = made.headers.get('location') ?? '';
  const id = review.split('/')[2] ?? '';
  const page = await get(review);
  assert.match(page.text, /Begär godkännande/);
  assert.match(page.text, /Hej!\nVälj nu\./);
  assert.match(page.text, /Skolor\.pdf/);
  const { rows } = await hub.pool.query('select count(*)::integer as n from mailing_upload');
  assert.equal(rows[0].n, 0, 'the file is gone');
  assert.equal((await get(path)).status, 404);
  const asked = await post(`/utskick/${id}/slapp`, maja);
  assert.equal(asked.headers.get('location'), `/utskick/${id}?klart=asked`);
  const approved = await post(`/utskick/${id}/godkann`, gunilla);
  assert.equal(approved.status, 303);
  const letters = await hub.pool.query(
    'select recipient, address from letter where mailing_id = $1 order by recipient',
    [id],
  );
  assert.deepEqual(
    letters.rows.map(({ recipient }) => recipient),
    [TOLVAN, ANNA],
  );
  assert.equal(letters.rows[1].address.city, 'Örebro');
  assert.equal(letters.rows[0].address, null);
  const systems = await hub.pool.query(`select is_active from business_system where code = '_konsolen'`);
  assert.deepEqual(systems.rows, [{ is_active: false }], 'it stands in no configuration');
});

test('a file that cannot be used is said so and not kept; the next one takes the last one’s place', async () => {
  const before = await contents();
  for (const [bytes, words] of [
    ['', /Filen är tom/],
    ['Personnummer;Namn\n', /inga rader/],
    [EICAR, /inga rader/],
    [await zipOf({ 'xl/worksheets/sheet1.xml': Buffer.alloc(64 * 1024 * 1024) }), /för stor när den packas upp/],
    ['Personnummer;Personnummer\n1;2\n', /står två gånger/],
    ['PK\u0003\u0004trasig', /HUB_|går inte|arkiv|zip/i],
  ] as const) {
    const answer = await upload(bytes);
    assert.equal(answer.status, 422);
    assert.match(answer.text, words);
  }
  assert.equal((await sendForm('/utskick/nytt', maja, {})).status, 422);
  assert.equal((await sendForm('/utskick/nytt', omar, {})).status, 403);
  assert.equal((await sendForm('/utskick/nytt', { ...maja, csrf: 'x' }, {})).status, 403);
  assert.equal(await contents(), before);
  const first = await upload(ADDRESS_FILE);
  await upload(`${ADDRESS_FILE}${ANNA};Åsa;;;\n`);
  assert.equal((await get(first.headers.get('location') ?? '')).status, 404);
  assert.equal(await contents(), before + 1);
});

test('a flow that wants addresses refuses by line, and leaves no mailing behind', async () => {
  const path = (await upload(`Personnummer\n${ANNA}\n`)).headers.get('location') ?? '';
  const answer = await sendForm(`${path}/brev`, maja, { ...LETTER_FORM, flow: 'papper', name: 'Bara papper' });
  assert.equal(answer.status, 422);
  assert.match(answer.text, />2<\/td>|>2</);
  assert.match(answer.text, /postadressen måste finnas/);
  const { rows } = await hub.pool.query(`select state from mailing where name = 'Bara papper'`);
  assert.deepEqual(rows, [{ state: 'cancelled' }]);
});

test('the same file again is taken again', async () => {
  const file = `Personnummer\n${ANNA}\n`;
  assert.equal((await upload(file)).status, 303);
  const again = await upload(file);
  assert.equal(again.status, 303);
  assert.equal((await get(again.headers.get('location') ?? '')).status, 200);
});

test('a double click makes one mailing', async () => {
  const path = (await upload(`Personnummer\n${ANNA}\n`)).headers.get('location') ?? '';
  const form = { ...LETTER_FORM, name: 'Två klick' };
  const answers = await Promise.all([1, 2].map(() => sendForm(`${path}/brev`, maja, form)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [303, 303],
  );
  const { rows } = await hub.pool.query(`select id, state from mailing where name = 'Två klick'`);
  assert.deepEqual(
    rows.map(({ state }) => state),
    ['filling'],
  );
  const places = answers.map(({ headers }) => headers.get('location')).sort();
  assert.deepEqual(places, ['/utskick', `/utskick/${rows[0].id}/granska`]);
});

test('a system’s mailing is not released here', async () => {
  const { id } = await api('', { name: 'Systemets', flow: 'beslut', subject: 'Hej', body: { text: 'Hej' } });
  const answer = await post(`/utskick/${id}/slapp`, maja);
  assert.equal(answer.status, 404);
  assert.match(answer.text, /HUB_MAILING_NOT_FOUND/);
});

test('a mailing that nobody goes on with is cancelled by itself, on the day that its pages told', async () => {
  const { pool } = hub;
  const draft = { flow: 'beslut', subject: 'Välj skola', body: { text: 'Ensamt innehåll.' } };
  const filling = async (name: string, more: object = {}) => {
    const { id } = await api('', { ...draft, body: { text: `Ensamt innehåll i ${name}.` }, ...more, name });
    await api(`/${id}/recipients`, { recipients: [{ recipient: ANNA }] });
    return id;
  };
  const later = new Date(Date.now() + 86_400_000).toISOString();
  const ids = {
    left: await filling('Lämnat'),
    addedTo: await filling('Påfyllt'),
    sentBack: await filling('Tillbaka'),
    timed: await filling('Tidsatt', { notBefore: later }),
  };
  const awaiting = await mailing({ name: 'Väntar länge' });
  const ago = `now() - interval '31 days'`;
  await pool.query('alter table mailing_event disable trigger mailing_event_append_only');
  await pool.query(`update mailing set created_at = ${ago} where id = any($1)`, [[...Object.values(ids), awaiting]]);
  await pool.query(`update mailing_event set at = ${ago} where mailing_id <> $1`, [ids.sentBack]);
  await pool.query(`update mailing_recipient set added_at = ${ago} where mailing_id <> $1`, [ids.addedTo]);
  await pool.query('alter table mailing_event enable trigger mailing_event_append_only');

  const page = await get(`/utskick/${ids.addedTo}`);
  const day = (at: Date) => at.toISOString().slice(0, 10);
  const { rows } = await pool.query('select added_at from mailing_recipient where mailing_id = $1', [ids.addedTo]);
  const told = new Date(rows[0].added_at.getTime() + 30 * 86_400_000);
  assert.match(page.text, new RegExp(`Lämnas det så avbryts det av sig självt[^<]*<time datetime="${day(told)}`));
  assert.match((await get('/utskick?state=filling')).text, new RegExp(`Avbryts <time datetime="${day(told)}`));

  const log = createLog({ service: 'hub', level: 'silent' });
  assert.equal(await sweepOnce({ pool, clock: systemClock, log }), 1);
  assert.equal(await stateOf(ids.left), 'cancelled');
  assert.equal(await stateOf(awaiting), 'awaitingApproval', 'a person has been asked');
  for (const id of [ids.addedTo, ids.sentBack, ids.timed]) assert.equal(await stateOf(id), 'filling');
  assert.equal(await sweepOnce({ pool, clock: systemClock, log, times: { fillingDays: 400 } }), 0);

  const gone = await get(`/utskick/${ids.left}`);
  assert.match(gone.text, /Ingen hade gjort något med utskicket på 30 dagar\./);
  assert.match(gone.text, /inget finns kvar av dess innehåll eller mottagare/);
  const left = await pool.query('select from mailing_recipient where mailing_id = $1', [ids.left]);
  assert.equal(left.rowCount, 0);
});
