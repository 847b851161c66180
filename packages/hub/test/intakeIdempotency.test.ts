import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { API_KEY, OTHER_API_KEY } from './support/hubDatabase.ts';
import {
  type Answer,
  base64Of,
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
after(() => hub.close());

const key = (value: string) => ({ 'idempotency-key': value });
const LETTER_WITH_PDF = { ...LETTER, attachments: [base64Of('beslut å.pdf', PDF)] };

async function accepted(answer: Answer): Promise<string> {
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  assert.equal(answer.headers.get('idempotent-replay'), null);
  assert.equal(answer.headers.get('location'), `/api/v1/letters/${answer.body.id}`);
  return answer.body.id;
}

/** The first letter's answer again, and nothing new in the database. */
async function replayed(send: () => Promise<Answer>, id: string): Promise<void> {
  const before = await hub.rows();
  const answer = await send();
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  assert.equal(answer.body.id, id);
  assert.equal(answer.headers.get('idempotent-replay'), 'true');
  assert.deepEqual(await hub.rows(), before);
}

const mismatch = (send: () => Promise<Answer>) => hub.refused(send, 409, 'HUB_IDEMPOTENCY_MISMATCH');

describe('scenario 7: the same submission twice', () => {
  it('is one letter, however it comes: JSON, a form, another order of fields, defaults written out, nulls', async () => {
    const id = await accepted(await hub.post(LETTER_WITH_PDF, key('a')));
    await replayed(() => hub.post(LETTER_WITH_PDF, key('a')), id);
    await replayed(() => hub.postForm(formOf(LETTER, { name: 'beslut å.pdf', bytes: PDF }), key('a')), id);
    const { body, flow, ...rest } = LETTER_WITH_PDF;
    const written = { ...rest, language: 'svSE', protectedIdentity: false, address: null, reference: null };
    await replayed(() => hub.post({ ...written, body: { ...body, contentType: 'text/plain' }, flow }, key('a')), id);
    assert.equal((await hub.get(id)).body.events.length, 1, 'a replay leaves no event');
  });

  it('the other way round: a form first', async () => {
    const id = await accepted(await hub.postForm(formOf(LETTER, { name: 'beslut å.pdf', bytes: PDF }), key('b')));
    await replayed(() => hub.post(LETTER_WITH_PDF, key('b')), id);
  });

  it('without a key is two letters', async () => {
    assert.notEqual(await accepted(await hub.post(LETTER)), await accepted(await hub.post(LETTER)));
  });

  it('the key belongs to the business system: another one may use the same', async () => {
    const id = await accepted(await hub.post(LETTER, key('c')));
    const other = await hub.post(LETTER, { ...key('c'), authorization: `Bearer ${OTHER_API_KEY}` });
    assert.notEqual(await accepted(other), id);
    assert.equal((await hub.get(id, OTHER_API_KEY)).status, 404);
  });
});

describe('scenario 7: the same key with other content', () => {
  it('is an error of its own, whatever differs', async () => {
    const base = { ...LETTER_WITH_PDF, address: { name: 'Åsa', street: 'A 1', postalCode: '123 45', city: 'B' } };
    const id = await accepted(await hub.post(base, key('d')));
    const others: object[] = [
      { flow: 'sekretess' },
      { recipient: '198507099805' },
      { recipient: '19121212-1212' },
      { subject: 'Beslut om bygglov ' },
      { body: { text: 'Ditt bygglov är avslaget.' } },
      { body: { contentType: 'text/html', text: LETTER.body.text } },
      { attachments: [] },
      { attachments: [base64Of('beslut.pdf', PDF)] },
      { attachments: [base64Of('beslut å.pdf', pdfOf(2_000))] },
      { attachments: [...LETTER_WITH_PDF.attachments, ...LETTER_WITH_PDF.attachments] },
      { address: { ...base.address, street: 'A 2' } },
      { address: undefined },
      { reference: '' },
      { language: 'en' },
      { protectedIdentity: true },
    ];
    for (const change of others) await mismatch(() => hub.post({ ...base, ...change }, key('d')));
    await replayed(() => hub.post(base, key('d')), id);
  });

  it('is not the same for being read as the same: a fault makes it another', async () => {
    const id = await accepted(await hub.post(LETTER_WITH_PDF, key('e')));
    const [attachment] = LETTER_WITH_PDF.attachments;
    const faulty: object[] = [
      { adress: { name: 'Åsa' } },
      { protectedIdentity: 'false' },
      { language: 17 },
      { attachments: [{ ...attachment, base64: `${attachment?.base64}\n` }] },
    ];
    for (const change of faulty) await mismatch(() => hub.post({ ...LETTER_WITH_PDF, ...change }, key('e')));
    const form = formOf(LETTER, { name: 'beslut å.pdf', bytes: PDF });
    form.append('atachment', new Blob([new Uint8Array(PDF)]), 'glömd.pdf');
    await mismatch(() => hub.postForm(form, key('e')));
    await replayed(() => hub.post(LETTER_WITH_PDF, key('e')), id);
  });

  it('a refused submission leaves its key free', async () => {
    await hub.refused(() => hub.post({ ...LETTER, recipient: '1' }, key('f')), 422, 'HUB_LETTER_INVALID');
    await accepted(await hub.post(LETTER, key('f')));
  });
});

describe('scenario 7: at the same instant', () => {
  it('twenty connections with one key make exactly one letter', async () => {
    const before = await hub.rows();
    const form = () => hub.postForm(formOf(LETTER, { name: 'beslut å.pdf', bytes: PDF }), key('g'));
    const json = () => hub.post(LETTER_WITH_PDF, key('g'));
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 ? form() : json())));
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [...Array.from({ length: 19 }, () => 200), 201]);
    const now = await hub.rows();
    assert.equal(now['letter'], (before['letter'] ?? 0) + 1);
    assert.equal(now['idempotency'], (before['idempotency'] ?? 0) + 1);
    assert.equal(now['letter_event'], (before['letter_event'] ?? 0) + 1);
  });

  it('twenty different letters with one key: exactly one wins, the others are told', async () => {
    const before = await hub.rows();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => hub.post({ ...LETTER, subject: `Beslut ${n}` }, key('h'))),
    );
    const winners = answers.filter(({ status }) => status === 201);
    assert.equal(winners.length, 1);
    const codes = answers.filter(({ status }) => status !== 201).map(({ body }) => body.code);
    assert.deepEqual(new Set(codes), new Set(['HUB_IDEMPOTENCY_MISMATCH']));
    const now = await hub.rows();
    assert.equal(now['letter'], (before['letter'] ?? 0) + 1);
  });

  it('forty letters that share their contents in opposite orders are all taken', async () => {
    for (let round = 0; round < 5; round += 1) {
      const contents = Array.from({ length: 6 }, (_, n) => base64Of(`${n}.pdf`, pdfOf(5_000 + round * 10 + n)));
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          hub.post({ ...LETTER, attachments: n % 2 ? contents : [...contents].reverse() }),
        ),
      );
      assert.deepEqual(
        answers.map(({ status }) => status),
        answers.map(() => 201),
      );
    }
  });
});

it('the API key is not stored, only its hash', async () => {
  const { rows } = await hub.pool.query('select row_to_json(c)::text as text from credential c');
  assert.ok(rows.length === 2 && rows.every(({ text }) => !text.includes(API_KEY)));
});

describe('the times of a single letter', () => {
  it('are kept: not due before, expired after, in place of the flow’s lifetime; other times are another letter', async () => {
    const times = { notBefore: '2099-01-01T08:00:00+01:00', expiresAt: '2099-02-01T00:00:00Z' };
    const id = await accepted(await hub.post({ ...LETTER, ...times }, key('tider')));
    const { rows } = await hub.pool.query('select due_at, expires_at from letter where id = $1', [id]);
    assert.deepEqual(rows, [
      { due_at: new Date('2099-01-01T07:00:00Z'), expires_at: new Date('2099-02-01T00:00:00Z') },
    ]);
    await replayed(() => hub.post({ ...LETTER, ...times, notBefore: '2099-01-01T07:00:00Z' }, key('tider')), id);
    for (const other of [LETTER, { ...LETTER, ...times, notBefore: '2099-01-01T08:00:00Z' }]) {
      const answer = await hub.post(other, key('tider'));
      assert.deepEqual([answer.status, answer.body.code], [409, 'HUB_IDEMPOTENCY_MISMATCH']);
    }
    const past = await accepted(await hub.post({ ...LETTER, notBefore: '2001-01-01T00:00:00Z', expiresAt: null }));
    const { rows: now } = await hub.pool.query(
      'select due_at = created_at as "isDue", expires_at from letter where id = $1',
      [past],
    );
    assert.deepEqual(now, [{ isDue: true, expires_at: null }]);
  });

  it('that are none, or the wrong way round, are told with the other faults', async () => {
    const answer = await hub.post({ ...LETTER, recipient: '1', notBefore: '2099-01-02T00:00:00', expiresAt: 7 });
    assert.deepEqual([answer.status, answer.body.code], [422, 'HUB_LETTER_INVALID']);
    const told = answer.body.faults.map(({ code, path }: { code: string; path: string }) => `${code} ${path}`);
    assert.deepEqual(told.sort(), [
      'HUB_MAILING_TIME expiresAt',
      'HUB_MAILING_TIME notBefore',
      'HUB_RECIPIENT_FORMAT recipient',
    ]);
    const turned = await hub.post({ ...LETTER, notBefore: '2099-01-02T00:00:00Z', expiresAt: '2099-01-01T00:00:00Z' });
    assert.deepEqual(
      turned.body.faults.map(({ code, path }: { code: string; path: string }) => `${code} ${path}`),
      ['HUB_MAILING_TIME expiresAt'],
    );
  });
});
