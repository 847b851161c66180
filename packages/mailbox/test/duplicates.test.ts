import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createTestDatabase } from '@brevduva/base/testing';
import { createSigner, deliverSecureRequest, sealDelivery, signDelivery } from '@brevduva/protocol';
import { createMailboxRegister, MAILBOX_MIGRATIONS } from '../src/index.ts';
import {
  CONTENT_KEY,
  clientOf,
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
  const callers = Array.from({ length: 10 }, () => clientOf(keys, keys.dispatcher));
  const answers = await Promise.all(callers.map((caller) => caller.deliverSecure(operator.running.soapUrl, request)));
  assert.equal(new Set(answers.map((answer) => answer.TransId)).size, 1);
  assert.ok(answers.every((answer) => answer.Status[0]?.Delivered === true));
  assert.equal(await operator.letterCount(), before + 1);
  for (const caller of callers) caller.close();
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

test('the process is killed between commit and answer: the next one answers with the TransId of what was stored', async () => {
  const database = await createTestDatabase({ party: 'mailbox', migrations: MAILBOX_MIGRATIONS });
  const register = createMailboxRegister(database.pool);
  await register.addSenders([{ organizationNumber: SENDER, name: 'Kommun A' }]);
  await register.addDispatchers([{ organizationNumber: DISPATCHER, name: 'Förmedling B', senders: [SENDER] }]);
  await register.addAccounts([{ recipientId: PERSON_ANNA }]);
  const request = await sealedRequest(keys, delivery());

  const killed = await startKilledOperator(database.url);
  const client = clientOf(keys, keys.dispatcher);
  await assert.rejects(client.deliverSecure(killed.soapUrl, request), { kind: 'noAnswer' });
  await killed.ended;
  client.close();

  const { rows } = await database.pool.query<{ id: string }>('select id from letter');
  assert.equal(rows.length, 1);
  const next = await startTestOperator({ keys, database });
  try {
    const answer = await next.deliver(request);
    assert.equal(answer.TransId, rows[0]?.id);
    assert.equal(answer.Status[0]?.Delivered, true);
    assert.equal(await next.letterCount(), 1);
  } finally {
    await next.close();
    await database.close();
  }
});

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
