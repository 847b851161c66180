import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLog, systemClock } from '@brevduva/base';
import { deliverDigital } from '../src/stages/deliverDigital.ts';
import type { StageContext } from '../src/stages/stage.ts';
import { claimedLetter } from './support/claimedLetter.ts';

const SUPPLIER = {
  Id: '165568402266',
  Name: 'Operatören',
  ServiceAdress: 'https://localhost:1/service/v3',
  InternalServiceAdress: '',
};

/** The stage needs three ports of its context; an operator that answers when told to stands in for the network. */
function contextWith(answerAfterMs: (call: number) => number): StageContext {
  let calls = 0;
  const context: Pick<StageContext, 'clock' | 'log' | 'sealed' | 'soap'> = {
    clock: systemClock,
    log: createLog({ service: 'test', level: 'silent' }),
    sealed: {
      prepare: () => assert.fail('nothing is sealed here'),
      latest: async (keys) =>
        new Map(
          keys.map((key) => [
            key.id,
            { id: key.id, supplier: SUPPLIER, sha256: Buffer.alloc(32), request: Buffer.from('x') },
          ]),
        ),
    },
    soap: {
      deliverSecure: async () => {
        calls += 1;
        await sleep(answerAfterMs(calls));
        return { TransId: 't', Status: [{ RecipientId: '191212121212', Delivered: true }] };
      },
    } as unknown as StageContext['soap'],
  };
  return context as StageContext;
}

const letters = [1, 2, 3].map((n) =>
  claimedLetter({ id: `letter-${n}`, stage: 'deliver', channel: 'digital', supplier: SUPPLIER }),
);

test('every letter of a set is reported, also those that finish while others are written back', async () => {
  const reported: string[] = [];
  await deliverDigital(
    letters,
    contextWith((call) => call * 40),
    async (results) => {
      await sleep(60);
      reported.push(...results.map((result) => result.letter.id));
    },
  );
  assert.deepEqual(reported.sort(), ['letter-1', 'letter-2', 'letter-3']);
});

test('a write-back that fails while letters are under way fails the set, not the process', async () => {
  const failing = deliverDigital(
    letters,
    contextWith((call) => (call === 1 ? 0 : 300)),
    async () => {
      throw new Error('the database is gone');
    },
  );
  await assert.rejects(failing, /the database is gone/);
});
