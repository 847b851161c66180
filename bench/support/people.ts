import { parseRecipientId } from '@brevduva/protocol';

const DAY_MS = 86_400_000;
const FIRST_DAY_MS = Date.UTC(1970, 0, 1);

/** More days than these would be in the future; then the next birth number begins. */
const DAYS = 18_000;

/** Test persons: one for each day and birth number, beginning with that of Skatteverket's test series (238). */
export function people(count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const day = new Date(FIRST_DAY_MS + (n % DAYS) * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
    return withCheckDigit(`${day}${238 + Math.floor(n / DAYS)}`);
  });
}

function withCheckDigit(digits: string): string {
  const found = Array.from({ length: 10 }, (_, digit) => `${digits}${digit}`).find((id) => parseRecipientId(id).ok);
  if (found === undefined) throw new Error(`no check digit fits ${digits}`);
  return found;
}
