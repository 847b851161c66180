/**
 * `xs:dateTime` in Swedish time with its offset: `2016-10-30T15:38:49.517+01:00`, as in the recorded answers (FACTS d).
 * A reader without time zone support still sees the hour of the Swedish clock.
 */
export function swedishDateTime(moment: Date | number): string {
  const ms = Number(moment);
  const offset = offsetAt(ms);
  const localMs = ms + offset.ms;
  const day = Math.floor(localMs / DAY_MS);
  return `${dayText(day)}${timeText(localMs - day * DAY_MS)}${offset.text}`;
}

interface Offset {
  text: string;
  ms: number;
}

/** Only the offset is read out of it: where the rest of a localised text stands differs between ICU versions. */
const FORMAT = new Intl.DateTimeFormat('en-US', { timeZone: 'Europe/Stockholm', timeZoneName: 'longOffset' });
const WRITTEN_OFFSET = /GMT([+-])(\d\d):(\d\d)/;
const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const DAYS_KEPT_MAX = 20_000;

/**
 * Intl takes 2.4 µs a date, twice what it takes to write a whole answer for one recipient as XML; so the offset is
 * kept for each day that begins and ends with the same one. The two days a year of the change are always asked for.
 */
const offsetsByDay = new Map<number, Offset>();

const dayTexts = new Map<number, string>();

/** `2016-10-30T` of a day since 1970. `toISOString` takes 0.4 µs, of which the day is most. */
function dayText(day: number): string {
  const kept = dayTexts.get(day);
  if (kept !== undefined) return kept;
  const iso = new Date(day * DAY_MS).toISOString();
  const text = iso.slice(0, iso.indexOf('T') + 1);
  if (dayTexts.size < DAYS_KEPT_MAX) dayTexts.set(day, text);
  return text;
}

const TWO = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

/** `15:38:49.517` */
function timeText(ms: number): string {
  const [hour, minute] = [Math.floor(ms / HOUR_MS), Math.floor((ms % HOUR_MS) / MINUTE_MS)];
  const [second, rest] = [Math.floor((ms % MINUTE_MS) / SECOND_MS), ms % SECOND_MS];
  const fraction = rest < 10 ? `00${rest}` : rest < 100 ? `0${rest}` : String(rest);
  return `${TWO[hour]}:${TWO[minute]}:${TWO[second]}.${fraction}`;
}

function offsetAt(ms: number): Offset {
  const day = Math.floor(ms / DAY_MS);
  const kept = offsetsByDay.get(day);
  if (kept !== undefined) return kept;
  const offset = readOffset(ms);
  const isWholeDay = readOffset(day * DAY_MS).ms === readOffset((day + 1) * DAY_MS).ms;
  if (isWholeDay && offsetsByDay.size < DAYS_KEPT_MAX) offsetsByDay.set(day, offset);
  return offset;
}

function readOffset(ms: number): Offset {
  const match = WRITTEN_OFFSET.exec(FORMAT.format(new Date(ms)));
  if (match === null) return { text: 'Z', ms: 0 };
  const [, sign, hours, minutes] = match;
  const absoluteMs = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  return { text: `${sign}${hours}:${minutes}`, ms: sign === '-' ? -absoluteMs : absoluteMs };
}
