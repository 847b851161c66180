/** One change to a document, of a kind that senders get wrong. */
import type { Tree } from './differentialDocument.ts';
import type { Random } from './differentialRandom.ts';

/**
 * The kind of change; undefined if the document had no place for it.
 *
 * @param enumerations words of which one may stand where another stands
 */
export function mutate(tree: Tree, random: Random, enumerations: readonly string[][]): string | undefined {
  const kind = random.pick(Object.keys(MUTATIONS)) as keyof typeof MUTATIONS;
  return MUTATIONS[kind](tree, random, enumerations) ? kind : undefined;
}

type Mutation = (root: Tree, random: Random, enumerations: readonly string[][]) => boolean;

const VALUES = [
  '',
  ' ',
  'x',
  'Secure ',
  'secure',
  'true ',
  'TRUE',
  '1',
  '0',
  '-1',
  '+7',
  '1.0',
  '9999',
  '10000',
  '99999999999',
  '2026-02-30',
  '2026-13-01',
  '2026-1-5',
  ' 2026-01-15+14:00 ',
  '2026-01-15+15:00',
  '2026-01-15T10:00:00',
  '2026-01-15T24:00:00',
  '2026-01-15T10:60:00',
  '161234567890',
  '16123456789',
  '1612345678901',
  '199913321234',
  '191212121212',
  '212121212121',
  'a@b.c',
  'a@bc',
  'aa@bb.cc\n',
  'sv_SE',
  'svSEsvSEsv',
  'se1234567890',
  'SE1234567890',
  'Ä'.repeat(11),
  'Ä'.repeat(12),
  'x'.repeat(50),
  'x'.repeat(51),
  'x'.repeat(160),
  'x'.repeat(161),
  'x'.repeat(255),
  'x'.repeat(256),
  'x'.repeat(257),
  'x'.repeat(1024),
  'x'.repeat(1025),
  'x'.repeat(2001),
  '💌'.repeat(128),
  'http://a b',
  '%%%',
  'SGVq SGVq',
  '!!!!',
] as const;

const NAMESPACES = [
  '',
  'urn:wrong',
  'http://minameddelanden.gov.se/schema/Recipient',
  'http://minameddelanden.gov.se/schema/Message',
  'http://minameddelanden.gov.se/schema/Message/v2',
  'http://minameddelanden.gov.se/schema/Message/v3',
  'http://www.w3.org/2000/09/xmldsig#',
] as const;

const MUTATIONS = {
  drop: (root, random) => withParent(root, random, (siblings, at) => siblings.splice(at, 1)),
  duplicate: (root, random) =>
    withParent(root, random, (siblings, at, node) => siblings.splice(at, 0, structuredClone(node))),
  reorder: (root, random) =>
    withParent(root, random, (siblings, at, node) => {
      siblings.splice(at, 1);
      siblings.splice(random.between(0, siblings.length), 0, node);
    }),
  moveAway: (root, random) =>
    withParent(root, random, (siblings, at, node) => {
      siblings.splice(at, 1);
      root.children.push(node);
    }),
  rename: (root, random) =>
    withNode(root, random, (node) => {
      node.name = random.pick(['Wrong', node.name.toLowerCase(), `${node.name}s`, 'return', 'Id', 'Body']);
    }),
  namespace: (root, random) =>
    withNode(root, random, (node) => {
      node.namespace = random.pick(NAMESPACES);
    }),
  value: (root, random) =>
    withLeaf(root, random, (leaf) => {
      leaf.children = [random.pick(VALUES)];
    }),
  word: changeWord,
  valueOfOther: (root, random) =>
    withLeaf(root, random, (leaf) => {
      leaf.children = [...random.pick(nodesOf(root).filter(isLeaf)).children];
    }),
  extraAttribute: (root, random) =>
    withNode(root, random, (node) => {
      const [name, value] = random.pick([
        ['extra', 'x'],
        ['Id', 'new-id'],
        ['Id', '1 not a name'],
        ['Algorithm', 'urn:x'],
        ['xml:lang', 'sv'],
      ] as const);
      node.attributes = [...node.attributes.filter((attribute) => attribute[0] !== name), [name, value]];
    }),
  attribute: (root, random) => {
    const nodes = nodesOf(root).filter(({ attributes }) => attributes.length > 0);
    if (nodes.length === 0) return false;
    const node = random.pick(nodes);
    node.attributes = random.chance(0.5)
      ? node.attributes.slice(1)
      : node.attributes.map(([name]) => [name, random.pick(VALUES)]);
    return true;
  },
  text: (root, random) =>
    withNode(root, random, (node) => {
      node.children.splice(random.between(0, node.children.length), 0, random.pick(['text', ' ', '\n\t', '.']));
    }),
  extraElement: (root, random) =>
    withNode(root, random, (node) => {
      const namespace = random.pick([node.namespace, 'urn:unknown']);
      const extra: Tree = { namespace, name: 'Extra', attributes: [], children: [] };
      node.children.splice(random.between(0, node.children.length), 0, extra);
    }),
  many: (root, random) =>
    withParent(root, random, (siblings, at, node) => {
      const copies = Array.from({ length: random.pick([2, 3, 1001]) }, () => structuredClone(node));
      siblings.splice(at, 0, ...copies);
    }),
} satisfies Record<string, Mutation>;

function changeWord(root: Tree, random: Random, enumerations: readonly string[][]): boolean {
  const siblings = (leaf: Tree) => enumerations.filter((words) => words.includes(String(leaf.children[0])));
  const leaves = nodesOf(root).filter((node) => isLeaf(node) && siblings(node).length > 0);
  if (leaves.length === 0) return false;
  const leaf = random.pick(leaves);
  leaf.children = [random.pick(siblings(leaf).flat())];
  return true;
}

const isLeaf = (node: Tree): boolean => node.children.every((child) => typeof child === 'string');

function nodesOf(tree: Tree): Tree[] {
  return [tree, ...tree.children.flatMap((child) => (typeof child === 'string' ? [] : nodesOf(child)))];
}

function withNode(root: Tree, random: Random, change: (node: Tree) => void): boolean {
  change(random.pick(nodesOf(root)));
  return true;
}

function withLeaf(root: Tree, random: Random, change: (leaf: Tree) => void): boolean {
  const leaves = nodesOf(root).filter(isLeaf);
  if (leaves.length === 0) return false;
  change(random.pick(leaves));
  return true;
}

function withParent(
  root: Tree,
  random: Random,
  change: (siblings: Tree['children'], at: number, node: Tree) => void,
): boolean {
  const parents = nodesOf(root).filter((node) => !isLeaf(node));
  if (parents.length === 0) return false;
  const { children } = random.pick(parents);
  const node = random.pick(children.filter((child) => typeof child !== 'string'));
  change(children, children.indexOf(node), node);
  return true;
}
