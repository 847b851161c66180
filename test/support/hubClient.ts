import { setTimeout as sleep } from 'node:timers/promises';
import type { LetterView } from '../../packages/hub/src/letterView.ts';
import { API_KEY } from './ecosystem.ts';

export interface LetterRequest {
  flow: string;
  recipient: string;
  subject: string;
  body: { contentType?: string; text: string };
  attachments?: { filename: string; base64: string }[];
  address?: Record<string, unknown>;
  reference?: string;
}

export const ADDRESS = { name: 'Åsa Öberg', street: 'Ängsvägen 3', postalCode: '123 45', city: 'Örebro' };

/** A letter that is all right, changed where the test needs it. */
export function letterTo(recipient: string, changes: Partial<LetterRequest> = {}): LetterRequest {
  return {
    flow: 'beslut',
    recipient,
    subject: 'Beslut om bygglov – å ä ö',
    body: { text: 'Hej!\n\nDu får bygga.' },
    ...changes,
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Record<string, unknown> & {
    id: string;
    code?: string;
    faults?: { code: string; path: string; text: string }[];
  };
}

export async function handIn(hubUrl: string, letter: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${hubUrl}/api/v1/letters`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(letter),
  });
  return { status: response.status, headers: response.headers, json: (await response.json()) as Answer['json'] };
}

export async function getLetter(hubUrl: string, id: string): Promise<LetterView> {
  const response = await fetch(`${hubUrl}/api/v1/letters/${id}`, { headers: { authorization: `Bearer ${API_KEY}` } });
  if (!response.ok) throw new Error(`GET letter: ${response.status} ${await response.text()}`);
  return (await response.json()) as LetterView;
}

const WAIT_MS_MAX = 30_000;
const POLL_MS = 50;

/** Waits until the letter is as the test wants it; tells the letter's whole story when it never becomes so. */
export async function waitFor(
  hubUrl: string,
  id: string,
  test: (letter: LetterView) => boolean,
  waitMsMax = WAIT_MS_MAX,
): Promise<LetterView> {
  const deadlineMs = Date.now() + waitMsMax;
  for (;;) {
    const letter = await getLetter(hubUrl, id);
    if (test(letter)) return letter;
    if (Date.now() > deadlineMs) throw new Error(`the letter never got there: ${JSON.stringify(letter, null, 1)}`);
    await sleep(POLL_MS);
  }
}

export const isSettled = (letter: LetterView): boolean => letter.final || letter.status === 'case';
