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
  FIRST,
  FIRST_DOMAIN,
  NOBODY,
  register,
  SECOND,
  SECOND_DOMAIN,
  startAccounts,
  storePreferences,
  TOGETHER,
  textOf,
} from './accountsSetup.ts';
import { MUNICIPALITY, OTHER_SENDER, SERVED } from './sampleRegister.ts';

const DENIED = 'Access denied: the person may not act for this recipient';
const ALL = [MUNICIPALITY, SERVED, OTHER_SENDER];

describe('the senders that a recipient takes mail from', () => {
  let accounts: Accounts;
  before(async () => {
    accounts = await startAccounts();
    for (const person of [ANNA, BERTIL]) await register(accounts, { recipientId: person, signers: [person] });
    await register(accounts, { recipientId: TOGETHER, signers: [ANNA, BERTIL] });
  });
  after(() => accounts.close());

  const accepted = async (RecipientId: string, UserIdentity = RecipientId) => {
    const answer = await accounts.recipient('getAccountPreferences', { RecipientId, UserIdentity });
    assert.equal(answer.code, 200, answer.description);
    const preferences = answer.body.child('return');
    assert.equal(preferences.text('Id'), RecipientId);
    return preferences.all('AcceptedSenders').map((sender) => sender.text('Id'));
  };
  const acceptedByMunicipality = async (recipientId: string) => {
    const { text } = await accounts.reachability(recipientId);
    return { isAccepted: text('SenderAccepted'), changedAt: text('LastSenderAcceptChange') };
  };

  it('are all of them from the start, by name', async () => {
    assert.deepEqual(await accepted(ANNA), ALL);
    assert.deepEqual(await acceptedByMunicipality(ANNA), { isAccepted: 'true', changedAt: '' });
  });

  it('are those that were stored; the refused one is told when', async () => {
    const before = Date.now();
    const answer = await storePreferences(accounts, {
      recipientId: ANNA,
      signers: [ANNA],
      acceptedSenders: [SERVED, OTHER_SENDER],
    });
    assert.deepEqual(authorization(answer.body.child('return')), {
      status: 'Complete',
      signedBy: [ANNA],
      possible: [],
    });
    assert.deepEqual(await accepted(ANNA), [SERVED, OTHER_SENDER]);
    const first = await acceptedByMunicipality(ANNA);
    assert.equal(first.isAccepted, 'false');
    assert.ok(Date.parse(first.changedAt) >= before && Date.parse(first.changedAt) <= Date.now(), first.changedAt);
    // Stored once more the same way, the time of the change stays.
    await storePreferences(accounts, {
      recipientId: ANNA,
      signers: [ANNA],
      acceptedSenders: [OTHER_SENDER, SERVED, SERVED],
    });
    assert.deepEqual(await acceptedByMunicipality(ANNA), first);
    await storePreferences(accounts, { recipientId: ANNA, signers: [ANNA], acceptedSenders: ALL });
    const again = await acceptedByMunicipality(ANNA);
    assert.equal(again.isAccepted, 'true');
    assert.ok(again.changedAt > first.changedAt);
  });

  it('are none after an empty list; one who connects later is accepted', async () => {
    await storePreferences(accounts, { recipientId: ANNA, signers: [ANNA], acceptedSenders: [] });
    assert.deepEqual(await accepted(ANNA), []);
    assert.equal((await acceptedByMunicipality(ANNA)).isAccepted, 'false');
    await createRegister(accounts.database.pool).addSender('165560160680', 'Ny avsändare');
    assert.deepEqual(await accepted(ANNA), ['165560160680']);
  });

  it('are refused for another recipient, an unknown sender, too many, another text: 5001, 5014, 5005', async () => {
    const anna = { recipientId: BERTIL, signers: [BERTIL], acceptedSenders: [SERVED] };
    await accounts.refused(
      () => storePreferences(accounts, anna, { preferences: { Id: ANNA, AcceptedSenders: [] } }),
      5001,
      'Invalid input: preferences/Id is another recipient',
    );
    await accounts.refused(
      () => storePreferences(accounts, { ...anna, acceptedSenders: [SERVED, SECOND] }),
      5014,
      'Sender is not registered as authorized sender.',
    );
    const many = Array.from({ length: 5001 }, () => SERVED);
    await accounts.refused(
      () => storePreferences(accounts, { ...anna, acceptedSenders: many }),
      5005,
      'Max exceeded: at most 5000 AcceptedSenders',
    );
    const other = textOf({
      action: 'storeAccountPreferences',
      recipientId: BERTIL,
      serviceSupplier: FIRST_DOMAIN,
      acceptedSenders: ALL,
    });
    await accounts.refused(
      () => storePreferences(accounts, { ...anna, text: other }),
      5001,
      /AgreementText has no line/,
    );
    const arabic = [...SERVED].map((digit) => String.fromCodePoint(0x0660 + Number(digit))).join('');
    await accounts.refused(
      () => storePreferences(accounts, { ...anna, acceptedSenders: [`16${arabic.slice(2)}`] }),
      5001,
      'Invalid input: an id has other digits than 0-9',
    );
  });

  it('are read and stored by the holder, at its operator: 5002, 5003', async () => {
    const get =
      (RecipientId: string, UserIdentity: string, caller = FIRST) =>
      () =>
        accounts.recipient('getAccountPreferences', { RecipientId, UserIdentity }, caller);
    await accounts.refused(get(BERTIL, ANNA), 5002, DENIED);
    await accounts.refused(get(TOGETHER, NOBODY), 5002, DENIED);
    await accounts.refused(get(BERTIL, BERTIL, SECOND), 5002, 'Access denied: another operator has the mailbox');
    await accounts.refused(
      get(BERTIL, BERTIL, MUNICIPALITY),
      5002,
      'Access denied: only a mailbox operator may do this',
    );
    const nothing = 'Object not found: the recipient has no mailbox';
    await accounts.refused(get(COORDINATED, COORDINATED), 5003, nothing);
    const store =
      (handing: object, changes = {}) =>
      () =>
        storePreferences(
          accounts,
          { recipientId: BERTIL, signers: [BERTIL], acceptedSenders: [], ...handing },
          changes,
        );
    await accounts.refused(store({ recipientId: COORDINATED, signers: [COORDINATED] }), 5003, nothing);
    await accounts.refused(store({ signers: [ANNA] }), 5002, 'Access denied: a signer may not sign for this recipient');
    await accounts.refused(
      store({}, { UserIdentity: ANNA }),
      5002,
      'Access denied: UserIdentity is none of those who signed',
    );
    await accounts.refused(
      store({ caller: SECOND, domain: SECOND_DOMAIN }),
      5002,
      'Access denied: another operator has the mailbox',
    );
  });

  it('are not set back by a choice that was signed earlier and comes later', async () => {
    const text = textOf({
      action: 'storeAccountPreferences',
      recipientId: BERTIL,
      serviceSupplier: FIRST_DOMAIN,
      acceptedSenders: [],
    });
    const early = await accounts.sign(BERTIL, text);
    assert.equal(
      (await storePreferences(accounts, { recipientId: BERTIL, signers: [BERTIL], acceptedSenders: [SERVED] })).code,
      200,
    );
    await accounts.refused(
      () =>
        storePreferences(accounts, {
          recipientId: BERTIL,
          signers: [BERTIL],
          acceptedSenders: [],
          signatures: [early],
        }),
      5011,
      'Illegal state: the account has changed since this was signed',
    );
    assert.deepEqual(await accepted(BERTIL), [SERVED]);
  });

  it('wait for the second signatory of a company, who signs the same list', async () => {
    const first = await storePreferences(accounts, {
      recipientId: TOGETHER,
      signers: [ANNA],
      acceptedSenders: [SERVED],
    });
    assert.equal(authorization(first.body.child('return')).status, 'Incomplete');
    assert.ok((await accepted(TOGETHER, BERTIL)).includes(MUNICIPALITY), 'nothing is changed yet');
    const identity = { Id: TOGETHER, UserIdentity: CECILIA };
    const pending = await accounts.recipient('getPendingAccountPreferences', identity);
    const told = pending.body.child('return');
    const senders = told.child('AccountPreferences').all('AcceptedSenders');
    assert.deepEqual(
      senders.map((sender) => [sender.text('Id'), sender.text('Name')]),
      [[SERVED, 'Kommun B']],
    );
    assert.deepEqual(authorization(told.child('PendingSignatures')), {
      status: 'Incomplete',
      signedBy: [ANNA],
      possible: [BERTIL, CECILIA],
    });
    const get =
      (request: object, caller = FIRST) =>
      () =>
        accounts.recipient('getPendingAccountPreferences', request, caller);
    await accounts.refused(get({ ...identity, UserIdentity: NOBODY }), 5002, DENIED);
    await accounts.refused(get(identity, SECOND), 5002, 'Access denied: another operator has the mailbox');
    await accounts.refused(
      get({ Id: BERTIL, UserIdentity: BERTIL }),
      5003,
      'Object not found: nothing waits for signatures',
    );
    await accounts.refused(
      () => storePreferences(accounts, { recipientId: TOGETHER, signers: [BERTIL], acceptedSenders: [OTHER_SENDER] }),
      5011,
      'Illegal state: another request of this kind waits for signatures',
    );
    const second = await storePreferences(accounts, {
      recipientId: TOGETHER,
      signers: [BERTIL],
      acceptedSenders: [SERVED],
    });
    assert.equal(authorization(second.body.child('return')).status, 'Complete');
    assert.deepEqual(await accepted(TOGETHER, CECILIA), [SERVED]);
    await accounts.refused(get(identity), 5003, 'Object not found: nothing waits for signatures');
  });

  it('are withdrawn by one who may sign', async () => {
    await storePreferences(accounts, { recipientId: TOGETHER, signers: [ANNA], acceptedSenders: [] });
    const withdraw =
      (UserIdentity: string, caller = FIRST) =>
      () =>
        accounts.recipient(
          'deletePendingAccountPreferences',
          { organizationIdentity: { Id: TOGETHER, UserIdentity } },
          caller,
        );
    await accounts.refused(withdraw(NOBODY), 5002, DENIED);
    await accounts.refused(withdraw(CECILIA, SECOND), 5002, 'Access denied: another operator handed it in');
    const answer = (await withdraw(CECILIA)()).body.child('return');
    assert.deepEqual([answer.text('Id'), answer.text('UserIdentity')], [TOGETHER, CECILIA]);
    await accounts.refused(withdraw(CECILIA), 5003, 'Object not found: nothing waits for signatures');
    assert.deepEqual(await accepted(TOGETHER, CECILIA), [SERVED]);
  });
});

describe('an empty list with the other setting', () => {
  it('accepts all', async () => {
    const accounts = await startAccounts({ accountRules: { emptyAcceptedSenders: 'all' } });
    try {
      await register(accounts, { recipientId: ANNA, signers: [ANNA] });
      await storePreferences(accounts, { recipientId: ANNA, signers: [ANNA], acceptedSenders: [SERVED] });
      await storePreferences(accounts, { recipientId: ANNA, signers: [ANNA], acceptedSenders: [] });
      assert.equal((await accounts.reachability(ANNA)).text('SenderAccepted'), 'true');
    } finally {
      await accounts.close();
    }
  });
});
