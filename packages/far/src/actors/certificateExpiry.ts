const DAY_MS = 86_400_000;

/** Days left at which an actor must be reminded, the most urgent first. */
export const EXPIRY_WARNING_DAYS = [7, 30, 60] as const;
export type ExpiryWarning = 'expired' | (typeof EXPIRY_WARNING_DAYS)[number];

/** Whole days that are left; 0 on the last day, negative when it has expired. */
export function daysLeft(validTo: Date, now: Date): number {
  return Math.floor((validTo.getTime() - now.getTime()) / DAY_MS);
}

/** How urgent the exchange is; undefined while there is more time than the first warning. */
export function expiryWarning(validTo: Date, now: Date): ExpiryWarning | undefined {
  if (validTo.getTime() <= now.getTime()) return 'expired';
  const left = daysLeft(validTo, now);
  return EXPIRY_WARNING_DAYS.find((days) => left <= days);
}
