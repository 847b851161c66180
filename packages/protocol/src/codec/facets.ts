import type { BuiltIn, Facets, SimpleType } from '../notation/types.ts';
import { isLanguage, isUri } from './uri.ts';

/** What is wrong with a value, to be put after "is"; never the value itself. */
export type ValueCheck = (value: unknown) => string | undefined;

/**
 * The restrictions of a simple type as a check of values that have its TypeScript type already; undefined if it has none.
 *
 * They are the schema's own, so that a list of a hundred thousand faults is refused at the first one, and an answer of
 * ours is judged without being parsed again. Left to the schema's judge: the form of `ID`, which only signed parts have.
 */
export function valueCheck({ builtIn, facets }: SimpleType): ValueCheck | undefined {
  const checks = [...lexicalChecks(builtIn), ...lengthChecks(facets), ...formChecks(facets), ...rangeChecks(facets)];
  if (checks.length === 0) return undefined;
  return (value) => {
    for (const check of checks) {
      const fault = check(value);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}

const DATE = /^(-?\d{4,})-(\d\d)-(\d\d)(Z|[+-]\d\d:\d\d)?$/;
const DATE_TIME = /^(-?\d{4,}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/;
/** What nearly every date and time looks like (all but 29 February): judged at once, where the complete check takes four steps. */
const USUAL =
  /^(?!0000)\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d)?$/;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const ZONE_MINUTES_MAX = 840;

function lexicalChecks(builtIn: BuiltIn): ValueCheck[] {
  if (builtIn === 'date') return [(value) => (isDate(String(value)) ? undefined : 'not a date')];
  if (builtIn === 'dateTime') return [(value) => (isDateTime(String(value)) ? undefined : 'not a date and time')];
  if (builtIn === 'positiveInteger') return [(value) => ((value as bigint) > 0n ? undefined : 'not positive')];
  if (builtIn === 'anyURI') return [(value) => (isUri(String(value)) ? undefined : 'not an address')];
  if (builtIn === 'language') return [(value) => (isLanguage(String(value)) ? undefined : 'not a language')];
  return [];
}

function isDate(text: string): boolean {
  const [, year, month = '', day = '', zone] = DATE.exec(text) ?? [];
  if (year === undefined || Number(year) === 0 || !isZone(zone)) return false;
  const days = DAYS[Number(month) - 1] ?? 0;
  const isShortFebruary = month === '02' && !isLeapYear(Number(year));
  return day !== '00' && Number(day) <= (isShortFebruary ? days - 1 : days);
}

const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

function isDateTime(text: string): boolean {
  if (USUAL.test(text)) return true;
  const [, date, hour = '', minute = '', second = '', fraction = '', zone] = DATE_TIME.exec(text) ?? [];
  if (date === undefined || !isDate(date) || !isZone(zone)) return false;
  if (hour === '24') return Number(minute + second) === 0 && /^\.?0*$/.test(fraction);
  return Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
}

function isZone(zone: string | undefined): boolean {
  if (zone === undefined || zone === 'Z') return true;
  const minutes = Number(zone.slice(4));
  return minutes < 60 && Number(zone.slice(1, 3)) * 60 + minutes <= ZONE_MINUTES_MAX;
}

function lengthChecks({ length, minLength = length, maxLength = length }: Facets): ValueCheck[] {
  const checks: ValueCheck[] = [];
  if (minLength !== undefined && minLength > 0) {
    checks.push((value) =>
      characters(String(value)) < minLength ? `shorter than ${minLength} characters` : undefined,
    );
  }
  if (maxLength !== undefined) {
    checks.push((value) => (characters(String(value)) > maxLength ? `longer than ${maxLength} characters` : undefined));
  }
  return checks;
}

/** XSD counts characters, JavaScript halves of those outside the basic plane. */
function characters(text: string): number {
  return /[\ud800-\udbff]/.test(text) ? [...text].length : text.length;
}

function formChecks({ pattern, enumeration }: Facets): ValueCheck[] {
  const checks: ValueCheck[] = [];
  if (pattern !== undefined) {
    const form = patternOf(pattern);
    checks.push((value) => (form.test(String(value)) ? undefined : 'not in the form of its type'));
  }
  if (enumeration !== undefined) {
    const words = new Set(enumeration);
    checks.push((value) => (words.has(String(value)) ? undefined : 'none of the words of its type'));
  }
  return checks;
}

/** The contract uses of XSD's expressions only what JavaScript has too, but XSD's digits are all of Unicode's. */
function patternOf(pattern: string): RegExp {
  const digits = pattern.replaceAll('\\d', '\\p{Nd}').replaceAll(/(?<!\\)\./g, '[^\\n\\r]');
  return new RegExp(`^(?:${digits})$`, 'u');
}

function rangeChecks({ minInclusive, maxInclusive, minExclusive, maxExclusive }: Facets): ValueCheck[] {
  if ([minInclusive, maxInclusive, minExclusive, maxExclusive].every((limit) => limit === undefined)) return [];
  const isBelow = (value: number) =>
    (minInclusive !== undefined && value < minInclusive) || (minExclusive !== undefined && value <= minExclusive);
  const isAbove = (value: number) =>
    (maxInclusive !== undefined && value > maxInclusive) || (maxExclusive !== undefined && value >= maxExclusive);
  return [(value) => (isBelow(Number(value)) || isAbove(Number(value)) ? 'out of range' : undefined)];
}
