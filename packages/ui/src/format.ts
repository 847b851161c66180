import type { Language } from './language.ts';

/** All times on screen are Swedish wall clock, whatever the server's zone. */
export const TIME_ZONE = 'Europe/Stockholm';

export type TimeStyle = 'short' | 'long' | 'exact';

/**
 * short: 2026-03-29 03:00 · 29 Mar 2026, 03:00
 * long: 29 mars 2026 kl. 03:00 · 29 March 2026 at 03:00
 * exact: seconds, and the offset, which tells the two hours of an autumn night apart: 2026-10-25 02:30:00 (UTC+1)
 */
export function formatDateTime(instant: Date, language: Language, style: TimeStyle = 'short'): string {
  if (style === 'exact') return exactDateTime(instant);
  const date = formatDate(instant, language, style);
  const time = formatTime(instant);
  if (style === 'long') return language === 'sv' ? `${date} kl. ${time}` : `${date} at ${time}`;
  return language === 'sv' ? `${date} ${time}` : `${date}, ${time}`;
}

/** short: 2026-03-29 · 29 Mar 2026; long: 29 mars 2026 · 29 March 2026. */
export function formatDate(instant: Date, language: Language, style: 'short' | 'long' = 'short'): string {
  if (style === 'long') return longDate[language].format(instant);
  return language === 'sv' ? isoDate.format(instant) : shortEnglishDate.format(instant);
}

/** Hours and minutes, 24-hour clock, the same in both languages: 03:00. */
export function formatTime(instant: Date): string {
  return clockTime.format(instant);
}

/** 12 345 in Swedish (with a space that does not break), 12,345 in English. */
export function formatNumber(number: number, language: Language, fractionDigits = 0): string {
  const digits = { minimumFractionDigits: fractionDigits, maximumFractionDigits: fractionDigits };
  return new Intl.NumberFormat(LOCALES[language], digits).format(number);
}

/**
 * Hundredths of a currency, exactly however many: 1 234,50 kr · SEK 1,234.50. Without a currency the number alone.
 */
export function formatMoney(hundredths: bigint, currency: string | undefined, language: Language): string {
  const whole = new Intl.NumberFormat(LOCALES[language]).format(hundredths / 100n);
  const fraction = String(hundredths % 100n).padStart(2, '0');
  if (language === 'en') return `${currency === undefined ? '' : `${currency}\u00a0`}${whole}.${fraction}`;
  const unit = currency === 'SEK' ? 'kr' : currency;
  return `${whole},${fraction}${unit === undefined ? '' : `\u00a0${unit}`}`;
}

/** A calendar day, YYYY-MM-DD, which has neither clock nor zone: 24 december 2026 · 24 December 2026. */
export function formatDay(day: string, language: Language): string {
  return formatDate(new Date(`${day}T12:00:00Z`), language, 'long');
}

/** A share between 0 and 1 as per cent: 12,5 % · 12.5%. */
export function formatPercent(share: number, language: Language, fractionDigits = 0): string {
  const digits = { minimumFractionDigits: 0, maximumFractionDigits: fractionDigits };
  return new Intl.NumberFormat(LOCALES[language], { style: 'percent', ...digits }).format(share);
}

/** Size with 1 MB = 1024 × 1024 bytes, as the contract counts its limit of 2 MB. */
export function formatBytes(bytes: number, language: Language): string {
  if (bytes < BYTES_PER_KILOBYTE) return `${formatNumber(bytes, language)}\u00a0B`;
  const kilobytes = bytes / BYTES_PER_KILOBYTE;
  if (Math.round(kilobytes) < BYTES_PER_KILOBYTE) return `${formatNumber(kilobytes, language)}\u00a0kB`;
  return `${formatNumber(kilobytes / BYTES_PER_KILOBYTE, language, 1)}\u00a0MB`;
}

/** Twelve digits as people write them: 19900101-2385, or 212000-1234 for an organisation ("16" first). Others unchanged. */
export function formatRecipientId(id: string): string {
  if (!/^\d{12}$/.test(id)) return id;
  return id.startsWith('16') ? `${id.slice(2, 8)}-${id.slice(8)}` : `${id.slice(0, 8)}-${id.slice(8)}`;
}

/**
 * "för 3 minuter sedan", "om 2 dagar", "just nu": distance from `now`, in the largest unit that fits.
 * Always counted ("för 1 dag sedan"), since "i går" would be untrue 30 hours back at five in the morning.
 */
export function relativeTime(instant: Date, now: Date, language: Language): string {
  const distanceMs = instant.getTime() - now.getTime();
  const unit = RELATIVE_UNITS.find(([, unitMs]) => Math.abs(distanceMs) >= unitMs);
  if (unit === undefined) return language === 'sv' ? 'just nu' : 'just now';
  const [name, unitMs] = unit;
  return relativeFormats[language].format(Math.trunc(distanceMs / unitMs), name);
}

const BYTES_PER_KILOBYTE = 1024;
const LOCALES: Readonly<Record<Language, string>> = { sv: 'sv-SE', en: 'en-GB' };

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const RELATIVE_UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * DAY_MS],
  ['month', 30 * DAY_MS],
  ['day', DAY_MS],
  ['hour', HOUR_MS],
  ['minute', MINUTE_MS],
];

// Formatters are costly to make and hold no state, so they are made once.
const isoDate = new Intl.DateTimeFormat('sv-SE', { timeZone: TIME_ZONE, dateStyle: 'short' });
const shortEnglishDate = new Intl.DateTimeFormat('en-GB', { timeZone: TIME_ZONE, dateStyle: 'medium' });
const longDate = {
  sv: new Intl.DateTimeFormat('sv-SE', { timeZone: TIME_ZONE, dateStyle: 'long' }),
  en: new Intl.DateTimeFormat('en-GB', { timeZone: TIME_ZONE, dateStyle: 'long' }),
};
const clockTime = new Intl.DateTimeFormat('sv-SE', { timeZone: TIME_ZONE, hour: '2-digit', minute: '2-digit' });
const clockTimeSeconds = new Intl.DateTimeFormat('sv-SE', { timeZone: TIME_ZONE, timeStyle: 'medium' });
const zoneOffset = new Intl.DateTimeFormat('en-GB', { timeZone: TIME_ZONE, timeZoneName: 'shortOffset' });
const relativeFormats = {
  sv: new Intl.RelativeTimeFormat('sv-SE', { numeric: 'always' }),
  en: new Intl.RelativeTimeFormat('en-GB', { numeric: 'always' }),
};

function exactDateTime(instant: Date): string {
  const zone = zoneOffset.formatToParts(instant).find((part) => part.type === 'timeZoneName')?.value ?? '';
  return `${isoDate.format(instant)} ${clockTimeSeconds.format(instant)} (${zone.replace('GMT', 'UTC')})`;
}
