import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTrustStore, invoiceOf, type SecureDelivery, verifySealedDelivery } from '@brevduva/protocol';
import type { DeliveryResult } from '../packages/hub/src/waysIn/dropFolder/result.ts';
import { zipOf } from '../packages/hub/test/support/dropFolder.ts';
import { embeddedPdf, peppolDocument } from '../packages/hub/test/support/peppol.ts';
import { createContentKeys } from '../packages/mailbox/src/content/encryption.ts';
import { readPayment } from '../packages/mailbox/src/content/payment.ts';
import { sealedContext } from '../packages/mailbox/src/content/store.ts';
import { type Ecosystem, PEOPLE, startEcosystem } from './support/ecosystem.ts';
import { isSettled, waitFor } from './support/hubClient.ts';

/** Invoices as a finance system leaves them in its folder, all the way to the mailboxes and the printer. */
const PDF = readFileSync(new URL('../examples/utskick-faktura/filer/faktura-70012.pdf', import.meta.url));
let world: Ecosystem;
let folder: string;
before(async () => {
  world = await startEcosystem({ withHub: false });
  const root = join(world.world.dir, 'drop');
  await mkdir(root);
  const recipient = [{ at: 'party', scheme: '9999' }];
  const waysIn = {
    dropFolder: { flow: 'beslut', subject: 'Faktura', completeWhen: 'renamed' },
    invoices: { flow: 'beslut', recipient },
  };
  const { rows } = await world.world.pools.hub.query(
    `update business_system b set ways_in = $1 from organisation o where o.id = b.organisation_id
     returning o.organization_number || '-' || b.code as login`,
    [JSON.stringify(waysIn)],
  );
  folder = join(root, rows[0].login);
  await world.startHub({ dropFolder: { root, lookEveryMs: 50 } });
});
after(() => world.close());

async function handIn(name: string, bytes: Buffer | string): Promise<DeliveryResult> {
  const [unfinished, answer] = [join(folder, 'in', `${name}.tmp`), join(folder, 'results', `${name}.result.json`)];
  await until(() => writeFile(unfinished, bytes).then(() => true, ifMissing));
  await rename(unfinished, join(folder, 'in', name));
  return JSON.parse(await until(() => readFile(answer, 'utf8').catch(ifMissing)));
}

async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 600; tries++) {
    const found = await ask();
    if (found !== undefined) return found;
    await sleep(50);
  }
  return assert.fail('no answer');
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** The letter as the operator keeps it: the bytes that were sealed, verified here once more, and what is read of them. */
async function delivered(letterId: string): Promise<{ delivery: SecureDelivery; payment: unknown }> {
  const { pools, authority } = world.world;
  const { rows } = await pools.first.query(
    `select letter.id, key_id, encrypted from letter join sealed_document on letter_id = letter.id where message_id = $1`,
    [letterId],
  );
  const [row] = rows;
  assert.ok(row, 'the letter lies in the mailbox');
  const keys = createContentKeys([world.hubOptions.contentKey]);
  const request = keys.decrypt(row.key_id, row.encrypted, sealedContext(row.id));
  const trust = createTrustStore([authority.caPem]);
  const { delivery } = verifySealedDelivery(request, { trust, now: new Date() });
  return { delivery, payment: await readPayment(pools.first, keys, row.id) };
}

test('an index with amounts: the contract’s invoice in the verified bytes, the same in the mailbox, and on paper', async () => {
  const rows = [
    `${PEOPLE.atFirst};a.pdf;F-1;1 234,50;2026-12-24;5050-1055;70012075;;;;`,
    `${PEOPLE.notRegistered};a.pdf;F-2;99,00;20261224;5050-1055;;Åsa Öberg;Ängsvägen 3;123 45;Örebro`,
  ];
  const index = ['mottagare;fil;referens;belopp;förfallodag;bankgiro;ocr;namn;adress;postnummer;ort', ...rows].join(
    '\n',
  );
  const result = await handIn('fakturor.zip', await zipOf({ 'fakturor.csv': index, 'a.pdf': PDF }));
  assert.deepEqual(
    result.rows.map(({ outcome }) => outcome),
    ['accepted', 'accepted'],
    JSON.stringify(result.rows),
  );
  const [digital, paper] = await Promise.all(
    result.rows.map(({ letterId = '' }) => waitFor(world.hubUrl, letterId, isSettled)),
  );
  assert.deepEqual([digital?.status, paper?.status], ['delivered', 'printed'], JSON.stringify(paper?.events));
  const { delivery, payment } = await delivered(digital?.id ?? '');
  assert.deepEqual(invoiceOf(delivery.Message[0]?.Header.OfficialMatter), {
    DueDate: '2026-12-24',
    Amount: { content: 123_450n, CurrencyCode: 'SEK' },
    ...{ AccountMethod: 'BG', AccountNumber: '50501055', OcrNumber: '70012075' },
  });
  assert.deepEqual(payment, {
    ...{ dueDate: '2026-12-24', amountHundredths: '123450', currency: 'SEK' },
    ...{ method: 'bankgiro', account: '50501055', reference: '70012075' },
  });
});

test('a PEPPOL file to a person: its PDF and what is to be paid reach the mailbox', async () => {
  const party = `<cac:PartyIdentification><cbc:ID schemeID="9999">${PEOPLE.atFirst}</cbc:ID></cac:PartyIdentification>`;
  const { rows } = await handIn('70046.xml', peppolDocument({ party, documents: embeddedPdf(PDF) }));
  assert.deepEqual(
    rows.map(({ outcome, faults }) => [outcome, ...faults]),
    [['accepted']],
  );
  const letter = await waitFor(world.hubUrl, rows[0]?.letterId ?? '', isSettled);
  assert.equal(letter.status, 'delivered');
  const { delivery } = await delivered(letter.id);
  const [message] = delivery.Message;
  assert.equal(message?.Header.Subject, 'Faktura 70046 från Kommun A');
  assert.ok(message.Attachment[0]?.Body.equals(PDF));
  assert.equal(invoiceOf(message.Header.OfficialMatter)?.Amount.content, 123_450n);
});
