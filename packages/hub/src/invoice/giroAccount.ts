import { hasCheckDigit } from '@brevduva/protocol';
import type { GiroAccount } from './invoice.ts';

/** `NNN-NNNN` or `NNNN-NNNN`. */
const BANKGIRO = /^(\d{3,4})-?(\d{4})$/;
/** Two to eight digits, the last after a hyphen, with or without spaces between pairs: `4 15 87-7`. */
const PLUSGIRO = /^(\d{1,7})-?(\d)$/;

/**
 * Reads an account number as it is written, with or without hyphen and spaces, into digits alone.
 * @returns in Swedish what is wrong, where it is none.
 */
export function readGiroAccount(
  kind: GiroAccount['kind'],
  text: string,
): { readonly account: GiroAccount } | { readonly text: string } {
  const name = kind === 'bankgiro' ? 'Bankgironumret' : 'Plusgironumret';
  const form = kind === 'bankgiro' ? 'sju eller åtta siffror, som 5050-1055' : 'två till åtta siffror, som 41587-7';
  const parts = (kind === 'bankgiro' ? BANKGIRO : PLUSGIRO).exec(text.replace(/[ \u00a0]/g, ''));
  if (parts === null) return { text: `${name} ska ha ${form}.` };
  const number = `${parts[1]}${parts[2]}`;
  return hasCheckDigit(number) ? { account: { kind, number } } : { text: `${name} har fel kontrollsiffra.` };
}

/** The number with its hyphen, as people read it. */
export function giroAccountText({ kind, number }: GiroAccount): string {
  const after = kind === 'bankgiro' ? 4 : 1;
  return `${number.slice(0, -after)}-${number.slice(-after)}`;
}
