import { parseRecipientId } from '@brevduva/protocol';

const DAY_MS = 86_400_000;
const FIRST_DAY_MS = Date.UTC(1970, 0, 1);

/** Test persons: one for each day, with a birth number of Skatteverket's test series (238). */
export function people(count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const day = new Date(FIRST_DAY_MS + n * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
    return withCheckDigit(`${day}238`);
  });
}

function withCheckDigit(digits: string): string {
  const found = Array.from({ length: 10 }, (_, digit) => `${digits}${digit}`).find((id) => parseRecipientId(id).ok);
  if (found === undefined) throw new Error(`no check digit fits ${digits}`);
  return found;
}
