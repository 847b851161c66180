/**
 * One table of attacks, longer than other files because each line is a case of its own: what is changed in an honest letter,
 * and the code that must come of it.
 */
import assert from 'node:assert/strict';
import { createHash, sign } from 'node:crypto';
import { before, describe, it } from 'node:test';
import {
  createTrustStore,
  deliverSecureRequest,
  type SignatureFault,
  type SignatureLayer,
  sealDelivery,
  signDelivery,
  standaloneSignedDelivery,
  verifyIntegrity,
  verifySealedDelivery,
  verifySignedDelivery,
} from '../src/index.ts';
import { createTestAuthority } from '../src/testing/index.ts';
import { createSigningParties, SEAL, type SigningParties, signerOf, testDelivery } from './signatureParties.ts';
import { refusedWith } from './signatureShared.ts';

const M3 = 'http://minameddelanden.gov.se/schema/Message/v3';
const DS = 'http://www.w3.org/2000/09/xmldsig#';
const NOW = new Date();

let parties: SigningParties;
let wire: string;
/** The parts of the message: its delivery, and both signatures. */
let delivery: string;
let inner: string;
let outer: string;
let seal: string;

before(async () => {
  parties = await createSigningParties();
  const sealed = await sealDelivery(await signDelivery(testDelivery(), parties.sender), SEAL, parties.dispatcher);
  wire = deliverSecureRequest(sealed).toString();
  delivery = between(wire, '<Delivery>', '</Delivery>');
  inner = between(wire, '<Signature ', '</Signature>');
  outer = between(wire.slice(wire.indexOf('</Seal>')), '<Signature ', '</Signature>');
  seal = between(wire, '<Seal ', '</Seal>');
});

function between(text: string, from: string, to: string): string {
  const start = text.indexOf(from);
  return text.slice(start, text.indexOf(to, start) + to.length);
}

/** One replacement, which must change something. */
function edited(text: string, from: string | RegExp, to: string): string {
  const changed = text.replace(from, () => to);
  assert.notEqual(changed, text, `nothing to replace: ${from}`);
  return changed;
}

const verify = (xml: string) => verifySealedDelivery(Buffer.from(xml), { trust: parties.trust, now: NOW });
const evil = () => delivery.replace('192705178354', '191212121212');

interface Handmade {
  content?: string;
  attributes?: string;
  uri?: string;
  transforms?: string;
  /** Changes the finished signature. */
  edit?: (signature: string) => string;
}

/** A signed delivery in a form that we ourselves never write, with a signature that is right. */
function handmade({
  content = delivery,
  attributes = '',
  uri = '',
  transforms = ENVELOPED,
  edit = (xml) => xml,
}: Handmade): string {
  const { keyPem } = parties.senderCertificate;
  const digest = createHash('sha256').update(`<SignedDelivery xmlns="${M3}"${attributes}>${content}</SignedDelivery>`);
  const signedInfo = between(inner, '<SignedInfo>', '</SignedInfo>')
    .replace('URI=""', `URI="${uri}"`)
    .replace(ENVELOPED, transforms)
    .replace(/<DigestValue>[^<]+/, `<DigestValue>${digest.digest('base64')}`);
  const value = sign('sha256', Buffer.from(signedInfo.replace('<SignedInfo', `<SignedInfo xmlns="${DS}"`)), keyPem);
  const signature = inner
    .replace(between(inner, '<SignedInfo>', '</SignedInfo>'), signedInfo)
    .replace(/<SignatureValue>[^<]+/, `<SignatureValue>${value.toString('base64')}`);
  return `<SignedDelivery xmlns="${M3}"${attributes}>${content}${edit(signature)}</SignedDelivery>`;
}

const ENVELOPED = '<Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></Transform>';

it('the message that the variants are made of verifies', () => {
  assert.equal(verify(wire).delivery.Header.Recipient, '192705178354');
});

type Variant = [name: string, code: SignatureFault, layer: SignatureLayer | undefined, make: () => string];

const WRAPPING: Variant[] = [
  ['a second delivery before the signed one', 'STRUCTURE', 'signed', () => edited(wire, delivery, evil() + delivery)],
  ['a second delivery after the signed one', 'STRUCTURE', 'signed', () => edited(wire, delivery, delivery + evil())],
  [
    'the signed delivery moved into an Object, another in its place',
    'STRUCTURE',
    'sealed',
    () =>
      edited(
        edited(wire, delivery, evil()),
        '</KeyInfo></Signature></deliverSecure>',
        `</KeyInfo><Object>${delivery}</Object></Signature></deliverSecure>`,
      ),
  ],
  [
    'the same in the inner signature',
    'DIGEST',
    'sealed',
    () =>
      edited(
        wire,
        inner,
        edited(
          inner,
          '</Signature>',
          `<Object><SignedDelivery xmlns="${M3}">${delivery}</SignedDelivery></Object></Signature>`,
        ),
      ),
  ],
  [
    'a whole SignedDelivery nested in a delivery',
    'DIGEST',
    'sealed',
    () => edited(wire, '</Delivery>', `<SignedDelivery>${delivery}${inner}</SignedDelivery></Delivery>`),
  ],
  [
    'two SignedDelivery',
    'STRUCTURE',
    'sealed',
    () =>
      edited(
        wire,
        '<SignedDelivery',
        `<SignedDelivery xmlns="${M3}">${evil()}${inner}</SignedDelivery><SignedDelivery`,
      ),
  ],
  ['two signatures of the sender', 'SIGNATURE_COUNT', 'signed', () => edited(wire, inner, inner + inner)],
  ['two seals', 'SIGNATURE_COUNT', 'sealed', () => edited(wire, outer, outer + outer)],
  ['no signature of the sender', 'SIGNATURE_COUNT', 'signed', () => edited(wire, inner, '')],
  ['no seal', 'SIGNATURE_COUNT', 'sealed', () => edited(wire, outer, '')],
  [
    'the signature before the delivery',
    'SIGNATURE_POSITION',
    'signed',
    () => edited(edited(wire, inner, ''), delivery, inner + delivery),
  ],
  [
    'the seal first',
    'SIGNATURE_POSITION',
    'sealed',
    () => edited(edited(wire, outer, ''), '<SignedDelivery', `${outer}<SignedDelivery`),
  ],
  [
    'the signature in an element of its own',
    'SIGNATURE_COUNT',
    'signed',
    () => edited(wire, inner, `<x xmlns="urn:x">${inner}</x>`),
  ],
  [
    'a signature in another namespace',
    'SIGNATURE_COUNT',
    'signed',
    () => edited(wire, inner, edited(inner, `xmlns="${DS}"`, 'xmlns="urn:x"')),
  ],
  [
    'a foreign element beside the delivery',
    'STRUCTURE',
    'signed',
    () => edited(wire, inner, `<x xmlns="urn:x"/>${inner}`),
  ],
  ['text beside the delivery', 'STRUCTURE', 'signed', () => edited(wire, inner, `x${inner}`)],
  ['Seal left out', 'STRUCTURE', 'sealed', () => edited(wire, seal, '')],
  [
    'Seal before SignedDelivery',
    'STRUCTURE',
    'sealed',
    () => edited(edited(wire, seal, ''), '<SignedDelivery', `${seal}<SignedDelivery`),
  ],
  [
    'the delivery in another namespace',
    'STRUCTURE',
    'signed',
    () => edited(wire, '<Delivery>', '<Delivery xmlns="urn:x">'),
  ],
  [
    'another attribute on the root',
    'STRUCTURE',
    'signed',
    () => edited(wire, '<SignedDelivery ', '<SignedDelivery x="1" '),
  ],
  [
    'an attribute in a namespace',
    'STRUCTURE',
    'signed',
    () => edited(wire, '<SignedDelivery ', '<SignedDelivery xml:lang="sv" '),
  ],
  [
    'an Id put on a root that was signed without',
    'DIGEST',
    'sealed',
    () => edited(wire, '<SignedDelivery ', '<SignedDelivery Id="a" '),
  ],
  [
    'the same Id twice',
    'DUPLICATE_ID',
    'sealed',
    () =>
      edited(
        edited(wire, '<SignedDelivery ', '<SignedDelivery Id="a" '),
        '<deliverSecure><',
        '<deliverSecure Id="a"><',
      ),
  ],
  [
    'an Id twice in other spelling',
    'DUPLICATE_ID',
    'sealed',
    () => edited(edited(wire, '<SignedDelivery ', '<SignedDelivery Id="a" '), '<Delivery>', '<Delivery ID="a">'),
  ],
  ['the inner message of another envelope', 'DOCUMENT', undefined, () => edited(wire, '<env:Body>', '<env:Body><x/>')],
  [
    'two inner elements',
    'DOCUMENT',
    undefined,
    () => edited(wire, '<deliverSecure><', '<deliverSecure><x/></deliverSecure><deliverSecure><'),
  ],
  [
    'the sealed delivery elsewhere than in its place',
    'DOCUMENT',
    undefined,
    () => edited(edited(wire, '<env:Body>', '<env:Body><x xmlns="urn:x">'), '</env:Body>', '</x></env:Body>'),
  ],
  ['a comment in a value', 'FORBIDDEN_NODE', 'signed', () => edited(wire, '192705178354', '1927<!-- -->05178354')],
  [
    'a comment in the digest',
    'FORBIDDEN_NODE',
    'signed',
    () => edited(wire, /<DigestValue>....(?=[\s\S]*<\/Seal>)/, '<DigestValue>AAAA<!-- -->'),
  ],
  ['a comment beside the signature', 'FORBIDDEN_NODE', 'sealed', () => edited(wire, outer, `<!-- -->${outer}`)],
  [
    'a processing instruction in a value',
    'DOCUMENT',
    undefined,
    () => edited(wire, '192705178354', '1927<?x?>05178354'),
  ],
  ['an entity', 'DOCUMENT', undefined, () => edited(wire, '192705178354', '&x;')],
  ['a DOCTYPE', 'DOCUMENT', undefined, () => `<!DOCTYPE x [<!ENTITY x "192705178354">]>${wire}`],
];

/** Edits of the seal's own signature. */
const PROFILE: Variant[] = [
  [
    'two SignedInfo',
    'STRUCTURE',
    'sealed',
    () => outerEdited('<SignedInfo>', `${between(outer, '<SignedInfo>', '</SignedInfo>')}<SignedInfo>`),
  ],
  [
    'two references',
    'REFERENCE',
    'sealed',
    () => outerEdited('<Reference ', `${between(outer, '<Reference ', '</Reference>')}<Reference `),
  ],
  ['no reference', 'REFERENCE', 'sealed', () => outerEdited(between(outer, '<Reference ', '</Reference>'), '')],
  ['a reference to another Id', 'REFERENCE', 'sealed', () => outerEdited('URI=""', 'URI="#a"')],
  ['a reference to "#"', 'REFERENCE', 'sealed', () => outerEdited('URI=""', 'URI="#"')],
  ['a reference to a file', 'REFERENCE', 'sealed', () => outerEdited('URI=""', 'URI="file:///etc/passwd"')],
  ['an XPointer', 'REFERENCE', 'sealed', () => outerEdited('URI=""', 'URI="#xpointer(/)"')],
  ['no URI', 'REFERENCE', 'sealed', () => outerEdited(' URI=""', '')],
  ['a Type on the reference', 'REFERENCE', 'sealed', () => outerEdited('URI=""', 'URI="" Type="x"')],
  [
    'two digest values',
    'STRUCTURE',
    'sealed',
    () => outerEdited('</DigestValue>', '</DigestValue><DigestValue>AAAA</DigestValue>'),
  ],
  ['no transform', 'TRANSFORM', 'sealed', () => outerEdited(/<Transform .*<\/Transform>/, '')],
  ['an XSLT transform', 'TRANSFORM', 'sealed', () => outerEdited('#enveloped-signature', '#xslt')],
  [
    'an XPath in the transform',
    'TRANSFORM',
    'sealed',
    () => outerEdited('</Transform>', '<XPath>1</XPath></Transform>'),
  ],
  [
    'a third transform',
    'TRANSFORM',
    'sealed',
    () => outerEdited('</Transforms>', `${C14N_TRANSFORM}${C14N_TRANSFORM}</Transforms>`),
  ],
  [
    'inclusive canonicalization',
    'CANONICALIZATION',
    'sealed',
    () => outerEdited('http://www.w3.org/2001/10/xml-exc-c14n#', 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'),
  ],
  [
    'canonicalization with comments',
    'CANONICALIZATION',
    'sealed',
    () => outerEdited('xml-exc-c14n#', 'xml-exc-c14n#WithComments'),
  ],
  [
    'a prefix list',
    'CANONICALIZATION',
    'sealed',
    () =>
      outerEdited(
        '</CanonicalizationMethod>',
        '<InclusiveNamespaces xmlns="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="x"/></CanonicalizationMethod>',
      ),
  ],
  [
    'HMAC with the certificate as secret',
    'ALGORITHM',
    'sealed',
    () => outerEdited('xmldsig-more#rsa-sha256', 'xmldsig-more#hmac-sha256'),
  ],
  [
    'SHA-1 as signature',
    'ALGORITHM',
    'sealed',
    () => outerEdited('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', `${DS}rsa-sha1`),
  ],
  ['SHA-1 as digest', 'ALGORITHM', 'sealed', () => outerEdited('http://www.w3.org/2001/04/xmlenc#sha256', `${DS}sha1`)],
  [
    'an HMAC length',
    'ALGORITHM',
    'sealed',
    () => outerEdited('</SignatureMethod>', '<HMACOutputLength>0</HMACOutputLength></SignatureMethod>'),
  ],
  ['broken base64 in the digest', 'BASE64', 'sealed', () => outerEdited('<DigestValue>', '<DigestValue>!!')],
  ['an empty digest', 'BASE64', 'sealed', () => outerEdited(/<DigestValue>[^<]+/, '<DigestValue>')],
  [
    'broken base64 in the signature value',
    'BASE64',
    'sealed',
    () => outerEdited('<SignatureValue>', '<SignatureValue>='),
  ],
  ['base64url in the certificate', 'BASE64', 'sealed', () => outerEdited('<X509Certificate>', '<X509Certificate>-___')],
  ['another signature value', 'VALUE', 'sealed', () => outerEdited(/<SignatureValue>..../, '<SignatureValue>AAAA')],
  ['no KeyInfo', 'STRUCTURE', 'sealed', () => outerEdited(between(outer, '<KeyInfo>', '</KeyInfo>'), '')],
  ['a KeyValue', 'STRUCTURE', 'sealed', () => outerEdited('<KeyInfo>', '<KeyInfo><KeyValue/>')],
  [
    'two certificates',
    'STRUCTURE',
    'sealed',
    () => outerEdited('</X509Certificate>', '</X509Certificate><X509Certificate>AAAA</X509Certificate>'),
  ],
  [
    'a certificate that is none',
    'CERTIFICATE',
    'sealed',
    () => outerEdited(/<X509Certificate>[^<]+/, '<X509Certificate>AAAA'),
  ],
  ['an unknown element', 'STRUCTURE', 'sealed', () => outerEdited('<KeyInfo>', '<x xmlns="urn:x"/><KeyInfo>')],
  ['text between', 'STRUCTURE', 'sealed', () => outerEdited('<KeyInfo>', 'x<KeyInfo>')],
  ['a comment in the digest', 'FORBIDDEN_NODE', 'sealed', () => outerEdited('<DigestValue>', '<DigestValue><!-- -->')],
  ['an attribute on the signature', 'STRUCTURE', 'sealed', () => outerEdited('<Signature ', '<Signature Id="s" ')],
];
const C14N_TRANSFORM = '<Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></Transform>';

function outerEdited(from: string | RegExp, to: string): string {
  return edited(wire, outer, edited(outer, from, to));
}

describe('wrapping and tampering are refused (scenario 23)', () => {
  for (const [name, code, layer, make] of WRAPPING) {
    it(name, () => refusedWith(code, layer, () => verify(make())));
  }
});

describe('another profile is refused (scenario 23)', () => {
  for (const [name, code, layer, make] of PROFILE) it(name, () => refusedWith(code, layer, () => verify(make())));
});

describe('a signature by someone else', () => {
  it('of a stranger with a certificate of his own authority is refused (KeyInfo proves nothing)', async () => {
    const stranger = await createTestAuthority({ name: 'Testutfärdare' });
    const signer = signerOf(await stranger.issue({ organizationNumber: '162021004748', commonName: 'Kommun A' }));
    const forged = await sealDelivery(await signDelivery(testDelivery(), signer), SEAL, signer);
    const request = deliverSecureRequest(forged).toString();
    refusedWith('UNTRUSTED', 'sealed', () => verify(request));
    assert.equal(verifyIntegrity(Buffer.from(request)).delivery.Header.Recipient, '192705178354');
    const half = await sealDelivery(await signDelivery(testDelivery(), signer), SEAL, parties.dispatcher);
    refusedWith('UNTRUSTED', 'signed', () => verify(deliverSecureRequest(half).toString()));
  });

  it('with a trusted certificate put in for his own is refused', () => {
    const trusted = /<X509Certificate>[^<]+/.exec(inner)?.[0] ?? '';
    refusedWith('VALUE', 'sealed', () => verify(outerEdited(/<X509Certificate>[^<]+/, trusted)));
  });

  it("by a certificate that an ordinary certificate 'issued' is refused", async () => {
    const { keyPem, certPem } = parties.senderCertificate;
    const pretender = await createTestAuthority({ name: 'x', keyPem, certPem });
    const signer = signerOf(await pretender.issue({ organizationNumber: '162021004748', commonName: 'x' }));
    const forged = await sealDelivery(await signDelivery(testDelivery(), signer), SEAL, signer);
    refusedWith('UNTRUSTED', 'sealed', () => verify(deliverSecureRequest(forged).toString()));
    const trust = createTrustStore([certPem]);
    const request = deliverSecureRequest(forged);
    refusedWith('UNTRUSTED', 'sealed', () => verifySealedDelivery(request, { trust, now: NOW }));
  });

  it('by the authority itself is refused: its key is for certificates', async () => {
    const { caKeyPem, caPem } = parties.authority;
    const signer = signerOf({ keyPem: caKeyPem, certPem: caPem });
    const forged = await sealDelivery(await signDelivery(testDelivery(), signer), SEAL, signer);
    refusedWith('KEY_USAGE', 'sealed', () => verify(deliverSecureRequest(forged).toString()));
  });

  it('with an expired or not yet valid certificate is refused (scenario 19)', async () => {
    const day = 86_400_000;
    for (const [notBefore, code] of [
      [new Date(NOW.getTime() - 20 * day), 'EXPIRED'],
      [new Date(NOW.getTime() + day), 'NOT_YET_VALID'],
    ] as const) {
      const issued = await parties.authority.issue({ commonName: 'x', notBefore, days: 10 });
      const signed = await signDelivery(testDelivery(), signerOf(issued));
      refusedWith(code, 'signed', () =>
        verifySignedDelivery(standaloneSignedDelivery(signed), { trust: parties.trust, now: NOW }),
      );
    }
  });
});

describe('a signed form that others write', () => {
  const verifySigned = (xml: string) => verifySignedDelivery(Buffer.from(xml), { trust: parties.trust, now: NOW });
  const recipient = (xml: string) => verifySigned(xml).delivery.Header.Recipient;

  it('is accepted with an Id on the root, named by the reference or not (FACTS e.2)', () => {
    assert.equal(recipient(handmade({ attributes: ' Id="a"', uri: '#a' })), '192705178354');
    assert.equal(recipient(handmade({ attributes: ' Id="a"' })), '192705178354');
  });

  it('is refused when the reference names something else', () => {
    for (const uri of ['#b', '#', 'a', '#A', '#xpointer(/)']) {
      refusedWith('REFERENCE', 'signed', () => verifySigned(handmade({ attributes: ' Id="a"', uri })));
    }
    refusedWith('REFERENCE', 'signed', () => verifySigned(handmade({ uri: '#a' })));
    refusedWith('REFERENCE', 'signed', () => verifySigned(handmade({ attributes: ' Id=""', uri: '#' })));
  });

  it('is accepted with an extra exclusive canonicalization, refused with it first', () => {
    assert.equal(recipient(handmade({ transforms: ENVELOPED + C14N_TRANSFORM })), '192705178354');
    refusedWith('TRANSFORM', 'signed', () => verifySigned(handmade({ transforms: C14N_TRANSFORM + ENVELOPED })));
  });

  it('is accepted with white space and line breaks', () => {
    assert.equal(recipient(handmade({ content: `\n  ${delivery}\n  ` })), '192705178354');
    const edit = (xml: string) =>
      xml.replace(/(<SignatureValue>.{76})/, '$1\r\n').replace(/(<X509Certificate>.{64})/, '$1\n');
    assert.equal(recipient(handmade({ edit })), '192705178354');
  });

  it('is accepted with other prefixes than ours', () => {
    const prefixed = (xml: string) => xml.replaceAll(/<(\/?)(?=[A-Z])/g, '<$1ds:').replace('xmlns=', 'xmlns:ds=');
    assert.equal(recipient(handmade({ edit: prefixed })), '192705178354');
  });

  it('is refused with an Object in the signature, or a second SignedInfo', () => {
    const object = (xml: string) => edited(xml, '</Signature>', '<Object/></Signature>');
    refusedWith('STRUCTURE', 'signed', () => verifySigned(handmade({ edit: object })));
    const twice = (xml: string) => edited(xml, '<SignedInfo>', '<SignedInfo/><SignedInfo>');
    refusedWith('STRUCTURE', 'signed', () => verifySigned(handmade({ edit: twice })));
  });

  it('is refused when what was signed breaks the contract', () => {
    const refused = (content: string) => refusedWith('CONTENT', undefined, () => verifySigned(handmade({ content })));
    refused(edited(delivery, /<Recipient .*?<\/Recipient>/, ''));
    refused(edited(delivery, 'SGVqIQ==', '!!!!'));
    refused(edited(delivery, '<Message>', '<x></x><Message>'));
  });
});
