import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newId } from '@brevduva/base';
import { selectLetterStory } from '../src/sql/letterStory.ts';
import { createHubDatabase } from './support/hubDatabase.ts';

type Database = Awaited<ReturnType<typeof createHubDatabase>>;
let database: Database;
before(async () => {
  database = await createHubDatabase();
});
after(() => database.close());

test('a story is of one instant: the letter and its case never contradict each other', async () => {
  const { pool, organisationId } = database;
  const id = newId();
  await pool.query(
    `with c as (insert into content (organisation_id, hash, content_type, plain_bytes, bytes)
       values ($1, sha256('x'), 'text/plain', 1, 'x') returning hash)
     insert into letter (organisation_id, id, business_system_id, flow_id, recipient, subject, language, body_content_type,
       body_hash, envelope_bytes, state, stage, lane)
     select $1, $2, b.id, f.id, '191212121212', 'Hej', 'svSE', 'text/plain', c.hash, 1, 'waiting', 'resolve', 0
     from c, business_system b, flow f
     where b.organisation_id = $1 and f.organisation_id = $1 and f.code = 'beslut'`,
    [organisationId, id],
  );
  let isOver = false;
  const flipping = (async () => {
    for (let n = 0; n < 150; n++) {
      await pool.query(
        `with l as (update letter set state = 'case', stage = null where id = $2)
         insert into manual_case (organisation_id, id, letter_id, reason, stage, owner, next_action, deadline)
         values ($1, $3, $2, 'noChannel', 'resolve', 'x', 'x', now())`,
        [organisationId, id, newId()],
      );
      await pool.query(
        `with l as (update letter set state = 'waiting', stage = 'resolve' where id = $1)
         update manual_case set closed_at = now(), closed_by = 'x', resolution = 'triedAgain' where letter_id = $1 and closed_at is null`,
        [id],
      );
    }
    isOver = true;
  })();
  const seen = new Set<string>();
  while (!isOver) {
    const story = await selectLetterStory(pool, { organisationId, id });
    assert.ok(story);
    assert.equal(story.openCase !== undefined, story.letter.state === 'case', `${story.letter.state}`);
    seen.add(story.letter.state);
  }
  await flipping;
  assert.deepEqual([...seen].sort(), ['case', 'waiting'], 'both states were met');
});
