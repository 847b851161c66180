import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBrevduva } from '@brevduva/sdk';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './support/browser.ts';
import { checkPage, logIn, openVisitor, type Visitor, visibleText } from './support/consoleBrowser.ts';
import { type ConsoleWorld, sitePlanPdf, startConsoleWorld } from './support/consoleWorld.ts';
import { API_KEY, PEOPLE } from './support/ecosystem.ts';

/** A mailing as two persons meet it: a real browser and login, the whole ecosystem behind. */
let world: ConsoleWorld;
let browser: Browser | undefined;
let maja: Visitor;
let gunilla: Visitor;
const url = (path: string) => `${world.origin}${path}`;
before(async () => {
  [world, browser] = await Promise.all([startConsoleWorld(), launchBrowser()]);
  if (browser === undefined) return;
  [maja, gunilla] = [await openVisitor(browser), await openVisitor(browser)];
  await logIn(maja.page, url('/utskick'));
  await logIn(gunilla.page, url('/utskick'), 'Gunilla Sjögren');
  await world.world.world.pools.hub.query(`update flow set approval_over = 1 where code = 'beslut'`);
});
after(async () => {
  await browser?.close();
  await world.close();
});

function browserTest(name: string, work: (maja: Page, gunilla: Page) => Promise<void>): void {
  test(name, async (t: TestContext) => {
    if (browser === undefined) return t.skip('no browser');
    for (const visitor of [maja, gunilla]) visitor.complaints.length = 0;
    await work(maja.page, gunilla.page);
    const complaints = [...maja.complaints, ...gunilla.complaints];
    assert.deepEqual(
      complaints.filter((text) => !/status of (403|409|422)/.test(text)),
      [],
    );
  });
}

const address = { name: 'Åsa Öberg', street: 'Ängsvägen 3', postalCode: '123 45', city: 'Örebro' };
const RECIPIENTS = [
  { recipient: PEOPLE.atFirst, reference: 'Elev 1' },
  { recipient: PEOPLE.atSecond, address },
  { recipient: PEOPLE.notRegistered, address },
  { recipient: PEOPLE.pending },
];

/** As a business system hands it in. */
async function handInMailing(name: string, recipients = RECIPIENTS): Promise<string> {
  const client = createBrevduva({ url: world.origin, apiKey: API_KEY });
  const pdf = await sitePlanPdf();
  const { id } = await client.createMailing({
    ...{ name, flow: 'beslut', subject: 'Dags att välja skola' },
    text: 'Hej!\n\nNu är det dags att välja skola till hösten. Svara senast den 15 januari.\n\nBarn- och utbildningsnämnden',
    attachments: [{ name: 'Skolor att välja på.pdf', bytes: pdf }],
  });
  await client.addRecipients(id, recipients);
  await client.commitMailing(id);
  return id;
}

browserTest('without a mailing the list says so', async (page) => {
  await page.goto(url('/utskick'));
  assert.match(await visibleText(page), /Inga utskick ännu/);
  await checkPage(page, 'mailings-empty');
});

browserTest(
  'a mailing waits, is reviewed with reach and cost, and goes when another person says yes',
  async (own, other) => {
    const id = await handInMailing('Skolval 2027');
    await own.goto(url('/utskick'));
    assert.match(await visibleText(own, '.bd-header'), /Utskick\s*1/);
    await checkPage(own, 'mailings-list');
    await own.getByRole('link', { name: 'Skolval 2027' }).click();
    await own.getByText('Utskicket väntar på en andra persons godkännande').waitFor();
    await checkPage(own, 'mailing-waits');
    await own.getByRole('link', { name: 'Granska' }).click();
    assert.match(await visibleText(own), /Det godkänns av en kollega/);

    await other.goto(url(`/utskick/${id}`));
    await other.getByRole('link', { name: 'Granska och godkänn' }).click();
    const shown = await visibleText(other);
    for (const words of [
      /Mottagare\s+4/i,
      /Digital brevlåda\s+2/,
      /Papper\s+1/,
      /Behöver en person\s+1/,
      /Om allt gick på papper/,
    ]) {
      assert.match(shown, words);
    }
    assert.match(shown, /19900\d{3}-••••/);
    assert.doesNotMatch(shown, /\d{8}-?\d{4}/, 'whose letters they are is not told');
    await checkPage(other, 'mailing-review');
    await other.goto(url(`/utskick/${id}/granska?lang=en`));
    assert.match(await visibleText(other), /Forecast cost\s+SEK/);
    await checkPage(other, 'mailing-review-en');
    await other.goto(url(`/utskick/${id}?lang=en`));
    await checkPage(other, 'mailing-waits-en');
    await other.goto(url(`/utskick/${id}/granska?lang=sv`));

    await other.getByRole('button', { name: 'Godkänn och släpp' }).click();
    await other.getByText('Utskicket är godkänt och släppt.').waitFor();
    await untilAtRest(id);
    await other.reload();
    assert.match(await visibleText(other), /Levererat digitalt\s+2/i);
    await checkPage(other, 'mailing-released');
    await other.getByRole('link', { name: 'Visa breven' }).click();
    assert.equal(await other.getByRole('link', { name: 'Dags att välja skola' }).count(), RECIPIENTS.length);
  },
);

browserTest('a mailing to the same list is told so, sent back with a reason, and cancelled', async (own, other) => {
  const id = await handInMailing('Skolval, en gång till');
  await other.goto(url(`/utskick/${id}/granska`));
  assert.match(await visibleText(other), /Samma lista har fått ett utskick förut/);
  await other.getByRole('button', { name: 'Skicka tillbaka' }).click();
  await other.getByRole('link', { name: 'Skriv varför utskicket skickas tillbaka.' }).waitFor();
  await checkPage(other, 'mailing-review-faults');
  await other.getByLabel('Orsak').fill('Listan fick brevet förra veckan.');
  await other.getByRole('button', { name: 'Skicka tillbaka' }).click();
  await other.getByText('Utskicket är skickat tillbaka.').waitFor();

  await own.goto(url(`/utskick/${id}`));
  assert.match(await visibleText(own), /Gunilla Sjögren skickade tillbaka utskicket: ”Listan fick brevet/);
  await checkPage(own, 'mailing-sent-back');
  await own.getByRole('link', { name: 'Avbryt utskicket' }).click();
  await checkPage(own, 'mailing-cancel');
  await own.getByRole('button', { name: 'Ja, avbryt utskicket' }).click();
  await own.getByText('Utskicket är avbrutet. Inget har skickats.').waitFor();
  await checkPage(own, 'mailing-cancelled');
});

/** The page in English too, and back to Swedish. */
async function inEnglish(page: Page, address: string, name: string): Promise<void> {
  await page.goto(`${address}?lang=en`);
  await checkPage(page, name);
  await page.goto(`${address}?lang=sv`);
}

browserTest(
  'an address file becomes a mailing in the browser: columns, letter, dry run, approval, letters',
  async (own, other) => {
    const file = [
      'Persnr;Elev;Gatuadress;Postnr;Ort',
      `${PEOPLE.atSecond};Åsa Öberg;Ängsvägen 3;123 45;Örebro`,
      `${PEOPLE.notRegistered};Örjan Ek;Skolgatan 1;123 45;Örebro`,
      '199001012386;Fel Siffra;Skolgatan 2;123 45;Örebro',
    ].join('\r\n');
    await own.goto(url('/utskick'));
    await own.getByRole('link', { name: 'Nytt utskick' }).click();
    await checkPage(own, 'new-mailing-file');
    await inEnglish(own, url('/utskick'), 'mailings-list-en');
    await inEnglish(own, url('/utskick/nytt'), 'new-mailing-file-en');
    await own.getByRole('button', { name: 'Läs in filen' }).click();
    await own.getByRole('link', { name: 'Välj en fil.' }).waitFor();
    // Windows letters, as an old system writes them.
    await own
      .getByLabel('Adressfil')
      .setInputFiles({ name: 'Elever årskurs 9.csv', mimeType: 'text/csv', buffer: Buffer.from(file, 'latin1') });
    await own.getByRole('button', { name: 'Läs in filen' }).click();
    // "Elev" is no name that the guess knows, and an address without a name is none.
    await own.getByText('0 rader är felfria.').waitFor();
    assert.equal(await own.getByLabel('Mottagarens nummer').inputValue(), 'Persnr');
    assert.equal(await own.getByLabel('Namn').inputValue(), '');
    await own.getByLabel('Namn').selectOption('Elev');
    await own.getByRole('button', { name: 'Kontrollera igen' }).click();
    await own.getByText('1 fel. 2 rader är felfria.').waitFor();
    await own.getByRole('button', { name: 'Nästa' }).click();
    await own.getByRole('link', { name: 'välj att bara skicka till de felfria raderna' }).waitFor();
    await checkPage(own, 'new-mailing-columns');
    const columns = own.url();
    await own.goto(`${columns.replace('/kolumner', '')}?lang=en`);
    await checkPage(own, 'new-mailing-columns-en');
    await own.goto(`${columns.replace('/kolumner', '')}?lang=sv`);
    await own.getByLabel('Skicka bara till de felfria raderna').check();
    await own.getByRole('button', { name: 'Nästa' }).click();
    await own.getByText('alla 2 mottagare').waitFor();
    await inEnglish(own, own.url(), 'new-mailing-letter-en');
    await own.getByLabel('Utskickets namn').fill('Skolval, årskurs 9');
    await own.getByLabel('Flöde').selectOption({ label: 'Beslut' });
    await own.getByLabel('Ämne').fill('Dags att välja gymnasium');
    await own.getByRole('button', { name: 'Skapa och granska' }).click();
    await own.getByRole('link', { name: /Brevet saknar text/ }).waitFor();
    await checkPage(own, 'new-mailing-letter');
    await own.getByLabel('Meddelandetext').fill('Hej {ELEV}, i {Klass}!');
    await own.getByRole('button', { name: 'Skapa och granska' }).click();
    await own.getByRole('link', { name: 'Adressfilen har ingen kolumn Klass.' }).waitFor();
    assert.match(await visibleText(own), /Platshållare: \{Elev\} \{Gatuadress\}/);
    await own.getByLabel('Meddelandetext').fill('Hej {ELEV}!\n\nNu är det dags att välja.');
    await own
      .getByLabel('Bilagor')
      .setInputFiles({ name: 'Gymnasier.pdf', mimeType: 'application/pdf', buffer: await sitePlanPdf() });
    await own.getByRole('button', { name: 'Skapa och granska' }).click();
    await own.getByRole('button', { name: 'Begär godkännande' }).waitFor();
    assert.match(await visibleText(own), /Digital brevlåda\s+1/);
    assert.match(await visibleText(own), /Hej Örjan Ek!/);
    await checkPage(own, 'new-mailing-dry-run');
    await own.getByRole('button', { name: 'Begär godkännande' }).click();
    await own.getByText('En andra person behöver godkänna utskicket.').waitFor();
    const id = new URL(own.url()).pathname.split('/')[2] ?? '';

    await other.goto(url(`/utskick/${id}/granska`));
    await other.getByRole('button', { name: 'Godkänn och släpp' }).click();
    await other.getByText('Utskicket är godkänt och släppt.').waitFor();
    await other.getByRole('link', { name: 'Visa breven' }).click();
    assert.equal(await other.getByRole('link', { name: 'Dags att välja gymnasium' }).count(), 2);
  },
);

const DOCUMENT = `#import "/brevduva.typ": letter, value
#show: letter
#value("Namn") har plats på *#value("Skola")* från hösten.
`;

browserTest(
  'a template is chosen with the columns, told what the file lacks, and any letter is previewed',
  async (own) => {
    await world.world.world.pools.hub.query(
      `insert into template (organisation_id, code, name, language, subject, content_type, message, document)
     select organisation_id, 'skolval', 'Skolplacering', 'svSE', 'Plats på {Skola}', 'text/plain', 'Hej {Namn}!', $1
     from flow where code = 'beslut'`,
      [DOCUMENT],
    );
    const upload = async (header: string, ...rows: string[]) => {
      await own.goto(url('/utskick/nytt'));
      const buffer = Buffer.from([header, ...rows].join('\n'));
      await own.getByLabel('Adressfil').setInputFiles({ name: 'placeringar.csv', mimeType: 'text/csv', buffer });
      await own.getByRole('button', { name: 'Läs in filen' }).click();
      await own.getByLabel('Mall').selectOption('Skolplacering');
      await own.getByRole('button', { name: 'Kontrollera igen' }).click();
    };
    await upload('Persnr;Namn', `${PEOPLE.atSecond};Åsa`);
    await own.getByText('Mallen använder Skola, men filen har ingen sådan kolumn.').waitFor();
    await own.getByRole('button', { name: 'Nästa' }).click();
    await own.getByRole('link', { name: 'Mallen använder Skola' }).waitFor();
    await checkPage(own, 'new-mailing-template-lacks');
    const rows = [
      `${PEOPLE.atSecond};Åsa & Örjan;Ängsskolan`,
      `${PEOPLE.notRegistered};Bo;Bäckskolan`,
      `${PEOPLE.atFirst};Cia;`,
    ];
    await upload('Persnr;Namn;Skola', ...rows);
    await own.getByText('Värde saknas för {Skola}.').waitFor();
    await own.getByLabel('Skicka bara till de felfria raderna').check();
    await checkPage(own, 'new-mailing-template');
    await own.getByRole('button', { name: 'Nästa' }).click();
    await own.getByText('Varje brev får också en egen PDF').waitFor();
    await checkPage(own, 'new-mailing-template-letter');
    await own.getByLabel('Utskickets namn').fill('Skolplaceringar');
    await own.getByLabel('Flöde').selectOption({ label: 'Beslut' });
    await own.getByRole('button', { name: 'Skapa och granska' }).click();
    await own.getByRole('link', { name: 'Visa vilket brev som helst' }).waitFor();
    assert.match(await visibleText(own), /Hej Åsa & Örjan!/);
    await own.getByRole('link', { name: 'Visa vilket brev som helst' }).click();
    await own.getByText('Hej Åsa & Örjan!').waitFor();
    await own.getByRole('link', { name: /Nästa/ }).click();
    await own.getByText('Hej Bo!').waitFor();
    await own.getByLabel('Mottagarens nummer eller er referens').fill(PEOPLE.atSecond);
    await own.getByRole('button', { name: 'Visa', exact: true }).click();
    await own.getByText('Plats på Ängsskolan').waitFor();
    await checkPage(own, 'mailing-preview');
    const href = (await own.getByRole('link', { name: 'Skolplacering.pdf' }).first().getAttribute('href')) ?? '';
    const pdf = await own.request.get(url(href));
    assert.deepEqual([pdf.status(), pdf.headers()['content-type']], [200, 'application/pdf']);
    assert.ok((await pdf.body()).subarray(0, 5).equals(Buffer.from('%PDF-')));
    await own.getByLabel('Mottagarens nummer eller er referens').fill('finns inte');
    await own.getByRole('button', { name: 'Visa', exact: true }).click();
    await own.getByText('Inget brev hittades').waitFor();
    await inEnglish(own, own.url().split('?')[0] ?? '', 'mailing-preview-en');
  },
);

browserTest('with FaR down the review says so', async (_own, other) => {
  const id = await handInMailing('Utan FaR', RECIPIENTS.slice(0, 2));
  world.world.tamper('far', () => {
    throw new Error('down');
  });
  try {
    await other.goto(url(`/utskick/${id}/granska`));
    assert.match(await visibleText(other), /FaR svarar inte/);
    await checkPage(other, 'mailing-far-down');
  } finally {
    world.world.tamper('far', undefined);
  }
});

async function untilAtRest(id: string): Promise<void> {
  const client = createBrevduva({ url: world.origin, apiKey: API_KEY });
  for (let tries = 0; tries < 400; tries++) {
    if (((await client.getMailing(id)).letters['waiting'] ?? 0) === 0) return;
    await sleep(50);
  }
  assert.fail('the mailing never came to rest');
}
