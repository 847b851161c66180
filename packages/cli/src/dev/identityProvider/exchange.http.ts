import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}

export class BodyTooLarge extends Error {}

const FORM_BYTES_MAX = 10_000;
/** What is too much is read to its end and dropped, so that the sender hears the answer; not without end, though. */
const DROPPED_BYTES_MAX = 8_388_608;

/** Answers with a page. */
export function send(response: ServerResponse, status: number, page: string): true {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(page);
  return true;
}

export function sendJson(response: ServerResponse, status: number, body: object): true {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
  return true;
}

/** @throws BodyTooLarge */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams(await readText(request, FORM_BYTES_MAX));
}

/** @throws BodyTooLarge */
export async function readText(request: IncomingMessage, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= bytesMax) chunks.push(chunk);
    else if (bytes > bytesMax + DROPPED_BYTES_MAX) break;
  }
  if (bytes > bytesMax) throw new BodyTooLarge();
  return Buffer.concat(chunks).toString('utf8');
}
