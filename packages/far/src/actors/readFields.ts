import { appError, type Fault } from '@brevduva/base';
import { parseOrganizationNumber, parseRecipientId, swedishDate } from '@brevduva/protocol';
import { ERRORS } from '../errors.ts';

const TEXT_LENGTH_MAX = 256;
export const REASON_LENGTH_MIN = 5;
export const REASON_LENGTH_MAX = 2000;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const DOMAIN = /^[a-z0-9][a-z0-9.-]*\.[a-z]{2,}$/;
const ISO_DAY = /^\d{4}-\d\d-\d\d$/;
/** Anything that is written like a personal number, with or without century. */
const PERSONAL_NUMBER_LIKE = /(?<!\d)(\d{6}|\d{8})[-+ ]?(\d{4})(?!\d)/g;

type FieldFaultCode = Extract<keyof typeof ERRORS, `FAR_FIELD_${string}`>;

/** What a form holds, read field by field; every fault is collected with the field's name as its path. */
export class FieldReader {
  readonly #faults: Fault[] = [];

  fault(path: string, code: FieldFaultCode, values: Readonly<Record<string, string | number>> = {}): void {
    this.#faults.push({ code, path, text: appError(ERRORS, code, { values }).publicText });
  }

  /** One line that must not be empty. It may end up in the audit trail, so no personal number may stand in it. */
  text(path: string, given: string, { min = 1, max = TEXT_LENGTH_MAX }: { min?: number; max?: number } = {}): string {
    const text = given.trim();
    if (text === '') this.fault(path, 'FAR_FIELD_REQUIRED');
    else if (text.length < min) this.fault(path, 'FAR_FIELD_SHORT', { min });
    if (text.length > max) this.fault(path, 'FAR_FIELD_LONG', { max });
    if (namesPerson(text)) this.fault(path, 'FAR_FIELD_PERSON');
    return text;
  }

  reason(path: string, given: string): string {
    return this.text(path, given, { min: REASON_LENGTH_MIN, max: REASON_LENGTH_MAX });
  }

  /** A legal person: the number of a sole trader is a personal number, and no such one can be connected. */
  organization(path: string, given: string): string {
    const parsed = parseOrganizationNumber(given);
    if (!parsed.ok) {
      this.fault(path, 'FAR_FIELD_ORGANIZATION');
      return '';
    }
    if (LEGAL_PERSON.test(parsed.id)) return parsed.id;
    this.fault(path, 'FAR_FIELD_LEGAL_PERSON');
    return '';
  }

  email(path: string, given: string): string {
    const text = this.text(path, given);
    if (text !== '' && !EMAIL.test(text)) this.fault(path, 'FAR_FIELD_EMAIL');
    return text;
  }

  /** Twelve digits, or null where nothing was written. */
  personalNumber(path: string, given: string): string | null {
    if (given.trim() === '') return null;
    const parsed = parseRecipientId(given);
    if (parsed.ok && parsed.kind !== 'organization') return parsed.id;
    this.fault(path, 'FAR_FIELD_PERSONAL_NUMBER');
    return null;
  }

  /** A day that has come, yyyy-mm-dd. */
  day(path: string, given: string, now: Date): string {
    const text = given.trim();
    if (!isDay(text)) this.fault(path, 'FAR_FIELD_DAY');
    else if (text > isoDay(now)) this.fault(path, 'FAR_FIELD_DAY_FUTURE');
    return text;
  }

  domain(path: string, given: string): string {
    const text = given.trim().toLowerCase();
    if (!DOMAIN.test(text)) this.fault(path, 'FAR_FIELD_DOMAIN');
    return text;
  }

  address(path: string, given: string, protocols: readonly string[]): string {
    const text = given.trim();
    if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) {
      this.fault(path, 'FAR_FIELD_ADDRESS', { protocols: protocols.map((each) => `${each}//`).join(' eller ') });
    }
    return text;
  }

  /** @throws AppError FAR_ACTOR_INVALID with every fault that was found */
  refuse(): void {
    if (this.#faults.length > 0) throw appError(ERRORS, 'FAR_ACTOR_INVALID', { faults: this.#faults });
  }
}

/** The third digit of a legal person's number is 2 or more. */
const LEGAL_PERSON = /^16\d\d[2-9]\d{7}$/;

/** Whether a personal or coordination number stands in the text. */
export function namesPerson(text: string): boolean {
  return [...text.matchAll(PERSONAL_NUMBER_LIKE)].some(([, day = '', last = '']) => {
    const written = day.length === 8 ? [`${day}${last}`] : [`19${day}${last}`, `20${day}${last}`];
    return written.some((number) => {
      const parsed = parseRecipientId(number);
      return parsed.ok && parsed.kind !== 'organization';
    });
  });
}

function isDay(text: string): boolean {
  const instant = new Date(`${text}T00:00:00Z`);
  return ISO_DAY.test(text) && !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

function isoDay(now: Date): string {
  const { year, month, day } = swedishDate(now);
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
