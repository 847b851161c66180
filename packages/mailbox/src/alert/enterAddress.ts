import { randomInt, randomUUID, timingSafeEqual } from 'node:crypto';
import { newId, readMailAddress, readPhoneNumber } from '@brevduva/base';
import type { Language } from '@brevduva/ui';
import type { ContentKeys } from '../content/encryption.ts';
import { type AlertChannel, confirmAlertAddress, enterAlertAddress, takeCodeAttempt } from '../sql/alertAddress.ts';
import type { Pool } from '../sql/pool.ts';

export interface AddressDependencies {
  pool: Pool;
  contentKeys: ContentKeys;
}

export interface EnteredAddress {
  accountId: string;
  channel: AlertChannel;
  /** As it was typed. */
  text: string;
  namesSender: boolean;
  language: Language;
}

const CODE_DIGITS = 6;
/** Five guesses in a million, five times a day: nobody confirms an address that he does not read. */
const CODE_LIMITS = { codesMax: 5, codesPerMs: 86_400_000, attemptsMax: 5, validMs: 1_800_000 };

/** Where an encrypted address belongs: moved to another mailbox, it does not open. */
export function addressContext(accountId: string, channel: AlertChannel): string {
  return `${accountId}/alert/${channel}`;
}

/** As {@link addressContext}, for the code that was sent to it. */
export function codeContext(accountId: string, channel: AlertChannel): string {
  return `${addressContext(accountId, channel)}/code`;
}

/** Keeps an address that the holder has typed, and sends a code to it. */
export async function enterAddress(
  { pool, contentKeys }: AddressDependencies,
  { accountId, channel, text, namesSender, language }: EnteredAddress,
): Promise<'entered' | 'invalid' | 'tooMany'> {
  const address = channel === 'sms' ? readPhoneNumber(text) : readMailAddress(text);
  if (address === undefined) return 'invalid';
  const code = String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0');
  const row = {
    ...{ accountId, channel, namesSender, language },
    version: randomUUID(),
    alertId: newId(),
    keyId: contentKeys.keyId,
    encrypted: contentKeys.encrypt(Buffer.from(address), addressContext(accountId, channel)),
    codeEncrypted: contentKeys.encrypt(Buffer.from(code), codeContext(accountId, channel)),
  };
  return (await enterAlertAddress(pool, row, CODE_LIMITS)) ? 'entered' : 'tooMany';
}

/** Whether the code is right. Each try uses up one of the few that there are, also when many come at once. */
export async function confirmAddress(
  { pool, contentKeys }: AddressDependencies,
  { accountId, channel, code }: { accountId: string; channel: AlertChannel; code: string },
): Promise<'confirmed' | 'wrong' | 'over'> {
  const attempt = await takeCodeAttempt(pool, accountId, channel);
  if (attempt === undefined) return 'over';
  const expected = contentKeys.decrypt(attempt.keyId, attempt.codeEncrypted, codeContext(accountId, channel));
  const given = Buffer.from(code.replace(/\s/g, ''));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'wrong';
  await confirmAlertAddress(pool, accountId, attempt.version);
  return 'confirmed';
}
