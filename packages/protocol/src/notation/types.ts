/**
 * The schema notation's data model. The contract is described with these few shapes (see `contract/`); TypeScript
 * types, codecs, XSD and WSDL all come from the same description, so they cannot drift apart.
 *
 * `Typed<V>` carries the TypeScript type of a described value as a phantom: it exists for the compiler only.
 */
import type { Schema } from './schema.ts';

export interface Typed<V> {
  /** Never present at run time. */
  readonly valueType?: V;
}

/** The TypeScript type of the values that a described type or global element stands for. */
export type Infer<T> = T extends Typed<infer V> ? V : never;

/** The XSD built-in types that the contract uses. */
export type BuiltIn =
  | 'string'
  | 'normalizedString'
  | 'language'
  | 'anyURI'
  | 'ID'
  | 'boolean'
  | 'int'
  | 'integer'
  | 'positiveInteger'
  | 'base64Binary'
  | 'date'
  | 'dateTime';

/** Restrictions of a simple type, named as in XSD. Lengths count characters. */
export interface Facets {
  readonly length?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minInclusive?: number;
  readonly maxInclusive?: number;
  readonly minExclusive?: number;
  readonly maxExclusive?: number;
  readonly enumeration?: readonly string[];
  /** What an empty element stands for (XSD `default`). An element that is left out stays absent. */
  readonly defaultValue?: string;
}

export interface TypeName {
  readonly schema: Schema;
  readonly name: string;
}

export interface SimpleType<V = unknown> extends Typed<V> {
  readonly kind: 'simple';
  readonly builtIn: BuiltIn;
  readonly facets: Facets;
  readonly typeName?: TypeName;
}

/** A complex type whose values are plain objects: one property per child element or attribute. */
export interface RecordType<V = unknown> extends Typed<V> {
  readonly kind: 'record';
  readonly schema: Schema;
  readonly group: 'sequence' | 'choice';
  readonly fields: readonly Field[];
  readonly attributes: readonly Attribute[];
  readonly typeName?: TypeName;
}

/** Text with attributes: the value is `{ content, …attributes }`. */
export interface TextType<V = unknown> extends Typed<V> {
  readonly kind: 'text';
  readonly schema: Schema;
  readonly content: SimpleType;
  readonly attributes: readonly Attribute[];
  readonly typeName?: TypeName;
}

/**
 * A complex type that nothing reads field by field (the signature structures): its values are kept as XML text.
 * It is described in full all the same, so that the generated XSD judges like the official one.
 */
export interface OpaqueType<V = unknown> extends Typed<V> {
  readonly kind: 'opaque';
  readonly schema: Schema;
  readonly particle?: GroupParticle;
  readonly mixed: boolean;
  readonly attributes: readonly Attribute[];
  readonly typeName?: TypeName;
}

export type Type<V = unknown> = SimpleType<V> | RecordType<V> | TextType<V> | OpaqueType<V>;
export type ComplexType<V = unknown> = RecordType<V> | TextType<V> | OpaqueType<V>;

/** An element that may be the root of a document or the body of a SOAP message, or be referred to. */
export interface GlobalElement<V = unknown> extends Typed<V> {
  readonly kind: 'element';
  readonly schema: Schema;
  readonly name: string;
  readonly type: Lazy<Type<V>>;
}

/** Schemas refer to each other in circles, and so do their modules: a function is resolved at first use. */
export type Lazy<T> = T | (() => T);

export const resolve = <T extends object>(lazy: Lazy<T>): T => (typeof lazy === 'function' ? lazy() : lazy);

export interface Attribute {
  readonly name: string;
  readonly type: Lazy<SimpleType>;
  readonly required: boolean;
}

export interface Wildcard {
  readonly kind: 'wildcard';
  readonly namespace: '##any' | '##other';
  readonly processContents: 'lax' | 'strict';
}

/** One member of a record. `max` may be `Infinity`. */
export interface Field {
  readonly name: string;
  readonly of: Lazy<Type | GlobalElement> | Wildcard;
  readonly occurs: 'one' | 'optional' | 'many';
  readonly min: number;
  readonly max: number;
}

export interface ElementParticle {
  readonly kind: 'local';
  readonly name: string;
  readonly type: Lazy<Type>;
  readonly min: number;
  readonly max: number;
}

export interface RefParticle {
  readonly kind: 'ref';
  readonly element: () => GlobalElement;
  readonly min: number;
  readonly max: number;
}

export interface AnyParticle {
  readonly kind: 'any';
  readonly wildcard: Wildcard;
  readonly min: number;
  readonly max: number;
}

export interface GroupParticle {
  readonly kind: 'sequence' | 'choice';
  readonly items: readonly Particle[];
  readonly min: number;
  readonly max: number;
}

export type Particle = ElementParticle | RefParticle | AnyParticle | GroupParticle;
