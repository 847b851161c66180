import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HUB_ERRORS } from '../src/errors.ts';
import { HAND_IN_REASONS } from '../src/handInReasons.ts';
import { named } from '../src/waysIn/printer/ippValues.ts';
import { askPage, type Person, seedOwn, seedStranger } from './support/consolePages.ts';
import { jobIdOf, type PrinterHub, setPrinter, startPrinterHub } from './support/printerHub.ts';
import { furtherPage, LETTER_RULES, letterPage, type PlacedText, printoutPdf } from './support/printouts.ts';

/** What was printed and no rule could make a letter of, as a caseworker takes care of it; over HTTP, without a browser. */
let hub: PrinterHub;
let maja: Person;
let omar: Person;
let stranger: Person;
before(async () => {
  hub = await startPrinterHub();
  maja = await seedOwn(hub, 'caseworker');
  omar = await seedOwn(hub, 'reader');
  stranger = await seedStranger(hub, 'caseworker');
});
after(() => hub.close());

const get = (path: string, person = maja) => askPage(hub, path, person);
const post = (path: string, fields: Record<string, string>, person = maja) =>
  askPage(hub, path, person, { fields: { _csrf: person.csrf, ...fields } });

/** Prints pages that become one case. */
async function open(pages: readonly (readonly PlacedText[])[], name = 'Utskrift'): Promise<string> {
  const printed = await hub.print('printJob', { attributes: [named('job-name', name)], document: printoutPdf(pages) });
  await hub.ended(jobIdOf(printed));
  const { rows } = await hub.pool.query('select id from hand_in_case order by opened_at desc limit 1');
  return rows[0].id;
}

const nobody = (text = 'Hej') => open([furtherPage(text)]);

async function stateOf(id: string) {
  const { rows } = await hub.pool.query(
    `select c.resolution, c.closed_by as "by", c.note, c.letter_id as "letterId", c.key, l.recipient, l.subject, l.reference,
       l.address, l.protected_identity as "isProtected", i.letter_id as "keyLetter",
       (select count(*)::integer from letter x join idempotency k on k.letter_id = x.id where k.key = c.key) as letters,
       (select jsonb_agg(jsonb_build_object('kind', kind, 'actor', actor, 'detail', detail) order by e.id)
        from letter_event e where e.letter_id = l.id and kind in ('accepted', 'sortedOut')) as events
     from hand_in_case c left join letter l on l.id = c.letter_id
     left join idempotency i on i.key = c.key and i.business_system_id = c.business_system_id where c.id = $1`,
    [id],
  );
  return rows[0];
}

const FOUND = { recipient: '270517-8354', subject: 'Beslut om bygglov', reference: 'BYGG-7' };

describe('a hand-in that became no letter', () => {
  test('stands in the queue with its reason, counted in the menu, and away from who has another organisation', async () => {
    const id = await open([furtherPage('Köhemlighet')], 'Kvällens utskrift');
    const queue = await get('/att-reda-ut');
    assert.equal(queue.status, 200);
    assert.match(queue.text, new RegExp(`href="/att-reda-ut/${id}"[^>]*>Kvällens utskrift, sida 1</a>`));
    assert.ok(queue.text.includes(HAND_IN_REASONS.noRecipient.text));
    assert.match(queue.text, /Att reda ut[\s\S]{0,200}\d+/);
    assert.doesNotMatch((await get('/att-reda-ut', stranger)).text, /Kvällens utskrift/);
    for (const path of [`/att-reda-ut/${id}`, `/att-reda-ut/${id}/pdf`, `/att-reda-ut/${id}/sidor/1`]) {
      const answer = await get(path, stranger);
      assert.equal(answer.status, 404, path);
      assert.match(answer.text, /HUB_CASE_NOT_FOUND/);
    }
    for (const path of [`/att-reda-ut/${id}/lamna-in`, `/att-reda-ut/${id}/skicka-inte`]) {
      assert.equal((await post(path, { ...FOUND, note: 'x' }, stranger)).status, 404, path);
    }
    for (const odd of ['x', "' or 1=1 --", '01990000-0000-7000-8000-000000000000']) {
      assert.equal((await get(`/att-reda-ut/${encodeURIComponent(odd)}`)).status, 404);
    }
    assert.equal((await stateOf(id)).resolution, null);
  });

  test('shows its pages as pictures that no cache keeps, and its PDF', async () => {
    const id = await open([furtherPage('Ett'), furtherPage('Två')]);
    const page = await get(`/att-reda-ut/${id}`);
    for (const n of [1, 2]) assert.ok(page.text.includes(`src="/att-reda-ut/${id}/sidor/${n}"`));
    assert.match(page.text, /alt="Sida 2 av 2\./);
    const picture = await fetch(`${hub.hub.webUrl}/att-reda-ut/${id}/sidor/2`, { headers: { cookie: maja.cookie } });
    assert.equal(picture.headers.get('content-type'), 'image/png');
    assert.equal(picture.headers.get('cache-control'), 'no-store');
    assert.equal(
      Buffer.from(await picture.arrayBuffer())
        .subarray(1, 4)
        .toString(),
      'PNG',
    );
    assert.equal((await get(`/att-reda-ut/${id}/sidor/3`)).status, 404, 'no such page');
    for (const odd of ['0', '-1', 'x', '1e1']) assert.equal((await get(`/att-reda-ut/${id}/sidor/${odd}`)).status, 404);
    const file = await get(`/att-reda-ut/${id}/pdf`);
    assert.equal(file.headers.get('content-type'), 'application/pdf');
    assert.equal(file.headers.get('cache-control'), 'no-store');
    assert.match(file.headers.get('content-disposition') ?? '', /^inline; filename\*=UTF-8''Utskrift\.pdf$/);
  });

  test('has in its form what could be read', async () => {
    const id = await open([letterPage({ number: '19270517-8355', name: 'Anna Ek', reference: 'BYGG-9' })]);
    const { text } = await get(`/att-reda-ut/${id}`);
    for (const value of ['19270517-8355', 'Beslut om bygglov', 'BYGG-9', 'Anna Ek', '123 45', 'Staden']) {
      assert.ok(text.includes(`value="${value}"`), value);
    }
    assert.match(text, />\s*Storgatan 1<\/textarea>/);
    assert.ok(text.includes(HAND_IN_REASONS.invalidRecipient.text));
  });

  test('shows every number where several were found', async () => {
    await setPrinter(hub, { ...LETTER_RULES, newLetter: { at: 'job' } });
    const pages = [
      letterPage({ number: '19270517-8354', name: 'A' }),
      letterPage({ number: '191212121212', name: 'B' }),
    ];
    const id = await open(pages).finally(() => setPrinter(hub, LETTER_RULES));
    assert.match((await get(`/att-reda-ut/${id}`)).text, /19270517-8354<br>19121212-1212/);
  });
});

describe('who finds out what it is', () => {
  test('hands it in as a letter under the key of its pages, and the letter’s story says who', async () => {
    const id = await nobody();
    const address = { name: 'Anna Ek', street: 'Storgatan 1', postalCode: '123 45', city: 'Staden' };
    const answer = await post(`/att-reda-ut/${id}/lamna-in`, { ...FOUND, ...address });
    assert.equal(answer.status, 303, answer.text);
    const after = await stateOf(id);
    assert.equal(answer.headers.get('location'), `/att-reda-ut?klart=handedIn&brev=${after.letterId}`);
    const { resolution, by, recipient, subject, reference, isProtected, letters, keyLetter, events } = after;
    assert.deepEqual(
      { resolution, by, recipient, subject, reference, isProtected, letters },
      {
        resolution: 'handedIn',
        by: 'Maja Lilja',
        recipient: '192705178354',
        subject: 'Beslut om bygglov',
        reference: 'BYGG-7',
        isProtected: false,
        letters: 1,
      },
    );
    assert.deepEqual(after.address, { name: 'Anna Ek', lines: ['Storgatan 1'], postalCode: '123 45', city: 'Staden' });
    assert.equal(keyLetter, after.letterId);
    assert.deepEqual(events, [
      { kind: 'accepted', actor: 'Ärendesystemet', detail: {} },
      { kind: 'sortedOut', actor: 'Maja Lilja', detail: { reason: 'noRecipient' } },
    ]);
    const notice = await get(answer.headers.get('location') ?? '');
    assert.match(notice.text, /Brevet är inlämnat\./);
    const closed = await get(`/att-reda-ut/${id}`);
    assert.match(closed.text, /Maja Lilja lämnade in brevet/);
    assert.doesNotMatch(closed.text, /lamna-in|skicka-inte/);
    const letter = await get(`/brev/${after.letterId}`);
    assert.match(letter.text, /En person redde ut vad som lämnats in/);
    assert.ok(letter.text.includes(HAND_IN_REASONS.noRecipient.text));
  });

  test('gets every fault at its field, what she wrote stays, and nothing is stored', async () => {
    const id = await nobody();
    const before = await hub.rows();
    const wrong = { recipient: '19270517-8355', subject: '', reference: 'Å', name: 'Anna', postalCode: '1', city: 'X' };
    const answer = await post(`/att-reda-ut/${id}/lamna-in`, wrong);
    assert.equal(answer.status, 422);
    for (const code of ['HUB_RECIPIENT_CHECK_DIGIT', 'HUB_FIELD_REQUIRED'] as const) {
      assert.ok(answer.text.includes(HUB_ERRORS[code].text), code);
    }
    for (const field of ['recipient', 'subject', 'postalCode']) {
      assert.match(answer.text, new RegExp(`id="${field}-error"`), field);
      assert.match(answer.text, new RegExp(`href="#${field}"`), field);
    }
    assert.ok(answer.text.includes('value="19270517-8355"'));
    assert.ok(answer.text.includes('value="Å"'));
    assert.deepEqual(await hub.rows(), before);
    assert.equal((await stateOf(id)).resolution, null);
  });

  test('is told what she cannot mend here', async () => {
    const id = await nobody();
    await hub.pool.query(`delete from system_flow s using flow f where f.id = s.flow_id and f.code = 'beslut'`);
    try {
      const answer = await post(`/att-reda-ut/${id}/lamna-in`, FOUND);
      assert.equal(answer.status, 422);
      assert.match(
        answer.text,
        /id="hinder"[\s\S]*Det här går inte att rätta här[\s\S]*Verksamhetssystemet får inte skicka flödet/,
      );
    } finally {
      await hub.pool.query(
        `insert into system_flow (organisation_id, business_system_id, flow_id)
         select b.organisation_id, b.id, f.id from business_system b join flow f using (organisation_id) where f.code = 'beslut'`,
      );
    }
  });

  test('may leave the subject to the flow, and says when the recipient is protected', async () => {
    const id = await nobody();
    await hub.pool.query(`update flow set default_subject = 'Brev från bygg' where code = 'beslut'`);
    try {
      assert.match((await get(`/att-reda-ut/${id}`)).text, /Lämna tomt för flödets eget: Brev från bygg/);
      const answer = await post(`/att-reda-ut/${id}/lamna-in`, { ...FOUND, subject: ' ', protectedIdentity: 'on' });
      assert.equal(answer.status, 303, answer.text);
    } finally {
      await hub.pool.query(`update flow set default_subject = null where code = 'beslut'`);
    }
    const { subject, isProtected } = await stateOf(id);
    assert.deepEqual([subject, isProtected], ['Brev från bygg', true]);
  });

  test('ends it without a letter, with a word on why', async () => {
    const id = await nobody();
    for (const note of ['', '  ', 'x'.repeat(501), 'a\u0007b']) {
      const answer = await post(`/att-reda-ut/${id}/skicka-inte`, { note });
      assert.equal(answer.status, 422, note);
      assert.match(answer.text, /id="note-error"/);
    }
    const answer = await post(`/att-reda-ut/${id}/skicka-inte`, { note: 'Provutskrift.' });
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/att-reda-ut?klart=discarded']);
    const { resolution, by, note, letterId, keyLetter } = await stateOf(id);
    assert.deepEqual(
      [resolution, by, note, letterId, keyLetter],
      ['discarded', 'Maja Lilja', 'Provutskrift.', null, null],
    );
    assert.match((await get(`/att-reda-ut/${id}`)).text, /Maja Lilja valde att inte skicka det[\s\S]*Provutskrift\./);
  });

  test('comes second: nothing of hers is stored, and the page says who was first', async () => {
    const id = await nobody();
    assert.equal((await post(`/att-reda-ut/${id}/skicka-inte`, { note: 'Nej.' })).status, 303);
    const before = await hub.rows();
    for (const [path, fields] of [
      ['lamna-in', FOUND],
      ['skicka-inte', { note: 'Också nej.' }],
    ] as const) {
      const answer = await post(`/att-reda-ut/${id}/${path}`, fields);
      assert.equal(answer.status, 409, path);
      assert.match(answer.text, /Någon annan hann före[\s\S]*Inget av det du just gjorde har sparats\./);
      assert.match(answer.text, /Maja Lilja valde att inte skicka det/);
    }
    assert.deepEqual(await hub.rows(), before);
  });

  test('at the same instant as others: one letter, or none, and one resolution', async () => {
    for (let n = 0; n < 5; n += 1) {
      const id = await nobody(`Samtidigt ${n}`);
      const answers = await Promise.all([
        post(`/att-reda-ut/${id}/lamna-in`, FOUND),
        post(`/att-reda-ut/${id}/lamna-in`, { ...FOUND, recipient: '191212121212' }),
        post(`/att-reda-ut/${id}/skicka-inte`, { note: 'Nej.' }),
      ]);
      assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 409, 409]);
      const { resolution, letters } = await stateOf(id);
      assert.equal(letters, resolution === 'handedIn' ? 1 : 0, resolution);
    }
  });

  test('may only read: she sees it and finds no forms, and they are refused her', async () => {
    const id = await nobody();
    const page = await get(`/att-reda-ut/${id}`, omar);
    assert.equal(page.status, 200);
    assert.match(page.text, /Du har läsbehörighet/);
    assert.doesNotMatch(page.text, /lamna-in|skicka-inte/);
    for (const path of ['lamna-in', 'skicka-inte']) {
      const answer = await post(`/att-reda-ut/${id}/${path}`, { ...FOUND, note: 'x' }, omar);
      assert.equal(answer.status, 403, path);
      assert.match(answer.text, /HUB_ROLE_MISSING/);
    }
    assert.equal((await stateOf(id)).resolution, null);
  });

  test('finds everything in English too', async () => {
    const id = await nobody();
    await post(`/att-reda-ut/${id}/lamna-in`, { recipient: 'x' });
    const response = await fetch(`${hub.hub.webUrl}/att-reda-ut/${id}?lang=en`, { headers: { cookie: maja.cookie } });
    const text = (await response.text()).replace(
      /Utskrift, sida 1|Ärendesystemet|Beslut|Byggnadsnämnden|Svenska|Språk/g,
      '',
    );
    assert.match(text, /Hand the letter in/);
    assert.doesNotMatch(text.replace(/<[^>]+>/g, ' '), /Mottagar|Skrivaren|Ämne|Lämna in|Skicka inte|Sidorna/);
  });
});

test('when the job is read again after a person has handed its page in, nothing comes twice', async () => {
  const id = await nobody('Läst igen');
  await post(`/att-reda-ut/${id}/lamna-in`, FOUND);
  const { key } = await stateOf(id);
  const jobId = key.slice('print-'.length, 'print-'.length + 36);
  await hub.pool.query(
    `update print_job set state = 'processing', ended_at = null, lease_until = now() - interval '1 second', lease_id = null where id = $1`,
    [jobId],
  );
  const { rows } = await hub.pool.query('select number from print_job where id = $1', [jobId]);
  await hub.ended(rows[0].number);
  const { letters } = await stateOf(id);
  const { rowCount } = await hub.pool.query('select from hand_in_case where key = $1', [key]);
  assert.deepEqual([letters, rowCount], [1, 1]);
});
