/** A decimal in units of 10^-10, exact: nothing about money is ever a floating point number. */
export type Decimal = bigint;

const PLACES = 10;
const UNIT = 10n ** BigInt(PLACES);
const HUNDREDTH = UNIT / 100n;
/** As the amounts, quantities, prices and rates of an invoice are written; what has more places is told as what it is, no number. */
const WRITTEN = /^(-?)(\d{1,15})(?:\.(\d{1,10}))?$/;

/** Undefined when it is no decimal. */
export function parseDecimal(text: string | undefined): Decimal | undefined {
  const [, sign, whole, places = ''] = WRITTEN.exec(text ?? '') ?? [];
  if (whole === undefined) return undefined;
  const units = BigInt(whole) * UNIT + BigInt(places.padEnd(PLACES, '0'));
  return sign === '-' ? -units : units;
}

export function decimal(whole: number): Decimal {
  return BigInt(whole) * UNIT;
}

export function sum(values: readonly Decimal[]): Decimal {
  return values.reduce((total, each) => total + each, 0n);
}

/** A share in per cent, rounded to two decimals, half away from zero. */
export function percentOf(value: Decimal, percent: Decimal): Decimal {
  return roundedTo(value * percent, HUNDREDTH * UNIT * 100n) * HUNDREDTH;
}

/** To two decimals, half away from zero. */
export function toHundredths(value: Decimal): Decimal {
  return roundedTo(value, HUNDREDTH) * HUNDREDTH;
}

export function isWithin(a: Decimal, b: Decimal, slack: Decimal): boolean {
  return abs(a - b) <= slack;
}

export function abs(value: Decimal): Decimal {
  return value < 0n ? -value : value;
}

/**
 * Whether `total = quantity × price ÷ base + rest`, within two hundredths. Multiplied out, since a division has no exact answer.
 */
export function isLineAmount(line: {
  readonly total: Decimal;
  readonly quantity: Decimal;
  readonly price: Decimal;
  readonly base: Decimal;
  readonly rest: Decimal;
}): boolean {
  const { total, quantity, price, base, rest } = line;
  return abs((total - rest) * base - quantity * price) <= 2n * HUNDREDTH * abs(base);
}

function roundedTo(value: bigint, step: bigint): bigint {
  const rounded = (abs(value) * 2n + step) / (step * 2n);
  return value < 0n ? -rounded : rounded;
}
