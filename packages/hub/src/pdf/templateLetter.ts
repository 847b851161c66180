import type { LetterSender } from './letter.ts';

/** A letter that an organisation's own Typst document makes. The source is its; everything else is data. */
export interface TemplateLetter {
  readonly source: string;
  readonly subject: string;
  readonly sender: LetterSender;
  /** "sv", "sv-SE" or the contract's "svSE". */
  readonly language: string;
  /** Calendar date of the letter, "YYYY-MM-DD". The same letter with the same date gives the same bytes. */
  readonly date: string;
  readonly reference?: string;
  readonly recipient?: { readonly name: string; readonly lines: readonly string[] };
  /** By placeholder key. */
  readonly values: Readonly<Record<string, string>>;
  /** A value that is missing stands as its name: for trying a template before there are recipients. */
  readonly isTrial?: boolean;
}

export interface TypesetDocument {
  readonly pdf: Buffer;
  readonly pages: number;
}

/** A page of text takes a tenth; a template is source that people write, and lies in the configuration. */
export const DOCUMENT_CHARS_MAX = 100_000;
/** More than the contract's whole message would hold of text. */
export const DOCUMENT_PAGES_MAX = 50;

/** When a template is tried for nobody in particular, so that the same template always makes the same pages. */
export const ANY_DAY = '2026-01-01';

/** Names in `value("…")`, as they are written; what a template asks for by other means, it does not get. */
export function documentNames(source: string): { name: string; isOptional: boolean }[] {
  const names = new Map<string, { name: string; isOptional: boolean }>();
  for (const [, name = '', more] of withoutComments(source).matchAll(VALUE_CALL)) {
    const isOptional = more === ',' && names.get(name)?.isOptional !== false;
    names.set(name, { name, isOptional });
  }
  return [...names.values()];
}

const VALUE_CALL = /\bvalue\(\s*"([^"\\\n]+)"\s*([,)])/g;

/** Addresses in text hold `//` too, but no call. */
function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:])\/\/[^\n]*/g, '$1');
}
