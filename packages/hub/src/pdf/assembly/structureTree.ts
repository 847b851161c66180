import { type PDF, PdfArray, PdfDict, PdfName, PdfNumber, type PdfObject, PdfRef } from '@libpdf/core';
import type { ObjectFinder } from '../worker/objectFinder.ts';
import type { ObjectCopier } from './copyObjects.ts';
import { references } from './pageTree.ts';
import type { PdfFileWriter } from './pdfFileWriter.ts';
import { textString } from './serializeObject.ts';

/**
 * The structure tree of the file that is written (ISO 32000-1 14.7): the trees of the joined documents side by side, each a Part with its
 * own language. Roles that a document gives names of its own become the standard ones they stand for, so that two documents may mean
 * different things by one name. What its table cells call one another (/IDTree) is left behind.
 */
export interface StructureTree {
  /** @param tree undefined when the document is not tagged */
  begin(tree: SourceTree | undefined): StructuredDocument | undefined;
  /** The number of the root; undefined when nothing was tagged. */
  finish(): number | undefined;
}

export interface StructuredDocument {
  /** Is added to the document's keys of structure. */
  readonly base: number;
  /** After its pages. */
  copyTree(copier: TreeCopier): void;
}

const PARTS_PER_GROUP = 500;
/** Number trees are some levels deep; a loop ends here. */
const LEVELS_MAX = 50;
const ROLE_STEPS_MAX = 10;

export function createStructureTree(writer: PdfFileWriter): StructureTree {
  const root = writer.allocate();
  const groups: number[] = [];
  const leaves: { number: number; from: number; to: number }[] = [];
  let group = writer.allocate();
  let parts: number[] = [];
  let rows: [key: number, number: number][] = [];
  let base = 0;

  function closeGroup(): void {
    if (parts.length === 0) return;
    writer.put(group, `<</Type/StructElem/S/Document/P ${root} 0 R/K[${references(parts)}]>>`);
    groups.push(group);
    const leaf = writer.allocate();
    const [from, to] = [rows[0]?.[0] ?? 0, rows.at(-1)?.[0] ?? 0];
    const texts = rows.map(([key, number]) => `${key} ${number} 0 R`);
    writer.put(leaf, `<</Limits[${from} ${to}]/Nums[${texts.join(' ')}]>>`);
    if (rows.length > 0) leaves.push({ number: leaf, from, to });
    [parts, rows, group] = [[], [], writer.allocate()];
  }

  function copyTree(tree: SourceTree, at: number, copier: TreeCopier): void {
    const part = writer.allocate();
    if (tree.ref !== undefined) copier.stands(tree.ref, part);
    const top = tree.kids.flatMap((kid) => {
      if (kid instanceof PdfRef) return copier.copy(kid) ?? [];
      const number = writer.allocate();
      copier.put?.(number, kid);
      return number;
    });
    for (const [key, value] of tree.parents) {
      const number = value instanceof PdfRef ? copier.copy(value) : writer.allocate();
      if (number === undefined) continue;
      if (!(value instanceof PdfRef)) copier.put?.(number, value);
      rows.push([at + key, number]);
    }
    const language = tree.language === undefined ? '' : `/Lang ${textString(tree.language)}`;
    writer.put(part, `<</Type/StructElem/S/Part/P ${group} 0 R${language}/K[${references(top)}]>>`);
    parts.push(part);
    if (parts.length === PARTS_PER_GROUP) closeGroup();
  }

  return {
    begin(tree) {
      if (tree === undefined) return undefined;
      const at = base;
      base += (tree.parents.at(-1)?.[0] ?? -1) + 1;
      return { base: at, copyTree: (copier) => copyTree(tree, at, copier) };
    },
    finish() {
      closeGroup();
      if (groups.length === 0) return undefined;
      const tree = writer.allocate();
      writer.put(tree, `<</Kids[${references(leaves.map(({ number }) => number))}]>>`);
      writer.put(
        root,
        `<</Type/StructTreeRoot/K[${references(groups)}]/ParentTree ${tree} 0 R/ParentTreeNextKey ${base}>>`,
      );
      return root;
    },
  };
}

/** `put` is asked only of a tree with elements that have no number of their own. */
export type TreeCopier = Pick<ObjectCopier, 'copy' | 'stands'> & Partial<Pick<ObjectCopier, 'put'>>;

export interface SourceTree {
  readonly ref: PdfRef | undefined;
  /** Its top elements. */
  readonly kids: readonly PdfObject[];
  /** By key, in order. */
  readonly parents: readonly (readonly [key: number, value: PdfObject])[];
  readonly language: string | undefined;
}

/** Undefined when the document is not tagged. */
export function sourceTree(source: PDF, finder: ObjectFinder): SourceTree | undefined {
  const catalog = source.getCatalog();
  const root = finder.resolve(catalog.get('StructTreeRoot'));
  if (!(root instanceof PdfDict)) return undefined;
  const ref = catalog.get('StructTreeRoot');
  const kids = finder.resolve(root.get('K'));
  standardRoles(root, finder);
  return {
    ref: ref instanceof PdfRef ? ref : undefined,
    kids: kids instanceof PdfArray ? kids.toArray() : kids === undefined ? [] : [root.get('K') ?? kids],
    parents: numberTree(root.get('ParentTree'), finder, 0).toSorted(([a], [b]) => a - b),
    language: source.getLanguage()?.trim() || undefined,
  };
}

function standardRoles(root: PdfDict, finder: ObjectFinder): void {
  const roles = finder.resolve(root.get('RoleMap'));
  if (!(roles instanceof PdfDict)) return;
  for (const element of finder.dictionaries([root], ELSEWHERE)) {
    let role = finder.resolve(element.get('S'));
    for (let step = 0; step < ROLE_STEPS_MAX && role instanceof PdfName && roles.has(role.value); step += 1) {
      role = finder.resolve(roles.get(role.value));
    }
    if (role instanceof PdfName) element.set('S', role);
  }
}

/** Ways out of the tree, to pages and upwards; and an attribute has an S of its own. */
const ELSEWHERE: ReadonlySet<string> = new Set(['Pg', 'P', 'ParentTree', 'Obj', 'RoleMap', 'ClassMap', 'A', 'IDTree']);

function numberTree(node: PdfObject | undefined, finder: ObjectFinder, level: number): [number, PdfObject][] {
  const dict = finder.resolve(node);
  if (!(dict instanceof PdfDict) || level > LEVELS_MAX) return [];
  const nums = finder.resolve(dict.get('Nums'));
  const kids = finder.resolve(dict.get('Kids'));
  const deeper = kids instanceof PdfArray ? kids.toArray().flatMap((kid) => numberTree(kid, finder, level + 1)) : [];
  return [...(nums instanceof PdfArray ? pairs(nums.toArray(), finder) : []), ...deeper];
}

function pairs(items: readonly PdfObject[], finder: ObjectFinder): [number, PdfObject][] {
  const found: [number, PdfObject][] = [];
  for (let index = 0; index + 1 < items.length; index += 2) {
    const [key, value] = [finder.resolve(items[index]), items[index + 1]];
    if (key instanceof PdfNumber && value !== undefined && key.value >= 0) found.push([key.value, value]);
  }
  return found;
}
