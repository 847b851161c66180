import { type Field, type Lazy, type RecordType, resolve, type Type } from '../notation/types.ts';

/**
 * Whether a value of the type can never change: a frozen object whose members are all texts, numbers and booleans. What is
 * found out about it once is true for good; the supplier in a thousand answers is one such object.
 */
export function isUnchangeable(type: RecordType, value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.isFrozen(value) && isFlat(type);
}

const flat = new WeakMap<RecordType, boolean>();

function isFlat(type: RecordType): boolean {
  const known = flat.get(type);
  if (known !== undefined) return known;
  const found = type.attributes.length === 0 && type.fields.every(isSingleText);
  flat.set(type, found);
  return found;
}

function isSingleText({ of, occurs }: Field): boolean {
  if (occurs === 'many' || (typeof of === 'object' && of.kind === 'wildcard')) return false;
  const target = resolve(of as Lazy<Type>);
  // bytes can be written over in the frozen object that holds them
  return target.kind === 'simple' && target.builtIn !== 'base64Binary';
}
