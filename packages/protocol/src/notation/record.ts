/** From a notation literal to the TypeScript type of its values. */
import type { Occurring, Source } from './occurs.ts';
import type { Field, Infer, SimpleType, Wildcard } from './types.ts';
import type { XmlFragment } from './XmlFragment.ts';

export type FieldSpec = Source | Occurring<Source, 'optional' | 'many'> | Occurring<Wildcard, 'wild'>;
export type FieldSpecs = Readonly<Record<string, FieldSpec>>;
export type AttributeSpec = SimpleType | (() => SimpleType) | Occurring<SimpleType | (() => SimpleType), 'optional'>;
export type AttributeSpecs = Readonly<Record<string, AttributeSpec>>;

type SourceValue<S> = S extends () => infer T ? Infer<T> : Infer<S>;

type SpecValue<F> =
  F extends Occurring<infer S, infer O>
    ? O extends 'many'
      ? SourceValue<S>[]
      : O extends 'wild'
        ? XmlFragment[]
        : SourceValue<S>
    : SourceValue<F>;

type LeftOut<F> = F extends { readonly occurs: 'optional' | 'wild' } ? true : false;
type Flat<T> = { [K in keyof T]: T[K] };

/** `optional` becomes an optional property, `many` an array, a wildcard an optional array of fragments. */
export type SequenceValue<F> = Flat<
  { -readonly [K in keyof F as LeftOut<F[K]> extends true ? never : K]: SpecValue<F[K]> } & {
    -readonly [K in keyof F as LeftOut<F[K]> extends true ? K : never]?: SpecValue<F[K]>;
  }
>;

/** Exactly one of the properties is to be set. */
export type ChoiceValue<F> = Flat<{ -readonly [K in keyof F]?: SpecValue<F[K]> }>;

/** The members of a record in the order in which they were written. */
export const toFields = (specs: FieldSpecs): Field[] =>
  Object.entries(specs).map(([name, spec]) => toField(name, spec));

const toField = (name: string, spec: FieldSpec): Field => {
  if (typeof spec === 'object' && spec.kind === 'occurring') {
    const { of, min, max } = spec;
    return { name, of, min, max, occurs: spec.occurs === 'optional' ? 'optional' : 'many' };
  }
  return { name, of: spec, occurs: 'one', min: 1, max: 1 };
};
