/**
 * What the protocol costs: `node --import tsx packages/protocol/test/measureProtocol.ts`. Signing is compared with raw RSA
 * measured in the same run (design 6). It is CPU that is measured, of all threads: waiting for a thread, or for other work
 * on the machine, says nothing about what a letter costs.
 */
import { createHash, createSign, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import type { XmlElement } from 'libxml2-wasm';
import {
  contractValidator,
  createSoapEndpoint,
  decodeGlobalElement,
  deliverSecureRequest,
  encodeGlobalElement,
  recipientService,
  recipientV3Schema,
  type SecureDelivery,
  sealDelivery,
  signDelivery,
  verifySealedDelivery,
} from '../src/index.ts';
import { readEnvelope, rememberPayload, writeEnvelope } from '../src/soap/envelope.ts';
import { parseXml } from '../src/xml/parseXml.ts';
import { createSigningParties, SEAL, testDelivery } from './signatureParties.ts';

const BYTES_MAX = 10_000_000;
const BATCHES = 9;
const WARM_UP = 3;

/** CPU of one call in milliseconds: the median of some batches. */
async function cpuMs(rounds: number, work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let batch = 0; batch < BATCHES + WARM_UP; batch += 1) {
    const before = process.cpuUsage();
    for (let round = 0; round < rounds; round += 1) {
      await work();
      // as between requests: what libxml2-wasm refers to weakly is kept until the task ends
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { user, system } = process.cpuUsage(before);
    // the first batches compile
    if (batch >= WARM_UP) times.push((user + system) / 1000 / rounds);
  }
  return times.sort((a, b) => a - b)[BATCHES >> 1] ?? 0;
}

const print = (what: string, ms: number, more = ''): void => {
  process.stdout.write(`${what.padEnd(58)} ${ms.toFixed(3).padStart(9)} ms  ${more}\n`);
};

function letterOf(attachmentBytes: number): SecureDelivery {
  const delivery = testDelivery();
  const attachment = delivery.Message[0]?.Attachment[0];
  if (attachment !== undefined) attachment.Body = randomBytes(attachmentBytes);
  return delivery;
}

async function measureSigning(): Promise<void> {
  const { sender, dispatcher } = await createSigningParties();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const data = randomBytes(300);
  const rawTwo = (): void => {
    for (let i = 0; i < 2; i += 1) createSign('sha256').update(data).sign(privateKey);
  };
  for (const bytes of [500, 20_000, 500_000]) {
    const letter = letterOf(bytes);
    const body = letter.Message[0]?.Attachment[0]?.Body ?? Buffer.alloc(0);
    const rounds = bytes > 100_000 ? 40 : 400;
    const hashed = Buffer.from(body.toString('base64'));
    const raw = await cpuMs(rounds, rawTwo);
    const floor = await cpuMs(rounds, () => {
      rawTwo();
      Buffer.from(body.toString('base64'), 'latin1');
      for (let i = 0; i < 2; i += 1) createHash('sha256').update(hashed).digest();
    });
    const ours = await cpuMs(rounds, async () => {
      deliverSecureRequest(await sealDelivery(await signDelivery(letter, sender), SEAL, dispatcher));
    });
    print(
      `sign + seal + request, attachment of ${bytes} bytes`,
      ours,
      `two raw RSA ${raw.toFixed(3)} ms = ${(raw / ours).toFixed(2)} of it; with 2 × SHA-256 and base64 ${floor.toFixed(3)} ms = ${(floor / ours).toFixed(2)}`,
    );
  }
}

async function measureVerifying(): Promise<void> {
  const { sender, dispatcher, trust } = await createSigningParties();
  for (const bytes of [500, 20_000, 500_000]) {
    const request = deliverSecureRequest(
      await sealDelivery(await signDelivery(letterOf(bytes), sender), SEAL, dispatcher),
    );
    const now = new Date();
    const rounds = bytes > 100_000 ? 40 : 400;
    print(
      `verifySealedDelivery from bytes, attachment of ${bytes} bytes`,
      await cpuMs(rounds, () => verifySealedDelivery(request, { trust, now })),
    );
    print('  of which parseXml', await cpuMs(rounds, () => parseXml(request, { bytesMax: BYTES_MAX }).dispose()));
  }
}

function reachable(index: number): ReturnType<typeof answerOf> {
  return answerOf(`16${String(5_560_000_000 + index)}`);
}

function answerOf(id: string) {
  const supplier = {
    Id: '165568402266',
    Name: 'Brevlådan',
    ServiceAdress: 'https://localhost:18443/service/v3',
    UIAdress: 'https://localhost:18444/',
    InternalServiceAdress: '',
  };
  const status = {
    RecipientId: id,
    Type: 'Secure' as const,
    Pending: false,
    ServiceSupplier: supplier,
    LastRegistration: '2016-10-30T15:38:49.517+01:00',
  };
  return { AccountStatus: status, SenderAccepted: true };
}

async function measureReading(): Promise<void> {
  const element = recipientV3Schema.isReachableResponse;
  const answer = { return: Array.from({ length: 1000 }, (_, index) => reachable(index)) };
  const wire = writeEnvelope(encodeGlobalElement(element, answer));
  const reading = (use: (payload: XmlElement) => unknown) => () => {
    const document = parseXml(wire, { bytesMax: BYTES_MAX });
    const read = readEnvelope(document.root);
    if (read.ok) {
      rememberPayload(read.payload, wire);
      use(read.payload);
    }
    document.dispose();
  };
  print('1000 isReachable returns: write', await cpuMs(20, () => writeEnvelope(encodeGlobalElement(element, answer))));
  print(
    '  parse',
    await cpuMs(
      20,
      reading(() => undefined),
    ),
  );
  print(
    '  parse and validate',
    await cpuMs(
      20,
      reading((payload) => contractValidator().validate(payload)),
    ),
  );
  print(
    '  parse and decode',
    await cpuMs(
      20,
      reading((payload) => decodeGlobalElement(payload, element)),
    ),
  );
}

async function measureEndpoint(): Promise<void> {
  const { senderCertificate } = await createSigningParties();
  const peerCertificateDer = new X509Certificate(senderCertificate.certPem).raw;
  const recipientId = Array.from({ length: 1000 }, (_, index) => `16${String(5_560_000_000 + index)}`);
  for (const [what, ids] of [
    ['1 recipient', recipientId.slice(0, 1)],
    ['1000 recipients', recipientId],
  ] as const) {
    const body = writeEnvelope(
      encodeGlobalElement(recipientV3Schema.isReachable, { senderOrgNr: '162021004748', recipientId: ids }),
    );
    for (const validateResponses of [true, false]) {
      const endpoint = createSoapEndpoint(
        recipientService,
        { isReachable: async (request) => ({ return: request.recipientId.map(answerOf) }) },
        { requestBytesMax: BYTES_MAX, validateResponses },
      );
      print(
        `endpoint, ${what}, validateResponses ${validateResponses}`,
        await cpuMs(20, () => endpoint({ body, peerCertificateDer })),
      );
    }
  }
}

await measureSigning();
await measureVerifying();
await measureReading();
await measureEndpoint();
