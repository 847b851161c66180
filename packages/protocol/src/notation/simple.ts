import type { BuiltIn, Facets, SimpleType } from './types.ts';

/** `xs:string`, restricted by `facets`. */
export const string = (facets: Facets = {}): SimpleType<string> => builtIn('string', facets);

/** `xs:normalizedString`: tabs and line breaks are read as spaces. */
export const normalizedString = (facets: Facets = {}): SimpleType<string> => builtIn('normalizedString', facets);

/** A string that is one of `values`; `base` only decides how white space is read. */
export const oneOf = <const T extends readonly string[]>(
  values: T,
  base: 'string' | 'normalizedString' = 'string',
): SimpleType<T[number]> => builtIn(base, { enumeration: values });

export const anyURI = (facets: Facets = {}): SimpleType<string> => builtIn('anyURI', facets);
export const language = (): SimpleType<string> => builtIn('language');
export const id = (): SimpleType<string> => builtIn('ID');
export const boolean = (): SimpleType<boolean> => builtIn('boolean');

/** 32 bits: a JavaScript number. */
export const int = (facets: Facets = {}): SimpleType<number> => builtIn('int', facets);

/** Unlimited size: a bigint. */
export const integer = (): SimpleType<bigint> => builtIn('integer');
export const positiveInteger = (): SimpleType<bigint> => builtIn('positiveInteger');

/** Bytes. Reading checks the alphabet and the padding itself, because libxml2 does not (tech.md 5). */
export const base64Binary = (): SimpleType<Buffer> => builtIn('base64Binary');

/** A calendar date as text, with or without a time zone (FACTS e.1: `2023-10-11+02:00`). */
export const date = (): SimpleType<string> => builtIn('date');
export const dateTime = (): SimpleType<string> => builtIn('dateTime');

const builtIn = <V>(name: BuiltIn, facets: Facets = {}): SimpleType<V> => ({ kind: 'simple', builtIn: name, facets });
