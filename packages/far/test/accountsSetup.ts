import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { systemClock } from '@brevduva/base';
import {
  type Agreement,
  agreementText,
  authorityService,
  createSigner,
  type Operation,
  type OrganizationNumber,
  recipientService,
  type SignatureData,
  type Signer,
  signAsUser,
  soapReply,
} from '@brevduva/protocol';
import { createTestAuthority, type TestAuthority } from '@brevduva/protocol/testing';
import { type Company, createRegister, type FarOptions } from '../src/index.ts';
import { readXml, type XmlNode } from './readXml.ts';
import { MUNICIPALITY, OPERATOR } from './sampleRegister.ts';
import { faultOf, post, type SoapSetup, startSampleFar, type Tls } from './soapSetup.ts';

export const FIRST = OPERATOR;
export const FIRST_DOMAIN = 'brevladan.example';
export const SECOND = '165568402217' as OrganizationNumber;
export const SECOND_DOMAIN = 'andra.example';
export const THIRD = '165560007006' as OrganizationNumber;
export const THIRD_DOMAIN = 'tredje.example';

/** People of the population register. */
export const ANNA = '198501011004';
export const BERTIL = '198501022001';
export const CECILIA = '198501033008';
export const MINOR = '201001014008';
export const DEAD = '194001015009';
export const PROTECTED = '196001016002';
export const COORDINATED = '197001617005';
/** In no register. */
export const NOBODY = '198808081239';

export const NAMES: Readonly<Record<string, string>> = {
  [ANNA]: 'Anna Andersson',
  [BERTIL]: 'Bertil Bengtsson',
  [CECILIA]: 'Cecilia Carlsson',
  [MINOR]: 'Måns Minderårig',
  [DEAD]: 'Dag Död',
  [PROTECTED]: 'Pia Skyddad',
  [COORDINATED]: 'Sam Ordnad',
  [NOBODY]: 'Ingen Alls',
};

/** Two together: Anna, Bertil, Cecilia. */
export const TOGETHER = '165590000013';
/** Each alone: Anna, Bertil. */
export const EACH = '165590000021';
/** The board: Anna, Bertil, Cecilia; Bertil is also managing director. */
export const BOARD = '165590000039';
/** A rule that no program understands: Anna. */
export const UNCLEAR = '165590000047';
/** A form that may not have a mailbox: Anna alone. */
export const ASSOCIATION = '165590000054';
export const UNKNOWN_COMPANY = '165591628136';
/** Anna's number with `16` in front. */
export const SOLE_TRADER = '168501011004';

export interface Answer {
  /** 200, or the contract's code of a fault. */
  code: number;
  /** Of a fault. */
  description: string;
  /** The answer element. */
  body: XmlNode;
}

export interface Accounts extends SoapSetup {
  eId: TestAuthority;
  tls: Readonly<Record<string, Tls>>;
  /** Signs a text as a person, now, unless told otherwise. */
  sign(personId: string, text: string, options?: { nonce?: string; signedAt?: Date }): Promise<SignatureData>;
  /** Calls an operation of Recipient over mutual TLS. */
  recipient(operation: keyof typeof recipientService.operations, request: object, caller?: string): Promise<Answer>;
  authority(operation: keyof typeof authorityService.operations, request: object, caller?: string): Promise<Answer>;
  /** Everything that the register knows of accounts, as text. */
  snapshot(): Promise<string>;
  /** Demands a fault with code and description, and that nothing of accounts has changed. */
  refused(work: () => Promise<Answer>, code: number, description: string | RegExp): Promise<void>;
  /** What `isReachable` says about a recipient for the municipality. */
  reachability(recipientId: string): Promise<XmlNode>;
}

export async function startAccounts(options: Partial<FarOptions> = {}): Promise<Accounts> {
  const eId = await createTestAuthority({ name: 'Test e-ID' });
  const setup = await startSampleFar({ eIdTrust: [eId.caPem], ...options });
  await fillAccounts(setup);
  const tls: Record<string, Tls> = {};
  for (const organization of [FIRST, SECOND, THIRD, MUNICIPALITY]) tls[organization] = await setup.tlsOf(organization);
  const signers = new Map<string, Promise<Signer>>();
  const signerOf = (personId: string): Promise<Signer> => {
    const known = signers.get(personId) ?? issueSigner(eId, personId);
    signers.set(personId, known);
    return known;
  };
  const call = async (url: string, operation: Operation, request: object, caller: string): Promise<Answer> =>
    readAnswer(await post(url, tls[caller] ?? (await setup.tlsOf(caller)), requestBytes(operation, request)));
  const recipient: Accounts['recipient'] = (operation, request, caller = FIRST) =>
    call(setup.far.soapUrl, recipientService.operations[operation], request, caller);
  const authority: Accounts['authority'] = (operation, request, caller = FIRST) =>
    call(setup.far.authorityUrl, authorityService.operations[operation], request, caller);
  const snapshot = async (): Promise<string> => {
    const parts: unknown[] = [];
    for (const [table, order] of TABLES) {
      const { rows } = await setup.database.pool.query(`select ${table}::text as row from ${table} order by ${order}`);
      parts.push([table, rows]);
    }
    return JSON.stringify(parts, null, 1);
  };
  return {
    ...setup,
    eId,
    tls,
    recipient,
    authority,
    snapshot,
    sign: async (personId, text, { nonce = randomUUID(), signedAt = new Date() } = {}) =>
      signAsUser({ text, nonce, signedAt, signer: await signerOf(personId) }),
    refused: async (work, code, description) => {
      const before = await snapshot();
      const answer = await work();
      assert.equal(answer.code, code, answer.description);
      if (typeof description === 'string') assert.equal(answer.description, description);
      else assert.match(answer.description, description);
      assert.equal(await snapshot(), before, 'something was half done after a refusal');
    },
    reachability: async (recipientId) => {
      const answer = await recipient(
        'isReachable',
        { senderOrgNr: MUNICIPALITY, recipientId: [recipientId] },
        MUNICIPALITY,
      );
      assert.equal(answer.code, 200, answer.description);
      return answer.body.child('return');
    },
  };
}

const TABLES = [
  ['account', 'recipient_id'],
  ['account_request', 'id'],
  ['account_signature', 'signed_digest'],
  ['account_change', 'request_id'],
  ['sender_preference', 'recipient_id, sender'],
] as const;

export const today = (): string => new Date().toISOString().slice(0, 10);

export interface Handing {
  recipientId: string;
  signers: readonly string[];
  domain?: string;
  caller?: string;
  text?: string;
  signatures?: SignatureData[];
}

/** An agreement text as an operator of ours writes it. */
export function textOf(agreement: Agreement): string {
  return agreementText('Jag godkänner villkoren för Mina meddelanden.', agreement);
}

/** `register` as an honest operator does it; `changes` make it dishonest. */
export async function register(
  accounts: Accounts,
  { recipientId, signers, domain = FIRST_DOMAIN, caller = FIRST, text, signatures }: Handing,
  changes: Record<string, unknown> = {},
): Promise<Answer> {
  const agreed = text ?? textOf({ action: 'register', recipientId, serviceSupplier: domain });
  const { accountType = 'Secure', ...account } = changes;
  const signature = signatures ?? (await Promise.all(signers.map((signer) => accounts.sign(signer, agreed))));
  const accountRequest = {
    Id: recipientId,
    Type: 'Create',
    AgreementText: agreed,
    Timestamp: today(),
    ServiceSupplier: domain,
    ...account,
  };
  return accounts.recipient('register', { accountRequest, accountType, signature }, caller);
}

export async function deregister(
  accounts: Accounts,
  { recipientId, signers, domain = FIRST_DOMAIN, caller = FIRST, text, signatures }: Handing,
  changes: Record<string, unknown> = {},
): Promise<Answer> {
  const agreed = text ?? textOf({ action: 'deregister', recipientId, serviceSupplier: domain });
  const signature = signatures ?? (await Promise.all(signers.map((signer) => accounts.sign(signer, agreed))));
  const deregisterAccount = {
    Id: recipientId,
    Type: 'Delete',
    AgreementText: agreed,
    Timestamp: today(),
    ServiceSupplier: domain,
    ...changes,
  };
  return accounts.recipient('deregister', { deregisterAccount, signature }, caller);
}

export async function changeSupplier(
  accounts: Accounts,
  { recipientId, signers, domain = SECOND_DOMAIN, caller = SECOND, text, signatures }: Handing,
  changes: Record<string, unknown> = {},
): Promise<Answer> {
  const agreed = text ?? textOf({ action: 'changeServiceSupplier', recipientId, serviceSupplier: domain });
  const SignatureData = signatures ?? (await Promise.all(signers.map((signer) => accounts.sign(signer, agreed))));
  return accounts.recipient(
    'changeServiceSupplier',
    {
      Id: recipientId,
      UserIdentity: signers[0],
      ServiceSupplier: domain,
      AgreementText: agreed,
      SignatureData,
      ...changes,
    },
    caller,
  );
}

export async function storePreferences(
  accounts: Accounts,
  { acceptedSenders, ...handing }: Handing & { acceptedSenders: readonly string[] },
  changes: Record<string, unknown> = {},
): Promise<Answer> {
  const { recipientId, signers, domain = FIRST_DOMAIN, caller = FIRST, text, signatures } = handing;
  const agreed =
    text ?? textOf({ action: 'storeAccountPreferences', recipientId, serviceSupplier: domain, acceptedSenders });
  const SignatureData = signatures ?? (await Promise.all(signers.map((signer) => accounts.sign(signer, agreed))));
  return accounts.recipient(
    'storeAccountPreferences',
    {
      Id: recipientId,
      UserIdentity: signers[0],
      preferences: { Id: recipientId, AcceptedSenders: acceptedSenders.map((Id) => ({ Id, Name: 'Avsändaren' })) },
      AgreementText: agreed,
      SignatureData,
      ...changes,
    },
    caller,
  );
}

/** Status and people of a SignatureAuthorizationResult. */
export function authorization(node: XmlNode): { status: string; signedBy: string[]; possible: string[] } {
  const ids = (name: string) => node.all(name).map((person) => person.text('Id'));
  return { status: node.text('Status'), signedBy: ids('SignedBy'), possible: ids('PossibleSigners') };
}

export function requestBytes(operation: Operation, request: object): Buffer {
  const written = soapReply({ ...operation, response: operation.request }, request as never);
  assert.ok('body' in written);
  return written.body;
}

export function readAnswer(answer: Awaited<ReturnType<typeof post>>): Answer {
  const envelope = readXml(answer.text);
  if (answer.status !== 200) {
    const { code, description, callId } = faultOf(answer);
    assert.match(callId, /^[0-9a-f-]{36}$/, answer.text);
    return { code, description, body: envelope };
  }
  const [body] = envelope.child('Body').children;
  assert.ok(body !== undefined);
  return { code: 200, description: '', body };
}

async function issueSigner(eId: TestAuthority, personId: string): Promise<Signer> {
  // The subject attribute is the same for organisations and persons: serialNumber, 2.5.4.5.
  const issued = await eId.issue({ organizationNumber: personId, commonName: NAMES[personId] ?? personId });
  return createSigner({ privateKeyPem: issued.keyPem, certificatePem: issued.certPem });
}

async function fillAccounts({ database }: SoapSetup): Promise<void> {
  const register = createRegister(database.pool, { clock: systemClock });
  for (const [organizationNumber, name, domain] of [
    [SECOND, 'Andra brevlådan', SECOND_DOMAIN],
    [THIRD, 'Tredje brevlådan', THIRD_DOMAIN],
  ] as const) {
    const serviceAddress = `https://${domain}/service/v3`;
    await register.addOperator({ organizationNumber, name, domain, serviceAddress });
  }
  const person = (personId: string) => ({ personId, name: NAMES[personId] ?? '' });
  await register.addPersons([
    ...[ANNA, BERTIL, CECILIA, MINOR, COORDINATED].map(person),
    { ...person(DEAD), deceasedOn: '2026-01-15' },
    { ...person(PROTECTED), hasProtectedIdentity: true },
  ]);
  await register.addCompanies(SAMPLE_COMPANIES);
}

const member = (id: string, role?: string) => ({
  id,
  name: NAMES[id] ?? '',
  isSignatory: true,
  isBoardMember: true,
  ...(role === undefined ? {} : { role }),
});
const officer = (id: string, role: string) => ({ ...member(id, role), isSignatory: false, isBoardMember: false });

export const SAMPLE_COMPANIES: readonly Company[] = [
  {
    organizationNumber: TOGETHER,
    name: 'Två i Förening AB',
    form: 'AB',
    rule: { kind: 'together', signatures: 2 },
    ruleText: 'Firman tecknas av två i förening.',
    persons: [member(ANNA), member(BERTIL), member(CECILIA)],
  },
  {
    organizationNumber: EACH,
    name: 'Var för Sig HB',
    form: 'HB',
    rule: { kind: 'eachAlone' },
    ruleText: 'Firman tecknas av bolagsmännen var för sig.',
    persons: [member(ANNA), member(BERTIL), officer(CECILIA, 'Prokurist')],
  },
  {
    organizationNumber: BOARD,
    name: 'Styrelsen BRF',
    form: 'BRF',
    rule: { kind: 'board' },
    ruleText: 'Firman tecknas av styrelsen.',
    persons: [member(ANNA), member(BERTIL, 'Ordförande'), member(CECILIA)],
  },
  {
    organizationNumber: UNCLEAR,
    name: 'Oklara Villkor AB',
    form: 'AB',
    rule: { kind: 'unknown' },
    ruleText: 'Firman tecknas enligt särskilt beslut.',
    persons: [member(ANNA)],
  },
  {
    organizationNumber: ASSOCIATION,
    name: 'Ideella föreningen',
    form: 'I',
    rule: { kind: 'eachAlone' },
    ruleText: 'Firman tecknas av ordföranden.',
    persons: [member(ANNA)],
  },
];
