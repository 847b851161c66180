/** Amounts in hundredths; `net + vat + rounding` is the whole. */
export interface VatWithin {
  readonly net: number;
  readonly vat: number;
  /** At most one hundredth either way: there is not always a net amount whose tax, rounded, makes exactly the whole. */
  readonly rounding: number;
}

/**
 * How much of an amount is value added tax, in whole numbers from the first digit to the last: 125.00 at 25 per cent is 100.00 and 25.00.
 * The tax is that of the net amount, rounded half up (BR-CO-17); what is left over is a rounding of its own (BT-114), so that nobody is asked for
 * another amount than the letter says.
 */
export function vatWithin(amountHundredths: number, percent: number): VatWithin {
  const net = divideRounded(amountHundredths * 100, 100 + percent);
  const vat = divideRounded(net * percent, 100);
  return { net, vat, rounding: amountHundredths - net - vat };
}

/** Of amounts below 10^12 hundredths, so that no product passes 2^53. */
function divideRounded(dividend: number, divisor: number): number {
  const rest = dividend % divisor;
  return (dividend - rest) / divisor + (rest * 2 >= divisor ? 1 : 0);
}
