import { appError } from '@brevduva/base';
import { parseOrganizationNumber, parseRecipientId } from '@brevduva/protocol';
import { ERRORS } from '../errors.ts';
import type { StagedAccount } from '../sql/accountLoad.ts';
import { ACCOUNT_COLUMNS, type AccountColumn, REJECT_COLUMNS } from './accountColumns.ts';

/** What is wrong with a line; never the value itself, which may be a personal number. */
export type LineFault = 'columns' | AccountColumn;

export const LINE_FAULT_TEXTS: Readonly<Record<LineFault, string>> = {
  columns: 'raden har inte lika många fält som rubrikraden',
  recipientId: 'recipientId är inte ett personnummer, samordningsnummer eller organisationsnummer',
  operator: 'operator är varken organisationsnummer eller domän för en ansluten operatör',
  type: 'type är inte Secure, Anonymous eller Not',
  pending: 'pending är varken true eller false',
  registeredAt: 'registeredAt är ingen tidpunkt med tidszon, eller ligger i framtiden',
};

/** `fields` of a refused line in the order of ACCOUNT_COLUMNS; the whole line as the first, where it cannot be divided. */
export type ParsedLine =
  | { ok: true; account: StagedAccount }
  | { ok: false; faults: readonly LineFault[]; fields: readonly string[] };

export interface LineParserOptions {
  /** Id by organisation number (twelve digits) and by domain. */
  operators: ReadonlyMap<string, number>;
  now: Date;
}

const TYPES: ReadonlyMap<string, StagedAccount['accountType']> = new Map([
  ['', 'S'],
  ['Secure', 'S'],
  ['Anonymous', 'A'],
  ['Not', 'N'],
]);
const WORDS: ReadonlyMap<string, boolean> = new Map([
  ['', false],
  ['false', false],
  ['0', false],
  ['true', true],
  ['1', true],
]);
const MANDATORY: readonly AccountColumn[] = ['recipientId', 'operator', 'registeredAt'];
const MOMENT = /^(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;
const YEAR_MIN = 1900;
const DAYS_KEPT_MAX = 50_000;

/**
 * Reads the header, and gives what reads a line under it.
 *
 * @throws AppError FAR_ACCOUNT_FILE_HEADER
 */
export function createLineParser(header: string, options: LineParserOptions): (line: string) => ParsedLine {
  const delimiter = header.includes(';') ? ';' : ',';
  const columns = fieldsOf(header, delimiter).map((name) => name.trim());
  refuseHeader(columns);
  const place = (column: AccountColumn) => columns.indexOf(column);
  const places = { id: place('recipientId'), operator: place('operator'), type: place('type') };
  const others = { pending: place('pending'), registeredAt: place('registeredAt') };
  const isMoment = createMomentCheck(options.now);
  return (line) => {
    const fields = fieldsOf(line, delimiter);
    if (fields.length !== columns.length) return { ok: false, faults: ['columns'], fields: [line, '', '', '', ''] };
    const id = parseRecipientId(fields[places.id] ?? '');
    const operatorId = operatorOf(fields[places.operator] ?? '', options.operators);
    const accountType = TYPES.get(fields[places.type] ?? '');
    const pending = WORDS.get(fields[others.pending] ?? '');
    const registeredAt = fields[others.registeredAt] ?? '';
    const hasMoment = isMoment(registeredAt);
    if (id.ok && operatorId !== undefined && accountType !== undefined && pending !== undefined && hasMoment) {
      return { ok: true, account: { recipientId: id.id, registeredAt, operatorId, accountType, pending } };
    }
    const faults: Record<AccountColumn, boolean> = {
      recipientId: !id.ok,
      operator: operatorId === undefined,
      type: accountType === undefined,
      pending: pending === undefined,
      registeredAt: !hasMoment,
    };
    return {
      ok: false,
      faults: ACCOUNT_COLUMNS.filter((column) => faults[column]),
      fields: ACCOUNT_COLUMNS.map((column) => fields[place(column)] ?? ''),
    };
  };
}

function refuseHeader(columns: readonly string[]): void {
  const known: readonly string[] = [...ACCOUNT_COLUMNS, ...REJECT_COLUMNS];
  const isRight =
    MANDATORY.every((column) => columns.includes(column)) &&
    columns.every((column) => known.includes(column)) &&
    new Set(columns).size === columns.length;
  if (!isRight) throw appError(ERRORS, 'FAR_ACCOUNT_FILE_HEADER', { values: { columns: ACCOUNT_COLUMNS.join(', ') } });
}

/** Fields may stand in quotation marks, a quotation mark in them written twice; no field goes on over the line's end. */
function fieldsOf(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter);
  const fields: string[] = [];
  let at = 0;
  while (at <= line.length) {
    const isQuoted = line[at] === '"';
    const end = isQuoted ? closingQuote(line, at + 1) : line.indexOf(delimiter, at);
    const stop = end < 0 ? line.length : end;
    fields.push(isQuoted ? line.slice(at + 1, stop).replaceAll('""', '"') : line.slice(at, stop));
    // what stands between a closing quotation mark and the delimiter makes a field too many
    at = stop + (isQuoted && line[stop + 1] !== undefined ? 2 : 1);
    if (isQuoted && line[stop + 1] === undefined) break;
  }
  return fields;
}

function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 2)) {
    if (line[at + 1] !== '"') return at;
  }
  return -1;
}

/** Null for an account without operator; undefined for one that is not connected. */
function operatorOf(text: string, operators: ReadonlyMap<string, number>): number | null | undefined {
  if (text === '') return null;
  const known = operators.get(text);
  if (known !== undefined) return known;
  const number = parseOrganizationNumber(text);
  return operators.get(number.ok ? number.id : text.trim().toLowerCase());
}

/** Whether a text is a moment that PostgreSQL reads alike, not before 1900 and not after now. Days are judged once each. */
function createMomentCheck(now: Date): (text: string) => boolean {
  const days = new Map<string, boolean>();
  const isDay = (day: string): boolean => {
    const known = days.get(day);
    if (known !== undefined) return known;
    const ms = Date.parse(`${day}T00:00:00Z`);
    // 31 February would become 3 March
    const found =
      !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day) && Number(day.slice(0, 4)) >= YEAR_MIN;
    if (days.size < DAYS_KEPT_MAX) days.set(day, found);
    return found;
  };
  return (text) => {
    const day = MOMENT.exec(text)?.[1];
    return day !== undefined && isDay(day) && Date.parse(text) <= now.getTime();
  };
}
