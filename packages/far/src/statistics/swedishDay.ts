/** A day of the Swedish calendar: `2026-11-23`. */
export type Day = string;

const FORMAT = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Stockholm', dateStyle: 'short' });
const DAY_MS = 86_400_000;

/** The day it is in Sweden at the instant. */
export function swedishDay(instant: Date): Day {
  return FORMAT.format(instant);
}

/** So many days later (or earlier, when negative); the calendar knows no clock. */
export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Every day from the first to the last, both included. */
export function daysBetween(first: Day, last: Day): Day[] {
  const count = Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS) + 1;
  return Array.from({ length: Math.max(count, 0) }, (_, index) => addDays(first, index));
}
