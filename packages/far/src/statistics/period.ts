import { addDays, type Day, daysBetween, swedishDay } from './swedishDay.ts';

/** How far back a page looks, until now. */
export const PERIODS = ['24h', '7d', '30d', '90d', '12m'] as const;
export type PeriodName = (typeof PERIODS)[number];

/**
 * Hours where there are few enough to see each, else days of the Swedish calendar. `from` is the first instant. A chart
 * shows weeks, by their Mondays, where days would be too many; the first and the last week may be parts of one.
 */
export type Period =
  | { grain: 'hour'; from: Date; to: Date; hours: readonly Date[] }
  | {
      grain: 'day';
      step: 'day' | 'week';
      from: Date;
      first: Day;
      last: Day;
      days: readonly Day[];
      points: readonly Day[];
    };

const HOUR_MS = 3_600_000;
/** More bars than these cannot be told apart. */
const DAYS_SHOWN_MAX = 100;
const HOURS: Partial<Record<PeriodName, number>> = { '24h': 24, '7d': 168 };
const DAYS: Partial<Record<PeriodName, number>> = { '30d': 30, '90d': 90, '12m': 365 };

export function periodOf(name: PeriodName, now: Date): Period {
  const hours = HOURS[name];
  return hours === undefined ? daysUntil(now, DAYS[name] ?? 30) : hoursUntil(now, hours);
}

/** The same period in days, for what is known by days only. */
export function daysOf(name: PeriodName, now: Date): Extract<Period, { grain: 'day' }> {
  return daysUntil(now, DAYS[name] ?? 30);
}

function hoursUntil(now: Date, count: number): Period {
  const end = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS + HOUR_MS;
  const hours = Array.from({ length: count }, (_, index) => new Date(end - (count - index) * HOUR_MS));
  return { grain: 'hour', from: new Date(end - count * HOUR_MS), to: new Date(end), hours };
}

function daysUntil(now: Date, count: number): Extract<Period, { grain: 'day' }> {
  const last = swedishDay(now);
  const first = addDays(last, 1 - count);
  const days = daysBetween(first, last);
  const step = count > DAYS_SHOWN_MAX ? 'week' : 'day';
  const points = step === 'day' ? days : [...new Set(days.map(mondayOf))];
  return { grain: 'day', step, from: startOfDay(first), first, last, days, points };
}

/** The point of a chart that a day belongs to. */
export function pointOfDay({ step }: Extract<Period, { grain: 'day' }>, day: Day): Day {
  return step === 'day' ? day : mondayOf(day);
}

function mondayOf(day: Day): Day {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return addDays(day, -((weekday + 6) % 7));
}

/** The instant at which a Swedish day begins: 22 or 23 hours UTC the day before. */
function startOfDay(day: Day): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const summer = new Date(midnight - 2 * HOUR_MS);
  return swedishDay(summer) === day ? summer : new Date(midnight - HOUR_MS);
}
