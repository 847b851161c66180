import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import {
  CONTRACT_SERVICES,
  contractFault,
  createSoapEndpoint,
  type ServiceContract,
  SOAP_CONTENT_TYPE,
  type SoapEndpoint,
  type SoapHandlers,
  wsdlFor,
  xsdNamed,
} from '@brevduva/protocol';
import type { IssuedCertificate } from '@brevduva/protocol/testing';

/** What an operation was called with. */
export interface Heard {
  service: string;
  operation: string;
  request: unknown;
}

type Answers = Readonly<Record<string, Readonly<Record<string, { response: unknown }>>>>;

/**
 * All five services over mutual TLS, on one port, with their WSDL and XSD. Every operation answers what it is told to;
 * the organisation "refused" gets a fault instead.
 */
export async function startContractServer(options: {
  own: IssuedCertificate;
  caPem: string;
  answers: Answers;
  refused: string;
}) {
  const heard: Heard[] = [];
  const tls = { key: options.own.keyPem, cert: options.own.certPem, ca: options.caPem };
  const endpoints = new Map<string, SoapEndpoint>(
    CONTRACT_SERVICES.map((contract) => [`/${contract.name}`, endpointOf(contract, options, heard)]),
  );
  const server = createServer({ ...tls, requestCert: true, rejectUnauthorized: true }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '', origin());
    const endpoint = endpoints.get(url.pathname);
    response.setHeader('content-type', SOAP_CONTENT_TYPE);
    if (request.method === 'GET') {
      const document = documentOf(url);
      response.writeHead(document === undefined ? 404 : 200).end(document);
    } else if (endpoint === undefined) response.writeHead(404).end();
    else {
      const { raw } = (request.socket as TLSSocket).getPeerCertificate();
      const reply = await endpoint({ body: Buffer.concat(chunks), peerCertificateDer: raw });
      if ('hangUp' in reply) request.socket.destroy();
      else response.writeHead(reply.status).end(reply.body);
    }
  });
  const origin = () => `https://localhost:${(server.address() as AddressInfo).port}`;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    heard,
    url: (service: string) => `${origin()}/${service}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const REQUEST_BYTES_MAX = 2_097_152;

function endpointOf(
  contract: ServiceContract,
  { answers, refused }: { answers: Answers; refused: string },
  heard: Heard[],
): SoapEndpoint {
  const handlers = Object.keys(contract.operations).map((operation) => [
    operation,
    async (request: unknown, { caller }: { caller: string }) => {
      heard.push({ service: contract.name, operation, request });
      if (caller === refused) throw contractFault('ACCESS_DENIED', 'so it was agreed');
      return answers[contract.name]?.[operation]?.response;
    },
  ]);
  return createSoapEndpoint(contract, Object.fromEntries(handlers) as SoapHandlers<ServiceContract>, {
    requestBytesMax: REQUEST_BYTES_MAX,
  });
}

function documentOf({ origin, pathname, searchParams }: URL): string | undefined {
  const contract = CONTRACT_SERVICES.find(({ name }) => pathname === `/${name}`);
  if (contract === undefined) return undefined;
  return searchParams.has('wsdl') ? wsdlFor(contract, origin + pathname) : xsdNamed(searchParams.get('xsd') ?? '');
}
