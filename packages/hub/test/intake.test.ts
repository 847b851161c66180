import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createContentCipher } from '@brevduva/base';
import { createContentStore } from '../src/content.ts';
import { samplePdf } from './pdfSamples.ts';
import { API_KEY } from './support/hubDatabase.ts';
import {
  type Answer,
  base64Of,
  CONTENT_KEY,
  faultsOf,
  formOf,
  type IntakeHub,
  LETTER,
  PDF,
  startIntakeHub,
} from './support/intakeHub.ts';

let hub: IntakeHub;
before(async () => {
  hub = await startIntakeHub();
});
after(() => hub.close());

/** What the database holds of a letter, contents decrypted. */
async function stored(answer: Answer) {
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  const { rows } = await hub.pool.query('select * from letter where id = $1', [answer.body.id]);
  const [letter] = rows;
  const attachments = await hub.pool.query('select * from attachment where letter_id = $1 order by position', [
    letter.id,
  ]);
  const store = createContentStore(hub.pool, createContentCipher(CONTENT_KEY));
  const hashes = [letter.body_hash, ...attachments.rows.map(({ hash }) => hash)];
  const contents = await store.get(letter.organisation_id, hashes);
  const bytesOf = (hash: Buffer) => contents.get(hash.toString('hex')) ?? Buffer.alloc(0);
  return {
    letter,
    text: bytesOf(letter.body_hash).toString(),
    attachments: attachments.rows.map((row) => ({ ...row, bytes: bytesOf(row.hash) })),
  };
}

describe('a letter without a subject', () => {
  const { subject: _subject, ...without } = LETTER;

  it('is refused, when its flow has none either', async () => {
    for (const letter of [without, { ...without, subject: null }]) {
      const answer = await hub.refused(() => hub.post(letter), 422, 'HUB_LETTER_INVALID');
      assert.deepEqual(faultsOf(answer), ['HUB_FIELD_REQUIRED subject']);
    }
  });

  it('has its flow’s; its own goes before that, and an empty one is still a fault', async () => {
    await hub.pool.query(`update flow set default_subject = 'Brev från bygg' where code = 'beslut'`);
    try {
      const key = { 'idempotency-key': 'no-subject' };
      assert.equal((await stored(await hub.post(without, key))).letter.subject, 'Brev från bygg');
      assert.equal((await stored(await hub.post({ ...without, subject: null }))).letter.subject, 'Brev från bygg');
      assert.equal((await stored(await hub.post(LETTER))).letter.subject, LETTER.subject);
      const empty = await hub.refused(() => hub.post({ ...LETTER, subject: '' }), 422, 'HUB_LETTER_INVALID');
      assert.deepEqual(faultsOf(empty), ['HUB_FIELD_REQUIRED subject']);
      await hub.pool.query(`update flow set default_subject = 'Ett annat' where code = 'beslut'`);
      const again = await hub.post(without, key);
      assert.equal(again.status, 200, 'what was handed in is the same, whatever the flow is called now');
    } finally {
      await hub.pool.query(`update flow set default_subject = null where code = 'beslut'`);
    }
  });
});

describe('a letter', () => {
  it('is stored with everything, waits for its channel, and can be asked for', async () => {
    const address = { name: 'Åsa Öberg', careOf: 'Berg', street: 'Storgatan 1', postalCode: '12345', city: 'Ödeshög' };
    const answer = await hub.post({ ...LETTER, address, reference: 'BYGG 2026-17', language: 'sv-SE' });
    assert.deepEqual(Object.keys(answer.body).sort(), ['id', 'links', 'status']);
    assert.deepEqual(answer.body.links, {
      self: `/api/v1/letters/${answer.body.id}`,
      console: `/brev/${answer.body.id}`,
    });
    assert.equal(answer.body.status, 'waiting');
    assert.equal(answer.headers.get('location'), answer.body.links.self);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const { letter } = await stored(answer);
    const { recipient, subject, reference, language, state, stage, lane, protected_identity } = letter;
    assert.deepEqual(
      { recipient, subject, reference, language, state, stage, lane, protected_identity },
      {
        recipient: '191212121212',
        subject: 'Beslut om bygglov',
        reference: 'BYGG 2026-17',
        language: 'sv-SE',
        state: 'waiting',
        stage: 'resolve',
        lane: 0,
        protected_identity: false,
      },
    );
    assert.deepEqual(letter.address, {
      name: 'Åsa Öberg',
      careOf: 'Berg',
      lines: ['Storgatan 1'],
      postalCode: '123 45',
      city: 'Ödeshög',
    });
    const view = await hub.get(answer.body.id);
    assert.equal(view.status, 200);
    const { status, final, recipientMasked, events, decision, receipts } = view.body;
    assert.deepEqual(
      { status, final, recipientMasked, decision, receipts, case: view.body.case },
      { status: 'waiting', final: false, recipientMasked: '19121212-****', decision: null, receipts: [], case: null },
    );
    assert.deepEqual(
      events.map(({ kind, actor, text }: Record<string, string>) => ({ kind, actor, text })),
      [{ kind: 'accepted', actor: 'Ärendesystemet', text: 'Brevet togs emot' }],
    );
  });

  it('keeps å ä ö é 漢 👍, combining marks, quotes and line ends byte for byte', async () => {
    const words = `å ä ö Å Ä Ö é ł 漢字 👍👩‍👧 e\u0301 "citat" & <b> ' \\ \u2028`;
    const text = `${words}\r\nrad två\tmed tabb\nrad tre ${'漢'.repeat(5_000)}\u0085\n\n`;
    const subject = words.slice(0, -2);
    for (const send of [
      () => hub.post({ ...LETTER, subject, reference: subject, body: { text } }),
      () => hub.postForm(formOf({ ...LETTER, subject, reference: subject, body: { text } })),
    ]) {
      const { letter, text: kept } = await stored(await send());
      assert.deepEqual(Buffer.from(letter.subject), Buffer.from(subject));
      assert.deepEqual(Buffer.from(letter.reference), Buffer.from(subject));
      assert.deepEqual(Buffer.from(kept), Buffer.from(text));
    }
  });

  it('is the same letter in JSON with base64 and in a form with raw PDFs', async () => {
    const pdfs = [
      { name: 'å ä ö 漢 👍.pdf', bytes: PDF },
      { name: 'lika.pdf', bytes: samplePdf({ pages: [{}, {}] }) },
      { name: 'lika.pdf', bytes: samplePdf({ pages: [{ text: 'annan' }] }) },
      { name: 'lika.pdf', bytes: PDF },
    ];
    const attachments = pdfs.map(({ name, bytes }) => base64Of(name, bytes));
    const json = await stored(await hub.post({ ...LETTER, attachments }));
    const form = await stored(await hub.postForm(formOf(LETTER, ...pdfs)));
    for (const { attachments: kept } of [json, form]) {
      assert.deepEqual(
        kept.map(({ filename, bytes, pages, content_type }) => [filename, bytes.equals(PDF), pages, content_type]),
        [
          ['å ä ö 漢 👍.pdf', true, 1, 'application/pdf'],
          ['lika.pdf', false, 2, 'application/pdf'],
          ['lika.pdf', false, 1, 'application/pdf'],
          ['lika.pdf', true, 1, 'application/pdf'],
        ],
      );
    }
    assert.equal(json.letter.envelope_bytes, form.letter.envelope_bytes);
    const { rows } = await hub.pool.query('select count(*)::integer as n from content where hash = $1', [
      json.attachments[0].hash,
    ]);
    assert.equal(rows[0].n, 1, 'the same PDF is stored once');
  });

  it('lies encrypted in the database: neither text nor PDF can be read there', async () => {
    await hub.post({ ...LETTER, body: { text: 'hemlig-text-17' }, attachments: [base64Of('a.pdf', PDF)] });
    const { rows } = await hub.pool.query('select bytes from content');
    const all = Buffer.concat(rows.map(({ bytes }) => bytes)).toString('latin1');
    assert.ok(!all.includes('hemlig-text-17') && !all.includes('%PDF'));
  });

  it('may have twenty attachments, in either way', async () => {
    const pdfs = Array.from({ length: 20 }, (_, n) => ({ name: `${n}.pdf`, bytes: PDF }));
    assert.equal((await stored(await hub.postForm(formOf(LETTER, ...pdfs)))).attachments.length, 20);
    const attachments = pdfs.map(({ name, bytes }) => base64Of(name, bytes));
    assert.equal((await stored(await hub.post({ ...LETTER, attachments }))).attachments.length, 20);
  });

  it('may have fields that are null, and says whether the identity is protected', async () => {
    const nulls = { address: null, attachments: null, reference: null, language: null, protectedIdentity: null };
    const plain = await stored(await hub.post({ ...LETTER, ...nulls, body: { ...LETTER.body, contentType: null } }));
    const { address, reference, language, protected_identity, body_content_type } = plain.letter;
    assert.deepEqual(
      { address, reference, language, protected_identity, body_content_type },
      { address: null, reference: null, language: 'svSE', protected_identity: false, body_content_type: 'text/plain' },
    );
    const marked = await stored(await hub.post({ ...LETTER, protectedIdentity: true }));
    assert.equal(marked.letter.protected_identity, true);
  });

  for (const language of ['svSE', 'sv', 'sv-SE', 'en', 'enGB', 'fi-FI', 'se', 'zh-Hant-TW']) {
    it(`in ${language}`, async () => {
      assert.equal((await stored(await hub.post({ ...LETTER, language }))).letter.language, language);
    });
  }

  it('has a subject and a reference of 255 characters, an emoji counted as one', async () => {
    const subject = '👍'.repeat(255);
    assert.equal((await stored(await hub.post({ ...LETTER, subject, reference: subject }))).letter.subject, subject);
  });

  it('has a file name of any honest kind', async () => {
    const names = [
      'Beslut (1).pdf',
      'beslut',
      'console.pdf',
      'com.pdf',
      'å.PDF',
      "O'Brien, André – §5 [kopia] #2 & 3+4=7;.pdf",
      `${'漢'.repeat(196)}.pdf`,
    ];
    const { attachments } = await stored(
      await hub.post({ ...LETTER, attachments: names.slice(0, 20).map((name) => base64Of(name, PDF)) }),
    );
    assert.deepEqual(
      attachments.map(({ filename }) => filename),
      names,
    );
  });
});

describe('scenario 5: what passes', () => {
  const inline = 'data:image/png;base64,iVBORw0KGgo=';
  for (const [name, body] of [
    ['plain text with angle brackets', { contentType: 'text/plain', text: '<script>alert(1)</script> är bara text' }],
    [
      'formatted HTML with an inline picture',
      { contentType: 'text/html', text: `<h1>Beslut</h1><p style="color: #333"><img alt="" src="${inline}"></p>` },
    ],
    ['a picture in a style', { contentType: 'text/html', text: `<p style="background: url('${inline}')">Hej</p>` }],
    ['links', { contentType: 'text/html', text: '<a href="https://kommun.example/a?b=1&amp;c=2">Läs mer</a>' }],
  ] as const) {
    it(name, async () => {
      const { letter, text } = await stored(await hub.post({ ...LETTER, body }));
      assert.equal(text, body.text);
      assert.equal(letter.body_content_type, body.contentType);
    });
  }
});

describe('scenario 12: who may receive', () => {
  const cases: [string, string, string][] = [
    ['a person', '191212121212', '191212121212'],
    ['with hyphen and blanks around', ' 19121212-1212 ', '191212121212'],
    ['samordningsnummer', '199001612382', '199001612382'],
    ['born on 29 February', '200002292399', '200002292399'],
    ['samordningsnummer on 29 February', '200002892396', '200002892396'],
    ['born before 1900', '189001019802', '189001019802'],
    ['an organisation without 16', '2021004748', '162021004748'],
    ['an organisation with 16', '162021004748', '162021004748'],
    ['an organisation with hyphen', '202100-4748', '162021004748'],
  ];
  for (const [name, recipient, kept] of cases) {
    it(name, async () => {
      const { letter } = await stored(await hub.post({ ...LETTER, recipient }));
      assert.equal(letter.recipient, kept);
    });
  }
});

describe('the log', () => {
  it('tells what happened and holds no number, text, name, key or address', async () => {
    const secrets = [
      '198507099805',
      '19850709-9805',
      'hemligämne',
      'hemligtext',
      'hemligfil',
      'Hemligsson',
      'hemlignyckel',
      'hemligreferens',
    ];
    const letter = {
      ...LETTER,
      recipient: '19850709-9805',
      subject: 'hemligämne',
      reference: 'hemligreferens 198507099805',
      body: { text: 'hemligtext 850709-9805' },
      address: { name: 'Hemligsson', street: 'Hemligsson 1', postalCode: '123 45', city: 'Hemligsson' },
    };
    const pdf = base64Of('hemligfil.pdf', PDF);
    const key = { 'idempotency-key': 'hemlignyckel' };
    const answers = [
      await hub.post({ ...letter, attachments: [pdf] }, key),
      await hub.post({ ...letter, attachments: [pdf] }, key),
      await hub.post({ ...letter, subject: 'hemligämne 2' }, key),
      await hub.post({
        ...letter,
        recipient: '198507099806',
        hemligtext: 1,
        attachments: [{ ...pdf, base64: 'hemligtext' }],
      }),
      await hub.postForm(
        formOf({ ...letter, flow: 'hemligtext' }, { name: 'hemligfil.pdf', bytes: Buffer.from('hemligtext') }),
      ),
      await hub.postRaw('{"subject":"hemligämne 198507099805', 'application/json'),
      await hub.postRaw('hemligtext', 'multipart/form-data; boundary=hemligtext'),
    ];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 200, 409, 422, 422, 400, 400],
    );
    await hub.get('198507099805');
    const log = hub.log();
    assert.match(log, /"route":"\/api\/v1\/letters"/);
    assert.match(log, /HUB_LETTER_INVALID/);
    for (const secret of [...secrets, '07099805', API_KEY, PDF.toString('base64').slice(0, 40)]) {
      assert.ok(!log.includes(secret), `the log holds ${secret}`);
    }
  });
});
