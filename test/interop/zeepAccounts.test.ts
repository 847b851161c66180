/**
 * An independent client in an operator's place: zeep takes a person and a company through the whole life of their accounts at our
 * register, with real signatures. All operations of Recipient and Authority but `isReachable`, which senders ask.
 */
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { authorityService, recipientService, type SignatureData } from '@brevduva/protocol';
import {
  type Accounts,
  ANNA,
  BERTIL,
  EACH,
  FIRST,
  FIRST_DOMAIN,
  SECOND,
  SECOND_DOMAIN,
  startAccounts,
  TOGETHER,
  textOf,
  today,
} from '../../packages/far/test/accountsSetup.ts';
import { MUNICIPALITY } from '../../packages/far/test/sampleRegister.ts';
import { askZeep, plain, type ZeepCall, type ZeepResult, zeepTest } from './zeep.ts';

let accounts: Accounts;
before(async () => {
  accounts = await startAccounts();
});
after(() => accounts.close());

type Recipient = keyof typeof recipientService.operations;
type Authority = keyof typeof authorityService.operations;
const used = new Set<string>();

/** Calls one after another, as an operator. */
async function as(
  operator: string,
  recipient: readonly (ZeepCall & { operation: Recipient })[],
  authority: readonly (ZeepCall & { operation: Authority })[] = [],
): Promise<ZeepResult[]> {
  const tls = accounts.tls[operator];
  assert.ok(tls);
  for (const { operation } of [...recipient, ...authority]) used.add(operation);
  const services = await askZeep({ own: { keyPem: tls.key, certPem: tls.cert }, caPem: tls.ca }, [
    { wsdl: `${accounts.far.soapUrl}?wsdl`, calls: recipient },
    { wsdl: `${accounts.far.authorityUrl}?wsdl`, calls: authority },
  ]);
  return services.flatMap(({ calls }) => calls);
}

type Fields = Record<string, unknown>;

function answerOf(result: ZeepResult | undefined): Fields {
  assert.ok(result !== undefined && 'answer' in result, JSON.stringify(result));
  return (plain(result.answer) ?? {}) as Fields;
}

function faultOf(result: ZeepResult | undefined): string {
  assert.ok(result !== undefined && 'fault' in result, JSON.stringify(result));
  return `${result.fault.detail?.fields['ErrorCode']} ${result.fault.detail?.fields['Description']}`;
}

/** What stands in a field. */
const within = (value: unknown, name: string): Fields => ((value as Fields | undefined)?.[name] ?? {}) as Fields;

const peopleOf = (value: unknown): string[] => ((value ?? []) as { Id: string }[]).map(({ Id }) => Id);

function assertSigned(result: ZeepResult | undefined, status: string, by: string[], left: string[] = []): void {
  const { Status, SignedBy, PossibleSigners } = answerOf(result);
  assert.deepEqual([Status, peopleOf(SignedBy), peopleOf(PossibleSigners).sort()], [status, by, left.sort()]);
}

const signatures = (text: string, signers: readonly string[]): Promise<SignatureData[]> =>
  Promise.all(signers.map((signer) => accounts.sign(signer, text)));

async function registering(recipientId: string, signers: readonly string[]) {
  const text = textOf({ action: 'register', recipientId, serviceSupplier: FIRST_DOMAIN });
  const accountRequest = {
    ...{ Id: recipientId, Type: 'Create', AgreementText: text, Timestamp: today(), ServiceSupplier: FIRST_DOMAIN },
  };
  const signature = await signatures(text, signers);
  return { operation: 'register' as const, request: { accountRequest, accountType: 'Secure', signature } };
}

async function storing(recipientId: string, signers: readonly string[]) {
  const agreement = { recipientId, serviceSupplier: FIRST_DOMAIN, acceptedSenders: [MUNICIPALITY] };
  const AgreementText = textOf({ action: 'storeAccountPreferences', ...agreement });
  const preferences = { Id: recipientId, AcceptedSenders: [{ Id: MUNICIPALITY, Name: 'Kommun A' }] };
  const SignatureData = await signatures(AgreementText, signers);
  const request = { Id: recipientId, UserIdentity: ANNA, preferences, AgreementText, SignatureData };
  return { operation: 'storeAccountPreferences' as const, request };
}

async function moving(recipientId: string, signers: readonly string[]) {
  const AgreementText = textOf({ action: 'changeServiceSupplier', recipientId, serviceSupplier: SECOND_DOMAIN });
  const SignatureData = await signatures(AgreementText, signers);
  const request = { Id: recipientId, UserIdentity: ANNA, ServiceSupplier: SECOND_DOMAIN, AgreementText, SignatureData };
  return { operation: 'changeServiceSupplier' as const, request };
}

const call = <O extends string>(operation: O, request: object) => ({ operation, request });
const registered = (recipientId: string) => call('isRegistered', { recipientId: [recipientId] });
const company = { Id: TOGETHER, UserIdentity: ANNA };
const waiting = { recipientId: [TOGETHER], userIdentity: ANNA };
const withdrawn = { organizationIdentity: company };

zeepTest('zeep registers a person, and a company in two steps after one that was withdrawn', async () => {
  const [person, again, account, preferences, half, pending, removed, none, signer, stale] = await as(FIRST, [
    await registering(ANNA, [ANNA]),
    await registering(ANNA, [ANNA]),
    registered(ANNA),
    call('getAccountPreferences', { RecipientId: ANNA, UserIdentity: ANNA }),
    await registering(TOGETHER, [ANNA]),
    call('getPendingAccountRequest', waiting),
    call('deletePendingAccountRequest', { recipientId: TOGETHER, userIdentity: ANNA }),
    call('getPendingAccountRequest', waiting),
    call('isAuthorizedSigner', { CompanyId: TOGETHER, UserIdentity: ANNA }),
    await registering(TOGETHER, [ANNA, BERTIL]),
  ]);
  assertSigned(person, 'Complete', [ANNA]);
  assert.match(faultOf(again), /^5007 Object already exists/);
  const [status] = answerOf(account) as unknown as Fields[];
  assert.deepEqual([status?.['Type'], status?.['Pending']], ['Secure', false]);
  assert.ok((answerOf(preferences)['AcceptedSenders'] as unknown[]).length > 0);
  assert.equal(answerOf(half)['Status'], 'Incomplete');
  const [request] = answerOf(pending) as unknown as Fields[];
  assert.equal(within(request, 'AccountRequest')['Id'], TOGETHER);
  assert.deepEqual(peopleOf(within(request, 'SignatureStatus')['SignedBy']), [ANNA]);
  assert.deepEqual(answerOf(removed), {});
  assert.deepEqual(answerOf(none), []);
  assert.equal(answerOf(signer)['isAccountAuthorizedSigner'], true);
  // signed before the withdrawal
  assert.match(faultOf(stale), /^5011 Illegal state/);
  const [whole] = await as(FIRST, [await registering(TOGETHER, [ANNA, BERTIL])]);
  assertSigned(whole, 'Complete', [ANNA, BERTIL]);
});

zeepTest('zeep chooses senders, at once for a person, waiting for a company', async () => {
  const [stored, read, half, pending, removed, gone] = await as(FIRST, [
    await storing(ANNA, [ANNA]),
    call('getAccountPreferences', { RecipientId: ANNA, UserIdentity: ANNA }),
    await storing(TOGETHER, [ANNA]),
    call('getPendingAccountPreferences', company),
    call('deletePendingAccountPreferences', withdrawn),
    call('getPendingAccountPreferences', company),
  ]);
  assertSigned(stored, 'Complete', [ANNA]);
  assert.deepEqual(peopleOf(answerOf(read)['AcceptedSenders']), [MUNICIPALITY]);
  assert.equal(answerOf(half)['Status'], 'Incomplete');
  const { AccountPreferences, PendingSignatures } = answerOf(pending) as Record<string, Fields>;
  assert.equal(AccountPreferences?.['Id'], TOGETHER);
  assert.deepEqual(peopleOf(PendingSignatures?.['SignedBy']), [ANNA]);
  assert.deepEqual(answerOf(removed), company);
  assert.match(faultOf(gone), /^5003 Object not found/);
});

zeepTest('zeep moves both to another operator, and withdraws the company’s move', async () => {
  const [moved, account, half, pending, removed] = await as(SECOND, [
    await moving(ANNA, [ANNA]),
    registered(ANNA),
    await moving(TOGETHER, [ANNA]),
    call('getPendingChangeServiceSupplier', company),
    call('deletePendingChangeServiceSupplier', withdrawn),
  ]);
  assertSigned(moved, 'Complete', [ANNA]);
  const [status] = answerOf(account) as unknown as Fields[];
  assert.equal(within(status, 'ServiceSupplier')['Id'], SECOND);
  assert.equal(answerOf(half)['Status'], 'Incomplete');
  assert.equal((answerOf(pending)['serviceSupplier'] as Fields)['Id'], SECOND);
  assert.equal(answerOf(removed)['Id'], SECOND);
});

zeepTest('zeep deregisters the person, and nothing is left', async () => {
  const text = textOf({ action: 'deregister', recipientId: ANNA, serviceSupplier: SECOND_DOMAIN });
  const deregisterAccount = {
    ...{ Id: ANNA, Type: 'Delete', AgreementText: text, Timestamp: today(), ServiceSupplier: SECOND_DOMAIN },
  };
  const [left, account] = await as(SECOND, [
    call('deregister', { deregisterAccount, signature: await signatures(text, [ANNA]) }),
    registered(ANNA),
  ]);
  assertSigned(left, 'Complete', [ANNA]);
  assert.deepEqual(answerOf(account), [{ RecipientId: ANNA, Type: 'Not', Pending: false }]);
});

zeepTest('zeep asks Authority who may sign what', async () => {
  const text = 'Jag äger bolaget.';
  const [rights, withoutConsents, enough, tooFew, verified] = await as(
    FIRST,
    [],
    [
      call('getUserAccessRights', { arg0: ANNA }),
      call('getUserAccessRightsNoConcent', { arg0: ANNA }),
      call('testNewSigner', { arg0: TOGETHER, arg1: [{ Id: ANNA, Name: 'Anna' }], arg2: BERTIL, arg3: 'Ownership' }),
      call('testNewSigner', { arg0: TOGETHER, arg1: [], arg2: BERTIL, arg3: 'Ownership' }),
      call('verifyAuthorizedSignatures', {
        ...{ arg0: EACH, arg1: await signatures(text, [ANNA]), arg2: Buffer.from(text), arg3: 'Ownership' },
      }),
      call('getSenders', {}),
      call('getDispatchers', {}),
      call('isSenderAccepted', { arg0: MUNICIPALITY }),
    ],
  );
  const companies = (answer: Fields) => (answer['Rights'] as Fields[]).map(({ Id }) => Id);
  assert.ok(companies(answerOf(rights)).includes(TOGETHER));
  assert.ok(companies(answerOf(withoutConsents)).includes(EACH));
  assert.equal(answerOf(enough)['Status'], 'Complete');
  assert.equal(answerOf(tooFew)['Status'], 'Incomplete');
  assertSigned(verified, 'Complete', [ANNA]);
});

zeepTest('every operation of the register was called', async () => {
  const { isReachable: _, ...recipient } = recipientService.operations;
  assert.deepEqual([...used].sort(), [...Object.keys(recipient), ...Object.keys(authorityService.operations)].sort());
});
