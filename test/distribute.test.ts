import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { certificateHash, createCredentialAdmin, type RunningHub, startHub } from '@brevduva/hub';
import {
  attachmentChecksum,
  createSigner,
  createSoapClient,
  distributeSecureRequest,
  messageService,
  type NotificationDelivery,
  notificationService,
  type SecureDelivery,
  SoapCallError,
  type SoapClient,
  signDelivery,
} from '@brevduva/protocol';
import type { IssuedCertificate } from '@brevduva/protocol/testing';
import { people } from '../bench/support/people.ts';
import { samplePdf } from '../packages/hub/test/pdfSamples.ts';
import { EICAR } from '../packages/hub/test/support/eicar.ts';
import { askZeep, zeepTest } from './interop/zeep.ts';
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
  await pools.hub.query(
    `with added as (
       insert into flow (organisation_id, id, unit_id, code, name, channel_policy, notification)
       select organisation_id, gen_random_uuid(), unit_id, 'avisering', 'Avisering', 'digitalOnly', 'noticeOnly'
       from flow where code = 'beslut' returning organisation_id, id
     ), used as (
       update business_system set ways_in = '{"message":{"flow":"beslut"},"notification":{"flow":"avisering"}}'
       returning organisation_id, id
     )
     insert into system_flow (organisation_id, business_system_id, flow_id)
     select used.organisation_id, used.id, added.id from used, added`,
  );
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
  changes: {
    sender?: string;
    recipient?: string;
    subject?: string;
    checksum?: string;
    html?: string;
    filename?: string;
    pdf?: Buffer;
  } = {},
): SecureDelivery {
  const {
    sender: senderId = MUNICIPALITY,
    recipient = PEOPLE.atFirst,
    subject = 'Beslut om bygglov',
    checksum,
    html,
    filename = 'beslut.pdf',
    pdf = PDF,
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
        Body: {
          ContentType: html === undefined ? 'text/plain' : 'text/html',
          Body: Buffer.from(html ?? 'Ditt bygglov är beviljat.'),
        },
        Attachment: [
          {
            ContentType: 'application/pdf',
            Body: pdf,
            Checksum: checksum ?? attachmentChecksum(pdf),
            Filename: filename,
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
      'with a virus-like file for a PDF, under a name that leads elsewhere (1)',
      () => requestOf(delivery({ pdf: Buffer.from(EICAR), filename: '../../beslut.pdf' }), sender),
      () => sender,
      5001,
      /HUB_ATTACHMENT_NAME attachments\/0.*HUB_PDF_NOT_A_PDF|HUB_PDF_NOT_A_PDF.*HUB_ATTACHMENT_NAME/,
    ],
    [
      'with a script in its text (5)',
      () => requestOf(delivery({ html: '<html><body><script>1</script></body></html>' }), sender),
      () => sender,
      5001,
      /HUB_HTML_NOT_ALLOWED/,
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

test('two gigabytes are refused before their first byte', async () => {
  const { hostname, port } = new URL(address());
  const { keyPem: key, certPem: cert } = sender;
  const socket = connect({ host: hostname, port: Number(port), key, cert, ca: world.world.authority.caPem });
  await once(socket, 'secureConnect');
  socket.write(
    `POST /Message/v3 HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/xml\r\ncontent-length: ${2 ** 31}\r\n\r\n`,
  );
  const [answer] = await once(socket, 'data');
  assert.match(String(answer), /^HTTP\/1\.1 413 /);
  socket.destroy();
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

const noticeAddress = () => address().replace('Message', 'Notification');

function notice(
  changes: {
    sender?: string;
    recipients?: readonly string[];
    text?: string;
    subject?: string;
    contentType?: string;
  } = {},
): NotificationDelivery {
  const {
    sender: senderId = MUNICIPALITY,
    recipients = [PEOPLE.atFirst],
    text = 'Kom ihåg mötet på torsdag.',
  } = changes;
  return {
    Header: {
      Sender: { Id: senderId as typeof MUNICIPALITY, Name: 'Kommun A' },
      Recipient: [...recipients],
      Reference: 'MÖTE 7',
    },
    Message: {
      header: {
        Id: `n-${Math.random()}`,
        Subject: changes.subject ?? 'Påminnelse',
        Supportinfo: { Text: 'Ring växeln.' },
        Metadata: [],
        Language: 'svSE',
      },
      body: { ContentType: changes.contentType ?? 'text/plain', Body: Buffer.from(text) },
    },
    SmsMessage: { header: { From: 'Kommun A' }, text: 'Kom ihåg!' },
  };
}

const distribute = async (notificationDelivery: NotificationDelivery, by = sender): Promise<string> =>
  (await clientOf(by).call(notificationService.operations.distribute, noticeAddress(), { notificationDelivery }))
    .return;

async function noticeStatus(distributionId: string): Promise<[string, boolean][]> {
  const question = { sender: MUNICIPALITY, distributionId };
  const { checkDistributionStatus } = notificationService.operations;
  const answer = await clientOf(sender).call(checkDistributionStatus, noticeAddress(), question);
  return answer.return.map(({ RecipientId, DeliveryStatus }) => [RecipientId, DeliveryStatus.DeliveredFlag]);
}

async function untilTold(id: string, recipients: number): Promise<[string, boolean][]> {
  for (let tries = 0; tries < 400; tries++) {
    const told = await noticeStatus(id);
    if (told.length === recipients) return told;
    await sleep(50);
  }
  return assert.fail('the notice never came to rest');
}

describe('a notice', () => {
  test('reaches those whose operator takes it, and of the others it is told that it did not', async () => {
    const recipients = [PEOPLE.atFirst, PEOPLE.atSecond, PEOPLE.notRegistered, PEOPLE.optedOut];
    const earlier = await world.deliveriesTo(PEOPLE.atFirst);
    const id = await distribute(notice({ recipients: [...recipients, PEOPLE.atFirst] }));
    assert.deepEqual(await untilTold(id, 4), [
      [PEOPLE.atFirst, true],
      [PEOPLE.atSecond, true],
      [PEOPLE.notRegistered, false],
      [PEOPLE.optedOut, false],
    ]);
    assert.equal(await world.deliveriesTo(PEOPLE.atFirst), earlier + 1, 'once, though named twice');
    const { rows } = await world.world.pools.hub.query(
      `select l.recipient, l.state, l.channel, l.lane, d.rule,
         (select array_agg(kind order by id) from letter_event e where e.letter_id = l.id) as events
       from letter l join decision d on d.letter_id = l.id where l.notice_id = $1 order by l.recipient`,
      [id],
    );
    assert.deepEqual(rows[0], {
      recipient: PEOPLE.atFirst,
      state: 'delivered',
      channel: 'notification',
      lane: 2,
      rule: 'notice',
      events: ['accepted', 'channelDecided', 'operatorAccepted', 'delivered'],
    });
    assert.deepEqual(
      [rows[2].state, rows[2].channel, rows[2].events],
      ['unnotified', null, ['accepted', 'channelDecided', 'unnotified']],
    );
  });

  test('handed in again, also at the same instant, is the same distribution and told once', async () => {
    const earlier = await world.deliveriesTo(PEOPLE.atSecond);
    const same = notice({ recipients: [PEOPLE.atSecond] });
    const ids = await Promise.all([1, 2, 3].map(() => distribute(same)));
    assert.equal(new Set(ids).size, 1);
    assert.deepEqual(await untilTold(ids[0] ?? '', 1), [[PEOPLE.atSecond, true]]);
    assert.equal(await distribute(same), ids[0]);
    assert.equal(await world.deliveriesTo(PEOPLE.atSecond), earlier + 1);
    assert.notEqual(await distribute(notice({ recipients: [PEOPLE.atSecond] })), ids[0], 'another message id');
  });

  test('that an operator took in silence goes again as the very same call, and is told once', async () => {
    const requests: string[] = [];
    world.tamper('first', async (call, next) => {
      requests.push(call.requestBytes.toString('base64'));
      const reply = await next();
      return requests.length <= 2 ? { hangUp: true } : reply;
    });
    const earlier = await world.deliveriesTo(PEOPLE.atFirst);
    const id = await distribute(notice({ recipients: [PEOPLE.atFirst, PEOPLE.atSecond] }));
    assert.deepEqual(await untilTold(id, 2), [
      [PEOPLE.atFirst, true],
      [PEOPLE.atSecond, true],
    ]);
    world.tamper('first', undefined);
    assert.equal(requests.length, 3);
    assert.equal(new Set(requests).size, 1, 'the very same bytes');
    assert.equal(await world.deliveriesTo(PEOPLE.atFirst), earlier + 1);
  });

  test('that the operator refuses is told as not delivered, and why stands in the story', async () => {
    // The second operator takes no HTML.
    const html = notice({ recipients: [PEOPLE.atSecond], contentType: 'text/html', text: '<p>Kom ihåg mötet.</p>' });
    const id = await distribute(html);
    assert.deepEqual(await untilTold(id, 1), [[PEOPLE.atSecond, false]]);
    const { rows } = await world.world.pools.hub.query(
      `select l.state, (select array_agg(reason order by id) from decision d where d.letter_id = l.id) as reasons
       from letter l where notice_id = $1`,
      [id],
    );
    assert.equal(rows[0].state, 'unnotified');
    assert.match(rows[0].reasons[1], /^Brevlådeoperatören tog inte emot brevet\. /);
  });

  test('may be handed in by a supplier whose certificate the municipality has let in', async () => {
    assert.deepEqual(await untilTold(await distribute(notice(), supplier), 1), [[PEOPLE.atFirst, true]]);
  });

  const refusals: readonly [string, () => NotificationDelivery, () => IssuedCertificate, number, RegExp][] = [
    ['from a certificate that is no system’s', () => notice(), () => stranger, 5002, /no known system/],
    [
      'for another sender',
      () => notice({ sender: '162021003898' }),
      () => sender,
      5002,
      /may not hand in for this Sender/,
    ],
    [
      'to numbers that cannot exist, each named',
      () => notice({ recipients: [PEOPLE.atFirst, '191212121213', '199002312391'] }),
      () => sender,
      5001,
      /HUB_RECIPIENT_CHECK_DIGIT recipient\/1; HUB_RECIPIENT_DATE recipient\/2/,
    ],
    [
      'as HTML that a letter may not have',
      () => notice({ contentType: 'text/html', text: '<script>1</script>' }),
      () => sender,
      5001,
      /HUB_LETTER_INVALID/,
    ],
  ];
  for (const [what, delivery, by, code, text] of refusals) {
    test(`is refused ${what}, and nothing is kept`, async () => {
      const before = await letterCount();
      await assert.rejects(distribute(delivery(), by()), (error) => {
        assert.ok(error instanceof SoapCallError && error.fault !== undefined, String(error));
        assert.equal(error.fault.errorCode, code, error.fault.description);
        assert.match(error.fault.description, text);
        return true;
      });
      assert.equal(await letterCount(), before);
    });
  }

  test('is refused in a flow that has become one of letters', async () => {
    const { hub: pool } = world.world.pools;
    await pool.query(`update flow set notification = 'none' where code = 'avisering'`);
    await assert.rejects(
      distribute(notice()),
      (error) => error instanceof SoapCallError && /5001.*HUB_FLOW_NOT_ALLOWED flow/.test(error.message),
    );
    await pool.query(`update flow set notification = 'noticeOnly' where code = 'avisering'`);
  });

  test('of a thousand recipients is taken in whole, and none of them waits for a person', async () => {
    const recipients = people(1000);
    const id = await distribute(notice({ recipients }));
    const told = await untilTold(id, 1000);
    assert.ok(
      told.every(([, delivered]) => !delivered),
      'nobody of them has a mailbox',
    );
    const { rows } = await world.world.pools.hub.query(
      'select count(distinct body_hash)::integer as bodies from letter where notice_id = $1',
      [id],
    );
    assert.equal(rows[0].bodies, 1);
  });

  test('of another organisation, or none, has no status', async () => {
    assert.deepEqual(await noticeStatus('01990000-0000-7000-8000-000000000009'), []);
    assert.deepEqual(await noticeStatus('inget id'), []);
    const letter = await clientOf(sender).distributeSecure(address(), await requestOf(delivery(), sender));
    assert.deepEqual(await noticeStatus(letter), [], 'a letter is no notice');
    const question = { sender: '162021003898' as typeof MUNICIPALITY, distributionId: letter };
    await assert.rejects(
      clientOf(sender).call(notificationService.operations.checkDistributionStatus, noticeAddress(), question),
      (error) => error instanceof SoapCallError && error.fault?.errorCode === 5002,
    );
  });

  zeepTest('is taken from zeep, which reads our WSDL', async () => {
    const notificationDelivery = notice({ recipients: [PEOPLE.atSecond] });
    const own = { own: sender, caPem: world.world.authority.caPem };
    const wsdl = `${noticeAddress()}?wsdl`;
    const call = { operation: 'distribute', request: { notificationDelivery } };
    const [service] = await askZeep(own, [{ wsdl, calls: [call, call] }]);
    assert.deepEqual(service?.operations, ['checkDistributionStatus', 'distribute']);
    const [first, again] = service.calls;
    assert.ok(first && 'answer' in first && typeof first.answer === 'string', JSON.stringify(first));
    assert.deepEqual(again, first);
    await untilTold(first.answer, 1);
    const question = { sender: MUNICIPALITY, distributionId: first.answer };
    const [asked] = await askZeep(own, [
      { wsdl, calls: [{ operation: 'checkDistributionStatus', request: question }] },
    ]);
    const [status] = asked?.calls ?? [];
    assert.ok(status && 'answer' in status, JSON.stringify(status));
    const [told] = status.answer as { RecipientId: string; DeliveryStatus: { DeliveredFlag: boolean } }[];
    assert.deepEqual([told?.RecipientId, told?.DeliveryStatus.DeliveredFlag], [PEOPLE.atSecond, true]);
  });
});
