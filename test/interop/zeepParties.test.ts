import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import {
  authorityService,
  createSigner,
  createSoapClient,
  type RecipientId,
  recipientService,
  type SecureDelivery,
  type SoapClient,
  sealDelivery,
  serviceService,
  signDelivery,
} from '@brevduva/protocol';
import { type Ecosystem, MUNICIPALITY, PEOPLE, startEcosystem } from '../support/ecosystem.ts';
import { SERVICE_SAMPLES } from './samples.ts';
import { askZeep, plain, signatureValues, withSignatures, zeepTest } from './zeep.ts';

let world: Ecosystem;
let farUrl: string;
let client: SoapClient;

before(async () => {
  world = await startEcosystem({ withHub: false });
  farUrl = world.hubOptions.farUrl;
  const { own, caPem } = keys();
  client = createSoapClient({
    tls: { key: own.keyPem, cert: own.certPem, ca: caPem },
    ...{ connectTimeoutMs: 5000, answerTimeoutMs: 10_000, answerBytesMax: 1_000_000 },
  });
});
after(async () => {
  client.close();
  await world.close();
});

const keys = () => ({ own: world.world.keys.municipality, caPem: world.world.authority.caPem });
const recipientId = Object.values(PEOPLE) as RecipientId[];

zeepTest('zeep reads in our register what our own client reads', async () => {
  const ask = { senderOrgNr: MUNICIPALITY, recipientId };
  const [reachable, registered] = await Promise.all([
    client.isReachable(farUrl, ask),
    client.isRegistered(farUrl, { recipientId }),
  ]);
  const [service] = await askZeep(keys(), [
    {
      wsdl: `${farUrl}?wsdl`,
      calls: [
        { operation: 'isReachable', request: ask },
        { operation: 'isRegistered', request: { recipientId } },
        { operation: 'isReachable', request: { senderOrgNr: '169999999999', recipientId } },
      ],
    },
  ]);
  assert.deepEqual(service?.operations, Object.keys(recipientService.operations).sort());
  const [first, second, third] = service.calls;
  assert.ok(first && 'answer' in first && second && 'answer' in second, JSON.stringify(service.calls));
  assert.deepEqual(sameInstants(plain(first.answer)), sameInstants(plain(reachable.return)));
  assert.deepEqual(sameInstants(plain(second.answer)), sameInstants(plain(registered.return)));
  assert.ok(third && 'fault' in third, JSON.stringify(third));
  assert.equal(third.fault.detail?.fields['ErrorCode'], '5014');
});

zeepTest('zeep reads in our Authority who is connected', async () => {
  const url = new URL('/webservice/Authority', farUrl).href;
  const calls = [
    { operation: 'getSenders', request: {} },
    { operation: 'getDispatchers', request: {} },
    { operation: 'isSenderAccepted', request: { arg0: MUNICIPALITY } },
    { operation: 'isSenderAccepted', request: { arg0: '169999999999' } },
    { operation: 'getUserAccessRights', request: { arg0: PEOPLE.atFirst } },
  ];
  const [service] = await askZeep(keys(), [{ wsdl: `${url}?wsdl`, calls }]);
  assert.deepEqual(service?.operations, Object.keys(authorityService.operations).sort());
  const [senders, dispatchers, known, unknown, rights] = service.calls;
  assert.deepEqual(senders, { answer: [{ Id: MUNICIPALITY, Name: 'Kommun A' }] });
  assert.deepEqual(dispatchers, { answer: [{ Id: MUNICIPALITY, Name: 'Kommun A', Senders: [MUNICIPALITY] }] });
  assert.deepEqual([known, unknown], [{ answer: true }, { answer: false }]);
  assert.ok(rights && 'fault' in rights, 'only operators may ask');
  assert.equal(rights.fault.detail?.name, '{http://minameddelanden.gov.se/Authority}getUserAccessRightsFault');
  assert.equal(rights.fault.detail.fields['ErrorCode'], '5002');
});

zeepTest('our operator refuses what zeep cannot sign, with a fault that zeep reads, and keeps nothing', async () => {
  const { deliverSecure } = SERVICE_SAMPLES.deliverSecure.request;
  const { SignedDelivery: signed } = deliverSecure;
  const Header = { ...signed.Delivery.Header, Recipient: PEOPLE.atFirst };
  const request = {
    deliverSecure: { ...deliverSecure, SignedDelivery: { Delivery: { ...signed.Delivery, Header } } },
  };
  const wsdl = `${await operatorUrl()}?wsdl`;
  const [service] = await askZeep(keys(), [
    { wsdl, calls: [{ operation: 'deliverSecure', request: withSignatures(request) }] },
  ]);
  assert.deepEqual(service?.operations, Object.keys(serviceService.operations).sort());
  const [result] = service.calls;
  assert.ok(result && 'fault' in result, JSON.stringify(result));
  const { detail } = result.fault;
  assert.equal(detail?.name, '{http://minameddelanden.gov.se/schema/Common/v3}applicationFault');
  assert.equal(detail.fields['ErrorCode'], '5012');
  assert.match(detail.fields['Description'] ?? '', /^Signature error/);
  assert.match(detail.fields['CallId'] ?? '', /^[\da-f-]{36}$/);
  assert.equal(await world.deliveriesTo(PEOPLE.atFirst), 0);
});

/** A letter with what has to be escaped, as the municipality writes it. */
const LETTER: SecureDelivery = {
  Header: {
    Sender: { Id: MUNICIPALITY, Name: 'Kommun A & <B>', Attention: 'Bygglov' },
    Recipient: PEOPLE.atFirst,
    Reference: '"Dnr" 1 > 0',
  },
  Message: [
    {
      Header: {
        Id: 'z-1',
        Subject: 'Beslut – "åäö" €😀',
        Supportinfo: { Text: 'Ring oss', URL: 'https://kommun.example/a?b=c&d', EmailAdress: 'a@kommun.example' },
        Metadata: [{ Tag: 'a', Value: '' }],
        Language: 'svSE',
      },
      Body: { ContentType: 'text/plain', Body: Buffer.from('Hej! å < &') },
      Attachment: [],
    },
  ],
};
const SEAL = { ReceivedTime: '2026-11-23', SignaturesOK: true };

function withSubject(Subject: string): SecureDelivery {
  const Message = LETTER.Message.map((one) => ({ ...one, Header: { ...one.Header, Subject } }));
  return { ...LETTER, Message };
}

/** @param options.subject written in the letter instead of the one that was signed */
async function signedLetter({ subject, recipient = PEOPLE.atFirst }: { subject?: string; recipient?: string } = {}) {
  const { keyPem, certPem } = keys().own;
  const signer = createSigner({ privateKeyPem: keyPem, certificatePem: certPem });
  const delivery = { ...LETTER, Header: { ...LETTER.Header, Recipient: recipient } };
  const signed = await signDelivery(delivery, signer);
  const sealed = await sealDelivery(signed, SEAL, signer);
  return {
    SignedDelivery: {
      Delivery: subject === undefined ? delivery : withSubject(subject),
      Signature: signatureValues(signed.signature.toString()),
    },
    Seal: SEAL,
    Signature: signatureValues(sealed.signature.toString()),
  };
}

zeepTest(
  'our operator takes a letter that was signed by us and written by zeep, and each change to it is seen',
  async () => {
    const letter = await signedLetter();
    const changed = await signedLetter({ subject: 'Avslag' });
    const before = await world.deliveriesTo(PEOPLE.atFirst);
    const [service] = await askZeep(keys(), [
      {
        wsdl: `${await operatorUrl()}?wsdl`,
        calls: [letter, letter, changed].map((deliverSecure) => ({
          operation: 'deliverSecure',
          request: { deliverSecure },
        })),
      },
    ]);
    const [first, again, refused] = service?.calls ?? [];
    assert.ok(first && 'answer' in first, JSON.stringify(first));
    const { TransId, Status } = first.answer as { TransId: string; Status: unknown };
    assert.match(TransId, /^[\da-f-]{36}$/);
    assert.deepEqual(Status, [{ RecipientId: PEOPLE.atFirst, Delivered: true }]);
    assert.deepEqual(again, first, 'the same letter has the same receipt');
    assert.ok(refused && 'fault' in refused, JSON.stringify(refused));
    assert.equal(refused.fault.detail?.fields['ErrorCode'], '5012');
    assert.equal((await world.deliveriesTo(PEOPLE.atFirst)) - before, 1);
  },
);

zeepTest('our operator takes a letter that zeep passes on for a mailbox user of another operator', async () => {
  const OrginalDelivery = await signedLetter({ recipient: PEOPLE.atSecond });
  const forward = (recipient: string) => ({
    operation: 'deliverForward',
    request: {
      forwardMessage: {
        Header: { Sender: { Id: PEOPLE.atSecond, Name: 'Bo Ek' }, Recipient: [recipient] },
        Message: { Subject: 'Titta här', Body: { ContentType: 'text/plain', Body: Buffer.from('Från mig.') } },
        OrginalDelivery,
      },
    },
  });
  const before = await world.deliveriesTo(PEOPLE.atFirst);
  const wsdl = `${await operatorUrl()}?wsdl`;
  const calls = [forward(PEOPLE.atFirst), forward(PEOPLE.notRegistered)];
  const [theirs] = await askZeep({ ...keys(), own: world.world.keys.second }, [{ wsdl, calls }]);
  const delivered = theirs?.calls.map((result) => ('answer' in result ? statusOf(result.answer) : result));
  assert.deepEqual(delivered, [
    { RecipientId: PEOPLE.atFirst, Delivered: true },
    { RecipientId: PEOPLE.notRegistered, Delivered: false },
  ]);
  assert.equal((await world.deliveriesTo(PEOPLE.atFirst)) - before, 1);
  // the mailbox is at the second operator: nobody else speaks for its user
  const [ours] = await askZeep(keys(), [{ wsdl, calls: [forward(PEOPLE.atFirst)] }]);
  const [refused] = ours?.calls ?? [];
  assert.ok(refused && 'fault' in refused, JSON.stringify(refused));
  assert.equal(refused.fault.detail?.fields['ErrorCode'], '5002');
});

zeepTest('our operator takes a notice from zeep for those who have a mailbox there', async () => {
  const recipients = [PEOPLE.atFirst, PEOPLE.notRegistered];
  const header = { Id: 'n-1', Subject: 'Påminnelse', Supportinfo: { Text: '' }, Language: 'svSE' };
  const notify = (sender: string) => ({
    operation: 'notify',
    request: {
      notify: {
        Header: { Sender: { Id: sender, Name: 'Kommun A' }, Recipient: recipients },
        Message: { header, body: { ContentType: 'text/plain', Body: Buffer.from('Kom ihåg å, ä och ö.') } },
        SmsMessage: { header: { From: 'Kommun A' }, text: 'Kom ihåg!' },
      },
    },
  });
  const calls = [notify(MUNICIPALITY), notify(MUNICIPALITY), notify('162021003898')];
  const [service] = await askZeep(keys(), [{ wsdl: `${await operatorUrl()}?wsdl`, calls }]);
  const [first, again, stranger] = service?.calls ?? [];
  assert.ok(first && 'answer' in first, JSON.stringify(first));
  const { Status } = first.answer as { Status: { RecipientId: string; DeliveryStatus: { DeliveredFlag: boolean } }[] };
  assert.deepEqual(
    Status.map(({ RecipientId, DeliveryStatus }) => [RecipientId, DeliveryStatus.DeliveredFlag]),
    [
      [PEOPLE.atFirst, true],
      [PEOPLE.notRegistered, false],
    ],
  );
  assert.deepEqual(again, first, 'the same notice has the same answer');
  assert.ok(stranger && 'fault' in stranger, JSON.stringify(stranger));
  assert.equal(stranger.fault.detail?.fields['ErrorCode'], '5014');
});

const statusOf = (answer: unknown): unknown => (answer as { Status: unknown[] }).Status[0];

/** Where the register says that the operator is. */
async function operatorUrl(): Promise<string> {
  const [account] = (await client.isRegistered(farUrl, { recipientId: [PEOPLE.atFirst as RecipientId] })).return;
  return account?.ServiceSupplier?.ServiceAdress ?? '';
}

/** Python writes an instant with microseconds, or without a fraction where it is zero. */
function sameInstants(value: unknown): unknown {
  const text = JSON.stringify(value).replaceAll(/(T\d\d:\d\d:\d\d)\.(\d{3})(?:000)?/g, (_, time, fraction) =>
    fraction === '000' ? time : `${time}.${fraction}`,
  );
  return JSON.parse(text);
}
