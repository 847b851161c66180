import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createLog, newId, systemClock } from '@brevduva/base';
import { until } from '../../../test/support/installation.ts';
import { startPrintShop } from '../src/dev/printShop.ts';

/** The development print shop by itself, with a customer that is no hub: what it makes of batches that are not as they should be. */
const PDF = await readFile(new URL('../src/dev/sample/situationsplan.pdf', import.meta.url));
const SHA256 = createHash('sha256').update(PDF).digest('hex');
let folder: string;
let customer: string;
let shop: Awaited<ReturnType<typeof start>>;

const start = () =>
  startPrintShop({
    ...{ host: '127.0.0.1', port: 0, folder, roots: [join(folder, 'paper')], clock: systemClock },
    ...{ producedAfterMs: 0, postedAfterMs: 0, takeFault: async () => undefined },
    log: createLog({ service: 'test', level: 'silent' }),
  });

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brevduva-shop-'));
  customer = join(folder, 'paper', '164999000013', 'tryckeriet');
  for (const name of ['batches', 'done', 'receipts']) await mkdir(join(customer, name), { recursive: true });
  shop = await start();
});
after(async () => {
  await shop.close();
  await rm(folder, { recursive: true });
});

interface Line {
  readonly letter: string;
  readonly file: string;
  readonly [field: string]: unknown;
}

const line = (change: Partial<Line> = {}): Line => {
  const letter = newId();
  return {
    ...{ letter, file: `letters/${letter}.pdf`, firstPage: 1, pages: 1, sheets: 1, sha256: SHA256, duplex: false },
    ...{ colour: false, envelope: 'E65', postage: 'economy', weightGrams: 10, country: 'SE', unit: 'a', flow: 'b' },
    ...change,
  };
};

/** Hands a batch over as the hub does: by one rename when all is written. */
async function handOver(letters: readonly Line[], change: { ticketLetters?: number; files?: string } = {}) {
  const id = newId();
  const batch = join(folder, id);
  await mkdir(join(batch, 'letters'), { recursive: true });
  const head = {
    ...{ version: 2, batch: id, organisation: { number: '164999000013', name: 'Kommun A' }, printShop: 'tryckeriet' },
    ...{ closedAt: '2026-11-24T08:00:00.000Z', letterCount: letters.length, sheetCount: letters.length },
    ...{ receipts: 'posted', files: change.files ?? 'each' },
  };
  const part = { envelope: 'E65', postage: 'economy', sides: 'OneSided', colour: false, sheets: letters.length };
  const parts = [{ ...part, letters: change.ticketLetters ?? letters.length }];
  await writeFile(join(batch, 'manifest.json'), JSON.stringify({ ...head, letters }));
  await writeFile(join(batch, 'ticket.json'), JSON.stringify({ ...head, parts }));
  for (const { file } of letters) await writeFile(join(batch, file), PDF);
  return { id, batch, publish: () => move(batch, id) };
}

async function move(batch: string, id: string): Promise<void> {
  await rename(batch, join(customer, 'batches', id));
  await until(async () => !(await readdir(join(customer, 'batches'))).includes(id));
}

/** What the customer has been told of the batch, in order. */
async function told(id: string): Promise<{ letter?: string; status: string; reason?: string }[]> {
  const names = (await readdir(join(customer, 'receipts'))).filter((name) => name.startsWith(id)).sort();
  assert.ok(names.every((name) => name.endsWith('.jsonl')));
  const texts = await Promise.all(names.map((name) => readFile(join(customer, 'receipts', name), 'utf8')));
  return texts.flatMap((text) => text.trim().split('\n')).map((each) => JSON.parse(each));
}

test('what is not as the manifest says is rejected with its reason; the others are made', async () => {
  const letters = [line(), line({ sha256: '0'.repeat(64) }), line({ pages: 2, duplex: true }), line()];
  const [good, forged, short, gone] = letters;
  const { id, batch, publish } = await handOver(letters);
  await rm(join(batch, gone?.file ?? ''));
  await publish();
  await until(async () => (await told(id)).some(({ status }) => status === 'posted'));
  const lines = await told(id);
  const of = (which: Line | undefined) =>
    lines.filter(({ letter }) => letter === which?.letter).map(({ status, reason }) => reason ?? status);
  assert.equal(lines[0]?.status, 'acknowledged');
  assert.deepEqual(of(good), ['produced', 'posted']);
  assert.deepEqual(of(forged), ['PDF:en har en annan kontrollsumma än manifestet säger.']);
  assert.deepEqual(of(short), ['PDF:en har inte de sidor som manifestet säger.']);
  assert.deepEqual(of(gone), ['Brevets PDF finns inte i batchen.']);
});

test('a batch whose ticket and manifest differ, or that cannot be read, is not acknowledged, and its page says why', async () => {
  const differing = await handOver([line()], { ticketLetters: 2 });
  await differing.publish();
  const broken = await handOver([line()]);
  await writeFile(join(broken.batch, 'manifest.json'), '{"version":2,"batch":');
  await broken.publish();
  const foreign = await handOver([line({ file: '../hemligt.pdf' })]);
  await foreign.publish();
  const page = async (id: string) => (await fetch(`${shop.url}/batcher/${id}`)).text();
  assert.match(await page(differing.id), /Jobbsedeln och manifestet säger inte samma sak/);
  assert.match(await page(broken.id), /manifest\.json saknas, är trasig/);
  assert.match(await page(foreign.id), /Manifestet har ett brev utan id eller fil/);
  for (const { id } of [differing, broken, foreign]) assert.deepEqual(await told(id), []);
});

test('with one PDF for many, each letter is cut out of it; a restart remembers, and the same batch is not printed again', async () => {
  const letters = [line({ file: 'part-1.pdf' }), line({ file: 'part-1.pdf', firstPage: 2 })];
  const { id, publish } = await handOver(letters, { files: 'one' });
  await publish();
  await until(async () => (await told(id)).some(({ status }) => status === 'posted'));
  const [first, second] = letters.map(({ letter }) => letter);
  assert.deepEqual(
    (await told(id)).filter(({ letter }) => letter === second).map(({ status }) => status),
    ['rejected'],
    'beyond the file’s last page',
  );
  await shop.close();
  shop = await start();
  const pdf = await fetch(`${shop.url}/batcher/${id}/brev/${first}/pdf`);
  assert.equal(pdf.headers.get('content-type'), 'application/pdf');
  const page = await (await fetch(`${shop.url}/batcher/${id}/brev/${first}`)).text();
  assert.match(page, /Postat/);
  assert.match(page, /Bladet har inget märke som går att läsa/);
  for (const missing of ['sidor/2.png', 'sidor/x.png']) {
    assert.equal((await fetch(`${shop.url}/batcher/${id}/brev/${first}/${missing}`)).status, 404, missing);
  }
  const before = (await told(id)).length;
  await mkdir(join(customer, 'batches', id));
  await until(async () => !(await readdir(join(customer, 'batches'))).includes(id));
  assert.equal((await told(id)).length, before);
});
