import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createSigner, signAsUser } from '@brevduva/protocol';
import {
  type Accounts,
  ANNA,
  authorization,
  BERTIL,
  CECILIA,
  COORDINATED,
  DEAD,
  deregister,
  FIRST_DOMAIN,
  MINOR,
  NAMES,
  NOBODY,
  PROTECTED,
  register,
  SECOND,
  SECOND_DOMAIN,
  startAccounts,
  textOf,
  today,
} from './accountsSetup.ts';
import { MUNICIPALITY } from './sampleRegister.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const BAD_TEXT = 'Invalid input: AgreementText has no line that names this action, recipient and operator';
const registration = (recipientId: string, serviceSupplier = FIRST_DOMAIN) =>
  textOf({ action: 'register', recipientId, serviceSupplier });

describe('a person registers', () => {
  let accounts: Accounts;
  before(async () => {
    accounts = await startAccounts();
  });
  after(() => accounts.close());

  const signatureRefused = (signatures: Awaited<ReturnType<Accounts['sign']>>[], reason: string) =>
    accounts.refused(
      () => register(accounts, { recipientId: CECILIA, signers: [], signatures }),
      5010,
      `Signature in signature when registering an account: ${reason}`,
    );

  it('and is reachable at once; twice is refused; leaves, and can come back', async () => {
    const answer = await register(accounts, { recipientId: ANNA, signers: [ANNA] });
    assert.equal(answer.code, 200, answer.description);
    const result = answer.body.child('return');
    assert.equal(result.text('Id'), ANNA);
    assert.match(result.text('Timestamp'), /^\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d$/);
    assert.deepEqual(authorization(result), { status: 'Complete', signedBy: [ANNA], possible: [] });
    assert.equal(result.child('SignedBy').text('Name'), NAMES[ANNA]);
    const reachable = await accounts.reachability(ANNA);
    assert.equal(reachable.text('SenderAccepted'), 'true');
    const status = reachable.child('AccountStatus');
    assert.deepEqual([status.text('Type'), status.text('Pending')], ['Secure', 'false']);
    assert.equal(status.child('ServiceSupplier').text('ServiceAdress'), 'https://mailbox.example/service/v3');

    const exists = 'Object already exists: the recipient has a mailbox';
    await accounts.refused(() => register(accounts, { recipientId: ANNA, signers: [ANNA] }), 5007, exists);
    const atSecond = { recipientId: ANNA, signers: [ANNA], domain: SECOND_DOMAIN, caller: SECOND };
    await accounts.refused(() => register(accounts, atSecond), 5007, exists);

    const left = await deregister(accounts, { recipientId: ANNA, signers: [ANNA] });
    assert.deepEqual([left.code, authorization(left.body.child('return')).status], [200, 'Complete']);
    const gone = await accounts.reachability(ANNA);
    assert.deepEqual([gone.child('AccountStatus').text('Type'), gone.text('SenderAccepted')], ['Not', 'false']);
    await accounts.refused(
      () => deregister(accounts, { recipientId: ANNA, signers: [ANNA] }),
      5003,
      'Object not found: the recipient has no mailbox',
    );
    const again = await register(accounts, atSecond);
    assert.equal(again.code, 200, again.description);
    const moved = (await accounts.reachability(ANNA)).child('AccountStatus').child('ServiceSupplier');
    assert.equal(moved.text('ServiceAdress'), 'https://andra.example/service/v3');
  });

  it('also with a coordination number, and with a time zone behind the date (scenario 12)', async () => {
    const handing = { recipientId: COORDINATED, signers: [COORDINATED] };
    const answer = await register(accounts, handing, { Timestamp: `${today()}+02:00` });
    assert.deepEqual([answer.code, answer.description], [200, '']);
  });

  it('only as one who may have a mailbox: 6007, 6006, 5009', async () => {
    const tries: [string, number, string][] = [
      [NOBODY, 6007, 'Specified person dose not exist.'],
      [DEAD, 6007, 'Specified person dose not exist.'],
      [PROTECTED, 6006, 'Specified person has protected identity.'],
      [MINOR, 5009, 'Error when registering an account: the person is not 18 years old'],
    ];
    for (const [person, code, description] of tries) {
      await accounts.refused(() => register(accounts, { recipientId: person, signers: [person] }), code, description);
    }
  });

  it('only through an operator, and only at that operator: 5002, 5003', async () => {
    const anna = { recipientId: BERTIL, signers: [BERTIL] };
    const notOperator = 'Access denied: only a mailbox operator may do this';
    await accounts.refused(() => register(accounts, { ...anna, caller: MUNICIPALITY }), 5002, notOperator);
    const otherDomain = 'Access denied: ServiceSupplier is another operator than the caller';
    await accounts.refused(() => register(accounts, { ...anna, caller: SECOND }), 5002, otherDomain);
    const noOperator = 'Object not found: no operator has the domain in ServiceSupplier';
    await accounts.refused(() => register(accounts, { ...anna, domain: 'ingen.example' }), 5003, noOperator);
  });

  it('at an operator whose domain is written in another way', async () => {
    const answer = await register(
      accounts,
      { recipientId: BERTIL, signers: [BERTIL] },
      { ServiceSupplier: ' Brevladan.EXAMPLE ' },
    );
    assert.equal(answer.code, 200, answer.description);
  });

  it('only with a signature of its own: 5002', async () => {
    const text = registration(CECILIA);
    const other = await accounts.sign(BERTIL, text);
    const denied = 'Access denied: a signer may not sign for this recipient';
    const own = await accounts.sign(CECILIA, text);
    for (const signatures of [[other], [own, other]]) {
      await accounts.refused(() => register(accounts, { recipientId: CECILIA, signers: [], signatures }), 5002, denied);
    }
  });

  it('never with a signature that is mocked, foreign, changed, old, dated ahead, or over another text: 5010', async () => {
    const text = registration(CECILIA);
    const good = await accounts.sign(CECILIA, text);
    const mock = `SERIALNUMBER=${CECILIA}, CN=${NAMES[CECILIA]}`;
    await signatureRefused([{ ...good, Signature: Buffer.from(mock) }], 'a mocked signature is not a signature');
    await signatureRefused(
      [{ ...good, Signature: Buffer.from('MIIBCgYJKoZIhvcN') }],
      'PKCS#7 signatures are not supported',
    );
    const changed = Buffer.from(good.Signature.toString().replace('<SignedAt>2', '<SignedAt>1'));
    await signatureRefused([{ ...good, Signature: changed }], 'the document was changed after it was signed');
    const now = Date.now();
    const old = await accounts.sign(CECILIA, text, { signedAt: new Date(now - 16 * MINUTE_MS) });
    await signatureRefused([old], 'the signature is too old');
    const ahead = await accounts.sign(CECILIA, text, { signedAt: new Date(now + 5 * MINUTE_MS) });
    await signatureRefused([ahead], 'the signature is dated in the future');
    await signatureRefused([await accounts.sign(CECILIA, `${text} `)], 'another text was signed');
    await signatureRefused([{ ...good, Nonce: 'another' }], 'the nonce is not the one that was signed');
    await signatureRefused([good, old], 'the signature is too old');
  });

  it('never with a signature by an issuer of certificates for organisations', async () => {
    const { key, cert } = await accounts.tlsOf(CECILIA);
    const signer = createSigner({ privateKeyPem: key, certificatePem: cert });
    const signature = await signAsUser({ text: registration(CECILIA), nonce: 'n', signer, signedAt: new Date() });
    await signatureRefused([signature], 'the certificate is not issued by a trusted e-ID issuer');
  });

  it('with a text that names action, recipient and operator: 5001', async () => {
    const texts = [
      'Jag ansluter mig till Mina meddelanden ...',
      registration(BERTIL),
      registration(CECILIA, SECOND_DOMAIN),
      textOf({ action: 'deregister', recipientId: CECILIA, serviceSupplier: FIRST_DOMAIN }),
    ];
    for (const text of texts) {
      await accounts.refused(
        () => register(accounts, { recipientId: CECILIA, signers: [CECILIA], text }),
        5001,
        BAD_TEXT,
      );
    }
  });

  it('with Type Create, account type Secure, a date that has come, and a number that exists: 5001', async () => {
    const cecilia = { recipientId: CECILIA, signers: [CECILIA] };
    const refused = (changes: Record<string, unknown>, description: string) =>
      accounts.refused(() => register(accounts, cecilia, changes), 5001, `Invalid input: ${description}`);
    await refused({ Type: 'Delete' }, 'register takes AccountRequest of Type Create');
    await refused({ accountType: 'Anonymous' }, 'accountType Anonymous cannot be registered');
    await refused({ accountType: 'Not' }, 'accountType Not cannot be registered');
    await refused(
      { Timestamp: new Date(Date.now() + 3 * DAY_MS).toISOString().slice(0, 10) },
      'Timestamp lies in the future',
    );
    for (const [id, reason] of [
      ['198501011005', 'checkDigit'],
      ['198502301004', 'date'],
    ] as const) {
      await accounts.refused(
        () => register(accounts, { recipientId: id, signers: [ANNA] }),
        5001,
        `Invalid input: Id is no number that can exist (${reason})`,
      );
    }
  });

  it('with no more text and signatures than a person reads and writes: 5005', async () => {
    const long = `${'x'.repeat(100_000)}\n${registration(CECILIA)}`;
    await accounts.refused(
      () => register(accounts, { recipientId: CECILIA, signers: [CECILIA], text: long }),
      5005,
      'Max exceeded: at most 100000 characters of AgreementText',
    );
    const one = await accounts.sign(CECILIA, registration(CECILIA));
    const signatures = Array.from({ length: 51 }, () => one);
    await accounts.refused(
      () => register(accounts, { recipientId: CECILIA, signers: [], signatures }),
      5005,
      'Max exceeded: at most 50 signatures',
    );
  });

  it('never with a signature that was used, however it is wrapped, and however many try at once', async () => {
    const text = registration(CECILIA);
    const signature = await accounts.sign(CECILIA, text);
    const handing = { recipientId: CECILIA, signers: [], signatures: [signature] };
    const answers = await Promise.all(Array.from({ length: 5 }, () => register(accounts, handing)));
    assert.deepEqual(answers.map((answer) => answer.code).sort(), [200, 5007, 5007, 5007, 5007]);
    await deregister(accounts, { recipientId: CECILIA, signers: [CECILIA] });
    // What was signed before the account was closed says nothing about opening it again.
    await accounts.refused(
      () => register(accounts, handing),
      5011,
      'Illegal state: the account has changed since this was signed',
    );
    await accounts.database.pool.query(
      'alter table account_change disable trigger account_change_append_only;' +
        ` delete from account_change where recipient_id = ${CECILIA};` +
        ` update account set registered_at = '2000-01-01' where recipient_id = ${CECILIA};` +
        ' alter table account_change enable trigger account_change_append_only',
    );
    await signatureRefused([signature], 'the signature has been used before');
    const wrapped = { ...signature, Signature: Buffer.from(signature.Signature.toString('base64')) };
    await signatureRefused([wrapped], 'the signature has been used before');
    const sameNonce = await accounts.sign(CECILIA, text, { nonce: signature.Nonce ?? '' });
    await signatureRefused([sameNonce], 'the signature has been used before');
  });

  it('and the proof is kept byte for byte, and cannot be altered', async () => {
    const { pool } = accounts.database;
    const { rows } = await pool.query<{ document: Buffer; callId: string }>(
      'select document, call_id as "callId" from account_signature where recipient_id = $1 order by signed_at limit 1',
      [ANNA],
    );
    assert.match(
      rows[0]?.document.toString() ?? '',
      /^<UserSignature xmlns="urn:brevduva:userSignature:1"><SignedText>/,
    );
    assert.ok(accounts.logLines.some((line) => line.includes(rows[0]?.callId ?? '-')));
    for (const table of ['account_signature', 'account_change']) {
      await assert.rejects(pool.query(`delete from ${table}`), {
        code: '23001',
        message: `table ${table} is append-only`,
      });
    }
  });

  it('and no log line holds a personal number', () => {
    assert.ok(accounts.logLines.length > 20);
    for (const line of accounts.logLines) assert.doesNotMatch(line, /(?:19|20)\d{10}/);
  });
});

describe('a register with other settings', () => {
  it('takes a free text, an old signature, a minor, a protected identity and Anonymous, if told to', async () => {
    const accounts = await startAccounts({
      accountRules: {
        agreementMustNameAction: false,
        signatureAgeMsMax: DAY_MS,
        registrationAgeYearsMin: 10,
        protectedIdentityMayRegister: true,
        accountTypes: ['Secure', 'Anonymous'],
      },
    });
    try {
      const text = 'Jag ansluter mig.';
      const minor = await accounts.sign(MINOR, text, { signedAt: new Date(Date.now() - DAY_MS / 2) });
      const answers = [
        await register(accounts, { recipientId: MINOR, signers: [], text, signatures: [minor] }),
        await register(accounts, { recipientId: PROTECTED, signers: [PROTECTED] }, { accountType: 'Anonymous' }),
      ];
      assert.deepEqual(
        answers.map(({ code, description }) => [code, description]),
        [
          [200, ''],
          [200, ''],
        ],
      );
      assert.equal((await accounts.reachability(PROTECTED)).child('AccountStatus').text('Type'), 'Anonymous');
    } finally {
      await accounts.close();
    }
  });

  it('registers no one when no issuer of e-ID is trusted, and says so when the population register is down', async () => {
    const down = { find: () => Promise.resolve({ kind: 'unavailable' as const }) };
    const accounts = await startAccounts({ eIdTrust: [], population: down });
    try {
      await accounts.refused(
        () => register(accounts, { recipientId: ANNA, signers: [ANNA] }),
        5017,
        'Error getting info from Spar: the population register does not answer',
      );
      await accounts.refused(
        () => register(accounts, { recipientId: '165590000021', signers: [ANNA] }),
        5010,
        /the certificate is not issued by a trusted e-ID issuer$/,
      );
    } finally {
      await accounts.close();
    }
  });
});
