import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { serviceService, soapReply } from '@brevduva/protocol';
import { PIPELINE } from '../packages/hub/src/pipeline.ts';
import { findSilentEnds } from '../packages/hub/src/sql/noSilentEnd.ts';
import { type Ecosystem, OPERATORS, PEOPLE, startEcosystem } from './support/ecosystem.ts';
import { ADDRESS, getLetter, handIn, isSettled, letterTo, waitFor } from './support/hubClient.ts';
import { printedLetters } from './support/printed.ts';

/** One letter all the way, over real PostgreSQL and real mutual TLS, and what happens when a party misbehaves. */
let world: Ecosystem;
before(async () => {
  world = await startEcosystem();
});
after(() => world.close());

async function send(letter: ReturnType<typeof letterTo>, headers?: Record<string, string>): Promise<string> {
  const answer = await handIn(world.hubUrl, letter, headers);
  assert.equal(answer.status, 201, JSON.stringify(answer.json));
  return answer.json.id;
}

async function paperJobs(letterId: string): Promise<string[]> {
  return (await printedLetters(world.world.paperDir)).map(({ letter }) => letter).filter((id) => id === letterId);
}

/** The tests share the sample people, so each counts from where it started. */
async function deliveredSince<T>(recipient: string, work: () => Promise<T>): Promise<{ result: T; delivered: number }> {
  const earlier = await world.deliveriesTo(recipient);
  const result = await work();
  return { result, delivered: (await world.deliveriesTo(recipient)) - earlier };
}

const kinds = (letter: Awaited<ReturnType<typeof getLetter>>) => letter.events.map((event) => event.kind);

test('digital: handed in, decided, sealed, delivered, confirmed', async () => {
  const { result: letter, delivered } = await deliveredSince(PEOPLE.atFirst, async () =>
    waitFor(world.hubUrl, await send(letterTo(PEOPLE.atFirst)), isSettled),
  );
  assert.equal(letter.status, 'delivered');
  assert.equal(letter.channel, 'digital');
  assert.equal(letter.operator, OPERATORS.first.name);
  assert.equal(delivered, 1);
  assert.deepEqual(kinds(letter), ['accepted', 'channelDecided', 'sealed', 'operatorAccepted', 'delivered']);
  assert.equal(letter.receipts[0]?.delivered, true);
  assert.match(String(letter.receipts[0]?.proof['transId']), /^[0-9a-f-]{36}$/);
  assert.equal(letter.decision?.rule, 'digitalMailbox');
  assert.doesNotMatch(JSON.stringify(letter), new RegExp(PEOPLE.atFirst), 'the number stands nowhere in the answer');
});

test('paper: no mailbox but an address gives a print-ready job with its manifest', async () => {
  const id = await send(letterTo(PEOPLE.notRegistered, { address: ADDRESS }));
  const letter = await waitFor(world.hubUrl, id, isSettled);
  assert.equal(letter.status, 'printed', JSON.stringify(letter.events));
  assert.deepEqual(kinds(letter), ['accepted', 'channelDecided', 'composedForPrint', 'handedToPrint', 'printed']);
  assert.deepEqual(await paperJobs(id), [id]);
  const [printed] = (await printedLetters(world.world.paperDir)).filter((one) => one.letter === id);
  assert.ok(printed);
  assert.equal(printed.sha256, letter.receipts[0]?.proof['sha256']);
  const pdf = await readFile(printed.pdf);
  assert.ok(pdf.subarray(0, 5).equals(Buffer.from('%PDF-')));
  assert.equal(createHash('sha256').update(pdf).digest('hex'), printed.sha256);
  const manifest = await readFile(join(dirname(printed.pdf), '..', 'manifest.json'), 'utf8');
  assert.doesNotMatch(manifest, new RegExp(PEOPLE.notRegistered));
});

test('case: neither mailbox nor address lies in a person’s queue with reason, owner, action and deadline', async () => {
  const letter = await waitFor(world.hubUrl, await send(letterTo(PEOPLE.notRegistered)), isSettled);
  assert.equal(letter.status, 'case');
  assert.equal(letter.case?.reason, 'noChannel');
  assert.ok(letter.case?.owner && letter.case.nextAction && new Date(letter.case.deadline) > new Date());
});

test('scenario 11: each way of not being reachable has its own reason in the record', async () => {
  const reasons = await Promise.all(
    [PEOPLE.notRegistered, PEOPLE.pending, PEOPLE.optedOut].map(async (person) => {
      const letter = await waitFor(world.hubUrl, await send(letterTo(person, { address: ADDRESS })), isSettled);
      assert.equal(letter.status, 'printed');
      const tried = letter.decision?.tried as { rule: string; why: string }[];
      return tried.find((each) => each.rule === 'digitalMailbox')?.why;
    }),
  );
  assert.equal(new Set(reasons).size, 3, reasons.join(' | '));
});

test('scenario 7: the same submission twice is one letter and one answer', async () => {
  const key = { 'idempotency-key': 'samma-nyckel-1' };
  const { result, delivered } = await deliveredSince(PEOPLE.atFirst, async () => {
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => handIn(world.hubUrl, letterTo(PEOPLE.atFirst), key)));
    assert.equal(new Set(answers.map((answer) => answer.json.id)).size, 1);
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 200, 200, 200, 201]);
    return waitFor(world.hubUrl, answers[0]?.json.id ?? '', isSettled);
  });
  assert.equal(result.status, 'delivered');
  assert.equal(delivered, 1);
  const other = await handIn(world.hubUrl, letterTo(PEOPLE.atFirst, { subject: 'Ett annat brev' }), key);
  assert.equal(other.status, 409);
  assert.equal(other.json.code, 'HUB_IDEMPOTENCY_MISMATCH');
});

test('an operator that refuses HTML: the letter goes on paper, and the record says why', async () => {
  const html = {
    contentType: 'text/html',
    text: '<!DOCTYPE html><html lang="sv"><head><title>Hej</title></head><body><p>Hej</p></body></html>',
  };
  const letter = await waitFor(
    world.hubUrl,
    await send(letterTo(PEOPLE.atSecond, { body: html, address: ADDRESS })),
    isSettled,
  );
  assert.equal(letter.status, 'printed', JSON.stringify(letter));
  assert.ok(kinds(letter).includes('operatorRefused'));
  const refused = letter.events.find((event) => event.kind === 'operatorRefused');
  assert.equal(refused?.detail['errorCode'], 5019);
});

test('operator down, then up: the letter waits and arrives, once, never on paper', async () => {
  await world.stopParty('first');
  const { result: letter, delivered } = await deliveredSince(PEOPLE.atFirst, async () => {
    const id = await send(letterTo(PEOPLE.atFirst, { address: ADDRESS }));
    const waiting = await waitFor(world.hubUrl, id, (each) => kinds(each).includes('operatorUnreachable'));
    assert.equal(waiting.status, 'waiting');
    assert.equal(waiting.stage, 'deliver');
    await world.startParty('first');
    return waitFor(world.hubUrl, id, isSettled);
  });
  assert.equal(letter.status, 'delivered');
  assert.equal(delivered, 1);
  assert.deepEqual(await paperJobs(letter.id), []);
});

test('scenario 8: accepted, then silence: the outcome is unknown, the same bytes go again, no paper, delivered once', async () => {
  let silences = 2;
  const requests: string[] = [];
  world.tamper('first', async (call, next) => {
    requests.push(call.requestBytes.toString('base64'));
    const reply = await next();
    silences -= 1;
    return silences >= 0 ? { hangUp: true } : reply;
  });
  const { result: letter, delivered } = await deliveredSince(PEOPLE.atFirst, async () => {
    const id = await send(letterTo(PEOPLE.atFirst, { address: ADDRESS }));
    await waitFor(world.hubUrl, id, (each) => each.status === 'unknown' && kinds(each).includes('outcomeUnknown'));
    return waitFor(world.hubUrl, id, isSettled);
  });
  world.tamper('first', undefined);
  assert.equal(letter.status, 'delivered');
  assert.equal(delivered, 1);
  assert.equal(requests.length, 3);
  assert.equal(new Set(requests).size, 1, 'the very same bytes');
  assert.deepEqual(await paperJobs(letter.id), []);
});

test('an answer that is no answer leaves the outcome unknown', async () => {
  let lies = 1;
  world.tamper('first', async (_call, next) => {
    await next();
    lies -= 1;
    return lies >= 0 ? { status: 200, body: Buffer.from('<html>502 Bad Gateway</html>') } : next();
  });
  const { result: letter, delivered } = await deliveredSince(PEOPLE.atFirst, async () =>
    waitFor(world.hubUrl, await send(letterTo(PEOPLE.atFirst, { address: ADDRESS })), isSettled),
  );
  world.tamper('first', undefined);
  assert.equal(letter.status, 'delivered');
  assert.ok(kinds(letter).includes('outcomeUnknown'));
  assert.equal(delivered, 1);
});

test('scenario 10: the mailbox closes between look-up and delivery: looked up again, then paper', async () => {
  let calls = 0;
  world.tamper('first', async () => {
    calls += 1;
    const Status = [{ RecipientId: PEOPLE.atFirst, Delivered: false }];
    return soapReply(serviceService.operations.deliverSecure, { return: { TransId: crypto.randomUUID(), Status } });
  });
  const letter = await waitFor(world.hubUrl, await send(letterTo(PEOPLE.atFirst, { address: ADDRESS })), isSettled);
  world.tamper('first', undefined);
  assert.equal(letter.status, 'printed', JSON.stringify(letter.events));
  assert.equal(calls, 2, 'one delivery for each of two look-ups');
  assert.equal(kinds(letter).filter((kind) => kind === 'mailboxClosed').length, 2);
  assert.equal(kinds(letter).filter((kind) => kind === 'channelDecided').length, 3);
});

test('scenario 10: in a digital-only flow the closed mailbox becomes a case', async () => {
  world.tamper('first', async () => {
    const Status = [{ RecipientId: PEOPLE.atFirst, Delivered: false }];
    return soapReply(serviceService.operations.deliverSecure, { return: { TransId: crypto.randomUUID(), Status } });
  });
  const letter = await waitFor(
    world.hubUrl,
    await send(letterTo(PEOPLE.atFirst, { flow: 'digitalt', address: ADDRESS })),
    isSettled,
  );
  world.tamper('first', undefined);
  assert.equal(letter.status, 'case');
  assert.equal(letter.case?.reason, 'digitalFailedPaperNotAllowed');
});

test('scenario 13: FaR down: the letter waits, is seen to wait, and paper is not guessed', async () => {
  await world.stopParty('far');
  const id = await send(letterTo(PEOPLE.notRegistered, { address: ADDRESS }));
  const waiting = await waitFor(world.hubUrl, id, (letter) => kinds(letter).includes('waitsForRegister'));
  assert.equal(waiting.status, 'waiting');
  assert.equal(waiting.stage, 'resolve');
  await sleep(500);
  assert.deepEqual(await paperJobs(id), []);
  await world.startParty('far');
  const letter = await waitFor(world.hubUrl, id, isSettled);
  assert.equal(letter.status, 'printed');
});

test('a flow that demands paper asks nobody', async () => {
  let asked = 0;
  world.tamper('far', (_call, next) => {
    asked += 1;
    return next();
  });
  const letter = await waitFor(
    world.hubUrl,
    await send(letterTo(PEOPLE.atFirst, { flow: 'papper', address: ADDRESS })),
    isSettled,
  );
  world.tamper('far', undefined);
  assert.equal(letter.status, 'printed');
  assert.equal(asked, 0);
});

test('a mailing’s worth of letters asks FaR in few calls, and all arrive', async () => {
  let asked = 0;
  world.tamper('far', (_call, next) => {
    asked += 1;
    return next();
  });
  const { delivered } = await deliveredSince(PEOPLE.atFirst, async () => {
    const ids = await Promise.all(
      Array.from({ length: 60 }, (_, n) => send(letterTo(PEOPLE.atFirst, { reference: `nr ${n}` }))),
    );
    for (const id of ids) assert.equal((await waitFor(world.hubUrl, id, isSettled)).status, 'delivered');
  });
  world.tamper('far', undefined);
  assert.equal(delivered, 60);
  assert.ok(asked < 60, `FaR was asked ${asked} times for 60 letters`);
});

test('the letter that the citizen has is the letter that was handed in', async () => {
  const id = await send(letterTo(PEOPLE.atFirst, { subject: 'Räksmörgås & <b>', reference: 'dnr 2026:1' }));
  await waitFor(world.hubUrl, id, isSettled);
  const { rows } = await world.world.pools.first.query(
    'select subject, sender_id, signed_by_number, reference from letter where message_id = $1',
    [id],
  );
  assert.deepEqual(rows, [
    {
      subject: 'Räksmörgås & <b>',
      sender_id: '162021004748',
      signed_by_number: '162021004748',
      reference: 'dnr 2026:1',
    },
  ]);
});

test('someone without a key gets nowhere', async () => {
  const answer = await handIn(world.hubUrl, letterTo(PEOPLE.atFirst), {
    authorization: 'Bearer bd_wrong_0123456789abcdef',
  });
  assert.equal(answer.status, 401);
  assert.equal(answer.json.code, 'HUB_API_KEY');
  assert.equal(
    (await getLetter(world.hubUrl, '01990000-0000-7000-8000-000000000000').catch((error) => error.message)).slice(
      0,
      15,
    ),
    'GET letter: 404',
  );
});

describe('scenario 18: a letter that its flow follows up', () => {
  const flow = (changes: string) => world.world.pools.hub.query(`update flow set ${changes} where code = 'beslut'`);
  const isFollowed = "unread_days = 14, unread_action = 'print', unread_untold = 'case'";
  before(() => flow(isFollowed));
  after(() => flow("unread_days = null, unread_action = 'nothing'"));

  /** Delivered, and its deadline is now; `opened`: so many minutes ago. */
  async function atDeadline(recipient: string, { minutesSinceOpened }: { minutesSinceOpened?: number } = {}) {
    const id = await send(letterTo(recipient, { address: ADDRESS }));
    const delivered = await waitFor(world.hubUrl, id, isSettled);
    assert.deepEqual([delivered.status, delivered.channel], ['delivered', 'digital']);
    const transId = delivered.receipts[0]?.proof['transId'];
    if (minutesSinceOpened !== undefined) {
      const open = "update letter set read_at = now() - $2 * interval '1 minute' where id = $1";
      await world.world.pools.first.query(open, [transId, minutesSinceOpened]);
    }
    await world.world.pools.hub.query("update letter set due_at = now() where id = $1 and stage = 'followUp'", [id]);
    return id;
  }
  const told = (id: string, ...wanted: string[]) =>
    waitFor(world.hubUrl, id, (letter) => wanted.every((kind) => kinds(letter).includes(kind)));

  test('unread at the deadline is printed once, and its story says both', async () => {
    const id = await atDeadline(PEOPLE.atFirst);
    const letter = await waitFor(world.hubUrl, id, ({ status }) => status === 'printed');
    assert.deepEqual(kinds(letter).slice(-6), [
      ...['delivered', 'unread', 'channelDecided', 'composedForPrint', 'handedToPrint', 'printed'],
    ]);
    assert.deepEqual(
      letter.receipts.map(({ channel, delivered }) => [channel, delivered]),
      [
        ['digital', true],
        ['paper', true],
      ],
    );
    assert.equal(letter.decision?.rule, 'unread');
    assert.deepEqual(await paperJobs(id), [id]);
  });

  test('opened one minute before is not printed', async () => {
    const id = await atDeadline(PEOPLE.atFirst, { minutesSinceOpened: 1 });
    const letter = await told(id, 'opened');
    assert.equal(letter.status, 'delivered');
    assert.deepEqual(await paperJobs(id), []);
    const { rows } = await world.world.pools.hub.query('select state, stage from letter where id = $1', [id]);
    assert.deepEqual(rows, [{ state: 'delivered', stage: null }]);
  });

  test('or its recipient is reminded, once, when the flow says so', async () => {
    await flow("unread_action = 'remind', notification = 'whenUnread'");
    const told_ = await atDeadline(PEOPLE.atFirst);
    const letter = await told(told_, 'unread');
    // The letter brought neither number nor address: the story says that nobody was reminded.
    assert.deepEqual([letter.status, ...kinds(letter).slice(-2)], ['delivered', 'unread', 'notReminded']);
    assert.deepEqual(await paperJobs(told_), []);
    const reminded = await send({
      ...letterTo(PEOPLE.atFirst, { address: ADDRESS }),
      contact: { phone: '+46701740605' },
    } as ReturnType<typeof letterTo>);
    await waitFor(world.hubUrl, reminded, isSettled);
    await world.world.pools.hub.query('update letter set due_at = now() where id = $1', [reminded]);
    assert.equal(kinds(await told(reminded, 'unread')).at(-1), 'reminded');
    const { rows } = await world.world.pools.hub.query('select kind from recipient_notice where letter_id = $1', [
      reminded,
    ]);
    assert.deepEqual(rows, [{ kind: 'reminder' }]);
    await flow(`notification = 'none', ${isFollowed}`);
  });

  test('an operator that cannot tell is asked again, and at the limit a person decides', async () => {
    const id = await atDeadline(PEOPLE.atSecond);
    const letter = await told(id, 'waitsForReadStatus');
    assert.equal(letter.status, 'delivered');
    const longAgo = "update letter set due_at = now(), stage_entered_at = now() - interval '18 days' where id = $1";
    await world.world.pools.hub.query(longAgo, [id]);
    const case_ = await waitFor(world.hubUrl, id, ({ status }) => status === 'case');
    assert.equal(case_.case?.reason, 'readStatusUnknown');
    assert.deepEqual(await paperJobs(id), []);
  });
});

test('after all this nothing has come to a silent end', async () => {
  const places = PIPELINE.flatMap(({ stage, cells }) => Object.keys(cells).map((channel) => `${stage} ${channel}`));
  assert.deepEqual(await findSilentEnds(world.world.pools.hub, { places, fillingDays: 30 }), []);
});
