import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { RecipientId } from '@brevduva/protocol';
import { ADDRESS_PERSONS_MAX, type AddressAnswer, type AddressSource, type FoundAddress } from '../addressSource.ts';
import { checkPostalAddress } from '../paper/address.ts';

export interface AddressSourceOptions {
  /** Where the source answers; documented in docs/operations/address-source.md. */
  readonly url: string;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string;
  /** PEM: our certificate and key, and whose certificates are believed, for mutual TLS. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly ca: string };
  readonly answerTimeoutMs?: number;
}

const ANSWER_TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;
const CONNECTIONS_MAX = 4;

/**
 * Asks a source over HTTP: `POST` of `{ "persons": ["192705178354", …] }`, answered by `{ "persons": { "192705178354": { … } } }`. The
 * municipality's integration platform, which has Navet or SPAR already, gives this small interface; so no letter depends on the form
 * of a register that each municipality reaches in its own way.
 */
export function createHttpAddressSource(options: AddressSourceOptions): AddressSource & { close(): void } {
  const { tls } = options;
  const isTls = new URL(options.url).protocol === 'https:';
  const common = { keepAlive: true, maxSockets: CONNECTIONS_MAX };
  const agent = isTls ? new HttpsAgent({ ...common, ...(tls ?? {}) }) : new HttpAgent(common);
  return {
    async find(persons) {
      if (persons.length > ADDRESS_PERSONS_MAX) throw new RangeError(`at most ${ADDRESS_PERSONS_MAX} persons`);
      try {
        return readAnswer(await ask(persons, agent, options), persons);
      } catch (error) {
        // Whatever failed between us and the source, or in its answer, the letters wait; the message names no person.
        return { kind: 'unavailable', reason: error instanceof Error ? error.message : 'unknown' };
      }
    },
    close: () => agent.destroy(),
  };
}

function ask(
  persons: readonly RecipientId[],
  agent: HttpAgent | HttpsAgent,
  { url, token, answerTimeoutMs = ANSWER_TIMEOUT_MS }: AddressSourceOptions,
): Promise<unknown> {
  const body = Buffer.from(JSON.stringify({ persons }));
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  const headers = {
    'content-type': 'application/json',
    'content-length': body.length,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(answerTimeoutMs);
    const request = send(url, { method: 'POST', headers, agent, signal }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > ANSWER_BYTES_MAX) request.destroy(new Error('the answer is too large'));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode !== 200) return reject(new Error(`status ${response.statusCode}`));
        try {
          resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')));
        } catch {
          reject(new Error('the answer is no JSON'));
        }
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** An answer that leaves somebody out, or says something we do not understand, is no answer: nobody is sent to a guessed address. */
function readAnswer(answer: unknown, persons: readonly RecipientId[]): AddressAnswer {
  const given = isObject(answer) && isObject(answer['persons']) ? answer['persons'] : undefined;
  if (given === undefined) return { kind: 'unavailable', reason: 'the answer has no persons' };
  const read = new Map<string, FoundAddress>();
  for (const person of persons) {
    const found = readPerson(given[person]);
    if (found === undefined) return { kind: 'unavailable', reason: 'the answer is not understood' };
    read.set(person, found);
  }
  return { kind: 'answered', persons: read };
}

function readPerson(value: unknown): FoundAddress | undefined {
  if (!isObject(value)) return undefined;
  const { status, address } = value;
  if (status === 'protected' || status === 'deceased' || status === 'unknown') return { kind: status };
  if (status !== 'found' || !isObject(address)) return undefined;
  const checked = checkPostalAddress(addressInput(address));
  // An address that no envelope takes is as good as none.
  return checked.ok ? { kind: 'found', address: checked.address } : { kind: 'unknown' };
}

function addressInput(address: Readonly<Record<string, unknown>>) {
  const text = (field: string) => (typeof address[field] === 'string' ? address[field] : undefined);
  const { lines } = address;
  return {
    name: text('name'),
    careOf: text('careOf'),
    lines: Array.isArray(lines) ? lines.filter((line) => typeof line === 'string') : [],
    postalCode: text('postalCode'),
    city: text('city'),
    country: text('country'),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
