import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { verifyIntegrity } from '@brevduva/protocol';
import { createContentKeys } from '../src/content/encryption.ts';
import { partContext, sealedContext } from '../src/content/store.ts';
import { findSealedDocument } from '../src/sql/inbox.ts';
import { faultOf } from './faultOf.ts';
import {
  CONTENT_KEY,
  clientOf,
  DISPATCHER,
  delivery,
  type Keys,
  type LetterOptions,
  makeKeys,
  SENDER,
  type SealOptions,
  sealedRequest,
  startTestOperator,
  type TestOperator,
} from './operator.ts';
import { pdfOf } from './pdf.ts';
import { PERSON_ANNA, PERSON_BO, PERSON_STRANGER } from './people.ts';
import { until } from './until.ts';

const HTML = '<!DOCTYPE html><html><head><title>Hej</title></head><body><p>Hej</p></body></html>';
const OTHER = '165560360793';

let keys: Keys;
let operator: TestOperator;

before(async () => {
  keys = await makeKeys();
  operator = await startTestOperator({ keys });
});
after(() => operator.close());

describe('a letter that passes every check', () => {
  test('is answered Delivered=true and kept exactly as it was sealed', async () => {
    const request = await sealedRequest(
      keys,
      delivery({ attachments: [{ fileName: 'beslut.pdf', bytes: pdfOf('Beslut') }] }),
    );
    const result = await operator.deliver(request);
    assert.match(result.TransId, /^[0-9a-f-]{36}$/);
    assert.deepEqual(result.Status, [{ RecipientId: PERSON_ANNA, Delivered: true }]);

    const stored = await findSealedDocument(operator.database.pool, result.TransId);
    assert.ok(stored);
    const contentKeys = createContentKeys([CONTENT_KEY]);
    const kept = contentKeys.decrypt(stored.keyId, stored.encrypted, sealedContext(result.TransId));
    assert.deepEqual(kept, request);
    assert.deepEqual(stored.sealedHash, createHash('sha256').update(request).digest());
    assert.equal(verifyIntegrity(kept).delivery.Header.Recipient, PERSON_ANNA);
  });

  test('has its text and attachments as parts of their own, none of them readable in the database', async () => {
    const bytes = pdfOf('Hemligt innehåll');
    const letter = delivery({ text: 'Hemligt innehåll', attachments: [{ fileName: 'a.pdf', bytes }] });
    const { TransId } = await operator.deliver(await sealedRequest(keys, letter));
    const { rows } = await operator.database.pool.query<{ position: number; key_id: string; encrypted: Buffer }>(
      'select position, key_id, encrypted from part where letter_id = $1 order by position',
      [TransId],
    );
    const contentKeys = createContentKeys([CONTENT_KEY]);
    const opened = rows.map((row) =>
      contentKeys.decrypt(row.key_id, row.encrypted, partContext(TransId, row.position)),
    );
    assert.deepEqual(opened, [Buffer.from('Hemligt innehåll', 'utf8'), bytes]);
    for (const row of rows) assert.equal(row.encrypted.includes('Hemligt'), false);
  });

  test('may be signed by the dispatcher for its sender, and be HTML', async () => {
    const html = await sealedRequest(keys, delivery({ contentType: 'text/html', text: HTML }), {
      signedBy: keys.dispatcher,
    });
    assert.equal((await operator.deliver(html)).Status[0]?.Delivered, true);
  });

  test('may carry its checksum in lower case (scenario 24)', async () => {
    const bytes = pdfOf('gemener');
    const checksum = createHash('md5').update(bytes).digest('hex');
    const request = await sealedRequest(keys, delivery({ attachments: [{ fileName: 'a.pdf', bytes, checksum }] }));
    assert.equal((await operator.deliver(request)).Status[0]?.Delivered, true);
  });
});

describe("a letter that fails a check is refused with the contract's code, and nothing is stored", () => {
  const cases: [name: string, code: number, text: RegExp, letter: LetterOptions, seal: (k: MoreKeys) => SealOptions][] =
    [
      [
        'seal of another dispatcher than the connection',
        5002,
        /another organisation/,
        {},
        (k) => ({ sealedBy: k.other }),
      ],
      [
        'letter signed by a stranger',
        5002,
        /neither to Sender\/Id nor to its dispatcher/,
        {},
        (k) => ({ signedBy: k.other }),
      ],
      [
        'letter signed with an untrusted certificate',
        5002,
        /not issued by a trusted authority \(the sender's/,
        {},
        (k) => ({ signedBy: k.foreignSender }),
      ],
      [
        'seal with an untrusted certificate',
        5002,
        /not issued by a trusted authority \(the dispatcher's/,
        {},
        (k) => ({ sealedBy: k.foreignDispatcher }),
      ],
      [
        'seal with an expired certificate (scenario 19)',
        5002,
        /expired \(the dispatcher's/,
        {},
        (k) => ({ sealedBy: k.expiredDispatcher }),
      ],
      ['certificate that names no organisation', 5002, /neither to Sender\/Id/, {}, (k) => ({ signedBy: k.nameless })],
      ['sender that nobody registered', 5014, /unknown here/, { senderId: OTHER }, (k) => ({ signedBy: k.other })],
      [
        'sender that the dispatcher does not serve',
        6005,
        /may not deliver for this Sender/,
        { senderId: '162120002411' },
        () => ({}),
      ],
      ['seal that says the signatures are wrong', 5012, /SignaturesOK is false/, {}, () => ({ signaturesOk: false })],
      [
        'body that is no text',
        5019,
        /"application\/pdf" is not supported/,
        { contentType: 'application/pdf' },
        () => ({}),
      ],
      [
        'HTML with script',
        5001,
        /script/,
        { contentType: 'text/html', text: HTML.replace('<p>', '<script>x()</script><p>') },
        () => ({}),
      ],
      [
        'attachment of a kind not accepted',
        5019,
        /1 "application\/zip"/,
        { attachments: [{ fileName: 'a.zip', bytes: Buffer.from('PK'), contentType: 'application/zip' }] },
        () => ({}),
      ],
      [
        'attachment with a wrong checksum (scenario 24)',
        5001,
        /not the MD5 of the attachment: number 1/,
        { attachments: [{ fileName: 'a.pdf', bytes: pdfOf('a'), checksum: 'DDB0C170A9145291740E6D9B7253C6A1' }] },
        () => ({}),
      ],
    ];
  let more: MoreKeys;

  before(async () => {
    more = await makeMoreKeys(keys);
    await operator.register.addSenders([{ organizationNumber: '162120002411', name: 'Kommun utan förmedlare' }]);
  });

  for (const [name, errorCode, text, letter, seal] of cases) {
    test(`${name} → ${errorCode}`, async () => {
      const request = await sealedRequest(keys, delivery(letter), seal(more));
      await refused(() => operator.deliver(request), errorCode, text);
    });
  }

  test('a dispatcher that is not registered → 6005', async () => {
    const stranger = clientOf(keys, more.other);
    const request = await sealedRequest(keys, delivery(), { sealedBy: more.other });
    await refused(
      () => stranger.deliverSecure(operator.running.soapUrl, request),
      6005,
      /165560360793 is not a registered dispatcher/,
    );
    stranger.close();
  });

  test('two messages in one delivery → 5001', async () => {
    const [one, two] = [delivery(), delivery()];
    const both = { ...one, Message: [...one.Message, ...two.Message] };
    const request = await sealedRequest(keys, both);
    await refused(() => operator.deliver(request), 5001, /one Message, not 2/);
  });

  test('one byte changed in the letter → 5012', async () => {
    const request = await sealedRequest(keys, delivery({ subject: 'Avslag' }));
    const changed = Buffer.from(request.toString('latin1').replace('Avslag', 'Bifall'), 'latin1');
    await refused(() => operator.deliver(changed), 5012, /content does not match the digest/);
  });

  test('an envelope over 2 097 152 bytes → 5005, one under it passes (scenario 6)', async () => {
    const fitting = await sealedRequest(
      keys,
      delivery({ attachments: [{ fileName: 'a.pdf', bytes: Buffer.alloc(1_560_000, 'a') }] }),
    );
    assert.ok(fitting.length <= 2_097_152 && fitting.length > 2_080_000, `${fitting.length}`);
    const before = await operator.letterCount();
    assert.equal((await operator.deliver(fitting)).Status[0]?.Delivered, true);
    assert.equal(await operator.letterCount(), before + 1);
    const large = await sealedRequest(
      keys,
      delivery({ attachments: [{ fileName: 'a.pdf', bytes: Buffer.alloc(1_580_000, 'a') }] }),
    );
    assert.ok(large.length > 2_097_152);
    await refused(() => operator.deliver(large), 5005, /Max exceeded/);
  });
});

describe('a recipient without an active mailbox here is Delivered=false, and nothing is stored', () => {
  before(async () => {
    await operator.register.addAccounts([{ recipientId: PERSON_BO, pending: true }, { recipientId: '191212121212' }]);
    await operator.register.closeAccount('191212121212');
  });

  for (const [name, recipientId] of [
    ["another operator's customer", PERSON_STRANGER],
    ['a mailbox that is not open yet', PERSON_BO],
    ['a closed mailbox (scenario 10)', '191212121212'],
  ] as const) {
    test(name, async () => {
      const before = await operator.letterCount();
      const result = await operator.deliver(await sealedRequest(keys, delivery({ recipientId })));
      assert.deepEqual(result.Status, [{ RecipientId: recipientId, Delivered: false }]);
      assert.match(result.TransId, /^[0-9a-f-]{36}$/);
      assert.equal(await operator.letterCount(), before);
    });
  }
});

describe('operators differ by configuration', () => {
  test('one refuses HTML with 5019 and takes plain text', async () => {
    const plain = await startTestOperator({ keys, settings: { acceptHtml: false } });
    try {
      const html = await sealedRequest(keys, delivery({ contentType: 'text/html', text: HTML }));
      await refused(
        () => plain.deliver(html),
        5019,
        /"text\/html" is not supported; this operator shows text\/plain/,
        plain,
      );
      assert.equal((await plain.deliver(await sealedRequest(keys, delivery()))).Status[0]?.Delivered, true);
    } finally {
      await plain.close();
    }
  });

  test('one is slow to answer, with the letter committed before it waits', async () => {
    const slow = await startTestOperator({ keys, settings: { delayMs: 400 } });
    try {
      const startedMs = performance.now();
      const answer = slow.deliver(await sealedRequest(keys, delivery()));
      await until(async () => (await slow.letterCount()) === 1);
      assert.ok(performance.now() - startedMs < 400, 'committed before the answer');
      assert.equal((await answer).Status[0]?.Delivered, true);
      assert.ok(performance.now() - startedMs >= 400);
    } finally {
      await slow.close();
    }
  });

  test("one insists on the sender's own signature", async () => {
    const strict = await startTestOperator({ keys, settings: { acceptDispatcherSignature: false } });
    try {
      const request = await sealedRequest(keys, delivery(), { signedBy: keys.dispatcher });
      await refused(() => strict.deliver(request), 5002, /inner signature/, strict);
    } finally {
      await strict.close();
    }
  });

  test('settings that make no sense stop the start, all of them named', async () => {
    const settings = { organizationNumber: '5568402266', delayMs: -1, envelopeBytesMax: 3_000_000, name: '' };
    await assert.rejects(startTestOperator({ keys, settings }), (err: { code: string; faults: { path: string }[] }) => {
      assert.equal(err.code, 'MAILBOX_SETTINGS');
      const paths = err.faults.map((fault) => fault.path);
      assert.deepEqual(
        paths,
        ['organizationNumber', 'name', 'delayMs', 'envelopeBytesMax'].map((each) => `operator.${each}`),
      );
      return true;
    });
  });
});

test('the log tells of every delivery, and holds no personal number, name or content', async () => {
  const letter = delivery({ subject: 'Sekretess', text: 'Hemlig text' });
  await operator.deliver(await sealedRequest(keys, letter));
  const log = operator.logged();
  assert.match(log, /"outcome":"stored"/);
  assert.match(log, /"fault":"UNKNOWN_SENDER"/);
  assert.doesNotMatch(log, /Sekretess|Hemlig|19900101|19850709/);
});

interface MoreKeys {
  other: Keys['sender'];
  foreignSender: Keys['sender'];
  foreignDispatcher: Keys['sender'];
  expiredDispatcher: Keys['sender'];
  nameless: Keys['sender'];
}

async function makeMoreKeys({ authority }: Keys): Promise<MoreKeys> {
  const { createTestAuthority } = await import('@brevduva/protocol/testing');
  const foreign = await createTestAuthority({ name: 'Främmande CA' });
  const [other, foreignSender, foreignDispatcher, expiredDispatcher, nameless] = await Promise.all([
    authority.issue({ organizationNumber: OTHER, commonName: 'other.example' }),
    foreign.issue({ organizationNumber: SENDER, commonName: 'sender.example' }),
    foreign.issue({ organizationNumber: DISPATCHER, commonName: 'dispatcher.example' }),
    authority.issue({ organizationNumber: DISPATCHER, commonName: 'd', days: 1, notBefore: new Date('2026-01-01') }),
    authority.issue({ commonName: 'nameless.example' }),
  ]);
  return { other, foreignSender, foreignDispatcher, expiredDispatcher, nameless };
}

async function refused(deliver: () => Promise<unknown>, errorCode: number, text: RegExp, at = operator): Promise<void> {
  const before = await at.letterCount();
  await assert.rejects(deliver(), faultOf(errorCode, text));
  assert.equal(await at.letterCount(), before);
}
