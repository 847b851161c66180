import { characterFault } from '../intake/characters.ts';

/** What is wrong in a configuration, and where: keys and positions from the top, as `systems/2/lane`. */
export interface PathFault {
  readonly path: string;
  /** Swedish, for the person who wrote it. */
  readonly text: string;
}

export interface TextRule {
  readonly pattern?: RegExp;
  /** What a text that does not fit should be instead: "ska vara …". */
  readonly patternText?: string;
  readonly charsMax?: number;
  /** Lines too, where it is `text`. */
  readonly layout?: 'line' | 'text';
}

/**
 * Reads the fields of an object that a person wrote. A field that is wrong is noted and read as something harmless, so that all
 * faults are found at once; whoever reads asks for the faults before using anything. {@link end} notes fields that nobody read.
 */
export interface ObjectReader {
  readonly path: string;
  has(field: string): boolean;
  text(field: string, rule?: TextRule): string;
  optionalText(field: string, rule?: TextRule): string | undefined;
  texts(field: string, rule?: TextRule): string[];
  integer(field: string, limits: { min: number; max: number }): number;
  optionalInteger(field: string, limits: { min: number; max: number }): number | undefined;
  /** With at most one decimal. */
  number(field: string, limits: { min: number; max: number }): number;
  optionalNumber(field: string, limits: { min: number; max: number }): number | undefined;
  integers(field: string, limits: { min: number; max: number }): number[];
  flag(field: string, absent: boolean): boolean;
  choice<T extends string>(field: string, choices: readonly T[], absent?: T): T;
  object(field: string): ObjectReader;
  optionalObject(field: string): ObjectReader | undefined;
  objects(field: string): ObjectReader[];
  /** The field as it is written, judged by nobody. */
  written(field: string): unknown;
  /** Notes a fault of the field, or of the whole object when it is ''. */
  fault(field: string, text: string): void;
  end(): void;
}

const CHARS_MAX = 255;
const ITEMS_MAX = 10_000;

/** Reads `value`, which should be an object; its faults go to `faults`. */
export function readObject(value: unknown, path: string, faults: PathFault[]): ObjectReader {
  const fields = isObject(value) ? value : {};
  // What is no object has no fields either: that they are missing need not be told one by one.
  const isBroken = !isObject(value);
  if (isBroken) faults.push({ path, text: 'Här ska det stå fält med värden.' });
  const seen = new Set<string>();
  const at = (field: string) => (path === '' ? field : field === '' ? path : `${path}/${field}`);
  const note = (where: string, text: string) => {
    if (!isBroken) faults.push({ path: where, text });
  };
  const take = (field: string): unknown => {
    seen.add(field);
    return Object.hasOwn(fields, field) ? (fields[field] ?? undefined) : undefined;
  };
  const takeRequired = (field: string): unknown => {
    const found = take(field);
    if (found === undefined) note(at(field), 'Fältet måste fyllas i.');
    return found;
  };
  const takeList = (field: string): unknown[] => {
    const found = take(field);
    if (found === undefined) return [];
    if (Array.isArray(found) && found.length <= ITEMS_MAX) return found;
    note(at(field), Array.isArray(found) ? `Listan har fler än ${ITEMS_MAX} rader.` : 'Fältet ska vara en lista.');
    return [];
  };
  const judge = <T>(found: unknown, where: string, check: (value: unknown) => Checked<T>, harmless: T): T => {
    if (found === undefined) return harmless;
    const checked = check(found);
    if ('value' in checked) return checked.value;
    note(where, checked.text);
    return harmless;
  };
  const items = <T>(field: string, check: (value: unknown) => Checked<T>, harmless: T): T[] =>
    takeList(field).map((item, n) => judge(item ?? null, `${at(field)}/${n}`, check, harmless));
  const reader: ObjectReader = {
    path,
    has: (field) => take(field) !== undefined,
    text: (field, rule) => judge(takeRequired(field), at(field), checkText(rule), ''),
    optionalText: (field, rule) => judge<string | undefined>(take(field), at(field), checkText(rule), undefined),
    texts: (field, rule) => items(field, checkText(rule), ''),
    integer: (field, limits) => judge(takeRequired(field), at(field), checkInteger(limits), limits.min),
    optionalInteger: (field, limits) =>
      judge<number | undefined>(take(field), at(field), checkInteger(limits), undefined),
    number: (field, limits) => judge(takeRequired(field), at(field), checkNumber(limits), limits.min),
    optionalNumber: (field, limits) =>
      judge<number | undefined>(take(field), at(field), checkNumber(limits), undefined),
    integers: (field, limits) => items(field, checkInteger(limits), limits.min),
    flag: (field, absent) => judge(take(field), at(field), checkFlag, absent),
    choice<T extends string>(field: string, choices: readonly T[], absent?: T): T {
      const harmless = absent ?? (choices[0] as T);
      const found = absent === undefined ? takeRequired(field) : take(field);
      return judge(found, at(field), checkChoice(choices), harmless);
    },
    object: (field) => {
      const found = take(field);
      if (found === undefined) note(at(field), 'Fältet måste fyllas i.');
      // A missing object is told once, not field by field.
      return found === undefined ? readObject(found, at(field), []) : readObject(found, at(field), faults);
    },
    optionalObject: (field) => {
      const found = take(field);
      return found === undefined ? undefined : readObject(found, at(field), faults);
    },
    objects: (field) => takeList(field).map((item, n) => readObject(item, `${at(field)}/${n}`, faults)),
    written: take,
    fault: (field, text) => note(at(field), text),
    end: () => {
      for (const field of Object.keys(fields)) {
        if (!seen.has(field)) note(at(field), `Fältet finns inte. Här kan stå: ${[...seen].join(', ')}.`);
      }
    },
  };
  return reader;
}

type Checked<T> = { readonly value: T } | { readonly text: string };

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkText({ pattern, patternText, charsMax = CHARS_MAX, layout = 'line' }: TextRule = {}) {
  return (value: unknown): Checked<string> => {
    if (typeof value === 'number') return { text: 'Fältet ska vara text: skriv talet inom citattecken.' };
    if (typeof value !== 'string') return { text: 'Fältet ska vara text.' };
    if (value.trim() === '') return { text: 'Fältet är tomt.' };
    const unfit = characterFault(value, layout);
    if (unfit !== undefined) return { text: unfit };
    const chars = [...value].length;
    if (chars > charsMax) return { text: `Texten har ${chars} tecken; högst ${charsMax} får plats.` };
    if (pattern !== undefined && !pattern.test(value)) return { text: `Fältet ${patternText ?? 'har fel form'}.` };
    return { value };
  };
}

function checkInteger({ min, max }: { min: number; max: number }) {
  return (value: unknown): Checked<number> =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? { value }
      : { text: `Fältet ska vara ett heltal mellan ${min} och ${max}.` };
}

function checkNumber({ min, max }: { min: number; max: number }) {
  return (value: unknown): Checked<number> =>
    typeof value === 'number' && value >= min && value <= max && Number(value.toFixed(1)) === value
      ? { value }
      : { text: `Fältet ska vara ett tal mellan ${min} och ${max}, med högst en decimal.` };
}

function checkFlag(value: unknown): Checked<boolean> {
  return typeof value === 'boolean' ? { value } : { text: 'Fältet ska vara true eller false.' };
}

function checkChoice<T extends string>(choices: readonly T[]) {
  return (value: unknown): Checked<T> => {
    const found = choices.find((choice) => choice === value);
    return found === undefined ? { text: `Fältet ska vara ett av: ${choices.join(', ')}.` } : { value: found };
  };
}
