import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { freePort } from '@brevduva/base/testing';
import { invoiceMatter } from '@brevduva/protocol';
import { ERRORS } from '../src/errors.ts';
import { CLIENT, startTestIssuer, type TestIssuer } from './issuer.ts';
import {
  delivery,
  type Keys,
  type LetterOptions,
  makeKeys,
  sealedRequest,
  startTestOperator,
  type TestOperator,
} from './operator.ts';
import { pdfOf } from './pdf.ts';
import { PERSON_ANNA, PERSON_BO, PERSON_STRANGER } from './people.ts';
import { Visitor } from './visitor.ts';

const ANNA = { personnummer: PERSON_ANNA, name: 'Anna Andersson' };
const BO = { personnummer: PERSON_BO, name: 'Bo Berg' };

let keys: Keys;
let issuer: TestIssuer;
let operator: TestOperator;
let origin: string;

before(async () => {
  keys = await makeKeys();
  const port = await freePort();
  origin = `http://localhost:${port}`;
  issuer = await startTestIssuer(origin, ANNA);
  operator = await startTestOperator({
    keys,
    more: { web: { host: '127.0.0.1', port, publicUrl: origin }, oidc: { issuer: issuer.url, ...CLIENT } },
  });
  await operator.register.addAccounts([{ recipientId: PERSON_BO }]);
});
after(async () => {
  await operator.close();
  await issuer.stop();
});

/** Somebody's browser, logged in with the e-ID. */
async function loggedIn(person: TestIssuer['person']): Promise<Visitor> {
  issuer.person = person;
  const visitor = new Visitor(origin);
  await visitor.open('/login?return=/inbox');
  return visitor;
}

async function send(options: LetterOptions): Promise<void> {
  await operator.deliver(await sealedRequest(keys, delivery(options)));
}

/** The path of the first letter in the inbox whose subject is this. */
async function letterPath(visitor: Visitor, subject: string): Promise<string> {
  const inbox = await visitor.open(`/inbox?q=${encodeURIComponent(subject)}`);
  const path = /href="(\/letter\/[\w-]+)"/.exec(inbox.text)?.[1];
  assert.ok(path, `no letter "${subject}" in the inbox`);
  return path;
}

describe('the way in', () => {
  test("the front page is the operator's, in Swedish or English, and leads to the e-ID", async () => {
    const swedish = await new Visitor(origin).open('/');
    assert.equal(swedish.status, 200);
    assert.match(swedish.text, /Postlådan/);
    assert.match(swedish.text, /href="\/login"/);
    const english = await new Visitor(origin, { 'accept-language': 'en-GB' }).open('/');
    assert.match(english.text, /<html lang="en"/);
    assert.match(english.text, /Log in with e-ID/);
  });

  test('whoever is not logged in is sent to the e-ID and comes back to where she wanted', async () => {
    issuer.person = ANNA;
    const visitor = new Visitor(origin);
    const page = await visitor.open('/inbox?q=hund');
    assert.equal(page.status, 200);
    assert.equal(new URL(page.url).pathname + new URL(page.url).search, '/inbox?q=hund');
    assert.match(page.text, /Anna Andersson/);
    assert.equal((await visitor.open('/')).url, `${origin}/inbox`);
  });

  test('a person without a mailbox, where none can be opened, gets a friendly page', async () => {
    const visitor = await loggedIn({ personnummer: PERSON_STRANGER, name: 'Stina Främling' });
    const page = await visitor.open('/');
    assert.equal(page.status, 403);
    assert.match(page.text, /Du har ingen brevlåda här/);
    assert.match(page.text, /Stina Främling/);
    assert.doesNotMatch(page.text, /href="\/settings"/);
  });

  for (const acr of ['loa2', 'http://id.swedenconnect.se/loa/1.0/uncertified-loa3', '']) {
    test(`an e-ID of assurance level "${acr}" opens nothing`, async () => {
      issuer.acr = acr;
      const visitor = await loggedIn(ANNA);
      issuer.acr = 'loa3';
      assert.doesNotMatch([...visitor.cookieNames()].join(), /mailbox_165568402266(,|$)/);
    });
  }

  test('who is turned away for a weak e-ID is told so, and what to do', async () => {
    issuer.acr = 'loa2';
    issuer.person = ANNA;
    const page = await new Visitor(origin, { 'accept-language': 'en' }).open('/login');
    const swedish = await new Visitor(origin).open('/login');
    issuer.acr = 'loa3';
    assert.equal(page.status, 403);
    assert.match(page.text, /Your e-ID is not strong enough/);
    assert.match(swedish.text, /Din e-legitimation räcker inte till/);
    assert.match(swedish.text, /href="\/login"/);
  });

  test('a session holds no personal number', async () => {
    await loggedIn(ANNA);
    const { rows } = await operator.database.pool.query<{ found: string }>(
      'select (subject || principal::text) as found from web_session',
    );
    assert.ok(rows.length > 0);
    for (const { found } of rows) assert.doesNotMatch(found, new RegExp(PERSON_ANNA));
  });

  test('a chosen language is remembered, and leads nowhere else', async () => {
    const visitor = new Visitor(origin);
    assert.match((await visitor.open('/language?to=en&back=%2F')).text, /Log in with e-ID/);
    for (const back of ['//evil.example', '/\\evil.example', 'https://evil.example', '/%0d%0aset-cookie:x', '']) {
      const reply = await visitor.visit(`/language?to=en&back=${encodeURIComponent(back)}`);
      assert.equal(reply.location, '/');
    }
  });

  test('the health page answers without login', async () => {
    assert.equal((await new Visitor(origin).open('/health')).text, '{"status":"ok"}');
  });
});

describe('the inbox', () => {
  test('an empty one says so', async () => {
    const bo = await loggedIn(BO);
    assert.match((await bo.open('/inbox')).text, /Här blir det tyst tills någon skriver/);
  });

  test('lists letters, newest first, unread marked; the mark goes when one is opened', async () => {
    await send({ subject: 'Äldre brev' });
    await send({ subject: 'Nyare brev' });
    const anna = await loggedIn(ANNA);
    const before = (await anna.open('/inbox')).text;
    assert.ok(before.indexOf('Nyare brev') < before.indexOf('Äldre brev'));
    assert.match(before, /2 olästa brev · 2 brev/);
    assert.equal((await anna.open(await letterPath(anna, 'Nyare'))).status, 200);
    assert.match((await anna.open('/inbox')).text, /1 oläst brev · 2 brev/);
  });

  test('finds by sender and subject, and takes % and _ literally', async () => {
    await send({ subject: 'Rabatt 50 % på avgiften', senderName: 'Skattekontoret' });
    const anna = await loggedIn(ANNA);
    for (const search of ['rabatt', 'SKATTEKONTORET', '50 %']) {
      assert.match((await anna.open(`/inbox?q=${encodeURIComponent(search)}`)).text, /1 brev innehåller/);
    }
    for (const search of ['%', '_', 'finns inte']) {
      const found = (await anna.open(`/inbox?q=${encodeURIComponent(`${search}zz`)}`)).text;
      assert.match(found, /Inget brev stämmer med sökningen/);
    }
  });

  test('characters that no letter has, and the database does not take, find nothing', async () => {
    const anna = await loggedIn(ANNA);
    assert.equal((await anna.open('/inbox?q=bygg%00lov')).status, 200);
    for (const [path, code] of [
      ['/letter/a%00b', 'MAILBOX_LETTER_NOT_FOUND'],
      ['/letter/a%00b/body', 'MAILBOX_LETTER_NOT_FOUND'],
      ['/letter/a%00b/attachment/1', 'MAILBOX_ATTACHMENT_NOT_FOUND'],
    ] as const) {
      const page = await anna.open(path);
      assert.deepEqual(
        [page.status, page.text.includes(code), page.text.includes(ERRORS[code].text)],
        [404, true, true],
      );
    }
    assert.match((await anna.open('/inbox?q=%00')).text, /name="q"[^>]*value=""|name="q"(?![^>]*value=)/);
  });

  test('shows what was searched for as text, whatever it is', async () => {
    const anna = await loggedIn(ANNA);
    const page = await anna.open(`/inbox?q=${encodeURIComponent('"><script>alert(1)</script>')}&q=två&page=-3`);
    assert.equal(page.status, 200);
    assert.doesNotMatch(page.text, /<script>alert/);
  });

  test('has pages of 25', async () => {
    await Promise.all(Array.from({ length: 26 }, (_, index) => send({ subject: `Massutskick ${index}` })));
    const anna = await loggedIn(ANNA);
    const first = (await anna.open('/inbox?q=Massutskick')).text;
    assert.equal(first.match(/href="\/letter\//g)?.length, 25);
    assert.match(first, /href="\/inbox\?q=Massutskick&amp;page=2"/);
    assert.equal((await anna.open('/inbox?q=Massutskick&page=2')).text.match(/href="\/letter\//g)?.length, 1);
    assert.equal((await anna.open('/inbox?q=Massutskick&page=999999')).text.match(/href="\/letter\//g)?.length, 1);
  });
});

describe('a letter', () => {
  test('shows text, sender, support and who signed and sealed it', async () => {
    await send({ subject: 'Hela brevet', text: 'Läs mer på https://kommun-a.example/a?b=1&c=2.\n<b>inte fet</b>' });
    const anna = await loggedIn(ANNA);
    const { text } = await anna.open(await letterPath(anna, 'Hela brevet'));
    assert.match(
      text,
      /<a [^>]*href="https:\/\/kommun-a\.example\/a\?b=1&amp;c=2"[^>]*rel="noopener noreferrer nofollow"/,
    );
    assert.match(text, /&lt;b&gt;inte fet&lt;\/b&gt;/);
    assert.match(text, /Ring kontaktcenter om du undrar\./);
    assert.match(text, /href="tel:0187270000"/);
    assert.match(text, /Underskrivet av.*Kommun A.*202100-4748.*Förseglat av.*Förmedling B.*202100-3898/s);
  });

  test('that asks for a payment shows what, when and where to, each value ready to be copied', async () => {
    const invoice = {
      DueDate: '2026-12-24',
      AccountMethod: 'BG' as const,
      AccountNumber: '50501055',
      OcrNumber: '70012075',
    };
    const amount = { content: 123_450n, CurrencyCode: 'SEK' as const };
    await send({ subject: 'En faktura', matter: invoiceMatter({ ...invoice, Amount: amount }) });
    const anna = await loggedIn(ANNA);
    const path = await letterPath(anna, 'En faktura');
    const { text } = await anna.open(path);
    assert.match(text, /Att betala/);
    assert.match(text, /1\u00a0234,50\u00a0kr<\/span><span id="payment-amount" hidden>1234,50</);
    assert.match(text, /24 december 2026/);
    assert.match(text, /Bankgiro<\/dt>.*id="payment-account"[^>]*>5050-1055</s);
    assert.match(text, /OCR-nummer<\/dt>.*id="payment-reference"[^>]*>70012075</s);
    const { rows } = await operator.database.pool.query('select encrypted from payment');
    assert.ok(rows.length > 0 && rows.every(({ encrypted }) => !encrypted.includes('70012075')), 'kept encrypted');
    const english = new Visitor(origin, { 'accept-language': 'en' });
    await english.open('/login?return=/inbox');
    assert.match((await english.open(path)).text, /To pay.*SEK\u00a01,234\.50.*24 December 2026/s);
  });

  test('whose payment is nothing that can be shown is a letter all the same', async () => {
    const invoice = { DueDate: '12026-12-24', AccountMethod: 'PG' as const, AccountNumber: '<b>1</b>' };
    const odd = invoiceMatter({ ...invoice, Amount: { content: 1n } });
    const words = { ...invoice, DueDate: '2026-12-24+01:00', OcrNumber: 'Hyra <maj>' };
    await send({ subject: 'Udda förfallodag', matter: odd });
    await send({ subject: 'Ord i stället', matter: invoiceMatter({ ...words, Amount: { content: 1n } }) });
    const anna = await loggedIn(ANNA);
    assert.doesNotMatch((await anna.open(await letterPath(anna, 'Udda'))).text, /Att betala/);
    const { text } = await anna.open(await letterPath(anna, 'Ord i'));
    assert.match(text, /0,01<\/span>.*Plusgiro<\/dt>.*&lt;b&gt;1&lt;\/b&gt;.*Meddelande<\/dt>.*Hyra &lt;maj&gt;/s);
  });

  test('in HTML is shown in a frame whose address lets nothing run', async () => {
    const hostile = '<p>Hej Anna</p><p><a href="https://kommun-a.example/">Läs</a></p>';
    await send({
      subject: 'I formgiven text',
      contentType: 'text/html',
      text: `<!DOCTYPE html><html><head><title>x</title></head><body>${hostile}</body></html>`,
    });
    const anna = await loggedIn(ANNA);
    const path = await letterPath(anna, 'I formgiven text');
    const page = await anna.open(path);
    assert.match(page.text, new RegExp(`<iframe[^>]*src="${path}/body"[^>]*sandbox="[^"]*"`));
    assert.doesNotMatch(
      /sandbox="([^"]*)"/.exec(page.text)?.[1] ?? 'allow-scripts',
      /allow-scripts|allow-forms|allow-top/,
    );
    assert.match(page.headers.get('content-security-policy') ?? '', /frame-src 'self'/);
    const body = await anna.open(`${path}/body`);
    assert.match(body.text, /<p>Hej Anna<\/p>/);
    const policy = body.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /sandbox(?![^;]*allow-scripts)/);
    assert.equal(body.headers.get('cache-control'), 'private, no-store');
  });

  test('has its attachments with safe names and headers', async () => {
    const bytes = pdfOf('Beslut');
    const files = [
      { fileName: '../Beslut åäö.pdf', bytes },
      { fileName: 'tid.ics', bytes: Buffer.from('BEGIN:VCALENDAR'), contentType: 'text/calendar' },
    ];
    await send({ subject: 'Med bilagor', attachments: files });
    const anna = await loggedIn(ANNA);
    const path = await letterPath(anna, 'Med bilagor');
    assert.match((await anna.open(path)).text, /_Beslut åäö\.pdf/);

    const shown = await anna.open(`${path}/attachment/1`);
    assert.deepEqual(shown.bytes, bytes);
    assert.equal(shown.headers.get('content-type'), 'application/pdf');
    assert.match(shown.headers.get('content-disposition') ?? '', /^inline; filename="_Beslut aao\.pdf"/);
    assert.equal(shown.headers.get('x-content-type-options'), 'nosniff');
    assert.match(shown.headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'self'/);

    const saved = await anna.open(`${path}/attachment/1?download=1`);
    assert.match(saved.headers.get('content-disposition') ?? '', /^attachment;/);
    const calendar = await anna.open(`${path}/attachment/2`);
    assert.equal(calendar.headers.get('content-type'), 'application/octet-stream');
    assert.match(calendar.headers.get('content-disposition') ?? '', /^attachment; filename="tid.ics"/);
    assert.match(calendar.headers.get('content-security-policy') ?? '', /sandbox/);
  });

  test('of somebody else is not found, page, text and attachment alike', async () => {
    await send({ subject: 'Bara Annas', attachments: [{ fileName: 'a.pdf', bytes: pdfOf('a') }] });
    const path = await letterPath(await loggedIn(ANNA), 'Bara Annas');
    const bo = await loggedIn(BO);
    for (const tried of [
      path,
      `${path}/body`,
      `${path}/attachment/1`,
      '/letter/gissning',
      '/letter/gissning/attachment/1',
    ]) {
      const page = await bo.open(tried);
      assert.equal(page.status, 404, tried);
      assert.doesNotMatch(page.text, /Bara Annas/);
    }
    assert.match((await bo.open(path)).text, /Brevet finns inte i din brevlåda/);
  });

  test('has no attachment 0, -1, 99 or x', async () => {
    const anna = await loggedIn(ANNA);
    const path = await letterPath(anna, 'Bara Annas');
    for (const position of ['0', '-1', '99', 'x', '1e3', '10000000000000']) {
      const page = await anna.open(`${path}/attachment/${position}`);
      assert.equal(page.status, 404, position);
      assert.match(page.text, /Bilagan finns inte i brevet/);
    }
  });

  test('is in the database only in a way that does not open when it was changed', async () => {
    await send({ subject: 'Ändrat i databasen' });
    await operator.database.pool.query(
      `update part set encrypted = set_byte(encrypted, 40, get_byte(encrypted, 40) # 1)
       from letter where letter.id = part.letter_id and letter.subject = 'Ändrat i databasen'`,
    );
    const anna = await loggedIn(ANNA);
    const page = await anna.open(await letterPath(anna, 'Ändrat i databasen'));
    assert.equal(page.status, 500);
    assert.match(page.text, /Brevets innehåll gick inte att läsa/);
    assert.match(page.text, /MAILBOX_CONTENT_UNREADABLE/);
  });
});

describe('the way out', () => {
  test('the form without its token is refused, with it the session is over here and at the e-ID', async () => {
    const anna = await loggedIn(ANNA);
    const inbox = await anna.open('/inbox');
    const token = /name="_csrf" value="([^"]+)"/.exec(inbox.text)?.[1] ?? '';
    const refused = await anna.visit('/logout', { form: '_csrf=wrong' });
    assert.equal(refused.status, 403);
    assert.equal((await anna.open('/inbox')).url, `${origin}/inbox`);
    const left = await anna.visit('/logout', { form: `_csrf=${encodeURIComponent(token)}` });
    assert.equal(left.status, 303);
    assert.ok(left.location?.startsWith(`${issuer.url}/session/end`), left.location);
    assert.match((await anna.visit('/inbox')).location ?? '', /^\/login\?return=/);
  });

  test('somebody whose mailbox is closed still reads her old letters, and is told', async () => {
    await send({ subject: 'Före stängning', recipientId: PERSON_BO });
    await operator.register.closeAccount(PERSON_BO);
    const bo = await loggedIn(BO);
    assert.match((await bo.open('/inbox')).text, /Din brevlåda här är stängd/);
    assert.equal((await bo.open(await letterPath(bo, 'Före stängning'))).status, 200);
  });
});

test('every page is kept out of caches and frames', async () => {
  const anna = await loggedIn(ANNA);
  const page = await anna.open('/inbox');
  assert.equal(page.headers.get('cache-control'), 'no-store');
  assert.match(page.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
  assert.doesNotMatch(page.headers.get('content-security-policy') ?? '', /unsafe-inline|unsafe-eval/);
});
