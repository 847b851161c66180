import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  createSigner,
  createTrustStore,
  SIGNATURE_DOCUMENT_BYTES_MAX,
  type SignatureData,
  USER_SIGNATURE_FAULTS,
  UserSignatureError,
  type UserSignatureFault,
  type VerifyUserSignatureOptions,
} from '../src/index.ts';
import {
  createEid,
  type Eid,
  MAX_AGE_MS,
  NAME,
  NOW,
  PERSON,
  sign,
  TEXT,
  verifyWith,
  withDocument,
} from './userSignatureShared.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

let eid: Eid;
let data: SignatureData;
before(async () => {
  eid = await createEid();
  data = await sign(eid);
});

/** Refused with exactly this code and its text. */
function refused(
  code: UserSignatureFault,
  bad: SignatureData,
  changes: Partial<VerifyUserSignatureOptions> = {},
): void {
  assert.throws(
    () => verifyWith(eid, bad, changes),
    (err: unknown) => {
      assert.ok(err instanceof UserSignatureError, String(err));
      assert.deepEqual([err.code, err.message], [code, USER_SIGNATURE_FAULTS[code]]);
      return true;
    },
  );
}

const bytes = (text: string): SignatureData => ({ ...data, Signature: Buffer.from(text) });

describe('a signature of a person (FACTS e.5)', () => {
  it('gives back who signed what and when, out of the signed bytes', () => {
    const verified = verifyWith(eid, data, { expectedPersonId: PERSON });
    assert.deepEqual(
      [verified.personId, verified.name, verified.text, verified.nonce],
      [PERSON, NAME, TEXT, 'nonce-1'],
    );
    assert.equal(verified.signedAt.getTime(), NOW.getTime());
    assert.equal(verified.signedDigest.length, 32);
    assert.deepEqual(verified.document, data.Signature);
  });

  it('is read as XML, as base64 of it, and as URL-encoded base64 of it', () => {
    const base64 = data.Signature.toString('base64');
    const { signedDigest } = verifyWith(eid, data);
    for (const text of [
      base64,
      base64.replace(/.{76}/g, '$&\r\n'),
      encodeURIComponent(base64),
      `\ufeff${data.Signature}`,
    ]) {
      assert.deepEqual(verifyWith(eid, bytes(text)).signedDigest, signedDigest);
    }
  });

  it('is the same signature whatever is written around it: replay is known by its digest', async () => {
    const { signedDigest } = verifyWith(eid, data);
    const spaced = withDocument(data, (xml) =>
      xml.replace('<SignedInfo>', '\n  <SignedInfo>').replace('<KeyInfo>', '\n<KeyInfo>'),
    );
    assert.deepEqual(verifyWith(eid, spaced).signedDigest, signedDigest);
    const prefixed = withDocument(data, (xml) =>
      xml.replaceAll(/<(\/?)(UserSignature|SignedText|Nonce|SignedAt)/g, '<$1e:$2').replace(' xmlns=', ' xmlns:e='),
    );
    assert.deepEqual(verifyWith(eid, prefixed).signedDigest, signedDigest);
    const again = await sign(eid, { nonce: 'nonce-2' });
    assert.notDeepEqual(verifyWith(eid, again).signedDigest, signedDigest);
  });

  it('knows coordination numbers and accepts either kind of line break', async () => {
    const signer = await eid.signerOf('197010632391', 'Sam Ordning');
    assert.equal(verifyWith(eid, await sign(eid, { signer })).personId, '197010632391');
    const windows = await sign(eid, { text: TEXT.replaceAll('\n', '\r\n') });
    assert.equal(verifyWith(eid, windows).text, TEXT.replaceAll('\n', '\r\n'));
  });

  it('reads a signed text in ISO-8859-1 when it is said so, and not in an unknown encoding', async () => {
    const latin = { ...(await sign(eid, { text: 'abc' })), EncodingOfSignedText: 'iso-8859-1' };
    assert.equal(verifyWith(eid, latin, { expectedText: 'abc' }).text, 'abc');
    refused('ENCODING', { ...data, EncodingOfSignedText: 'utf-7' });
    refused('OTHER_TEXT', { ...data, EncodingOfSignedText: 'latin1' });
  });

  it('needs no Nonce and no certificate beside it', () => {
    const { Nonce: _, EncodingOfSignedText: __, ...bare } = data;
    assert.equal(verifyWith(eid, { ...bare, Certificate: '-' }).personId, PERSON);
    const pem = `-----BEGIN CERTIFICATE-----\n${data.Certificate}\n-----END CERTIFICATE-----\n`;
    assert.equal(verifyWith(eid, { ...bare, Certificate: pem }).personId, PERSON);
  });

  it('is believed until the limit and not a millisecond longer', () => {
    const at = (ms: number) => ({ now: new Date(NOW.getTime() + ms) });
    verifyWith(eid, data, at(MAX_AGE_MS));
    refused('STALE', data, at(MAX_AGE_MS + 1));
    verifyWith(eid, data, at(-MINUTE_MS));
    refused('FUTURE', data, at(-MINUTE_MS - 1));
  });
});

describe('a signature of a person is refused', () => {
  it('when it is a mock (the reference parser lets it pass)', () => {
    const mock = 'SERIALNUMBER=192705178354, CN=Tolvan Tolvansson';
    refused('MOCK', bytes(mock));
    refused('MOCK', bytes(Buffer.from(mock).toString('base64')));
    refused('MOCK', bytes(encodeURIComponent(Buffer.from(`  serialnumber = ${mock}`).toString('base64'))));
  });

  it('when it is PKCS#7', () => {
    refused('PKCS7', { ...data, Signature: Buffer.from('3082010a0609', 'hex') });
    refused('PKCS7', bytes('MIIBCgYJKoZIhvcNAQcCoIIB'));
    refused('PKCS7', bytes('-----BEGIN PKCS7-----\nMIIB'));
  });

  it('when it is neither XML nor base64 of XML', () => {
    for (const text of ['', 'nonsense', 'AAAA', '%E0%A4%A', 'PFNpZ25hdHVyZQ']) refused('BASE64', bytes(text));
  });

  it('when it is too large, before it is read', () => {
    refused('TOO_LARGE', bytes(`<a>${' '.repeat(SIGNATURE_DOCUMENT_BYTES_MAX)}</a>`));
    refused('TOO_LARGE', bytes('A'.repeat(SIGNATURE_DOCUMENT_BYTES_MAX * 4 + 1)));
  });

  it('when it is XML of another kind or hostile XML (scenario 23)', () => {
    refused('DOCUMENT', bytes("<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/>"));
    refused('DOCUMENT', bytes('<UserSignature/>'));
    refused('DOCUMENT', bytes('<UserSignature'));
    refused(
      'DOCUMENT',
      withDocument(data, (xml) => `<!DOCTYPE x [<!ENTITY e "x">]>${xml}`),
    );
    refused(
      'DOCUMENT',
      withDocument(data, (xml) => xml.replace('<Nonce>', '<!-- --><Nonce>')),
    );
    refused('DOCUMENT', bytes('<a>'.repeat(5000)));
  });

  it('when anything signed was changed', async () => {
    const other = await sign(eid, { text: 'Något annat', nonce: 'other' });
    const part = (name: string, from: SignatureData) =>
      new RegExp(`<${name}>.*</${name}>`).exec(from.Signature.toString())?.[0] ?? '';
    for (const name of ['SignedText', 'Nonce']) {
      refused(
        'TAMPERED',
        withDocument(data, (xml) => xml.replace(part(name, data), part(name, other))),
      );
    }
    refused(
      'TAMPERED',
      withDocument(data, (xml) => xml.replace('<SignedAt>2', '<SignedAt>1')),
    );
    refused(
      'TAMPERED',
      withDocument(data, (xml) => xml.replace('<Nonce>', ' <Nonce>')),
    );
    refused(
      'TAMPERED',
      withDocument(data, (xml) => xml.replace(part('SignatureValue', data), part('SignatureValue', other))),
    );
    refused(
      'TAMPERED',
      withDocument(data, (xml) => xml.replace(part('SignedInfo', data), part('SignedInfo', other))),
    );
  });

  it('when something stands where nothing is signed', async () => {
    const signature = /<Signature .*<\/Signature>/.exec(data.Signature.toString())?.[0] ?? '';
    const changes: ((xml: string) => string)[] = [
      (xml) => xml.replace('<Nonce>', '<Nonce Id="a">'),
      (xml) => xml.replace('<UserSignature ', '<UserSignature Id="a" '),
      (xml) => xml.replace('<Nonce>', 'x<Nonce>'),
      (xml) => xml.replace('<Nonce>', '<Nonce><!-- -->'),
      (xml) => xml.replace('<Nonce>', '<SignedText>eA==</SignedText><Nonce>'),
      (xml) => xml.replace(signature, signature + signature),
      (xml) => xml.replace(signature, '').replace('<SignedText>', `${signature}<SignedText>`),
      (xml) => xml.replace(signature, ''),
      (xml) => xml.replace('URI=""', 'URI="#a"'),
      (xml) => xml.replace('</KeyInfo>', '</KeyInfo><Object/>'),
      (xml) => xml.replace('<SignedText>', '<SignedText><b/>'),
      (xml) => xml.replace('xml-exc-c14n#', 'xml-exc-c14n#WithComments'),
      (xml) => xml.replace('<DigestValue>', '<DigestValue>!'),
    ];
    for (const change of changes) {
      const changed = withDocument(data, change);
      assert.notDeepEqual(changed.Signature, data.Signature, String(change));
      refused('STRUCTURE', changed);
    }
  });

  it('when the algorithm is weaker', () => {
    refused(
      'ALGORITHM',
      withDocument(data, (xml) => xml.replace('2001/04/xmldsig-more#rsa-sha256', '2000/09/xmldsig#rsa-sha1')),
    );
    refused(
      'ALGORITHM',
      withDocument(data, (xml) => xml.replace('2001/04/xmlenc#sha256', '2000/09/xmldsig#sha1')),
    );
  });

  it('when its issuer is not trusted, though the issuer has the same name', async () => {
    const stranger = await createEid();
    refused('UNTRUSTED', await sign(stranger));
    refused('UNTRUSTED', data, { trust: createTrustStore([]) });
    refused('UNTRUSTED', data, { trust: stranger.trust });
  });

  it('when the certificate has expired, is not valid yet, or is broken', async () => {
    const expired = await eid.signerOf(PERSON, NAME, { notBefore: new Date(NOW.getTime() - 2 * DAY_MS), days: 1 });
    refused('EXPIRED', await sign(eid, { signer: expired }));
    const early = await eid.signerOf(PERSON, NAME, { notBefore: new Date(NOW.getTime() + DAY_MS), days: 1 });
    refused('NOT_YET_VALID', await sign(eid, { signer: early }));
    refused(
      'CERTIFICATE',
      withDocument(data, (xml) => xml.replace(/<X509Certificate>.{20}/, '<X509Certificate>')),
    );
  });

  it('when another certificate is given beside it', async () => {
    const other = await eid.signerOf('191212121212', 'Annan');
    refused('CERTIFICATE', { ...data, Certificate: other.certificate.raw.toString('base64') });
  });

  it("when the certificate is an organisation's, the issuer's own, or names no one", async () => {
    refused('NOT_A_PERSON', await sign(eid, { signer: await eid.signerOf('162021004748', 'Kommun A') }));
    refused('NOT_A_PERSON', await sign(eid, { signer: await eid.signerOf('192705178355', 'Fel kontrollsiffra') }));
    refused('NOT_A_PERSON', await sign(eid, { signer: await eid.signerOf('192702308354', 'Ingen dag') }));
    const nameless = await eid.issuer.issue({ commonName: 'Utan nummer' });
    const signer = createSigner({ privateKeyPem: nameless.keyPem, certificatePem: nameless.certPem });
    refused('NOT_A_PERSON', await sign(eid, { signer }));
    const issuer = createSigner({ privateKeyPem: eid.issuer.caKeyPem, certificatePem: eid.issuer.caPem });
    refused('KEY_USAGE', await sign(eid, { signer: issuer }));
  });

  it('when another text was signed, or another person signed, or the nonce is another', async () => {
    refused('OTHER_TEXT', data, { expectedText: `${TEXT} ` });
    refused('OTHER_PERSON', data, { expectedPersonId: '191212121212' });
    refused('NONCE', { ...data, Nonce: 'nonce-2' });
  });
});

describe('signing as a person', () => {
  it('signs nothing empty, and no nonce that XML cannot carry', async () => {
    await assert.rejects(sign(eid, { text: '' }), { name: 'RangeError', message: 'there is nothing to sign' });
    for (const nonce of ['', 'a\nb', '\u0000', 'n'.repeat(201)]) {
      await assert.rejects(sign(eid, { nonce }), {
        name: 'RangeError',
        message: 'a nonce has 1 to 200 characters of XML',
      });
    }
    await assert.rejects(sign(eid, { text: 'x'.repeat(SIGNATURE_DOCUMENT_BYTES_MAX) }), {
      name: 'RangeError',
      message: 'the text is too long to sign',
    });
  });
});
