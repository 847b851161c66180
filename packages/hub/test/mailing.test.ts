import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { createContentCipher } from '@brevduva/base';
import { createSigner } from '@brevduva/protocol';
import { createContentStore, type PreparedContent } from '../src/content.ts';
import { letterBody } from '../src/mailing/letterBody.ts';
import { createMailings } from '../src/mailing/mailings.ts';
import type { BusinessSystem } from '../src/organisation/businessSystem.ts';
import type { TemplateSettings } from '../src/organisation/configuration.ts';
import type { PdfComposer } from '../src/pdf/compose.ts';
import { createPdfInspector } from '../src/pdf/inspect.ts';
import { createPdfTools } from '../src/pdf/tools.ts';
import { claimLetters } from '../src/sql/claim.ts';
import { putTemplates } from '../src/sql/templates.ts';
import { writeBack } from '../src/sql/writeBack.ts';
import { composeDocument } from '../src/stages/composeDocument.ts';
import { transition } from '../src/transition.ts';
import { samplePdf } from './pdfSamples.ts';
import { API_KEY, OTHER_API_KEY } from './support/hubDatabase.ts';
import {
  type Answer,
  base64Of,
  CONTENT_KEY,
  faultsOf,
  formOf,
  type IntakeHub,
  LETTER,
  PDF,
  pdfOf,
  startIntakeHub,
} from './support/intakeHub.ts';

let hub: IntakeHub;
before(async () => {
  hub = await startIntakeHub();
});
const pdf = createPdfInspector();
after(() => Promise.all([hub.close(), pdf.close()]));

const MAILING = {
  name: 'Skolval 2027',
  flow: 'beslut',
  subject: 'Välj skola',
  body: { text: 'Nu är det dags att välja skola.' },
};
const ANNA = '192705178354';
const TOLVAN = '191212121212';
const COMPANY = '162021003898';

async function call(
  path: string,
  body?: unknown,
  more: { apiKey?: string; key?: string; method?: string } = {},
): Promise<Answer> {
  const { apiKey = API_KEY, key, method = 'POST' } = more;
  const response = await fetch(new URL(`/api/v1/mailings${path}`, hub.url), {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

async function create(more: Record<string, unknown> = {}): Promise<string> {
  const answer = await call('', { ...MAILING, ...more });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body.id;
}

const fill = (id: string, recipients: readonly unknown[], more: Record<string, unknown> = {}, key?: string) =>
  call(`/${id}/recipients`, { recipients, ...more }, key === undefined ? {} : { key });
const get = (id: string) => call(`/${id}`, undefined, { method: 'GET' });

async function lettersOf(id: string) {
  const { rows } = await hub.pool.query('select * from letter where mailing_id = $1 order by recipient, reference', [
    id,
  ]);
  return rows;
}

async function count(table: string, where = 'true', values: unknown[] = []): Promise<number> {
  const { rows } = await hub.pool.query(`select count(*)::integer as n from ${table} where ${where}`, values);
  return rows[0].n;
}

/** Numbers that are sound, as many as wanted: Luhn by hand, from a running serial. */
function numbers(howMany: number): string[] {
  return Array.from({ length: howMany }, (_, n) => {
    const nine = `7001${String(1 + (n % 28)).padStart(2, '0')}${String(Math.floor(n / 28) % 1000).padStart(3, '0')}`;
    const sum = [...nine].reduce((total, digit, at) => {
      const doubled = Number(digit) * (at % 2 === 0 ? 2 : 1);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
    return `19${nine}${(10 - (sum % 10)) % 10}`;
  });
}

describe('a mailing', () => {
  test('is created, filled and released: every recipient is a letter with the shared content, stored once', async () => {
    const id = await create({ attachments: [base64Of('skolval.pdf', PDF)] });
    const filled = await fill(id, [
      { recipient: ANNA, reference: 'elev 1' },
      { recipient: TOLVAN },
      { recipient: ANNA, reference: 'elev 2' },
    ]);
    assert.deepEqual(filled.body, { accepted: 3, refused: 0, faults: [] });
    assert.equal((await lettersOf(id)).length, 0, 'nothing is a letter before the commit');
    const committed = await call(`/${id}/commit`);
    assert.equal(committed.status, 200, JSON.stringify(committed.body));
    assert.deepEqual(
      [committed.body.status, committed.body.recipients, committed.body.letters],
      ['committed', 3, { waiting: 3 }],
    );
    const letters = await lettersOf(id);
    assert.deepEqual(
      letters.map(({ recipient, reference }) => [recipient, reference]),
      [
        [TOLVAN, null],
        [ANNA, 'elev 1'],
        [ANNA, 'elev 2'],
      ],
    );
    for (const letter of letters) {
      assert.deepEqual(
        [letter.state, letter.stage, letter.lane, letter.subject],
        ['waiting', 'resolve', 2, 'Välj skola'],
      );
      assert.equal(await count('attachment', 'letter_id = $1', [letter.id]), 1);
      assert.equal(await count('letter_event', `letter_id = $1 and kind = 'accepted'`, [letter.id]), 1);
    }
    assert.equal(await count('content', 'hash = $1', [createHash('sha256').update(PDF).digest()]), 1);
    assert.equal(
      await count('mailing_recipient', 'mailing_id = $1', [id]),
      0,
      'the list is not kept beside the letters',
    );
  });

  test('measures every letter exactly as a single one would be', async () => {
    const id = await create({ attachments: [base64Of('a.pdf', pdfOf(5_000))] });
    const reference = 'Å & Ö <17>';
    const invoice = { dueDate: '2026-12-24', amount: '99', plusgiro: '41587-7', message: 'å & <17>' };
    await fill(id, [{ recipient: ANNA, reference, invoice }, { recipient: TOLVAN }]);
    await call(`/${id}/commit`);
    const [withoutReference, withReference] = await lettersOf(id);
    assert.deepEqual(
      (await hub.pool.query('select invoice from letter where mailing_id = $1 order by recipient', [id])).rows,
      [
        { invoice: null },
        {
          invoice: {
            ...{ dueDate: '2026-12-24', amountHundredths: 9_900, currency: 'SEK' },
            account: { kind: 'plusgiro', number: '415877' },
            reference: { kind: 'message', text: 'å & <17>' },
          },
        },
      ],
    );
    const { name: _, ...shared } = MAILING;
    for (const [letter, own] of [
      [withoutReference, {}],
      [withReference, { reference, invoice }],
    ] as const) {
      const single = await hub.post({
        ...shared,
        attachments: [base64Of('a.pdf', pdfOf(5_000))],
        recipient: letter.recipient,
        ...own,
      });
      const { rows } = await hub.pool.query('select envelope_bytes from letter where id = $1', [single.body.id]);
      assert.equal(letter.envelope_bytes, rows[0].envelope_bytes);
    }
  });

  test('released twice, also at the same instant, is released once', async () => {
    const id = await create();
    await fill(id, [{ recipient: ANNA }, { recipient: TOLVAN }]);
    const answers = await Promise.all([call(`/${id}/commit`), call(`/${id}/commit`), call(`/${id}/commit`)]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    );
    assert.equal((await lettersOf(id)).length, 2);
    assert.equal(await count('mailing_event', `mailing_id = $1 and kind = 'committed'`, [id]), 1);
  });

  test('cancelled leaves neither recipients nor content, and nothing can be added any more', async () => {
    const own = pdfOf(3_000);
    const before = await count('content');
    const id = await create({
      attachments: [base64Of('hemligt.pdf', own)],
      body: { text: 'Bara i det här utskicket.' },
    });
    await fill(id, [{ recipient: ANNA }]);
    assert.equal(await count('content'), before + 2);
    for (const _ of [1, 2]) {
      const cancelled = await call(`/${id}/cancel`);
      assert.deepEqual([cancelled.status, cancelled.body.status, cancelled.body.recipients], [200, 'cancelled', 0]);
    }
    assert.equal(await count('content'), before);
    assert.equal(await count('mailing_recipient', 'mailing_id = $1', [id]), 0);
    assert.equal(await count('mailing_attachment', 'mailing_id = $1', [id]), 0);
    await refused(() => fill(id, [{ recipient: ANNA }]), 409, 'HUB_MAILING_CANCELLED');
    await refused(() => call(`/${id}/commit`), 409, 'HUB_MAILING_CANCELLED');
  });

  test('cancelled keeps content that a letter has too', async () => {
    const shared = pdfOf(4_000);
    await hub.post({ ...LETTER, attachments: [base64Of('delad.pdf', shared)] });
    const id = await create({ attachments: [base64Of('delad.pdf', shared)] });
    await call(`/${id}/cancel`);
    assert.equal(await count('content', 'hash = $1', [createHash('sha256').update(shared).digest()]), 1);
  });

  test('that is released cannot be cancelled or filled', async () => {
    const id = await create();
    await fill(id, [{ recipient: ANNA }]);
    await call(`/${id}/commit`);
    await refused(() => call(`/${id}/cancel`), 409, 'HUB_MAILING_COMMITTED');
    await refused(() => fill(id, [{ recipient: TOLVAN }]), 409, 'HUB_MAILING_NOT_FILLING');
    assert.equal((await lettersOf(id)).length, 1);
  });

  test('without recipients is not released', async () => {
    const id = await create();
    await refused(() => call(`/${id}/commit`), 422, 'HUB_MAILING_EMPTY');
    assert.equal((await get(id)).body.status, 'filling');
  });

  test('may hold letters with content of their own beside the shared', async () => {
    const id = await create({ attachments: [base64Of('gemensam.pdf', PDF)] });
    const own = { recipient: TOLVAN, subject: 'Ditt barns plats', body: { text: 'Plats på Solrosen.' } };
    const response = await fetch(new URL(`/api/v1/mailings/${id}/letters`, hub.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}` },
      body: formOf(own, { name: 'egen.pdf', bytes: pdfOf(2_000) }),
    });
    assert.equal(response.status, 201);
    await fill(id, [{ recipient: ANNA }]);
    await call(`/${id}/commit`);
    const [tolvan, anna] = await lettersOf(id);
    assert.deepEqual([tolvan.subject, anna.subject], ['Ditt barns plats', 'Välj skola']);
    const namesOf = async (letterId: string) =>
      (
        await hub.pool.query('select filename from attachment where letter_id = $1 order by position', [letterId])
      ).rows.map((row) => row.filename);
    assert.deepEqual(await namesOf(tolvan.id), ['egen.pdf', 'gemensam.pdf']);
    assert.deepEqual(await namesOf(anna.id), ['gemensam.pdf']);
  });

  test('measures a letter of its own with the attachments that all get, as the single letter with both', async () => {
    const [shared, egen] = [base64Of('gemensam.pdf', pdfOf(4_000)), base64Of('egen.pdf', pdfOf(2_000))];
    const id = await create({ attachments: [shared] });
    const own = { recipient: TOLVAN, subject: MAILING.subject, body: MAILING.body, attachments: [egen] };
    assert.equal((await call(`/${id}/letters`, own)).status, 201);
    await call(`/${id}/commit`);
    const [letter] = await lettersOf(id);
    const single = await hub.post({ ...own, flow: MAILING.flow, attachments: [egen, shared] });
    const { rows } = await hub.pool.query('select envelope_bytes from letter where id = $1', [single.body.id]);
    assert.equal(letter.envelope_bytes, rows[0].envelope_bytes);
  });

  test('refuses a letter of its own that is too large together with what all get', async () => {
    const half = 800_000;
    const id = await create({ attachments: [base64Of('gemensam.pdf', pdfOf(half))] });
    const { subject, body } = MAILING;
    const own = { recipient: TOLVAN, subject, body, attachments: [base64Of('egen.pdf', pdfOf(half))] };
    await refused(() => call(`/${id}/letters`, own), 413, 'HUB_LETTER_TOO_LARGE');
    assert.equal(await count('mailing_recipient', 'mailing_id = $1', [id]), 0);
  });

  test('says when its letters may go, and until when', async () => {
    const id = await create({
      notBefore: '2099-01-01T08:00:00+01:00',
      expiresAt: '2099-02-01T00:00:00Z',
      channelPolicy: 'digitalOnly',
    });
    await fill(id, [{ recipient: ANNA }]);
    await call(`/${id}/commit`);
    const [letter] = await lettersOf(id);
    assert.equal(letter.due_at.toISOString(), '2099-01-01T07:00:00.000Z');
    assert.equal(letter.expires_at.toISOString(), '2099-02-01T00:00:00.000Z');
    assert.equal(letter.channel_policy, 'digitalOnly');
  });
});

describe('placeholders', () => {
  const TEXT = 'Hej {Namn}!\n\n{BARN} går på {skola} och {{står}} kvar.';

  test('are filled for each recipient, whose letter is measured as a single one with that text would be', async () => {
    const id = await create({ subject: 'Skola för {Barn}', body: { text: TEXT } });
    const values = { namn: 'Anna', 'Barn ': 'Åke & Örjan <3', ' Skola': 'Ängsskolan', Ovidkommande: 'sparas inte' };
    await fill(id, [{ recipient: ANNA, values }]);
    await call(`/${id}/commit`);
    const [letter] = await lettersOf(id);
    assert.equal(letter.subject, 'Skola för Åke & Örjan <3');
    const text = 'Hej Anna!\n\nÅke & Örjan <3 går på Ängsskolan och {står} kvar.';
    assert.equal(await bodyOf(letter), text);
    const single = await hub.post({ ...LETTER, subject: letter.subject, body: { text }, recipient: ANNA });
    const { rows } = await hub.pool.query('select * from letter where id = $1', [single.body.id]);
    assert.equal(letter.envelope_bytes, rows[0].envelope_bytes);
    assert.equal(letter.sealed_values.includes('Örjan'), false, 'they lie encrypted');
    assert.deepEqual([...(opened(letter)?.keys() ?? [])], ['barn', 'namn', 'skola']);
  });

  test('in HTML get text, never markup', async () => {
    const html = '<style>p { color: #333333 }</style><p>Hej <b>{Namn}</b></p>';
    const id = await create({ body: { contentType: 'text/html', text: html } });
    await fill(id, [{ recipient: ANNA, values: { Namn: '<script>alert("x")</script>' } }]);
    await call(`/${id}/commit`);
    const [letter] = await lettersOf(id);
    const filled = html.replace('{Namn}', '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
    assert.equal(await bodyOf(letter), filled);
    const body = { contentType: 'text/html', text: filled };
    const single = await hub.post({ ...LETTER, subject: letter.subject, body, recipient: ANNA });
    const { rows } = await hub.pool.query('select envelope_bytes from letter where id = $1', [single.body.id]);
    assert.equal(letter.envelope_bytes, rows[0].envelope_bytes);
  });

  test('without a value are a fault with row and column; the others can go without that row', async () => {
    const id = await create({ subject: 'Skola för {Barn}', body: { text: TEXT } });
    const whole = { Namn: 'Anna', Barn: 'Åke', Skola: 'Ängsskolan' };
    const bunch = [
      { recipient: ANNA, values: { ...whole, Skola: ' ' } },
      { recipient: TOLVAN, values: whole },
      { recipient: COMPANY },
    ];
    const answer = await fill(id, bunch);
    const named = (n: number, ...names: string[]) =>
      names.map((name) => `HUB_PLACEHOLDER_VALUE recipients/${n}/values/${name}`);
    assert.deepEqual(faultsOf(answer), [...named(0, 'skola'), ...named(2, 'Barn', 'Namn', 'skola')]);
    assert.equal(answer.body.faults[0].text, 'Värde saknas för {skola}.');
    assert.equal((await fill(id, bunch, { onFault: 'skip' })).body.accepted, 1);
  });

  test('take values that are texts, neither too many nor too long, and a subject that fits', async () => {
    const id = await create({ subject: 'För {Barn}' });
    const of = (values: unknown) => fill(id, [{ recipient: ANNA, values }]);
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`v${n}`, 'x']));
    for (const [values, expected] of [
      [{ Barn: 7 }, ['HUB_FIELD_TYPE recipients/0/values/Barn']],
      [{ Barn: 'x', BARN: 'y' }, ['HUB_FIELD_TYPE recipients/0/values/BARN']],
      [{ Barn: 'x'.repeat(2_001) }, ['HUB_FIELD_TOO_LONG recipients/0/values/Barn']],
      [{ Barn: 'x'.repeat(300) }, ['HUB_FIELD_TOO_LONG recipients/0/values']],
      [{ Barn: 'två\nrader' }, ['HUB_FIELD_CHARACTER recipients/0/values']],
      [['Barn'], ['HUB_FIELD_TYPE recipients/0/values']],
      [many, ['HUB_VALUES_TOO_MANY recipients/0/values']],
    ] as const) {
      const found = faultsOf(await of(values)).filter((each) => !each.startsWith('HUB_PLACEHOLDER_VALUE'));
      assert.deepEqual(found, expected, JSON.stringify(values).slice(0, 80));
    }
  });

  test('hold the limit with their values in', async () => {
    const id = await create({ body: { text: '{Text}'.repeat(200) } });
    const text = 'å'.repeat(2_000);
    const answer = await fill(id, [
      { recipient: ANNA, values: { Text: text } },
      { recipient: TOLVAN, values: { Text: 'kort' } },
    ]);
    assert.deepEqual(faultsOf(answer), [], 'some 1.1 MB');
    const long = await create({ body: { text: '{Text}'.repeat(400) } });
    const refusal = await fill(long, [{ recipient: ANNA, values: { Text: text } }]);
    assert.deepEqual(faultsOf(refusal), ['HUB_LETTER_TOO_LARGE recipients/0/values']);
  });

  test('that mean nothing, or would be unsafe, are refused when the mailing is made', async () => {
    const html = (text: string) => ({ body: { contentType: 'text/html', text } });
    for (const [more, expected] of [
      [{ subject: 'Till {Namn' }, ['HUB_PLACEHOLDER_FORMAT subject']],
      [
        { body: { text: 'rad 1\nhej } och {}' } },
        ['HUB_PLACEHOLDER_FORMAT body/text', 'HUB_PLACEHOLDER_FORMAT body/text'],
      ],
      [html('<p><a href="{Länk}">Läs mer</a></p>'), ['HUB_PLACEHOLDER_IN_TAG body/text']],
      [html('<p>Hej</p><!-- {Namn} -->'), ['HUB_PLACEHOLDER_IN_TAG body/text']],
    ] as const) {
      const answer = await call('', { ...MAILING, ...more });
      assert.equal(answer.body.code, 'HUB_MAILING_INVALID');
      assert.deepEqual(
        faultsOf(answer).filter((each) => each.startsWith('HUB_PLACEHOLDER')),
        expected,
        JSON.stringify(more),
      );
    }
  });

  test('of a mailing made before there were any are text', async () => {
    const id = await create({ body: { text: 'Kvar: {{A}}' } });
    await hub.pool.query('update mailing set placeholders = null where id = $1', [id]);
    await fill(id, [{ recipient: ANNA }]);
    await call(`/${id}/commit`);
    const [letter] = await lettersOf(id);
    assert.equal(await bodyOf(letter), 'Kvar: {{A}}');
  });

  interface LetterColumns {
    organisation_id: string;
    id: string;
    body_hash: Buffer;
    body_content_type: string;
    sealed_values: Buffer | null;
  }
  const store = () => createContentStore(hub.pool, createContentCipher(CONTENT_KEY));
  const opened = (row: LetterColumns) =>
    store().openValues({ organisationId: row.organisation_id, id: row.id }, row.sealed_values);

  async function bodyOf(row: LetterColumns): Promise<string> {
    const { organisation_id: organisationId, id, body_hash: bodyHash } = row;
    const { body_content_type: bodyContentType, sealed_values: sealedValues } = row;
    const bytes = await letterBody({ organisationId, id, bodyHash, bodyContentType, sealedValues }, store());
    return bytes.toString('utf8');
  }
});

describe('a template', () => {
  const TEMPLATE: TemplateSettings = {
    ...{ code: 'skolval', name: 'Skolval: åk 9', language: 'svSE', subject: 'Välj skola för {Barn}' },
    ...{ contentType: 'text/plain', message: 'Hej {Namn}!' },
    document: '#import "/brevduva.typ": letter, value\n#show: letter\n#value("Skola"), #value("Klass", default: "")\n',
  };
  const VALUES = { Barn: 'Alva', Namn: 'Anna', Skola: 'Ängsskolan' };
  const asked = { name: 'Skolval', flow: 'beslut', template: 'skolval' };
  const put = async (template: TemplateSettings) => {
    const { rows } = await hub.pool.query(
      `select organisation_id as id from flow f join system_flow using (organisation_id) where f.code = 'beslut' limit 1`,
    );
    await putTemplates(hub.pool, rows[0].id, [template]);
    return rows[0].id;
  };
  before(() => put(TEMPLATE));

  test('gives subject, text and document, all of whose values are asked for; the mailing keeps them as they were', async () => {
    const created = await call('', asked, { key: 'av-mall' });
    assert.equal(created.status, 201, JSON.stringify(created.body));
    const { id } = created.body;
    await put({ ...TEMPLATE, subject: 'Något annat', message: 'Något annat', document: undefined });
    const again = await call('', asked, { key: 'av-mall' });
    assert.deepEqual(
      [again.status, again.body.id],
      [200, id],
      'the same again is the same, though the template has changed',
    );
    const missing = await fill(id, [{ recipient: ANNA, values: { ...VALUES, Skola: '' } }]);
    assert.deepEqual(faultsOf(missing), ['HUB_PLACEHOLDER_VALUE recipients/0/values/Skola']);
    await fill(id, [
      { recipient: ANNA, values: VALUES },
      { recipient: TOLVAN, values: { ...VALUES, Klass: '9 B' } },
    ]);
    await call(`/${id}/commit`);
    const letters = await lettersOf(id);
    assert.deepEqual(
      letters.map(({ subject, document_filename: name }) => [subject, name]),
      [
        ['Välj skola för Alva', 'Skolval åk 9.pdf'],
        ['Välj skola för Alva', 'Skolval åk 9.pdf'],
      ],
    );
    const { rows } = await hub.pool.query('select plain_bytes from content where hash = $1', [
      letters[0].document_hash,
    ]);
    assert.equal(rows[0].plain_bytes, Buffer.byteLength(TEMPLATE.document ?? ''));
    await put(TEMPLATE);
  });

  test('of the flow is taken where the mailing brings no text', async () => {
    await hub.pool.query(`update flow set template_code = 'skolval' where code = 'beslut'`);
    const { template: _, ...bare } = asked;
    const { body } = await call('', bare);
    const { rows } = await hub.pool.query('select subject from mailing where id = $1', [body.id]);
    assert.equal(rows[0].subject, TEMPLATE.subject);
    const own = await call('', MAILING);
    const written = await hub.pool.query('select subject, document_hash from mailing where id = $1', [own.body.id]);
    assert.deepEqual(written.rows, [{ subject: MAILING.subject, document_hash: null }]);
    await hub.pool.query(`update flow set template_code = null where code = 'beslut'`);
  });

  test('that is not there, or comes with text beside it, or cannot be typeset, is refused', async () => {
    const invalid = (more: unknown) =>
      refused(() => call('', { ...asked, ...(more as object) }), 422, 'HUB_MAILING_INVALID');
    const unknown = faultsOf(await invalid({ template: 'finns-inte' }));
    assert.ok(unknown.includes('HUB_TEMPLATE_UNKNOWN template'), unknown.join());
    assert.deepEqual(faultsOf(await invalid({ subject: 'Hej', body: { text: 'Hej' } })), [
      'HUB_TEMPLATE_TEXT subject',
      'HUB_TEMPLATE_TEXT body',
    ]);
    await put({ ...TEMPLATE, document: '#valu("Skola")' });
    const broken = await invalid({});
    assert.deepEqual(faultsOf(broken), ['HUB_TEMPLATE_FAULT template']);
    assert.match(broken.body.faults[0].text, /rad 1: unknown variable: valu/);
    await put(TEMPLATE);
  });

  test('makes the same PDF when a node begins again, and only one write-back counts', async () => {
    const { body } = await call('', asked);
    await fill(body.id, [{ recipient: ANNA, values: VALUES }]);
    await call(`/${body.id}/commit`);
    await hub.pool.query(
      `update letter set stage = 'compose', channel = 'digital', lane = 2, due_at = now() - interval '1 day' where mailing_id = $1`,
      [body.id],
    );
    const claim = async () => {
      const [letter] = await lettersOf(body.id);
      const shares = [{ organisationId: letter.organisation_id, letters: 1 }];
      const leaseId = randomUUID();
      const lane = { stage: 'compose', lane: 2, shares, leaseId, node: 'n', leaseMs: -1_000 } as const;
      return { leaseId, claimed: (await claimLetters(hub.pool, lane))[0] };
    };
    const content = createContentStore(hub.pool, createContentCipher(CONTENT_KEY));
    const tools = createPdfTools();
    const context = {
      ...{ content, pdf: tools },
      storeContent: (organisationId: string, prepared: PreparedContent) =>
        content.put(hub.pool, organisationId, [prepared]),
    };
    // The first node is killed when it has stored the PDF; the second takes the letter, and then the first one's answer comes.
    const [first, second] = [await claim(), await claim()];
    const written: string[][] = [];
    const hashes: (string | undefined)[] = [];
    for (const { leaseId, claimed } of [second, first]) {
      assert.ok(claimed !== undefined);
      const made = await composeDocument(claimed, context);
      assert.ok('changes' in made && !('outcome' in made), JSON.stringify(made));
      hashes.push(made.changes?.document?.hash.toString('hex'));
      const result = {
        letter: made.letter,
        outcome: { kind: 'done' },
        changes: made.changes ?? {},
        events: [],
      } as const;
      const next = transition(made.letter, result.outcome, new Date());
      written.push(await writeBack(hub.pool, leaseId, [{ result, next }]));
    }
    await tools.close();
    assert.equal(hashes[0], hashes[1]);
    const [letter] = await lettersOf(body.id);
    assert.deepEqual(written, [[letter.id], []]);
    const { rows } = await hub.pool.query(
      'select position, encode(hash, $2) as hash, pages from attachment where letter_id = $1',
      [letter.id, 'hex'],
    );
    assert.deepEqual(rows, [{ position: -1, hash: hashes[0], pages: 1 }]);
    assert.deepEqual([letter.stage, letter.document_hash], ['seal', null]);
  });

  test('leaves nothing of its document when the mailing is cancelled', async () => {
    const document = `${TEMPLATE.document}\n// bara här`;
    await put({ ...TEMPLATE, document });
    const { body } = await call('', asked);
    const hash = createHash('sha256').update(document).digest();
    assert.equal(await count('content', 'hash = $1', [hash]), 1);
    await call(`/${body.id}/cancel`);
    assert.equal(await count('content', 'hash = $1', [hash]), 0);
    await put(TEMPLATE);
  });
});

describe('the same key', () => {
  test('creates one mailing, also at the same instant, and refuses another under it', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => call('', MAILING, { key: 'skolval' })));
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 201]);
    await refused(() => call('', { ...MAILING, name: 'Annat' }, { key: 'skolval' }), 409, 'HUB_IDEMPOTENCY_MISMATCH');
  });

  test('adds the same recipients once, with the same answer', async () => {
    const id = await create();
    const bunch = [{ recipient: ANNA }, { recipient: TOLVAN }];
    const [first, second] = [await fill(id, bunch, {}, 'a'), await fill(id, bunch, {}, 'a')];
    assert.deepEqual(first.body, { accepted: 2, refused: 0, faults: [] });
    assert.deepEqual(second.body, first.body);
    assert.equal((await get(id)).body.recipients, 2);
    await refused(() => fill(id, [{ recipient: COMPANY }], {}, 'a'), 409, 'HUB_IDEMPOTENCY_MISMATCH');
  });
});

describe('recipients with faults', () => {
  const bad = [
    { recipient: ANNA },
    { recipient: '192705178355' },
    { recipient: TOLVAN, address: { name: 'Tolvan', street: 'Gatan 1', postalCode: '12', city: 'Orten' } },
    { recipient: TOLVAN, adress: 'x' },
    'text',
    { recipient: ANNA },
    { recipient: COMPANY, reference: 'x'.repeat(300) },
  ];
  const expected = [
    'HUB_RECIPIENT_CHECK_DIGIT recipients/1/recipient',
    'HUB_ADDRESS_POSTAL_CODE recipients/2/address/postalCode',
    'HUB_FIELD_UNKNOWN recipients/3/adress',
    'HUB_FIELD_TYPE recipients/4',
    'HUB_MAILING_DUPLICATE recipients/5/recipient',
    'HUB_FIELD_TOO_LONG recipients/6/reference',
  ];

  test('are refused as a whole, each fault named with its place, and none is added', async () => {
    const id = await create();
    const answer = await refused(() => fill(id, bad), 422, 'HUB_MAILING_RECIPIENTS');
    assert.deepEqual(faultsOf(answer), expected);
    assert.equal((await get(id)).body.recipients, 0);
  });

  test('are left out when the sender says so, and the sound ones are added', async () => {
    const id = await create();
    const answer = await fill(id, bad, { onFault: 'skip' });
    assert.deepEqual([answer.status, answer.body.accepted, answer.body.refused], [200, 1, 6]);
    assert.deepEqual(faultsOf(answer), expected);
  });

  test('that are in the mailing already are told', async () => {
    const id = await create();
    await fill(id, [{ recipient: ANNA }]);
    const answer = await refused(
      () => fill(id, [{ recipient: TOLVAN }, { recipient: ANNA }]),
      422,
      'HUB_MAILING_RECIPIENTS',
    );
    assert.deepEqual(faultsOf(answer), ['HUB_MAILING_DUPLICATE recipients/1/recipient']);
    assert.equal((await get(id)).body.recipients, 1, 'the other one of the bunch is not added either');
  });

  test('need an address where the mailing goes on paper', async () => {
    const id = await create({ flow: 'papper' });
    const answer = await refused(() => fill(id, [{ recipient: ANNA }]), 422, 'HUB_MAILING_RECIPIENTS');
    assert.deepEqual(faultsOf(answer), ['HUB_ADDRESS_REQUIRED recipients/0/address']);
  });

  test('are at most so many at once', async () => {
    const id = await create();
    await refused(
      () =>
        fill(
          id,
          Array.from({ length: 20_001 }, () => ({})),
        ),
      413,
      'HUB_MAILING_TOO_MANY',
    );
  });
});

describe('a mailing with faults', () => {
  const cases: readonly [what: string, more: Record<string, unknown>, faults: string[]][] = [
    ['without name and text', { name: '', body: null }, ['HUB_BODY_MISSING body', 'HUB_FIELD_REQUIRED name']],
    [
      'with what belongs to each recipient',
      { recipient: ANNA, reference: 'x' },
      ['HUB_FIELD_UNKNOWN recipient', 'HUB_FIELD_UNKNOWN reference'],
    ],
    ['in a flow that is not there', { flow: 'finnsinte' }, ['HUB_FLOW_UNKNOWN flow']],
    [
      'with times that contradict each other',
      { notBefore: '2099-01-02T00:00:00Z', expiresAt: '2099-01-01T00:00:00Z' },
      ['HUB_MAILING_TIME expiresAt'],
    ],
    ['with a time without zone', { notBefore: '2099-01-02T00:00:00' }, ['HUB_MAILING_TIME notBefore']],
    [
      'with a file that is no PDF',
      { attachments: [base64Of('a.pdf', Buffer.from('hej'))] },
      ['HUB_PDF_NOT_A_PDF attachments/0'],
    ],
    ['with an unknown choice of channel', { channelPolicy: 'brevduva' }, ['HUB_FIELD_TYPE channelPolicy']],
  ];
  test('with a time, in a flow that has none, is refused', async () => {
    await hub.pool.query(`update flow set scheduling_allowed = false where code = 'papper'`);
    const timed = { ...MAILING, flow: 'papper', notBefore: '2099-01-02T00:00:00Z' };
    const answer = await refused(() => call('', timed), 422, 'HUB_MAILING_INVALID');
    assert.deepEqual(faultsOf(answer), ['HUB_FLOW_SCHEDULING notBefore']);
  });

  for (const [what, more, faults] of cases) {
    test(`${what} is refused`, async () => {
      const before = await count('mailing');
      const answer = await refused(() => call('', { ...MAILING, ...more }), 422, 'HUB_MAILING_INVALID');
      assert.deepEqual(faultsOf(answer), faults);
      assert.equal(await count('mailing'), before);
    });
  }
});

/** None of these mailings has a document. */
function composer(): Pick<PdfComposer, 'composeTemplate'> {
  return { composeTemplate: () => assert.fail('no document is to be made') };
}

/** The hub's own mailings, for what only the console does. */
function mailingsOfHub(inspector: typeof pdf = pdf) {
  const signer = createSigner({ privateKeyPem: hub.sender.keyPem, certificatePem: hub.sender.certPem });
  const content = createContentStore(hub.pool, createContentCipher(CONTENT_KEY));
  return createMailings({
    pool: hub.pool,
    content,
    pdf: inspector,
    composer: composer(),
    signerOf: () => signer,
    dispatcher: signer,
    onReleased: () => {},
  });
}

describe('the accessibility gate of a flow', () => {
  const scanned = samplePdf({ pages: [{ text: '' }] });
  const lacking = ['HUB_PDF_NOT_TAGGED', 'HUB_PDF_NO_LANGUAGE', 'HUB_PDF_NO_TITLE', 'HUB_PDF_NO_TEXT'];
  const attachments = [base64Of('skolval.pdf', scanned)];
  const setRule = (rule: string) =>
    hub.pool.query('update flow set pdf_accessibility = $1 where code = $2', [rule, MAILING.flow]);
  after(() => setRule('off'));
  const codes = (warnings: { code: string }[]) => warnings.map(({ code }) => code);

  test('stop: a mailing with a PDF that not everybody can read is refused', async () => {
    await setRule('stop');
    const answer = await refused(() => call('', { ...MAILING, attachments }), 422, 'HUB_MAILING_INVALID');
    assert.deepEqual(faultsOf(answer).sort(), lacking.map((code) => `${code} attachments/0`).sort());
  });

  test('warn: the mailing is made and says so, then and later; so does a letter of its own in it', async () => {
    await setRule('warn');
    const made = await call('', { ...MAILING, attachments });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.deepEqual(codes(made.body.warnings), lacking);
    assert.deepEqual(made.body.warnings[0].path, 'attachments/0');
    assert.deepEqual(codes((await get(made.body.id)).body.warnings), lacking);
    const { flow: _, ...own } = { ...LETTER, attachments };
    const added = await call(`/${made.body.id}/letters`, own);
    assert.deepEqual([added.status, codes(added.body.warnings)], [201, lacking], JSON.stringify(added.body));
    assert.equal((await call('', MAILING)).body.warnings, undefined, 'nothing to warn of');
  });

  test('a PDF that all get is judged once', async () => {
    let judged = 0;
    const counted: typeof pdf = {
      ...pdf,
      inspectPdf(bytes) {
        judged += 1;
        return pdf.inspectPdf(bytes);
      },
    };
    const { rows } = await hub.pool.query(
      `select b.id from business_system b join system_flow s on s.business_system_id = b.id join flow f on f.id = s.flow_id
       where b.organisation_id = $1 and f.code = $2`,
      [hub.organisationId, MAILING.flow],
    );
    const system: BusinessSystem = {
      ...{ organisationId: hub.organisationId, id: rows[0].id, name: 'x', code: 'x', loginName: 'x' },
      ...{ unitCode: undefined, flows: [MAILING.flow], lane: 'interactive', waysIn: {} },
    };
    const handIn = { json: { ...MAILING, attachments }, parts: [], faults: [], idempotencyKey: undefined };
    await mailingsOfHub(counted).create(handIn, system, { name: 'x' });
    assert.equal(judged, 1);
  });
});

describe('approval', () => {
  const person = (subject: string) => ({ name: `Person ${subject}`, subject });

  test('is asked for when the flow wants it; another person releases, and the same list is recognised', async () => {
    await hub.pool.query(`update flow set approval_over = 1 where code = 'beslut' and organisation_id = $1`, [
      hub.organisationId,
    ]);
    try {
      const id = await create({ name: 'Första' });
      await fill(id, [{ recipient: ANNA }, { recipient: TOLVAN }, { recipient: COMPANY }]);
      const asked = await call(`/${id}/commit`);
      assert.deepEqual([asked.status, asked.body.status, asked.body.sentBefore], [202, 'awaitingApproval', null]);
      assert.equal((await lettersOf(id)).length, 0);
      const key = { organisationId: hub.organisationId, id };
      await hub.pool.query(`update mailing set created_by_subject = 'eva' where id = $1`, [id]);
      const mailings = mailingsOfHub();
      await assert.rejects(mailings.approve(key, person('eva')), { code: 'HUB_MAILING_SAME_PERSON' });
      await assert.rejects(mailings.approve({ ...key, organisationId: hub.otherOrganisationId }, person('bo')), {
        code: 'HUB_MAILING_NOT_FOUND',
      });
      const approved = await mailings.approve(key, person('bo'));
      assert.deepEqual(
        [approved.state, approved.approvedBy, approved.letters],
        ['committed', 'Person bo', { waiting: 3 }],
      );
      await assert.rejects(mailings.approve(key, person('bo')), { code: 'HUB_MAILING_NOT_AWAITING' });

      const again = await create({ name: 'Andra' });
      await fill(again, [{ recipient: COMPANY }, { recipient: TOLVAN }, { recipient: ANNA }]);
      assert.equal((await call(`/${again}/commit`)).body.sentBefore.name, 'Första');
      const back = await mailings.sendBack({ ...key, id: again }, person('bo'), 'Skickat redan');
      assert.equal(back.state, 'filling');
      await call(`/${again}/cancel`);
    } finally {
      await hub.pool.query('update flow set approval_over = null');
    }
  });

  test('is not asked for below the limit', async () => {
    await hub.pool.query('update flow set approval_over = 2');
    const id = await create();
    await fill(id, [{ recipient: ANNA }, { recipient: TOLVAN }]);
    assert.equal((await call(`/${id}/commit`)).status, 200);
    await hub.pool.query('update flow set approval_over = null');
  });
});

describe('a mailing of another', () => {
  test('is not found, whatever is asked', async () => {
    const id = await create();
    const other = { apiKey: OTHER_API_KEY };
    for (const ask of [
      () => call(`/${id}`, undefined, { ...other, method: 'GET' }),
      () => call(`/${id}/recipients`, { recipients: [{ recipient: ANNA }] }, other),
      () => call(`/${id}/letters`, LETTER, other),
      () => call(`/${id}/commit`, undefined, other),
      () => call(`/${id}/cancel`, undefined, other),
      () => call('/inget-id/commit'),
    ]) {
      await refused(ask, 404, 'HUB_MAILING_NOT_FOUND');
    }
    assert.equal((await get(id)).body.status, 'filling');
  });
});

test('a mailing of ten thousand is released in one statement, with the PDF stored once', async () => {
  const id = await create({ attachments: [base64Of('stor.pdf', pdfOf(200_000))] });
  const recipients = numbers(10_000).map((recipient) => ({ recipient }));
  assert.equal((await fill(id, recipients)).body.accepted, 10_000);
  const committed = await call(`/${id}/commit`);
  assert.equal(committed.body.letters.waiting, 10_000);
});

async function refused(ask: () => Promise<Answer>, status: number, code: string): Promise<Answer> {
  const answer = await ask();
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  assert.equal(answer.body.code, code, JSON.stringify(answer.body));
  assert.ok(answer.body.title.length > 10);
  return answer;
}
