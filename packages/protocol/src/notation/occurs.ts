import type { GlobalElement, Lazy, Type, Wildcard } from './types.ts';

/** What a field may hold: a type, a global element (a reference to it), or a function that gives one of them. */
export type Source = Lazy<Type | GlobalElement>;

export interface Occurring<S extends Source | Wildcard, O extends 'optional' | 'many' | 'wild'> {
  readonly kind: 'occurring';
  readonly of: S;
  readonly occurs: O;
  readonly min: number;
  readonly max: number;
}

/** The element may be left out; the property is then absent. */
export const optional = <S extends Source>(of: S): Occurring<S, 'optional'> => ({
  kind: 'occurring',
  of,
  occurs: 'optional',
  min: 0,
  max: 1,
});

/** The element is repeated; the property is always an array. Default 0 to unbounded. */
export const many = <S extends Source>(of: S, limits: { min?: number; max?: number } = {}): Occurring<S, 'many'> => ({
  kind: 'occurring',
  of,
  occurs: 'many',
  min: limits.min ?? 0,
  max: limits.max ?? Number.POSITIVE_INFINITY,
});

/** Any number of elements from other namespaces, checked only if their schema is known. */
export const anyOther = (): Occurring<Wildcard, 'wild'> => ({
  kind: 'occurring',
  of: { kind: 'wildcard', namespace: '##other', processContents: 'lax' },
  occurs: 'wild',
  min: 0,
  max: Number.POSITIVE_INFINITY,
});
