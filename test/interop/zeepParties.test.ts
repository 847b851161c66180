import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import {
  authorityService,
  createSoapClient,
  type RecipientId,
  recipientService,
  type SoapClient,
  serviceService,
} from '@brevduva/protocol';
import { type Ecosystem, MUNICIPALITY, PEOPLE, startEcosystem } from '../support/ecosystem.ts';
import { SERVICE_SAMPLES } from './samples.ts';
import { askZeep, plain, withSignatures, zeepTest } from './zeep.ts';

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
