import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { faultOf } from './faultOf.ts';
import { deliverForward, forwardOf, forwardRequest } from './handIns.ts';
import {
  delivery,
  type Keys,
  makeKeys,
  SENDER,
  sealedRequest,
  startTestOperator,
  type TestOperator,
} from './operator.ts';
import { PERSON_ANNA } from './people.ts';

/** No refusal may take longer, however the request is built (scenario 23); the machine may be busy with other tests. */
const REFUSAL_MS_MAX = 10_000;

let keys: Keys;
let operator: TestOperator;
let good: string;
let honestForward: ReturnType<typeof forwardOf>;
let goodForward: string;

before(async () => {
  keys = await makeKeys();
  operator = await startTestOperator({ keys });
  good = (await sealedRequest(keys, delivery({ subject: 'Beslutet' }))).toString('utf8');
  const original = await sealedRequest(keys, delivery({ subject: 'Beslutet', recipientId: SENDER }));
  honestForward = forwardOf(original, { forwarderId: SENDER, recipients: [PERSON_ANNA], subject: 'Se här' });
  goodForward = forwardRequest(honestForward).toString('utf8');
});
after(() => operator.close());

const between = (text: string, from: string, to: string) => {
  const start = text.indexOf(from);
  return text.slice(start, text.indexOf(to, start) + to.length);
};
const signatureOf = (text: string) => between(text, '<Signature ', '</Signature>');
const DTD = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>';

const HOSTILE: [name: string, change: (request: string) => string | Buffer, codes: number[]][] = [
  ['a DTD', (it) => `<!DOCTYPE x>${it}`, [5001]],
  ['entities that grow', (it) => `${DTD}${it.replace('Beslutet', '&b;&b;&b;')}`, [5001]],
  [
    'an entity that reads a file',
    (it) => `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>${it.replace('Beslutet', '&f;')}`,
    [5001],
  ],
  [
    'XInclude',
    (it) =>
      it.replace('Beslutet', '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'),
    [5001],
  ],
  ['50 000 nested elements', (it) => it.replace('Beslutet', `${'<a>'.repeat(50_000)}${'</a>'.repeat(50_000)}`), [5001]],
  [
    '200 000 attributes',
    (it) => it.replace('<Delivery>', `<Delivery ${Array.from({ length: 200_000 }, (_, n) => `a${n}=""`).join(' ')}>`),
    [5001, 5005],
  ],
  [
    'two Signatures in the signed element',
    (it) => it.replace('</SignedDelivery>', `${signatureOf(it)}</SignedDelivery>`),
    [5001, 5012],
  ],
  ['no Signature', (it) => it.replace(signatureOf(it), ''), [5001, 5012]],
  [
    'a moved signed element',
    (it) => it.replace('<Seal ', `${between(it, '<Delivery>', '</Delivery>')}<Seal `),
    [5001, 5012],
  ],
  [
    'an Id that appears twice',
    (it) => it.replace('<deliverSecure><SignedDelivery ', '<deliverSecure Id="x"><SignedDelivery Id="x" '),
    [5001, 5012],
  ],
  ['a reference to another element', (it) => it.replace('URI=""', 'URI="#other"'), [5001, 5012]],
  ['a comment inside a signed value', (it) => it.replace('Beslutet', 'Beslut<!-- -->et'), [5001, 5012]],
  ['a processing instruction inside a signed value', (it) => it.replace('Beslutet', 'Beslut<?x y?>et'), [5001, 5012]],
  ['a comment inside a digest', (it) => it.replace('<DigestValue>', '<DigestValue><!-- -->'), [5001, 5012]],
  ['broken base64 in the body', (it) => it.replace(/(<Body xmlns="[^"]*Message">)/, '$1!!!!'), [5001, 5012]],
  ['an empty KeyInfo', (it) => it.replace(/<X509Certificate>[^<]*</, '<X509Certificate><'), [5001, 5002, 5012]],
  [
    'a KeyInfo that is no certificate',
    (it) => it.replace(/<X509Certificate>[^<]*</, '<X509Certificate>aGVq<'),
    [5002, 5012],
  ],
  ['an unknown algorithm', (it) => it.replaceAll('xmldsig-more#rsa-sha256', 'xmldsig-more#hmac-sha256'), [5001, 5012]],
  ['no XML', () => 'hej', [5001]],
  ['half the request', (it) => it.slice(0, it.length / 2), [5001]],
  ['nothing', () => '', [5001]],
  ['another encoding than it says', (it) => Buffer.from(it.replace('Beslutet', 'Beslut åäö'), 'latin1'), [5001, 5012]],
  ['an operation that does not exist', (it) => it.replaceAll('deliverSecure', 'deliverNothing'), [5001]],
];

async function refusedInTime(body: Buffer, codes: readonly number[]): Promise<void> {
  const startedMs = performance.now();
  await assert.rejects(operator.deliver(body), faultOf(codes));
  assert.ok(performance.now() - startedMs < REFUSAL_MS_MAX, `${performance.now() - startedMs} ms`);
  assert.equal(await operator.letterCount(), 0);
}

const bytesOf = (request: string | Buffer) => (typeof request === 'string' ? Buffer.from(request, 'utf8') : request);

describe('hostile XML is refused in bounded time, with one clear fault, and nothing is stored (scenario 23)', () => {
  for (const [name, change, codes] of HOSTILE) {
    test(name, async () => {
      const body = bytesOf(change(good));
      assert.notDeepEqual(body, bytesOf(good), 'the case changes the request');
      await refusedInTime(body, codes);
    });

    test(`${name}, in a forwarded letter`, async (t) => {
      const body = bytesOf(change(goodForward));
      if (body.equals(bytesOf(goodForward))) return t.skip('the case is about deliverSecure alone');
      await refusedInTime(body, codes);
    });
  }

  test('a letter signed by a stranger who brings his own certificate → 5002', async () => {
    const { createTestAuthority } = await import('@brevduva/protocol/testing');
    const foreign = await createTestAuthority({ name: 'Egen CA' });
    const signedBy = await foreign.issue({ organizationNumber: '162021004748', commonName: 'x' });
    const request = await sealedRequest(keys, delivery(), { signedBy });
    await assert.rejects(operator.deliver(request), faultOf(5002));
    assert.equal(await operator.letterCount(), 0);
  });

  test('the honest letter still passes, and the honest forward', async () => {
    assert.equal((await operator.deliver(bytesOf(good))).Status[0]?.Delivered, true);
    const forwardMessage = honestForward;
    const answer = await operator.client.call(deliverForward, operator.running.soapUrl, { forwardMessage });
    assert.equal(answer.return.Status[0]?.Delivered, true);
  });
});
