import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLog, systemClock } from '@brevduva/base';
import { startEInvoiceBank } from '../packages/cli/src/dev/eInvoiceBank.ts';
import type { FaultKind, SetFault } from '../packages/cli/src/dev/faults.ts';
import { judgePeppolInvoice } from '../packages/hub/src/invoice/peppolRules.ts';
import { writePeppolInvoice } from '../packages/hub/src/invoice/writePeppolInvoice.ts';
import type { LetterView } from '../packages/hub/src/letterView.ts';
import { claimedLetter } from '../packages/hub/test/support/claimedLetter.ts';
import { embeddedPdf, peppolDocument } from '../packages/hub/test/support/peppol.ts';
import { type Ecosystem, PEOPLE, startEcosystem } from './support/ecosystem.ts';
import { ADDRESS, handIn, isSettled, waitFor } from './support/hubClient.ts';

/** Invoices that are wanted in the bank, all the way there; and what becomes of them when registry or bank fails. */
const PDF_BYTES = readFileSync(new URL('../examples/utskick-faktura/filer/faktura-70012.pdf', import.meta.url));
const COMPANY = '165568402266';
const BANK = '0088:7300009900009';
const TOKEN = 'hemlig';
let world: Ecosystem;
let bank: Awaited<ReturnType<typeof startEInvoiceBank>>;
let bankPort: number;
let sent = 0;
let fault: SetFault | undefined;

const startBank = (port: number) =>
  startEInvoiceBank({
    ...{ host: '127.0.0.1', port, token: TOKEN, clock: systemClock },
    folder: join(world.world.dir, 'bank'),
    wishes: new Map([
      [PEOPLE.atFirst, { endpoint: BANK, name: 'Ett Namn' }],
      [PEOPLE.notRegistered, { endpoint: BANK, name: 'Åsa Öberg' }],
      [COMPANY, { endpoint: '0007:5568402266', name: 'Kvarnens Bageri AB' }],
    ]),
    takeFault: async () => fault,
    log: createLog({ service: 'test', level: 'silent' }),
  });

before(async () => {
  world = await startEcosystem({ withHub: false });
  bank = await startBank(0);
  bankPort = Number(new URL(bank.url).port);
  await world.world.pools.hub.query(
    `update organisation set creditor = '{"vatNumber":"SE202100474801","vatExemption":"Undantag"}'`,
  );
  await world.world.pools.hub.query(
    `update flow set e_invoice = true, e_invoice_vat_percent = 25 where code in ('beslut', 'digitalt')`,
  );
  await world.world.pools.hub.query(`update business_system set ways_in = $1`, [
    JSON.stringify({ dropFolder: { flow: 'beslut', completeWhen: 'renamed' }, invoices: { flow: 'beslut' } }),
  ]);
  const root = join(world.world.dir, 'drop');
  await mkdir(root);
  await world.startHub({ ...hubOptions(), dropFolder: { root, lookEveryMs: 50 } });
});
after(async () => {
  await world.close();
  await bank.close();
});
beforeEach(() => {
  fault = undefined;
});

function hubOptions() {
  return {
    eInvoice: {
      registry: { url: `${bank.url}/registry`, token: TOKEN, answerTimeoutMs: 2_000 },
      sender: { url: `${bank.url}/invoices`, token: TOKEN, answerTimeoutMs: 2_000 },
    },
  };
}

const fail = (kind: FaultKind | undefined) => {
  fault = kind && { id: 'x', party: 'banken', kind };
};
const PDF = { filename: 'faktura.pdf', base64: PDF_BYTES.toString('base64') };

function nextReference(): string {
  sent += 1;
  return `7${sent}`;
}

async function invoiceTo(recipient: string, changes: Record<string, unknown> = {}): Promise<string> {
  const invoice = { dueDate: '2026-12-24', amount: '1234.50', bankgiro: '5050-1055', ocr: '70012075' };
  const letter = {
    ...{ flow: 'beslut', recipient, subject: 'Faktura <1> & mer', body: { text: 'Se bilagan.' }, attachments: [PDF] },
    ...{ address: ADDRESS, reference: nextReference(), invoice, ...changes },
  };
  const answer = await handIn(world.hubUrl, letter);
  assert.equal(answer.status, 201, JSON.stringify(answer.json));
  return answer.json.id;
}

const settled = (id: string) => waitFor(world.hubUrl, id, isSettled);
const kinds = (letter: LetterView) => letter.events.map(({ kind }) => kind);
async function keptXml(id: string): Promise<Buffer | undefined> {
  const file = join(world.world.dir, 'bank', `${id}.json`);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Buffer.from(JSON.parse(text).xml, 'base64');
}

describe('an invoice', () => {
  test('that its recipient wants in the bank goes there, though there is a mailbox; the record tells why', async () => {
    const letter = await settled(await invoiceTo(PEOPLE.atFirst));
    assert.deepEqual([letter.status, letter.channel], ['delivered', 'eInvoice'], JSON.stringify(letter.events));
    const xml = await keptXml(letter.id);
    assert.deepEqual(judgePeppolInvoice(xml ?? Buffer.alloc(0)), { broken: [], warnings: [] });
    assert.match(xml?.toString() ?? '', /Faktura &lt;1&gt; &amp; mer/);
    assert.ok(!xml?.toString().includes(PEOPLE.atFirst.slice(2)), 'her number is not in it');
    assert.equal(await world.deliveriesTo(PEOPLE.atFirst), 0, 'and not in the mailbox');
    const { rows } = await world.world.pools.hub.query(
      'select question, answer, channel, rule from decision where letter_id = $1',
      [letter.id],
    );
    assert.deepEqual(
      rows.map(({ question, answer, channel, rule }) => [
        question.askedEInvoice,
        question.askedFar,
        answer,
        channel,
        rule,
      ]),
      [[true, false, { eInvoice: 'wanted', eInvoiceScheme: '0088' }, 'eInvoice', 'eInvoice']],
    );
  });

  test('order: who has not asked for it gets it in the mailbox, and who has none on paper', async () => {
    const [digital, paper] = await Promise.all([invoiceTo(PEOPLE.atSecond), invoiceTo(PEOPLE.optedOut)]);
    assert.deepEqual([(await settled(digital)).channel, (await settled(paper)).channel], ['digital', 'paper']);
    assert.deepEqual([await keptXml(digital), await keptXml(paper)], [undefined, undefined]);
  });

  test('a letter of the same flow that asks for no payment never goes to the bank', async () => {
    const letter = await settled(await invoiceTo(PEOPLE.atFirst, { invoice: undefined }));
    assert.equal(letter.channel, 'digital');
  });

  test('handed in as PEPPOL goes on unaltered, byte for byte', async () => {
    const source = { ...SOURCE, letter: claimedLetter({ recipient: COMPANY as never, reference: '70099' }) };
    // With a comment that no writer of ours would keep.
    const text = writePeppolInvoice(source)
      .toString()
      .replace('<cbc:CustomizationID>', '<!-- så -->\n<cbc:CustomizationID>');
    const id = await handInFile('70099.xml', text);
    const letter = await settled(id);
    assert.deepEqual([letter.status, letter.channel], ['delivered', 'eInvoice'], JSON.stringify(letter.events));
    assert.equal((await keptXml(id))?.toString(), text);
    assert.ok(kinds(letter).includes('eInvoiceOriginal'));
  });

  test('that breaks a rule is never sent: it goes the next way, and the story says which rule', async () => {
    const id = await handInFile('70046.xml', peppolDocument({ documents: embeddedPdf(PDF_BYTES) }));
    const letter = await settled(id);
    assert.equal(letter.channel, 'paper', JSON.stringify(letter.events));
    const { rows } = await world.world.pools.hub.query(
      `select detail from letter_event where letter_id = $1 and kind = 'eInvoiceRulesBroken'`,
      [id],
    );
    const faults = rows[0]?.detail.faults as { code: string; text: string }[];
    assert.ok(faults.some(({ code, text }) => code === 'BR-16' && text === 'Fakturan ska ha minst en rad.'));
    assert.equal(await keptXml(id), undefined);
  });
});

describe('when the bank fails', () => {
  test('registry down: the invoice waits and is seen to wait; nothing is guessed', async () => {
    fail('down');
    const id = await invoiceTo(PEOPLE.atFirst);
    const waiting = await waitFor(world.hubUrl, id, (letter) => kinds(letter).includes('waitsForEInvoiceRegistry'));
    assert.deepEqual([waiting.status, waiting.final], ['waiting', false]);
    fail(undefined);
    assert.equal((await settled(id)).channel, 'eInvoice');
  });

  test('registry down for longer than the flow waits: the next way, and the record says so', async () => {
    const { pools } = world.world;
    await pools.hub.query(`update flow set e_invoice_wait_hours = 1 where code = 'beslut'`);
    fail('down');
    const id = await invoiceTo(PEOPLE.atFirst);
    await waitFor(world.hubUrl, id, (letter) => kinds(letter).includes('waitsForEInvoiceRegistry'));
    await pools.hub.query(
      `update letter set stage_entered_at = now() - interval '61 minutes', due_at = now() where id = $1`,
      [id],
    );
    const letter = await settled(id);
    await pools.hub.query(`update flow set e_invoice_wait_hours = null where code = 'beslut'`);
    assert.equal(letter.channel, 'digital');
    const { rows } = await pools.hub.query('select answer from decision where letter_id = $1', [id]);
    assert.equal(rows[0]?.answer.eInvoice, 'unavailable');
  });

  test('rejected at once, and rejected afterwards: digital mail, with the failure recorded', async () => {
    for (const kind of ['refuse-for-good', 'fails-later'] as const) {
      fail(kind);
      const letter = await settled(await invoiceTo(PEOPLE.atFirst, { reference: kind }));
      assert.deepEqual([letter.status, letter.channel], ['delivered', 'digital'], kind);
      assert.ok(kinds(letter).includes('eInvoiceRejected'), kinds(letter).join(', '));
      const { rows } = await world.world.pools.hub.query(
        'select channel, delivered from receipt where letter_id = $1 order by id',
        [letter.id],
      );
      assert.deepEqual(rows, [
        { channel: 'eInvoice', delivered: false },
        { channel: 'digital', delivered: true },
      ]);
      const { rows: decisions } = await world.world.pools.hub.query(
        'select tried from decision where letter_id = $1 order by id desc limit 1',
        [letter.id],
      );
      const tried = decisions[0]?.tried as { rule: string; why: string }[];
      assert.equal(tried.find(({ rule }) => rule === 'eInvoice')?.why, 'E-fakturan togs inte emot.');
    }
  });

  test('busy: it is tried again and arrives once', async () => {
    fail('refuse-now');
    const id = await invoiceTo(PEOPLE.notRegistered);
    await waitFor(world.hubUrl, id, (letter) => kinds(letter).includes('eInvoiceUnreachable'));
    fail(undefined);
    assert.equal((await settled(id)).channel, 'eInvoice');
  });

  test('silence after the invoice was taken: unknown, no other way, the same bytes again, and one invoice in the bank', async () => {
    fail('accept-then-silence');
    const id = await invoiceTo(PEOPLE.atFirst, { reference: 'tyst' });
    const unknown = await waitFor(world.hubUrl, id, (letter) => letter.status === 'unknown');
    assert.ok(kinds(unknown).includes('eInvoiceOutcomeUnknown'));
    assert.ok((await keptXml(id)) !== undefined, 'the bank has it');
    fail(undefined);
    const letter = await settled(id);
    assert.deepEqual([letter.status, letter.channel], ['delivered', 'eInvoice']);
    const names = await readdir(join(world.world.dir, 'bank'));
    assert.equal(names.filter((name) => name.startsWith(id)).length, 1);
  });

  test('the hub is stopped while nothing is known of the invoice: the next one sends the same bytes, and it arrives once', async () => {
    fail('accept-then-silence');
    const id = await invoiceTo(PEOPLE.notRegistered, { reference: 'stoppad' });
    await waitUntil(async () => (await keptXml(id)) !== undefined);
    const before = await keptXml(id);
    await world.stopParty('hub');
    await bank.close();
    fail(undefined);
    bank = await startBank(bankPort);
    await world.startHub(hubOptions());
    const letter = await settled(id);
    assert.deepEqual([letter.status, letter.channel], ['delivered', 'eInvoice'], JSON.stringify(letter.events));
    assert.ok(before?.equals((await keptXml(id)) ?? Buffer.alloc(0)));
  });
});

const SOURCE = {
  invoice: {
    dueDate: '2026-12-24',
    amountHundredths: 123_450,
    currency: 'SEK' as const,
    account: { kind: 'bankgiro' as const, number: '50501055' },
  },
  creditor: { vatNumber: 'SE202100474801' },
  vatPercent: 25,
  buyer: { scheme: '0007', id: '5568402266', name: 'Kvarnens Bageri AB' },
  pdfs: [{ filename: 'faktura.pdf', bytes: PDF_BYTES }],
};

async function handInFile(name: string, text: string): Promise<string> {
  const { rows } = await world.world.pools.hub.query(
    `select o.organization_number || '-' || b.code as login from business_system b join organisation o on o.id = b.organisation_id`,
  );
  const folder = join(world.world.dir, 'drop', rows[0].login);
  const whole = join(folder, 'in', name);
  await waitUntil(() =>
    writeFile(`${whole}.tmp`, text).then(
      () => true,
      () => false,
    ),
  );
  await rename(`${whole}.tmp`, whole);
  const answer = join(folder, 'results', `${name}.result.json`);
  await waitUntil(() =>
    readFile(answer).then(
      () => true,
      () => false,
    ),
  );
  const result = JSON.parse(await readFile(answer, 'utf8'));
  assert.equal(result.rows[0]?.outcome, 'accepted', JSON.stringify(result.rows));
  return result.rows[0].letterId;
}

async function waitUntil(test: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await test()) return;
    await sleep(50);
  }
  assert.fail('it never became so');
}
