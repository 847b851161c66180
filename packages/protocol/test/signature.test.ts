import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  organizationOf,
  rebuildStandalone,
  standaloneSignedDelivery,
  verifyIntegrity,
  verifySealedDelivery,
  verifySignedDelivery,
} from '../src/index.ts';
import { createTrustStore } from '../src/signature/trustStore.ts';
import {
  canonicalDocument,
  certificatesIn,
  refusedWith,
  sharedExample,
  withSharedExamples,
} from './signatureShared.ts';

const KIVRA = 'real-deliverSecure-kivra-ews-2023';
const SHA256 = 'service-deliverSecure-req-sha256';
const SHA1 = 'service-deliverSecure-req-sha1-html-officialmatter';
const BOTH = ['rsa-sha256', 'rsa-sha1'] as const;
const NOW = new Date('2026-06-01T12:00:00Z');

describe('the signed examples', { skip: !withSharedExamples }, () => {
  it('verify with the certificates they carry, given as trusted', () => {
    for (const name of [KIVRA, SHA256, SHA1]) {
      const source = sharedExample(`${name}.xml`);
      const trust = createTrustStore(certificatesIn(source));
      const { delivery, seal } = verifySealedDelivery(source, { algorithms: BOTH, trust, now: NOW });
      assert.equal(delivery.Message.length, 1, name);
      assert.equal(seal.SignaturesOK, true);
    }
  });

  it('give the values that were signed', () => {
    const source = sharedExample(`${SHA256}.xml`);
    const trust = createTrustStore(certificatesIn(source));
    const verified = verifySealedDelivery(source, { trust, now: NOW });
    assert.equal(verified.delivery.Header.Sender.Id, '162021004748');
    assert.equal(verified.delivery.Header.Recipient, '192705178354');
    assert.equal(verified.delivery.Message[0]?.Header.Subject, 'Beslut i ditt ärende');
    assert.equal(organizationOf(verified.signedBy), '162021004748');
    assert.equal(organizationOf(verified.sealedBy), '162021003898');
    assert.equal(verified.signedDigest, 'M3Bj7QTtl1zCZ4VMDcixBi3Cf/iSoBmbtF+ny4vxjmI=');
    assert.match(
      verified.verifiedBytes.toString(),
      /^<SealedDelivery xmlns="[^"]+v3"><SignedDelivery><Delivery>.*<\/Seal><\/SealedDelivery>$/s,
    );
  });

  it('of Kivra verify to the digests of FACTS e.3', () => {
    const source = sharedExample(`${KIVRA}.xml`);
    const verified = verifyIntegrity(source, { algorithms: ['rsa-sha1'] });
    assert.equal(verified.signedDigest, '8WvOHFTmsiVIKgj2x0/bPolljBM=');
    assert.equal(verified.sealedDigest, 'n3GmKhNt2F5m3DewvYOrE8NamIc=');
    assert.equal(verified.seal.ReceivedTime, '2023-10-11+02:00');
    assert.equal(verified.delivery.Header.Attention, '198101032384');
    assert.equal(organizationOf(verified.signedBy), '165568402266');
  });

  it('with SHA-1 are refused unless SHA-1 is allowed (scenario 23)', () => {
    for (const name of [KIVRA, SHA1]) {
      const source = sharedExample(`${name}.xml`);
      const trust = createTrustStore(certificatesIn(source));
      refusedWith('ALGORITHM', 'sealed', () => verifySealedDelivery(source, { trust, now: NOW }));
      refusedWith('ALGORITHM', 'sealed', () => verifyIntegrity(source));
    }
  });

  it('are refused before and after the validity of their certificates', () => {
    const source = sharedExample(`${SHA256}.xml`);
    const trust = createTrustStore(certificatesIn(source));
    const at = (now: string) => () => verifySealedDelivery(source, { trust, now: new Date(now) });
    refusedWith('NOT_YET_VALID', 'sealed', at('2025-12-31T23:59:59Z'));
    refusedWith('EXPIRED', 'sealed', at('2046-01-01T00:00:01Z'));
    at('2026-01-01T00:00:00Z')();
    at('2046-01-01T00:00:00Z')();
  });

  it('are refused when nothing, or only one of the two, is trusted (scenario 23: KeyInfo of a stranger)', () => {
    const source = sharedExample(`${SHA256}.xml`);
    const [sender, dispatcher] = certificatesIn(source);
    assert.ok(sender !== undefined && dispatcher !== undefined);
    const trusting =
      (...pems: string[]) =>
      () =>
        verifySealedDelivery(source, { trust: createTrustStore(pems), now: NOW });
    refusedWith('UNTRUSTED', 'sealed', trusting());
    refusedWith('UNTRUSTED', 'sealed', trusting(sender));
    refusedWith('UNTRUSTED', 'signed', trusting(dispatcher));
  });

  it('are rebuilt as the standalone documents that other tools verify', () => {
    for (const name of [KIVRA, SHA256, SHA1]) {
      const rebuilt = rebuildStandalone(sharedExample(`${name}.xml`));
      const expected = (part: string) => canonicalDocument(sharedExample(`${name}.standalone-${part}.xml`));
      assert.equal(rebuilt.signedDelivery.toString(), expected('SignedDelivery'), name);
      assert.equal(rebuilt.sealedDelivery.toString(), expected('SealedDelivery'), name);
    }
  });

  it('verify also as standalone documents', () => {
    for (const name of [KIVRA, SHA256, SHA1]) {
      verifyIntegrity(sharedExample(`${name}.standalone-SealedDelivery.xml`), { algorithms: BOTH });
    }
  });

  it('fail with one byte changed, wherever it is', () => {
    for (const name of [KIVRA, SHA256, SHA1]) assertEveryChangeFails(sharedExample(`${name}.xml`));
  });

  it('of distributeSecure verifies, though its element has another name than the signed one (FACTS e.3)', () => {
    const source = sharedExample('message-distributeSecure-req.xml');
    const trust = createTrustStore(certificatesIn(source));
    const { delivery, signedBy, signedDigest, xml, verifiedBytes } = verifySignedDelivery(source, { trust, now: NOW });
    assert.equal(delivery.Header.Recipient, '192705178354');
    assert.equal(organizationOf(signedBy), '162021004748');
    assert.equal(signedDigest, 'M3Bj7QTtl1zCZ4VMDcixBi3Cf/iSoBmbtF+ny4vxjmI=');
    assert.match(
      verifiedBytes.toString(),
      /^<SignedDelivery xmlns="[^"]+v3"><Delivery>.*<\/Delivery><\/SignedDelivery>$/s,
    );
    const standalone = verifySignedDelivery(standaloneSignedDelivery(xml), { trust, now: NOW });
    assert.deepEqual(standalone.verifiedBytes, verifiedBytes);
    refusedWith('DOCUMENT', undefined, () => verifySealedDelivery(source, { trust, now: NOW }));
    const changed = source.toString().replace('192705178354', '191212121212');
    refusedWith('DIGEST', 'signed', () => verifySignedDelivery(Buffer.from(changed), { trust, now: NOW }));
  });

  it('that is forwarded verifies as it was sealed (deliverForward, OrginalDelivery)', () => {
    const source = sharedExample('service-deliverForward-req.xml');
    const trust = createTrustStore(certificatesIn(source));
    const { delivery, seal, sealedBy } = verifySealedDelivery(source, { trust, now: NOW });
    assert.equal(delivery.Header.Recipient, '192705178354');
    assert.equal(seal.SignaturesOK, true);
    assert.equal(organizationOf(sealedBy), '162021003898');
    const at = source.indexOf('192705178354', source.indexOf('OrginalDelivery'));
    const changed = Buffer.from(source);
    changed.write('191212121212', at);
    refusedWith('DIGEST', 'sealed', () => verifySealedDelivery(changed, { trust, now: NOW }));
    const twice = source.toString().replace(/<s3:OrginalDelivery>.*<\/s3:OrginalDelivery>/s, '$&$&');
    refusedWith('DOCUMENT', undefined, () => verifySealedDelivery(Buffer.from(twice), { trust, now: NOW }));
  });
});

/**
 * Changes one byte at a time, all through the document. Left out is what no signature covers: the envelope, the
 * outer KeyInfo's subject name, and prefixes and their declarations, which the infrastructure's form drops.
 */
function assertEveryChangeFails(source: Buffer): void {
  const text = source.toString('latin1');
  const trust = createTrustStore(certificatesIn(source));
  const start = text.search(/<[a-z0-9]+:SignedDelivery/);
  const end = text.search(/<\/(\w+):deliverSecure/);
  const nameClosed = text.lastIndexOf('X509SubjectName>');
  const nameFrom = text.lastIndexOf('X509SubjectName>', nameClosed - 1) + 'X509SubjectName>'.length;
  const nameTo = text.indexOf('<', nameFrom);
  let tried = 0;
  for (let at = start; at < end; at += 7) {
    if (at >= nameFrom && at < nameTo) continue;
    const changed = Buffer.from(source);
    changed[at] = changed[at] === 0x41 ? 0x42 : 0x41;
    assert.throws(
      () => verifySealedDelivery(changed, { algorithms: BOTH, trust, now: NOW }),
      { name: 'SignatureError' },
      `at ${at}`,
    );
    tried++;
  }
  assert.ok(tried > 500, `only ${tried} positions`);
}

describe('organizationOf', { skip: !withSharedExamples }, () => {
  it('reads the example certificates', () => {
    const found = certificatesIn(sharedExample(`${SHA256}.xml`)).map((pem) => organizationOf(new X509Certificate(pem)));
    assert.deepEqual(found, ['162021004748', '162021003898']);
  });
});
