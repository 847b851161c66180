/** A schema of the notation as XSD text. */
import type { Schema } from '../notation/schema.ts';
import type {
  Attribute,
  ComplexType,
  Field,
  GlobalElement,
  GroupParticle,
  Lazy,
  Particle,
  RecordType,
  SimpleType,
  Type,
  Wildcard,
} from '../notation/types.ts';
import { resolve } from '../notation/types.ts';
import { escapeAttribute } from '../xml/escape.ts';
import type { Locate } from './xsdFor.ts';

export const XSD_NAMESPACE = 'http://www.w3.org/2001/XMLSchema';

/** The document for one schema, with an import for every namespace that its types come from. */
export function writeSchema(schema: Schema, locate: Locate): string {
  const writer = new SchemaWriter(schema);
  const body = writer.body();
  const imports = [...writer.imported].sort((a, b) => (a.namespace < b.namespace ? -1 : 1));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    tag('xs:schema', {
      'xmlns:xs': XSD_NAMESPACE,
      ...Object.fromEntries([schema, ...imports].map(({ prefix, namespace }) => [`xmlns:${prefix}`, namespace])),
      targetNamespace: schema.namespace,
      elementFormDefault: schema.qualified ? 'qualified' : 'unqualified',
    }),
    ...imports.map((other) => empty('xs:import', { namespace: other.namespace, schemaLocation: locate(other) })),
    body,
    '</xs:schema>',
    '',
  ].join('\n');
}

type Attributes = Readonly<Record<string, string | undefined>>;

const FACET_NAMES = [
  'length',
  'minLength',
  'maxLength',
  'pattern',
  'minInclusive',
  'maxInclusive',
  'minExclusive',
  'maxExclusive',
] as const;

class SchemaWriter {
  readonly imported = new Set<Schema>();
  readonly #schema: Schema;

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  body(): string {
    const { types, elements } = this.#schema;
    return [
      ...types.map((type) => this.#typeDefinition(type, type.typeName?.name)),
      ...elements.map((e) => this.#global(e)),
    ].join('\n');
  }

  #global({ name, type }: GlobalElement): string {
    return this.#element({ name }, resolve(type));
  }

  #typeDefinition(type: Type, name: string | undefined): string {
    return type.kind === 'simple' ? this.#simpleType(type, name) : this.#complexType(type, name);
  }

  #simpleType({ builtIn, facets }: SimpleType, name?: string): string {
    const restrictions = [
      ...FACET_NAMES.map((facet) => [facet, facets[facet]] as const),
      ...(facets.enumeration ?? []).map((value) => ['enumeration', value] as const),
    ]
      .filter(([, value]) => value !== undefined)
      .map(([facet, value]) => empty(`xs:${facet}`, { value: String(value) }));
    return wrap(
      tag('xs:simpleType', { name }),
      [wrap(tag('xs:restriction', { base: `xs:${builtIn}` }), restrictions, 'xs:restriction')],
      'xs:simpleType',
    );
  }

  #complexType(type: ComplexType, name?: string): string {
    const mixed = type.kind === 'opaque' && type.mixed ? 'true' : undefined;
    const attributes = type.attributes.map((attribute) => this.#attribute(attribute));
    return wrap(tag('xs:complexType', { name, mixed }), this.#content(type, attributes), 'xs:complexType');
  }

  #content(type: ComplexType, attributes: string[]): string[] {
    if (type.kind === 'record') {
      const group = `xs:${type.group}`;
      return [
        wrap(
          `<${group}>`,
          fieldsOf(type).map((field) => this.#field(field)),
          group,
        ),
        ...attributes,
      ];
    }
    if (type.kind === 'opaque') {
      return type.particle === undefined ? attributes : [this.#particle(type.particle), ...attributes];
    }
    const extension = tag('xs:extension', { base: this.#typeReference(type.content) });
    return [wrap('<xs:simpleContent>', [wrap(extension, attributes, 'xs:extension')], 'xs:simpleContent')];
  }

  #field({ name, of, min, max }: Field): string {
    if (typeof of === 'object' && of.kind === 'wildcard') return wildcard(of, occurs(min, max));
    const target = resolve(of as Lazy<Type | GlobalElement>);
    return target.kind === 'element'
      ? empty('xs:element', { ref: this.#reference(target.schema, target.name), ...occurs(min, max) })
      : this.#element({ name, ...occurs(min, max) }, target);
  }

  #particle(particle: Particle): string {
    const limits = occurs(particle.min, particle.max);
    switch (particle.kind) {
      case 'any':
        return wildcard(particle.wildcard, limits);
      case 'local':
        return this.#element({ name: particle.name, ...limits }, resolve(particle.type));
      case 'ref': {
        const { schema, name } = particle.element();
        return empty('xs:element', { ref: this.#reference(schema, name), ...limits });
      }
      default:
        return this.#group(particle, limits);
    }
  }

  #group({ kind, items }: GroupParticle, limits: Attributes): string {
    return wrap(
      tag(`xs:${kind}`, limits),
      items.map((item) => this.#particle(item)),
      `xs:${kind}`,
    );
  }

  #element(attributes: Attributes, type: Type): string {
    const defaulted = { default: type.kind === 'simple' ? type.facets.defaultValue : undefined };
    const reference = this.#namedOrBuiltIn(type);
    if (reference !== undefined) return empty('xs:element', { ...attributes, type: reference, ...defaulted });
    return wrap(
      tag('xs:element', { ...attributes, ...defaulted }),
      [this.#typeDefinition(type, undefined)],
      'xs:element',
    );
  }

  #attribute({ name, type, required }: Attribute): string {
    const use = required ? 'required' : 'optional';
    return empty('xs:attribute', { name, type: this.#typeReference(resolve(type)), use });
  }

  #typeReference(type: SimpleType): string {
    const reference = this.#namedOrBuiltIn(type);
    if (reference === undefined) throw new Error('an attribute or text content needs a named or built-in type');
    return reference;
  }

  #namedOrBuiltIn(type: Type): string | undefined {
    if (type.typeName !== undefined) return this.#reference(type.typeName.schema, type.typeName.name);
    if (type.kind !== 'simple') return undefined;
    const { defaultValue: _, ...restrictions } = type.facets;
    return Object.keys(restrictions).length === 0 ? `xs:${type.builtIn}` : undefined;
  }

  #reference(schema: Schema, name: string): string {
    if (schema !== this.#schema) this.imported.add(schema);
    return `${schema.prefix}:${name}`;
  }
}

const occurs = (min: number, max: number): Attributes => ({
  minOccurs: min === 1 ? undefined : String(min),
  maxOccurs: max === 1 ? undefined : max === Number.POSITIVE_INFINITY ? 'unbounded' : String(max),
});

const isWildcard = ({ of }: Field): boolean => typeof of === 'object' && of.kind === 'wildcard';

/**
 * In a choice the order means nothing, but clients that try the alternatives one after another (Python's zeep) take a
 * wildcard for whatever stands after it: it is written last.
 */
const fieldsOf = ({ group, fields }: RecordType): readonly Field[] =>
  group === 'choice' ? [...fields].sort((a, b) => Number(isWildcard(a)) - Number(isWildcard(b))) : fields;

const wildcard = ({ namespace, processContents }: Wildcard, limits: Attributes): string =>
  empty('xs:any', { namespace, processContents, ...limits });

const attributesText = (attributes: Attributes): string =>
  Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeAttribute(value ?? '')}"`)
    .join('');

const tag = (name: string, attributes: Attributes): string => `<${name}${attributesText(attributes)}>`;
const empty = (name: string, attributes: Attributes): string => `<${name}${attributesText(attributes)}/>`;

const wrap = (open: string, children: readonly string[], name: string): string =>
  children.length === 0 ? `${open.slice(0, -1)}/>` : [open, ...children, `</${name}>`].join('\n');
