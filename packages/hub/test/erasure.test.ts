import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createContentCipher, createLog, inTransaction, newId, systemClock } from '@brevduva/base';
import { createContentStore } from '../src/content.ts';
import { eraseLetters } from '../src/sql/erasure.ts';
import { insertNotice, selectNoticeByHash } from '../src/sql/notices.ts';
import { sweepOnce } from '../src/sweep.ts';
import { ADDRESS, seedLetter } from './support/consoleLetters.ts';
import { askPage, type Person, seedOwn } from './support/consolePages.ts';
import { API_KEY } from './support/hubDatabase.ts';
import { base64Of, CONTENT_KEY, type IntakeHub, LETTER, PDF, startIntakeHub } from './support/intakeHub.ts';

/** A flow's retention: what letters hold is erased when it is over, with proof, and everything that reads a letter copes. */
let hub: IntakeHub;
let maja: Person;
before(async () => {
  hub = await startIntakeHub();
  maja = await seedOwn(hub, 'caseworker');
});
after(() => hub.close());

const DAYS = 365;
const SHARED = 'Samma text till två.';
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const store = () => createContentStore(hub.pool, createContentCipher(CONTENT_KEY));
const sweep = () =>
  sweepOnce({ pool: hub.pool, clock: systemClock, log: createLog({ service: 'hub', level: 'silent' }) });
const page = (path: string, language = 'sv') =>
  askPage(hub, path, maja, { headers: { cookie: `${maja.cookie}; brevduva_lang=${language}` } });

async function query(text: string, ...values: unknown[]) {
  return (await hub.pool.query(text, values)).rows;
}

const ended = (id: string, days: number, state = 'delivered') =>
  query(
    `update letter set state = $3, stage = null, updated_at = now() - $2 * interval '1 day' where id = $1`,
    ...[id, days, state],
  );

async function sent(more: Record<string, unknown>, headers: Record<string, string> = {}): Promise<string> {
  const answer = await hub.post({ ...LETTER, ...more }, headers);
  assert.ok(answer.status < 300, JSON.stringify(answer.body));
  return answer.body.id;
}

async function hasContent(text: Uint8Array | string, organisationId = hub.organisationId): Promise<boolean> {
  const rows = await query(
    'select from content where organisation_id = $1 and hash = $2',
    ...[organisationId, Buffer.from(sha256(text), 'hex')],
  );
  return rows.length === 1;
}

/** Everything that a letter can hold, ended so long ago. */
async function fullLetter(days: number, key: string): Promise<string> {
  const attachments = [base64Of('beslut.pdf', PDF)];
  const headers = { 'idempotency-key': key };
  const id = await sent({ body: { text: SHARED }, attachments, address: undefined, reference: 'BYGG 1' }, headers);
  const print = store().prepare(hub.organisationId, Buffer.from(`utskrift ${id}`), 'application/pdf');
  await store().put(hub.pool, hub.organisationId, [print]);
  await query(
    `update letter set address = $2, print_hash = $3, invoice = '{"amountHundredths": 1}', sealed_values = '\\x01' where id = $1`,
    ...[id, ADDRESS, print.hash],
  );
  await query(
    `insert into sealed_delivery (organisation_id, letter_id, id, supplier, sha256, bytes) values ($1, $2, $3, '{}', $4, '\\x0102')`,
    ...[hub.organisationId, id, newId(), Buffer.from(sha256('sealed'), 'hex')],
  );
  await ended(id, days);
  return id;
}

test('what a letter holds is erased when its flow has kept it, and what another letter has too is left', async () => {
  const [old, young] = [await fullLetter(DAYS + 1, 'gammal-1'), await fullLetter(DAYS - 1, 'ung-1')];
  const waiting = await sent({ body: { text: 'Väntar länge.' } });
  await query(`update letter set updated_at = now() - interval '20 years' where id = $1`, waiting);
  const { letterId: inCase } = await seedLetter(hub.pool, hub.organisationId, { reason: 'protectedIdentity' });
  await query(`update letter set updated_at = now() - interval '20 years' where id = $1`, inCase);
  const { letterId: theirs } = await seedLetter(hub.pool, hub.otherOrganisationId, { body: SHARED });
  await query('update flow set retention_days = 3650 where organisation_id = $1', hub.otherOrganisationId);
  await ended(theirs, DAYS + 1);

  // A node that is killed in the middle has erased nothing of the set.
  const before = await hub.rows();
  await assert.rejects(
    inTransaction(hub.pool, async (client) => {
      assert.equal(await eraseLetters(client), 1);
      throw new Error('killed');
    }),
    /killed/,
  );
  assert.deepEqual(await hub.rows(), before);
  assert.equal(await hasContent(`utskrift ${old}`), true);

  assert.equal(await sweep(), 1);
  assert.equal(await sweep(), 0);
  const [row] = await query('select * from letter where id = $1', old);
  assert.ok(row.erased_at instanceof Date);
  for (const column of ['subject', 'address', 'invoice', 'sealed_values', 'body_hash', 'print_hash', 'signed_hash']) {
    assert.equal(row[column], null, column);
  }
  assert.deepEqual([row.recipient, row.reference, row.state], ['191212121212', 'BYGG 1', 'delivered']);
  for (const table of ['attachment', 'sealed_delivery']) {
    assert.deepEqual(await query(`select from ${table} where letter_id = $1`, old), [], table);
    assert.equal((await query(`select from ${table} where letter_id = $1`, young)).length, 1, table);
  }
  assert.equal(await hasContent(`utskrift ${old}`), false);
  for (const kept of [SHARED, PDF, 'Väntar länge.', `utskrift ${young}`]) assert.equal(await hasContent(kept), true);
  assert.equal(await hasContent(SHARED, hub.otherOrganisationId), true);
  const left = await query('select id from letter where erased_at is null');
  for (const id of [young, waiting, inCase, theirs]) assert.ok(left.some((each) => each.id === id));

  // The proof, which nobody changes.
  const [event] = await query(`select actor, detail from letter_event where letter_id = $1 and kind = 'erased'`, old);
  const { endedAt, contents, ...rule } = event.detail;
  assert.deepEqual(rule, { flow: 'beslut', retentionDays: DAYS, bytes: 2 + Buffer.byteLength(`utskrift ${old}`) });
  assert.ok(Math.abs(Date.now() - (DAYS + 1) * 86_400_000 - Date.parse(endedAt)) < 3_600_000 * 2);
  assert.deepEqual(
    contents
      .map((each: Record<string, unknown>) => [each['what'], each['sha256'], each['erased']])
      .sort((a: string[], b: string[]) => String(a[0]).localeCompare(String(b[0]))),
    [
      ['attachment', sha256(PDF), false],
      ['body', sha256(SHARED), false],
      ['print', sha256(`utskrift ${old}`), true],
      ['sealedRequest', sha256('sealed'), true],
    ],
  );
  await assert.rejects(query(`delete from letter_event where letter_id = $1`, old), /append-only/);

  // Who reads it afterwards.
  const { body } = await hub.get(old);
  assert.deepEqual([body.status, body.subject, body.final], ['delivered', null, true]);
  assert.equal(body.erasedAt, row.erased_at.toISOString());
  assert.equal((await hub.get(young)).body.erasedAt, null);
  assert.equal(
    await sent(
      { ...LETTER, body: { text: SHARED }, attachments: [base64Of('beslut.pdf', PDF)], reference: 'BYGG 1' },
      { 'idempotency-key': 'gammal-1' },
    ),
    old,
  );
  const letter = await page(`/brev/${old}`);
  assert.equal(letter.status, 200);
  assert.match(letter.text, /Raderat enligt gallringsregeln/);
  assert.match(letter.text, /Innehållet raderades enligt gallringsregeln/);
  assert.doesNotMatch(letter.text, /Ängsvägen|Beslut om bygglov|deliverSecure\.xml|\/bilagor\/|\/utskrift"/);
  assert.match((await page('/brev')).text, /Raderat enligt gallringsregeln/);
  for (const file of ['bilagor/0', 'utskrift', 'text', 'deliverSecure.xml']) {
    const answer = await page(`/brev/${old}/${file}`);
    assert.equal(answer.status, 410, file);
    assert.match(answer.text, /HUB_LETTER_ERASED/);
    assert.match(answer.text, /Brevets innehåll är raderat enligt flödets gallringsregel/);
  }

  // The other letter was the last that had it.
  await ended(young, DAYS + 1);
  assert.equal(await sweep(), 1);
  assert.deepEqual([await hasContent(SHARED), await hasContent(PDF)], [false, false]);
  assert.equal(await hasContent(SHARED, hub.otherOrganisationId), true);
});

async function api(path: string, body: unknown = {}): Promise<string> {
  const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };
  const url = new URL(`/api/v1/mailings${path}`, hub.url);
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  assert.ok(response.ok, await response.clone().text());
  return ((await response.json()) as { id: string }).id;
}

test('a print that was made anew with another address goes with the letter too', async () => {
  const id = await sent({ body: { text: 'Två utskrifter.' } });
  const print = store().prepare(hub.organisationId, Buffer.from('fel adress'), 'application/pdf');
  await store().put(hub.pool, hub.organisationId, [print]);
  await query(
    `insert into letter_event (organisation_id, letter_id, kind, actor, detail) values ($1, $2, 'composedForPrint', 'system', $3)`,
    ...[hub.organisationId, id, { sheets: 1, pages: 1, sha256: print.hash.toString('hex') }],
  );
  await ended(id, DAYS + 1, 'printed');
  assert.equal(await sweep(), 1);
  assert.equal(await hasContent('fel adress'), false);
});

test('what all letters of a mailing have goes with the last of them', async () => {
  const text = 'Nu är det dags att välja skola.';
  const id = await api('', {
    name: 'Skolval',
    flow: 'beslut',
    subject: 'Välj skola',
    body: { text },
    attachments: [base64Of('a.pdf', PDF)],
  });
  await api(`/${id}/recipients`, { recipients: [{ recipient: '192705178354' }, { recipient: '191212121212' }] });
  await api(`/${id}/commit`);
  const letters = await query('select id from letter where mailing_id = $1 order by id', id);
  assert.equal(letters.length, 2);
  await query(`update mailing set committed_at = now() - interval '2 years' where id = $1`, id);
  await ended(letters[0].id, DAYS + 1, 'printed');
  assert.deepEqual([await sweep(), await sweep()], [1, 0]);
  assert.equal(await hasContent(text), true, 'the other letter has it');
  assert.match((await page(`/utskick/${id}`)).text, /Nu är det dags/);
  await ended(letters[1].id, DAYS + 1, 'cancelled');
  assert.deepEqual([await sweep(), await sweep(), await sweep()], [1, 1, 0]);
  assert.deepEqual([await hasContent(text), await hasContent(PDF)], [false, false]);
  const [row] = await query(
    'select subject, body_hash, list_hash, erased_at, recipients from mailing where id = $1',
    id,
  );
  assert.deepEqual([row.subject, row.body_hash, row.list_hash, row.recipients], ['', null, null, 2]);
  const [proof] = await query(`select detail from mailing_event where mailing_id = $1 and kind = 'erased'`, id);
  assert.deepEqual(
    proof.detail.contents.map((each: Record<string, unknown>) => [each['what'], each['erased']]).sort(),
    [
      ['attachment', true],
      ['body', true],
    ],
  );
  const { status, text: shown } = await page(`/utskick/${id}`);
  assert.equal(status, 200);
  assert.match(shown, /Raderat enligt gallringsregeln/);
  assert.doesNotMatch(shown, /Välj skola/);
  for (const file of ['text', 'bilagor/0']) {
    const answer = await page(`/utskick/${id}/${file}`);
    assert.equal(answer.status, 410, file);
    assert.match(answer.text, /HUB_MAILING_ERASED/);
  }
});

test('a notice is erased with its last recipient’s letter, and is the same notice still when it comes again', async () => {
  const [system] = await query(
    `select b.id, b.name, f.id as flow from business_system b join flow f using (organisation_id)
     where b.organisation_id = $1 and f.code = 'beslut' limit 1`,
    hub.organisationId,
  );
  const identity = { organisationId: hub.organisationId, id: system.id, name: system.name };
  const prepare = (text: string) => store().prepare(hub.organisationId, Buffer.from(text), 'text/plain');
  const content = prepare('<notice/>');
  const notice = {
    ...{
      id: newId(),
      content,
      body: prepare('Du har post.'),
      bodyContentType: 'text/plain',
      flowId: system.flow,
      lane: 0,
    },
    ...{ lifetimeHours: undefined, subject: 'Post', language: 'svSE', reference: undefined, envelopeBytes: 1 },
    recipients: ['191212121212'],
  };
  assert.equal(await insertNotice(hub.pool, identity, notice), true);
  const [{ id }] = await query('select id from letter where notice_id = $1', notice.id);
  await query(`update notice set created_at = now() - interval '2 years' where id = $1`, notice.id);
  assert.equal(await sweep(), 0, 'its letter waits');
  await ended(id, DAYS + 1, 'unnotified');
  assert.deepEqual([await sweep(), await sweep(), await sweep()], [1, 1, 0]);
  assert.deepEqual([await hasContent('<notice/>'), await hasContent('Du har post.')], [false, false]);
  assert.equal(await insertNotice(hub.pool, identity, { ...notice, id: newId() }), false);
  assert.equal(await selectNoticeByHash(hub.pool, identity, content.hash), notice.id);
});
