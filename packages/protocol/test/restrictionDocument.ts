/** Documents with everything that the contract allows in them, and, at one place, just what a case wants. */
import type { SimpleType } from '../src/notation/types.ts';
import { resolve } from '../src/notation/types.ts';
import { DocumentMaker, type Tree } from './differentialDocument.ts';
import { Random } from './differentialRandom.ts';
import { type AnyItem, type ElementItem, type GroupItem, type Item, itemsIn, modelOf } from './restrictionModel.ts';

/** What stands in the element at the end of the path. */
export interface Content {
  /** Items that must be there: they decide which alternative a choice takes. */
  readonly wants?: readonly Item[];
  /** Leave out what may be left out and is not wanted. */
  readonly isMinimal?: boolean;
  /** The items of a group as they shall stand, right or wrong. */
  readonly arranged?: ReadonlyMap<GroupItem, readonly Item[]>;
  /** How often an item shall stand there. */
  readonly times?: ReadonlyMap<Item, number>;
  /** Wildcards hold something else than usual. */
  readonly foreign?: Tree;
}

export interface Grown {
  readonly root: Tree;
  /** The element at the end of the path. */
  readonly target: Tree;
}

/** @param path elements from the root to the one that is of interest, the root first */
export function grow(path: readonly ElementItem[], content: Content = {}): Grown {
  const grower = new Grower(path, content);
  const [item] = path;
  if (item === undefined) throw new Error('a path begins with the root');
  const root = grower.element(item, 0);
  if (grower.target === undefined) throw new Error(`nothing at ${path.map(({ name }) => name).join('/')}`);
  return { root, target: grower.target };
}

/** A text that is right for its type; always the same. */
export const rightText = (type: SimpleType): string => new DocumentMaker(new Random(1), []).text(type);

export const UNKNOWN: Tree = { namespace: 'urn:brevduva:unknown', name: 'Other', attributes: [], children: ['x'] };

const OFF_PATH = -1;

class Grower {
  target: Tree | undefined;
  readonly #path: readonly ElementItem[];
  readonly #content: Content;
  readonly #maker = new DocumentMaker(new Random(1), []);

  constructor(path: readonly ElementItem[], content: Content) {
    this.#path = path;
    this.#content = content;
  }

  /** @param depth where on the path the element stands, if it does */
  element({ namespace, name, type }: ElementItem, depth: number): Tree {
    const { group, text, attributes } = modelOf(type);
    const tree: Tree = {
      namespace,
      name,
      attributes: attributes.map((one) => [one.name, this.#maker.text(resolve(one.type))]),
      children: text === undefined ? [] : [this.#maker.text(text)],
    };
    if (depth === this.#path.length - 1) this.target = tree;
    if (group !== undefined) tree.children.push(...this.#group(group, depth));
    return tree;
  }

  #group(group: GroupItem, depth: number): Tree[] {
    const isTarget = depth === this.#path.length - 1;
    const wants = this.#wanted(depth);
    const arranged = isTarget ? this.#content.arranged?.get(group) : undefined;
    const items = arranged ?? (group.kind === 'choice' ? [alternative(group, wants)] : group.items);
    return items.flatMap((item) => this.#item(item, depth, wants));
  }

  #wanted(depth: number): readonly Item[] {
    if (depth === OFF_PATH) return [];
    const next = this.#path[depth + 1];
    return next === undefined ? (this.#content.wants ?? []) : [next];
  }

  #item(item: Item, depth: number, wants: readonly Item[]): Tree[] {
    const isTarget = depth === this.#path.length - 1;
    const isWanted = itemsIn(item).some((one) => isAmong(one, wants));
    const { isMinimal, times } = isTarget ? this.#content : {};
    const usual = isMinimal && item.min === 0 && !isWanted ? 0 : Math.max(1, item.min);
    return Array.from({ length: times?.get(item) ?? usual }, () => this.#one(item, depth, wants)).flat();
  }

  #one(item: Item, depth: number, wants: readonly Item[]): Tree[] {
    const next = depth === OFF_PATH ? undefined : this.#path[depth + 1];
    if (item.kind === 'element') return [this.element(item, item === next ? depth + 1 : OFF_PATH)];
    if (item.kind === 'any') return [this.#any(item, depth, wants)];
    return this.#group(item, depth);
  }

  #any({ wildcard, known }: AnyItem, depth: number, wants: readonly Item[]): Tree {
    const isTarget = depth === this.#path.length - 1;
    if (isTarget && this.#content.foreign !== undefined) return this.#content.foreign;
    if (wants.includes(known)) return this.element(known, known === this.#path[depth + 1] ? depth + 1 : OFF_PATH);
    return wildcard.processContents === 'strict' ? this.element(known, OFF_PATH) : structuredClone(UNKNOWN);
  }
}

function alternative({ items }: GroupItem, wants: readonly Item[]): Item {
  const wanted = items.find((item) => itemsIn(item).some((one) => isAmong(one, wants)));
  const [first] = items;
  const found = wanted ?? items.find(({ kind }) => kind === 'element') ?? first;
  if (found === undefined) throw new Error('a choice without alternatives');
  return found;
}

/** A wildcard is wanted when what it holds is. */
const isAmong = (item: Item, wants: readonly Item[]): boolean =>
  wants.includes(item) || (item.kind === 'any' && wants.includes(item.known));
