/** Message v3 and Notification v3 over mutual TLS, as a hub will serve them: a sender signs, a dispatcher verifies, seals and passes on. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { TLSSocket } from 'node:tls';
import {
  createSigner,
  createSoapClient,
  createSoapEndpoint,
  createTrustStore,
  type Distribution,
  type DistributionRules,
  deliverSecureRequest,
  distributeSecureRequest,
  messageService,
  type NotificationDelivery,
  notificationService,
  readDistribution,
  rebuildStandaloneSigned,
  SOAP_CONTENT_TYPE,
  SoapCallError,
  type SoapClient,
  type SoapEndpoint,
  sealDelivery,
  senderOfNotification,
  signDelivery,
  standaloneSignedDelivery,
  verifySealedDelivery,
} from '../src/index.ts';
import {
  createTestAuthority,
  type IssuedCertificate,
  readWireAnswer,
  repeatElement,
  SAME_MEANING,
  SPOILT,
  signedWithSha1,
  type TestAuthority,
  wireRequest,
} from '../src/testing/index.ts';
import { SEAL, signerOf, testDelivery } from './signatureParties.ts';

const SENDER = '162021004748';
const SUPPLIER = '165566112233';
const LIMITS = { connectTimeoutMs: 10_000, answerTimeoutMs: 10_000, answerBytesMax: 1_000_000 };

let authority: TestAuthority;
let keys: Record<'sender' | 'dispatcher' | 'supplier', IssuedCertificate>;
let clients: Record<'sender' | 'supplier', SoapClient>;
let server: Awaited<ReturnType<typeof serve>>;
let rules: DistributionRules;
let taken: Distribution[];
let notices: { sender: string; delivery: NotificationDelivery }[];

before(async () => {
  authority = await createTestAuthority({ name: 'Testutfärdare' });
  keys = {
    sender: await authority.issue({ organizationNumber: SENDER, commonName: 'Kommun A' }),
    dispatcher: await authority.issue({ organizationNumber: '162021003898', commonName: 'Förmedlare' }),
    supplier: await authority.issue({ organizationNumber: SUPPLIER, commonName: 'Leverantören' }),
  };
  clients = { sender: clientOf(keys.sender), supplier: clientOf(keys.supplier) };
  server = await serve({ '/Message/v3': messageEndpoint(), '/Notification/v3': notificationEndpoint() });
});
after(async () => {
  clients.sender.close();
  clients.supplier.close();
  await server.close();
});
beforeEach(() => {
  rules = { trust: createTrustStore([authority.caPem]), now: new Date() };
  taken = [];
  notices = [];
});

const clientOf = ({ keyPem, certPem }: IssuedCertificate): SoapClient =>
  createSoapClient({ tls: { key: keyPem, cert: certPem, ca: authority.caPem }, ...LIMITS });

/** Message v3 with what it took as its memory. */
function messageEndpoint(): SoapEndpoint {
  return createSoapEndpoint(
    messageService,
    {
      distributeSecure: {
        async fromSource(call) {
          taken.push(await readDistribution(call, rules));
          return { return: `${taken.length}` };
        },
      },
      async checkDistributionStatus({ senderId, distributionId }) {
        const distribution = taken[Number(distributionId) - 1];
        if (distribution?.senderId !== senderId) return { return: [] };
        const { Recipient } = distribution.delivery.Header;
        return { return: [{ RecipientId: Recipient, Type: 'Digital' as const, DeliveryStatus: 'Pending' as const }] };
      },
    },
    { requestBytesMax: 1_000_000 },
  );
}

function notificationEndpoint(): SoapEndpoint {
  return createSoapEndpoint(
    notificationService,
    {
      async distribute({ notificationDelivery: delivery }, { caller }) {
        notices.push({ sender: await senderOfNotification(delivery, caller, rules.mayActFor), delivery });
        return { return: `${notices.length}` };
      },
      async checkDistributionStatus({ sender, distributionId }) {
        const notice = notices[Number(distributionId) - 1];
        const recipients = notice?.sender === sender ? notice.delivery.Header.Recipient : [];
        const DeliveryStatus = { DeliveredFlag: true, NotifiedByChannel: ['SMS' as const, 'EMail' as const] };
        return { return: recipients.map((RecipientId) => ({ RecipientId, DeliveryStatus })) };
      },
    },
    { requestBytesMax: 1_000_000 },
  );
}

async function serve(endpoints: Readonly<Record<string, SoapEndpoint>>) {
  const { keyPem: key, certPem: cert } = keys.dispatcher;
  const tls = { key, cert, ca: authority.caPem, requestCert: true, rejectUnauthorized: true };
  const https = createServer(tls, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { raw } = (request.socket as TLSSocket).getPeerCertificate();
    const reply = await endpoints[request.url ?? '']?.({ body: Buffer.concat(chunks), peerCertificateDer: raw });
    assert.ok(reply !== undefined && 'body' in reply);
    response.writeHead(reply.status, { 'content-type': SOAP_CONTENT_TYPE }).end(reply.body);
  });
  https.listen(0, '127.0.0.1');
  await once(https, 'listening');
  return {
    url: (path: string) => `https://localhost:${(https.address() as AddressInfo).port}${path}`,
    async close() {
      https.closeAllConnections();
      https.close();
      await once(https, 'close');
    },
  };
}

const signedBy = async (who: IssuedCertificate) => signDelivery(testDelivery(), signerOf(who));

async function refusedWith(code: number, text: RegExp, call: Promise<unknown>): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof SoapCallError, `${error}`);
    assert.equal(error.kind, 'fault', error.message);
    assert.equal(error.fault?.errorCode, code, error.message);
    assert.match(error.fault?.description ?? '', text);
    assert.match(error.fault?.callId ?? '', /^[\da-f-]{36}$/);
    return true;
  });
  assert.deepEqual([taken.length, notices.length], [0, 0], 'a refused request leaves nothing');
}

const distribute = (request: Buffer, client = clients.sender) =>
  client.distributeSecure(server.url('/Message/v3'), request);

describe('distributeSecure', () => {
  it('hands over what the sender signed, and the dispatcher seals it as it stands', async () => {
    const signed = await signedBy(keys.sender);
    assert.equal(await distribute(distributeSecureRequest(signed)), '1');
    const [distribution] = taken;
    assert.ok(distribution);
    assert.deepEqual(distribution.delivery, testDelivery());
    assert.deepEqual([distribution.senderId, distribution.signer], [SENDER, SENDER]);
    const wire = deliverSecureRequest(await sealDelivery(distribution.xml, SEAL, signerOf(keys.dispatcher)));
    const verified = verifySealedDelivery(wire, rules);
    assert.deepEqual(verified.delivery, testDelivery());
    assert.equal(verified.signedDigest, distribution.signedDigest);
    assert.deepEqual(wire, deliverSecureRequest(await sealDelivery(signed, SEAL, signerOf(keys.dispatcher))));
  });

  it('is the signed document under another name, byte for byte', async () => {
    const signed = await signedBy(keys.sender);
    const rebuilt = rebuildStandaloneSigned(distributeSecureRequest(signed));
    assert.equal(rebuilt.toString(), standaloneSignedDelivery(signed).toString());
    assert.match(
      distributeSecureRequest(signed).toString(),
      /<env:Body><distributeSecure xmlns="[^"]+Message\/v3"><signedDelivery><Delivery>/,
    );
  });

  it('gives the values of the verified bytes, whatever the prefixes', async () => {
    const { otherPrefixes, emptyHeader } = SAME_MEANING;
    await distribute(otherPrefixes(emptyHeader(distributeSecureRequest(await signedBy(keys.sender)))));
    const [distribution] = taken;
    assert.deepEqual(distribution?.delivery, testDelivery());
    assert.match(distribution?.verifiedBytes.toString() ?? '', /^<SignedDelivery xmlns="[^"]+v3"><Delivery><Header>/);
    assert.doesNotMatch(distribution?.verifiedBytes.toString() ?? '', /Signature|ns\d:/);
  });

  it('is refused when one value was changed after signing (5012)', async () => {
    const request = distributeSecureRequest(await signedBy(keys.sender)).toString();
    for (const [from, to] of [
      ['192705178354', '191212121212'],
      ['Beslut', 'Besked'],
      ['beslut &amp; bilaga.pdf', 'beslut &amp; bilaga.PDF'],
      ['svSE', 'enGB'],
    ] as const) {
      assert.ok(request.includes(from), from);
      await refusedWith(5012, /content does not match the digest/, distribute(Buffer.from(request.replace(from, to))));
    }
  });

  it('is refused with two signatures, none, or one that stands elsewhere (5001)', async () => {
    const request = distributeSecureRequest(await signedBy(keys.sender)).toString();
    const [signature = ''] = /<Signature .*<\/Signature>/s.exec(request) ?? [];
    for (const changed of [
      request.replace(signature, signature + signature),
      request.replace(signature, ''),
      request.replace(signature, '').replace('<Delivery>', `${signature}<Delivery>`),
    ]) {
      await refusedWith(5001, /signedDelivery|Signature/, distribute(Buffer.from(changed)));
    }
  });

  it('is refused with a comment or an instruction inside what is signed (scenario 23)', async () => {
    const request = distributeSecureRequest(await signedBy(keys.sender)).toString();
    const changed = Buffer.from(request.replace('<Subject>', '<Subject><!-- -->'));
    await refusedWith(5012, /comment/, distribute(changed));
    await refusedWith(
      5001,
      /processing instructions/,
      distribute(Buffer.from(request.replace('<Subject>', '<Subject><?x?>'))),
    );
    await refusedWith(5001, /document type/, distribute(SPOILT.doctype(Buffer.from(request))));
  });

  it('is refused when a stranger’s authority, or none any more, stands behind the certificate (5002)', async () => {
    const stranger = await createTestAuthority({ name: 'Någon annan' });
    const forged = await stranger.issue({ organizationNumber: SENDER, commonName: 'Kommun A' });
    await refusedWith(5002, /not issued by a trusted/, distribute(distributeSecureRequest(await signedBy(forged))));
    const request = distributeSecureRequest(await signedBy(keys.sender));
    rules = { ...rules, now: new Date('2100-01-01') };
    await refusedWith(5002, /expired/, distribute(request));
    rules = { ...rules, now: new Date('1999-01-01') };
    await refusedWith(5002, /not valid yet/, distribute(request));
  });

  it('takes SHA-1 only where it is allowed', async () => {
    const { keyPem, certPem } = keys.sender;
    const signed = signedWithSha1(await signedBy(keys.sender), { privateKeyPem: keyPem, certificatePem: certPem });
    await refusedWith(5012, /algorithm is not allowed/, distribute(distributeSecureRequest(signed)));
    rules = { ...rules, algorithms: ['rsa-sha256', 'rsa-sha1'] };
    await distribute(distributeSecureRequest(signed));
    assert.equal(taken[0]?.signer, SENDER);
  });

  it('is taken from the sender, and from another only when that may act for it (5002)', async () => {
    const bySender = distributeSecureRequest(await signedBy(keys.sender));
    const bySupplier = distributeSecureRequest(await signedBy(keys.supplier));
    await refusedWith(5002, /165566112233 may not sign/, distribute(bySupplier));
    await refusedWith(5002, /165566112233 may not hand in/, distribute(bySender, clients.supplier));
    rules = { ...rules, mayActFor: async (organization, senderId) => organization === SUPPLIER && senderId === SENDER };
    await distribute(bySupplier, clients.supplier);
    await distribute(bySender, clients.supplier);
    assert.deepEqual(
      taken.map(({ signer, senderId }) => [signer, senderId]),
      [
        [SUPPLIER, SENDER],
        [SENDER, SENDER],
      ],
    );
  });

  it('is refused when the signer’s certificate names no organisation (5002)', async () => {
    const { keyPem, certPem } = await authority.issue({ commonName: 'Ingen' });
    const signed = await signDelivery(testDelivery(), createSigner({ privateKeyPem: keyPem, certificatePem: certPem }));
    await refusedWith(5002, /names no organisation/, distribute(distributeSecureRequest(signed)));
  });
});

describe('checkDistributionStatus of Message', () => {
  const { checkDistributionStatus } = messageService.operations;
  const ask = (senderId: string, distributionId: string) =>
    clients.sender.call(checkDistributionStatus, server.url('/Message/v3'), { senderId, distributionId });

  it('tells what became of it, and nothing of what is not there', async () => {
    const distributionId = await distribute(distributeSecureRequest(await signedBy(keys.sender)));
    const status = [{ RecipientId: '192705178354', Type: 'Digital', DeliveryStatus: 'Pending' }];
    assert.deepEqual(await ask(SENDER, distributionId), { return: status });
    assert.deepEqual(await ask(SENDER, '77'), { return: [] });
    assert.deepEqual(await ask(SUPPLIER, distributionId), { return: [] });
  });
});

const NOTICE: NotificationDelivery = {
  Header: { Sender: { Id: SENDER, Name: 'Kommun A' }, Recipient: ['192705178354', '191212121212'], Reference: 'R-1' },
  Message: {
    header: { Id: 'n-1', Subject: 'Ny post', Supportinfo: { Text: '' }, Metadata: [], Language: 'svSE' },
    body: { ContentType: 'text/plain', Body: Buffer.from('Du har fått post från Kommun A – logga in.') },
  },
  EmailMessage: { header: { From: 'noreply@kommun.example', Subject: 'Ny post' }, text: 'Logga in för att läsa.' },
  SmsMessage: { header: { From: 'KommunA' }, text: 'Du har fått post från Kommun A.' },
};

describe('Notification', () => {
  const { distribute: send, checkDistributionStatus } = notificationService.operations;
  const notify = (notificationDelivery: NotificationDelivery, client = clients.sender) =>
    client.call(send, server.url('/Notification/v3'), { notificationDelivery });

  it('takes a notice with a v1 header, e-mail and SMS, and tells by which channel each was told', async () => {
    assert.deepEqual(await notify(NOTICE), { return: '1' });
    assert.deepEqual(notices, [{ sender: SENDER, delivery: NOTICE }]);
    const answer = await clients.sender.call(checkDistributionStatus, server.url('/Notification/v3'), {
      sender: SENDER,
      distributionId: '1',
    });
    const DeliveryStatus = { DeliveredFlag: true, NotifiedByChannel: ['SMS', 'EMail'] };
    assert.deepEqual(
      answer.return,
      NOTICE.Header.Recipient.map((RecipientId) => ({ RecipientId, DeliveryStatus })),
    );
  });

  it('takes one without e-mail and SMS', async () => {
    const { Header, Message } = NOTICE;
    await notify({ Header, Message });
    assert.deepEqual(notices[0]?.delivery, { Header, Message });
  });

  it('has no signature: the connection says who sends, and another may only where it acts for the sender (5002)', async () => {
    await refusedWith(5002, /165566112233 may not hand in/, notify(NOTICE, clients.supplier));
    rules = { ...rules, mayActFor: (organization) => organization === SUPPLIER };
    await notify(NOTICE, clients.supplier);
    assert.equal(notices[0]?.sender, SENDER);
  });

  it('is refused over the contract’s limits (5001), and over 1000 recipients (5005)', async () => {
    const careless = createSoapClient({
      ...{ tls: { key: keys.sender.keyPem, cert: keys.sender.certPem, ca: authority.caPem }, ...LIMITS },
      validateRequests: false,
    });
    const sms = { header: { From: 'KommunA' }, text: 'x'.repeat(161) };
    await refusedWith(5001, /text/, notify({ ...NOTICE, SmsMessage: sms }, careless));
    careless.close();
    const { raw: peerCertificateDer } = new X509Certificate(keys.sender.certPem);
    const { Header, Message } = NOTICE;
    const one = { Header: { ...Header, Recipient: ['192705178354'] }, Message };
    const message = repeatElement(wireRequest(send, { notificationDelivery: one }), 'Recipient', 1001);
    const reply = await notificationEndpoint()({ body: message, peerCertificateDer });
    assert.ok('body' in reply);
    const answer = readWireAnswer(reply.body, send);
    assert.ok(answer.kind === 'fault' && answer.errorCode === 5005, JSON.stringify(answer));
    assert.equal(notices.length, 0);
  });
});
