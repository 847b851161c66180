/** Ten thousand million kronor: what is more is a slip of the decimal point. */
export const AMOUNT_HUNDREDTHS_MAX = 999_999_999_999;

/** A decimal with a point: `1234`, `1234.5`, `1234.50`. */
const DECIMAL = /^(\d{1,10})(?:\.(\d{1,2}))?$/;

/** Reads an amount into hundredths, digit by digit: no floating point anywhere. Undefined when it is none, or zero. */
export function parseAmount(text: string): number | undefined {
  const [, whole, hundredths = ''] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const amount = Number(`${whole}${hundredths.padEnd(2, '0')}`);
  return amount > 0 ? amount : undefined;
}

/** Spaces that people and spreadsheets put between thousands: ordinary, no-break and narrow no-break. */
const SPACES = /[ \u00a0\u2009\u202f]/g;
const CURRENCY_SIGN = /[ \u00a0\u202f]?(kr|sek|eur|€|:-)\.?$/i;
/** `1 234` and `1 234 567`, each group but the first of three digits; or no spaces at all. */
const GROUPED = /^(?:\d+|\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+)(?:[.,]\d{1,2})?$/;

/**
 * Reads an amount as people in Sweden write it, and their systems: `1 234,50`, `1234.50`, `1 234,50 kr`. What can be read in two ways is
 * not read: `1.234` may be a thousand, or one and a bit.
 *
 * @returns the decimal with a point, or in Swedish what is wrong.
 */
export function readSwedishAmount(text: string): { readonly decimal: string } | { readonly text: string } {
  const bare = text.trim().replace(CURRENCY_SIGN, '');
  if (/^[-\u2212]/.test(bare)) return { text: 'Beloppet är negativt: det finns inget att betala.' };
  if (/[.,]\d{3}(?:[.,]|$)/.test(bare)) {
    return { text: `Beloppet ”${shown(text)}” går att läsa på mer än ett sätt. Skriv det som 1234,50.` };
  }
  if (!GROUPED.test(bare)) return { text: `Beloppet ”${shown(text)}” går inte att läsa. Skriv det som 1234,50.` };
  const decimal = bare.replace(SPACES, '').replace(',', '.');
  return parseAmount(decimal) === undefined ? { text: 'Beloppet är noll, eller för stort.' } : { decimal };
}

const SHOWN_CHARACTERS_MAX = 30;

function shown(text: string): string {
  return text.slice(0, SHOWN_CHARACTERS_MAX);
}
