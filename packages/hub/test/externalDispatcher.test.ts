import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Clock, createLog, systemClock } from '@brevduva/base';
import { ContractFault, type DistributionStatus, FAULTS, SoapCallError } from '@brevduva/protocol';
import { holderOf, pollDelayMs } from '../src/externalDispatcher.ts';
import type { ClaimedLetter } from '../src/letter.ts';
import { askDispatcher } from '../src/stages/askDispatcher.ts';
import { deliverDispatcher } from '../src/stages/deliverDispatcher.ts';
import type { StageContext, StageResult, StageWork } from '../src/stages/stage.ts';
import { transition } from '../src/transition.ts';
import { claimedLetter, externalDispatcher, NOW } from './support/claimedLetter.ts';

const HOUR_MS = 3_600_000;
const SUPPLIER = {
  Id: '165566112233',
  Name: 'Förmedlaren AB',
  ServiceAdress: 'https://localhost:1/Message/v3',
  InternalServiceAdress: '',
};
const { organisation } = claimedLetter({});

function handedOver(changes: Partial<ClaimedLetter> = {}): ClaimedLetter {
  return claimedLetter({
    stage: 'confirm',
    channel: 'dispatcher',
    supplier: SUPPLIER,
    distributionId: 'd-1',
    organisation: { ...organisation, dispatchers: [externalDispatcher({ url: 'https://localhost:2/Message/v3' })] },
    ...changes,
  });
}

interface Network {
  ask?: (distributionId: string, url: string) => readonly DistributionStatus[] | SoapCallError;
  handOver?: (request: Buffer, url: string) => string | SoapCallError;
}

function orThrow<T>(answer: T | SoapCallError): T {
  if (answer instanceof SoapCallError) throw answer;
  return answer;
}

/** The stages need few ports of their context; a dispatcher that answers as told stands in for the network. */
function contextWith({ ask, handOver }: Network, clock: Clock = { ...systemClock, now: () => NOW }): StageContext {
  const context = {
    clock,
    log: createLog({ service: 'test', level: 'silent' }),
    sealed: {
      latest: async (keys: readonly ClaimedLetter[]) =>
        new Map(
          keys.map(({ id }) => [id, { id, supplier: SUPPLIER, sha256: Buffer.alloc(32), request: Buffer.from(id) }]),
        ),
    },
    soap: { distributeSecure: async (url: string, request: Buffer) => orThrow(handOver?.(request, url) ?? '') },
    questionSoap: {
      call: async (_operation: unknown, url: string, { distributionId }: { distributionId: string }) => ({
        return: orThrow(ask?.(distributionId, url) ?? []),
      }),
    },
  };
  return context as unknown as StageContext;
}

async function run(work: StageWork, letters: readonly ClaimedLetter[], network: Network): Promise<StageResult[]> {
  const results: StageResult[] = [];
  await work(letters, contextWith(network), async (some) => void results.push(...some));
  assert.equal(results.length, letters.length);
  return results;
}

async function one(work: StageWork, letter: ClaimedLetter, network: Network): Promise<StageResult> {
  const [result] = await run(work, [letter], network);
  assert.ok(result);
  return result;
}

const fault = (name: keyof typeof FAULTS) => {
  const { code, description } = FAULTS[name];
  const told = new ContractFault(code, description);
  return new SoapCallError('fault', told.message, { fault: told });
};
const status = (
  Type: DistributionStatus['Type'],
  DeliveryStatus?: DistributionStatus['DeliveryStatus'],
  RecipientId = '191212121212',
): DistributionStatus[] => [{ RecipientId, Type, ...(DeliveryStatus && { DeliveryStatus }) }];

describe('handing over to an external dispatcher', () => {
  const letter = handedOver({ stage: 'deliver', distributionId: undefined });

  test('its id is kept, the letter is not yet delivered; the organisation’s present address is used', async () => {
    const urls: string[] = [];
    const handOver = (_request: Buffer, url: string) => {
      urls.push(url);
      return 'd-7';
    };
    const result = await one(deliverDispatcher, letter, { handOver });
    assert.deepEqual(urls, ['https://localhost:2/Message/v3']);
    assert.equal(result.changes?.distributionId, 'd-7');
    assert.equal(result.receipt, undefined);
    const next = transition(letter, result.outcome, NOW);
    assert.deepEqual([next.state, next.stage, next.channel], ['waiting', 'confirm', 'dispatcher']);
  });

  test('each failure means what it must, and an unknown outcome never leads to paper (scenario 8)', async () => {
    const outcomes: readonly [SoapCallError | string, string, string][] = [
      [fault('ACCESS_DENIED'), 'retry notDelivered', 'dispatcherUnreachable'],
      [fault('UNKNOWN'), 'retry notDelivered', 'dispatcherUnreachable'],
      [fault('INVALID_INPUT'), 'reroute dispatcherRefused', 'dispatcherRefused'],
      [new SoapCallError('notSent', 'refused'), 'retry notDelivered', 'dispatcherUnreachable'],
      [new SoapCallError('noAnswer', 'reset'), 'retry unknown', 'outcomeUnknown'],
      [new SoapCallError('badAnswer', 'HTTP 502'), 'retry unknown', 'outcomeUnknown'],
      ['', 'retry unknown', 'outcomeUnknown'],
      ['x'.repeat(51), 'retry unknown', 'outcomeUnknown'],
    ];
    for (const [answer, expected, event] of outcomes) {
      const { outcome, events } = await one(deliverDispatcher, letter, { handOver: () => answer });
      const detail = outcome.kind === 'retry' ? outcome.certainty : outcome.kind === 'reroute' ? outcome.failure : '';
      assert.equal(`${outcome.kind} ${detail}`, expected, String(answer));
      assert.deepEqual(
        events.map(({ kind }) => kind),
        [event],
      );
    }
    const entered = new Date(NOW.getTime() - 49 * HOUR_MS);
    const unknown = { kind: 'retry', reason: 'operator:noAnswer', certainty: 'unknown' } as const;
    const late = transition({ ...letter, state: 'unknown', stageEnteredAt: entered }, unknown, NOW);
    assert.equal(late.openCase?.reason, 'outcomeUnknownTooLong');
    const down = { ...unknown, certainty: 'notDelivered' } as const;
    const rerouted = transition({ ...letter, stageEnteredAt: entered }, down, NOW);
    assert.deepEqual([rerouted.stage, rerouted.digitalFailure], ['resolve', 'deadlinePassed']);
  });
});

describe('asking an external dispatcher', () => {
  test('Digital and Paper, Delivered: delivered or printed, with its own words for a receipt', async () => {
    for (const [type, state] of [
      ['Digital', 'delivered'],
      ['Paper', 'printed'],
    ] as const) {
      const letter = handedOver();
      const result = await one(askDispatcher, letter, { ask: () => status(type, 'Delivered') });
      assert.deepEqual(result.receipt, {
        delivered: true,
        proof: {
          dispatcher: 'Förmedlaren AB',
          distributionId: 'd-1',
          answeredType: type,
          answeredStatus: 'Delivered',
          askedAt: NOW.toISOString(),
        },
      });
      const next = transition(letter, result.outcome, NOW);
      assert.deepEqual([next.state, next.stage, next.channel], [state, undefined, 'dispatcher']);
    }
  });

  test('DeliveryFailed goes back to the switch, whatever the type, with a receipt that says so', async () => {
    for (const type of ['Digital', 'Paper', 'Not'] as const) {
      const result = await one(askDispatcher, handedOver(), { ask: () => status(type, 'DeliveryFailed') });
      assert.deepEqual(result.outcome, { kind: 'reroute', failure: 'dispatcherFailed' });
      assert.equal(result.receipt?.delivered, false);
    }
  });

  test('whatever else it says, it is asked again: later and later, and told in the story once', async () => {
    const answers: readonly [ReturnType<NonNullable<Network['ask']>>, string, string][] = [
      [status('Digital', 'Pending'), 'dispatcher:pending', 'dispatcherPending'],
      [status('Digital'), 'dispatcher:pending', 'dispatcherPending'],
      [status('Not'), 'dispatcher:pending', 'dispatcherPending'],
      [status('Not', 'Delivered'), 'dispatcher:contradiction', 'dispatcherUnclear'],
      [status('Digital', 'Delivered', '199001012385'), 'dispatcher:otherRecipients', 'dispatcherUnclear'],
      [[], 'dispatcher:unknownDistribution', 'dispatcherUnclear'],
      [new SoapCallError('notSent', 'refused'), 'dispatcher:notSent', 'dispatcherUnreachable'],
      [new SoapCallError('badAnswer', 'HTTP 502'), 'dispatcher:badAnswer', 'dispatcherUnreachable'],
      [fault('ACCESS_DENIED'), 'dispatcher:fault:5002', 'dispatcherUnreachable'],
    ];
    for (const [answer, reason, event] of answers) {
      for (const [attempts, dueInMs, events] of [
        [1, 60_000, [event]],
        [3, 240_000, []],
        [20, HOUR_MS, []],
      ] as const) {
        const letter = handedOver({ attempts });
        const result = await one(askDispatcher, letter, { ask: () => answer });
        assert.deepEqual(result.outcome, { kind: 'retry', reason, certainty: 'notDelivered', dueInMs });
        assert.deepEqual(
          result.events.map(({ kind }) => kind),
          events,
        );
        assert.equal(result.receipt, undefined);
        const next = transition(letter, result.outcome, NOW);
        assert.deepEqual([next.state, next.stage, next.dueInMs], ['waiting', 'confirm', dueInMs]);
      }
    }
  });

  test('pending too long, also through a day of silence, is a person’s and never paper', async () => {
    const within = handedOver({ stageEnteredAt: new Date(NOW.getTime() - 23 * HOUR_MS), attempts: 30 });
    const beyond = handedOver({ stageEnteredAt: new Date(NOW.getTime() - 24 * HOUR_MS), attempts: 31 });
    for (const answer of [status('Paper', 'Pending'), new SoapCallError('notSent', 'refused')]) {
      const asked = (letter: ClaimedLetter) => one(askDispatcher, letter, { ask: () => answer });
      assert.equal(transition(within, (await asked(within)).outcome, NOW).state, 'waiting');
      const { state, openCase } = transition(beyond, (await asked(beyond)).outcome, NOW);
      assert.deepEqual([state, openCase?.reason], ['case', 'pendingTooLong']);
    }
  });

  test('an id that it has not known for an hour is lost, and a person’s', async () => {
    const letter = handedOver({ stageEnteredAt: new Date(NOW.getTime() - HOUR_MS - 1) });
    const { outcome } = await one(askDispatcher, letter, { ask: () => [] });
    assert.deepEqual(outcome, {
      kind: 'manual',
      reason: 'distributionLost',
      detail: { dispatcher: 'Förmedlaren AB', distributionId: 'd-1' },
    });
  });

  test('one that does not answer is not asked about the rest of the set; another one is', async () => {
    const other = { ...SUPPLIER, Id: '165568402266', ServiceAdress: 'https://localhost:3/Message/v3' };
    const letters = [
      ...Array.from({ length: 100 }, (_, n) => handedOver({ id: `silent-${n}` })),
      handedOver({ id: 'other', supplier: other }),
    ];
    let silent = 0;
    const results = await run(askDispatcher, letters, {
      ask: (_id, url) => {
        if (url === other.ServiceAdress) return status('Digital', 'Delivered');
        silent += 1;
        return new SoapCallError('noAnswer', 'no answer within 10000 ms');
      },
    });
    assert.ok(silent <= 8, `${silent} questions`);
    const outcomes = new Map(results.map(({ letter, outcome }) => [letter.id, outcome.kind]));
    assert.equal(outcomes.get('other'), 'done');
    assert.equal(outcomes.get('silent-99'), 'retry');
  });

  test('one that the organisation has left is asked where it was', () => {
    assert.equal(holderOf({ dispatchers: [] }, SUPPLIER).url, SUPPLIER.ServiceAdress);
    assert.equal(holderOf({ dispatchers: [] }, SUPPLIER).pendingHours, 72);
    assert.equal(pollDelayMs({ pollFirstSeconds: 1, pollMinutesMax: 1 }, 10_000), 60_000);
  });
});
