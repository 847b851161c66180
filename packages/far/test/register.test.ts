import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AppError, createManualClock } from '@brevduva/base';
import { createRegister, type Register } from '../src/index.ts';
import { selectDispatchers, selectOperators, selectSenders } from '../src/sql/organizations.ts';
import { selectAsked } from '../src/sql/reachability.ts';
import { createFarDatabase } from './database.ts';

const SENDER = '162021004748';
const OTHER_SENDER = '162021003898';
const OPERATOR = '165568402266';
const PERSON = '192705178354';
const AT = new Date('2020-01-01T00:00:00Z');

describe('the register', () => {
  let database: Awaited<ReturnType<typeof createFarDatabase>>;
  let register: Register;
  const clock = createManualClock('2026-01-01T00:00:00Z');
  before(async () => {
    database = await createFarDatabase();
    register = createRegister(database.pool, { clock });
    await register.addOperator({
      organizationNumber: OPERATOR,
      name: 'Brevlådan',
      domain: 'brevladan.example',
      serviceAddress: 'https://brevladan.example/service/v3',
    });
    await register.addSenders([
      { organizationNumber: SENDER, name: 'Kommun A' },
      { organizationNumber: OTHER_SENDER, name: 'Kommun B' },
    ]);
    await register.addAccounts([{ recipientId: PERSON, operator: OPERATOR, registeredAt: AT }]);
  });
  after(() => database.close());

  it('gives a connected operator new addresses instead of a second row', async () => {
    await register.addOperator({
      organizationNumber: '556840-2266',
      name: 'Nya Brevlådan',
      domain: 'brevladan.example',
      serviceAddress: 'https://ny.brevladan.example/service/v3',
      uiAddress: 'https://ny.brevladan.example',
    });
    const operators = await selectOperators(database.pool);
    assert.equal(operators.length, 1);
    assert.equal(operators[0]?.name, 'Nya Brevlådan');
    assert.equal(operators[0]?.serviceAddress, 'https://ny.brevladan.example/service/v3');
  });

  it('uses up no number of the smallint key when it is repeated', async () => {
    const operator = { name: 'Brevlådan', domain: 'brevladan.example', serviceAddress: 'https://brevladan.example' };
    for (let times = 0; times < 3; times += 1)
      await register.addOperator({ ...operator, organizationNumber: OPERATOR });
    const { rows } = await database.pool.query('select last_value from operator_id_seq');
    assert.equal(rows[0]?.last_value, 1);
  });

  it('refuses the domain of another operator and connects nothing', async () => {
    const thief = { organizationNumber: '162120000142', name: 'Annan', domain: 'brevladan.example' };
    const work = register.addOperator({ ...thief, serviceAddress: 'https://annan.example' });
    await refused(work, 'FAR_OPERATOR_DOMAIN_TAKEN');
    const { rows } = await database.pool.query('select from organization where organization_number = $1', [
      thief.organizationNumber,
    ]);
    assert.equal(rows.length, 0);
  });

  it('links a dispatcher to exactly the senders named last', async () => {
    await register.addDispatcher(SENDER, 'Kommun A', [SENDER, OTHER_SENDER]);
    await register.addDispatcher(SENDER, 'Kommun A', [OTHER_SENDER]);
    const [dispatcher] = await selectDispatchers(database.pool);
    assert.deepEqual(dispatcher?.senders, [OTHER_SENDER]);
  });

  it('refuses a dispatcher for a sender that is not connected, and keeps the links it had', async () => {
    const faults = await refusal(
      register.addDispatcher(SENDER, 'Kommun A', [SENDER, '162120000142']),
      'FAR_UNKNOWN_SENDER',
    );
    assert.deepEqual(faults, ['/senders/1']);
    assert.deepEqual((await selectDispatchers(database.pool))[0]?.senders, [OTHER_SENDER]);
  });

  it('names every bad identity by its place, never by its digits, and stores none', async () => {
    const error = await refused(
      register.addAccounts([
        { recipientId: '197001012386', operator: OPERATOR, registeredAt: AT },
        { recipientId: '19700101238X', operator: OPERATOR, registeredAt: AT },
        { recipientId: '191212121212', operator: OPERATOR, registeredAt: AT },
        { recipientId: '192102301234', operator: 'x', registeredAt: AT },
      ]),
      'FAR_INVALID_IDENTITY',
    );
    assert.deepEqual(
      error.faults.map((fault) => fault.path),
      ['/accounts/0/recipientId', '/accounts/1/recipientId', '/accounts/3/recipientId', '/accounts/3/operator'],
    );
    assert.doesNotMatch(JSON.stringify(error.faults), /\d{8}/);
    assert.equal((await account('191212121212'))?.accountType, null);
  });

  it('refuses accounts at an operator that is not connected', async () => {
    const accounts = [{ recipientId: '191212121212', operator: '162120000142', registeredAt: AT }];
    assert.deepEqual(await refusal(register.addAccounts(accounts), 'FAR_UNKNOWN_OPERATOR'), ['/accounts/0/operator']);
    assert.equal((await account('191212121212'))?.accountType, null);
  });

  it('refuses an organisation with a bad number, name, domain or address', async () => {
    const operator = {
      organizationNumber: '123',
      name: 'x',
      domain: 'Stor.Example',
      serviceAddress: 'http://osaker.example',
      uiAddress: 'javascript:alert(1)',
    };
    assert.deepEqual(await refusal(register.addOperator(operator), 'FAR_INVALID_ORGANIZATION'), [
      '/name',
      '/organizationNumber',
      '/domain',
      '/serviceAddress',
      '/uiAddress',
    ]);
    assert.deepEqual(await refusal(register.addSender('162021004749', 'Fel'), 'FAR_INVALID_ORGANIZATION'), [
      '/senders/0/organizationNumber',
    ]);
    assert.equal((await selectSenders(database.pool)).length, 2);
  });

  it('takes 20 001 accounts in one call, coordination numbers and companies among them; the last of a pair stands', async () => {
    const accounts = Array.from({ length: 20_001 }, (_, index) => ({
      recipientId: withCheckDigit(`19${30 + Math.floor(index / 1000)}0101`, index),
      operator: OPERATOR,
      registeredAt: AT,
    }));
    const special = [
      { recipientId: '197010632391', operator: OPERATOR, registeredAt: AT },
      { recipientId: '5560160680', operator: OPERATOR, pending: true, registeredAt: AT },
      { recipientId: PERSON, operator: OPERATOR, type: 'Anonymous', registeredAt: AT },
      { recipientId: PERSON, operator: OPERATOR, type: 'Secure', registeredAt: AT },
    ] as const;
    await register.addAccounts([...accounts, ...special]);
    const { rows } = await database.pool.query<{ count: number }>('select count(*) as count from account');
    assert.equal(rows[0]?.count, accounts.length + 3);
    assert.equal((await account('197010632391')).accountType, 'S');
    assert.equal((await account('165560160680')).pending, true);
    assert.equal((await account(PERSON)).accountType, 'S');
  });

  it('seeds a second time without writing a row', async () => {
    const before = await rowVersion();
    await register.addAccounts([{ recipientId: PERSON, operator: OPERATOR, registeredAt: AT }]);
    assert.equal(await rowVersion(), before);
  });

  it('blocks, takes back, and keeps the time of the last real change', async () => {
    await register.blockSender(PERSON, SENDER);
    clock.advance(60_000);
    await register.blockSender(PERSON, SENDER);
    assert.deepEqual(await preference(), [false, '2026-01-01T00:00:00.000Z']);
    await register.acceptSender(PERSON, SENDER);
    assert.deepEqual(await preference(), [true, '2026-01-01T00:01:00.000Z']);
  });

  it('refuses preferences of unknown recipients and about unknown senders', async () => {
    assert.deepEqual(await refusal(register.blockSender('191212121212', SENDER), 'FAR_UNKNOWN_ACCOUNT'), [
      '/preferences/0/recipientId',
    ]);
    assert.deepEqual(await refusal(register.blockSender(PERSON, '162120000142'), 'FAR_UNKNOWN_SENDER'), [
      '/preferences/0/sender',
    ]);
  });

  async function account(recipientId: string) {
    const question = { caller: SENDER, sender: SENDER, fingerprint: null, recipientIds: [recipientId] };
    const { accountType, pending, preferences } = await selectAsked(database.pool, question);
    return { accountType: accountType[0], pending: pending[0], preference: preferences.get(0) };
  }

  async function preference() {
    const { preference: said } = await account(PERSON);
    return [said?.accepted, new Date(said?.changedAtMs ?? 0).toISOString()];
  }

  async function rowVersion() {
    const { rows } = await database.pool.query('select xmin::text from account where recipient_id = $1', [PERSON]);
    return rows[0]?.xmin;
  }
});

async function refused(work: Promise<unknown>, code: string): Promise<AppError> {
  const error = await work.then(
    () => undefined,
    (err: unknown) => err,
  );
  assert.ok(error instanceof AppError, `expected ${code}`);
  assert.equal(error.code, code);
  assert.ok(error.publicText.length > 20);
  return error;
}

async function refusal(work: Promise<unknown>, code: string): Promise<string[]> {
  return (await refused(work, code)).faults.map((fault) => fault.path);
}

/** A day and a running number below 1000 give a valid personal number. */
function withCheckDigit(date: string, number: number): string {
  const nine = `${date.slice(2)}${String(number % 1000).padStart(3, '0')}`;
  const sum = [...nine].reduce((total, digit, index) => {
    const product = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (product > 9 ? product - 9 : product);
  }, 0);
  return `${date.slice(0, 2)}${nine}${(10 - (sum % 10)) % 10}`;
}
