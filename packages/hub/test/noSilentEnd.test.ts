import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { createLog, newId, type Queryable, systemClock } from '@brevduva/base';
import { createMetricsServer } from '../src/http/metrics.http.ts';
import { createWebhookPoster } from '../src/http/webhook.http.ts';
import { checkEndsOnce } from '../src/noSilentEnd.ts';
import { PIPELINE } from '../src/pipeline.ts';
import { SILENT_ENDS, type SilentEndKind } from '../src/silentEnds.ts';
import { findSilentEnds, selectLatestCheck } from '../src/sql/noSilentEnd.ts';
import { seedLetter } from './support/consoleLetters.ts';
import { createHubDatabase } from './support/hubDatabase.ts';
import { seedWaiting } from './support/waitingLetters.ts';

/** Each promise that nothing ends in silence is broken by hand, one at a time, and found. */
let database: Awaited<ReturnType<typeof createHubDatabase>>;
const lines: string[] = [];
const log = createLog({
  service: 'hub',
  level: 'info',
  destination: { write: (line: string) => void lines.push(line) },
});
const PLACES = PIPELINE.flatMap(({ stage, cells }) => Object.keys(cells).map((channel) => `${stage} ${channel}`));
const RULES = { places: PLACES, fillingDays: 30 };
const options = () => ({ pool: database.pool, clock: systemClock, log });

before(async () => {
  database = await createHubDatabase();
});
after(() => database.close());

/** A letter as a sound pipeline leaves it, and then what no pipeline does. */
async function broken(seed: Parameters<typeof seedLetter>[2], change = '', values: unknown[] = []): Promise<string> {
  const { letterId } = await seedLetter(database.pool, database.organisationId, seed);
  if (change !== '') await database.pool.query(change, [letterId, ...values]);
  return letterId;
}

const waiting = { state: 'waiting', stage: 'deliver', channel: 'digital' } as const;
const letter = (set: string) => `update letter set ${set} where id = $1`;
const openCase = (set: string) => `update manual_case set ${set} where letter_id = $1`;
const delivered = { state: 'delivered', channel: 'digital' } as const;

/** @returns its id. */
const insert = async (table: string, columns: string, values: string): Promise<string> => {
  const id = newId();
  await database.pool.query(
    `insert into ${table} (organisation_id, id, business_system_id, ${columns})
     select b.organisation_id, $2, b.id, ${values} from business_system b
     join flow f on f.organisation_id = b.organisation_id and f.code = 'beslut' where b.organisation_id = $1`,
    [database.organisationId, id],
  );
  return id;
};
const contentOf = `(select body_hash from letter where organisation_id = b.organisation_id limit 1)`;
const mailing = (state: string, more: string, moreValues: string) =>
  insert(
    'mailing',
    `flow_id, name, state, key, request_hash, created_by, subject, language, body_content_type, body_hash,
     envelope_base_bytes, envelope_reference_bytes, envelope_per_byte, ${more}`,
    `f.id, 'Skolval', '${state}', gen_random_uuid()::text, '\\x00', 'x', 'x', 'svSE', 'text/plain', ${contentOf}, 1, 1, 1, ${moreValues}`,
  );
const form = (state: string, more: string, moreValues: string) =>
  insert(
    'form_message',
    `receiver_id, product, product_name, transaction_id, is_test, request_hash, fields, erase_at, state, ${more}`,
    `b.id, 'p', 'P', gen_random_uuid()::text, false, '\\x00', '[]', now() + interval '1 year', '${state}', ${moreValues}`,
  );

async function batch(state: string, more: string, moreValues: string): Promise<string> {
  const { rows } = await database.pool.query(
    `insert into print_batch (organisation_id, id, shop_code, sort_key, state, promise, letters, sheets, ${more})
     values ($1, gen_random_uuid(), 't', '', $2, 'posted', 1, 1, ${moreValues}) returning id`,
    [database.organisationId, state],
  );
  return rows[0].id;
}

const BREAKS: Readonly<Record<SilentEndKind, readonly (() => Promise<string>)[]>> = {
  letterNotTaken: [
    () => broken(waiting, letter(`lane = 0, due_at = now() - interval '16 minutes'`)),
    () => broken({ ...waiting, state: 'unknown' }, letter(`lane = 2, due_at = now() - interval '25 hours'`)),
    () =>
      broken(
        { ...delivered, stage: 'followUp', createdAt: '2026-11-01' },
        letter(`due_at = now() - interval '3 hours'`),
      ),
  ],
  letterDueTooLate: [() => broken(waiting, letter(`due_at = now() + interval '401 days'`))],
  letterNowhere: [
    () => broken({ ...waiting, channel: 'paper', stage: 'seal' }),
    () => broken({ state: 'waiting', stage: 'compose' }),
  ],
  letterTooLong: [() => broken(waiting, letter(`attempts = 9, stage_entered_at = now() - interval '33 days'`))],
  letterNoCase: [() => broken({ state: 'case' })],
  caseAstray: [
    () => broken({ reason: 'noChannel', caseStage: 'resolve' }, letter(`state = 'cancelled'`)),
    () => broken({ reason: 'noChannel', caseStage: 'resolve' }, openCase(`owner = ''`)),
  ],
  caseForgotten: [
    () => broken({ reason: 'noChannel', caseStage: 'resolve' }, openCase(`deadline = now() - interval '15 days'`)),
  ],
  letterUnproven: [
    () => broken(delivered),
    () =>
      broken(
        { state: 'printed', channel: 'paper' },
        `insert into receipt (organisation_id, letter_id, channel, delivered, proof)
         select organisation_id, id, 'paper', false, '{}' from letter where id = $1`,
      ),
  ],
  handInForgotten: [
    () =>
      insert(
        'hand_in_case',
        'flow_id, way_in, key, reason, detail, filename, hash, deadline',
        `f.id, 'printer', gen_random_uuid()::text, 'noRecipient', '{}', 'a.pdf', ${contentOf}, now() - interval '15 days'`,
      ),
  ],
  formNotTaken: [() => form('received', 'due_at', `now() - interval '2 hours'`)],
  formForgotten: [() => form('failed', 'failure, deadline', `'refused', now() - interval '15 days'`)],
  printJobStuck: [
    () => insert('print_job', 'name, user_name, state, touched_at', `'a', 'b', 'waiting', now() - interval '25 hours'`),
    () =>
      insert('print_job', 'name, user_name, state, lease_until', `'a', 'b', 'processing', now() - interval '2 hours'`),
  ],
  printOrderNotTaken: [
    () =>
      broken(
        { state: 'cancelled' },
        `insert into print_batch_letter (organisation_id, id, letter_id, shop_code, sort_key, due_at, print_hash, facts)
         select organisation_id, gen_random_uuid(), id, 't', '', now() - interval '2 hours', sha256('x'), '{}' from letter where id = $1`,
      ),
  ],
  printBatchNotTaken: [() => batch('closed', 'due_at', `now() - interval '2 hours'`)],
  printBatchUnwatched: [
    () => batch('handedOver', 'handed_over_at, acknowledge_by', `now(), now() - interval '2 hours'`),
    () => batch('acknowledged', 'handed_over_at, acknowledged_at, post_by', `now(), now(), now() - interval '2 hours'`),
  ],
  printCaseForgotten: [
    async () => {
      const { pool, organisationId } = database;
      const { rows } = await pool.query(
        `insert into print_case (organisation_id, id, shop_code, reason, key, deadline)
         values ($1, gen_random_uuid(), 't', 'unknownLetter', gen_random_uuid()::text, now() - interval '15 days') returning id`,
        [organisationId],
      );
      return rows[0].id;
    },
  ],
  filesStuck: [
    () =>
      insert('file_delivery', 'name, kind, state, lease_until', `'a', 'index', 'working', now() - interval '2 hours'`),
  ],
  noticeNotTaken: [
    () =>
      broken(
        { state: 'cancelled' },
        `insert into recipient_notice (organisation_id, id, letter_id, kind, state, stage, due_at, deadline_at)
         select organisation_id, gen_random_uuid(), id, 'arrived', 'waiting', 'deliver', now() - interval '2 hours', now() + interval '1 day'
         from letter where id = $1`,
      ),
  ],
  mailingForgotten: [
    () => mailing('filling', 'created_at', `now() - interval '33 days'`),
    () => mailing('awaitingApproval', 'commit_asked_at', `now() - interval '15 days'`),
  ],
};

/** All that a day's work leaves behind, and that has an end or a next step. */
async function seedSound(): Promise<void> {
  const { pool, organisationId } = database;
  const { letterId } = await seedLetter(pool, organisationId, delivered);
  await pool.query(
    `insert into receipt (organisation_id, letter_id, channel, delivered, proof) values ($1, $2, 'digital', true, '{}')`,
    [organisationId, letterId],
  );
  await seedLetter(pool, organisationId, { reason: 'noChannel', caseStage: 'resolve' });
  for (const state of ['cancelled', 'expired', 'unnotified'] as const)
    await seedLetter(pool, organisationId, { state });
  for (const row of PIPELINE) {
    for (const channel of Object.keys(row.cells)) {
      const state = row.isConfirmed ? 'delivered' : 'waiting';
      const named = channel === 'undecided' ? {} : { channel: channel as 'digital' };
      const id = await broken({ state, stage: row.stage, ...named });
      await pool.query(
        `insert into receipt (organisation_id, letter_id, channel, delivered, proof) values ($1, $2, 'digital', true, '{}')`,
        [organisationId, id],
      );
    }
  }
  await broken(waiting, letter(`due_at = now() + interval '390 days'`));
  await mailing('filling', 'created_at', `now() - interval '29 days'`);
  await mailing('awaitingApproval', 'commit_asked_at', 'now()');
  await form('received', 'due_at', 'now()');
  await form('failed', 'failure, deadline', `'refused', now()`);
}

describe('what has no end', () => {
  beforeEach(async () => {
    await database.pool.query(
      'truncate letter, mailing, form_message, print_job, print_batch, print_case, file_delivery, hand_in_case, end_check cascade',
    );
    await seedSound();
  });

  test('is nothing, when all is as it should be', async () => {
    assert.deepEqual(await findSilentEnds(database.pool, RULES), []);
  });

  for (const kind of SILENT_ENDS) {
    test(`is found: ${kind}`, async () => {
      for (const [n, breakIt] of BREAKS[kind].entries()) {
        const id = await breakIt();
        const found = await findSilentEnds(database.pool, RULES);
        assert.deepEqual(
          found.map((each) => [each.kind, each.organisationId, each.count]),
          [[kind, database.organisationId, n + 1]],
        );
        assert.ok(found[0]?.examples.includes(id), 'named, so that somebody can look');
      }
    });
  }
});

describe('the check', () => {
  beforeEach(() => database.pool.query('truncate letter, mailing, form_message, end_check cascade'));

  test('is made by one node at a time and kept for those who look', async () => {
    const id = await broken({ state: 'case' });
    lines.length = 0;
    const made = await Promise.all([checkEndsOnce(options()), checkEndsOnce(options()), checkEndsOnce(options())]);
    assert.equal(made.filter((each) => each !== undefined).length, 1);
    assert.equal(await checkEndsOnce(options()), undefined, 'not again so soon');
    const latest = await selectLatestCheck(database.pool, database.organisationId);
    assert.deepEqual(
      latest?.silentEnds.map(({ kind, count, examples }) => [kind, count, examples]),
      [['letterNoCase', 1, [id]]],
    );
    assert.deepEqual((await selectLatestCheck(database.pool, database.otherOrganisationId))?.silentEnds, []);
    const told = lines.map((line) => JSON.parse(line)).filter(({ code }) => code === 'HUB_SILENT_END');
    assert.deepEqual(
      told.map(({ level, silentEnd, examples }) => [level, silentEnd, examples]),
      [['error', 'letterNoCase', [id]]],
    );
  });

  test('tells the alarm’s webhook at every turn for as long as it stands, and nobody when all is well', async () => {
    const bodies: { code: string; organisations: { organisationId: string }[] }[] = [];
    const server = createServer(async (request, response) => {
      bodies.push(JSON.parse(Buffer.concat(await request.toArray()).toString('utf8')));
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const alarm = { url, network: 'internal', post: createWebhookPoster({}) } as const;
    try {
      await checkEndsOnce({ ...options(), alarm }, 0);
      assert.equal(bodies.length, 0);
      await broken({ state: 'case' });
      await checkEndsOnce({ ...options(), alarm }, 0);
      await checkEndsOnce({ ...options(), alarm }, 0);
      assert.deepEqual(
        bodies.map(({ code, organisations }) => [code, organisations.map((each) => each.organisationId)]),
        [1, 2].map(() => ['HUB_SILENT_END', [database.organisationId]]),
      );
    } finally {
      server.close();
    }
  });

  test('is told as metrics in Prometheus’ text, every kind of every organisation', async () => {
    await broken({ state: 'case' });
    await broken({ reason: 'noChannel', caseStage: 'resolve' });
    await checkEndsOnce(options(), 0);
    const app = createMetricsServer(database.pool, { log, clock: systemClock });
    const { body, headers } = await app.inject('/metrics');
    await app.close();
    assert.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
    assert.match(body, /^brevduva_silent_ends\{organization="162021004748",kind="letterNoCase"\} 1$/m);
    assert.match(body, /^brevduva_silent_ends\{organization="162021003898",kind="letterNoCase"\} 0$/m);
    assert.match(body, /^brevduva_open_cases\{organization="162021004748"\} 1$/m);
    assert.equal(body.match(/^brevduva_silent_ends\{/gm)?.length, 2 * SILENT_ENDS.length);
    for (const line of body.trimEnd().split('\n')) {
      assert.match(line, /^(?:# (?:HELP|TYPE) \w+ .+|\w+\{\w+="[^"]*"(?:,\w+="[^"]*")*\} \d+)$/);
    }
  });

  test('reads indexes and no final letter, however many there are', async () => {
    const { pool, organisationId } = database;
    await seedWaiting(pool, organisationId, { count: 40_000, lane: 'bulk' });
    await pool.query(
      `update letter set state = 'delivered', stage = null, channel = 'digital', created_at = now() - interval '30 days'
       where id in (select id from letter limit 39000)`,
    );
    await pool.query('analyze letter');
    let plan = '';
    const explaining = {
      query: async ({ text, values }: { text: string; values: unknown[] }) => {
        const { rows } = await pool.query(`explain analyze ${text}`, values);
        plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        return pool.query(text, values);
      },
    } as unknown as Queryable;
    assert.equal((await findSilentEnds(explaining, RULES)).length, 0);
    assert.doesNotMatch(plan, /Seq Scan on letter\b/, plan);
    assert.match(plan, /letter_queue/, plan);
    if (process.env['TEST_LOG']) process.stderr.write(`${plan}\n`);
  });
});
