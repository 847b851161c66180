/** The contract's types as one kind of thing: what may stand in an element, record or opaque alike. */
import { invoiceSchema } from '../src/index.ts';
import type {
  Attribute,
  Field,
  GlobalElement,
  Lazy,
  Particle,
  RecordType,
  SimpleType,
  Type,
  Wildcard,
} from '../src/notation/types.ts';
import { resolve } from '../src/notation/types.ts';

export interface ElementItem {
  readonly kind: 'element';
  readonly namespace: string;
  readonly name: string;
  readonly type: Type;
  readonly min: number;
  readonly max: number;
}

export interface AnyItem {
  readonly kind: 'any';
  readonly wildcard: Wildcard;
  /** Of another namespace, and declared: where content is not lax nothing else may stand. */
  readonly known: ElementItem;
  readonly min: number;
  readonly max: number;
}

export interface GroupItem {
  readonly kind: 'sequence' | 'choice';
  readonly items: readonly Item[];
  readonly min: number;
  readonly max: number;
}

export type Item = ElementItem | AnyItem | GroupItem;

export interface Model {
  /** The namespace of the schema that declares the type. */
  readonly namespace: string;
  readonly group: GroupItem | undefined;
  readonly text: SimpleType | undefined;
  readonly mixed: boolean;
  readonly attributes: readonly Attribute[];
}

const models = new Map<Type, Model>();

/** The same object for the same type: items are told apart by identity. */
export function modelOf(type: Type): Model {
  const known = models.get(type);
  if (known !== undefined) return known;
  const made = makeModel(type);
  models.set(type, made);
  return made;
}

export const rootItem = (element: GlobalElement): ElementItem => ({
  kind: 'element',
  namespace: element.schema.namespace,
  name: element.name,
  type: resolve(element.type),
  min: 1,
  max: 1,
});

/** An item and all that stand in it in groups, not what stands in elements. */
export const itemsIn = (item: Item): Item[] =>
  item.kind === 'sequence' || item.kind === 'choice' ? [item, ...item.items.flatMap(itemsIn)] : [item];

/** Names of the element and wildcard items of a type; the second of a name is `name#2`. */
export function labelsOf(group: GroupItem): Map<Item, string> {
  const counts = new Map<string, number>();
  const labels = new Map<Item, string>();
  for (const item of itemsIn(group)) {
    if (item.kind !== 'element' && item.kind !== 'any') continue;
    const name = item.kind === 'element' ? item.name : '*';
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    labels.set(item, count === 1 ? name : `${name}#${count}`);
  }
  return labels;
}

function makeModel(type: Type): Model {
  const nothing = { group: undefined, text: undefined, mixed: false, attributes: [] };
  switch (type.kind) {
    case 'simple':
      return { ...nothing, namespace: '', text: type };
    case 'text':
      return { ...nothing, namespace: type.schema.namespace, text: type.content, attributes: type.attributes };
    case 'record':
      return { ...nothing, namespace: type.schema.namespace, group: recordGroup(type), attributes: type.attributes };
    case 'opaque': {
      const { schema, particle, mixed, attributes } = type;
      const group = particle && (particleItem(particle, schema.localNamespace) as GroupItem);
      return { ...nothing, namespace: schema.namespace, group, mixed, attributes };
    }
  }
}

const recordGroup = (type: RecordType): GroupItem => ({
  kind: type.group,
  items: type.fields.map((field) => fieldItem(field, type)),
  min: 1,
  max: 1,
});

function fieldItem({ name, of, min, max }: Field, { schema }: RecordType): Item {
  if (typeof of === 'object' && of.kind === 'wildcard') return anyItem(of, min, max);
  const target = resolve(of as Lazy<Type | GlobalElement>);
  if (target.kind === 'element') return { ...rootItem(target), min, max };
  return { kind: 'element', namespace: schema.localNamespace, name, type: target, min, max };
}

function particleItem(particle: Particle, namespace: string): Item {
  const { min, max } = particle;
  switch (particle.kind) {
    case 'any':
      return anyItem(particle.wildcard, min, max);
    case 'ref':
      return { ...rootItem(particle.element()), min, max };
    case 'local':
      return { kind: 'element', namespace, name: particle.name, type: resolve(particle.type), min, max };
    default:
      return { kind: particle.kind, items: particle.items.map((item) => particleItem(item, namespace)), min, max };
  }
}

const anyItem = (wildcard: Wildcard, min: number, max: number): AnyItem => ({
  kind: 'any',
  wildcard,
  known: rootItem(invoiceSchema.Invoice),
  min,
  max,
});
