import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createLog, createWebServer, systemClock } from '@brevduva/base';
import {
  authorityService,
  contractFault,
  createSoapEndpoint,
  type OrganizationNumber,
  type RecipientId,
  recipientService,
  SOAP_CONTENT_TYPE,
  type SoapEndpoint,
} from '@brevduva/protocol';
import type { FarSettings } from '../src/index.ts';
import { DISPATCHER, type Keys, SENDER } from './operator.ts';

/** A register owner of few words: what an operator's deliveries ask for, over real mutual TLS. */
export interface TestRegisterOwner {
  far: FarSettings;
  /** Until a test says otherwise the one sender, and its dispatcher. */
  senders: { number: string; name: string }[];
  dispatchers: { number: string; name: string; senders: string[] }[];
  /** Recipient → the operator that has the mailbox. */
  accounts: Map<string, { operator: string; serviceAddress: string; pending?: boolean }>;
  /** Every call answers 5000 while this is set. */
  isBroken: boolean;
  /** A call of `getSenders` waits for this before it answers. */
  hold: Promise<void>;
  /** How often each operation was called. */
  calls: Map<string, number>;
  close(): Promise<void>;
}

export async function startTestRegisterOwner(keys: Keys): Promise<TestRegisterOwner> {
  const certificate = await keys.authority.issue({ organizationNumber: '162021006883', commonName: 'localhost' });
  const log = createLog({ service: 'register owner', level: 'silent' });
  const tls = { key: certificate.keyPem, cert: certificate.certPem, ca: keys.authority.caPem, requestCert: true };
  const app = createWebServer({ name: 'register owner', clock: systemClock, log, tls });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const owner: TestRegisterOwner = {
    far: { recipientUrl: '', authorityUrl: '' },
    senders: [{ number: SENDER, name: 'Kommun A' }],
    dispatchers: [{ number: DISPATCHER, name: 'Förmedling B', senders: [SENDER] }],
    ...{ accounts: new Map(), isBroken: false, calls: new Map() },
    hold: Promise.resolve(),
    close: async () => void (await app.close()),
  };
  serve('/recipient', recipientEndpoint(owner));
  serve('/authority', authorityEndpoint(owner));
  await app.listen({ host: '127.0.0.1', port: 0 });
  if (!app.server.listening) await once(app.server, 'listening');
  const { port } = app.server.address() as AddressInfo;
  owner.far.recipientUrl = `https://localhost:${port}/recipient`;
  owner.far.authorityUrl = `https://localhost:${port}/authority`;
  return owner;

  function serve(path: string, endpoint: SoapEndpoint): void {
    app.post(path, { config: { access: 'mtls' } }, async (request, reply) => {
      const { peerCertificateDer, body } = request;
      const answer = await endpoint({ body: body as Buffer, ...(peerCertificateDer && { peerCertificateDer }) });
      if ('hangUp' in answer) throw new TypeError('never hangs up');
      return reply.status(answer.status).type(SOAP_CONTENT_TYPE).send(answer.body);
    });
  }
}

async function admit(owner: TestRegisterOwner, operation: string): Promise<void> {
  owner.calls.set(operation, (owner.calls.get(operation) ?? 0) + 1);
  if (operation === 'getSenders') await owner.hold;
  if (owner.isBroken) throw contractFault('UNKNOWN');
}

function authorityEndpoint(owner: TestRegisterOwner): SoapEndpoint {
  return createSoapEndpoint(
    authorityService,
    {
      getSenders: async () => ({
        return: owner.senders.map(({ number, name }) => ({ Id: number as RecipientId, Name: name })),
      }),
      getDispatchers: async () => ({
        return: owner.dispatchers.map(({ number, name, senders }) => ({
          Id: number as OrganizationNumber,
          Name: name,
          Senders: senders as OrganizationNumber[],
        })),
      }),
    },
    { requestBytesMax: 100_000, admit: (_caller, operation) => admit(owner, operation) },
  );
}

function recipientEndpoint(owner: TestRegisterOwner): SoapEndpoint {
  return createSoapEndpoint(
    recipientService,
    {
      isRegistered: async ({ recipientId }) => ({
        return: recipientId.map((id) => accountStatus(owner, id as RecipientId)),
      }),
    },
    { requestBytesMax: 100_000, admit: (_caller, operation) => admit(owner, operation) },
  );
}

function accountStatus({ accounts }: TestRegisterOwner, id: RecipientId) {
  const account = accounts.get(id);
  if (account === undefined) return { RecipientId: id, Type: 'Not' as const, Pending: false };
  return {
    RecipientId: id,
    Type: 'Secure' as const,
    Pending: account.pending ?? false,
    ServiceSupplier: {
      Id: account.operator as OrganizationNumber,
      Name: 'En operatör',
      ServiceAdress: account.serviceAddress,
      InternalServiceAdress: '',
    },
  };
}
