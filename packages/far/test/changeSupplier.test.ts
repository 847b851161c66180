import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createRegister } from '../src/index.ts';
import {
  type Accounts,
  ANNA,
  authorization,
  BERTIL,
  CECILIA,
  COORDINATED,
  changeSupplier,
  deregister,
  EACH,
  FIRST,
  FIRST_DOMAIN,
  NOBODY,
  register,
  SECOND,
  SECOND_DOMAIN,
  startAccounts,
  storePreferences,
  THIRD,
  THIRD_DOMAIN,
  TOGETHER,
  textOf,
} from './accountsSetup.ts';
import { MUNICIPALITY, PENDING_COMPANY, WITHOUT_SUPPLIER } from './sampleRegister.ts';

const OUTDATED = 'Illegal state: the account has changed since this was signed';

describe('a change of operator', () => {
  let accounts: Accounts;
  before(async () => {
    accounts = await startAccounts();
    for (const person of [ANNA, BERTIL, CECILIA, COORDINATED]) {
      assert.equal((await register(accounts, { recipientId: person, signers: [person] })).code, 200);
    }
    assert.equal((await register(accounts, { recipientId: TOGETHER, signers: [ANNA, BERTIL] })).code, 200);
  });
  after(() => accounts.close());

  const addressOf = async (recipientId: string) =>
    (await accounts.reachability(recipientId)).child('AccountStatus').child('ServiceSupplier').text('ServiceAdress');
  const textFor = (recipientId: string, serviceSupplier: string) =>
    textOf({ action: 'changeServiceSupplier', recipientId, serviceSupplier });

  it('gives the new address at once, and the old operator has no say any more', async () => {
    assert.equal(await addressOf(ANNA), 'https://mailbox.example/service/v3');
    const answer = await changeSupplier(accounts, { recipientId: ANNA, signers: [ANNA] });
    assert.equal(answer.code, 200, answer.description);
    const result = answer.body.child('signatureAuthorizationResult');
    assert.deepEqual(authorization(result), { status: 'Complete', signedBy: [ANNA], possible: [] });
    assert.equal(await addressOf(ANNA), 'https://andra.example/service/v3');
    const denied = 'Access denied: another operator has the mailbox';
    await accounts.refused(() => deregister(accounts, { recipientId: ANNA, signers: [ANNA] }), 5002, denied);
    const preferences = { recipientId: ANNA, signers: [ANNA], acceptedSenders: [MUNICIPALITY] };
    await accounts.refused(() => storePreferences(accounts, preferences), 5002, denied);
    await accounts.refused(
      () => accounts.recipient('getAccountPreferences', { RecipientId: ANNA, UserIdentity: ANNA }),
      5002,
      denied,
    );
    await accounts.refused(
      () => changeSupplier(accounts, { recipientId: ANNA, signers: [ANNA] }),
      5011,
      'Illegal state: the operator has the mailbox already',
    );
  });

  it('is won by one when two operators hand one in at the same moment', async () => {
    for (const person of [BERTIL, CECILIA, COORDINATED]) {
      const changes = await Promise.all(
        (
          [
            [SECOND, SECOND_DOMAIN],
            [THIRD, THIRD_DOMAIN],
          ] as const
        ).map(async ([caller, domain]) => {
          const signature = await accounts.sign(person, textFor(person, domain));
          return { recipientId: person, signers: [person], caller, domain, signatures: [signature] };
        }),
      );
      const answers = await Promise.all(changes.map((change) => changeSupplier(accounts, change)));
      assert.deepEqual(answers.map((answer) => answer.code).sort(), [200, 5011]);
      const winner = answers[0]?.code === 200 ? SECOND_DOMAIN : THIRD_DOMAIN;
      assert.equal(await addressOf(person), `https://${winner}/service/v3`);
      assert.equal(answers.find((answer) => answer.code !== 200)?.description, OUTDATED);
      const { rows } = await accounts.database.pool.query(
        `select count(*) as count from account_change where recipient_id = $1 and kind = 'S'`,
        [person],
      );
      assert.deepEqual(rows, [{ count: 1 }]);
    }
  });

  it('is refused when it was signed before the last one, however late it comes', async () => {
    const late = await accounts.sign(ANNA, textFor(ANNA, THIRD_DOMAIN));
    const back = { recipientId: ANNA, signers: [ANNA], caller: FIRST, domain: FIRST_DOMAIN };
    assert.equal((await changeSupplier(accounts, back)).code, 200);
    const handing = { recipientId: ANNA, signers: [ANNA], caller: THIRD, domain: THIRD_DOMAIN, signatures: [late] };
    await accounts.refused(() => changeSupplier(accounts, handing), 5011, OUTDATED);
  });

  it('is handed in by the chosen operator, for one who has a mailbox, by the one who signs', async () => {
    const bertil = { recipientId: ANNA, signers: [ANNA] };
    const change =
      (handing: object, changes = {}) =>
      () =>
        changeSupplier(accounts, { ...bertil, ...handing }, changes);
    const denied = 'Access denied: the change is handed in by the chosen operator';
    await accounts.refused(change({ caller: FIRST }), 5002, denied);
    await accounts.refused(change({ caller: THIRD }), 5002, denied);
    await accounts.refused(
      change({ caller: MUNICIPALITY }),
      5002,
      'Access denied: only a mailbox operator may do this',
    );
    await accounts.refused(
      change({ domain: 'ingen.example' }),
      5003,
      'Object not found: no operator has the domain in ServiceSupplier',
    );
    await accounts.refused(change({ recipientId: EACH }), 5003, 'Object not found: the recipient has no mailbox');
    await accounts.refused(
      change({ recipientId: NOBODY, signers: [NOBODY] }),
      5003,
      'Object not found: the recipient has no mailbox',
    );
    await accounts.refused(
      change({}, { UserIdentity: BERTIL }),
      5002,
      'Access denied: UserIdentity is none of those who signed',
    );
    await accounts.refused(
      change({ signers: [BERTIL] }),
      5002,
      'Access denied: a signer may not sign for this recipient',
    );
    await accounts.refused(change({ text: 'Byt.' }), 5001, /AgreementText has no line/);
    const mock = { Signature: Buffer.from(`SERIALNUMBER=${ANNA}, CN=A`), Certificate: '-' };
    await accounts.refused(
      change({ signatures: [mock] }),
      5012,
      'Signature error: a mocked signature is not a signature',
    );
  });

  it('finds a new operator for one whose operator has left', async () => {
    await createRegister(accounts.database.pool).addPersons([{ personId: WITHOUT_SUPPLIER, name: 'Gammal' }]);
    const answer = await changeSupplier(accounts, { recipientId: WITHOUT_SUPPLIER, signers: [WITHOUT_SUPPLIER] });
    assert.equal(answer.code, 200, answer.description);
    assert.equal(await addressOf(WITHOUT_SUPPLIER), 'https://andra.example/service/v3');
  });

  it("waits for a company's second signatory; mail goes to the old operator until then", async () => {
    const first = await changeSupplier(accounts, { recipientId: TOGETHER, signers: [ANNA] });
    assert.equal(authorization(first.body.child('signatureAuthorizationResult')).status, 'Incomplete');
    assert.equal(await addressOf(TOGETHER), 'https://mailbox.example/service/v3');
    assert.equal((await accounts.reachability(TOGETHER)).child('AccountStatus').text('Pending'), 'false');

    const identity = { Id: TOGETHER, UserIdentity: BERTIL };
    for (const caller of [FIRST, SECOND]) {
      const pending = await accounts.recipient('getPendingChangeServiceSupplier', identity, caller);
      const told = pending.body.child('return');
      assert.equal(told.child('serviceSupplier').text('Id'), SECOND);
      assert.deepEqual(authorization(told.child('pendingSignatures')), {
        status: 'Incomplete',
        signedBy: [ANNA],
        possible: [BERTIL, CECILIA],
      });
    }
    const get = (request: object, caller: string) => () =>
      accounts.recipient('getPendingChangeServiceSupplier', request, caller);
    await accounts.refused(get(identity, THIRD), 5002, 'Access denied: the change concerns other operators');
    await accounts.refused(
      get({ ...identity, UserIdentity: NOBODY }, FIRST),
      5002,
      'Access denied: the person may not act for this recipient',
    );
    const nothing = 'Object not found: nothing waits for signatures';
    await accounts.refused(get({ Id: EACH, UserIdentity: ANNA }, FIRST), 5003, nothing);
    await accounts.refused(get({ Id: ANNA, UserIdentity: ANNA }, FIRST), 5003, nothing);
    await accounts.refused(
      () => changeSupplier(accounts, { recipientId: TOGETHER, signers: [BERTIL], caller: THIRD, domain: THIRD_DOMAIN }),
      5011,
      'Illegal state: a change to another operator waits for signatures',
    );

    const second = await changeSupplier(accounts, { recipientId: TOGETHER, signers: [CECILIA] });
    assert.deepEqual(authorization(second.body.child('signatureAuthorizationResult')), {
      status: 'Complete',
      signedBy: [ANNA, CECILIA],
      possible: [],
    });
    assert.equal(await addressOf(TOGETHER), 'https://andra.example/service/v3');
    await accounts.refused(get(identity, SECOND), 5003, nothing);
  });

  it('is withdrawn by the operator that was chosen, for one who may sign', async () => {
    await changeSupplier(accounts, { recipientId: TOGETHER, signers: [ANNA], caller: FIRST, domain: FIRST_DOMAIN });
    const withdraw = (UserIdentity: string, caller: string) => () =>
      accounts.recipient(
        'deletePendingChangeServiceSupplier',
        { organizationIdentity: { Id: TOGETHER, UserIdentity } },
        caller,
      );
    await accounts.refused(withdraw(ANNA, SECOND), 5002, 'Access denied: another operator handed it in');
    await accounts.refused(withdraw(NOBODY, FIRST), 5002, 'Access denied: the person may not act for this recipient');
    const answer = await withdraw(BERTIL, FIRST)();
    assert.equal(answer.body.child('serviceSupplier').text('Id'), FIRST);
    await accounts.refused(withdraw(BERTIL, FIRST), 5003, 'Object not found: nothing waits for signatures');
    assert.equal(await addressOf(TOGETHER), 'https://andra.example/service/v3');
  });

  it('takes away what waits at the old operator', async () => {
    const leaving = { recipientId: TOGETHER, signers: [ANNA], caller: SECOND, domain: SECOND_DOMAIN };
    assert.equal((await deregister(accounts, leaving)).code, 200);
    const moving = { recipientId: TOGETHER, signers: [BERTIL, CECILIA], caller: THIRD, domain: THIRD_DOMAIN };
    assert.equal((await changeSupplier(accounts, moving)).code, 200);
    const { rows } = await accounts.database.pool.query('select from account_request where recipient_id = $1', [
      TOGETHER,
    ]);
    assert.equal(rows.length, 0);
  });

  it('is not for a registration that waits for signatures', async () => {
    await createRegister(accounts.database.pool).addCompanies([
      {
        organizationNumber: PENDING_COMPANY,
        name: 'Väntar AB',
        form: 'AB',
        rule: { kind: 'eachAlone' },
        ruleText: 'Var för sig.',
        persons: [{ id: ANNA, name: 'Anna', isSignatory: true, isBoardMember: true }],
      },
    ]);
    await accounts.refused(
      () => changeSupplier(accounts, { recipientId: PENDING_COMPANY, signers: [ANNA] }),
      5011,
      'Illegal state: the registration waits for signatures',
    );
  });
});

describe('a change of operator with the other setting', () => {
  it('is handed in by the old operator too', async () => {
    const accounts = await startAccounts({ accountRules: { changeOfSupplierBy: 'eitherOperator' } });
    try {
      await register(accounts, { recipientId: ANNA, signers: [ANNA] });
      const change = { recipientId: ANNA, signers: [ANNA], domain: SECOND_DOMAIN };
      await accounts.refused(
        () => changeSupplier(accounts, { ...change, caller: THIRD }),
        5002,
        'Access denied: the change is handed in by the chosen operator',
      );
      assert.equal((await changeSupplier(accounts, { ...change, caller: FIRST })).code, 200);
    } finally {
      await accounts.close();
    }
  });
});
