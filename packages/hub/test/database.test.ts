import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { createContentCipher, describeSchema, newId } from '@brevduva/base';
import { claimSet } from '../src/claimSet.ts';
import { contentHash, createContentStore } from '../src/content.ts';
import { releaseLeasesOf } from '../src/sql/claim.ts';
import { insertLetters, selectByKey } from '../src/sql/intake.ts';
import { selectIntakeFacts } from '../src/sql/intakeFacts.ts';
import { selectLetterStory } from '../src/sql/letterStory.ts';
import { selectLetters } from '../src/sql/letters.ts';
import { lockNodeName } from '../src/sql/nodeLock.ts';
import { writeBack } from '../src/sql/writeBack.ts';
import type { StageOutcome } from '../src/stages/stage.ts';
import { transition } from '../src/transition.ts';
import { createHubDatabase } from './support/hubDatabase.ts';

type Database = Awaited<ReturnType<typeof createHubDatabase>>;
let database: Database;
before(async () => {
  database = await createHubDatabase();
});
after(() => database.close());

const cipher = createContentCipher(Buffer.alloc(32, 7));

async function handIn(options: { key?: string; lane?: number; subject?: string; flow?: string } = {}): Promise<string> {
  const { pool, organisationId } = database;
  const store = createContentStore(pool, cipher);
  const { rows } = await pool.query('select id from business_system where organisation_id = $1', [organisationId]);
  const { flow } = await selectIntakeFacts(pool, { organisationId, id: rows[0].id }, options.flow ?? 'beslut');
  assert.ok(flow);
  const id = newId();
  const body = store.prepare(organisationId, Buffer.from('Hej å ä ö'), 'text/plain');
  const pdf = store.prepare(organisationId, Buffer.from('%PDF-1.7 …'), 'application/pdf');
  const letter = {
    id,
    recipient: '191212121212' as never,
    subject: options.subject ?? 'Beslut',
    language: 'svSE',
    reference: 'dnr 1',
    address: undefined,
    protectedIdentity: false,
    body: { contentType: 'text/plain', bytes: Buffer.from('Hej å ä ö') },
    attachments: [],
    envelopeBytes: 1,
  };
  const written = await insertLetters(pool, { organisationId, id: rows[0].id, name: 'Ärendesystemet' }, [
    {
      letter,
      flowId: flow.id,
      lane: options.lane ?? 1,
      body,
      attachments: [{ filename: 'å.pdf', contentType: 'application/pdf', pages: 1, content: pdf }],
      key: options.key ?? newId(),
      requestHash: contentHash(Buffer.from('x')),
    },
  ]);
  return written[0] ?? '';
}

const ANY_LANE = { lanes: ['interactive', 'normal', 'bulk'], turn: 0 } as const;
const claim = async (limit: number, leaseId: string, node = 'a') => {
  const wanted = { stage: 'resolve', limit, leaseMs: 60_000, leaseId, node, ...ANY_LANE } as const;
  return (await claimSet(database.pool, wanted)).letters;
};

async function finish(
  leaseId: string,
  letters: Awaited<ReturnType<typeof claim>>,
  outcome: StageOutcome,
): Promise<string[]> {
  const steps = letters.map((letter) => ({
    result: { letter, outcome, events: [{ kind: 'channelDecided' as const, detail: { rule: 'test' } }] },
    next: transition(letter, outcome, new Date()),
  }));
  return writeBack(database.pool, leaseId, steps);
}

async function emptyQueue(): Promise<void> {
  const leaseId = newId();
  const letters = await claim(1000, leaseId);
  await finish(leaseId, letters, { kind: 'manual', reason: 'noChannel' });
}

test('the schema is the one that is written down', async () => {
  const path = new URL('../src/sql/schema.sql', import.meta.url);
  assert.equal(await describeSchema(database.pool), readFileSync(path, 'utf8'), 'run: npm run schema');
});

test('a letter is stored whole, its content once and encrypted', async () => {
  await emptyQueue();
  const [first, second] = [await handIn(), await handIn()];
  assert.notEqual(first, second);
  const { pool, organisationId } = database;
  const { rows } = await pool.query('select bytes, plain_bytes from content where organisation_id = $1', [
    organisationId,
  ]);
  assert.equal(rows.length, 2, 'text and PDF, once each for two letters');
  assert.ok(rows.every((row) => !row.bytes.includes('Hej') && !row.bytes.includes('%PDF')));
  const story = await selectLetterStory(pool, { organisationId, id: first });
  assert.deepEqual(
    story?.events.map((event) => [event.kind, event.actor]),
    [['accepted', 'Ärendesystemet']],
  );
  assert.equal(story?.attachments[0]?.filename, 'å.pdf');
});

test('the other organisation finds neither letter nor content', async () => {
  const id = await handIn();
  const { pool, otherOrganisationId } = database;
  assert.equal(await selectLetterStory(pool, { organisationId: otherOrganisationId, id }), undefined);
  assert.deepEqual(await selectLetters(pool, otherOrganisationId, { search: id }, undefined, 10), []);
  const store = createContentStore(pool, cipher);
  await assert.rejects(store.get(otherOrganisationId, [contentHash(Buffer.from('Hej å ä ö'))]), /is not stored/);
});

test('content moved to another organisation cannot be read', async () => {
  await handIn();
  const { pool, organisationId, otherOrganisationId } = database;
  await pool.query(
    `insert into content (organisation_id, hash, content_type, plain_bytes, bytes)
     select $2, hash, content_type, plain_bytes, bytes from content where organisation_id = $1 and content_type = 'text/plain'`,
    [organisationId, otherOrganisationId],
  );
  const store = createContentStore(pool, cipher);
  await assert.rejects(store.get(otherOrganisationId, [contentHash(Buffer.from('Hej å ä ö'))]));
  await pool.query('delete from content where organisation_id = $1', [otherOrganisationId]);
});

test('scenario 7: of ten submissions with one key at the same instant exactly one becomes a letter', async () => {
  const key = `samtidigt-${newId()}`;
  const ids = await Promise.all(Array.from({ length: 10 }, () => handIn({ key })));
  assert.equal(ids.filter((id) => id !== '').length, 1);
  const { pool, organisationId } = database;
  const { rows } = await pool.query('select id from business_system where organisation_id = $1', [organisationId]);
  const known = await selectByKey(pool, { organisationId, id: rows[0].id, name: '' }, key);
  assert.equal(
    known?.letterId,
    ids.find((id) => id !== ''),
  );
});

test('a letter is claimed by one node at a time, whatever the number of nodes', async () => {
  await emptyQueue();
  for (let n = 0; n < 30; n++) await handIn();
  const claims = await Promise.all(Array.from({ length: 6 }, (_, n) => claim(10, newId(), `nod ${n}`)));
  const taken = claims.flat().map((letter) => letter.id);
  assert.equal(taken.length, 30);
  assert.equal(new Set(taken).size, 30);
});

test('a caseworker’s letter goes before a mailing', async () => {
  await emptyQueue();
  await handIn({ lane: 2, subject: 'utskick' });
  await handIn({ lane: 2, subject: 'utskick' });
  await handIn({ lane: 0, subject: 'brådskande' });
  const [first] = await claim(1, newId());
  assert.equal(first?.subject, 'brådskande');
});

test('a result of a lost lease is not written, nor its events', async () => {
  await emptyQueue();
  const id = await handIn();
  const lost = newId();
  const letters = await claim(1, lost, 'borttappad nod');
  assert.equal(letters[0]?.id, id);
  await releaseLeasesOf(database.pool, 'borttappad nod');
  const held = newId();
  const again = await claim(1, held, 'ny nod');
  assert.equal(again[0]?.id, id);
  assert.deepEqual(await finish(lost, letters, { kind: 'done', channel: 'paper' }), []);
  assert.deepEqual(await finish(held, again, { kind: 'done', channel: 'digital' }), [id]);
  const story = await selectLetterStory(database.pool, { organisationId: database.organisationId, id });
  assert.equal(story?.letter.channel, 'digital');
  assert.equal(story?.events.filter((event) => event.kind === 'channelDecided').length, 1);
});

test('an expired lease lets another node take the letter', async () => {
  await emptyQueue();
  const id = await handIn();
  const { pool } = database;
  await claimSet(pool, { ...ANY_LANE, stage: 'resolve', limit: 1, leaseMs: 0, leaseId: newId(), node: 'död' });
  const [letter] = await claim(1, newId(), 'levande');
  assert.equal(letter?.id, id);
  assert.equal(letter?.attempts, 2);
});

test('a digital delivery whose node died is unknown from then on', async () => {
  await emptyQueue();
  const id = await handIn();
  const { pool, organisationId } = database;
  await pool.query(`update letter set stage = 'deliver', channel = 'digital', due_at = now() where id = $1`, [id]);
  const deliver = { ...ANY_LANE, stage: 'deliver', limit: 1, leaseMs: 60_000, node: 'död nod' } as const;
  const {
    letters: [first],
  } = await claimSet(pool, { ...deliver, leaseId: newId() });
  assert.equal(first?.state, 'waiting');
  await releaseLeasesOf(pool, 'död nod');
  const story = await selectLetterStory(pool, { organisationId, id });
  assert.equal(story?.letter.state, 'unknown', 'seen at once, not only when the letter is taken again');
  const {
    letters: [second],
  } = await claimSet(pool, { ...deliver, leaseId: newId(), leaseMs: 0 });
  assert.equal(second?.state, 'unknown');
  await pool.query(`update letter set state = 'waiting' where id = $1`, [id]);
  const {
    letters: [third],
  } = await claimSet(pool, { ...deliver, leaseId: newId() });
  assert.equal(third?.state, 'unknown', 'an expired lease says the same as a restart');
  await pool.query(`update letter set stage = null, state = 'cancelled' where id = $1`, [id]);
});

test('a case has reason, owner, next action and deadline, and its opening stands among the events', async () => {
  await emptyQueue();
  const id = await handIn({ flow: 'sekretess' });
  const leaseId = newId();
  await finish(leaseId, await claim(1, leaseId), { kind: 'manual', reason: 'noChannel' });
  const story = await selectLetterStory(database.pool, { organisationId: database.organisationId, id });
  assert.equal(story?.letter.state, 'case');
  assert.equal(story?.openCase?.reason, 'noChannel');
  assert.ok(story?.openCase && story.openCase.deadline > new Date());
  assert.equal(story?.events.at(-1)?.kind, 'caseOpened');
});

test('events, decisions and receipts cannot be changed or removed', async () => {
  const id = await handIn();
  const { pool } = database;
  for (const statement of [
    'update letter_event set kind = $2 where letter_id = $1',
    'delete from letter_event where letter_id = $1 and kind <> $2',
  ]) {
    await assert.rejects(pool.query(statement, [id, 'x']), /append-only/);
  }
});

test('a node name is held by one process at a time', async () => {
  const release = await lockNodeName(database.pool, 'nod');
  assert.ok(release);
  assert.equal(await lockNodeName(database.pool, 'nod'), undefined);
  await release();
  const again = await lockNodeName(database.pool, 'nod');
  assert.ok(again);
  await again();
});
