import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { authorityService, type Operation, recipientService } from '@brevduva/protocol';
import {
  type Accounts,
  ANNA,
  type Answer,
  BERTIL,
  FIRST,
  FIRST_DOMAIN,
  readAnswer,
  requestBytes,
  startAccounts,
  TOGETHER,
  today,
} from './accountsSetup.ts';
import { MUNICIPALITY, SERVED } from './sampleRegister.ts';
import { post } from './soapSetup.ts';

const SIGNATURE = { Signature: Buffer.from('x'), Certificate: '-', Nonce: 'n', EncodingOfSignedText: 'UTF-8' };
const IDENTITY = { Id: TOGETHER, UserIdentity: ANNA };
const ACCOUNT = { Id: ANNA, Type: 'Create', AgreementText: 't', Timestamp: today(), ServiceSupplier: FIRST_DOMAIN };

/** A request of every operation with every element that it may have. */
const REQUESTS: Readonly<Record<string, object>> = {
  isReachable: { senderOrgNr: MUNICIPALITY, recipientId: [ANNA] },
  isRegistered: { recipientId: [ANNA] },
  register: { accountRequest: ACCOUNT, accountType: 'Secure', signature: [SIGNATURE] },
  deregister: { deregisterAccount: { ...ACCOUNT, Type: 'Delete' }, signature: [SIGNATURE] },
  changeServiceSupplier: {
    Id: ANNA,
    UserIdentity: ANNA,
    ServiceSupplier: FIRST_DOMAIN,
    AgreementText: 't',
    SignatureData: [SIGNATURE],
  },
  storeAccountPreferences: {
    Id: ANNA,
    UserIdentity: ANNA,
    preferences: { Id: ANNA, AcceptedSenders: [{ Id: SERVED, Name: 'Kommun B', Attention: 'x' }] },
    AgreementText: 't',
    SignatureData: [SIGNATURE],
  },
  getAccountPreferences: { RecipientId: ANNA, UserIdentity: ANNA },
  getPendingAccountRequest: { recipientId: [TOGETHER], userIdentity: ANNA },
  deletePendingAccountRequest: { recipientId: TOGETHER, userIdentity: ANNA },
  getPendingChangeServiceSupplier: IDENTITY,
  deletePendingChangeServiceSupplier: { organizationIdentity: IDENTITY },
  getPendingAccountPreferences: IDENTITY,
  deletePendingAccountPreferences: { organizationIdentity: IDENTITY },
  isAuthorizedSigner: { CompanyId: TOGETHER, UserIdentity: ANNA },
  getSenders: {},
  getDispatchers: {},
  isSenderAccepted: { arg0: MUNICIPALITY },
  getUserAccessRights: { arg0: ANNA },
  getUserAccessRightsNoConcent: { arg0: ANNA },
  testNewSigner: { arg0: TOGETHER, arg1: [{ Id: ANNA, Name: 'Anna' }], arg2: BERTIL, arg3: 'Ownership' },
  verifyAuthorizedSignatures: { arg0: TOGETHER, arg1: [SIGNATURE], arg2: Buffer.from('t'), arg3: 'CancelConsent' },
};

const OPTIONAL =
  /(?:Nonce|EncodingOfSignedText|AcceptedSenders|Attention|isReachable\/recipientId|getPendingAccountRequest\/recipientId|testNewSigner\/arg[12])$/;
const REPEATED = /(?:recipientId|signature|SignatureData|AcceptedSenders|arg1)$/;
const NOT_REPEATED = /deletePendingAccountRequest\/recipientId$/;

/** Values that the type of an element does not have (FACTS b.3, b.8, c), by the end of its path. */
const BAD_VALUES: readonly [RegExp, readonly string[]][] = [
  [/senderOrgNr$/, ['', '16202100474', '1620210047480', ANNA, '16202100474A']],
  [/testNewSigner\/arg1\/Id$|testNewSigner\/arg2$/, ['', 'x', 'x'.repeat(257)]],
  [
    /[uU]serIdentity$|AccessRights\/arg0$|NoConcent\/arg0$/,
    ['', '19850101100', '1985010110040', '168501011004', 'SE1985010110', 'se12345', `se${'x'.repeat(254)}`],
  ],
  [
    /(?:Id|recipientId|arg0)$/,
    ['', '19850101100', '1985010110040', '171501011004', '198513011004', '198500', '19850101-1004', '16559000001A'],
  ],
  [/Type$/, ['', 'create', 'Change', 'Not']],
  [/accountType$/, ['', 'secure', 'Create']],
  [/Timestamp$/, ['', '2026-13-01', '2026-02-30', '20260101', `${today()}T00:00:00`]],
  [/Signature$|verifyAuthorizedSignatures\/arg2$/, ['*', 'A', 'AAA', 'AA=A', 'å']],
  [/AcceptedSenders\/Name$/, ['', 'x', 'x'.repeat(257)]],
  [/arg3$/, ['', 'Own', 'ownership']],
];
const NO_RESTRICTION =
  /(?:AgreementText|ServiceSupplier|Certificate|Nonce|EncodingOfSignedText|Attention|testNewSigner\/arg1\/Name)$/;

interface Place {
  path: string;
  start: number;
  end: number;
  /** Of the text, where the element holds nothing else. */
  content?: { start: number; end: number };
}

describe('every restriction of every field', () => {
  let accounts: Accounts;
  let calls = 0;
  before(async () => {
    accounts = await startAccounts();
  });
  after(() => accounts.close());

  for (const [service, contract] of [
    ['Recipient', recipientService],
    ['Authority', authorityService],
  ] as const) {
    const urlOf = () => (service === 'Recipient' ? accounts.far.soapUrl : accounts.far.authorityUrl);
    const send = async (xml: string): Promise<Answer> => {
      calls += 1;
      return readAnswer(await post(urlOf(), accounts.tls[FIRST] as never, xml));
    };
    for (const [name, operation] of Object.entries(contract.operations) as [string, Operation][]) {
      it(`of ${service}.${name} is kept with 5001, and its good request is not refused for its form`, async () => {
        const request = REQUESTS[name];
        assert.ok(request !== undefined, 'every operation has a request here');
        const good = requestBytes(operation, request).toString();
        const before = await accounts.snapshot();
        const answer = await send(good);
        assert.doesNotMatch(answer.description, /line \d+/);
        for (const { what, xml } of spoilt(good, name)) {
          const bad = await send(xml);
          assert.equal(bad.code, 5001, `${what}: ${bad.description}`);
          assert.match(bad.description, /^Invalid input: /, what);
          assert.doesNotMatch(bad.description, /\d{8,}/, `${what}: the fault repeats an identity`);
        }
        assert.equal(await accounts.snapshot(), before);
      });
    }
  }

  it('has been tried', () => assert.ok(calls > 350, `only ${calls} calls`));
});

function* spoilt(good: string, operation: string): Generator<{ what: string; xml: string }> {
  const places = placesIn(good, operation);
  const [top] = places;
  assert.ok(top !== undefined);
  yield {
    what: 'an unknown element',
    xml: insert(good, good.lastIndexOf('</', top.end - 1), '<Unknown xmlns="urn:x"/>'),
  };
  yield { what: 'an unknown attribute', xml: good.replace(`<${operation} `, `<${operation} unknown="1" `) };
  for (const { path, start, end, content } of places.slice(1)) {
    const element = good.slice(start, end);
    if (!OPTIONAL.test(path)) yield { what: `${path} missing`, xml: good.slice(0, start) + good.slice(end) };
    if (!REPEATED.test(path) || NOT_REPEATED.test(path))
      yield { what: `${path} twice`, xml: insert(good, end, element) };
    yield {
      what: `${path} in another namespace`,
      xml: good.slice(0, start) + element.replace(/^<(\w+)[^>]*>/, '<$1 xmlns="urn:other">') + good.slice(end),
    };
    if (content === undefined || NO_RESTRICTION.test(path)) continue;
    const values = BAD_VALUES.find(([pattern]) => pattern.test(path))?.[1];
    assert.ok(values !== undefined, `${path} has no bad values here`);
    for (const value of values) {
      yield { what: `${path} = "${value}"`, xml: good.slice(0, content.start) + value + good.slice(content.end) };
    }
  }
}

function insert(text: string, at: number, what: string): string {
  return text.slice(0, at) + what + text.slice(at);
}

/** Where the operation's element and all in it stand. */
function placesIn(xml: string, operation: string): Place[] {
  const places: Place[] = [];
  const open: { name: string; start: number; inner: number; place: Place; hasChildren: boolean }[] = [];
  for (const match of xml.matchAll(/<(\/?)([\w:]+)[^>]*?(\/?)>/g)) {
    const [tag, closing, name = '', empty] = match;
    const parent = open.at(-1);
    if (parent === undefined && name !== operation) continue;
    if (closing === '/') {
      const done = open.pop();
      if (done === undefined) break;
      done.place.end = match.index + tag.length;
      if (!done.hasChildren) done.place.content = { start: done.inner, end: match.index };
      if (open.length === 0) break;
      continue;
    }
    if (parent !== undefined) parent.hasChildren = true;
    const place = {
      path: [...open.map((each) => each.name), name].join('/'),
      start: match.index,
      end: match.index + tag.length,
    };
    places.push(place);
    if (empty === '/' && parent === undefined) break;
    if (empty !== '/')
      open.push({ name, start: match.index, inner: match.index + tag.length, place, hasChildren: false });
  }
  return places;
}
