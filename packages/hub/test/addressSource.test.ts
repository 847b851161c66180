import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { createLog, createManualClock } from '@brevduva/base';
import type { ReachabilityStatus, RecipientId } from '@brevduva/protocol';
import type { AddressSource } from '../src/addressSource.ts';
import { createHttpAddressSource } from '../src/http/addressSource.http.ts';
import { resolve } from '../src/stages/resolve.ts';
import type { StageContext, StageResult } from '../src/stages/stage.ts';
import { claimedLetter, NOW } from './support/claimedLetter.ts';

const ANNA = '192705178354' as RecipientId;
const TOLVAN = '191212121212' as RecipientId;
const COMPANY = '162021003898' as RecipientId;
const ADDRESS = { name: 'Anna Ek', lines: ['Storgatan 1'], postalCode: '12345', city: 'Ödeshög' };

let server: Server;
let url: string;
let source: AddressSource & { close(): void };
let reply: (request: { persons: string[] }, response: ServerResponse, headers: IncomingMessage['headers']) => void;
const asked: string[][] = [];

before(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    asked.push(body.persons);
    reply(body, response, request.headers);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}/`;
  source = createHttpAddressSource({ url, token: 'hemlig' });
});
after(() => {
  source.close();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => asked.splice(0));

const answering = (persons: Readonly<Record<string, unknown>>) => {
  reply = (_body, response) => response.end(JSON.stringify({ persons }));
};

describe('the address source over HTTP', () => {
  test('gives what it knows of each person, with the address tidied', async () => {
    answering({ [ANNA]: { status: 'found', address: ADDRESS }, [TOLVAN]: { status: 'protected' } });
    const answer = await source.find([ANNA, TOLVAN]);
    assert.ok(answer.kind === 'answered');
    assert.deepEqual(answer.persons.get(ANNA), { kind: 'found', address: { ...ADDRESS, postalCode: '123 45' } });
    assert.deepEqual(answer.persons.get(TOLVAN), { kind: 'protected' });
    assert.deepEqual(asked, [[ANNA, TOLVAN]]);
  });

  test('is told who asks', async () => {
    let authorization: string | undefined;
    reply = (_body, response, headers) => {
      authorization = headers.authorization;
      response.end(JSON.stringify({ persons: { [ANNA]: { status: 'unknown' } } }));
    };
    await source.find([ANNA]);
    assert.equal(authorization, 'Bearer hemlig');
  });

  test('that gives an address which no envelope takes has given none', async () => {
    answering({ [ANNA]: { status: 'found', address: { ...ADDRESS, lines: ['På kommunen skriven'] } } });
    const answer = await source.find([ANNA]);
    assert.ok(answer.kind === 'answered');
    assert.deepEqual(answer.persons.get(ANNA), { kind: 'unknown' });
  });

  const silent: readonly [what: string, reply: (response: ServerResponse) => void][] = [
    ['answers an error', (response) => response.writeHead(503).end()],
    ['breaks off', (response) => response.destroy()],
    ['answers no JSON', (response) => response.end('<html>')],
    [
      'leaves a person out',
      (response) => response.end(JSON.stringify({ persons: { [TOLVAN]: { status: 'unknown' } } })),
    ],
    [
      'says what nobody understands',
      (response) => response.end(JSON.stringify({ persons: { [ANNA]: { status: 'flyttad' } } })),
    ],
    ['answers without end', (response) => response.end(Buffer.alloc(9 * 1024 * 1024, 0x20))],
  ];
  for (const [what, answer] of silent) {
    test(`that ${what} is unavailable, and its reason names nobody`, async () => {
      reply = (_body, response) => answer(response);
      const found = await source.find([ANNA]);
      assert.ok(found.kind === 'unavailable', JSON.stringify(found));
      assert.ok(!found.reason.includes(ANNA));
    });
  }

  test('that answers nothing in time is unavailable', async () => {
    reply = () => undefined;
    const impatient = createHttpAddressSource({ url, answerTimeoutMs: 50 });
    assert.equal((await impatient.find([ANNA])).kind, 'unavailable');
    impatient.close();
  });

  test('that is not there is unavailable', async () => {
    const nowhere = createHttpAddressSource({ url: 'http://127.0.0.1:9/' });
    assert.equal((await nowhere.find([ANNA])).kind, 'unavailable');
    nowhere.close();
  });
});

describe('a letter without a postal address', () => {
  const NO_MAILBOX = (id: string): ReachabilityStatus => ({
    AccountStatus: { RecipientId: id, Type: 'Not', Pending: false },
    SenderAccepted: false,
  });

  /** Runs resolve for letters to these; FaR knows nobody of them. */
  async function resolved(letters: readonly Parameters<typeof claimedLetter>[0][]): Promise<StageResult[]> {
    const context = {
      clock: createManualClock(NOW),
      log: createLog({ service: 'hub', level: 'silent' }),
      farUrl: 'https://far.example/',
      addressSource: source,
      flaggedOf: async () => new Set(),
      soap: {
        isReachable: async (_url: string, request: { recipientId: string[] }) => ({
          return: request.recipientId.map(NO_MAILBOX),
        }),
      },
    } as unknown as StageContext;
    const results: StageResult[] = [];
    await resolve(letters.map(claimedLetter), context, async (some) => void results.push(...some));
    return results;
  }

  const [A, B] = ['01990000-0000-7000-8000-00000000000a', '01990000-0000-7000-8000-00000000000b'];
  const only = (results: readonly StageResult[]): StageResult => {
    const [result] = results;
    assert.ok(result !== undefined && results.length === 1);
    return result;
  };

  test('goes to the address that the population register has, and the record says so', async () => {
    answering({ [ANNA]: { status: 'found', address: ADDRESS } });
    const result = only(await resolved([{ recipient: ANNA }]));
    assert.deepEqual(result.outcome, { kind: 'done', channel: 'paper' });
    assert.equal(result.changes?.address?.postalCode, '123 45');
    assert.equal(result.decision?.decision.rule, 'paperAddress');
    assert.equal(result.decision?.question['addressSource'], 'found');
    assert.deepEqual(
      result.events.map(({ kind }) => kind),
      ['addressFound', 'channelDecided'],
    );
  });

  test('asks for each person once, however many letters', async () => {
    answering({ [ANNA]: { status: 'unknown' } });
    const results = await resolved([
      { id: A, recipient: ANNA },
      { id: B, recipient: ANNA },
    ]);
    assert.deepEqual(asked, [[ANNA]]);
    for (const { outcome } of results) assert.deepEqual(outcome, { kind: 'manual', reason: 'noChannel' });
  });

  test('to a protected person goes to a person here, marked as protected from now on', async () => {
    answering({ [ANNA]: { status: 'protected' } });
    const result = only(await resolved([{ recipient: ANNA }]));
    assert.deepEqual(result.outcome, { kind: 'manual', reason: 'protectedIdentity' });
    assert.deepEqual([result.changes?.protectedIdentity, result.changes?.address], [true, undefined]);
  });

  test('to someone who has died goes to a person here', async () => {
    answering({ [ANNA]: { status: 'deceased' } });
    assert.deepEqual(only(await resolved([{ recipient: ANNA }])).outcome, {
      kind: 'manual',
      reason: 'recipientDeceased',
    });
  });

  test('waits when the source is down, and is never sent to a guess', async () => {
    reply = (_body, response) => response.writeHead(503).end();
    const result = only(await resolved([{ recipient: ANNA }]));
    assert.deepEqual(result.outcome, { kind: 'retry', reason: 'addressSource', certainty: 'notDelivered' });
    assert.deepEqual(result.events, [{ kind: 'waitsForAddress', detail: { cause: 'status 503' } }]);
  });

  test('does not ask about companies, about those who are marked protected, or where paper is not allowed', async () => {
    const flow = claimedLetter({}).flow;
    answering({});
    await resolved([
      { id: A, recipient: COMPANY },
      { id: B, recipient: ANNA, protectedIdentity: true },
      {
        id: '01990000-0000-7000-8000-00000000000c',
        recipient: TOLVAN,
        flow: { ...flow, channelPolicy: 'digitalOnly' },
      },
    ]);
    assert.deepEqual(asked, []);
  });
});
