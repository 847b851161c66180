/**
 * For a message of the contract every restriction that it is under, and for each a document that breaks it.
 *
 * A restriction is named by place and rule: `isReachable/recipientId|max`. `restrictionInventory.ts` names them from the
 * generated schema's text; the two lists must be equal.
 */
import type { GlobalElement, SimpleType } from '../src/notation/types.ts';
import { resolve } from '../src/notation/types.ts';
import type { Tree } from './differentialDocument.ts';
import { type Content, type Grown, grow } from './restrictionDocument.ts';
import {
  type AnyItem,
  type ElementItem,
  type GroupItem,
  type Item,
  itemsIn,
  labelsOf,
  type Model,
  modelOf,
  rootItem,
} from './restrictionModel.ts';
import { wrongTexts } from './restrictionValues.ts';

export interface RestrictionCase {
  /** `place|rule`. */
  readonly name: string;
  readonly isListTooLong: boolean;
  readonly documents: readonly Tree[];
}

/** A document in which everything is right. */
export const rightDocument = (element: GlobalElement): Tree => grow([rootItem(element)]).root;

export function restrictionCases(element: GlobalElement): RestrictionCase[] {
  const root = rootItem(element);
  const cases: RestrictionCase[] = [];
  visit({ path: [root], place: root.name }, cases);
  return cases;
}

/** One element of a message, by the way to it. */
interface Spot {
  readonly path: readonly ElementItem[];
  readonly place: string;
}

function visit(spot: Spot, cases: RestrictionCase[]): void {
  const model = modelOf(lastOf(spot.path).type);
  cases.push(...attributeCases(spot, model));
  if (model.text !== undefined) cases.push(...textCases(spot, model.text));
  else cases.push(...contentCases(spot, model));
  if (model.group === undefined) return;
  const labels = labelsOf(model.group);
  for (const [item, label] of labels) {
    const child = childOf(item, model);
    if (child !== undefined) visit({ path: [...spot.path, child], place: `${spot.place}/${label}` }, cases);
  }
}

/** Wildcards of the contract's own types hold known extensions (FACTS h); those of signatures nobody fills. */
function childOf(item: Item, { namespace }: Model): ElementItem | undefined {
  if (item.kind === 'any') return namespace.includes('xmldsig') ? undefined : item.known;
  return item.kind === 'element' ? item : undefined;
}

const broken = (name: string, ...documents: Tree[]): RestrictionCase => ({ name, isListTooLong: false, documents });

/** A right document with one thing changed in the element at the spot. */
function changed({ path }: Spot, change: (target: Tree) => void, content: Content = {}): Tree {
  const { root, target }: Grown = grow(path, content);
  change(target);
  return root;
}

function attributeCases(spot: Spot, { attributes }: Model): RestrictionCase[] {
  const cases = [
    broken(
      `${spot.place}|unknown attribute`,
      changed(spot, (target) => target.attributes.push(['unknown', 'x'])),
    ),
  ];
  for (const { name, type, required } of attributes) {
    const without = ({ attributes: all }: Tree) => all.filter(([own]) => own !== name);
    if (required) {
      const drop = (target: Tree) => {
        target.attributes = without(target);
      };
      cases.push(broken(`${spot.place}/@${name}|required`, changed(spot, drop)));
    }
    for (const [rule, texts] of wrongTexts(resolve(type))) {
      const documents = texts.map((text) =>
        changed(spot, (target) => {
          target.attributes = [...without(target), [name, text]];
        }),
      );
      cases.push(broken(`${spot.place}/@${name}|${rule}`, ...documents));
    }
  }
  return cases;
}

const CHILD: Tree = { namespace: 'urn:brevduva:unknown', name: 'child', attributes: [], children: [] };

function textCases(spot: Spot, type: SimpleType): RestrictionCase[] {
  const child = changed(spot, ({ children }) => children.push(structuredClone(CHILD)));
  const values = [...wrongTexts(type)].map(([rule, texts]) =>
    broken(
      `${spot.place}|${rule}`,
      ...texts.map((text) =>
        changed(spot, (target) => {
          target.children = [text];
        }),
      ),
    ),
  );
  return [broken(`${spot.place}|no children`, child), ...values];
}

function contentCases(spot: Spot, model: Model): RestrictionCase[] {
  const { group, namespace, mixed } = model;
  const cases: RestrictionCase[] = [];
  if (!mixed)
    cases.push(
      broken(
        `${spot.place}|no text`,
        changed(spot, ({ children }) => children.push('text')),
      ),
    );
  const unknown: Tree = { namespace, name: 'Unknown', attributes: [], children: [] };
  if (!hasOpenEnd(group)) {
    cases.push(
      broken(
        `${spot.place}|unknown element`,
        changed(spot, ({ children }) => children.push(unknown)),
      ),
    );
  }
  return group === undefined ? cases : [...cases, ...groupCases(spot, model, group)];
}

const hasOpenEnd = (group: GroupItem | undefined): boolean =>
  group !== undefined &&
  itemsIn(group).some(
    (item) => item.kind === 'any' && item.wildcard.namespace === '##any' && item.wildcard.processContents === 'lax',
  );

/** One of the groups around an item in its type, the outermost first. */
type Chain = readonly GroupItem[];

function groupCases(spot: Spot, model: Model, whole: GroupItem): RestrictionCase[] {
  const labels = labelsOf(whole);
  const cases: RestrictionCase[] = [];
  const walk = (group: GroupItem, outer: Chain) => {
    const chain = [...outer, group];
    if (group.kind === 'sequence') cases.push(...orderCases(spot, group, labels));
    else cases.push(...choiceCases(spot, group, chain, labels));
    for (const item of group.items) {
      if (item.kind === 'element' || item.kind === 'any') {
        cases.push(...itemCases({ spot, model, chain, item, label: labels.get(item) ?? '' }));
      } else walk(item, chain);
    }
  };
  walk(whole, []);
  return cases;
}

interface ItemAt {
  readonly spot: Spot;
  readonly model: Model;
  readonly chain: Chain;
  readonly item: ElementItem | AnyItem;
  readonly label: string;
}

function itemCases(at: ItemAt): RestrictionCase[] {
  const { spot, chain, item, label } = at;
  const place = `${spot.place}/${label}`;
  const cases: RestrictionCase[] = [];
  const is = (times: number, isMinimal: boolean) =>
    grow(spot.path, { wants: [item], isMinimal, times: new Map([[item, times]]) }).root;
  const group = lastOf(chain);
  // alone in a group that may be absent, an item is not missed
  const isMissed = chain.every(({ min }) => min > 0) || group.items.filter(({ min }) => min > 0).length > 1;
  if (item.min > 0 && group.kind === 'sequence' && isMissed)
    cases.push(broken(`${place}|required`, is(item.min - 1, true)));
  if (Number.isFinite(item.max) && isOnce(chain) && item.kind === 'element') {
    const tooMany = broken(`${place}|max ${item.max}`, is(item.max + 1, false));
    cases.push({ ...tooMany, isListTooLong: item.max > 1 });
  }
  return [...cases, ...(item.kind === 'element' ? nameCases(at, item) : wildcardCases(at, item))];
}

/** The name as such, and the namespace where nothing of another may stand. */
function nameCases({ spot, model, label }: ItemAt, item: ElementItem): RestrictionCase[] {
  const place = `${spot.place}/${label}`;
  const child = { ...spot, path: [...spot.path, item] };
  const named = changed(child, (target) => {
    target.name += 'x';
  });
  const moved = changed(child, (target) => {
    target.namespace = 'urn:brevduva:wrong';
  });
  const isClosed = model.group !== undefined && !itemsIn(model.group).some(({ kind }) => kind === 'any');
  return [broken(`${place}|name`, named), ...(isClosed ? [broken(`${place}|namespace`, moved)] : [])];
}

function wildcardCases({ spot, model, label }: ItemAt, item: AnyItem): RestrictionCase[] {
  const place = `${spot.place}/${label}`;
  const { namespace, processContents } = item.wildcard;
  const holding = (foreign: Tree) => grow(spot.path, { wants: [item], foreign }).root;
  const element = (own: string): Tree => ({ namespace: own, name: 'Foreign', attributes: [], children: [] });
  const cases: RestrictionCase[] = [];
  if (namespace === '##other')
    cases.push(broken(`${place}|other namespace`, holding(element(model.namespace)), holding(element(''))));
  if (processContents === 'strict')
    cases.push(broken(`${place}|declared`, holding(element('urn:brevduva:undeclared'))));
  return cases;
}

/** Two neighbours, wildcards between them passed over, the wrong way round. */
function orderCases(spot: Spot, group: GroupItem, labels: ReadonlyMap<Item, string>): RestrictionCase[] {
  const elements = group.items.filter((item) => item.kind === 'element');
  return elements.slice(1).map((second, index) => {
    const first = elements[index] as ElementItem;
    const swap = new Map<Item, Item>([
      [first, second],
      [second, first],
    ]);
    const items = group.items.map((item) => swap.get(item) ?? item);
    const arranged: Content['arranged'] = new Map([[group, items]]);
    const { root } = grow(spot.path, { wants: [first, second], arranged });
    return broken(`${spot.place}/${labels.get(first)}|before ${labels.get(second)}`, root);
  });
}

function choiceCases(spot: Spot, group: GroupItem, chain: Chain, labels: ReadonlyMap<Item, string>): RestrictionCase[] {
  const alternatives = group.items.map((item) => alternativeName(item, labels)).sort();
  const name = `${spot.place}/${alternatives.join(' or ')}`;
  const cases: RestrictionCase[] = [];
  const arrangedAs = (items: readonly Item[]) => grow(spot.path, { arranged: new Map([[group, items]]) }).root;
  const isNeeded = chain.every(({ min }) => min > 0) && group.items.every((item) => item.min > 0);
  if (isNeeded) cases.push(broken(`${name}|one`, arrangedAs([])));
  if (isOnce(chain)) {
    // libxml2 lets anything follow a wildcard that may be repeated, so that comes last
    const items = [...group.items].sort((a, b) => Number(a.kind === 'any') - Number(b.kind === 'any'));
    const pairs = items.slice(1).map((item, index) => arrangedAs([items[index] as Item, item]));
    cases.push(broken(`${name}|only one`, ...pairs));
  }
  return cases;
}

function alternativeName(item: Item, labels: ReadonlyMap<Item, string>): string {
  if (item.kind === 'element' || item.kind === 'any') return labels.get(item) ?? '';
  return `(${item.items.map((one) => alternativeName(one, labels)).join(' ')})`;
}

/** Whether no group around may be repeated, so that a limit within is a limit of the whole. */
const isOnce = (chain: Chain): boolean => chain.every(({ max }) => max === 1);

function lastOf<T>(list: readonly T[]): T {
  const last = list.at(-1);
  if (last === undefined) throw new Error('an empty list');
  return last;
}
