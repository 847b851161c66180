import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createRegister } from '../src/index.ts';
import {
  type Accounts,
  ANNA,
  type Answer,
  authorization,
  BERTIL,
  BOARD,
  CECILIA,
  EACH,
  FIRST,
  NOBODY,
  SECOND,
  SOLE_TRADER,
  startAccounts,
  TOGETHER,
  UNCLEAR,
} from './accountsSetup.ts';
import { MUNICIPALITY, OTHER_SENDER, SERVED, STRANGER } from './sampleRegister.ts';
import { faultOf, get, post } from './soapSetup.ts';

const TEXT = 'Vi godkänner operatörens villkor.';
const NOT_OPERATOR = 'Access denied: only a mailbox operator may do this';

describe('Authority over mutual TLS', () => {
  let accounts: Accounts;
  before(async () => {
    accounts = await startAccounts();
    await createRegister(accounts.database.pool).grantConsents([
      { company: TOGETHER, person: NOBODY, grantType: 'ConsentRead' },
      { company: EACH, person: CECILIA, grantType: 'ConsentManage' },
      { company: TOGETHER, person: CECILIA, grantType: 'ConsentReadExtendUnread' },
    ]);
  });
  after(() => accounts.close());

  const returned = (answer: Answer) => {
    assert.equal(answer.code, 200, answer.description);
    return answer.body.child('return');
  };
  const rights = async (
    person: string,
    operation: 'getUserAccessRights' | 'getUserAccessRightsNoConcent' = 'getUserAccessRights',
  ) => {
    const result = returned(await accounts.authority(operation, { arg0: person }));
    return {
      rights: result
        .all('Rights')
        .map((right) => [
          right.text('Id'),
          right.text('OrganizationName'),
          right.text('UserIdentity'),
          right.text('GrantType'),
          right.text('Role'),
          right.all('GrantedAccess').length,
        ]),
      problems: result
        .all('Problems')
        .map((problem) => [problem.text('Source'), problem.text('Type'), problem.text('ObjectId')]),
    };
  };

  it('answers with parameters in no namespace (FACTS b.1), also to other prefixes and any SOAPAction', async () => {
    const request =
      `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><q:isSenderAccepted ` +
      `xmlns:q="http://minameddelanden.gov.se/Authority"><arg0>${MUNICIPALITY}</arg0></q:isSenderAccepted></S:Body></S:Envelope>`;
    const tls = await accounts.tlsOf(FIRST);
    const answer = await post(accounts.far.authorityUrl, tls, request, { SOAPAction: '"anything"' });
    assert.equal(answer.status, 200);
    assert.match(
      answer.text,
      /<isSenderAcceptedResponse xmlns="http:\/\/minameddelanden\.gov\.se\/Authority"><return xmlns="">true</,
    );
  });

  it('lists senders and dispatchers, and says whether a sender is connected', async () => {
    const senders = await accounts.authority('getSenders', {}, MUNICIPALITY);
    assert.deepEqual(
      senders.body.all('return').map((sender) => [sender.text('Id'), sender.text('Name')]),
      [
        [MUNICIPALITY, 'Kommun A'],
        [SERVED, 'Kommun B'],
        [OTHER_SENDER, 'Staden &amp; regionen'.replace('&amp;', '&')],
      ],
    );
    const dispatcher = returned(await accounts.authority('getDispatchers', {}));
    assert.deepEqual([dispatcher.text('Id'), dispatcher.text('Name')], [MUNICIPALITY, 'Kommun A']);
    assert.deepEqual(
      dispatcher
        .all('Senders')
        .map((sender) => sender.content)
        .sort(),
      [SERVED, MUNICIPALITY].sort(),
    );
    const accepted = async (arg0: string) => returned(await accounts.authority('isSenderAccepted', { arg0 })).content;
    assert.deepEqual(await Promise.all([accepted(SERVED), accepted(STRANGER), accepted(ANNA)]), [
      'true',
      'false',
      'false',
    ]);
  });

  it('is refused to an organisation that is not connected, and most of it to all but operators: 5002', async () => {
    for (const operation of ['getSenders', 'getDispatchers'] as const) {
      await accounts.refused(() => accounts.authority(operation, {}, STRANGER), 5002, 'Access denied');
    }
    await accounts.refused(
      () => accounts.authority('isSenderAccepted', { arg0: SERVED }, STRANGER),
      5002,
      'Access denied',
    );
    const signature = await accounts.sign(ANNA, TEXT);
    const calls = {
      getUserAccessRights: { arg0: ANNA },
      getUserAccessRightsNoConcent: { arg0: ANNA },
      testNewSigner: { arg0: TOGETHER, arg1: [], arg3: 'Ownership' },
      verifyAuthorizedSignatures: { arg0: ANNA, arg1: [signature], arg2: Buffer.from(TEXT), arg3: 'Ownership' },
    } as const;
    for (const [operation, request] of Object.entries(calls)) {
      const call = () => accounts.authority(operation as keyof typeof calls, request, MUNICIPALITY);
      await accounts.refused(call, 5002, NOT_OPERATOR);
    }
  });

  it('writes its faults in the namespace of its own (FACTS b.9) with a CallId that finds the log line', async () => {
    const tls = await accounts.tlsOf(STRANGER);
    const request =
      '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>' +
      '<w:getSenders xmlns:w="http://minameddelanden.gov.se/Authority"/></e:Body></e:Envelope>';
    const answer = await post(accounts.far.authorityUrl, tls, request);
    assert.equal(answer.status, 500);
    assert.match(
      answer.text,
      /<detail><getSendersFault xmlns="http:\/\/minameddelanden\.gov\.se\/Authority"><ErrorCode xmlns="http:\/\/minameddelanden\.gov\.se\/schema\/Common">5002</,
    );
    const { callId } = faultOf(answer);
    assert.ok(accounts.logLines.some((line) => line.includes(callId)));
    const { rows } = await accounts.database.pool.query(
      'select operation, error_code from request_log where call_id = $1',
      [callId],
    );
    assert.deepEqual(rows, [{ operation: 'getSenders', error_code: 5002 }]);
  });

  it('tells offices and consents of a person, and what is uncertain', async () => {
    assert.deepEqual(await rights(ANNA), {
      rights: [
        ['165590000054', 'Ideella föreningen', ANNA, 'AuthorizedSignatory', '', 13],
        [BOARD, 'Styrelsen BRF', ANNA, 'AuthorizedSignatory', '', 5],
        [TOGETHER, 'Två i Förening AB', ANNA, 'AuthorizedSignatory', '', 5],
        [EACH, 'Var för Sig HB', ANNA, 'AuthorizedSignatory', '', 13],
      ],
      problems: [['Bolagsverket', 'DataUncertain', UNCLEAR]],
    });
    assert.deepEqual((await rights(BERTIL)).rights[0], [
      BOARD,
      'Styrelsen BRF',
      BERTIL,
      'AuthorizedSignatory',
      'Ordförande',
      5,
    ]);
    assert.deepEqual((await rights(CECILIA)).rights, [
      [BOARD, 'Styrelsen BRF', CECILIA, 'AuthorizedSignatory', '', 5],
      [TOGETHER, 'Två i Förening AB', CECILIA, 'AuthorizedSignatory', '', 5],
      [EACH, 'Var för Sig HB', CECILIA, 'AuthorizedRole', 'Prokurist', 1],
      [TOGETHER, 'Två i Förening AB', CECILIA, 'ConsentReadExtendUnread', '', 1],
      [EACH, 'Var för Sig HB', CECILIA, 'ConsentManage', '', 5],
    ]);
    assert.deepEqual((await rights(CECILIA, 'getUserAccessRightsNoConcent')).rights.length, 3);
    assert.deepEqual(await rights(NOBODY), { rights: [[TOGETHER, '', NOBODY, 'ConsentRead', '', 1]], problems: [] });
    assert.deepEqual(await rights('no-198501011004'), { rights: [], problems: [] });
  });

  it('forgets a consent that is cancelled', async () => {
    const register = createRegister(accounts.database.pool);
    const consent = { company: TOGETHER, person: NOBODY, grantType: 'ConsentRead' } as const;
    assert.equal(await register.cancelConsent(consent), true);
    assert.equal(await register.cancelConsent(consent), false);
    assert.deepEqual((await rights(NOBODY)).rights, []);
    await register.grantConsents([consent]);
    assert.equal((await rights(NOBODY)).rights.length, 1);
  });

  it('tells whether one more signer would be enough', async () => {
    const test = async (arg0: string, signed: readonly string[], arg2?: string) => {
      const arg1 = signed.map((Id) => ({ Id, Name: 'Som operatören skrev' }));
      const request = { arg0, arg1, ...(arg2 === undefined ? {} : { arg2 }), arg3: 'Ownership' };
      return returned(await accounts.authority('testNewSigner', request));
    };
    const one = await test(TOGETHER, [], ANNA);
    assert.deepEqual(authorization(one), { status: 'Incomplete', signedBy: [ANNA], possible: [BERTIL, CECILIA] });
    assert.equal(one.child('SignedBy').text('Name'), 'Anna Andersson');
    assert.equal(one.text('Text'), 'Firman tecknas av två i förening.');
    assert.deepEqual(authorization(await test(TOGETHER, [ANNA], BERTIL)), {
      status: 'Complete',
      signedBy: [ANNA, BERTIL],
      possible: [],
    });
    assert.equal(authorization(await test(TOGETHER, [ANNA], ANNA)).status, 'Incomplete');
    assert.deepEqual(authorization(await test(TOGETHER, [NOBODY], 'se-foreigner')), {
      status: 'Incomplete',
      signedBy: [],
      possible: [],
    });
    assert.equal(authorization(await test(EACH, [], BERTIL)).status, 'Complete');
    assert.deepEqual(authorization(await test(UNCLEAR, [ANNA])), {
      status: 'RulesNotSupported',
      signedBy: [ANNA],
      possible: [],
    });
  });

  it('verifies signatures over a text, and keeps nothing: the same may be asked again', async () => {
    const verify = (arg0: string, arg1: unknown[], text = TEXT) =>
      accounts.authority('verifyAuthorizedSignatures', { arg0, arg1, arg2: Buffer.from(text), arg3: 'CancelConsent' });
    const anna = await accounts.sign(ANNA, TEXT);
    const cecilia = await accounts.sign(CECILIA, TEXT);
    const before = await accounts.snapshot();
    for (let round = 0; round < 2; round += 1) {
      const one = returned(await verify(TOGETHER, [anna, anna]));
      assert.deepEqual(authorization(one), { status: 'Incomplete', signedBy: [ANNA], possible: [BERTIL, CECILIA] });
    }
    const two = returned(await verify(TOGETHER, [anna, cecilia]));
    assert.deepEqual(authorization(two), { status: 'Complete', signedBy: [ANNA, CECILIA], possible: [] });
    assert.deepEqual(authorization(returned(await verify(ANNA, [anna]))), {
      status: 'Complete',
      signedBy: [ANNA],
      possible: [],
    });
    assert.equal(await accounts.snapshot(), before);

    const denied = 'Access denied: a signer may not sign for this recipient';
    await accounts.refused(() => verify(EACH, [cecilia]), 5002, denied);
    await accounts.refused(() => verify(CECILIA, [anna]), 5002, denied);
    await accounts.refused(
      () => verify(TOGETHER, [anna], 'Något annat'),
      5012,
      'Signature error: another text was signed',
    );
    const mock = { Signature: Buffer.from(`SERIALNUMBER=${ANNA}, CN=Anna`), Certificate: '-' };
    await accounts.refused(() => verify(ANNA, [mock]), 5012, 'Signature error: a mocked signature is not a signature');
    await accounts.refused(
      () =>
        accounts.authority('verifyAuthorizedSignatures', {
          arg0: ANNA,
          arg1: [anna],
          arg2: Buffer.from([0xff]),
          arg3: 'Ownership',
        }),
      5001,
      'Invalid input: arg2 is not text in UTF-8',
    );
  });

  it('knows no other companies, and takes no more than there can be: 5001, 5003, 5005, 6004', async () => {
    const test =
      (arg0: string, arg1: object[] = []) =>
      () =>
        accounts.authority('testNewSigner', { arg0, arg1, arg3: 'Ownership' });
    await accounts.refused(test(ANNA), 5001, 'Invalid input: arg0 is a person');
    await accounts.refused(test('165590000014'), 5001, 'Invalid input: arg0 is no number that can exist (checkDigit)');
    await accounts.refused(test(STRANGER), 5003, 'Object not found: the company register does not know the company');
    await accounts.refused(test(SOLE_TRADER), 6004, /a sole trader registers as a person$/);
    const crowd = Array.from({ length: 1001 }, () => ({ Id: ANNA, Name: 'Anna' }));
    await accounts.refused(test(TOGETHER, crowd), 5005, 'Max exceeded: at most 1000 persons');
    const text = 'x'.repeat(100_001);
    await accounts.refused(
      () =>
        accounts.authority('verifyAuthorizedSignatures', {
          arg0: ANNA,
          arg1: [{ Signature: Buffer.from('x'), Certificate: '-' }],
          arg2: Buffer.from(text),
          arg3: 'Ownership',
        }),
      5005,
      'Max exceeded: at most 100000 characters of signed text',
    );
  });

  it('refuses more than 8 MiB with 5005', async () => {
    const tls = await accounts.tlsOf(FIRST);
    const answer = await post(accounts.far.authorityUrl, tls, `<a>${' '.repeat(8_388_608)}</a>`);
    const { code, description } = faultOf(answer);
    assert.deepEqual([code, description], [5005, 'Max exceeded: at most 8388608 bytes']);
  });

  it('serves its WSDL and schemas, with its address, on both listeners', async () => {
    const tls = await accounts.tlsOf(SECOND);
    const address = accounts.far.authorityUrl;
    assert.match(address, /^https:\/\/127\.0\.0\.1:\d+\/webservice\/Authority$/);
    const wsdl = (await get(`${address}?wsdl`, tls)).text;
    assert.ok(wsdl.includes(`location="${address}"`));
    assert.match(wsdl, /name="AuthorityPort"/);
    const publicWsdl = await (await fetch(`${accounts.far.webUrl}/webservice/Authority?wsdl`)).text();
    assert.equal(publicWsdl, wsdl);
    const xsd = await fetch(`${accounts.far.webUrl}/webservice/Authority?xsd=Authority`);
    assert.match(await xsd.text(), /targetNamespace="http:\/\/minameddelanden\.gov\.se\/schema\/Authority"/);
    assert.equal((await fetch(`${accounts.far.webUrl}/webservice/Authority`)).status, 404);
  });
});

describe('Authority without its company register', () => {
  it('says so in Problems and still tells the consents; asks with signatures get 5018', async () => {
    const unavailable = () => Promise.resolve({ kind: 'unavailable' as const });
    const accounts = await startAccounts({ companies: { find: unavailable, findByPerson: unavailable } });
    try {
      const consent = { company: TOGETHER, person: NOBODY, grantType: 'ConsentManage' } as const;
      await createRegister(accounts.database.pool).grantConsents([consent]);
      const { body } = await accounts.authority('getUserAccessRights', { arg0: NOBODY });
      const [problem] = body.child('return').all('Problems');
      assert.deepEqual(
        ['Source', 'Type', 'Description'].map((name) => problem?.text(name)),
        ['Bolagsverket', 'SourceInaccessible', 'The company register does not answer.'],
      );
      assert.equal(body.child('return').child('Rights').text('GrantType'), 'ConsentManage');
      const down = 'Error getting info from Bolagsverket: the company register does not answer';
      await accounts.refused(
        () => accounts.authority('testNewSigner', { arg0: TOGETHER, arg1: [], arg3: 'Ownership' }),
        5018,
        down,
      );
      const signature = await accounts.sign(ANNA, TEXT);
      await accounts.refused(
        () =>
          accounts.authority('verifyAuthorizedSignatures', {
            arg0: TOGETHER,
            arg1: [signature],
            arg2: Buffer.from(TEXT),
            arg3: 'Ownership',
          }),
        5018,
        down,
      );
    } finally {
      await accounts.close();
    }
  });
});
