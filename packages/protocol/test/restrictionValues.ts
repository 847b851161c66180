/** Texts that break one restriction of a simple type. */
import type { BuiltIn, Facets, SimpleType } from '../src/notation/types.ts';
import { textMatching } from './differentialPattern.ts';
import { Random } from './differentialRandom.ts';
import { rightText } from './restrictionDocument.ts';

/** By restriction: `type:date`, `maxLength`, `pattern` … Every restriction of the type is there. */
export function wrongTexts(type: SimpleType): Map<string, string[]> {
  const { builtIn, facets } = type;
  const wrong = new Map<string, string[]>();
  const lexical = NOT_OF_TYPE[builtIn];
  if (lexical !== undefined) wrong.set(`type:${builtIn}`, lexical);
  for (const [name, make] of Object.entries(BREAKERS)) {
    if (facets[name as keyof Facets] !== undefined) wrong.set(name, make(type));
  }
  return wrong;
}

/** Every text is an `xs:string`. libxml2 passes over what is not of base64's alphabet (tech.md 5), so the sum is wrong here. */
const NOT_OF_TYPE: Readonly<Partial<Record<BuiltIn, string[]>>> = {
  anyURI: ['http://[', '%'],
  language: ['sv_SE', '', 'svenskaspråket'],
  ID: ['1 no name', ''],
  boolean: ['ja', 'TRUE', '', '2'],
  int: ['x', '', '1.5', '2147483648'],
  integer: ['x', '', '1.5'],
  positiveInteger: ['0', '-1', '', 'x'],
  base64Binary: ['AAA', 'AB=='],
  date: ['2026-02-30', '2026-13-01', '26-01-15', '2026-01-15+15:00', '', '2026-01-15T10:00:00'],
  dateTime: ['2026-01-15', '2026-01-15 10:00:00', '2026-01-15T25:00:00', ''],
};

const BREAKERS: Readonly<Record<string, (type: SimpleType) => string[]>> = {
  length: ({ facets }) => [ofLength(facets, (facets.length ?? 0) - 1), ofLength(facets, (facets.length ?? 0) + 1)],
  minLength: ({ facets }) => [ofLength(facets, (facets.minLength ?? 0) - 1)],
  maxLength: ({ facets }) => [ofLength(facets, (facets.maxLength ?? 0) + 1)],
  pattern: notInForm,
  enumeration: ({ facets }) => {
    const [word = ''] = facets.enumeration ?? [];
    return ['', 'Fel', word.toLowerCase(), word.toUpperCase(), `${word} `].filter(
      (text) => !facets.enumeration?.includes(text),
    );
  },
  minExclusive: ({ facets }) => [String(facets.minExclusive), String((facets.minExclusive ?? 0) - 1)],
  maxExclusive: ({ facets }) => [String(facets.maxExclusive), String((facets.maxExclusive ?? 0) + 1)],
};

const compiled = ({ pattern }: Facets): RegExp => new RegExp(`^(?:${pattern ?? '.*'})$`, 'u');

/** In the type's form if a text of that length can be. */
function ofLength(facets: Facets, length: number): string {
  const form = compiled(facets);
  const random = new Random(1);
  const candidates = Array.from({ length: 200 }, () => {
    const text = facets.pattern === undefined ? 'x'.repeat(length) : textMatching(facets.pattern, random);
    return text.length < length ? text.padEnd(length, 'x') : text.slice(0, length);
  });
  return candidates.find((text) => form.test(text)) ?? candidates[0] ?? '';
}

/** What people get wrong with numbers and addresses, of a length that is allowed. */
function notInForm(type: SimpleType): string[] {
  const { facets } = type;
  const right = rightText(type);
  const tries = [
    right.slice(1),
    `${right}0`,
    `9${right.slice(1)}`,
    `${right.slice(0, 6)}-${right.slice(6)}`,
    ` ${right}`,
    'X'.repeat(Math.max(12, facets.minLength ?? 0)),
    '',
  ];
  const { min, max } = {
    min: facets.length ?? facets.minLength ?? 0,
    max: facets.length ?? facets.maxLength ?? Number.POSITIVE_INFINITY,
  };
  const wrong = tries.filter((text) => !compiled(facets).test(text) && text.length >= min && text.length <= max);
  if (wrong.length === 0) throw new Error(`no text breaks the form ${facets.pattern}`);
  return wrong;
}
