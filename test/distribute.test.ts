import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { certificateHash, createCredentialAdmin, type RunningHub, startHub } from '@brevduva/hub';
import {
  attachmentChecksum,
  createSigner,
  createSoapClient,
  distributeSecureRequest,
  messageService,
  type SecureDelivery,
  SoapCallError,
  type SoapClient,
  signDelivery,
} from '@brevduva/protocol';
import type { IssuedCertificate } from '@brevduva/protocol/testing';
import { samplePdf } from '../packages/hub/test/pdfSamples.ts';
import { type Ecosystem, MUNICIPALITY, PEOPLE, startEcosystem } from './support/ecosystem.ts';

/** A business system that signs by itself hands in over SOAP; the hub is its dispatcher (alternative B of design 8). */
let world: Ecosystem;
let hub: RunningHub;
let sender: IssuedCertificate;
let supplier: IssuedCertificate;
let stranger: IssuedCertificate;
const clients: SoapClient[] = [];

before(async () => {
  world = await startEcosystem({ withHub: false });
  const { authority, keys, pools } = world.world;
  [sender, supplier, stranger] = await Promise.all([
    authority.issue({ organizationNumber: MUNICIPALITY, commonName: 'Kommunens system' }),
    authority.issue({ organizationNumber: '165566112233', commonName: 'Leverantören' }),
    authority.issue({ organizationNumber: '162021003898', commonName: 'Grannen' }),
  ]);
  const { keyPem: key, certPem: cert } = keys.municipality;
  hub = await startHub({
    ...world.hubOptions,
    systems: { host: '127.0.0.1', port: 0, tls: { key, cert, ca: authority.caPem } },
  });
  await pools.hub.query(`update business_system set ways_in = '{"message":{"flow":"beslut"}}'`);
  const { rows } = await pools.hub.query('select code from business_system');
  const of = { organizationNumber: MUNICIPALITY, systemCode: rows[0].code };
  for (const { certPem } of [sender, supplier]) {
    await createCredentialAdmin(pools.hub).add(of, { kind: 'certificate', hash: certificateHash(certPem), by: 'test' });
  }
});
after(async () => {
  for (const client of clients) client.close();
  await hub.close();
  await world.close();
});

const address = () => `${(hub.systemsUrl ?? '').replace('127.0.0.1', 'localhost')}/Message/v3`;

function clientOf({ keyPem: key, certPem: cert }: IssuedCertificate): SoapClient {
  const limits = { connectTimeoutMs: 10_000, answerTimeoutMs: 20_000, answerBytesMax: 1_000_000 };
  const client = createSoapClient({ tls: { key, cert, ca: world.world.authority.caPem }, ...limits });
  clients.push(client);
  return client;
}

const PDF = samplePdf({ pages: [{ text: 'Beslut' }] });

function delivery(
  changes: { sender?: string; recipient?: string; subject?: string; checksum?: string } = {},
): SecureDelivery {
  const {
    sender: senderId = MUNICIPALITY,
    recipient = PEOPLE.atFirst,
    subject = 'Beslut om bygglov',
    checksum,
  } = changes;
  return {
    Header: {
      Sender: { Id: senderId as typeof MUNICIPALITY, Name: 'Kommun A' },
      Recipient: recipient as SecureDelivery['Header']['Recipient'],
      Reference: 'BYGG 17',
    },
    Message: [
      {
        Header: {
          Id: `id-${Math.random()}`,
          Subject: subject,
          Supportinfo: { Text: 'Ring växeln.' },
          Metadata: [],
          Language: 'svSE',
        },
        Body: { ContentType: 'text/plain', Body: Buffer.from('Ditt bygglov är beviljat.') },
        Attachment: [
          {
            ContentType: 'application/pdf',
            Body: PDF,
            Checksum: checksum ?? attachmentChecksum(PDF),
            Filename: 'beslut.pdf',
          },
        ],
      },
    ],
  };
}

async function requestOf(letter: SecureDelivery, by: IssuedCertificate): Promise<Buffer> {
  const signer = createSigner({ privateKeyPem: by.keyPem, certificatePem: by.certPem });
  return distributeSecureRequest(await signDelivery(letter, signer));
}

async function statusOf(distributionId: string, client = clientOf(sender)) {
  const answer = await client.call(messageService.operations.checkDistributionStatus, address(), {
    senderId: MUNICIPALITY,
    distributionId,
  });
  return answer.return;
}

async function untilDelivered(id: string) {
  for (let tries = 0; tries < 400; tries++) {
    const [status] = await statusOf(id);
    if (status?.DeliveryStatus !== 'Pending') return status;
    await sleep(50);
  }
  return assert.fail('the distribution never came to rest');
}

async function refused(request: Buffer, by: IssuedCertificate): Promise<{ code: number; text: string }> {
  const error: unknown = await clientOf(by)
    .distributeSecure(address(), request)
    .catch((reason: unknown) => reason);
  assert.ok(error instanceof SoapCallError && error.fault !== undefined, String(error));
  return { code: error.fault.errorCode, text: error.fault.description };
}

async function letterCount(): Promise<number> {
  const { rows } = await world.world.pools.hub.query('select count(*)::integer as n from letter');
  return rows[0].n;
}

describe('a delivery that its sender has signed', () => {
  test('reaches the mailbox with the sender’s own signature, byte for byte, sealed by the hub', async () => {
    const earlier = await world.deliveriesTo(PEOPLE.atFirst);
    const signer = createSigner({ privateKeyPem: sender.keyPem, certificatePem: sender.certPem });
    const signed = await signDelivery(delivery(), signer);
    const id = await clientOf(sender).distributeSecure(address(), distributeSecureRequest(signed));
    assert.deepEqual(await untilDelivered(id), {
      RecipientId: PEOPLE.atFirst,
      Type: 'Digital',
      DeliveryStatus: 'Delivered',
    });
    assert.equal(await world.deliveriesTo(PEOPLE.atFirst), earlier + 1);
    const { rows } = await world.world.pools.first.query(
      'select subject, reference, signed_by_name, sealed_by_name from letter order by received_at desc limit 1',
    );
    assert.deepEqual([rows[0].subject, rows[0].reference], ['Beslut om bygglov', 'BYGG 17']);
    assert.match(rows[0].signed_by_name, /Kommunens system/);
    assert.match(rows[0].sealed_by_name, /Kommun A/);
  });

  test('handed in again with the same bytes is the same distribution', async () => {
    const request = await requestOf(delivery({ recipient: PEOPLE.atSecond }), sender);
    const client = clientOf(sender);
    const ids = await Promise.all([1, 2, 3].map(() => client.distributeSecure(address(), request)));
    assert.equal(new Set(ids).size, 1);
    assert.equal((await untilDelivered(ids[0] ?? ''))?.DeliveryStatus, 'Delivered');
  });

  test('of a sender without mailbox waits for a person, and is told so', async () => {
    const id = await clientOf(sender).distributeSecure(
      address(),
      await requestOf(delivery({ recipient: PEOPLE.notRegistered }), sender),
    );
    await sleep(500);
    assert.deepEqual(await statusOf(id), [
      { RecipientId: PEOPLE.notRegistered, Type: 'Not', DeliveryStatus: 'Pending' },
    ]);
  });

  test('may be handed in by a supplier whose certificate the municipality has let in', async () => {
    const id = await clientOf(supplier).distributeSecure(address(), await requestOf(delivery(), sender));
    assert.equal((await untilDelivered(id))?.DeliveryStatus, 'Delivered');
  });
});

describe('a delivery is refused, and nothing is kept', () => {
  const cases: readonly [
    what: string,
    request: () => Promise<Buffer>,
    by: () => IssuedCertificate,
    code: number,
    text: RegExp,
  ][] = [
    [
      'from a certificate that is no system’s',
      () => requestOf(delivery(), stranger),
      () => stranger,
      5002,
      /no known system/,
    ],
    ['signed by another organisation', () => requestOf(delivery(), stranger), () => sender, 5002, /may not sign/],
    [
      'signed by the supplier that hands it in',
      () => requestOf(delivery(), supplier),
      () => supplier,
      5002,
      /not signed by its sender/,
    ],
    [
      'for another sender',
      () => requestOf(delivery({ sender: '162021003898' }), sender),
      () => sender,
      5002,
      /may not sign|another organisation/,
    ],
    [
      'with a checksum of other bytes',
      () => requestOf(delivery({ checksum: 'A'.repeat(32) }), sender),
      () => sender,
      5001,
      /checksum/,
    ],
    [
      'to a number that cannot exist',
      () => requestOf(delivery({ recipient: '191212121213' }), sender),
      () => sender,
      5001,
      /HUB_RECIPIENT_CHECK_DIGIT recipient/,
    ],
    [
      'changed after it was signed',
      async () =>
        Buffer.from((await requestOf(delivery(), sender)).toString().replace('Beslut om bygglov', 'Beslut om rivlov')),
      () => sender,
      5012,
      /./,
    ],
  ];
  for (const [what, request, by, code, text] of cases) {
    test(what, async () => {
      const before = await letterCount();
      const fault = await refused(await request(), by());
      assert.equal(fault.code, code, fault.text);
      assert.match(fault.text, text);
      assert.equal(await letterCount(), before);
    });
  }
});

describe('a status', () => {
  test('is told only to the sender whose distribution it is', async () => {
    assert.deepEqual(await statusOf('01990000-0000-7000-8000-000000000009'), []);
    assert.deepEqual(await statusOf('inget id'), []);
    const question = { senderId: '162021003898' as typeof MUNICIPALITY, distributionId: 'x' };
    await assert.rejects(
      clientOf(sender).call(messageService.operations.checkDistributionStatus, address(), question),
      (error) => error instanceof SoapCallError && error.fault?.errorCode === 5002,
    );
  });
});
