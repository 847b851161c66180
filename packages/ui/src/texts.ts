import type { Language } from './language.ts';

/** A text, or a function where something must be filled in: `(count: number) => …`. */
// biome-ignore lint/suspicious/noExplicitAny: only `any` accepts every parameter list; each key keeps its own exact one
export type TextEntry = string | ((...values: any[]) => string);
export type TextTable = Readonly<Record<string, TextEntry>>;

/** The same keys as the Swedish table, with the same parameters, in another language. */
export type Translated<Table extends TextTable> = {
  readonly [Key in keyof Table]: Table[Key] extends string ? string : Table[Key];
};

/**
 * Binds the two languages of a screen together; `texts(lang).key` is then typed.
 * A key missing in English does not compile; a key too many, or an empty text, throws here, at start.
 */
export function createTexts<const Table extends TextTable>(tables: {
  sv: Table;
  en: Translated<Table>;
}): (language: Language) => Translated<Table> {
  const faults = textFaults(tables.sv, tables.en as TextTable);
  if (faults.length > 0) throw new TypeError(`Texts differ between languages: ${faults.join(', ')}`);
  const swedish = tables.sv as Translated<Table>;
  return (language) => (language === 'en' ? tables.en : swedish);
}

function textFaults(sv: TextTable, en: TextTable): string[] {
  const keys = [...new Set([...Object.keys(sv), ...Object.keys(en)])];
  return keys.filter((key) => !isFilled(sv[key]) || typeof sv[key] !== typeof en[key] || !isFilled(en[key]));
}

function isFilled(entry: TextEntry | undefined): boolean {
  return typeof entry === 'function' || (typeof entry === 'string' && entry.trim() !== '');
}
