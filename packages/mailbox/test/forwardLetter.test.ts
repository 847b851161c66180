import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createContentKeys } from '../src/content/encryption.ts';
import { sealedContext } from '../src/content/store.ts';
import { forwardLetter, type LetterToForward } from '../src/deliver/forwardLetter.ts';
import { createFarClient, type FarClient } from '../src/farClient.ts';
import { findSealedDocument } from '../src/sql/inbox.ts';
import {
  CONTENT_KEY,
  clientOf,
  delivery,
  type Keys,
  makeKeys,
  OPERATOR,
  sealedRequest,
  startTestOperator,
  type TestOperator,
} from './operator.ts';
import { PERSON_ANNA, PERSON_BO, PERSON_STRANGER } from './people.ts';
import { startTestRegisterOwner, type TestRegisterOwner } from './registerOwner.ts';

/** Bo's and then Stina's operator; Anna's is `OPERATOR`. */
const SECOND = '165591628135';
let keys: Keys;
let owner: TestRegisterOwner;
let annas: TestOperator;
let bos: TestOperator;
let far: FarClient;

before(async () => {
  keys = await makeKeys();
  owner = await startTestRegisterOwner(keys);
  annas = await startTestOperator({ keys, more: { far: owner.far } });
  const operator = await keys.authority.issue({ organizationNumber: SECOND, commonName: 'localhost' });
  const secondKeys = { ...keys, operator };
  bos = await startTestOperator({
    keys: secondKeys,
    settings: { organizationNumber: SECOND, name: 'Andra' },
    more: { far: owner.far },
  });
  await bos.register.addAccounts([{ recipientId: PERSON_BO }]);
  owner.accounts.set(PERSON_ANNA, { operator: OPERATOR, serviceAddress: annas.running.soapUrl });
  owner.accounts.set(PERSON_BO, { operator: SECOND, serviceAddress: bos.running.soapUrl });
  const { keyPem, certPem } = keys.operator;
  far = createFarClient(owner.far, { key: keyPem, cert: certPem, ca: keys.authority.caPem });
});
after(async () => {
  far.close();
  await Promise.all([annas.close(), bos.close()]);
  await owner.close();
});

/** What an operator kept of a letter, opened. */
async function keptBy(operator: TestOperator, letterId: string): Promise<Buffer> {
  const stored = await findSealedDocument(operator.database.pool, letterId);
  assert.ok(stored);
  return createContentKeys([CONTENT_KEY]).decrypt(stored.keyId, stored.encrypted, sealedContext(letterId));
}

const toBo = (document: Buffer, more: Partial<LetterToForward> = {}): LetterToForward => ({
  document,
  forwarder: { id: PERSON_ANNA, name: 'Anna Andersson' },
  recipientId: PERSON_BO,
  subject: 'Titta',
  text: 'Vad tycker du?',
  ...more,
});

test('a letter goes from one operator to another, as it was kept; again it is the same', async () => {
  const { TransId } = await annas.deliver(await sealedRequest(keys, delivery()));
  const client = clientOf(keys, keys.operator);
  const letter = toBo(await keptBy(annas, TransId));
  const result = await forwardLetter({ far, client }, letter);
  assert.equal(result.kind, 'delivered');
  assert.deepEqual(await forwardLetter({ far, client }, letter), result);
  assert.equal(await bos.letterCount(), 1);
  client.close();
});

test('to one without a mailbox nothing is sent; to one who has left her operator it is not delivered', async () => {
  const { TransId } = await annas.deliver(await sealedRequest(keys, delivery()));
  const document = await keptBy(annas, TransId);
  const client = clientOf(keys, keys.operator);
  assert.deepEqual(await forwardLetter({ far, client }, toBo(document, { recipientId: PERSON_STRANGER })), {
    kind: 'noMailbox',
  });
  owner.accounts.set(PERSON_STRANGER, { operator: SECOND, serviceAddress: bos.running.soapUrl });
  assert.deepEqual(await forwardLetter({ far, client }, toBo(document, { recipientId: PERSON_STRANGER })), {
    kind: 'noMailbox',
  });
  client.close();
});

test('what was forwarded to her she cannot forward as her own', async () => {
  const { rows } = await bos.database.pool.query<{ id: string }>('select id from letter where forward_id is not null');
  const document = await keptBy(bos, rows[0]?.id ?? '');
  await annas.register.addAccounts([{ recipientId: PERSON_STRANGER }]);
  owner.accounts.set(PERSON_STRANGER, { operator: OPERATOR, serviceAddress: annas.running.soapUrl });
  const client = clientOf(keys, await keys.authority.issue({ organizationNumber: SECOND, commonName: 'second' }));
  const further = toBo(document, {
    forwarder: { id: PERSON_BO, name: 'Bo Berg' },
    recipientId: PERSON_STRANGER,
  });
  await assert.rejects(forwardLetter({ far, client }, further), {
    kind: 'fault',
    message: /5002 .*not sent to Header/,
  });
  client.close();
});
