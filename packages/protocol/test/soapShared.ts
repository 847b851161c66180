import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import {
  type CallRecord,
  createSoapEndpoint,
  recipientService,
  SOAP_CONTENT_TYPE,
  type SoapEndpoint,
  type SoapEndpointOptions,
  type SoapHandlers,
} from '../src/index.ts';
import { createTestAuthority, type IssuedCertificate, type TestAuthority } from '../src/testing/index.ts';

/** One authority and the parties' certificates, made once: keys are slow. */
export interface TestParties {
  authority: TestAuthority;
  far: IssuedCertificate;
  kommun: IssuedCertificate;
}

export async function createTestParties(): Promise<TestParties> {
  const authority = await createTestAuthority({ name: 'Testutfärdare' });
  const far = await authority.issue({ organizationNumber: '162021006883', commonName: 'FaR' });
  const kommun = await authority.issue({ organizationNumber: '162021004748', commonName: 'Kommun A' });
  return { authority, far, kommun };
}

export interface TestServer {
  url: string;
  server: Server;
  /** TLS connections accepted so far. */
  connections(): number;
  close(): Promise<void>;
}

type Listener = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void | Promise<void>;

/** A real HTTPS server that demands a client certificate of the authority. */
export async function startServer({ authority, far }: TestParties, listener: Listener): Promise<TestServer> {
  const tls = { key: far.keyPem, cert: far.certPem, ca: authority.caPem };
  const server = createServer({ ...tls, requestCert: true, rejectUnauthorized: true }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    await listener(request, response, Buffer.concat(chunks));
  });
  let connections = 0;
  server.on('secureConnection', () => connections++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}/webservice/Recipient/v3`,
    server,
    connections: () => connections,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The listener that puts an endpoint behind HTTP. */
export function serving(endpoint: SoapEndpoint): Listener {
  return async (request, response, body) => {
    const { raw } = (request.socket as TLSSocket).getPeerCertificate();
    const reply = await endpoint({ body, peerCertificateDer: raw });
    if ('hangUp' in reply) request.socket.destroy();
    else response.writeHead(reply.status, { 'content-type': SOAP_CONTENT_TYPE }).end(reply.body);
  };
}

/** FaR with one answer for everybody, and a list of what it recorded. */
export function createTestFar(
  handlers: SoapHandlers<typeof recipientService> = reachableHandlers,
  options: Partial<SoapEndpointOptions> = {},
): { endpoint: SoapEndpoint; records: CallRecord[] } {
  const records: CallRecord[] = [];
  const endpoint = createSoapEndpoint(recipientService, handlers, {
    requestBytesMax: 100_000,
    onCall: (record) => records.push(record),
    ...options,
  });
  return { endpoint, records };
}

export const reachableHandlers: SoapHandlers<typeof recipientService> = {
  isReachable: async ({ recipientId }) => ({
    return: recipientId.map((id) => ({ AccountStatus: notRegistered(id), SenderAccepted: false })),
  }),
};

function notRegistered(id: string) {
  return { RecipientId: id, Type: 'Not' as const, Pending: false };
}
