import { TIME_ZONE } from '@brevduva/ui';

const BEGIN_HOUR = 21;
const END_HOUR = 7;

const HOUR = new Intl.DateTimeFormat('sv-SE', { timeZone: TIME_ZONE, hour: 'numeric', hourCycle: 'h23' });

/** From 21 to 07 in Sweden, summer and winter: nobody's telephone is to make a sound for a letter. */
export function isQuietHour(at: Date): boolean {
  const hour = Number(HOUR.format(at));
  return hour >= BEGIN_HOUR || hour < END_HOUR;
}
