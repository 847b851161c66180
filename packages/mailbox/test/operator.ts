import { randomBytes } from 'node:crypto';
import { type Clock, createLog, systemClock } from '@brevduva/base';
import { createTestDatabase, type TestDatabase } from '@brevduva/base/testing';
import {
  attachmentChecksum,
  createSigner,
  createSoapClient,
  type DeliveryResult,
  deliverSecureRequest,
  type OfficialMatter,
  type SecureDelivery,
  type SoapClient,
  sealDelivery,
  signDelivery,
} from '@brevduva/protocol';
import { createTestAuthority, type IssuedCertificate, type TestAuthority } from '@brevduva/protocol/testing';
import {
  createMailboxRegister,
  MAILBOX_MIGRATIONS,
  type MailboxOptions,
  type MailboxRegister,
  type OperatorSettings,
  type RunningMailbox,
  startMailbox,
} from '../src/index.ts';
import { PERSON_ANNA } from './people.ts';

export const OPERATOR = '165568402266';
export const SENDER = '162021004748';
export const DISPATCHER = '162021003898';
export const CONTENT_KEY = randomBytes(32);

/** Everybody's keys, issued by one authority that all trust. Made once per test file: RSA keys cost time. */
export interface Keys {
  authority: TestAuthority;
  operator: IssuedCertificate;
  sender: IssuedCertificate;
  dispatcher: IssuedCertificate;
}

export async function makeKeys(): Promise<Keys> {
  const authority = await createTestAuthority({ name: 'Prov-CA' });
  const [operator, sender, dispatcher] = await Promise.all([
    authority.issue({ organizationNumber: OPERATOR, commonName: 'localhost', organizationName: 'Postlådan AB' }),
    authority.issue({ organizationNumber: SENDER, commonName: 'sender.example', organizationName: 'Kommun A' }),
    authority.issue({
      organizationNumber: DISPATCHER,
      commonName: 'dispatcher.example',
      organizationName: 'Förmedling B',
    }),
  ]);
  return { authority, operator, sender, dispatcher };
}

export interface TestOperator {
  keys: Keys;
  database: TestDatabase;
  register: MailboxRegister;
  running: RunningMailbox;
  /** What the operator has logged so far, one JSON object per line. */
  logged(): string;
  /** Delivers as the dispatcher. */
  client: SoapClient;
  deliver(request: Buffer): Promise<DeliveryResult>;
  /** How many letters are stored. */
  letterCount(): Promise<number>;
  close(): Promise<void>;
}

export interface TestOperatorOptions {
  keys: Keys;
  settings?: Partial<OperatorSettings>;
  clock?: Clock;
  more?: Partial<MailboxOptions>;
  /** Another operator process on the same database. */
  database?: TestDatabase;
}

/** A real operator: its own database, mutual TLS, Anna's mailbox open, one sender and its dispatcher registered. */
export async function startTestOperator(options: TestOperatorOptions): Promise<TestOperator> {
  const { keys } = options;
  const database = options.database ?? (await createTestDatabase({ party: 'mailbox', migrations: MAILBOX_MIGRATIONS }));
  const register = createMailboxRegister(database.pool);
  await seed(register);
  const lines: string[] = [];
  const running = await startMailbox({
    databaseUrl: database.url,
    operator: { organizationNumber: OPERATOR, name: 'Postlådan', ...options.settings },
    soap: {
      host: '127.0.0.1',
      port: 0,
      tls: { key: keys.operator.keyPem, cert: keys.operator.certPem, ca: keys.authority.caPem },
      trust: [keys.authority.caPem],
    },
    web: { host: '127.0.0.1', port: 0 },
    oidc: { issuer: 'http://localhost:1', clientId: 'none', clientSecret: 'none' },
    contentKey: CONTENT_KEY,
    clock: options.clock ?? systemClock,
    log: createLog({
      service: 'mailbox',
      level: 'debug',
      destination: { write: (line: string) => void lines.push(line) },
    }),
    ...options.more,
  });
  const client = clientOf(keys, keys.dispatcher);
  return {
    keys,
    database,
    register,
    running,
    client,
    logged: () => lines.join(''),
    deliver: async (request) => client.deliverSecure(running.soapUrl, request),
    letterCount: async () => {
      const { rows } = await database.pool.query<{ n: number }>('select count(*) as n from letter');
      return rows[0]?.n ?? 0;
    },
    close: async () => {
      client.close();
      await running.close();
      if (options.database === undefined) await database.close();
    },
  };
}

/** A caller with a certificate of its own. */
export function clientOf(keys: Keys, caller: IssuedCertificate): SoapClient {
  return createSoapClient({
    tls: { key: caller.keyPem, cert: caller.certPem, ca: keys.authority.caPem },
    connectTimeoutMs: 5000,
    answerTimeoutMs: 20_000,
    answerBytesMax: 1_000_000,
  });
}

/** What each of many callers with one certificate is answered when all call at the same instant, each on a connection of its own. */
export async function byMany<T>(
  keys: Keys,
  { caller, count }: { caller: IssuedCertificate; count: number },
  work: (client: SoapClient, n: number) => Promise<T>,
): Promise<T[]> {
  const clients = Array.from({ length: count }, () => clientOf(keys, caller));
  try {
    return await Promise.all(clients.map(work));
  } finally {
    for (const client of clients) client.close();
  }
}

async function seed(register: MailboxRegister): Promise<void> {
  await register.addSenders([{ organizationNumber: SENDER, name: 'Kommun A' }]);
  await register.addDispatchers([{ organizationNumber: DISPATCHER, name: 'Förmedling B', senders: [SENDER] }]);
  await register.addAccounts([{ recipientId: PERSON_ANNA }]);
}

export interface LetterOptions {
  recipientId?: string;
  senderId?: string;
  senderName?: string;
  subject?: string;
  text?: string;
  contentType?: string;
  matter?: OfficialMatter;
  attachments?: { fileName: string; bytes: Buffer; contentType?: string; checksum?: string }[];
}

let serial = 0;

/** A delivery as a municipality would write it; every call gives another letter. */
export function delivery(options: LetterOptions = {}): SecureDelivery {
  serial += 1;
  return {
    Header: {
      Sender: { Id: options.senderId ?? SENDER, Name: options.senderName ?? 'Kommun A' },
      Recipient: options.recipientId ?? PERSON_ANNA,
      Reference: 'KS-2026-0042',
    },
    Message: [
      {
        Header: {
          Id: `letter-${serial}`,
          Subject: options.subject ?? 'Beslut om förskoleplats',
          Supportinfo: {
            Text: 'Ring kontaktcenter om du undrar.',
            URL: 'https://kommun-a.example/',
            PhoneNumber: '018-727 00 00',
            EmailAdress: 'info@kommun-a.example',
          },
          ...(options.matter === undefined ? {} : { OfficialMatter: options.matter }),
          Metadata: [],
          Language: 'svSE',
        },
        Body: {
          ContentType: options.contentType ?? 'text/plain',
          Body: Buffer.from(options.text ?? 'Hej Anna!\n\nDu har fått en plats.', 'utf8'),
        },
        Attachment: (options.attachments ?? []).map((file) => ({
          ContentType: file.contentType ?? 'application/pdf',
          Body: file.bytes,
          Checksum: file.checksum ?? attachmentChecksum(file.bytes),
          Filename: file.fileName,
        })),
      },
    ],
  };
}

export interface SealOptions {
  signedBy?: IssuedCertificate;
  sealedBy?: IssuedCertificate;
  signaturesOk?: boolean;
}

/** Signed by the sender, sealed by the dispatcher, unless told otherwise: the bytes of the SOAP request. */
export async function sealedRequest(keys: Keys, letter: SecureDelivery, options: SealOptions = {}): Promise<Buffer> {
  const signer = signerOf(options.signedBy ?? keys.sender);
  const sealer = signerOf(options.sealedBy ?? keys.dispatcher);
  const seal = { ReceivedTime: '2026-11-23+01:00', SignaturesOK: options.signaturesOk ?? true };
  return deliverSecureRequest(await sealDelivery(await signDelivery(letter, signer), seal, sealer));
}

function signerOf({ keyPem, certPem }: IssuedCertificate) {
  return createSigner({ privateKeyPem: keyPem, certificatePem: certPem });
}
