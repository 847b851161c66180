import type { AttributeSpecs, ChoiceValue, FieldSpecs, SequenceValue } from './record.ts';
import { toFields } from './record.ts';
import type {
  Attribute,
  ComplexType,
  GlobalElement,
  GroupParticle,
  Lazy,
  OpaqueType,
  RecordType,
  SimpleType,
  TextType,
  Type,
} from './types.ts';
import type { XmlFragment } from './XmlFragment.ts';

export interface SchemaOptions {
  readonly namespace: string;
  /** The name under which the generated XSD is served: `?xsd=fileName`. */
  readonly fileName: string;
  /** The prefix of the namespace in generated XSD and WSDL (those of FACTS b.1); never seen on the wire. */
  readonly prefix: string;
  /** False: local elements are in no namespace (the parameters of Authority, FACTS b.1). */
  readonly qualified?: boolean;
}

/**
 * One namespace of the contract. Everything that is named through it is remembered in order, for the XSD.
 * `record`, `choiceRecord` without a name make anonymous types.
 */
export class Schema {
  readonly namespace: string;
  readonly fileName: string;
  readonly prefix: string;
  readonly qualified: boolean;
  readonly types: (SimpleType | ComplexType)[] = [];
  readonly elements: GlobalElement[] = [];

  constructor(options: SchemaOptions) {
    this.namespace = options.namespace;
    this.fileName = options.fileName;
    this.prefix = options.prefix;
    this.qualified = options.qualified ?? true;
  }

  /** The namespace of elements that are declared inside this schema's types. */
  get localNamespace(): string {
    return this.qualified ? this.namespace : '';
  }

  /** A named simple type. */
  simple<V>(name: string, type: SimpleType<V>): SimpleType<V> {
    return this.#remember({ ...type, typeName: { schema: this, name } });
  }

  /** A named sequence of elements, with attributes if any. */
  type<const F extends FieldSpecs>(name: string, fields: F): RecordType<SequenceValue<F>>;
  type<const F extends FieldSpecs, const A extends AttributeSpecs>(
    name: string,
    fields: F,
    attributes: A,
  ): RecordType<SequenceValue<F & A>>;
  type(name: string, fields: FieldSpecs, attributes: AttributeSpecs = {}): RecordType {
    return this.#remember({ ...this.#record('sequence', fields, attributes), typeName: { schema: this, name } });
  }

  /** A named choice between elements. */
  choice<const F extends FieldSpecs>(name: string, fields: F): RecordType<ChoiceValue<F>> {
    return this.#remember({ ...this.#record<ChoiceValue<F>>('choice', fields, {}), typeName: { schema: this, name } });
  }

  /** An anonymous sequence, for use in one place. */
  record<const F extends FieldSpecs>(fields: F): RecordType<SequenceValue<F>> {
    return this.#record('sequence', fields, {});
  }

  /** Text with attributes: `{ content, …attributes }`. Anonymous unless named. */
  text<V, const A extends AttributeSpecs>(
    content: SimpleType<V>,
    attributes: A,
    name?: string,
  ): TextType<SequenceValue<{ content: SimpleType<V> } & A>> {
    const type = { kind: 'text', schema: this, content, attributes: toAttributes(attributes) } as const;
    return name === undefined ? type : this.#remember({ ...type, typeName: { schema: this, name } });
  }

  /** A named type whose values stay XML. */
  opaque(
    name: string,
    particle: GroupParticle | undefined,
    options: { mixed?: boolean; attributes?: AttributeSpecs } = {},
  ): OpaqueType<XmlFragment> {
    return this.#remember({
      kind: 'opaque',
      schema: this,
      mixed: options.mixed ?? false,
      attributes: toAttributes(options.attributes ?? {}),
      typeName: { schema: this, name },
      ...(particle === undefined ? {} : { particle }),
    });
  }

  /** A global element of a given type. */
  element<V>(name: string, type: Lazy<Type<V>>): GlobalElement<V> {
    const element: GlobalElement<V> = { kind: 'element', schema: this, name, type };
    this.elements.push(element);
    return element;
  }

  /** A global element with a sequence of its own: the shape of every operation's request and answer. */
  message<const F extends FieldSpecs>(name: string, fields: F): GlobalElement<SequenceValue<F>> {
    return this.element(name, this.record(fields));
  }

  #record<V>(group: 'sequence' | 'choice', fields: FieldSpecs, attributes: AttributeSpecs): RecordType<V> {
    return { kind: 'record', schema: this, group, fields: toFields(fields), attributes: toAttributes(attributes) };
  }

  #remember<T extends SimpleType | ComplexType>(type: T): T {
    this.types.push(type);
    return type;
  }
}

const toAttributes = (specs: AttributeSpecs): Attribute[] =>
  Object.entries(specs).map(([name, spec]) =>
    typeof spec === 'object' && spec.kind === 'occurring'
      ? { name, type: spec.of, required: false }
      : { name, type: spec, required: true },
  );
