import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  agreementText,
  createSoapClient,
  recipientService,
  type SignatureAuthorizationResult,
  type SignatureData,
  SoapCallError,
  type SoapClient,
} from '@brevduva/protocol';
import { createInstallation, type Ready } from '../../../test/support/installation.ts';
import { SAMPLE_OPERATORS } from '../src/dev/sample/organizations.ts';
import { portsFrom } from '../src/up/ports.ts';
import { openSecrets } from '../src/up/secrets.ts';
import { createBrowser } from './browserSession.ts';

/** The sample's registers and the development e-ID as an operator meets them: a signature made there counts in FaR. */
const installation = await createInstallation();
const [{ domain: DOMAIN }] = SAMPLE_OPERATORS;
const { register } = recipientService.operations;
let ready: Ready;
let authorization = '';
let far: SoapClient;

before(async () => {
  ready = await installation.start();
  const { folder } = installation;
  const secrets = await openSecrets(join(folder, 'secret'));
  authorization = `Basic ${Buffer.from(`brevladan:${secrets.text('client brevladan')}`).toString('base64')}`;
  const [ca, pem] = await Promise.all(
    ['ca', 'brevladan'].map((file) => readFile(join(folder, 'certificates', `${file}.pem`), 'utf8')),
  );
  assert.ok(ca !== undefined && pem !== undefined);
  const tls = { ca, key: pem, cert: pem };
  far = createSoapClient({ tls, connectTimeoutMs: 5_000, answerTimeoutMs: 20_000, answerBytesMax: 1_000_000 });
});
after(async () => {
  far.close();
  await installation.remove();
});

async function askIdentityProvider(path: string, body: object): Promise<Record<string, unknown>> {
  const init = { method: 'POST', headers: { authorization }, body: JSON.stringify(body) };
  return (await (await fetch(`${ready.identityProvider}${path}`, init)).json()) as Record<string, unknown>;
}

/** The person presses "Skriv under". */
async function sign(personalNumber: string, text: string): Promise<SignatureData> {
  const returnUrl = `${ready.mailboxes[0]}/settings`;
  const order = await askIdentityProvider('/sign', { personalNumber, text, nonce: randomUUID(), returnUrl });
  const browser = createBrowser();
  const page = await browser.go(String(order['signUrl']));
  const token = /name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  assert.equal((await browser.go(String(order['signUrl']), { answer: 'sign', token })).status, 303);
  const { signature } = await askIdentityProvider(`/sign/${order['orderRef']}/collect`, {});
  const told = signature as Record<'signature' | 'certificate' | 'nonce' | 'encodingOfSignedText', string>;
  return {
    Signature: Buffer.from(told.signature, 'base64'),
    Certificate: told.certificate,
    Nonce: told.nonce,
    EncodingOfSignedText: told.encodingOfSignedText,
  };
}

async function open(recipientId: string, signer: string): Promise<SignatureAuthorizationResult> {
  const text = agreementText('Villkoren för brevlådan.', { action: 'register', recipientId, serviceSupplier: DOMAIN });
  const accountRequest = {
    ...{ Id: recipientId, Type: 'Create' as const, AgreementText: text, ServiceSupplier: DOMAIN },
    Timestamp: new Date().toISOString().slice(0, 10),
  };
  const request = { accountRequest, accountType: 'Secure' as const, signature: [await sign(signer, text)] };
  const url = `https://localhost:${portsFrom(installation.portBase).farSoap}/webservice/Recipient/v3`;
  return (await far.call(register, url, request)).return;
}

async function refused(recipientId: string, signer: string, code: number, description: RegExp): Promise<void> {
  await assert.rejects(open(recipientId, signer), (error) => {
    assert.ok(error instanceof SoapCallError, String(error));
    assert.equal(error.fault?.errorCode, code, error.message);
    assert.match(error.fault?.description ?? '', description);
    return true;
  });
}

test('a person signs at the e-ID and has a mailbox at once', async () => {
  const { soleTrader } = ready.samplePersons;
  assert.equal((await open(soleTrader, soleTrader)).Status, 'Complete');
});

test('each alone: one signature is enough; two together: the second makes it complete; the board: more than half', async () => {
  const { eachAlone, together, housing } = ready.sampleCompanies;
  const statuses = async ({ id, signatories }: { id: string; signatories: readonly string[] }) => {
    const told: SignatureAuthorizationResult['Status'][] = [];
    for (const signer of signatories) {
      const { Status } = await open(id, signer);
      told.push(Status);
      if (Status !== 'Incomplete') break;
    }
    return told;
  };
  assert.deepEqual(await statuses(eachAlone), ['Complete']);
  assert.deepEqual(await statuses(together), ['Incomplete', 'Complete']);
  assert.deepEqual(await statuses(housing), ['Incomplete', 'Incomplete', 'Complete']);
});

test('whom the register refuses: deceased, protected identity, minor, association; and a rule no program reads', async () => {
  const { deceased, protectedIdentity, minor } = ready.samplePersons;
  const { association, unclear, board } = ready.sampleCompanies;
  await refused(deceased, deceased, 6007, /^Specified person dose not exist/);
  await refused(protectedIdentity, protectedIdentity, 6006, /^Specified person has protected identity/);
  await refused(minor, minor, 5009, /^Error when registering an account/);
  await refused(association.id, association.signatories[0] ?? '', 6004, /^The company form is not supported/);
  await refused(board.id, ready.samplePersons.soleTrader, 5002, /^Access denied/);
  assert.equal((await open(unclear.id, unclear.signatories[0] ?? '')).Status, 'RulesNotSupported');
});
