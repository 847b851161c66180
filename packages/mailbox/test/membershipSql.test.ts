import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { newId } from '@brevduva/base';
import { createTestDatabase, type TestDatabase } from '@brevduva/base/testing';
import { createMailboxRegister, MAILBOX_MIGRATIONS } from '../src/index.ts';
import {
  abandonOpening,
  applyRegisteredStates,
  beginOpening,
  confirmOpen,
  findAccount,
  takeAccountsToCheck,
  takesLetters,
} from '../src/sql/account.ts';
import { forgetVisitors, rememberUser } from '../src/sql/mailboxUser.ts';
import {
  findOpenOrder,
  insertOrder,
  leaseDueOrder,
  leaseOrder,
  releaseOrder,
  replaceOrder,
  updateOrder,
} from '../src/sql/signingOrder.ts';
import { PERSON_ANNA, PERSON_BO } from './people.ts';

const AT = new Date('2026-11-23T09:00:00Z');
const ACCOUNT = { id: newId(), recipientId: PERSON_ANNA };
const HOLD = { leaseMs: 60_000, nextTryMs: 0 };
let database: TestDatabase;

before(async () => {
  database = await createTestDatabase({ party: 'mailbox', migrations: MAILBOX_MIGRATIONS });
});
after(() => database.close());
beforeEach(() => database.pool.query('truncate account, mailbox_user, signing_order, web_session cascade'));

const stateOf = async () => (await findAccount(database.pool, PERSON_ANNA))?.state;

describe('opening', () => {
  test('takes letters before the register has said yes, and is what it was when it says no', async () => {
    const { pool } = database;
    await beginOpening(pool, ACCOUNT, AT);
    const opening = await findAccount(pool, PERSON_ANNA);
    assert.ok(opening !== undefined && takesLetters(opening));
    await abandonOpening(pool, PERSON_ANNA, AT);
    assert.equal(await stateOf(), 'closed');
    await beginOpening(pool, ACCOUNT, AT);
    await confirmOpen(pool, ACCOUNT, AT);
    assert.equal(await stateOf(), 'active');
  });

  test('does nothing to one that is open, and nor does giving up', async () => {
    const { pool } = database;
    await confirmOpen(pool, ACCOUNT, AT);
    await beginOpening(pool, ACCOUNT, AT);
    await abandonOpening(pool, PERSON_ANNA, AT);
    assert.equal(await stateOf(), 'active');
  });

  test('one that moved away is again moved to the same operator when moving back is refused', async () => {
    const { pool } = database;
    await confirmOpen(pool, ACCOUNT, AT);
    const { id, revision } = (await findAccount(pool, PERSON_ANNA)) ?? assert.fail();
    const moved = { id, revision, state: 'moved' as const, movedTo: 'Andra lådan', movedToUrl: 'https://b.example/' };
    await applyRegisteredStates(pool, [moved], { at: AT, nextCheckMs: 1000 });
    await beginOpening(pool, ACCOUNT, AT);
    await abandonOpening(pool, PERSON_ANNA, AT);
    const account = await findAccount(pool, PERSON_ANNA);
    assert.deepEqual([account?.state, account?.movedTo], ['moved', 'Andra lådan']);
  });
});

describe('what the register says', () => {
  test('about a state that is no more changes nothing', async () => {
    const { pool } = database;
    await confirmOpen(pool, ACCOUNT, AT);
    const asked = (await findAccount(pool, PERSON_ANNA)) ?? assert.fail();
    // Between question and answer the mailbox was closed and opened again.
    await createMailboxRegister(pool).closeAccount(PERSON_ANNA);
    await confirmOpen(pool, ACCOUNT, AT);
    const answer = { id: asked.id, revision: asked.revision, state: 'moved' as const, movedTo: 'B', movedToUrl: null };
    assert.deepEqual(await applyRegisteredStates(pool, [answer], { at: AT, nextCheckMs: 1000 }), []);
    assert.equal(await stateOf(), 'active');
  });

  test('is asked for one day after a mailbox was opened, by one node at a time', async () => {
    const { pool } = database;
    await confirmOpen(pool, ACCOUNT, AT);
    const take = () => takeAccountsToCheck(pool, { limit: 10, againMs: 60_000 });
    assert.deepEqual(await take(), []);
    await pool.query('update account set check_due_at = now()');
    assert.equal((await take()).length, 1);
    assert.equal((await take()).length, 0);
  });
});

describe('an act', () => {
  async function begun(personalNumber = PERSON_ANNA) {
    const user = await rememberUser(database.pool, { id: newId(), personalNumber }, AT);
    const order = {
      id: newId(),
      userId: user.id,
      recipientId: personalNumber,
      purpose: 'register' as const,
      acceptedSenders: null,
      text: 'Jag öppnar.',
      nonce: newId(),
      createdAt: AT,
    };
    const isFirst = await insertOrder(database.pool, order, { firstTryMs: 0 });
    return { user, order, isFirst };
  }

  test('is one at a time for a person, and another for another', async () => {
    const [one, other, third] = await Promise.all([begun(), begun(), begun(PERSON_BO)]);
    assert.deepEqual([one.isFirst, other.isFirst].sort(), [false, true]);
    assert.equal(third.isFirst, true);
  });

  test('is worked on by one; whoever lost the lease writes nothing', async () => {
    const { pool } = database;
    const { order } = await begun();
    const [mine, theirs] = [newId(), newId()];
    assert.ok(await leaseOrder(pool, order.id, { lease: mine, leaseMs: 60_000 }));
    assert.equal(await leaseOrder(pool, order.id, { lease: theirs, leaseMs: 60_000 }), undefined);
    assert.equal(await leaseDueOrder(pool, { lease: theirs, leaseMs: 60_000 }), undefined);
    assert.equal(await replaceOrder(pool, order.id, AT), false);
    await pool.query('update signing_order set leased_until = now()');
    assert.ok(await leaseDueOrder(pool, { lease: theirs, leaseMs: 60_000 }));
    const change = { state: 'ordered' as const, orderRef: 'r', signUrl: 'http://localhost/' };
    assert.equal(await updateOrder(pool, order.id, change, { lease: mine, ...HOLD }), undefined);
    assert.ok(await updateOrder(pool, order.id, change, { lease: theirs, ...HOLD }));
    await releaseOrder(pool, order.id, theirs);
    assert.equal(await replaceOrder(pool, order.id, AT), true);
    assert.equal(await findOpenOrder(pool, order.userId), undefined);
  });
});

test('who only looked in is forgotten after a day; who has a mailbox, a session or a history is not', async () => {
  const { pool } = database;
  const people = [PERSON_ANNA, PERSON_BO, '192705178354', '199001022392'];
  const users = [];
  for (const personalNumber of people) users.push(await rememberUser(pool, { id: newId(), personalNumber }, AT));
  await confirmOpen(pool, ACCOUNT, AT);
  await pool.query(
    `insert into web_session (token_hash, subject, principal, created_at, last_seen_at, expires_at)
     values ('\\x00', $1, '{}', now(), now(), now())`,
    [users[1]?.id],
  );
  const order = { id: newId(), userId: users[2]?.id ?? '', recipientId: '192705178354', nonce: 'n', text: 't' };
  const purpose = { purpose: 'register' as const, acceptedSenders: null, createdAt: AT };
  await insertOrder(pool, { ...order, ...purpose }, { firstTryMs: 0 });
  assert.equal(await forgetVisitors(pool, AT), 0, 'the day is not over');
  assert.equal(await forgetVisitors(pool, new Date(AT.getTime() + 1)), 1);
  const { rows } = await pool.query<{ number: string }>('select personal_number as number from mailbox_user');
  assert.deepEqual(rows.map((row) => row.number).sort(), people.slice(0, 3).sort());
});
