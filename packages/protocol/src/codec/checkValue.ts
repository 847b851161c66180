/**
 * The schema's restrictions (length, pattern, words, range) on values that are about to be written. Together with the
 * encoder, which checks presence, number and kind, it says the same as the schema's judge would of the written document
 * (a differential test holds it to that), at a tenth of the cost: nothing is parsed again.
 */
import type { Field, GlobalElement, Lazy, RecordType, SimpleType, Type } from '../notation/types.ts';
import { resolve } from '../notation/types.ts';
import { XmlFragment } from '../notation/XmlFragment.ts';
import { EncodeFault } from './EncodeFault.ts';
import type { Encodable } from './encode.ts';
import { valueCheck } from './facets.ts';
import { isUnchangeable } from './flatRecord.ts';
import { ValueFault } from './ValueFault.ts';

/**
 * Checks a value of a global element. XML fragments in it are taken as they are.
 *
 * @throws EncodeFault with the path of the first fault; no value is quoted
 */
export function checkGlobalElement<V>(element: GlobalElement<V>, value: Encodable<V>): void {
  named(element.name, () => checker(resolve(element.type))(value));
}

type Checker = (value: unknown) => void;

const checkers = new WeakMap<Type, Checker>();
const NOTHING: Checker = () => undefined;

function checker(type: Type): Checker {
  const known = checkers.get(type);
  if (known !== undefined) return known;
  const made = makeChecker(type);
  checkers.set(type, made);
  return made;
}

function makeChecker(type: Type): Checker {
  switch (type.kind) {
    case 'simple':
      return simpleChecker(type);
    case 'opaque':
      return NOTHING;
    case 'text': {
      const content = simpleChecker(type.content);
      return (value) => content((value as { content?: unknown }).content);
    }
    case 'record':
      return recordChecker(type);
  }
}

function simpleChecker(type: SimpleType): Checker {
  const check = valueCheck(type);
  if (check === undefined) return NOTHING;
  return (value) => {
    const fault = value === undefined ? undefined : check(value);
    if (fault !== undefined) throw new ValueFault(fault);
  };
}

function recordChecker(type: RecordType): Checker {
  let members: { name: string; check: Checker }[] | undefined;
  const good = new WeakSet<object>();
  return (value) => {
    if (value instanceof XmlFragment || typeof value !== 'object' || value === null || good.has(value)) return;
    members ??= type.fields
      .map((field) => ({ name: field.name, check: fieldChecker(field) }))
      .filter(({ check }) => check !== NOTHING);
    for (const { name, check } of members) checkMember(name, check, (value as Readonly<Record<string, unknown>>)[name]);
    if (isUnchangeable(type, value)) good.add(value);
  };
}

function checkMember(name: string, check: Checker, member: unknown): void {
  if (member === undefined) return;
  try {
    if (!Array.isArray(member)) check(member);
    else for (const one of member) check(one);
  } catch (error) {
    throw EncodeFault.at(name, error);
  }
}

function fieldChecker({ of }: Field): Checker {
  if (typeof of === 'object' && of.kind === 'wildcard') return NOTHING;
  const target = resolve(of as Lazy<Type | GlobalElement>);
  return checker(target.kind === 'element' ? resolve(target.type) : target);
}

function named(name: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw EncodeFault.at(name, error);
  }
}
