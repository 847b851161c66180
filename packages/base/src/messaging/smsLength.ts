import { gsm7Units } from './gsm7.ts';

export type SmsAlphabet = 'GSM-7' | 'UCS-2';

export interface SmsLength {
  readonly alphabet: SmsAlphabet;
  /** Places that the text takes: septets in GSM-7, 16-bit units in UCS-2. */
  readonly units: number;
  /** How many SMS it is sent and paid as. */
  readonly parts: number;
  /** Places left in the last part. */
  readonly unitsLeft: number;
  /** The characters for which UCS-2 is needed, each once; empty in GSM-7. */
  readonly notInGsm7: readonly string[];
}

/** More than this is a letter. Ten parts are also what operators commonly join again. */
export const SMS_PARTS_MAX = 10;
/** 140 octets; a part of several loses six to the header that joins them (3GPP TS 23.040 9.2.3.24.1). */
const UNITS_MAX = { 'GSM-7': { alone: 160, joined: 153 }, 'UCS-2': { alone: 70, joined: 67 } } as const;

/**
 * How long a text is as SMS. å, ä, ö, é and € are in GSM-7 (the € takes two places); one ł, ’ or emoji makes the whole
 * text UCS-2, and more than twice as long.
 */
export function smsLength(text: string): SmsLength {
  const { alphabet, parts } = splitSms(text);
  const sizes = parts.map((part) => unitsOf(part, alphabet));
  const units = sizes.reduce((sum, each) => sum + each, 0);
  const max = UNITS_MAX[alphabet][parts.length > 1 ? 'joined' : 'alone'];
  const notInGsm7 = [...new Set([...text].filter((each) => gsm7Units(each) === undefined))];
  return { alphabet, units, parts: parts.length, unitsLeft: max - (sizes.at(-1) ?? 0), notInGsm7 };
}

/** The text in its parts. No character is cut in two: neither an extension with its escape nor a surrogate pair. */
export function splitSms(text: string): { alphabet: SmsAlphabet; parts: readonly string[] } {
  const characters = [...text];
  const alphabet = characters.every((each) => gsm7Units(each) !== undefined) ? 'GSM-7' : 'UCS-2';
  const max = UNITS_MAX[alphabet];
  if (unitsOf(text, alphabet) <= max.alone) return { alphabet, parts: [text] };
  const parts: string[] = [];
  let part = '';
  let units = 0;
  for (const each of characters) {
    const size = unitsOf(each, alphabet);
    if (units + size > max.joined) {
      parts.push(part);
      part = '';
      units = 0;
    }
    part += each;
    units += size;
  }
  return { alphabet, parts: [...parts, part] };
}

function unitsOf(text: string, alphabet: SmsAlphabet): number {
  if (alphabet === 'UCS-2') return text.length;
  return [...text].reduce((sum, each) => sum + (gsm7Units(each) ?? 0), 0);
}
