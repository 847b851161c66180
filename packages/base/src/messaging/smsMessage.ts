import { appError } from '../appError.ts';
import { BASE_ERRORS } from '../errors.ts';
import { SMS_PARTS_MAX, smsLength } from './smsLength.ts';
import type { SmsMessage } from './smsSender.ts';

/** @throws BASE_SMS_MESSAGE_INVALID for a text that is empty, too long, or holds what no phone shows */
export function checkSmsMessage({ text }: SmsMessage): void {
  if (text.trim() === '') throw invalid('no text');
  if (text.includes('\u0000')) throw invalid('a null character');
  const { parts } = smsLength(text);
  if (parts > SMS_PARTS_MAX) throw invalid(`${parts} parts`);
}

/** Eleven characters of GSM-7's letters and digits, with at least one letter; a short number; or a number in E.164. */
const FROM = /^(?:(?=.*[A-Za-z])[A-Za-z0-9 .&-]{1,11}|\d{3,8}|\+[1-9]\d{6,14})$/;

/** @throws BASE_MESSAGING_SETTINGS for a sender that no phone can show */
export function checkSmsFrom(from: string): void {
  if (FROM.test(from)) return;
  const fault = 'avsändaren av SMS ska vara högst elva bokstäver (a–z) och siffror, eller ett nummer';
  throw appError(BASE_ERRORS, 'BASE_MESSAGING_SETTINGS', { values: { fault } });
}

function invalid(detail: string): Error {
  return appError(BASE_ERRORS, 'BASE_SMS_MESSAGE_INVALID', { detail });
}
