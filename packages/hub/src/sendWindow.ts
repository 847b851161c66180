import { type SendWindow, TIME_ZONE } from './letter.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const WEEK_DAYS = 7;

/** When a letter may leave: now (0), or after so many milliseconds, when the window opens next. Pure. */
export function untilWindowOpensMs(window: SendWindow | undefined, now: Date): number {
  if (window === undefined) return 0;
  const here = localTime(now);
  if (isOpen(window, here)) return 0;
  // The first opening after now, a week ahead at the most: an opening on the same weekday may have passed for today.
  for (let days = 0; days <= WEEK_DAYS; days++) {
    const opensAt = instantOf({ ...here, day: here.day + days, minutes: minutesOf(window.from) });
    const weekday = ((here.weekday - 1 + days) % WEEK_DAYS) + 1;
    if (window.weekdays.includes(weekday) && opensAt > now) return opensAt.getTime() - now.getTime();
  }
  throw new Error('a send window without weekdays');
}

interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** 1 is Monday. */
  readonly weekday: number;
  /** Since midnight. */
  readonly minutes: number;
}

/** A window that ends before it begins goes over midnight, and belongs to the day on which it began. */
function isOpen({ from, to, weekdays }: SendWindow, { weekday, minutes }: LocalTime): boolean {
  const [start, end] = [minutesOf(from), minutesOf(to)];
  if (start < end) return weekdays.includes(weekday) && minutes >= start && minutes < end;
  const yesterday = weekday === 1 ? WEEK_DAYS : weekday - 1;
  return (weekdays.includes(weekday) && minutes >= start) || (weekdays.includes(yesterday) && minutes < end);
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

const LOCAL = new Intl.DateTimeFormat('sv-SE', {
  timeZone: TIME_ZONE,
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
});

function localTime(instant: Date): LocalTime {
  const parts = Object.fromEntries(LOCAL.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  const sunday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return { year, month, day, weekday: sunday === 0 ? WEEK_DAYS : sunday, minutes: hour * 60 + minute };
}

/**
 * The instant at which the clocks here show that time. Where they are put forward over it, the instant at which they have passed it;
 * where they show it twice, the first.
 */
function instantOf({ year, month, day, minutes }: Omit<LocalTime, 'weekday'>): Date {
  const asIfUtcMs = Date.UTC(year, month - 1, day) + minutes * MINUTE_MS;
  const candidates = [
    offsetMinutes(asIfUtcMs - DAY_MINUTES * MINUTE_MS),
    offsetMinutes(asIfUtcMs + DAY_MINUTES * MINUTE_MS),
  ];
  const instants = candidates.map((offset) => asIfUtcMs - offset * MINUTE_MS);
  const exact = instants.filter((ms) => offsetMinutes(ms) * MINUTE_MS === asIfUtcMs - ms);
  return new Date(exact.length > 0 ? Math.min(...exact) : Math.max(...instants));
}

/** How far the clocks here are ahead of UTC at an instant. */
function offsetMinutes(instantMs: number): number {
  const { year, month, day, minutes } = localTime(new Date(instantMs));
  const shownMs = Date.UTC(year, month - 1, day) + minutes * MINUTE_MS;
  return Math.round((shownMs - Math.floor(instantMs / MINUTE_MS) * MINUTE_MS) / MINUTE_MS);
}
