import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { CASE_REASONS } from '../src/caseReasons.ts';
import { cellOf, PIPELINE, retryDelayMs, stageAfter } from '../src/pipeline.ts';
import { CHANNELS, type Channel, LETTER_STATES, STAGES } from '../src/states.ts';
import { transition } from '../src/transition.ts';
import { claimedLetter, NOW } from './support/claimedLetter.ts';

const HOUR_MS = 3_600_000;

test('the table has every stage once, in the order of the mail', () => {
  assert.deepEqual(
    PIPELINE.map((row) => row.stage),
    [...STAGES],
  );
});

test('docs/lifecycle.md names every state, every outcome’s stage and every channel with its stages', () => {
  const page = readFileSync(new URL('../../../docs/lifecycle.md', import.meta.url), 'utf8');
  const rows = (title: string) =>
    (page.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '').split('\n').filter((line) => /^\| [`(]/.test(line));
  const codes = (cell = '') => [...cell.matchAll(/`(\w+)`/g)].map(([, code]) => code);
  assert.deepEqual(
    rows('States').flatMap((line) => codes(line.split('|')[1])),
    [...LETTER_STATES],
  );
  const told = Object.fromEntries(
    rows('Channels').map((line) => [codes(line.split('|')[1])[0] ?? 'undecided', codes(line.split('|')[2])]),
  );
  const stagesOf = (channel: Channel | 'undecided') =>
    PIPELINE.filter(({ cells }) => cells[channel] !== undefined).map(({ stage }) => stage);
  const channels = ['undecided', ...CHANNELS] as const;
  assert.deepEqual(told, Object.fromEntries(channels.map((channel) => [channel, stagesOf(channel)])));
});

test('every cell ends its retries in another channel or with a person', () => {
  for (const row of PIPELINE) {
    for (const cell of Object.values(row.cells)) {
      for (const last of [cell.lastRetry.notDelivered, cell.lastRetry.unknown]) {
        if ('reason' in last) assert.ok(CASE_REASONS[last.reason], `${row.stage}: ${last.reason}`);
        else assert.ok(last.kind === 'reroute' || last.kind === 'nextChannel');
      }
      assert.ok(
        'reason' in cell.lastRetry.unknown,
        `${row.stage}: an unknown outcome must never change channel by itself`,
      );
    }
  }
});

test('a digital letter passes every stage, a paper letter is not sealed', () => {
  assert.equal(stageAfter('resolve', 'digital'), 'compose');
  assert.equal(stageAfter('compose', 'digital'), 'seal');
  assert.equal(stageAfter('compose', 'paper'), 'deliver');
  assert.equal(stageAfter('confirm', 'digital'), 'followUp');
  assert.equal(stageAfter('confirm', 'paper'), undefined);
});

test('done leads to the next stage at once, and from the last stage to rest', () => {
  const next = transition(claimedLetter({ stage: 'resolve' }), { kind: 'done', channel: 'paper' }, NOW);
  assert.deepEqual(
    [next.state, next.stage, next.channel, next.dueInMs, next.fresh],
    ['waiting', 'compose', 'paper', 0, true],
  );
  const confirm = { stage: 'confirm', channel: 'digital' } as const;
  assert.equal(transition(claimedLetter(confirm), { kind: 'done' }, NOW).state, 'delivered');
  assert.equal(transition(claimedLetter({ ...confirm, channel: 'paper' }), { kind: 'done' }, NOW).state, 'printed');
});

test('a retry waits longer each time, up to the cap', () => {
  const deliver = PIPELINE.find((row) => row.stage === 'deliver');
  const policy = deliver && cellOf(deliver, 'digital')?.retry;
  assert.ok(policy);
  assert.deepEqual(
    [1, 2, 3, 4].map((attempts) => retryDelayMs(policy, attempts)),
    [1_000, 2_000, 4_000, 8_000],
  );
  assert.equal(retryDelayMs(policy, 10_000), policy.delayMsMax);
});

test('scenario 8: an unknown outcome stays unknown through later refused connections', () => {
  const letter = claimedLetter({ stage: 'deliver', channel: 'digital', state: 'unknown', attempts: 2 });
  const next = transition(letter, { kind: 'retry', reason: 'operator:notSent', certainty: 'notDelivered' }, NOW);
  assert.equal(next.state, 'unknown');
  assert.equal(next.stage, 'deliver');
});

test('scenario 8: an unknown outcome that lasts goes to a person, never to paper', () => {
  const stageEnteredAt = new Date(NOW.getTime() - 49 * HOUR_MS);
  const letter = claimedLetter({ stage: 'deliver', channel: 'digital', state: 'unknown', stageEnteredAt });
  const next = transition(letter, { kind: 'retry', reason: 'operator:noAnswer', certainty: 'unknown' }, NOW);
  assert.equal(next.state, 'case');
  assert.equal(next.openCase?.reason, 'outcomeUnknownTooLong');
});

test('an operator that stays down past the flow’s limit sends the letter back to the switch', () => {
  const stageEnteredAt = new Date(NOW.getTime() - 49 * HOUR_MS);
  const letter = claimedLetter({ stage: 'deliver', channel: 'digital', stageEnteredAt });
  const next = transition(letter, { kind: 'retry', reason: 'operator:notSent', certainty: 'notDelivered' }, NOW);
  assert.deepEqual(
    [next.state, next.stage, next.channel, next.digitalFailure],
    ['waiting', 'resolve', undefined, 'deadlinePassed'],
  );
});

test('scenario 13: FaR down for three days is a person’s, not paper’s', () => {
  const stageEnteredAt = new Date(NOW.getTime() - 73 * HOUR_MS);
  const waits = { kind: 'retry', reason: 'far:notSent', certainty: 'notDelivered' } as const;
  assert.equal(
    transition(claimedLetter({ stage: 'resolve', stageEnteredAt }), waits, NOW).openCase?.reason,
    'registerDownTooLong',
  );
  assert.equal(transition(claimedLetter({ stage: 'resolve' }), waits, NOW).state, 'waiting');
});

test('reroute goes to the switch with its reason; only the switch chooses channels', () => {
  const letter = claimedLetter({ stage: 'deliver', channel: 'digital', state: 'unknown' });
  const next = transition(letter, { kind: 'reroute', failure: 'mailboxClosed' }, NOW);
  assert.deepEqual(
    [next.state, next.stage, next.channel, next.digitalFailure],
    ['waiting', 'resolve', undefined, 'mailboxClosed'],
  );
});

describe('a delivered letter that its flow follows up', () => {
  const { flow } = claimedLetter({});
  const followed = { ...flow, unreadDays: 14, unreadAction: 'print' as const };
  const at = (changes: Parameters<typeof claimedLetter>[0]) =>
    claimedLetter({ channel: 'digital', state: 'delivered', stage: 'followUp', flow: followed, ...changes });
  const deadlineMs = 14 * 24 * HOUR_MS;
  const retry = { kind: 'retry', reason: 'readStatus:unavailable', certainty: 'notDelivered' } as const;

  test('is delivered while it waits; the others are at rest', () => {
    const confirmed = at({ state: 'waiting', stage: 'confirm' });
    const next = transition(confirmed, { kind: 'done' }, NOW);
    assert.deepEqual([next.state, next.stage, next.dueInMs], ['delivered', 'followUp', deadlineMs]);
    for (const other of [{ flow }, { digitalFailure: 'unread' as const }]) {
      const { state, stage } = transition({ ...confirmed, ...other }, { kind: 'done' }, NOW);
      assert.deepEqual([state, stage], ['delivered', undefined]);
    }
  });

  test('is asked about for three days after the deadline, and then a person decides or it is let be', () => {
    const after = (ms: number) => new Date(NOW.getTime() + deadlineMs + ms);
    const first = transition(at({}), retry, after(0));
    assert.deepEqual([first.state, first.stage, first.dueInMs], ['delivered', 'followUp', 60_000]);
    assert.equal(transition(at({}), retry, after(72 * HOUR_MS - 1)).stage, 'followUp');
    const last = transition(at({}), retry, after(72 * HOUR_MS));
    assert.deepEqual([last.state, last.stage], ['delivered', undefined]);
    const wanted = at({ flow: { ...followed, unreadUntold: 'case' } });
    assert.equal(transition(wanted, retry, after(72 * HOUR_MS)).openCase?.reason, 'readStatusUnknown');
  });

  test('goes to the switch when unread, and is delivered still when its lifetime ends before it is printed', () => {
    const next = transition(at({}), { kind: 'reroute', failure: 'unread' }, NOW);
    assert.deepEqual([next.state, next.stage, next.digitalFailure], ['waiting', 'resolve', 'unread']);
    const late = at({ state: 'waiting', stage: 'compose', channel: 'paper', digitalFailure: 'unread' });
    const ended = transition(late, { kind: 'expired' }, NOW);
    assert.deepEqual([ended.state, ended.channel], ['delivered', 'digital']);
  });
});
