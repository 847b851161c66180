import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type { IssuedCertificate } from '@brevduva/protocol/testing';

export interface Exchange {
  status: number;
  text: string;
}

/** What is wrong with the server. */
export interface Spoil {
  /** Before the real server sees it; an Exchange is the answer instead. */
  request?: (text: string, headers: IncomingMessage['headers']) => string | Exchange;
  /** The answer of the real server, and what was asked. */
  answer?: (answer: Exchange, asked: string) => Partial<Exchange>;
  tls?: Partial<TlsOptions>;
}

export interface ProxyOptions {
  /** The real server. */
  url: string;
  own: IssuedCertificate;
  caller: IssuedCertificate;
  caPem: string;
}

/**
 * A server that is wrong in exactly one way: it stands before a right one and spoils what passes. All that it does not
 * spoil is right by construction.
 */
export async function startSpoilt({ url, own, caller, caPem }: ProxyOptions, spoil: Spoil) {
  const tls = { key: own.keyPem, cert: own.certPem, ca: caPem, requestCert: true, rejectUnauthorized: true };
  const server = createServer({ ...tls, ...spoil.tls }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked = Buffer.concat(chunks).toString('utf8');
    const passedOn = spoil.request?.(asked, request.headers) ?? asked;
    const honest = typeof passedOn === 'string' ? await pass(request, passedOn) : passedOn;
    const { status, text } = { ...honest, ...spoil.answer?.(honest, asked) };
    response.writeHead(status, { 'content-type': 'text/xml; charset=utf-8' }).end(text);
  });

  async function pass({ method = 'GET', url: path = '' }: IncomingMessage, body: string): Promise<Exchange> {
    const client = { key: caller.keyPem, cert: caller.certPem, ca: caPem, agent: false };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked = httpsRequest(new URL(path, url), { ...client, method }, resolve);
      // A server that refuses a large message answers and closes before it has read all; the answer counts.
      asked.on('error', (error) => setTimeout(reject, 500, error));
      asked.end(method === 'POST' ? body : undefined);
    });
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return { status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') };
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: Object.assign(new URL(url), { port: String(port) }).href,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A fault as the contract has it, with another code. */
export function faultExchange(code: number): Exchange {
  const text = `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><S:Fault><faultcode>S:Server</faultcode><faultstring>Prov</faultstring><detail><applicationFault xmlns="http://minameddelanden.gov.se/schema/Common/v3"><ErrorCode>${code}</ErrorCode><Description>Prov</Description><CallId>${crypto.randomUUID()}</CallId></applicationFault></detail></S:Fault></S:Body></S:Envelope>`;
  return { status: 500, text };
}
