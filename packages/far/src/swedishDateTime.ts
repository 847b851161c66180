/** Only the offset is read out of it: where the rest of a localised text stands differs between ICU versions. */
const OFFSET = new Intl.DateTimeFormat('en-US', { timeZone: 'Europe/Stockholm', timeZoneName: 'longOffset' });
const WRITTEN_OFFSET = /GMT([+-])(\d\d):(\d\d)/;
const MINUTE_MS = 60_000;

/**
 * `xs:dateTime` in Swedish time with its offset: `2016-10-30T15:38:49.517+01:00`, as in the recorded answers (FACTS d).
 * A reader without time zone support still sees the hour of the Swedish clock.
 */
export function swedishDateTime(moment: Date): string {
  const match = WRITTEN_OFFSET.exec(OFFSET.format(moment));
  if (match === null) return moment.toISOString();
  const [, sign, hours, minutes] = match;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS * (sign === '-' ? -1 : 1);
  const wallClock = new Date(moment.getTime() + offsetMs).toISOString().slice(0, -1);
  return `${wallClock}${sign}${hours}:${minutes}`;
}
