import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createTestDatabase } from '@brevduva/base/testing';
import { createSigner, deliverSecureRequest, sealDelivery, signDelivery } from '@brevduva/protocol';
import { createMailboxRegister, MAILBOX_MIGRATIONS } from '../src/index.ts';
import { forwardOf, forwardRequest, notice, notifyRequest } from './handIns.ts';
import {
  byMany,
  CONTENT_KEY,
  DISPATCHER,
  delivery,
  type Keys,
  makeKeys,
  SENDER,
  sealedRequest,
  startTestOperator,
  type TestOperator,
} from './operator.ts';
import { PERSON_ANNA, PERSON_BO } from './people.ts';

let keys: Keys;
let operator: TestOperator;

before(async () => {
  keys = await makeKeys();
  operator = await startTestOperator({ keys });
  await operator.register.addAccounts([{ recipientId: PERSON_BO }]);
});
after(() => operator.close());

test('the same bytes twice: the first TransId, stored once', async () => {
  const request = await sealedRequest(keys, delivery());
  const before = await operator.letterCount();
  const first = await operator.deliver(request);
  assert.deepEqual(await operator.deliver(request), first);
  assert.equal(await operator.letterCount(), before + 1);
});

test('ten at the same instant from ten connections: one letter, one TransId', async () => {
  const request = await sealedRequest(keys, delivery());
  const before = await operator.letterCount();
  const answers = await byMany(keys, { caller: keys.dispatcher, count: 10 }, (caller) =>
    caller.deliverSecure(operator.running.soapUrl, request),
  );
  assert.equal(new Set(answers.map((answer) => answer.TransId)).size, 1);
  assert.ok(answers.every((answer) => answer.Status[0]?.Delivered === true));
  assert.equal(await operator.letterCount(), before + 1);
});

test('the same signed letter, sealed again another day: still the same letter', async () => {
  const signer = createSigner({ privateKeyPem: keys.sender.keyPem, certificatePem: keys.sender.certPem });
  const sealer = createSigner({ privateKeyPem: keys.dispatcher.keyPem, certificatePem: keys.dispatcher.certPem });
  const signed = await signDelivery(delivery(), signer);
  const sealedOn = async (ReceivedTime: string) =>
    deliverSecureRequest(await sealDelivery(signed, { ReceivedTime, SignaturesOK: true }, sealer));
  const first = await operator.deliver(await sealedOn('2026-11-22'));
  const before = await operator.letterCount();
  assert.deepEqual(await operator.deliver(await sealedOn('2026-11-23')), first);
  assert.equal(await operator.letterCount(), before);
});

test('the same message id in another letter is another letter (FACTS g)', async () => {
  const letter = delivery();
  const [message] = letter.Message;
  assert.ok(message);
  const other = { ...letter, Message: [{ ...message, Header: { ...message.Header, Subject: 'Något annat' } }] };
  const toBo = { ...letter, Header: { ...letter.Header, Recipient: PERSON_BO } };
  const before = await operator.letterCount();
  for (const each of [letter, other, toBo]) await operator.deliver(await sealedRequest(keys, each));
  assert.equal(await operator.letterCount(), before + 3);
});

test('after a restart of the operator, and after the mailbox has been closed: the first answer', async () => {
  const request = await sealedRequest(keys, delivery({ recipientId: PERSON_BO }));
  const first = await operator.deliver(request);
  await operator.register.closeAccount(PERSON_BO);
  const again = await startTestOperator({ keys, database: operator.database });
  try {
    assert.deepEqual(await again.deliver(request), first);
  } finally {
    await again.close();
  }
});

for (const [what, table, requestOf] of [
  ['a letter', 'letter', () => sealedRequest(keys, delivery())],
  ['a notice', 'notice', async () => notifyRequest(notice())],
  [
    'a forwarded letter',
    'forward',
    async () =>
      forwardRequest(
        forwardOf(await sealedRequest(keys, delivery({ recipientId: SENDER })), {
          forwarderId: SENDER,
          recipients: [PERSON_ANNA],
        }),
      ),
  ],
] as const) {
  test(`the process is killed between the commit of ${what} and its answer: the next one answers the same`, () =>
    killedBetween(table, requestOf));
}

async function killedBetween(table: string, requestOf: () => Promise<Buffer>): Promise<void> {
  const database = await createTestDatabase({ party: 'mailbox', migrations: MAILBOX_MIGRATIONS });
  const register = createMailboxRegister(database.pool);
  await register.addSenders([{ organizationNumber: SENDER, name: 'Kommun A' }]);
  await register.addDispatchers([{ organizationNumber: DISPATCHER, name: 'Förmedling B', senders: [SENDER] }]);
  await register.addAccounts([{ recipientId: PERSON_ANNA }]);
  const request = await requestOf();

  const killed = await startKilledOperator(database.url);
  await assert.rejects(post(killed.soapUrl, request));
  await killed.ended;

  const { rows } = await database.pool.query<{ id: string }>(`select id from ${table}`);
  assert.equal(rows.length, 1);
  const next = await startTestOperator({ keys, database });
  try {
    const answer = await post(next.running.soapUrl, request);
    assert.match(answer, new RegExp(`<TransId[^>]*>${rows[0]?.id}</TransId>`));
    assert.match(answer, /<(Delivered|DeliveredFlag)>true</);
    assert.equal(await next.letterCount(), 1);
  } finally {
    await next.close();
    await database.close();
  }
}

/** The answer as text, whatever the operation. */
function post(url: string, body: Buffer): Promise<string> {
  const { keyPem, certPem } = keys.dispatcher;
  const tls = { key: keyPem, cert: certPem, ca: keys.authority.caPem, agent: false };
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      url,
      { ...tls, method: 'POST' },
      (response) => void text(response).then(resolve, reject),
    );
    request.once('error', reject).end(body);
  });
}

/** An operator in a process of its own that dies by SIGKILL as soon as it has stored a letter. */
async function startKilledOperator(databaseUrl: string): Promise<{ soapUrl: string; ended: Promise<unknown> }> {
  const script = fileURLToPath(new URL('./killedOperator.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  child.stdin.end(JSON.stringify({ databaseUrl, contentKey: CONTENT_KEY.toString('hex'), keys: plainKeys(keys) }));
  const [line] = await once(child.stdout, 'data');
  return { soapUrl: String(line).trim(), ended };
}

function plainKeys({ authority, operator: own }: Keys) {
  return { caPem: authority.caPem, keyPem: own.keyPem, certPem: own.certPem };
}
