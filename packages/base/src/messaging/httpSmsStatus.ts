import { createHmac, timingSafeEqual } from 'node:crypto';
import { textsAt } from './fieldPath.ts';
import type { HttpSmsStatusReports } from './httpSmsSettings.ts';
import { foreignText } from './sendOutcome.ts';
import type { SmsStatusReport } from './smsSender.ts';

export interface HttpSmsStatusRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As it came: the proof is over the bytes. */
  readonly body: Buffer;
}

/** More is cut off by the door that reads the body; this is what a report may need at most. */
export const HTTP_SMS_STATUS_BYTES_MAX = 64 * 1024;
const ID_CHARACTERS_MAX = 200;

/**
 * Reads the report that a gateway posted. `undefined`: it does not prove who it is (answer 401). An empty list: it is the
 * gateway, and tells nothing that we can read (answer 400).
 */
export function readHttpSmsStatus(
  { headers, body }: HttpSmsStatusRequest,
  settings: HttpSmsStatusReports,
): readonly SmsStatusReport[] | undefined {
  const given = headers[settings.proof.header.toLowerCase()];
  if (typeof given !== 'string' || !isProven(given, body, settings.proof)) return undefined;
  const value = parse(body, String(headers['content-type'] ?? ''));
  const id = textsAt(value, settings.id)[0];
  const word = textsAt(value, settings.state)[0];
  if (id === undefined || id.length > ID_CHARACTERS_MAX || word === undefined) return [];
  const code = settings.code === undefined ? undefined : textsAt(value, settings.code)[0];
  return [
    {
      messageId: id,
      state: stateOf(word, settings.states),
      ...(code === undefined ? {} : { code: foreignText(code) }),
    },
  ];
}

function isProven(given: string, body: Buffer, proof: HttpSmsStatusReports['proof']): boolean {
  if (proof.kind === 'secret') return isSame(Buffer.from(given), Buffer.from(proof.secret));
  const mac = createHmac('sha256', proof.secret).update(body).digest();
  const text = given.replace(/^sha256=/i, '');
  return isSame(Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64'), mac);
}

/** Compares hashes, so that lengths tell nothing either. */
function isSame(a: Buffer, b: Buffer): boolean {
  const hash = (bytes: Buffer) => createHmac('sha256', 'compare').update(bytes).digest();
  return timingSafeEqual(hash(a), hash(b));
}

function parse(body: Buffer, contentType: string): unknown {
  const text = body.toString('utf8');
  if (contentType.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function stateOf(word: string, states: HttpSmsStatusReports['states']): SmsStatusReport['state'] {
  const isOneOf = (words: readonly string[] | undefined) =>
    words?.some((each) => each.toLowerCase() === word.toLowerCase()) === true;
  if (isOneOf(states.delivered)) return 'delivered';
  if (isOneOf(states.failed)) return 'failed';
  if (isOneOf(states.expired)) return 'expired';
  return isOneOf(states.waiting) ? 'waiting' : 'unknown';
}
