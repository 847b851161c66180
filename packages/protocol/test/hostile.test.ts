import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { before, describe, it } from 'node:test';
import {
  type CallRecord,
  contractFault,
  createSoapEndpoint,
  deliverSecureRequest,
  ENVELOPE_BYTES_MAX,
  SignatureError,
  type SoapEndpoint,
  sealDelivery,
  serviceService,
  signDelivery,
  verifySealedDelivery,
} from '../src/index.ts';
import { createSigningParties, SEAL, type SigningParties, testDelivery } from './signatureParties.ts';

/** A fault comes within this time on a slow machine, whatever is sent. */
const BOUND_MS = 3000;

let parties: SigningParties;
let certificate: Buffer;
let letter: string;
let endpoint: SoapEndpoint;
let stored = 0;
const records: CallRecord[] = [];

before(async () => {
  parties = await createSigningParties();
  certificate = new X509Certificate(parties.senderCertificate.certPem).raw;
  const signed = await signDelivery(testDelivery(), parties.sender);
  letter = deliverSecureRequest(await sealDelivery(signed, SEAL, parties.dispatcher)).toString();
  endpoint = createSoapEndpoint(
    serviceService,
    { deliverSecure: { fromSource: receive } },
    {
      requestBytesMax: ENVELOPE_BYTES_MAX,
      onCall: (record) => records.push(record),
    },
  );
});

/** An operator in miniature: verifies, "stores", answers. */
async function receive({ source }: { source: Parameters<typeof verifySealedDelivery>[0] }) {
  try {
    const { delivery } = verifySealedDelivery(source, { trust: parties.trust, now: new Date() });
    stored++;
    return { return: { TransId: 'x', Status: [{ RecipientId: delivery.Header.Recipient, Delivered: true }] } };
  } catch (cause) {
    if (cause instanceof SignatureError) throw contractFault('SIGNATURE_ERROR', cause.message, { cause });
    throw cause;
  }
}

async function send(xml: string | Buffer): Promise<string> {
  const reply = await endpoint({ body: Buffer.from(xml), peerCertificateDer: certificate });
  assert.ok('body' in reply);
  return reply.body.toString();
}

async function refused(xml: string | Buffer, code: number, text: RegExp): Promise<void> {
  stored = 0;
  const startedMs = performance.now();
  const answer = await send(xml);
  assert.ok(performance.now() - startedMs < BOUND_MS, 'bounded time');
  assert.equal(stored, 0, 'nothing stored');
  assert.equal(answer.match(/<ErrorCode>/g)?.length, 1, 'one clear fault');
  assert.match(answer, new RegExp(`<ErrorCode>${code}</ErrorCode>`));
  assert.match(/<Description>([^<]*)</.exec(answer)?.[1] ?? '', text);
  assert.doesNotMatch(answer, /192705178354/, 'no value is quoted');
  assert.equal(records.at(-1)?.error, undefined, 'every refusal is foreseen');
}

const put = (what: string) => letter.replace('192705178354', what);

describe('an operator under attack (scenario 23)', () => {
  it('takes the honest letter', async () => {
    assert.match(await send(letter), /<Delivered>true<\/Delivered>/);
  });

  it('refuses a DTD and entities', async () => {
    await refused(`<!DOCTYPE x>${letter}`, 5001, /document type declaration/);
    const laughs = Array.from({ length: 20 }, (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`).join('');
    await refused(`<!DOCTYPE x [<!ENTITY a0 "ha">${laughs}]>${put('&a20;')}`, 5001, /document type declaration/);
    await refused(
      `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${put('&a;')}`,
      5001,
      /document type declaration/,
    );
    await refused(put('&unknown;'), 5001, /not well-formed/);
    await refused(Buffer.from(`\ufeff<!DOCTYPE x>${letter}`, 'utf16le'), 5001, /UTF-8/);
  });

  it('does not follow XInclude', async () => {
    await refused(
      put('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'),
      5001,
      /Recipient/,
    );
  });

  it('refuses deep nesting', async () => {
    await refused(put('<a>'.repeat(100_000) + '</a>'.repeat(100_000)), 5001, /not well-formed/);
    await refused(put('<a>'.repeat(200) + '</a>'.repeat(200)), 5001, /Recipient/);
  });

  it('refuses 200 000 attributes', async () => {
    const attributes = Array.from({ length: 200_000 }, (_, i) => `b${i.toString(36)}=""`).join(' ');
    const hostile = letter.replace('<Delivery>', `<Delivery ${attributes}>`);
    assert.ok(hostile.length < ENVELOPE_BYTES_MAX, 'the size limit must not be what refuses it');
    await refused(hostile, 5001, /Delivery/);
  });

  it('refuses a hundred thousand namespaces and elements', async () => {
    const namespaces = Array.from({ length: 60_000 }, (_, i) => `xmlns:n${i}="u:${i}"`).join(' ');
    await refused(letter.replace('<Delivery>', `<Delivery ${namespaces} x="">`), 5001, /./);
    await refused(put('<a/>'.repeat(400_000)), 5001, /Recipient/);
  });

  it('refuses two signatures, a moved element, a duplicate Id', async () => {
    const signature = /<Signature [\s\S]*?<\/Signature>/.exec(letter)?.[0] ?? '';
    await refused(letter.replace(signature, signature + signature), 5001, /Signature/);
    const delivery = /<Delivery>[\s\S]*<\/Delivery>/.exec(letter)?.[0] ?? '';
    const moved = letter
      .replace(delivery, delivery.replace('192705178354', '191212121212'))
      .replace('</KeyInfo></Signature><Seal', `</KeyInfo><Object>${delivery}</Object></Signature><Seal`);
    await refused(moved, 5012, /sender|dispatcher|content/);
    const twice = letter
      .replace('<SignedDelivery ', '<SignedDelivery Id="a" ')
      .replace('<deliverSecure><', '<deliverSecure Id="a"><');
    await refused(twice, 5001, /Id|ID/);
  });

  it('refuses comments and processing instructions in signed values', async () => {
    await refused(put('192705<!-- x -->178354'), 5012, /comment/);
    await refused(put('192705<?x y?>178354'), 5001, /processing instructions/);
  });

  it('refuses broken base64, which the schema validator lets through (tech.md 5)', async () => {
    await refused(letter.replace('SGVqIQ==', '!!!!'), 5012, /digest/);
    await refused(letter.replace(/<DigestValue>(?![\s\S]*<DigestValue>)/, '<DigestValue>!!!!'), 5012, /base64/);
  });

  it('refuses SHA-1', async () => {
    await refused(
      letter.replaceAll(
        'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
        'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
      ),
      5012,
      /algorithm is not allowed/,
    );
  });

  it('refuses one byte too much, and says by how much it is allowed (scenario 6)', async () => {
    const padding = ENVELOPE_BYTES_MAX - Buffer.byteLength(letter);
    const padded = (bytes: number) => letter.replace('<env:Body>', `${' '.repeat(bytes)}<env:Body>`);
    assert.match(await send(padded(padding)), /<Delivered>true</);
    await refused(padded(padding + 1), 5005, /has 2097153 bytes, the limit is 2097152/);
  });

  it('survives random damage', async () => {
    let seed = 1;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    const bytes = Buffer.from(letter);
    for (let i = 0; i < 150; i++) {
      const damaged = Buffer.from(bytes);
      for (let n = 0; n <= random(4); n++) damaged[random(damaged.length)] = random(256);
      const answer = await send(damaged);
      assert.match(answer, /<ErrorCode>50(?:01|12)<|<Delivered>true</);
      assert.equal(records.at(-1)?.error, undefined);
    }
    for (let length = 0; length < bytes.length; length += 211) {
      assert.match(await send(bytes.subarray(0, length)), /<ErrorCode>5001</);
    }
  });
});
