import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createContentCipher, createLog, newId, systemClock } from '@brevduva/base';
import { createContentStore, type PreparedContent } from '../src/content.ts';
import type { ClaimedLetter } from '../src/letter.ts';
import { createPdfTools } from '../src/pdf/tools.ts';
import { createOpenShops } from '../src/printShop/openShop.ts';
import { DEFAULT_SHOP, type PrintShopSettings, untilCutOffMs } from '../src/printShop/printShop.ts';
import { type PrintShopWorkerOptions, workOnce } from '../src/printShop/printShopWorker.ts';
import { readReceipts } from '../src/printShop/readReceipts.ts';
import { readAllReceipts, reconcile } from '../src/printShop/reconcile.ts';
import { ShopFilesError } from '../src/printShop/shopFiles.ts';
import { connectShopSftp } from '../src/printShop/shopSftp.ts';
import { createAddressDigest } from '../src/returnedMail/addressDigest.ts';
import { selectOpenPrintCases } from '../src/sql/printCases.ts';
import { putPrintShops } from '../src/sql/printShops.ts';
import { composePaper } from '../src/stages/composePaper.ts';
import type { StageContext, StageResult } from '../src/stages/stage.ts';
import { requirePrograms, runProgramOn } from './pdfPrograms.ts';
import { samplePdf } from './pdfSamples.ts';
import { claimedLetter } from './support/claimedLetter.ts';
import { ADDRESS, seedLetter } from './support/consoleLetters.ts';
import { createHubDatabase, MUNICIPALITY } from './support/hubDatabase.ts';
import { CONTENT_KEY } from './support/intakeHub.ts';
import { missingPrograms } from './support/programs.ts';
import { type SshServer, startSshServer } from './support/sshServer.ts';

type Database = Awaited<ReturnType<typeof createHubDatabase>>;

let database: Database;
let dir: string;
let options: PrintShopWorkerOptions;
/** Kommun A's shop, which tells all there is to tell. */
const SHOP: PrintShopSettings = {
  ...DEFAULT_SHOP,
  code: 'tryck',
  name: 'Tryckeriet',
  receipts: 'posted',
  batchBy: ['postage'],
};
const folder = (...names: string[]) => join(dir, 'paper', MUNICIPALITY, 'tryck', ...names);

before(async () => {
  database = await createHubDatabase();
  dir = await mkdtemp(join(tmpdir(), 'brevduva-print-shop-'));
  const { pool, organisationId } = database;
  await putPrintShops(pool, organisationId, [SHOP]);
  const paperDir = join(dir, 'paper');
  await mkdir(join(paperDir, '.work'), { recursive: true });
  options = {
    ...{ pool, node: 'test', paperDir, clock: systemClock, onTold: () => undefined },
    content: createContentStore(pool, createContentCipher(CONTENT_KEY)),
    shops: createOpenShops({ pool, paperDir, secretOf: undefined }),
    log: createLog({ service: 'test', level: 'silent' }),
    addressDigest: createAddressDigest(CONTENT_KEY),
  };
});
after(async () => {
  await database.close();
  await rm(dir, { recursive: true, force: true });
});

/** A letter that waits for the shop's next batch, as the deliver stage leaves it. */
async function order(
  change: {
    pdf?: Buffer;
    pages?: number;
    duplex?: boolean;
    postageClass?: string;
    dueInHours?: number;
    organisationId?: string;
    more?: object;
  } = {},
) {
  const { pool } = database;
  const organisationId = change.organisationId ?? database.organisationId;
  const { letterId } = await seedLetter(pool, organisationId, { state: 'waiting', stage: 'confirm', channel: 'paper' });
  const pdf = change.pdf ?? Buffer.from(`%PDF-1.7 ${letterId}`);
  const prepared = options.content.prepare(organisationId, pdf, 'application/pdf');
  await options.content.put(pool, organisationId, [prepared]);
  const postageClass = change.postageClass ?? 'economy';
  const facts = {
    unit: 'bygg',
    flow: 'beslut',
    sheets: 2,
    pages: change.pages ?? 3,
    duplex: change.duplex ?? true,
    colour: false,
    postageClass,
    envelope: 'C5',
    addressCountry: 'SE',
    ...change.more,
  };
  await pool.query(
    `insert into print_batch_letter (organisation_id, id, letter_id, shop_code, sort_key, due_at, print_hash, facts)
     values ($1, $2, $3, 'tryck', $4, now() + $5 * interval '1 hour', $6, $7)`,
    [organisationId, newId(), letterId, postageClass, change.dueInHours ?? 0, prepared.hash, facts],
  );
  return { letterId, pdf };
}

/** Until there is nothing more to do. */
async function workAll(): Promise<void> {
  while ((await workOnce(options)) > 0);
}

async function batchOf(letterId: string) {
  const { rows } = await database.pool.query(
    `select p.state, p.batch_id as "batchId", p.reject_reason as "rejectReason", b.state as "batchState", b.fault, b.attempts
     from print_batch_letter p left join print_batch b on b.organisation_id = p.organisation_id and b.id = p.batch_id
     where p.letter_id = $1`,
    [letterId],
  );
  assert.equal(rows.length, 1);
  return rows[0];
}

async function eventsOf(letterId: string): Promise<string[]> {
  const { rows } = await database.pool.query('select kind from letter_event where letter_id = $1 order by id', [
    letterId,
  ]);
  return rows.map(({ kind }) => kind);
}

const openCases = async () =>
  (await selectOpenPrintCases(database.pool, database.organisationId, 100)).map(({ reason }) => reason);

/** As a shop does it: under another name first. */
async function tell(name: string, text: string): Promise<void> {
  await writeFile(folder('receipts', name), text);
  await readAllReceipts(options);
  await workAll();
}

describe('batches', () => {
  it('hold the letters that are due, sorted as the shop wants, each known by its id; what waits for a later cut-off stays', async () => {
    const letters = [await order(), await order(), await order({ postageClass: 'priority' })];
    const later = await order({ dueInHours: 2 });
    await workAll();
    const [first, second, third] = await Promise.all(letters.map(({ letterId }) => batchOf(letterId)));
    assert.equal(first.batchId, second.batchId);
    assert.notEqual(first.batchId, third.batchId, 'other postage, other batch');
    assert.equal((await batchOf(later.letterId)).state, 'waiting');
    const manifest = JSON.parse(await readFile(folder('batches', first.batchId, 'manifest.json'), 'utf8'));
    const ids = letters.slice(0, 2).map(({ letterId }) => letterId);
    assert.deepEqual(
      manifest.letters.map(({ letter }: { letter: string }) => letter),
      ids.sort(),
    );
    assert.deepEqual([manifest.batch, manifest.letterCount, manifest.sheetCount], [first.batchId, 2, 4]);
    for (const line of manifest.letters) {
      const pdf = await readFile(folder('batches', first.batchId, line.file));
      assert.equal(createHash('sha256').update(pdf).digest('hex'), line.sha256);
      assert.match(pdf.toString(), new RegExp(line.letter), 'each letter’s own bytes (scenario 16)');
      assert.deepEqual(
        [line.firstPage, line.pages],
        [1, 4],
        'the pages of the file: three printed ones and a blank back',
      );
    }
    assert.doesNotMatch(JSON.stringify(manifest), /191212121212|Öberg/);
    const ticket = await readFile(folder('batches', first.batchId, 'ticket.xml'), 'utf8');
    assert.match(
      ticket,
      /<Part Format="letter" Envelope="C5" Postage="economy" Sides="TwoSidedHeadToHead" Colour="false" Letters="2" Sheets="4">/,
    );
    assert.deepEqual(await eventsOf(letters[0]?.letterId ?? ''), ['handedToPrint']);
    assert.deepEqual(await readdir(join(dir, 'paper', '.work')), [], 'nothing is left where batches are built');
  });

  it('are closed before their cut-off when they are full', async () => {
    await putPrintShops(database.pool, database.organisationId, [{ ...SHOP, lettersMax: 2 }]);
    const letters = [
      await order({ dueInHours: 9, postageClass: 'x' }),
      await order({ dueInHours: 9, postageClass: 'x' }),
    ];
    const third = await order({ dueInHours: 9, postageClass: 'x' });
    await workAll();
    assert.deepEqual(await Promise.all(letters.map(async ({ letterId }) => (await batchOf(letterId)).state)), [
      'batched',
      'batched',
    ]);
    assert.equal((await batchOf(third.letterId)).state, 'waiting');
    await putPrintShops(database.pool, database.organisationId, [SHOP]);
  });

  it('are one PDF for each part of the job, where the shop wants that', async (context) => {
    if (!requirePrograms(context, ['qpdf', 'pdftotext'])) return;
    await putPrintShops(database.pool, database.organisationId, [{ ...SHOP, files: 'one' }]);
    const pdfOf = (text: string) => samplePdf({ pages: [{ text }] });
    const twoSided = [
      await order({ pdf: pdfOf('alfa'), pages: 1, postageClass: 'y' }),
      await order({ pdf: pdfOf('beta'), pages: 1, postageClass: 'y' }),
    ];
    const oneSided = await order({ pdf: pdfOf('gamma'), pages: 1, duplex: false, postageClass: 'y' });
    await workAll();
    const { batchId } = await batchOf(oneSided.letterId);
    const batch = folder('batches', batchId);
    assert.deepEqual((await readdir(batch)).sort(), [
      ...['manifest.json', 'part-1.pdf', 'part-2.pdf', 'ticket.json', 'ticket.xml'],
    ]);
    const { letters } = JSON.parse(await readFile(join(batch, 'manifest.json'), 'utf8'));
    for (const { letterId, pdf } of [...twoSided, oneSided]) {
      const line = letters.find(({ letter }: { letter: string }) => letter === letterId);
      assert.equal(line.sha256, createHash('sha256').update(pdf).digest('hex'));
      const file = await readFile(join(batch, line.file));
      runProgramOn(file, 'qpdf', ['--check', 'FILE']);
      const range = ['-f', `${line.firstPage}`, '-l', `${line.firstPage}`];
      const expected = letterId === oneSided.letterId ? 'gamma' : letterId === twoSided[0]?.letterId ? 'alfa' : 'beta';
      assert.equal(
        runProgramOn(file, 'pdftotext', [...range, 'FILE', '-'])
          .toString()
          .trim(),
        expected,
      );
    }
    const places = letters.map((line: { file: string; firstPage: number; pages: number }) =>
      [line.file, line.firstPage, line.pages].join(' '),
    );
    assert.deepEqual(places.sort(), ['part-1.pdf 1 2', 'part-1.pdf 3 2', 'part-2.pdf 1 1']);
    const { parts } = JSON.parse(await readFile(join(batch, 'ticket.json'), 'utf8'));
    assert.deepEqual(
      parts.map((part: { file: string; sides: string; letters: number }) => [part.file, part.sides, part.letters]),
      [
        ['part-1.pdf', 'TwoSidedHeadToHead', 2],
        ['part-2.pdf', 'OneSided', 1],
      ],
    );
    await putPrintShops(database.pool, database.organisationId, [SHOP]);
  });

  it('tell the unit’s own envelopes by the code that its postage is posted by, and postcards by their format', async () => {
    const more = { envelopeCode: '31-0195' };
    const [own, other] = [await order({ postageClass: 'z', more }), await order({ postageClass: 'z' })];
    const card = { envelope: 'none', sheets: 1 };
    const postcard = await order({ postageClass: 'z', more: card });
    await workAll();
    const { batchId } = await batchOf(own.letterId);
    const read = (name: string) => readFile(folder('batches', batchId, name), 'utf8');
    const { letters } = JSON.parse(await read('manifest.json'));
    const facts = (id: string) => {
      const { format, envelope, envelopeCode, unit } = letters.find(({ letter }: { letter: string }) => letter === id);
      return [format, envelope, envelopeCode, unit];
    };
    assert.deepEqual(facts(own.letterId), ['letter', 'C5', '31-0195', 'bygg']);
    assert.deepEqual(facts(other.letterId), ['letter', 'C5', undefined, 'bygg']);
    assert.deepEqual(facts(postcard.letterId), ['postcard', 'none', undefined, 'bygg']);
    const { parts } = JSON.parse(await read('ticket.json'));
    const wanted = [
      {
        format: 'letter',
        envelope: 'C5',
        envelopeCode: '31-0195',
        costUnit: 'bygg',
        media: { size: 'A4', weight: 90 },
        letters: 1,
      },
      { format: 'letter', envelope: 'C5', media: { size: 'A4', weight: 90 }, letters: 1 },
      { format: 'postcard', envelope: 'none', media: { size: 'A6', weight: 250 }, letters: 1 },
    ];
    for (const part of wanted) {
      const found = parts.filter((each: object) => JSON.stringify({ ...each, ...part }) === JSON.stringify(each));
      assert.ok(found.length >= 1, JSON.stringify(parts));
    }
    assert.equal(parts.length, 3);
    const xml = await read('ticket.xml');
    assert.match(xml, /<Part Format="letter" Envelope="C5" EnvelopeCode="31-0195" CostUnit="bygg" Postage="z" /);
    assert.match(xml, /<Part Format="postcard" Envelope="none" Postage="z" [^>]*><Media Size="A6" Weight="250"\/>/);
  });

  it('wait for a folder that cannot be written, and say why', async () => {
    const { letterId } = await order();
    const blocked = {
      ...options,
      shops: { ...options.shops, open: () => Promise.reject(new ShopFilesError('disk', 'Full disk.')) },
    };
    await workOnce(blocked);
    const before = await batchOf(letterId);
    assert.deepEqual([before.batchState, before.fault], ['closed', 'Full disk.']);
    await database.pool.query('update print_batch set due_at = now() where due_at is not null');
    await workAll();
    const found = await batchOf(letterId);
    assert.deepEqual([found.batchId, found.batchState, found.fault], [before.batchId, 'handedOver', null]);
  });
});

describe('what a flow says of paper', () => {
  it('goes into the print and its facts: the unit’s own envelope, and whose page has the address', async () => {
    const { pool, organisationId } = database;
    const pdf = createPdfTools();
    const { content } = options;
    const body = content.prepare(organisationId, Buffer.from('Hej'), 'text/plain');
    const file = content.prepare(organisationId, samplePdf({ pages: [{}] }), 'application/pdf');
    await content.put(pool, organisationId, [body, file]);
    const attachment = { filename: 'a.pdf', contentType: 'application/pdf', hash: file.hash, plainBytes: 1_000 };
    const letter = claimedLetter({ organisationId, address: ADDRESS, bodyHash: body.hash });
    const unitEnvelope = { code: '31-0195', sizes: ['C4'] as const };
    const context = {
      ...{ content, pdf },
      storeContent: (id: string, ...contents: readonly PreparedContent[]) => content.put(pool, id, [...contents]),
    } as unknown as StageContext;
    const composed = async (flow: Partial<ClaimedLetter['flow']>, attachments: ClaimedLetter['attachments'] = []) => {
      const results: StageResult[] = [];
      const changed = { ...letter, flow: { ...letter.flow, unitEnvelope, ...flow }, attachments };
      await composePaper([changed], context, async (some) => void results.push(...some));
      return results[0];
    };
    const { print: window } = (await composed({}))?.changes ?? {};
    assert.deepEqual([window?.envelope, window?.envelopeCode, window?.firstPage], ['E65', undefined, 'cover']);
    const barcode = await composed({ envelope: 'barcode' });
    assert.deepEqual([barcode?.changes?.print?.envelope, barcode?.changes?.print?.envelopeCode], ['C4', '31-0195']);
    assert.equal(barcode?.events[0]?.detail?.['envelopeCode'], '31-0195', 'the story says so');
    // Its font is not embedded, and its text is no address.
    const own = await composed({ firstPage: 'own' }, [attachment]);
    assert.ok(own?.outcome.kind === 'manual');
    const { faults } = own.outcome.detail as { faults: { code: string }[] };
    assert.deepEqual(
      faults.map(({ code }) => code),
      ['HUB_PRINT_NO_ADDRESS', 'HUB_PDF_FONT_NOT_EMBEDDED'],
    );
    await pdf.close();
  });
});

describe('receipts', () => {
  it('move a letter forward, once: late, twice and in the wrong order they change nothing more', async () => {
    const [one, two] = [await order(), await order()];
    await workAll();
    const { batchId } = await batchOf(one.letterId);
    await tell('1.jsonl', `{"batch":"${batchId}","status":"acknowledged","at":"2026-11-23T10:00:00Z"}\n`);
    assert.equal((await batchOf(one.letterId)).batchState, 'acknowledged');
    await tell(
      '2.csv',
      `letter;status;at;reason\n${one.letterId};posted;;\n${two.letterId};rejected;;Adressen är för lång\n`,
    );
    assert.deepEqual(await eventsOf(one.letterId), ['handedToPrint', 'printPosted']);
    assert.equal((await batchOf(two.letterId)).rejectReason, 'Adressen är för lång');
    assert.equal((await batchOf(one.letterId)).batchState, 'ended', 'nothing more is waited for');
    const lines = ['produced', 'posted', 'rejected'].map((status) =>
      JSON.stringify({ letter: one.letterId, status, reason: 'sent' }),
    );
    await tell('3.jsonl', lines.join('\n'));
    assert.equal((await batchOf(one.letterId)).state, 'posted');
    assert.deepEqual(await eventsOf(one.letterId), ['handedToPrint', 'printPosted']);
    assert.deepEqual(await openCases(), []);
    assert.deepEqual((await readdir(folder('receipts'))).sort(), ['read', 'unreadable']);
    const { rows } = await database.pool.query('select due_at <= now() as due from letter where id = $1', [
      one.letterId,
    ]);
    assert.deepEqual(rows, [{ due: true }], 'the letter looks again');
  });

  it('of mail that came back make it returned, whatever the shop has told before, and once', async () => {
    const [one, two] = [await order(), await order()];
    await workAll();
    const returned = (letterId: string) => JSON.stringify({ letter: letterId, status: 'returned', reason: 'refused' });
    const posted = JSON.stringify({ letter: two.letterId, status: 'posted' });
    await tell('returns.jsonl', [posted, returned(one.letterId), returned(two.letterId)].join('\n'));
    for (const { letterId } of [one, two]) assert.equal((await batchOf(letterId)).state, 'returned');
    assert.equal((await batchOf(one.letterId)).batchState, 'ended', 'the post has had it, so nothing is waited for');
    assert.deepEqual(await eventsOf(one.letterId), ['handedToPrint', 'returned']);
    await tell('returns-again.csv', `letter;status;reason\n${one.letterId};returned;damaged\n`);
    assert.deepEqual(await eventsOf(one.letterId), ['handedToPrint', 'returned']);
    assert.deepEqual(await openCases(), []);
    const odd = await readReceipts(
      'x.jsonl',
      Buffer.from(`{"letter":"${one.letterId}","status":"returned","reason":"?"}`),
    );
    assert.match(odd.faults[0]?.text ?? '', /reason ska vara ett av: unknownAtAddress, /);
  });

  it('of a letter that the shop never had, or that is another organisation’s, become a case, and so does a file that nobody can read', async () => {
    const theirs = await order({ organisationId: database.otherOrganisationId });
    await tell(
      '4.jsonl',
      [newId(), theirs.letterId].map((letter) => `{"letter":"${letter}","status":"posted"}`).join('\n'),
    );
    assert.deepEqual(await openCases(), ['unknownLetter']);
    assert.notEqual((await batchOf(theirs.letterId)).state, 'posted');
    const { letterId } = await order();
    await workAll();
    await tell(
      '5.jsonl',
      `{"letter":"${letterId}","status":"posted"}\nskräp\n{"letter":"${letterId}","status":"eaten"}`,
    );
    assert.deepEqual((await openCases()).sort(), ['unknownLetter', 'unreadableReceipt']);
    assert.equal((await batchOf(letterId)).state, 'posted', 'what could be read counts');
    assert.deepEqual(await readdir(folder('receipts', 'unreadable')), ['5.jsonl']);
    await database.pool.query(`update print_case set closed_at = now(), closed_by = 'x', resolution = 'settled'`);
  });

  it('that do not come open one case for the batch, which a late one closes', async () => {
    const { letterId } = await order();
    await workAll();
    const { batchId } = await batchOf(letterId);
    await database.pool.query(`update print_batch set acknowledge_by = now() - interval '1 hour' where id = $1`, [
      batchId,
    ]);
    await reconcile(options);
    await reconcile(options);
    assert.deepEqual(await openCases(), ['notAcknowledged']);
    await tell('6.jsonl', `{"batch":"${batchId}","status":"acknowledged"}`);
    await reconcile(options);
    assert.deepEqual(await openCases(), []);
    await database.pool.query(`update print_batch set post_by = now() - interval '1 hour' where id = $1`, [batchId]);
    await reconcile(options);
    assert.deepEqual(await openCases(), ['notPosted']);
    await tell('7.jsonl', `{"letter":"${letterId}","status":"posted"}`);
    await reconcile(options);
    assert.deepEqual(await openCases(), []);
  });

  it('are read strictly', async () => {
    const told = async (text: string) =>
      (await readReceipts('a.jsonl', Buffer.from(text))).faults.map(({ text: says }) => says);
    const id = newId();
    assert.match((await told('[1]'))[0] ?? '', /inget JSON-objekt/);
    assert.match((await told(`{"letter":"${id}","status":"posted","extra":"x"}`))[0] ?? '', /extra/);
    assert.match((await told(`{"letter":"../../etc","status":"posted"}`))[0] ?? '', /brevets id/);
    assert.match((await told(`{"letter":"${id}","status":"rejected"}`))[0] ?? '', /reason/);
    assert.match((await told(`{"letter":"${id}","status":"rejected","reason":"a\\u0000b"}`))[0] ?? '', /./);
    assert.match((await told(`{"letter":"${id}","status":"posted","at":"igår"}`))[0] ?? '', /tidpunkt/);
    assert.match((await told(`{"letter":"${'x'.repeat(3000)}"}`))[0] ?? '', /längre än/);
    assert.deepEqual(await told(`{"letter":"${id}","status":"posted","at":"2026-11-23T10:00:00+01:00"}\n\n`), []);
  });
});

it('a cut-off is a time of day in Sweden on the days it is on, also over the change of clocks', () => {
  const weekdays = [1, 2, 3, 4, 5];
  const cutOffs = [{ at: '14:00', weekdays }];
  const wait = (now: string) => untilCutOffMs(cutOffs, new Date(now)) / 3_600_000;
  assert.equal(untilCutOffMs([], new Date()), 0);
  assert.equal(wait('2026-11-23T12:00:00Z'), 1, 'Monday, an hour before');
  assert.equal(wait('2026-11-23T13:00:30Z'), 0, 'this very minute');
  assert.equal(wait('2026-11-27T13:01:00Z'), 72 - 1 / 60, 'Friday, just missed: Monday');
  assert.equal(wait('2026-03-27T13:01:00Z'), 71 - 1 / 60, 'and the clocks put forward between');
});

const missing = missingPrograms({ sshd: 'openssh-server', 'ssh-keygen': 'openssh-client' });
describe('by SFTP to OpenSSH', { skip: missing ?? false }, () => {
  let ssh: SshServer;
  const at = (...names: string[]) => join(dir, 'shop', ...names);
  const server = () =>
    ({
      way: 'sftp',
      host: '127.0.0.1',
      port: ssh.port,
      user: ssh.user,
      hostKey: ssh.hostKey,
      directory: at(),
    }) as const;
  before(async () => {
    await mkdir(at(), { recursive: true });
    ssh = await startSshServer(join(dir, 'ssh'));
  });
  after(() => ssh.close());

  async function built(name: string, bytes: number): Promise<string> {
    const batch = join(dir, name);
    await mkdir(join(batch, 'letters'), { recursive: true });
    await writeFile(join(batch, 'letters', 'a.pdf'), Buffer.alloc(bytes, 'a'));
    await writeFile(join(batch, 'letters', 'b.pdf'), Buffer.alloc(bytes, 'b'));
    await writeFile(join(batch, 'manifest.json'), '{"batch":1}');
    return batch;
  }

  it('a batch is there whole or not at all, once; a transfer that broke in the middle of a file goes on', async () => {
    const batch = await built('batch', 3_000_000);
    const secret = { privateKey: ssh.privateKey };
    let isCut = false;
    const onBlock = (file: string, sentBytes: number) => {
      if (isCut || !file.endsWith('b.pdf') || sentBytes < 1_000_000) return;
      isCut = true;
      ssh.cut();
    };
    const breaking = await connectShopSftp({ server: server(), secret, onBlock });
    await assert.rejects(breaking.publish('1', batch), (error: ShopFilesError) => error.fault === 'unreachable');
    assert.deepEqual(await readdir(at('batches')), ['1.part'], 'never half a batch under its name');
    assert.deepEqual((await readdir(at('batches', '1.part', 'letters'))).sort(), ['a.pdf', 'b.pdf.part']);
    const sent: string[] = [];
    const files = await connectShopSftp({ server: server(), secret, onBlock: (file) => sent.push(file) });
    assert.equal(await files.publish('1', batch), 'handedOver');
    assert.ok(!sent.some((file) => file.endsWith('a.pdf')), 'what was whole is not sent again');
    assert.deepEqual(await readFile(at('batches', '1', 'letters', 'b.pdf')), Buffer.alloc(3_000_000, 'b'));
    assert.deepEqual((await readdir(at('batches', '1', 'letters'))).sort(), ['a.pdf', 'b.pdf']);
    assert.equal(await files.publish('1', batch), 'alreadyHandedOver');
    await writeFile(at('receipts', 'x.jsonl'), 'hej');
    await writeFile(at('receipts', 'y.jsonl.part'), 'halv');
    assert.deepEqual(await files.listReceipts(10), ['x.jsonl']);
    await assert.rejects(files.readReceipt('x.jsonl', 2), (error: ShopFilesError) => error.fault === 'tooLarge');
    assert.equal((await files.readReceipt('x.jsonl', 10))?.toString(), 'hej');
    await files.moveReceipt('x.jsonl', 'read');
    await files.moveReceipt('x.jsonl', 'read');
    assert.deepEqual(await readdir(at('receipts', 'read')), ['x.jsonl']);
    await files.close();
  });

  it('nothing is sent to a server with another key, or one that does not know us, or that is not there; each is told apart', async () => {
    const faultOf = async (change: object, privateKey = ssh.privateKey) => {
      const found = connectShopSftp({ server: { ...server(), ...change }, secret: { privateKey } });
      return found.then(
        () => 'connected',
        (error: ShopFilesError) => error.fault,
      );
    };
    assert.equal(await faultOf({ hostKey: `SHA256:${'a'.repeat(43)}` }), 'hostKey');
    assert.equal(await faultOf({}, await readFile(join(dir, 'ssh', 'host'), 'utf8')), 'login');
    assert.equal(await faultOf({ port: 9 }), 'unreachable');
  });

  it('a server that is wrong becomes one case for the shop, which closes when the batch is there', async () => {
    const { pool, organisationId } = database;
    const wrong = { ...server(), hostKey: `SHA256:${'a'.repeat(43)}` };
    const shops = createOpenShops({
      pool,
      paperDir: options.paperDir,
      secretOf: async () => ({ privateKey: ssh.privateKey }),
    });
    await putPrintShops(pool, organisationId, [{ ...SHOP, handOver: wrong }]);
    const { letterId } = await order();
    await workOnce({ ...options, shops });
    assert.deepEqual(await openCases(), ['printShopDown']);
    await putPrintShops(pool, organisationId, [{ ...SHOP, handOver: server() }]);
    await pool.query('update print_batch set due_at = now() where due_at is not null');
    await workOnce({ ...options, shops });
    assert.deepEqual(await openCases(), []);
    const { batchId } = await batchOf(letterId);
    const pdf = await readFile(at('batches', batchId, 'letters', `${letterId}.pdf`), 'utf8');
    assert.match(pdf, new RegExp(letterId));
  });
});
