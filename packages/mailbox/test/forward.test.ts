import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { systemClock } from '@brevduva/base';
import {
  createSigner,
  type createSoapClient,
  type DeliveryResult,
  deliverSecureRequest,
  type Encodable,
  type ForwardDelivery,
  rebuildStandalone,
  sealDelivery,
  signDelivery,
  verifyIntegrity,
} from '@brevduva/protocol';
import { createTestAuthority, type IssuedCertificate } from '@brevduva/protocol/testing';
import { createContentKeys } from '../src/content/encryption.ts';
import { sealedContext } from '../src/content/store.ts';
import { FORWARD_BODY_BYTES_MAX } from '../src/deliver/forwardChecks.ts';
import { findSealedDocument } from '../src/sql/inbox.ts';
import { faultOf } from './faultOf.ts';
import { deliverForward, type ForwardOptions, forwardOf, forwardRequest } from './handIns.ts';
import {
  byMany,
  CONTENT_KEY,
  clientOf,
  DISPATCHER,
  delivery,
  type Keys,
  makeKeys,
  SENDER,
  type SealOptions,
  sealedRequest,
  startTestOperator,
  type TestOperator,
} from './operator.ts';
import { pdfOf } from './pdf.ts';
import { PERSON_ANNA, PERSON_BO, PERSON_STRANGER } from './people.ts';
import { startTestRegisterOwner, type TestRegisterOwner } from './registerOwner.ts';

/** Anna's operator, another than ours. */
const OTHER_OPERATOR = '165560360793';
const PUBLIC_BODY = '162120002411';
const DAY_MS = 86_400_000;
let keys: Keys;
let owner: TestRegisterOwner;
let operator: TestOperator;
let otherOperator: IssuedCertificate;
let original: Buffer;
let client: ReturnType<typeof createSoapClient>;

before(async () => {
  keys = await makeKeys();
  otherOperator = await keys.authority.issue({ organizationNumber: OTHER_OPERATOR, commonName: 'other.example' });
  owner = await startTestRegisterOwner(keys);
  owner.senders.push({ number: PUBLIC_BODY, name: 'Myndighet P' });
  owner.dispatchers = [{ number: DISPATCHER, name: 'Förmedling B', senders: [SENDER, PUBLIC_BODY] }];
  owner.accounts.set(PERSON_ANNA, { operator: OTHER_OPERATOR, serviceAddress: 'https://other.example/' });
  operator = await startTestOperator({ keys, more: { far: owner.far } });
  await operator.register.addAccounts([{ recipientId: PERSON_BO }]);
  client = clientOf(keys, otherOperator);
  original = await sealedRequest(
    keys,
    delivery({ subject: 'Bygglov beviljat', attachments: [{ fileName: 'beslut.pdf', bytes: pdfOf('Beslut') }] }),
  );
});
after(async () => {
  client.close();
  await operator.close();
  await owner.close();
});

async function forward(
  given: Encodable<ForwardDelivery>,
  { by = client, at = operator }: { by?: ReturnType<typeof createSoapClient>; at?: TestOperator } = {},
): Promise<DeliveryResult> {
  return (await by.call(deliverForward, at.running.soapUrl, { forwardMessage: given })).return;
}

async function counts(at = operator) {
  const { rows } = await at.database.pool.query<{ letters: number; forwards: number; parts: number }>(
    'select (select count(*) from letter) as letters, (select count(*) from forward) as forwards, (select count(*) from part) as parts',
  );
  return rows[0];
}

async function refused(work: () => Promise<unknown>, errorCode: number, text: RegExp, at = operator): Promise<void> {
  const before = await counts(at);
  await assert.rejects(work(), faultOf(errorCode, text));
  assert.deepEqual(await counts(at), before);
}

describe('a forwarded letter', () => {
  test('is stored as a letter of its first sender, sealed as it was, with who passed it on', async () => {
    const result = await forward(forwardOf(original, { recipients: [PERSON_STRANGER, PERSON_BO, PERSON_BO] }));
    assert.match(result.TransId, /^[0-9a-f-]{36}$/);
    assert.deepEqual(result.Status, [
      { RecipientId: PERSON_STRANGER, Delivered: false },
      { RecipientId: PERSON_BO, Delivered: true },
    ]);
    const { rows } = await operator.database.pool.query(
      `select letter.id, sender_id, sender_name, letter.subject, forwarder_id, forwarder_name, signed_by_number, sealed_by_number
       from letter join forward on forward.id = letter.forward_id where forward.id = $1`,
      [result.TransId],
    );
    assert.equal(rows.length, 1);
    const { id, ...row } = rows[0];
    assert.deepEqual(row, {
      sender_id: SENDER,
      sender_name: 'Kommun A',
      subject: 'Bygglov beviljat',
      forwarder_id: PERSON_ANNA,
      forwarder_name: 'Anna Andersson',
      signed_by_number: SENDER,
      sealed_by_number: DISPATCHER,
    });
    const stored = await findSealedDocument(operator.database.pool, id);
    assert.ok(stored);
    const kept = createContentKeys([CONTENT_KEY]).decrypt(stored.keyId, stored.encrypted, sealedContext(id));
    assert.deepEqual(kept, rebuildStandalone(original).sealedDelivery);
    assert.equal(verifyIntegrity(kept).delivery.Header.Recipient, PERSON_ANNA);
  });

  test('may be of the size that a letter may be', async () => {
    const large = await sealedRequest(
      keys,
      delivery({ attachments: [{ fileName: 'a.pdf', bytes: Buffer.alloc(1_560_000, 'a') }] }),
    );
    const given = forwardOf(large, { text: 'x'.repeat(FORWARD_BODY_BYTES_MAX) });
    assert.ok(forwardRequest(given).length > 2_097_152);
    assert.equal((await forward(given)).Status[0]?.Delivered, true);
  });

  test('may be forwarded by a public body through its dispatcher', async () => {
    const toBody = await sealedRequest(keys, delivery({ recipientId: PUBLIC_BODY }));
    const given = forwardOf(toBody, { forwarderId: PUBLIC_BODY });
    assert.equal((await forward(given, { by: operator.client })).Status[0]?.Delivered, true);
  });

  test('to nobody who has a mailbox here is answered, not kept, and may come again when she has one', async () => {
    const late = '199001612382';
    const given = forwardOf(original, { recipients: [late] });
    const before = await counts();
    assert.equal((await forward(given)).Status[0]?.Delivered, false);
    assert.deepEqual(await counts(), before);
    await operator.register.addAccounts([{ recipientId: late }]);
    assert.equal((await forward(given)).Status[0]?.Delivered, true);
  });
});

describe("a forward that fails a check is refused with the contract's code, and nothing is stored", () => {
  test('by one who is not her operator → 5002, whatever else it is', async () => {
    const third = await keys.authority.issue({ organizationNumber: '165592540206', commonName: 'third.example' });
    const by = clientOf(keys, third);
    await refused(
      () => forward(forwardOf(original), { by }),
      5002,
      /165592540206 is neither the operator nor the dispatcher/,
    );
    await refused(() => forward(forwardOf(original), { by: operator.client }), 5002, /162021003898 is neither/);
    by.close();
  });

  test('for one whose mailbox is not open yet, or who has none → 5002', async () => {
    owner.accounts.set(PERSON_BO, { operator: OTHER_OPERATOR, serviceAddress: 'https://x.example/', pending: true });
    const toBo = await sealedRequest(keys, delivery({ recipientId: PERSON_BO }));
    await refused(() => forward(forwardOf(toBo, { forwarderId: PERSON_BO })), 5002, /neither the operator/);
    owner.accounts.delete(PERSON_BO);
    await refused(() => forward(forwardOf(toBo, { forwarderId: PERSON_BO })), 5002, /neither the operator/);
  });

  test("of another's letter → 5002", async () => {
    const toBo = await sealedRequest(keys, delivery({ recipientId: PERSON_BO }));
    await refused(() => forward(forwardOf(toBo)), 5002, /OrginalDelivery was not sent to Header\/Sender/);
  });

  const cases: [name: string, code: number, text: RegExp, options: ForwardOptions][] = [
    ['by one who cannot exist', 5002, /neither the operator/, { forwarderId: '199001990000' }],
    ['text of hers in HTML', 5019, /must be text\/plain/, { contentType: 'text/html', text: '<p>Hej</p>' }],
    ['text of hers that is too long', 5005, /over 65536 bytes/, { text: 'x'.repeat(FORWARD_BODY_BYTES_MAX + 1) }],
    ['subject of hers that is too long', 5005, /over 255 characters/, { subject: 'x'.repeat(256) }],
    ['message that is not in the original', 5003, /no message of OrginalDelivery/, { messageId: 'en annan' }],
    [
      'eleven recipients',
      5005,
      /At most 10 Recipient/,
      { recipients: Array.from({ length: 11 }, (_, n) => `1970010100${String(n).padStart(2, '0')}`) },
    ],
  ];
  for (const [name, code, text, options] of cases) {
    test(`${name} → ${code}`, () => refused(() => forward(forwardOf(original, options)), code, text));
  }

  const originals: [name: string, code: number, text: RegExp, letter: object, seal: (k: Strangers) => SealOptions][] = [
    [
      'is signed by a stranger',
      5002,
      /neither to Sender\/Id nor to its dispatcher/,
      {},
      (k) => ({ signedBy: k.other }),
    ],
    ['is sealed by one who is no dispatcher', 6005, /not a registered dispatcher/, {}, (k) => ({ sealedBy: k.other })],
    ['is sealed by nobody in particular', 5002, /names no organisation/, {}, (k) => ({ sealedBy: k.nameless })],
    ['is of a sender that nobody registered', 5014, /unknown here/, { senderId: '165560360793' }, () => ({})],
    [
      'has a seal that says the signatures are wrong',
      5012,
      /SignaturesOK is false/,
      {},
      () => ({ signaturesOk: false }),
    ],
    [
      'has an untrusted signature',
      5002,
      /not issued by a trusted authority \(the sender's/,
      {},
      (k) => ({ signedBy: k.foreign }),
    ],
    ['has an expired seal', 5002, /expired \(the dispatcher's/, {}, (k) => ({ sealedBy: k.expired })],
    ['has a body that is no text', 5019, /"application\/pdf"/, { contentType: 'application/pdf' }, () => ({})],
    [
      'has a wrong checksum',
      5001,
      /not the MD5/,
      { attachments: [{ fileName: 'a.pdf', bytes: pdfOf('a'), checksum: 'DDB0C170A9145291740E6D9B7253C6A1' }] },
      () => ({}),
    ],
  ];
  let strangers: Strangers;
  before(async () => {
    strangers = await makeStrangers();
  });
  for (const [name, code, text, letter, seal] of originals) {
    test(`an original that ${name} → ${code}`, async () => {
      const spoilt = await sealedRequest(keys, delivery(letter), seal(strangers));
      await refused(() => forward(forwardOf(spoilt)), code, text);
    });
  }

  test('one byte changed in the original → 5012, two originals → 5001, none → 5001', async () => {
    const request = forwardRequest(forwardOf(original)).toString();
    const element = request.slice(request.indexOf('<OrginalDelivery'), request.indexOf('</forwardMessage>'));
    for (const [changed, code, text] of [
      [request.replace('Bygglov beviljat', 'Bygglov beviljar'), 5012, /content does not match the digest/],
      [request.replace(element, element + element), 5001, /OrginalDelivery/],
      [request.replace(element, ''), 5001, /OrginalDelivery/],
      [request.replace('<Delivery>', '<Delivery><!-- -->'), 5012, /holds a comment/],
      [`<!DOCTYPE x>${request}`, 5001, /Invalid input/],
    ] as const) {
      await refused(() => client.deliverSecure(operator.running.soapUrl, Buffer.from(changed)), code, text);
    }
  });

  test('too large for the operation → 5005', async () => {
    const request = forwardRequest(forwardOf(original));
    const padded = Buffer.concat([
      request,
      Buffer.alloc(2_097_152 + 2 * FORWARD_BODY_BYTES_MAX - request.length + 1, ' '),
    ]);
    await refused(() => client.deliverSecure(operator.running.soapUrl, padded), 5005, /Max exceeded/);
  });

  test('while FaR does not answer → 5000, and the same again afterwards is delivered', async () => {
    const given = forwardOf(original, { text: 'När registret är nere' });
    owner.isBroken = true;
    await refused(() => forward(given), 5000, /register does not answer now; send the same again/);
    owner.isBroken = false;
    assert.equal((await forward(given)).Status[0]?.Delivered, true);
  });
});

describe('the same forward again', () => {
  test('gets the same answer, and other words are another', async () => {
    const given = forwardOf(original, { text: 'Samma igen' });
    const first = await forward(given);
    const before = await counts();
    assert.deepEqual(await forward(given), first);
    assert.deepEqual(await counts(), before);
    const second = await forward(forwardOf(original, { text: 'Andra ord' }));
    assert.notEqual(second.TransId, first.TransId);
    assert.equal((await counts())?.letters, (before?.letters ?? 0) + 1);
  });

  test('at the same instant from ten connections is stored once', async () => {
    const given = forwardOf(original, { text: 'Samtidigt' });
    const before = await counts();
    const answers = await byMany(keys, { caller: otherOperator, count: 10 }, (by) => forward(given, { by }));
    assert.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1);
    assert.equal(answers[0]?.Status[0]?.Delivered, true);
    assert.equal((await counts())?.letters, (before?.letters ?? 0) + 1);
  });

  test('beside the letter itself, which the dispatcher delivers: both are kept', async () => {
    const toBo = await sealedRequest(keys, delivery({ recipientId: PERSON_BO }));
    owner.accounts.set(PERSON_BO, { operator: OTHER_OPERATOR, serviceAddress: 'https://x.example/' });
    const before = await counts();
    await operator.deliver(toBo);
    await forward(forwardOf(toBo, { forwarderId: PERSON_BO }));
    owner.accounts.delete(PERSON_BO);
    assert.equal((await counts())?.letters, (before?.letters ?? 0) + 2);
  });
});

test('a statement that fails in the middle leaves nothing', async () => {
  const { pool } = operator.database;
  const given = forwardOf(original, { text: 'Halvfärdig' });
  await pool.query('alter table part add constraint no_more check (position < 0) not valid');
  await refused(() => forward(given), 5000, /Unknown error/);
  await pool.query('alter table part drop constraint no_more');
  assert.equal((await forward(given)).Status[0]?.Delivered, true);
});

test('an operator without a register takes forwards from public bodies alone', async () => {
  const alone = await startTestOperator({ keys });
  try {
    await alone.register.addAccounts([{ recipientId: PERSON_BO }]);
    await refused(() => forward(forwardOf(original), { at: alone }), 5002, /neither the operator/, alone);
  } finally {
    await alone.close();
  }
});

test('an operator may believe the day in the seal of a letter whose certificates have expired', async () => {
  const now = new Date(Date.now() + 2 * 365 * DAY_MS);
  const believing = await startTestOperator({
    keys,
    clock: { ...systemClock, now: () => now },
    settings: { acceptExpiredOriginals: true },
    more: { far: owner.far },
  });
  try {
    await believing.register.addAccounts([{ recipientId: PERSON_BO }]);
    const sealedOn = async (ReceivedTime: string) => {
      const [signer, sealer] = [keys.sender, keys.dispatcher].map(({ keyPem, certPem }) =>
        createSigner({ privateKeyPem: keyPem, certificatePem: certPem }),
      );
      assert.ok(signer && sealer);
      const signed = await signDelivery(delivery(), signer);
      return deliverSecureRequest(await sealDelivery(signed, { ReceivedTime, SignaturesOK: true }, sealer));
    };
    const tomorrow = new Date(Date.now() + DAY_MS).toISOString().slice(0, 10);
    const within = forwardOf(await sealedOn(`${tomorrow}+01:00`));
    assert.equal((await forward(within, { at: believing })).Status[0]?.Delivered, true);
    for (const [day, text] of [
      ['2024-12-01', /not valid yet/],
      ['2098-01-01', /expired/],
      ['-0001-01-01', /expired/],
    ] as const) {
      const outside = forwardOf(await sealedOn(day));
      await refused(() => forward(outside, { at: believing }), 5002, text, believing);
    }
  } finally {
    await believing.close();
  }
});

test('the log tells of forwards, and holds no personal number and no words of theirs', () => {
  const log = operator.logged();
  assert.match(log, /forwarded letter answered/);
  assert.match(log, /caller speaks for the one who forwards/);
  assert.doesNotMatch(log, /Bygglov|Vad tycker|Anna Andersson|19900101|19850709/);
});

interface Strangers {
  other: IssuedCertificate;
  nameless: IssuedCertificate;
  foreign: IssuedCertificate;
  expired: IssuedCertificate;
}

async function makeStrangers(): Promise<Strangers> {
  const foreignAuthority = await createTestAuthority({ name: 'Främmande CA' });
  const [other, nameless, foreign, expired] = await Promise.all([
    keys.authority.issue({ organizationNumber: '165592540206', commonName: 'other.example' }),
    keys.authority.issue({ commonName: 'nameless.example' }),
    foreignAuthority.issue({ organizationNumber: SENDER, commonName: 'sender.example' }),
    keys.authority.issue({
      organizationNumber: DISPATCHER,
      commonName: 'd',
      days: 1,
      notBefore: new Date('2026-01-01T00:00:00Z'),
    }),
  ]);
  return { other, nameless, foreign, expired };
}
