import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCli } from '@brevduva/cli';
import { createBrevduva, type Mailing } from '@brevduva/sdk';
import { API_KEY, type Ecosystem, PEOPLE, startEcosystem } from './support/ecosystem.ts';

/** Mailings as a business system and an operator of the command line hand them in, all the way to the mailboxes. */
let world: Ecosystem;
let folder: string;
before(async () => {
  world = await startEcosystem();
  folder = await mkdtemp(join(tmpdir(), 'brevduva-mailing-'));
});
after(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const client = () => createBrevduva({ url: world.hubUrl, apiKey: API_KEY });
const MAILING = { name: 'Skolval', flow: 'beslut', subject: 'Välj skola', text: 'Nu är det dags.' };

/** Runs one command line in the test's folder. */
async function brevduva(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCli(argv, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isTty: false,
    env: { BREVDUVA_URL: world.hubUrl, BREVDUVA_API_KEY: API_KEY },
    cwd: folder,
    stop: new AbortController().signal,
  });
  return { code, out, err };
}

async function untilAtRest(id: string): Promise<Mailing> {
  for (let tries = 0; tries < 400; tries++) {
    const mailing = await client().getMailing(id);
    if ((mailing.letters['waiting'] ?? 0) === 0 && mailing.status === 'committed') return mailing;
    await sleep(50);
  }
  return assert.fail('the mailing never came to rest');
}

describe('by the SDK', () => {
  test('a mailing reaches mailboxes, paper and people, each recipient once', async () => {
    const earlier = await world.deliveriesTo(PEOPLE.atFirst);
    const created = await client().createMailing(MAILING);
    const address = { name: 'Åsa Öberg', street: 'Ängsvägen 3', postalCode: '123 45', city: 'Örebro' };
    const progress: number[] = [];
    const filled = await client().addRecipients(
      created.id,
      [{ recipient: PEOPLE.atFirst }, { recipient: PEOPLE.atSecond }, { recipient: PEOPLE.notRegistered, address }],
      { onProgress: ({ handedOver }) => progress.push(handedOver) },
    );
    assert.deepEqual([filled, progress], [{ accepted: 3, refused: 0, faults: [] }, [3]]);
    assert.equal(await world.deliveriesTo(PEOPLE.atFirst), earlier, 'nothing leaves before the commit');
    await client().commitMailing(created.id);
    const done = await untilAtRest(created.id);
    assert.deepEqual(done.letters, { delivered: 2, printed: 1 });
    assert.equal(await world.deliveriesTo(PEOPLE.atFirst), earlier + 1);
  });

  test('faults count over the whole list, however it was cut into bunches', async () => {
    const created = await client().createMailing(MAILING);
    async function* people() {
      for (let n = 0; n < 5_003; n++)
        yield n === 5_001 ? { recipient: 'fel' } : { recipient: PEOPLE.atFirst, reference: `r${n}` };
    }
    const filled = await client().addRecipients(created.id, people(), { onFault: 'skip' });
    assert.deepEqual([filled.accepted, filled.refused], [5_002, 1]);
    assert.deepEqual(
      filled.faults.map(({ code, path }) => [code, path]),
      [['HUB_RECIPIENT_FORMAT', 'recipients/5001/recipient']],
    );
    const cancelled = await client().cancelMailing(created.id);
    assert.deepEqual([cancelled.status, cancelled.recipients], ['cancelled', 0]);
  });

  test('a list that was cut off goes on where it was, under its key', async () => {
    const created = await client().createMailing({ ...MAILING, idempotencyKey: 'host-2026' });
    const list = [{ recipient: PEOPLE.atFirst }, { recipient: PEOPLE.atSecond }];
    await client().addRecipients(created.id, list, { idempotencyKey: 'host-2026' });
    const again = await client().createMailing({ ...MAILING, idempotencyKey: 'host-2026' });
    assert.equal(again.id, created.id);
    const filled = await client().addRecipients(again.id, list, { idempotencyKey: 'host-2026' });
    assert.deepEqual([filled.accepted, (await client().getMailing(again.id)).recipients], [2, 2]);
    await client().cancelMailing(again.id);
  });

  test('a letter with content of its own goes with the others', async () => {
    const created = await client().createMailing(MAILING);
    await client().addMailingLetter(created.id, {
      recipient: PEOPLE.atFirst,
      subject: 'Ditt barns plats',
      text: 'Solrosen.',
    });
    await client().commitMailing(created.id);
    assert.deepEqual((await untilAtRest(created.id)).letters, { delivered: 1 });
  });
});

describe('asked before', () => {
  const address = { name: 'Åsa Öberg', street: 'Ängsvägen 3', postalCode: '123 45', city: 'Örebro' };

  test('a list is told its reach and its cost, and nothing of it is kept', async () => {
    const before = await rowCounts();
    const found = await client().precheck({
      flow: 'beslut',
      pages: 3,
      recipients: [
        { recipient: PEOPLE.atFirst },
        { recipient: PEOPLE.atSecond },
        { recipient: PEOPLE.optedOut, address },
        { recipient: PEOPLE.notRegistered },
        { recipient: '191212121213' },
        { recipient: PEOPLE.atFirst },
      ],
    });
    assert.deepEqual(found.reach, { digital: 2, paper: 1, address: 0, case: 1 });
    assert.deepEqual([found.recipients, found.refused], [6, 2]);
    assert.deepEqual(
      found.faults.map(({ code, path }) => [code, path]),
      [
        ['HUB_RECIPIENT_CHECK_DIGIT', 'recipients/4/recipient'],
        ['HUB_MAILING_DUPLICATE', 'recipients/5/recipient'],
      ],
    );
    // Economy postage, an envelope and two sheets, by the prices that hold where the organisation has not said its own.
    const paper = 750 + 50 + 2 * 60;
    assert.deepEqual(found.cost, { digital: 200, paper, total: 200 + paper, ifAllOnPaper: 3 * paper });
    assert.deepEqual(await rowCounts(), before);
  });

  test('a list is judged by another choice of channel, and FaR is not asked where paper is demanded', async () => {
    await world.stopParty('far');
    const recipients = [{ recipient: PEOPLE.atFirst, address }];
    const paper = await client().precheck({ flow: 'beslut', channelPolicy: 'paperOnly', recipients });
    assert.deepEqual(paper.reach, { digital: 0, paper: 1, address: 0, case: 0 });
    const response = await ask({ flow: 'beslut', recipients });
    assert.deepEqual([response.status, ((await response.json()) as { code: string }).code], [503, 'HUB_REGISTER_DOWN']);
    await world.startParty('far');
  });

  test('a flow that is not there, or a list that is none, is refused', async () => {
    await assert.rejects(client().precheck({ flow: 'finnsinte', recipients: [{ recipient: PEOPLE.atFirst }] }), {
      code: 'HUB_FLOW_UNKNOWN',
    });
    const response = await ask({ flow: 'beslut', recipients: 'alla', pages: 0, till: 1 });
    const { code, faults } = (await response.json()) as { code: string; faults: { path: string }[] };
    assert.deepEqual(
      [response.status, code, faults.map(({ path }) => path)],
      [422, 'HUB_PRECHECK_INVALID', ['recipients', 'pages', 'till']],
    );
  });

  /** Without the SDK, which would repeat the question for a while. */
  const ask = (body: unknown) =>
    fetch(`${world.hubUrl}/api/v1/precheck`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
});

/** Rows of every table of the hub that could keep something of a list. */
async function rowCounts(): Promise<unknown> {
  const { rows } = await world.world.pools.hub.query(
    `select (select count(*) from letter) as letter, (select count(*) from mailing) as mailing,
       (select count(*) from mailing_recipient) as recipient, (select count(*) from content) as content`,
  );
  return rows[0];
}

describe('by the command line', () => {
  const ARGUMENTS = ['--name', 'Taxa', '--subject', 'Ny taxa', '--text', 'Se bilagan.', '--flow', 'beslut'];

  test('a file from an old system, with semicolons and Windows letters, becomes letters', async () => {
    const rows = [
      'Personnr;Namn;Gatuadress;Postnr;Ort;Ärendenr',
      `${PEOPLE.atFirst};Åsa Öberg;;;;A-1`,
      `${PEOPLE.notRegistered};Örjan Å;Gatan 1;123 45;Örebro;A-2`,
    ];
    await writeFile(join(folder, 'kunder.csv'), Buffer.from(rows.join('\r\n'), 'latin1'));
    const { code, out, err } = await brevduva(
      'mailing',
      'kunder.csv',
      ...ARGUMENTS,
      '--reference',
      'Ärendenr',
      '--commit',
      '--json',
    );
    assert.equal(code, 0, err);
    assert.match(err, /100 % · 2 av 2 mottagare/);
    const { id } = JSON.parse(out) as Mailing;
    assert.deepEqual((await untilAtRest(id)).letters, { delivered: 1, printed: 1 });
  });

  test('without --commit the mailing is filled, told how to go on, and can be released or cancelled', async () => {
    await writeFile(join(folder, 'en.csv'), `personnummer\n${PEOPLE.atSecond}\n`);
    const first = await brevduva('mailing', 'en.csv', ...ARGUMENTS);
    assert.equal(first.code, 0, first.err);
    const id = /--release ([0-9a-f-]{36})/.exec(first.out)?.[1] ?? '';
    const released = await brevduva('mailing', '--release', id);
    assert.match(released.out, /är släppt/);
    assert.match((await brevduva('mailing', '--cancel', id)).err, /redan släppt/);
  });

  test('every fault is told by its line in the file, and nothing is sent', async () => {
    await writeFile(join(folder, 'fel.csv'), `personnummer;namn\n${PEOPLE.atFirst};Anna\n191212121213;Bo\n\nabc;Cia\n`);
    const { code, err } = await brevduva('mailing', 'fel.csv', ...ARGUMENTS, '--commit');
    assert.equal(code, 1);
    assert.match(err, /rad 3: .*kontrollsiffra/);
    assert.match(err, /rad 5: /);
    assert.match(err, /--cancel [0-9a-f-]{36}/);
  });

  test('a dry run tells reach and cost, and hands nothing in', async () => {
    await writeFile(join(folder, 'torr.csv'), `personnummer\n${PEOPLE.atFirst}\n${PEOPLE.notRegistered}\n`);
    const { code, out } = await brevduva('mailing', 'torr.csv', '--flow', 'beslut', '--dry-run');
    assert.equal(code, 0);
    assert.match(out, /Digital brevlåda +1\n/);
    assert.match(out, /Beräknad kostnad +1,00\skr/);
    assert.match(out, /Inget har lämnats in/);
  });

  test('a file without the column is refused with the columns it has', async () => {
    await writeFile(join(folder, 'utan.csv'), 'namn;ort\nAnna;Lund\n');
    const { code, err } = await brevduva('mailing', 'utan.csv', ...ARGUMENTS);
    assert.equal(code, 1);
    assert.match(err, /ingen kolumn personnummer. Kolumnerna heter: namn, ort/);
  });
});

describe('by a template', () => {
  const DOCUMENT = `#import "/brevduva.typ": letter, value
#show: letter
#if value("Namn") == "Bo" { panic("inte Bo") }
#value("Namn") hör till #value("Skola").
`;

  test('every letter gets a PDF of its own, on either channel; what the template cannot make is a person’s', async () => {
    const { hub } = world.world.pools;
    const { rows: own } = await hub.query(
      `select organisation_id as id from business_system where name = 'Ärendesystemet' limit 1`,
    );
    const { rows: any } = await hub.query('select organisation_id as id from flow limit 1');
    await hub.query(
      `insert into template (organisation_id, code, name, language, subject, content_type, message, document)
       values ($1, 'skolval', 'Skolval', 'svSE', 'Skola för {Namn}', 'text/plain', 'Hej {Namn}, se bilagan.', $2)`,
      [own[0]?.id ?? any[0]?.id, DOCUMENT],
    );
    const rows = [
      'Personnr;Namn;Gatuadress;Postnr;Ort;Skola',
      `${PEOPLE.atFirst};Åsa Öberg;;;;Ängsskolan`,
      `${PEOPLE.notRegistered};Örjan Å;Gatan 1;123 45;Örebro;Bäckskolan`,
      `${PEOPLE.atSecond};Bo;;;;Ängsskolan`,
    ];
    await writeFile(join(folder, 'elever.csv'), rows.join('\n'));
    const argv = [
      'mailing',
      'elever.csv',
      '--name',
      'Skolval',
      '--flow',
      'beslut',
      '--template',
      'skolval',
      '--commit',
      '--json',
    ];
    const { code, out, err } = await brevduva(...argv);
    assert.equal(code, 0, err);
    const { id } = JSON.parse(out) as Mailing;
    assert.deepEqual((await untilAtRest(id)).letters, { delivered: 1, printed: 1, case: 1 });
    const { rows: letters } = await hub.query(
      `select l.recipient, l.subject, l.document_hash is null as made, l.envelope_bytes as measured, a.filename, a.plain_bytes, a.pages,
         c.reason, (select octet_length(s.bytes) from sealed_delivery s where s.letter_id = l.id) - 33 as sent
       from letter l left join attachment a on a.letter_id = l.id left join manual_case c on c.letter_id = l.id
       where l.mailing_id = $1`,
      [id],
    );
    const by = new Map(letters.map((letter) => [letter.recipient, letter]));
    for (const recipient of [PEOPLE.atFirst, PEOPLE.notRegistered]) {
      const { made, filename, pages, reason, plain_bytes: bytes } = by.get(recipient);
      assert.deepEqual(
        { made, filename, pages, reason },
        { made: true, filename: 'Skolval.pdf', pages: 1, reason: null },
      );
      assert.ok(bytes > 5_000);
    }
    const { sent, measured, subject } = by.get(PEOPLE.atFirst);
    assert.equal(subject, 'Skola för Åsa Öberg');
    assert.equal(sent, measured, 'the envelope was measured with the PDF in it');
    const failed = by.get(PEOPLE.atSecond);
    assert.deepEqual([failed.made, failed.filename, failed.reason], [false, null, 'documentFailed']);
  });
});
