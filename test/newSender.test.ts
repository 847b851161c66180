import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createRegister } from '@brevduva/far';
import {
  createSigner,
  createSoapClient,
  deliverSecureRequest,
  type OrganizationNumber,
  type RecipientId,
  sealDelivery,
  signDelivery,
} from '@brevduva/protocol';
import type { IssuedCertificate } from '@brevduva/protocol/testing';
import { type Ecosystem, PEOPLE, startEcosystem } from './support/ecosystem.ts';

/** Nobody knows it when the operators start. */
const NEW_SENDER = '162120002411' as OrganizationNumber;
let world: Ecosystem;
let own: IssuedCertificate;

before(async () => {
  world = await startEcosystem({ withHub: false });
  own = await world.world.authority.issue({ organizationNumber: NEW_SENDER, commonName: 'Ny kommun' });
});
after(() => world.close());

test('a sender gets through at once when FaR has connected it, and is refused at once when it has not', async () => {
  const serviceAddress = world.operatorUrl('first');
  const client = createSoapClient({
    tls: { key: own.keyPem, cert: own.certPem, ca: world.world.authority.caPem },
    ...{ connectTimeoutMs: 5000, answerTimeoutMs: 20_000, answerBytesMax: 100_000 },
  });
  const deliver = async () => client.deliverSecure(serviceAddress, await letter());
  try {
    await assert.rejects(deliver(), (err: { fault: { errorCode: number } }) => err.fault.errorCode === 6005);
    const register = createRegister(world.world.pools.far);
    await register.addSender(NEW_SENDER, 'Ny kommun');
    await register.addDispatcher(NEW_SENDER, 'Ny kommun', [NEW_SENDER]);
    assert.equal((await deliver()).Status[0]?.Delivered, true);
    assert.equal(await world.deliveriesTo(PEOPLE.atFirst), 1);
  } finally {
    client.close();
  }
});

async function letter(): Promise<Buffer> {
  const signer = createSigner({ privateKeyPem: own.keyPem, certificatePem: own.certPem });
  const signed = await signDelivery(
    {
      Header: {
        Sender: { Id: NEW_SENDER as string as RecipientId, Name: 'Ny kommun' },
        Recipient: PEOPLE.atFirst as RecipientId,
      },
      Message: [
        {
          Header: { Id: '1', Subject: 'Hej', Supportinfo: { Text: 'Ring oss.' }, Metadata: [], Language: 'svSE' },
          Body: { ContentType: 'text/plain', Body: Buffer.from('Välkommen.') },
          Attachment: [],
        },
      ],
    },
    signer,
  );
  return deliverSecureRequest(await sealDelivery(signed, { ReceivedTime: '2026-11-23', SignaturesOK: true }, signer));
}
