import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createLog, createManualClock, newId, systemClock } from '@brevduva/base';
import { createCaseActions } from '../src/cases.ts';
import type { SendWindow } from '../src/letter.ts';
import { PIPELINE, rowOf } from '../src/pipeline.ts';
import { runStageOnce } from '../src/runner.ts';
import type { StageContext } from '../src/stages/stage.ts';
import type { Channel } from '../src/states.ts';
import { timeInTheWay } from '../src/timing.ts';
import { transition } from '../src/transition.ts';
import { claimedLetter, NOW } from './support/claimedLetter.ts';
import { ADDRESS, seedLetter } from './support/consoleLetters.ts';
import { type IntakeHub, LETTER, startIntakeHub } from './support/intakeHub.ts';

const PAST = new Date(NOW.getTime() - 1);
const LATER = new Date(NOW.getTime() + 1);
/** NOW is a Monday, 13:00 in Sweden. */
const NIGHT: SendWindow = { from: '22:00', to: '06:00', weekdays: [1, 2, 3, 4, 5, 6, 7] };
const withWindow = (changes: Parameters<typeof claimedLetter>[0], sendWindow: SendWindow) => {
  const letter = claimedLetter(changes);
  return { ...letter, flow: { ...letter.flow, sendWindow } };
};

describe('time stands in the way of a letter', () => {
  test('whose lifetime has ended, at every stage before it has left', () => {
    for (const stage of ['resolve', 'compose', 'seal', 'deliver'] as const) {
      assert.deepEqual(timeInTheWay(claimedLetter({ stage, expiresAt: PAST }), NOW), { kind: 'expired' });
      assert.deepEqual(timeInTheWay(claimedLetter({ stage, expiresAt: NOW }), NOW), { kind: 'expired' });
      assert.equal(timeInTheWay(claimedLetter({ stage, expiresAt: LATER }), NOW), undefined);
    }
  });

  test('but not when it may have arrived, or is only being confirmed', () => {
    assert.equal(timeInTheWay(claimedLetter({ stage: 'deliver', state: 'unknown', expiresAt: PAST }), NOW), undefined);
    assert.equal(timeInTheWay(claimedLetter({ stage: 'confirm', expiresAt: PAST }), NOW), undefined);
    assert.equal(timeInTheWay(withWindow({ stage: 'deliver', state: 'unknown' }, NIGHT), NOW), undefined);
  });

  test('outside of the hours of its flow, until they begin', () => {
    const nineHoursMs = 9 * 3_600_000;
    for (const stage of ['resolve', 'deliver'] as const) {
      assert.deepEqual(timeInTheWay(withWindow({ stage }, NIGHT), NOW), { kind: 'hold', dueInMs: nineHoursMs });
    }
    assert.equal(timeInTheWay(withWindow({ stage: 'compose' }, NIGHT), NOW), undefined);
  });

  test('in every channel, until it has left; a window that opens too late is not waited for', () => {
    for (const { stage, cells } of PIPELINE) {
      const isSent = stage === 'confirm' || stage === 'followUp';
      for (const channel of Object.keys(cells)) {
        const named = channel === 'undecided' ? {} : { channel: channel as Channel };
        const found = timeInTheWay(claimedLetter({ stage, expiresAt: PAST, ...named }), NOW);
        assert.deepEqual(found, isSent ? undefined : { kind: 'expired' }, `${stage} ${channel}`);
      }
    }
    const soon = new Date(NOW.getTime() + 60_000);
    const held = timeInTheWay(withWindow({ stage: 'deliver', expiresAt: soon }, NIGHT), NOW);
    assert.deepEqual(held, { kind: 'hold', dueInMs: 60_000 });
  });

  test('and then it rests, or waits with its clocks stopped', () => {
    const letter = claimedLetter({ stage: 'deliver', channel: 'digital', attempts: 7 });
    assert.deepEqual(transition(letter, { kind: 'expired' }, NOW), {
      state: 'expired',
      stage: undefined,
      channel: 'digital',
      dueInMs: 0,
      fresh: true,
      digitalFailure: undefined,
    });
    const held = transition(letter, { kind: 'hold', dueInMs: 5_000 }, NOW);
    assert.deepEqual([held.state, held.stage, held.dueInMs, held.fresh], ['waiting', 'deliver', 5_000, true]);
  });
});

describe('on a real database', () => {
  let hub: IntakeHub;
  before(async () => {
    hub = await startIntakeHub();
  });
  after(() => hub.close());

  /** Runs resolve once; FaR is not there, so a letter that is asked about would wait for it. */
  async function resolveOnce(now: Date): Promise<void> {
    const clock = createManualClock(now);
    const log = createLog({ service: 'hub', level: 'silent' });
    const context = {
      clock,
      log,
      farUrl: '',
      soap: { isReachable: () => assert.fail('FaR was asked') },
    } as unknown as StageContext;
    await runStageOnce(rowOf('resolve'), { pool: hub.pool, node: 'test', context, log });
  }

  async function storyOf(id: string) {
    const { rows } = await hub.pool.query(
      'select state, stage, due_at, expires_at, created_at from letter where id = $1',
      [id],
    );
    const events = await hub.pool.query('select kind from letter_event where letter_id = $1 order by id', [id]);
    return { ...rows[0], events: events.rows.map(({ kind }) => kind) };
  }

  test('a letter expires by its flow, is told to its system, and nobody is asked about it', async () => {
    await hub.pool.query(`update flow set lifetime_hours = 2 where code = 'beslut'`);
    const { body } = await hub.post(LETTER);
    const before = await storyOf(body.id);
    assert.equal(before.expires_at.getTime() - before.created_at.getTime(), 2 * 3_600_000);
    await resolveOnce(new Date(systemClock.now().getTime() + 3 * 3_600_000));
    const after = await storyOf(body.id);
    assert.deepEqual([after.state, after.stage, after.events], ['expired', null, ['accepted', 'expired']]);
    const told = (await hub.get(body.id)).body;
    assert.deepEqual([told.status, told.final], ['expired', true]);
    await hub.pool.query('update flow set lifetime_hours = null');
  });

  test('a letter whose lifetime ended while a person had it is sent nowhere, whatever she decides', async () => {
    const cases = createCaseActions(hub.pool, () => undefined);
    const order = { address: undefined, riskConfirmed: true };
    for (const decide of ['tryAgain', 'sendOnPaper'] as const) {
      const seed = { reason: 'noChannel', caseStage: 'resolve', address: ADDRESS } as const;
      const { letterId, caseId } = await seedLetter(hub.pool, hub.organisationId, seed);
      await hub.pool.query(`update letter set expires_at = now() - interval '1 second' where id = $1`, [letterId]);
      if (decide === 'tryAgain') await cases.tryAgain(hub.organisationId, caseId, { name: 'Maja' });
      else await cases.sendOnPaper(hub.organisationId, caseId, { name: 'Maja' }, order);
      await resolveOnce(systemClock.now());
      const { state, stage, events } = await storyOf(letterId);
      assert.deepEqual([state, stage, events.at(-1)], ['expired', null, 'expired'], decide);
    }
  });

  test('a letter waits for the hours of its flow, once', async () => {
    await hub.pool.query(
      `update flow set send_window = '{"from":"22:00","to":"06:00","weekdays":[1,2,3,4,5,6,7]}' where code = 'beslut'`,
    );
    const { body } = await hub.post({ ...LETTER, reference: newId() });
    const noon = new Date('2026-11-23T11:00:00Z');
    await resolveOnce(noon);
    const held = await storyOf(body.id);
    assert.deepEqual([held.state, held.stage, held.events], ['waiting', 'resolve', ['accepted', 'waitsForWindow']]);
    const heldMs = held.due_at.getTime() - systemClock.now().getTime();
    assert.ok(heldMs > 9.9 * 3_600_000 && heldMs <= 10 * 3_600_000, String(heldMs));
    await hub.pool.query('update flow set send_window = null');
  });
});
