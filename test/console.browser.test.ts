import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { sheetMark } from '../packages/hub/src/paper/sheetMark.ts';
import { launchBrowser } from './support/browser.ts';
import {
  actionable,
  browserTests,
  checkPage,
  DESK,
  logIn,
  openVisitor,
  tabStops,
  type Visitor,
  visibleText,
} from './support/consoleBrowser.ts';
import { type ConsoleWorld, NEIGHBOUR_API_KEY, sitePlanPdf, startConsoleWorld } from './support/consoleWorld.ts';
import { OPERATORS, PEOPLE } from './support/ecosystem.ts';
import { ADDRESS, getLetter, handIn, isSettled, letterTo, waitFor } from './support/hubClient.ts';
import { printedLetters } from './support/printed.ts';

/**
 * The console as a caseworker meets it: a real browser, a real login, the whole ecosystem behind it. One long file, since all of it
 * shares one ecosystem, which takes seconds to start.
 */
let world: ConsoleWorld;
let browser: Browser | undefined;
let maja: Visitor;
let url: (path: string) => string;
before(async () => {
  [world, browser] = await Promise.all([startConsoleWorld(), launchBrowser()]);
  url = (path) => `${world.origin}${path}`;
  if (browser === undefined) return;
  maja = await openVisitor(browser);
  await logIn(maja.page, url('/'));
});
after(async () => {
  await browser?.close();
  await world.close();
});

/** A browser writes a line for every page that comes with an error's status, also when that was the point. */
const STATUSES = /status of (403|404|409|422|500)/;
const isUnexpected = (complaint: string): boolean => !STATUSES.test(complaint);
const testPage = browserTests(() => (browser === undefined ? undefined : maja), STATUSES);

/** Whatever a test has switched on with the operator is off again after it. */
function browserTest(name: string, work: (page: Page, t: TestContext) => Promise<void>): void {
  testPage(name, (page, t) => work(page, t).finally(() => world.world.tamper('first', undefined)));
}

async function visitor<T>(work: (other: Visitor) => Promise<T>, options = {}): Promise<T> {
  assert.ok(browser);
  const other = await openVisitor(browser, options);
  try {
    const result = await work(other);
    assert.deepEqual(other.complaints.filter(isUnexpected), []);
    return result;
  } finally {
    await other.close();
  }
}

async function send(letter: unknown, settled = isSettled): Promise<string> {
  const { status, json } = await handIn(world.origin, letter);
  assert.equal(status, 201, JSON.stringify(json));
  await waitFor(world.origin, json.id, settled);
  return json.id;
}

const HTML = `<!DOCTYPE html><html lang="sv"><head><title>Beslut</title></head><body><h1>Beslut om bygglov</h1>
<p>Byggnadsnämnden beviljar bygglov.</p></body></html>`;
const pdf = async (filename: string) => ({ filename, base64: (await sitePlanPdf()).toString('base64') });
const openCase = (subject: string) => send(letterTo(PEOPLE.notRegistered, { subject }));
const printsOf = async (id: string) =>
  (await printedLetters(world.world.world.paperDir)).filter(({ letter }) => letter === id);
const printJobs = async (id: string) => (await printsOf(id)).map(({ letter }) => letter);

test('without a letter the console says so', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  for (const [path, words] of Object.entries({
    '/': 'Inga brev ännu',
    '/brev': 'Inga brev ännu',
    '/arenden': 'Inga ärenden väntar',
  })) {
    await maja.page.goto(url(path));
    assert.match(await visibleText(maja.page), new RegExp(words));
    await checkPage(maja.page, `empty-${path.slice(1)}`);
  }
});

browserTest('a link to a letter leads through the login and back to it; who is not of ours is not let in', async () => {
  const id = await openCase('Direktlänk');
  await visitor(async ({ page }) => {
    await logIn(page, url(`/brev/${id}`));
    assert.match(await visibleText(page), /Direktlänk/);
    assert.match(await visibleText(page, '.bd-header'), /Maja Lilja\s+Handläggare/);
  });
  await visitor(async ({ page }) => {
    await page.goto(url('/'));
    await page.getByRole('button', { name: 'Logga in som Freja Öberg' }).click();
    await page.getByText('BASE_LOGIN_NOT_ADMITTED').waitFor();
    assert.match(await visibleText(page), /Du har inte behörighet/);
    await checkPage(page, 'not-admitted');
  });
});

browserTest('a digital letter shows its whole story, the exact XML and its PDF', async (page) => {
  const sent: Buffer[] = [];
  world.world.tamper('first', (call, next) => {
    sent.push(call.requestBytes);
    return next();
  });
  const attachments = [await pdf('Situationsplan å ä ö.pdf')];
  const body = { contentType: 'text/html', text: HTML };
  const id = await send(
    letterTo(PEOPLE.atFirst, { subject: 'Beslut om bygglov för carport', body, attachments, reference: 'BYGG-417' }),
  );
  const framed = page.waitForResponse((response) => response.url().endsWith('/bilagor/0'));
  await page.goto(url(`/brev/${id}`));
  const shown = await visibleText(page);
  for (const words of ['Levererat digitalt', '19900101-2385', 'BYGG-417', 'Byggnadsnämnden', OPERATORS.first.name]) {
    assert.ok(shown.includes(words), words);
  }
  const events = await page.locator('.bd-timeline strong').allTextContents();
  assert.deepEqual(events, [
    'Brevet togs emot',
    'Kanalen valdes',
    'Signerat av avsändaren och förseglat av förmedlaren',
    'Brevlådeoperatören tog emot brevet',
    'Levererat: kvittensen är bekräftad',
  ]);
  assert.match(
    (await page.getByRole('row', { name: /Mottagaren nås i en digital brevlåda/ }).textContent()) ?? '',
    /Avgjorde/,
  );
  const accepted = (await getLetter(world.origin, id)).events[0];
  const clock = new Date(accepted?.at ?? '').toLocaleTimeString('sv-SE', { timeZone: 'Europe/Stockholm' });
  assert.equal(
    await page.locator('.bd-timeline time').first().textContent(),
    clock,
    'Swedish time in a browser in New York',
  );

  await page.getByText('Underlaget: frågan och svaret').click();
  assert.match(await visibleText(page), /Tar emot från avsändaren\s+Ja/);
  assert.doesNotMatch(
    await visibleText(page),
    /askedFar|SenderAccepted"?:|ServiceSupplier\./,
    'raw names are folded away',
  );

  const frame = page.frameLocator('iframe.bd-message');
  assert.equal(await frame.locator('h1').textContent(), 'Beslut om bygglov');
  await page.locator('iframe.bd-document__frame').scrollIntoViewIfNeeded();
  const file = await framed;
  assert.equal(file.headers()['content-type'], 'application/pdf');
  const saved = await page.request.get(url(`/brev/${id}/bilagor/0`));
  assert.deepEqual(await saved.body(), await sitePlanPdf());
  assert.match(saved.headers()['content-disposition'] ?? '', /inline; filename\*=UTF-8''Situationsplan%20%C3%A5/);

  const download = page.waitForEvent('download');
  await page.getByText('Exakt som den skickades, byte för byte').first().click();
  await page.getByRole('link', { name: /Ladda ner\s+deliverSecure/ }).click();
  const exact = await readFile(await (await download).path());
  assert.deepEqual(exact, sent[0], 'the very bytes that the operator got');
  const digest = createHash('sha256').update(exact).digest('hex');
  assert.ok((await visibleText(page)).includes(digest));
  await checkPage(page, 'letter-digital');
});

browserTest('a paper letter shows the print that lies with the print shop', async (page) => {
  const id = await send(letterTo(PEOPLE.notRegistered, { subject: 'Beslut om uterum', address: ADDRESS }));
  await page.goto(url(`/brev/${id}`));
  assert.match(await visibleText(page), /Lämnat till tryckeriet[\s\S]*Åsa Öberg\s+Ängsvägen 3\s+123 45 Örebro/);
  assert.match(await visibleText(page), /Försegling\s+Hoppades över/);
  const print = await (await page.request.get(url(`/brev/${id}/utskrift`))).body();
  assert.deepEqual(print, await readFile((await printsOf(id))[0]?.pdf ?? ''));
  assert.equal(await page.locator('iframe.bd-document__frame').getAttribute('title'), 'Utskrift');
  await checkPage(page, 'letter-paper');
  await page.getByRole('link', { name: 'Visa batchen' }).click();
  await page.getByRole('heading', { level: 1, name: 'Batch' }).waitFor();
  assert.match(await visibleText(page), /Beslut om uterum/);
  await checkPage(page, 'print-batch');
  await page.goto(url('/utskriftsbatcher'));
  await checkPage(page, 'print-batches');
});

browserTest('the overview shows what waits for a person first; the list is searched and filtered', async (page) => {
  const id = await send(
    letterTo(PEOPLE.optedOut, { subject: 'Bara papper', flow: 'papper', address: ADDRESS, reference: 'LISTA-1' }),
  );
  await page.goto(url('/'));
  assert.match(await visibleText(page), /Ärenden att ta hand om/);
  await checkPage(page, 'overview');
  await page.getByRole('link', { name: /Lämnat till utskrift/ }).click();
  await page.waitForURL('**/brev?state=printed');
  assert.match(await visibleText(page), /Bara papper/);
  assert.doesNotMatch(await visibleText(page), /carport/);
  await checkPage(page, 'list-filtered');
  for (const q of ['19900105-2399', 'LISTA-1', id]) {
    await page.goto(url('/brev'));
    await page.getByLabel('Mottagare, referens eller brev-id').fill(q);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/brev?q=*');
    assert.equal(await page.getByRole('link', { name: 'Bara papper' }).count(), 1, q);
  }
  await page.goto(url('/brev'));
  await page.getByLabel('Flöde').selectOption({ label: 'Bara papper' });
  await page.waitForURL('**/brev?*flow=papper*');
  assert.equal(await page.locator('tbody tr').count(), 1);
  await page.getByRole('link', { name: 'Rensa filter' }).click();
  await page.waitForURL('**/brev');
  await page.goto(url('/brev?q=finnsinte'));
  assert.match(await visibleText(page), /Inget brev passar filtret/);
  await checkPage(page, 'list-no-hits');
});

browserTest('a case goes on paper: faults at their fields, then a print, and nothing digital', async (page) => {
  const id = await openCase('Kallelse till möte');
  await page.goto(url('/arenden'));
  await checkPage(page, 'queue');
  await page.getByRole('link', { name: 'Skicka på papper Kallelse till möte' }).click();
  await page.waitForURL(`**/brev/${id}#arende`);
  await checkPage(page, 'letter-case');
  await page.getByLabel('Namn').fill('Åsa Öberg');
  await page.getByLabel('Postnummer').fill('1234');
  await page.getByRole('button', { name: 'Skicka på papper' }).click();
  await page.locator('.bd-error-summary').waitFor();
  assert.equal(
    await page.evaluate('document.activeElement?.className'),
    'bd-error-summary',
    'the reader starts at the faults',
  );
  assert.match(await page.title(), /^Fel: Kallelse till möte/);
  assert.equal(await page.getByLabel('Namn').inputValue(), 'Åsa Öberg', 'what was written stands');
  for (const label of ['Postnummer', 'Ort', 'Adressrader']) {
    assert.equal(await page.getByLabel(label).getAttribute('aria-invalid'), 'true', label);
  }
  await checkPage(page, 'letter-case-faults');
  await page
    .locator('.bd-error-summary')
    .getByRole('link', { name: /postnummer/ })
    .click();
  assert.equal(await page.evaluate('document.activeElement?.name'), 'postalCode');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('12345');
  await page.getByLabel('Adressrader').fill('c/o Ek\nNygatan 1');
  await page.getByLabel('Ort').fill('Örebro');
  await page.getByRole('button', { name: 'Skicka på papper' }).click();
  await page.getByRole('status').getByText('Brevet går nu på papper.').waitFor();
  await checkPage(page, 'queue-done');
  const letter = await waitFor(world.origin, id, isSettled);
  assert.equal(letter.status, 'printed');
  assert.deepEqual(await printJobs(id), [id]);
  assert.equal(letter.decision?.rule, 'paperOrdered');
  await page.getByRole('link', { name: 'Kallelse till möte' }).click();
  await page.waitForURL(`**/brev/${id}`);
  assert.match(await visibleText(page), /En person beslutade om papper\s+Maja Lilja/);
  assert.match(await visibleText(page), /c\/o Ek\s+Nygatan 1\s+123 45 Örebro/);
});

browserTest('an unknown outcome is tried again with the same bytes and delivered once', async (page) => {
  const sent: string[] = [];
  let isSilent = true;
  world.world.tamper('first', async (call, next) => {
    sent.push(call.requestBytes.toString('base64'));
    const reply = await next();
    return isSilent ? { hangUp: true } : reply;
  });
  const earlier = await world.world.deliveriesTo(PEOPLE.atFirst);
  const id = await send(
    letterTo(PEOPLE.atFirst, { subject: 'Tystnad', address: ADDRESS }),
    ({ status }) => status === 'unknown',
  );
  await page.goto(url(`/brev/${id}`));
  assert.match(await visibleText(page), /Utgången okänd/);
  await checkPage(page, 'letter-unknown');
  // Three days pass: the flow's limit is behind the letter.
  await world.world.world.pools.hub.query(
    `update letter set stage_entered_at = now() - interval '3 days', due_at = now() where id = $1`,
    [id],
  );
  await waitFor(world.origin, id, ({ status }) => status === 'case');
  await page.goto(url(`/brev/${id}`));
  assert.match(await visibleText(page), /Det är okänt om brevet kom fram/);
  await checkPage(page, 'letter-case-unknown');

  // Paper is refused until the person says that she knows the risk.
  await page.getByRole('button', { name: 'Skicka på papper' }).click();
  await page.locator('.bd-error-summary').waitFor();
  assert.match(await visibleText(page), /Bekräfta att det ändå ska skickas på papper/);
  await checkPage(page, 'letter-case-risk');

  isSilent = false;
  await page.goto(url(`/brev/${id}`));
  await page.getByRole('button', { name: 'Försök igen' }).click();
  await page.getByRole('status').getByText('Brevet försöks nu igen.').waitFor();
  const letter = await waitFor(world.origin, id, isSettled);
  assert.equal(letter.status, 'delivered');
  assert.equal(new Set(sent).size, 1, 'the very same bytes every time');
  assert.equal((await world.world.deliveriesTo(PEOPLE.atFirst)) - earlier, 1);
  assert.deepEqual(await printJobs(id), []);
});

browserTest('a letter is cancelled after a second thought, and stays cancelled', async (page) => {
  const id = await openCase('Ska inte skickas');
  await page.goto(url('/arenden'));
  await page.getByRole('link', { name: 'Avbryt brevet Ska inte skickas' }).click();
  await page.getByRole('heading', { name: 'Avbryt brevet?' }).waitFor();
  await checkPage(page, 'cancel');
  await page.getByRole('link', { name: 'Nej, gå tillbaka' }).click();
  await page.waitForURL(`**/brev/${id}#arende`);
  await page.goBack();
  await page.getByRole('button', { name: 'Ja, avbryt brevet' }).click();
  await page.getByRole('status').getByText('Brevet är avbrutet.').waitFor();
  await page.getByRole('link', { name: 'Ska inte skickas' }).click();
  await page.waitForURL(`**/brev/${id}`);
  assert.match(await visibleText(page), /Avbrutet[\s\S]*En person avbröt brevet\s+Maja Lilja/);
  await checkPage(page, 'letter-cancelled');
  assert.equal((await getLetter(world.origin, id)).final, true);
});

browserTest('two people act on one case: one wins, the other sees who and what', async (page) => {
  const id = await openCase('Två på en gång');
  await visitor(async (jussi) => {
    await logIn(jussi.page, url(`/brev/${id}`), 'Jussi Mäkelä');
    await page.goto(url(`/brev/${id}`));
    await jussi.page.locator('summary', { hasText: 'Försök igen' }).click();
    await page.locator('summary', { hasText: 'Avbryt brevet' }).click();
    await page.getByRole('button', { name: 'Avbryt brevet' }).click();
    await page.getByRole('status').waitFor();
    await jussi.page.getByRole('button', { name: 'Försök igen' }).click();
    await jussi.page.getByRole('alert').waitFor();
    assert.match(await visibleText(jussi.page), /Någon annan hann före\s+Maja Lilja avbröt brevet/);
    await checkPage(jussi.page, 'conflict');
  });
  assert.equal((await getLetter(world.origin, id)).status, 'cancelled');
});

browserTest('logged out is logged out: the back button shows the login and no letter', async () => {
  const id = await openCase('Hemligheten');
  await visitor(async ({ page }) => {
    await logIn(page, url(`/brev/${id}`));
    await page.getByRole('button', { name: 'Logga ut' }).click();
    await page.getByRole('button', { name: 'Logga in som Maja Lilja' }).waitFor();
    await page.goBack();
    assert.doesNotMatch(await page.content(), /Hemligheten/);
    await page.goto(url(`/brev/${id}`));
    await page.getByRole('button', { name: 'Logga in som Maja Lilja' }).waitFor();
    assert.doesNotMatch(await page.content(), /Hemligheten/);
    assert.equal(
      (await page.request.get(url(`/brev/${id}`), { maxRedirects: 0, headers: { accept: 'text/html' } })).status(),
      302,
    );
  });
});

browserTest('another municipality’s letter is not there for us, nor ours for them', async (page) => {
  const { json } = await handIn(world.origin, letterTo(PEOPLE.notRegistered, { subject: 'Grannens brev' }), {
    authorization: `Bearer ${NEIGHBOUR_API_KEY}`,
  });
  const response = await page.goto(url(`/brev/${json.id}`));
  assert.equal(response?.status(), 404);
  assert.match(await visibleText(page), /Sidan finns inte\s+Brevet finns inte\./);
  assert.match(
    await visibleText(page, '.bd-header'),
    /Ärenden[\s\S]*Maja Lilja|Maja Lilja[\s\S]*Ärenden/,
    'she gets on from here',
  );
  await checkPage(page, 'not-found');
  await page.goto(url('/brev'));
  assert.doesNotMatch(await visibleText(page), /Grannens brev/);
  await visitor(async (nils) => {
    await logIn(nils.page, url('/brev'), 'Nils Granne');
    assert.match(await visibleText(nils.page), /Grannens brev/);
    assert.equal(await nils.page.locator('tbody tr').count(), 1, 'and nothing of ours');
  });
});

browserTest('hostile subjects, file names and messages do nothing', async (page) => {
  const subject = '<script>alert(1)</script>"><img src=x onerror=alert(2)>';
  const id = await send(
    letterTo(PEOPLE.atFirst, { subject, reference: '"><b onclick=alert(3)>', attachments: [await pdf('plan.pdf')] }),
  );
  await world.world.world.pools.hub.query('update attachment set filename = $2 where letter_id = $1', [
    id,
    `"><img src=x onerror=alert(4)>'(*);.pdf`,
  ]);
  for (const path of ['/', '/brev', `/brev/${id}`]) {
    await page.goto(url(path));
    assert.ok((await visibleText(page)).includes(subject));
    assert.equal(await page.locator('img[src=x], b[onclick]').count(), 0);
  }
  await checkPage(page, 'letter-hostile');
  const file = await page.request.get(url(`/brev/${id}/bilagor/0`));
  const wanted = "inline; filename*=UTF-8''%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert%284%29%3E%27%28%2A%29%3B.pdf";
  assert.equal(file.headers()['content-disposition'], wanted);
});

browserTest(
  'a protected person is shown to nobody, and her files are refused with a page that says why',
  async (page) => {
    const id = await send({
      ...letterTo(PEOPLE.atFirst, { subject: 'Om Skyddade Svea', address: { ...ADDRESS, name: 'Skyddade Svea' } }),
      protectedIdentity: true,
    });
    for (const path of ['/', '/brev', '/arenden', `/brev/${id}`]) {
      await page.goto(url(path));
      assert.match(await visibleText(page), /skyddad identitet/i, path);
      assert.doesNotMatch(await page.content(), /Svea|Ängsvägen/, path);
    }
    assert.doesNotMatch(await page.content(), /19900101/);
    await checkPage(page, 'letter-protected');
    const response = await page.goto(url(`/brev/${id}/utskrift`));
    assert.equal(response?.status(), 403);
    assert.match(await visibleText(page), /Mottagaren har skyddad identitet/);
    await checkPage(page, 'forbidden');
  },
);

browserTest('the language changes on the spot, and English is English all through', async () => {
  const id = await openCase('Language test');
  await visitor(async ({ page }) => {
    await logIn(page, url(`/brev/${id}`));
    await page.getByRole('link', { name: 'English' }).click();
    await page.waitForURL(`**/brev/${id}?lang=en`);
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    for (const path of [`/brev/${id}`, '/', '/brev', '/arenden', '/brev/x']) {
      await page.goto(url(path));
      const words = (await visibleText(page, 'body')).replace(
        /Svenska|Språk|Ärendesystemet|Byggnadsnämnden|Maja Lilja|Bara papper|Direktlänk/g,
        '',
      );
      assert.doesNotMatch(words, /Mottagare|Postadress|Ärende|Händelse|Skicka|Försök|Brevet (?!till)/, path);
      await checkPage(page, `english-${path.split('/')[1] || 'overview'}`);
    }
  });
});

browserTest('when something breaks the page says so, in the console’s own dress', async (page) => {
  const id = await openCase('Trasig');
  const { hub } = world.world.world.pools;
  await hub.query('alter table receipt rename to receipt_gone');
  try {
    const response = await page.goto(url(`/brev/${id}`));
    assert.equal(response?.status(), 500);
  } finally {
    await hub.query('alter table receipt_gone rename to receipt');
  }
  assert.match(await visibleText(page), /Något gick fel[\s\S]*BASE_INTERNAL[\s\S]*Referens/);
  assert.doesNotMatch(await page.content(), /receipt|select|relation/, 'nothing of our insides');
  await checkPage(page, 'broken');
});

browserTest('a form from another login is refused with a page', async (page) => {
  const id = await openCase('Fel formulär');
  await page.goto(url(`/brev/${id}`));
  await page.evaluate(`document.querySelectorAll('input[name=_csrf]').forEach((each) => { each.value = 'x'; })`);
  await page.locator('summary', { hasText: 'Försök igen' }).click();
  await page.getByRole('button', { name: 'Försök igen' }).click();
  await page.getByText('BASE_CSRF').waitFor();
  await checkPage(page, 'csrf');
  assert.equal((await getLetter(world.origin, id)).status, 'case');
});

browserTest(
  'the keyboard reaches everything that can be pressed, and a case can be handled with it alone',
  async (page) => {
    const id = await openCase('Bara tangenter');
    for (const path of ['/', '/brev', '/arenden', `/brev/${id}`]) {
      await page.goto(url(path));
      const stops = await tabStops(page);
      const missed = (await actionable(page)).filter((each) => !stops.includes(each));
      assert.deepEqual(missed, [], path);
      assert.match(stops[0] ?? '', /Hoppa till innehållet/);
    }
    await page.goto(url(`/brev/${id}`));
    await page.locator('summary', { hasText: 'Försök igen' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Brevet försöks nu igen.').waitFor();
    const tried = await waitFor(world.origin, id, ({ status, events }) => status === 'case' && events.length > 4);
    assert.equal(tried.case?.reason, 'noChannel');
  },
);

browserTest('without script everything still works', async () => {
  const id = await openCase('Utan skript');
  await visitor(
    async ({ page }) => {
      await logIn(page, url('/brev'));
      await page.getByLabel('Status').selectOption('case');
      await page.getByRole('button', { name: 'Visa' }).click();
      await page.getByRole('link', { name: 'Utan skript' }).click();
      await page.locator('summary', { hasText: 'Avbryt brevet' }).click();
      await page.getByRole('button', { name: 'Avbryt brevet' }).click();
      await page.getByRole('status').getByText('Brevet är avbrutet.').waitFor();
    },
    { javaScriptEnabled: false, viewport: DESK },
  );
  assert.equal((await getLetter(world.origin, id)).status, 'cancelled');
});

browserTest('who may only read finds no buttons', async () => {
  const id = await openCase('Läsning');
  await visitor(async ({ page }) => {
    await logIn(page, url(`/brev/${id}`), 'Omar Haddad');
    assert.match(await visibleText(page), /Du har läsbehörighet/);
    assert.equal(await page.locator('main form[method=post]').count(), 0);
    await checkPage(page, 'reader');
  });
});

browserTest('a letter that came back is scanned, and lies with a person; the next one there is held', async (page) => {
  const id = await send(letterTo(PEOPLE.notRegistered, { subject: 'Kallelse till samtal', address: ADDRESS }));
  await page.goto(url('/returer'));
  await page.getByText('Okänd på adressen eller flyttat').click();
  await page.locator('#mark').focus();
  // As a wand does it.
  await page.keyboard.type(sheetMark(id, 1, 1));
  await page.keyboard.press('Enter');
  await page.getByText('Returen är registrerad.').waitFor();
  assert.match(await visibleText(page), /Adressen är markerad/);
  assert.equal(await page.evaluate('document.activeElement.id'), 'mark', 'ready for the next letter');
  await checkPage(page, 'returns');
  await page.getByRole('link', { name: 'Visa brevet' }).click();
  assert.match(await visibleText(page), /kommit tillbaka från posten/);
  await checkPage(page, 'returned-letter');
  const next = await send(letterTo(PEOPLE.notRegistered, { subject: 'Ny kallelse', address: ADDRESS }));
  await page.goto(url(`/brev/${next}`));
  assert.match(await visibleText(page), /Post till mottagaren på den här adressen har kommit tillbaka/);
  await page.goto(url('/returer'));
  await page.getByRole('button', { name: 'Adressen stämmer' }).first().click();
  await page.getByText('Adressen är inte längre markerad.').waitFor();
});

browserTest('an administrator sees how the organisation is set up, by keyboard and without script', async () => {
  const pages: [string, RegExp][] = [
    ['', /config export --organisation 162021004748/],
    ['/enheter', /Byggnadsnämnden/],
    ['/floden', /Beslut/],
    ['/floden/beslut', /Digitalt först, annars papper/],
    ['/system', /Ärendesystemet/],
    ['/system/arendesystemet', /API-nyckel/],
    ['/andringar', /Inga ändringar ännu/],
  ];
  await visitor(async ({ page }) => {
    await logIn(page, url('/'), 'Jussi Mäkelä');
    await page.getByRole('link', { name: 'Inställningar' }).click();
    for (const [path, words] of pages) {
      await page.goto(url(`/installningar${path}`));
      assert.match(await visibleText(page), words, path);
      await checkPage(page, `settings${path.replaceAll('/', '-')}`);
    }
  });
  await visitor(
    async ({ page }) => {
      await logIn(page, url('/installningar'), 'Jussi Mäkelä');
      await page.getByRole('link', { name: 'Flöden' }).click();
      await page.getByRole('link', { name: 'Beslut', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Beslut' }).waitFor();
    },
    { javaScriptEnabled: false, viewport: DESK },
  );
  await visitor(async ({ page }) => {
    await logIn(page, url('/'), 'Omar Haddad');
    assert.equal(await page.getByRole('link', { name: 'Inställningar' }).count(), 0);
    await page.goto(url('/installningar'));
    assert.match(await visibleText(page), /Sidan är till för administratörer/);
    await checkPage(page, 'settings-refused');
  });
});
