import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@brevduva/base/testing';
import { createMailboxRegister, MAILBOX_MIGRATIONS, type MailboxRegister } from '../src/index.ts';
import { findAccount } from '../src/sql/account.ts';
import { readStanding } from '../src/sql/authority.ts';
import { PERSON_ANNA, PERSON_BO } from './people.ts';

const SENDER = '162021004748';
const OTHER_SENDER = '162021003898';
const DISPATCHER = '165568402266';

let database: TestDatabase;
let register: MailboxRegister;

before(async () => {
  database = await createTestDatabase({ party: 'mailbox', migrations: MAILBOX_MIGRATIONS });
  register = createMailboxRegister(database.pool);
});
after(() => database.close());

test('a mailbox is opened, closed and opened again with the same id', async () => {
  await register.addAccounts([{ recipientId: PERSON_ANNA }]);
  const opened = await findAccount(database.pool, PERSON_ANNA);
  assert.equal(opened?.state, 'active');
  assert.equal(await register.closeAccount(PERSON_ANNA), true);
  assert.equal((await findAccount(database.pool, PERSON_ANNA))?.state, 'closed');
  assert.equal(await register.closeAccount(PERSON_ANNA), false);
  await register.addAccounts([{ recipientId: PERSON_ANNA }]);
  assert.deepEqual(await findAccount(database.pool, PERSON_ANNA), { ...opened, revision: 2 });
});

test('a number with hyphen is the same mailbox; of one named twice the last counts', async () => {
  const withHyphen = `${PERSON_BO.slice(0, 8)}-${PERSON_BO.slice(8)}`;
  await register.addAccounts([{ recipientId: PERSON_BO }, { recipientId: withHyphen, pending: true }]);
  assert.equal((await findAccount(database.pool, PERSON_BO))?.state, 'pending');
});

test('an impossible number opens nothing', async () => {
  await assert.rejects(register.addAccounts([{ recipientId: '190002309999' }]), {
    code: 'MAILBOX_RECIPIENT_ID',
    detail: 'date',
  });
  await assert.rejects(register.closeAccount('hej'), { code: 'MAILBOX_RECIPIENT_ID', detail: 'format' });
});

test('five thousand mailboxes are opened by one call', async () => {
  const accounts = Array.from({ length: 5000 }, (_, index) => ({ recipientId: organizationNumber(index) }));
  await register.addAccounts(accounts);
  const { rows } = await database.pool.query(`select count(*) as "n" from account where recipient_id like '1655%'`);
  assert.deepEqual(rows, [{ n: 5000 }]);
});

test('a dispatcher is known for exactly the senders it was last given', async () => {
  await register.addSenders([{ organizationNumber: SENDER, name: 'Kommun A' }]);
  await register.addDispatchers([{ organizationNumber: DISPATCHER, name: 'Post AB', senders: [SENDER, OTHER_SENDER] }]);
  assert.deepEqual(await readStanding(database.pool, SENDER, [DISPATCHER, OTHER_SENDER]), {
    senderRegistered: true,
    dispatchers: [DISPATCHER],
    dispatchersOfSender: [DISPATCHER],
  });
  await register.addDispatchers([{ organizationNumber: DISPATCHER, name: 'Post AB', senders: [OTHER_SENDER] }]);
  assert.deepEqual(await readStanding(database.pool, SENDER, [DISPATCHER]), {
    senderRegistered: true,
    dispatchers: [DISPATCHER],
    dispatchersOfSender: [],
  });
  assert.equal((await readStanding(database.pool, OTHER_SENDER, [])).senderRegistered, false);
});

/** `1655` and a serial, with its check digit (Luhn over the last ten). */
function organizationNumber(index: number): string {
  const nine = `55${String(index).padStart(7, '0')}`;
  const sum = [...nine].reduce((total, digit, place) => {
    const product = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (product > 9 ? product - 9 : product);
  }, 0);
  return `16${nine}${(10 - (sum % 10)) % 10}`;
}
