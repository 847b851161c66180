import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { createContentCipher } from '@brevduva/base';
import { createContentStore } from '../src/content.ts';
import { createPrintoutReader } from '../src/pdf/printouts.ts';
import { numberOf } from '../src/waysIn/printer/ippMessage.ts';
import { flag, integer, keyword, named } from '../src/waysIn/printer/ippValues.ts';
import { linesOf } from '../src/waysIn/printer/printPage.ts';
import { CONTENT_KEY } from './support/intakeHub.ts';
import {
  jobIdOf,
  type PrinterAnswer,
  type PrinterHub,
  type PrintRequest,
  setPrinter,
  startPrinterHub,
  told,
} from './support/printerHub.ts';
import { furtherPage, LETTER_RULES, letterPage, printoutPdf } from './support/printouts.ts';

/** The printer from the request to the letters in the database, on real PDFs. */
const MEGABYTE = 1024 * 1024;
const ANNA = { number: '19270517-8354', name: 'Anna Ek' };
const TOLVAN = { number: '191212121212', name: 'Tolvan Tolvansson' };
const ONE_LETTER = printoutPdf([letterPage(ANNA)]);
const NOBODY = printoutPdf([furtherPage('Här står inget nummer.')]);

let hub: PrinterHub;
/** One that takes printouts in and leaves them as they are. */
let waiting: PrinterHub;
const reader = createPrintoutReader();
before(async () => {
  [hub, waiting] = await Promise.all([startPrinterHub(), startPrinterHub({ runsPipeline: false })]);
});
after(() => Promise.all([hub.close(), waiting.close(), reader.close()]));

async function printed(document: Buffer, request: PrintRequest = {}) {
  const { attributes = [], ...rest } = request;
  const name = named('job-name', 'Utskrift från test');
  const answer = await hub.print('printJob', { attributes: [name, ...attributes], ...rest, document });
  assert.equal(answer.status, 'ok', answer.statusMessage);
  const id = jobIdOf(answer);
  return { id, job: await hub.ended(id) };
}

/** Letters of the print job, in the order of their pages. */
async function lettersOf(jobNumber: number) {
  const { rows } = await hub.pool.query(
    `select l.recipient, l.subject, l.reference, l.address, l.lane, a.pages, a.filename, a.hash, i.key
     from print_job j
     join idempotency i on i.key like 'print-' || j.id || '-%'
     join letter l on l.id = i.letter_id
     join attachment a on a.letter_id = l.id
     where j.number = $1 order by split_part(i.key, '-', 7)::integer, split_part(i.key, '-', 8)::integer`,
    [jobNumber],
  );
  return rows;
}

async function casesOf(jobNumber: number) {
  const { rows } = await hub.pool.query(
    `select c.reason, c.detail, c.filename, c.hash, c.closed_at, c.way_in from print_job j
     join hand_in_case c on c.key like 'print-' || j.id || '-%' where j.number = $1 order by c.key`,
    [jobNumber],
  );
  return rows;
}

async function textOfPages(hash: Buffer): Promise<string[]> {
  const store = createContentStore(hub.pool, createContentCipher(CONTENT_KEY));
  const bytes = (await store.get(hub.organisationId, [hash])).get(hash.toString('hex')) ?? Buffer.alloc(0);
  const read = await reader.readPrintout(bytes, { dataMatrix: false });
  assert.ok('pages' in read, JSON.stringify(read));
  return read.pages.map((page) => linesOf(page).join('\n'));
}

describe('what is printed', () => {
  test('becomes a letter for each recipient, with its own pages, subject, reference and address', async () => {
    const { id, job } = await printed(
      printoutPdf([
        letterPage({ ...ANNA, reference: 'BYGG-1', subject: 'Beslut om carport' }),
        furtherPage('Sida två till Anna'),
        letterPage(TOLVAN),
        letterPage({ number: '202100-4748', name: 'Kommun A', reference: 'BYGG-3' }),
      ]),
    );
    assert.deepEqual(told(job), ['completed', 'job-completed-successfully', '3 brev lämnades in.']);
    const letters = await lettersOf(id);
    assert.deepEqual(
      letters.map(({ recipient, subject, reference, pages }) => [recipient, subject, reference, pages]),
      [
        ['192705178354', 'Beslut om carport', 'BYGG-1', 2],
        ['191212121212', 'Beslut om bygglov', null, 1],
        ['162021004748', 'Beslut om bygglov', 'BYGG-3', 1],
      ],
    );
    assert.deepEqual(letters[0].address, {
      name: 'Anna Ek',
      lines: ['Storgatan 1'],
      postalCode: '123 45',
      city: 'Staden',
    });
    assert.deepEqual(letters.map(({ filename }) => filename)[0], 'Beslut om carport.pdf');
    const [anna = [], tolvan = []] = await Promise.all(letters.map(({ hash }) => textOfPages(hash)));
    assert.match(anna[0] ?? '', /19270517-8354/);
    assert.equal(anna[1], 'Sida två till Anna');
    assert.doesNotMatch(tolvan.join(), /Anna/, 'nobody gets a page of another');
  });

  test('and names nobody goes to a person, with the pages and what could be read', async () => {
    const { id, job } = await printed(printoutPdf([furtherPage('Utan nummer'), letterPage(ANNA)]));
    assert.deepEqual(told(job), [
      'completed',
      'job-completed-with-warnings',
      '1 brev lämnades in, 1 ligger hos en person för att redas ut.',
    ]);
    const [found] = await casesOf(id);
    assert.equal(found.reason, 'noRecipient');
    assert.equal(found.way_in, 'printer');
    assert.equal(found.detail.source, 'Utskrift från test, sida 1');
    assert.deepEqual(await textOfPages(found.hash), ['Utan nummer']);
    const picture = await reader.picturePage(NOBODY, 1);
    assert.ok('png' in picture);
  });

  test('with a number that is nobody’s, or several, goes to a person with what stood there', async () => {
    const { id } = await printed(printoutPdf([letterPage({ number: '19270517-8355', name: 'Anna Ek' })]));
    const [invalid] = await casesOf(id);
    assert.deepEqual([invalid.reason, invalid.detail.recipient], ['invalidRecipient', '19270517-8355']);
    assert.deepEqual(invalid.detail.addressLines, ['Anna Ek', 'Storgatan 1', '123 45 Staden']);
    await setPrinter(hub, { ...LETTER_RULES, newLetter: { at: 'job' } });
    try {
      const both = await printed(printoutPdf([letterPage(ANNA), letterPage(TOLVAN)]));
      const [several, ...others] = await casesOf(both.id);
      assert.equal(several.reason, 'severalRecipients');
      assert.deepEqual(others, []);
      assert.equal((await textOfPages(several.hash)).length, 2);
    } finally {
      await setPrinter(hub, LETTER_RULES);
    }
  });

  test('and intake refuses goes to a person with every fault', async () => {
    await setPrinter(hub, { ...LETTER_RULES, flow: 'papper', address: undefined, subject: undefined });
    try {
      const { id, job } = await printed(ONE_LETTER);
      assert.equal(told(job)[1], 'job-completed-with-warnings');
      const [refused] = await casesOf(id);
      assert.equal(refused.reason, 'refused');
      assert.deepEqual(
        refused.detail.faults.map(({ code, path }: { code: string; path: string }) => `${code} ${path}`),
        ['HUB_FIELD_REQUIRED subject', 'HUB_ADDRESS_REQUIRED address'],
      );
      assert.equal(refused.detail.recipient, '192705178354');
      assert.deepEqual(await lettersOf(id), []);
    } finally {
      await setPrinter(hub, LETTER_RULES);
    }
  });

  test('without a subject of its own has its flow’s', async () => {
    await hub.pool.query(`update flow set default_subject = 'Brev från bygg' where code = 'beslut'`);
    await setPrinter(hub, { ...LETTER_RULES, subject: undefined });
    try {
      const { id } = await printed(ONE_LETTER);
      assert.deepEqual(
        (await lettersOf(id)).map(({ subject }) => subject),
        ['Brev från bygg'],
      );
    } finally {
      await setPrinter(hub, LETTER_RULES);
      await hub.pool.query(`update flow set default_subject = null where code = 'beslut'`);
    }
  });

  test('is the same letter packed with gzip or deflate; what is packed wrongly is refused', async () => {
    for (const [compression, bytes] of [
      ['gzip', gzipSync(ONE_LETTER)],
      ['deflate', deflateSync(ONE_LETTER)],
    ] as const) {
      const { job } = await printed(bytes, { attributes: [keyword('compression', compression)] });
      assert.equal(told(job)[0], 'completed', compression);
    }
    const broken = { attributes: [keyword('compression', 'gzip')], document: ONE_LETTER };
    assert.equal((await hub.print('printJob', broken)).status, 'compressionError');
    const bomb = { attributes: [keyword('compression', 'gzip')], document: gzipSync(Buffer.alloc(200 * MEGABYTE)) };
    assert.equal((await hub.print('printJob', bomb)).status, 'requestEntityTooLarge');
    const other = { attributes: [keyword('compression', 'compress')], document: ONE_LETTER };
    assert.equal((await hub.print('printJob', other)).status, 'compressionNotSupported');
  });

  test('and is broken inside aborts the job, with the reason where a print queue shows it', async () => {
    const { id, job } = await printed(Buffer.from('%PDF-1.7 och sedan inget'));
    const [state, reason, message] = told(job);
    assert.deepEqual([state, reason], ['aborted', 'document-format-error']);
    assert.match(message ?? '', /^Utskrift från test: PDF-filen är trasig/);
    assert.deepEqual([await lettersOf(id), await casesOf(id)], [[], []]);
  });

  test('several at once, each into its own letters', async () => {
    const jobs = await Promise.all([printed(ONE_LETTER), printed(printoutPdf([letterPage(TOLVAN), letterPage(ANNA)]))]);
    const recipients = await Promise.all(
      jobs.map(async ({ id }) => (await lettersOf(id)).map((each) => each.recipient)),
    );
    assert.deepEqual(recipients, [['192705178354'], ['191212121212', '192705178354']]);
  });

  test('in several documents of one job is read document by document; a broken one stops them all', async () => {
    const send = async (documents: readonly Buffer[]) => {
      const id = jobIdOf(await hub.print('createJob', { attributes: [named('job-name', 'Flera')] }));
      for (const [n, document] of documents.entries()) {
        const attributes = [integer('job-id', id), flag('last-document', n === documents.length - 1)];
        assert.equal((await hub.print('sendDocument', { attributes, document })).status, 'ok');
      }
      return { id, job: await hub.ended(id) };
    };
    const good = await send([ONE_LETTER, printoutPdf([letterPage(TOLVAN)])]);
    assert.equal(told(good.job)[2], '2 brev lämnades in.');
    assert.equal(numberOf(good.job, 'number-of-documents'), 2);
    const bad = await send([ONE_LETTER, Buffer.from('%PDF-1.4 nej')]);
    assert.equal(told(bad.job)[0], 'aborted');
    assert.deepEqual(await lettersOf(bad.id), []);
  });
});

describe('a job', () => {
  test('is pending, then processing and past cancelling, then completed', async () => {
    const client = await hub.pool.connect();
    let id: number;
    try {
      // A letter of the flow cannot be stored while the flow's row is held: the job stays in the middle.
      await client.query('begin');
      await client.query(`select from flow where code = 'beslut' for update`);
      const answer = await hub.print('printJob', { document: ONE_LETTER });
      assert.deepEqual(told(answer.job), ['pending', 'none', 'Utskriften är mottagen.']);
      id = jobIdOf(answer);
      const about = { attributes: [integer('job-id', id)] };
      let { job } = await hub.print('getJobAttributes', about);
      while (told(job)[0] === 'pending') ({ job } = await hub.print('getJobAttributes', about));
      assert.deepEqual(told(job), ['processing', 'job-transforming', 'Utskriften är mottagen.']);
      const refused = await hub.print('cancelJob', about);
      assert.deepEqual(
        [refused.status, refused.statusMessage],
        ['notPossible', 'Utskriften kan inte längre avbrytas.'],
      );
      const printer = await hub.print('getPrinterAttributes');
      const { attributes } = printer.groups.find(({ name }) => name === 'printer') ?? assert.fail();
      assert.equal(numberOf(attributes, 'printer-state'), 4, 'processing');
    } finally {
      await client.query('rollback');
      client.release();
    }
    assert.equal(told(await hub.ended(id))[0], 'completed');
    assert.equal((await hub.print('cancelJob', { attributes: [integer('job-id', id)] })).status, 'notPossible');
  });

  test('that waits can be cancelled, and nothing comes of it', async () => {
    const id = jobIdOf(await waiting.print('printJob', { document: ONE_LETTER }));
    const about = { attributes: [integer('job-id', id)] };
    assert.equal((await waiting.print('cancelJob', about)).status, 'ok');
    const { job } = await waiting.print('getJobAttributes', about);
    assert.deepEqual(told(job), ['canceled', 'job-canceled-by-user', 'Utskriften avbröts.']);
    assert.equal((await waiting.print('cancelJob', about)).status, 'notPossible');
    assert.equal((await waiting.rows())['letter'], 0);
  });

  test('of mine goes with Cancel-My-Jobs, and those of others stay', async () => {
    const byMe = named('requesting-user-name', 'maja');
    const mine = jobIdOf(await waiting.print('printJob', { attributes: [byMe], document: ONE_LETTER }));
    const other = named('requesting-user-name', 'jussi');
    const theirs = jobIdOf(await waiting.print('printJob', { attributes: [other], document: ONE_LETTER }));
    assert.equal((await waiting.print('cancelMyJobs', { attributes: [byMe] })).status, 'ok');
    const stateOf = async (id: number) =>
      told((await waiting.print('getJobAttributes', { attributes: [integer('job-id', id)] })).job)[0];
    assert.deepEqual([await stateOf(mine), await stateOf(theirs)], ['canceled', 'pending']);
    const listed = await waiting.print('getJobs', { attributes: [flag('my-jobs', true), other] });
    assert.deepEqual(numbersOf(listed), [theirs]);
  });

  test('that is created collects documents until it is closed', async () => {
    const create = async () => jobIdOf(await waiting.print('createJob'));
    const send = (id: number, last: boolean, document = ONE_LETTER) =>
      waiting.print('sendDocument', { attributes: [integer('job-id', id), flag('last-document', last)], document });
    const id = await create();
    assert.deepEqual(told((await send(id, false)).job).slice(0, 2), ['pending', 'job-incoming']);
    const closed = await waiting.print('closeJob', { attributes: [integer('job-id', id)] });
    assert.deepEqual(told(closed.job).slice(0, 2), ['pending', 'none']);
    assert.equal((await send(id, true)).status, 'notPossible');
    assert.equal((await waiting.print('closeJob', { attributes: [integer('job-id', id)] })).status, 'notPossible');
    const last = await create();
    assert.deepEqual(told((await send(last, true, Buffer.alloc(0))).job)[0], 'canceled', 'closed with nothing in it');
    const unsaid = await waiting.print('sendDocument', {
      attributes: [integer('job-id', await create())],
      document: ONE_LETTER,
    });
    assert.deepEqual([unsaid.status, unsaid.statusMessage], ['badRequest', 'last-document saknas.']);
    const nowhere = await waiting.print('sendDocument', {
      attributes: [integer('job-id', 999_999), flag('last-document', true)],
      document: ONE_LETTER,
    });
    assert.equal(nowhere.status, 'notFound');
  });

  test('that nobody closes is closed after the time the printer tells; without a document there is nothing in it', async () => {
    const create = async () => jobIdOf(await hub.print('createJob', { attributes: [named('job-name', 'Glömd')] }));
    const [withOne, empty, fresh] = [await create(), await create(), await create()];
    const attributes = [integer('job-id', withOne), flag('last-document', false)];
    await hub.print('sendDocument', { attributes, document: ONE_LETTER });
    await hub.pool.query(`update print_job set touched_at = now() - interval '121 seconds' where number = any($1)`, [
      [withOne, empty],
    ]);
    assert.equal(told(await hub.ended(withOne))[2], '1 brev lämnades in.');
    assert.deepEqual(told(await hub.ended(empty)), ['aborted', 'document-format-error', 'Inget dokument kom.']);
    const { job } = await hub.print('getJobAttributes', { attributes: [integer('job-id', fresh)] });
    assert.equal(told(job)[1], 'job-incoming');
    await hub.print('cancelJob', { attributes: [integer('job-id', fresh)] });
  });

  test('is listed while it has not ended, in the order in which it came, and after that with the last first', async () => {
    const completed = await hub.print('getJobs', {
      attributes: [keyword('which-jobs', 'completed'), integer('limit', 5)],
    });
    const numbers = numbersOf(completed);
    assert.equal(numbers.length, 5);
    assert.deepEqual(
      numbers,
      [...numbers].sort((a, b) => b - a),
    );
    const odd = await hub.print('getJobs', { attributes: [keyword('which-jobs', 'fetchable')] });
    assert.equal(odd.status, 'attributesOrValuesNotSupported');
  });
});

test('the log names no recipient and nothing that was printed', () => {
  assert.doesNotMatch(hub.log(), /192705178354|19270517-8354|191212121212|Anna Ek|Storgatan/);
  assert.doesNotMatch(hub.log(), new RegExp(hub.password));
});

function numbersOf({ groups }: PrinterAnswer): number[] {
  return groups.filter(({ name }) => name === 'job').map(({ attributes }) => numberOf(attributes, 'job-id') ?? 0);
}
