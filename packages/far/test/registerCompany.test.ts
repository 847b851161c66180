import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CompanyRegister } from '../src/index.ts';
import {
  type Accounts,
  ANNA,
  ASSOCIATION,
  authorization,
  BERTIL,
  BOARD,
  CECILIA,
  deregister,
  EACH,
  FIRST_DOMAIN,
  NAMES,
  NOBODY,
  register,
  SAMPLE_COMPANIES,
  SECOND,
  SECOND_DOMAIN,
  SOLE_TRADER,
  startAccounts,
  TOGETHER,
  textOf,
  today,
  UNCLEAR,
} from './accountsSetup.ts';

const OTHER_COMPANY = '165560160680';
const DENIED = 'Access denied: a signer may not sign for this recipient';
const NOT_ACTING = 'Access denied: the person may not act for this recipient';

describe('a company registers', () => {
  let accounts: Accounts;
  before(async () => {
    accounts = await startAccounts();
  });
  after(() => accounts.close());

  const pendingOf = async (recipientId: string) => {
    const status = (await accounts.reachability(recipientId)).child('AccountStatus');
    return [status.text('Type'), status.text('Pending'), status.all('ServiceSupplier').length];
  };
  const signer = (CompanyId: string, UserIdentity: string, caller?: string) =>
    accounts.recipient('isAuthorizedSigner', { CompanyId, UserIdentity }, caller);

  it('waits for its second signatory, and is active when that one has signed', async () => {
    const first = await register(accounts, { recipientId: TOGETHER, signers: [ANNA] });
    assert.equal(first.code, 200, first.description);
    const incomplete = first.body.child('return');
    assert.deepEqual(authorization(incomplete), {
      status: 'Incomplete',
      signedBy: [ANNA],
      possible: [BERTIL, CECILIA],
    });
    assert.equal(incomplete.text('Text'), 'Firman tecknas av två i förening.');
    assert.deepEqual(await pendingOf(TOGETHER), ['Secure', 'true', 1]);

    const pending = await accounts.recipient('getPendingAccountRequest', {
      recipientId: [TOGETHER],
      userIdentity: BERTIL,
    });
    const waiting = pending.body.child('return');
    const request = waiting.child('AccountRequest');
    assert.deepEqual(
      ['Id', 'Type', 'AgreementText', 'Timestamp', 'ServiceSupplier'].map((name) => request.text(name)),
      [TOGETHER, 'Create', registration(TOGETHER), today(), FIRST_DOMAIN],
    );
    assert.deepEqual(authorization(waiting.child('SignatureStatus')), authorization(incomplete));

    const told = (await signer(TOGETHER, CECILIA)).body.child('return');
    assert.deepEqual(
      ['isAccountAuthorizedSigner', 'UserIdentity', 'CompanyId', 'CompanyName', 'CompanySignatureRuleText'].map(
        (name) => told.text(name),
      ),
      ['true', CECILIA, TOGETHER, 'Två i Förening AB', 'Firman tecknas av två i förening.'],
    );
    const information = told.child('AccountInformation');
    assert.deepEqual(
      ['AccountStatus', 'SignatureStatus', 'serviceSupplier', 'AgreementText'].map((name) => information.text(name)),
      ['Pending', 'Incomplete', FIRST_DOMAIN, registration(TOGETHER)],
    );
    assert.deepEqual(
      information.all('SignedBy').map((each) => each.text('Id')),
      [ANNA],
    );

    const again = await register(accounts, { recipientId: TOGETHER, signers: [ANNA] });
    assert.deepEqual(authorization(again.body.child('return')), authorization(incomplete), 'Anna signs once more');
    const second = await register(accounts, { recipientId: TOGETHER, signers: [BERTIL] });
    const complete = second.body.child('return');
    assert.deepEqual(authorization(complete), { status: 'Complete', signedBy: [ANNA, BERTIL], possible: [] });
    assert.equal(complete.all('SignedBy')[1]?.text('Name'), NAMES[BERTIL]);
    assert.deepEqual(await pendingOf(TOGETHER), ['Secure', 'false', 1]);
    const none = await accounts.recipient('getPendingAccountRequest', {
      recipientId: [TOGETHER],
      userIdentity: BERTIL,
    });
    assert.deepEqual(none.body.children, []);
    const active = (await signer(TOGETHER, ANNA)).body.child('return').child('AccountInformation');
    assert.deepEqual([active.text('AccountStatus'), active.text('SignatureStatus')], ['Active', 'Complete']);
  });

  it('and leaves only when two have signed; mail arrives until then', async () => {
    const first = await deregister(accounts, { recipientId: TOGETHER, signers: [CECILIA] });
    assert.equal(authorization(first.body.child('return')).status, 'Incomplete');
    assert.deepEqual(await pendingOf(TOGETHER), ['Secure', 'false', 1]);
    const waiting = await accounts.recipient('getPendingAccountRequest', { recipientId: [], userIdentity: ANNA });
    assert.equal(waiting.body.child('return').child('AccountRequest').text('Type'), 'Delete');
    const second = await deregister(accounts, { recipientId: TOGETHER, signers: [BERTIL] });
    assert.deepEqual(authorization(second.body.child('return')), {
      status: 'Complete',
      signedBy: [CECILIA, BERTIL],
      possible: [],
    });
    assert.deepEqual(await pendingOf(TOGETHER), ['Not', 'false', 0]);
  });

  it('with both signatures in one call, and with those given before handed in again beside a new one', async () => {
    const both = await register(accounts, { recipientId: TOGETHER, signers: [ANNA, CECILIA] });
    assert.deepEqual(authorization(both.body.child('return')).status, 'Complete');
    await deregister(accounts, { recipientId: TOGETHER, signers: [ANNA, CECILIA] });
    const text = registration(TOGETHER);
    const anna = await accounts.sign(ANNA, text);
    const bertil = await accounts.sign(BERTIL, text);
    const hand = (...signatures: (typeof anna)[]) =>
      register(accounts, { recipientId: TOGETHER, signers: [], signatures });
    assert.equal((await hand(anna, anna)).code, 200);
    await accounts.refused(() => hand(anna), 5010, /the signature has been used before$/);
    assert.equal(authorization((await hand(anna, bertil)).body.child('return')).status, 'Complete');
    await deregister(accounts, { recipientId: TOGETHER, signers: [ANNA, CECILIA] });
  });

  it('once, however many signatories hand in at the same moment', async () => {
    const text = registration(TOGETHER);
    const signatures = await Promise.all([ANNA, BERTIL, CECILIA].map((person) => accounts.sign(person, text)));
    const answers = await Promise.all(
      signatures.map((signature) =>
        register(accounts, { recipientId: TOGETHER, signers: [], signatures: [signature] }),
      ),
    );
    const states = answers
      .map(({ code, body }) => (code === 200 ? authorization(body.child('return')).status : code))
      .sort();
    assert.deepEqual(states, [5007, 'Complete', 'Incomplete']);
    assert.deepEqual(await pendingOf(TOGETHER), ['Secure', 'false', 1]);
    await deregister(accounts, { recipientId: TOGETHER, signers: [ANNA, CECILIA] });
  });

  it('by one of those who sign each alone; by most of the board', async () => {
    const alone = await register(accounts, { recipientId: EACH, signers: [BERTIL] });
    assert.deepEqual(authorization(alone.body.child('return')), {
      status: 'Complete',
      signedBy: [BERTIL],
      possible: [],
    });
    const one = await register(accounts, { recipientId: BOARD, signers: [CECILIA] });
    assert.deepEqual(authorization(one.body.child('return')), {
      status: 'Incomplete',
      signedBy: [CECILIA],
      possible: [ANNA, BERTIL],
    });
    const two = await register(accounts, { recipientId: BOARD, signers: [ANNA] });
    assert.equal(authorization(two.body.child('return')).status, 'Complete');
  });

  it('not when its rule cannot be read by a program: RulesNotSupported, and nothing waits', async () => {
    const before = await accounts.snapshot();
    const answer = await register(accounts, { recipientId: UNCLEAR, signers: [ANNA] });
    assert.deepEqual(authorization(answer.body.child('return')), {
      status: 'RulesNotSupported',
      signedBy: [],
      possible: [],
    });
    assert.equal(await accounts.snapshot(), before);
    const told = (await signer(UNCLEAR, ANNA)).body.child('return');
    assert.deepEqual([told.text('isAccountAuthorizedSigner'), told.all('PossibleSigners').length], ['false', 0]);
    await accounts.refused(() => register(accounts, { recipientId: UNCLEAR, signers: [BERTIL] }), 5002, DENIED);
  });

  it('not by one without the right, not in another form, not unknown: 5002, 6004, 5003', async () => {
    await accounts.refused(() => register(accounts, { recipientId: TOGETHER, signers: [NOBODY] }), 5002, DENIED);
    await accounts.refused(() => register(accounts, { recipientId: TOGETHER, signers: [ANNA, NOBODY] }), 5002, DENIED);
    const form = 'The company form is not supported.';
    await accounts.refused(() => register(accounts, { recipientId: ASSOCIATION, signers: [ANNA] }), 6004, form);
    const sole = 'The company form is not supported: a sole trader registers as a person';
    await accounts.refused(() => register(accounts, { recipientId: SOLE_TRADER, signers: [ANNA] }), 6004, sole);
    const unknown = 'Object not found: the company register does not know the company';
    await accounts.refused(() => register(accounts, { recipientId: OTHER_COMPANY, signers: [ANNA] }), 5003, unknown);
  });

  it('not at two operators, and all signatories sign the same', async () => {
    await register(accounts, { recipientId: TOGETHER, signers: [ANNA] });
    await accounts.refused(
      () => register(accounts, { recipientId: TOGETHER, signers: [BERTIL], domain: SECOND_DOMAIN, caller: SECOND }),
      5011,
      'Illegal state: a registration at another operator waits for signatures',
    );
    await accounts.refused(
      () =>
        register(accounts, {
          recipientId: TOGETHER,
          signers: [BERTIL],
          text: `Andra villkor.\n${registration(TOGETHER)}`,
        }),
      5011,
      'Illegal state: another request of this kind waits for signatures',
    );
    await accounts.refused(
      () => deregister(accounts, { recipientId: TOGETHER, signers: [BERTIL] }),
      5011,
      'Illegal state: the registration waits for signatures',
    );
  });

  it('and withdraws: only the right person at the right operator', async () => {
    const withdraw = (userIdentity: string, caller?: string, recipientId = TOGETHER) =>
      accounts.recipient('deletePendingAccountRequest', { recipientId, userIdentity }, caller);
    await accounts.refused(() => withdraw(NOBODY), 5002, NOT_ACTING);
    await accounts.refused(() => withdraw('se-nobody-at-all'), 5002, NOT_ACTING);
    await accounts.refused(() => withdraw(ANNA, SECOND), 5002, 'Access denied: another operator handed it in');
    const nothing = 'Object not found: nothing waits for signatures';
    await accounts.refused(() => withdraw(ANNA, undefined, EACH), 5003, nothing);
    await accounts.refused(() => withdraw(ANNA, undefined, ANNA), 5003, nothing);
    const seen = async (userIdentity: string, caller?: string, recipientId: string[] = []) =>
      (await accounts.recipient('getPendingAccountRequest', { recipientId, userIdentity }, caller)).body.children
        .length;
    assert.deepEqual(
      await Promise.all([
        seen(CECILIA),
        seen(CECILIA, undefined, [EACH]),
        seen(CECILIA, SECOND),
        seen(NOBODY),
        seen('no-123456789012'),
      ]),
      [1, 0, 0, 0, 0],
    );

    const signature = await accounts.sign(BERTIL, registration(TOGETHER));
    assert.equal((await withdraw(CECILIA)).code, 200);
    assert.deepEqual(await pendingOf(TOGETHER), ['Not', 'false', 0]);
    await accounts.refused(() => withdraw(CECILIA), 5003, nothing);
    // The withdrawn signature of Anna does not count for the next request.
    const next = await register(accounts, { recipientId: TOGETHER, signers: [], signatures: [signature] });
    assert.deepEqual(authorization(next.body.child('return')), {
      status: 'Incomplete',
      signedBy: [BERTIL],
      possible: [ANNA, CECILIA],
    });
    assert.equal((await withdraw(CECILIA)).code, 200);
  });

  it('anew, and at another operator, when too long has passed', async () => {
    const { pool } = accounts.database;
    const age = (interval: string) =>
      pool.query('update account_request set created_at = now() - $2::interval where recipient_id = $1', [
        TOGETHER,
        interval,
      ]);
    const waiting = async () =>
      (await accounts.recipient('getPendingAccountRequest', { recipientId: [], userIdentity: ANNA })).body.children
        .length;
    await register(accounts, { recipientId: TOGETHER, signers: [ANNA] });
    await age('89 days');
    assert.equal(await waiting(), 1);
    await age('91 days');
    assert.equal(await waiting(), 0);
    const elsewhere = { recipientId: TOGETHER, domain: SECOND_DOMAIN, caller: SECOND };
    const anew = await register(accounts, { ...elsewhere, signers: [BERTIL] });
    assert.deepEqual(authorization(anew.body.child('return')).signedBy, [BERTIL]);
    const complete = await register(accounts, { ...elsewhere, signers: [CECILIA] });
    assert.equal(authorization(complete.body.child('return')).status, 'Complete');
  });

  it('is asked about only by operators, and tells others little: 5001, 5002, 5003, 6004', async () => {
    const stranger = (await signer(EACH, NOBODY)).body.child('return');
    assert.equal(stranger.text('isAccountAuthorizedSigner'), 'false');
    assert.deepEqual([stranger.all('PossibleSigners').length, stranger.all('AccountInformation').length], [0, 0]);
    const officer = (await signer(EACH, CECILIA)).body.child('return');
    assert.equal(officer.text('isAccountAuthorizedSigner'), 'false');
    const own = (await signer(EACH, ANNA, SECOND)).body.child('return');
    assert.deepEqual(
      own.all('PossibleSigners').map((person) => person.text('Id')),
      [ANNA, BERTIL],
    );
    assert.equal(own.child('AccountInformation').text('serviceSupplier'), FIRST_DOMAIN);
    await accounts.refused(() => signer(ANNA, ANNA), 5001, 'Invalid input: CompanyId is a person');
    await accounts.refused(
      () => signer(EACH, ANNA, '162021004748'),
      5002,
      'Access denied: only a mailbox operator may do this',
    );
    await accounts.refused(() => signer(ASSOCIATION, ANNA), 6004, 'The company form is not supported.');
    await accounts.refused(
      () => signer(OTHER_COMPANY, ANNA),
      5003,
      'Object not found: the company register does not know the company',
    );
  });
});

describe('a company whose signatories change, and whose register fails', () => {
  let accounts: Accounts;
  let isDown = false;
  let companies = SAMPLE_COMPANIES;
  const changingRegister: CompanyRegister = {
    find: async (id) => {
      if (isDown) return { kind: 'unavailable' };
      const company = companies.find(({ organizationNumber }) => organizationNumber === id);
      return company === undefined ? { kind: 'unknown' } : { kind: 'found', company };
    },
    findByPerson: async (id) => {
      if (isDown) return { kind: 'unavailable' };
      return {
        kind: 'found',
        companies: companies.filter(({ persons }) => persons.some((person) => person.id === id)),
      };
    },
  };
  before(async () => {
    accounts = await startAccounts({ companies: changingRegister, accountRules: { boardSignatures: 'all' } });
  });
  after(() => accounts.close());

  it('counts the signatures of those who may sign today', async () => {
    await register(accounts, { recipientId: TOGETHER, signers: [ANNA] });
    companies = SAMPLE_COMPANIES.map((company) => ({
      ...company,
      persons: company.persons.filter(({ id }) => id !== ANNA),
    }));
    const answer = await register(accounts, { recipientId: TOGETHER, signers: [BERTIL] });
    assert.deepEqual(authorization(answer.body.child('return')), {
      status: 'Incomplete',
      signedBy: [BERTIL],
      possible: [CECILIA],
    });
    companies = SAMPLE_COMPANIES;
    const complete = await register(accounts, { recipientId: TOGETHER, signers: [CECILIA] });
    assert.deepEqual(authorization(complete.body.child('return')), {
      status: 'Complete',
      signedBy: [ANNA, BERTIL, CECILIA],
      possible: [],
    });
  });

  it('needs the whole board when the setting says so', async () => {
    const two = await register(accounts, { recipientId: BOARD, signers: [ANNA, BERTIL] });
    assert.deepEqual(authorization(two.body.child('return')), {
      status: 'Incomplete',
      signedBy: [ANNA, BERTIL],
      possible: [CECILIA],
    });
  });

  it('is refused with 5018 while its register does not answer, whatever is asked', async () => {
    isDown = true;
    const company = { Id: TOGETHER, UserIdentity: ANNA };
    const calls = [
      () => register(accounts, { recipientId: TOGETHER, signers: [ANNA] }),
      () => deregister(accounts, { recipientId: TOGETHER, signers: [ANNA] }),
      () => accounts.recipient('isAuthorizedSigner', { CompanyId: TOGETHER, UserIdentity: ANNA }),
      () => accounts.recipient('getPendingAccountRequest', { recipientId: [], userIdentity: ANNA }),
      () => accounts.recipient('deletePendingAccountRequest', { recipientId: TOGETHER, userIdentity: ANNA }),
      () => accounts.recipient('getPendingChangeServiceSupplier', company),
      () => accounts.recipient('deletePendingChangeServiceSupplier', { organizationIdentity: company }),
      () => accounts.recipient('getPendingAccountPreferences', company),
      () => accounts.recipient('deletePendingAccountPreferences', { organizationIdentity: company }),
      () => accounts.recipient('getAccountPreferences', { RecipientId: TOGETHER, UserIdentity: ANNA }),
    ];
    for (const call of calls) {
      await accounts.refused(call, 5018, 'Error getting info from Bolagsverket: the company register does not answer');
    }
    isDown = false;
  });
});

function registration(recipientId: string): string {
  return textOf({ action: 'register', recipientId, serviceSupplier: FIRST_DOMAIN });
}
