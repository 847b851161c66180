import { formatTime, TIME_ZONE } from '../format.ts';
import type { Language } from '../language.ts';
import type { ChartPoint } from './chartFrame.ts';

const LOCALES: Readonly<Record<Language, string>> = { sv: 'sv-SE', en: 'en-GB' };
const DAY_MS = 86_400_000;
/** Up to so many days each has a mark. */
const EACH_DAY_MAX = 7;
/** Up to so many days every second one has. */
const SECOND_DAY_MAX = 14;
/** Up to so many days the Mondays have marks; beyond, the first days of months. */
const MONDAYS_MAX = 100;
/** More months than these are marked at the quarters only. */
const EACH_MONTH_MAX_DAYS = 430;

/** Points for days, given as `2026-11-23`, with marks where people look for them: days, Mondays, months. */
export function chartDays(days: readonly string[], lang: Language): ChartPoint[] {
  const dates = days.map((day) => new Date(`${day}T00:00:00Z`));
  const mark = markOfDays(dates, lang);
  const label = day(lang, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
  return dates.map((date, index) => ({ label: label(date), ...mark(date, index) }));
}

/** Points for weeks, given by their Mondays (`2026-11-23`), with marks where months begin. */
export function chartWeeks(mondays: readonly string[], lang: Language): ChartPoint[] {
  const name = day(lang, { day: 'numeric', month: 'short', year: 'numeric' });
  const month = day(lang, { month: 'short' });
  return mondays.map((monday) => {
    const date = new Date(`${monday}T00:00:00Z`);
    const label = `${lang === 'sv' ? 'vecka' : 'week'} ${weekNumber(date)} (${name(date)})`;
    if (date.getUTCDate() > 7) return { label };
    const at = date.getUTCMonth();
    return {
      label,
      tick: at === 0 ? String(date.getUTCFullYear()) : month(date),
      ...(at % 3 !== 0 && { minor: true }),
    };
  });
}

/** ISO 8601: week 1 has the year's first Thursday. */
function weekNumber(monday: Date): number {
  const thursday = new Date(monday.getTime() + 3 * DAY_MS);
  const newYear = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return Math.floor((thursday.getTime() - newYear) / (7 * DAY_MS)) + 1;
}

/** Points for the hours that begin at these instants: marks at midnight, noon and the six between, in Swedish time. */
export function chartHours(hours: readonly Date[], lang: Language): ChartPoint[] {
  const label = new Intl.DateTimeFormat(LOCALES[lang], {
    timeZone: TIME_ZONE,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  const short = new Intl.DateTimeFormat(LOCALES[lang], { timeZone: TIME_ZONE, day: 'numeric', month: 'short' });
  const every = hours.length > HOURS_WITH_QUARTERS_MAX ? 24 : 6;
  let last = '';
  return hours.map((hour) => {
    const time = formatTime(hour);
    const point = { label: unstopped(label.format(hour)) };
    const at = Number(time.slice(0, 2));
    // The repeated hour of an autumn night has its mark once.
    if (at % every !== 0 || !time.endsWith(':00') || point.label === last) return point;
    last = point.label;
    return { ...point, tick: at === 0 ? unstopped(short.format(hour)) : time, ...(at !== 0 && { minor: true }) };
  });
}

const HOURS_WITH_QUARTERS_MAX = 80;

type Mark = (date: Date, index: number) => Partial<ChartPoint>;

function markOfDays(dates: readonly Date[], lang: Language): Mark {
  const first = dates[0]?.getTime() ?? 0;
  const spanDays = ((dates.at(-1)?.getTime() ?? 0) - first) / DAY_MS + 1;
  const dayAndMonth = day(lang, { day: 'numeric', month: 'short' });
  if (spanDays <= SECOND_DAY_MAX) {
    const every = spanDays <= EACH_DAY_MAX ? 1 : 2;
    return (date, index) =>
      index % every === 0 ? { tick: dayAndMonth(date), ...(index % (every * 2) !== 0 && { minor: true }) } : {};
  }
  if (spanDays <= MONDAYS_MAX) {
    const every = spanDays > MONDAYS_MAX / 2 ? 2 : 1;
    return (date) => {
      const week = Math.floor((date.getTime() / DAY_MS - MONDAY) / 7);
      const isMonday = date.getUTCDay() === 1 && week % every === 0;
      return isMonday ? { tick: dayAndMonth(date), ...(week % (every * 2) !== 0 && { minor: true }) } : {};
    };
  }
  const month = day(lang, { month: 'short' });
  return (date) => {
    if (date.getUTCDate() !== 1) return {};
    const at = date.getUTCMonth();
    if (at === 0) return { tick: String(date.getUTCFullYear()) };
    if (spanDays > EACH_MONTH_MAX_DAYS && at % 3 !== 0) return {};
    return { tick: month(date), ...(at % 3 !== 0 && { minor: true }) };
  };
}

/** Days since 1970-01-01, which was a Thursday, to the first Monday after it. */
const MONDAY = 4;

/** A day has no time zone: it is written as it stands. */
function day(lang: Language, parts: Intl.DateTimeFormatOptions): (date: Date) => string {
  const format = new Intl.DateTimeFormat(LOCALES[lang], { ...parts, timeZone: 'UTC' });
  return (date) => unstopped(format.format(date));
}

/** "23 nov", not "23 nov.": beside an axis a full stop is dust. */
function unstopped(text: string): string {
  return text.replaceAll('.', '');
}
