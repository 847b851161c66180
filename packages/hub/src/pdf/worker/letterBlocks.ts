import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import type { LetterBody } from '../letter.ts';

/** A letter's message as the Typst template takes it; everything in it is text or a number. */
export type Block =
  | { kind: 'paragraph' | 'quote'; inlines: Inline[] }
  | { kind: 'heading'; level: number; inlines: Inline[] }
  | { kind: 'list'; ordered: boolean; items: Block[][] }
  | { kind: 'table'; columns: number; headerRows: number; cells: Inline[][] }
  | { kind: 'image'; path: string; alt: string }
  | { kind: 'rule' };

export type Inline =
  | { kind: 'text'; text: string; bold: boolean; italic: boolean }
  | { kind: 'link'; text: string; href: string }
  | { kind: 'break' };

export interface LetterContent {
  readonly blocks: Block[];
  readonly images: { readonly path: string; readonly bytes: Buffer }[];
}

export function letterContent(body: LetterBody): LetterContent {
  return body.contentType === 'text/html' ? htmlContent(body.text) : { blocks: plainBlocks(body.text), images: [] };
}

/** An empty line parts paragraphs, a single line break stays one. */
function plainBlocks(text: string): Block[] {
  return text
    .replace(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n+/)
    .filter((part) => part.trim() !== '')
    .map((part) => ({ kind: 'paragraph', inlines: trimmed(part.split('\n').flatMap(lineInlines)) }));
}

function lineInlines(line: string, index: number): Inline[] {
  return [...(index === 0 ? [] : [{ kind: 'break' } as const]), plain(line.replaceAll('\t', '    '))];
}

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;
interface Style {
  readonly bold: boolean;
  readonly italic: boolean;
  readonly preformatted: boolean;
}
interface Builder {
  readonly blocks: Block[];
  readonly images: { path: string; bytes: Buffer }[];
  inlines: Inline[];
  readonly depth: number;
}

/** Deeper nesting is set as running text: the template recurses per level. */
const DEPTH_MAX = 12;
const SKIPPED: ReadonlySet<string> = new Set([
  'head',
  'script',
  'style',
  'template',
  'title',
  'noscript',
  'svg',
  'iframe',
  'object',
]);
const PARAGRAPHS: ReadonlySet<string> = new Set(
  'p div section article header footer main aside nav address figure figcaption dl dt dd pre form fieldset center'.split(
    ' ',
  ),
);
const BOLD: ReadonlySet<string> = new Set(['b', 'strong', 'th', 'dt']);
const ITALIC: ReadonlySet<string> = new Set(['i', 'em', 'cite', 'dfn', 'var']);
const LINK = /^(?:https?:\/\/|mailto:|tel:)/i;
const DATA_IMAGE = /^data:image\/(png|jpeg|jpg|gif|webp);base64,([A-Za-z0-9+/=\s]+)$/i;

function htmlContent(html: string): LetterContent {
  const builder: Builder = { blocks: [], images: [], inlines: [], depth: 0 };
  walkAll(parse(html).childNodes, builder, { bold: false, italic: false, preformatted: false });
  flush(builder);
  return { blocks: normaliseHeadings(builder.blocks), images: builder.images };
}

function walkAll(nodes: readonly Node[], builder: Builder, style: Style): void {
  for (const node of nodes) walk(node, builder, style);
}

function walk(node: Node, builder: Builder, style: Style): void {
  if ('value' in node) addText(builder, node.value, style);
  if (!('tagName' in node) || SKIPPED.has(node.tagName)) return;
  if (!walkBlock(node, builder, style)) walkInline(node, builder, style);
}

function walkBlock(element: Element, builder: Builder, style: Style): boolean {
  const name = element.tagName;
  const heading = /^h([1-6])$/.exec(name);
  if (heading !== null)
    return addInlineBlock(element, builder, style, (inlines) => ({
      kind: 'heading',
      level: Number(heading[1]),
      inlines,
    }));
  if (name === 'blockquote') return addInlineBlock(element, builder, style, (inlines) => ({ kind: 'quote', inlines }));
  if (name === 'hr') return addBlock(builder, { kind: 'rule' });
  if (name === 'ul' || name === 'ol') return addList(element, builder, style);
  if (name === 'table') return addTable(element, builder, style);
  if (name === 'img') return addImage(element, builder);
  if (!PARAGRAPHS.has(name)) return false;
  flush(builder);
  walkAll(element.childNodes, builder, {
    ...styleOf(element, style),
    preformatted: style.preformatted || name === 'pre',
  });
  flush(builder);
  return true;
}

function walkInline(element: Element, builder: Builder, style: Style): void {
  const href = attribute(element, 'href');
  if (element.tagName === 'br') builder.inlines.push({ kind: 'break' });
  else if (element.tagName === 'a' && LINK.test(href))
    builder.inlines.push({ kind: 'link', text: textOf(element), href });
  else walkAll(element.childNodes, builder, styleOf(element, style));
}

function addText(builder: Builder, value: string, style: Style): void {
  if (style.preformatted) {
    // Not spread: a text of 200 000 lines would be more arguments than a call may have.
    for (const inline of value.split('\n').flatMap(lineInlines)) builder.inlines.push(inline);
  } else
    builder.inlines.push({
      kind: 'text',
      text: value.replace(/[ \t\r\n\f]+/g, ' '),
      bold: style.bold,
      italic: style.italic,
    });
}

function addInlineBlock(element: Element, builder: Builder, style: Style, make: (inlines: Inline[]) => Block): true {
  flush(builder);
  walkAll(
    element.childNodes.filter((child) => !('tagName' in child) || child.tagName !== 'p'),
    builder,
    style,
  );
  for (const child of element.childNodes)
    if ('tagName' in child && child.tagName === 'p') walkAll(child.childNodes, builder, style);
  const inlines = trimmed(builder.inlines);
  builder.inlines = [];
  if (inlines.length > 0) builder.blocks.push(make(inlines));
  return true;
}

function addList(element: Element, builder: Builder, style: Style): boolean {
  if (builder.depth >= DEPTH_MAX) return false;
  flush(builder);
  const items = childElements(element)
    .map((item) => {
      const inner: Builder = { blocks: [], images: builder.images, inlines: [], depth: builder.depth + 1 };
      walkAll(item.tagName === 'li' ? item.childNodes : [item], inner, style);
      flush(inner);
      return inner.blocks;
    })
    .filter((blocks) => blocks.length > 0);
  return items.length === 0 || addBlock(builder, { kind: 'list', ordered: element.tagName === 'ol', items });
}

function addTable(element: Element, builder: Builder, style: Style): boolean {
  flush(builder);
  const rows = tableRows(element).map((row) =>
    childElements(row).map((cell) => {
      const inner: Builder = { blocks: [], images: builder.images, inlines: [], depth: DEPTH_MAX };
      walkAll(cell.childNodes, inner, styleOf(cell, style));
      flush(inner);
      return cellInlines(inner.blocks);
    }),
  );
  const columns = Math.max(0, ...rows.map((row) => row.length));
  if (columns === 0) return true;
  const first = tableRows(element)[0];
  const headed = first !== undefined && childElements(first).every((cell) => cell.tagName === 'th');
  const cells = rows.flatMap((row) => [...row, ...Array.from({ length: columns - row.length }, (): Inline[] => [])]);
  return addBlock(builder, { kind: 'table', columns, headerRows: headed ? 1 : 0, cells });
}

/** Rows of this table, not of one inside it; what spans several columns stands in the first. */
function tableRows(table: Element): Element[] {
  return childElements(table).flatMap((child) => {
    if (child.tagName === 'tr') return [child];
    return ['thead', 'tbody', 'tfoot'].includes(child.tagName)
      ? childElements(child).filter((row) => row.tagName === 'tr')
      : [];
  });
}

function cellInlines(blocks: readonly Block[]): Inline[] {
  return blocks.flatMap((block, index) => {
    const inlines = 'inlines' in block ? block.inlines : [];
    return index === 0 ? inlines : [{ kind: 'break' } as const, ...inlines];
  });
}

function addImage(element: Element, builder: Builder): true {
  const data = DATA_IMAGE.exec(attribute(element, 'src'));
  const alt = attribute(element, 'alt').trim();
  if (data === null) {
    if (alt !== '') builder.inlines.push(plain(`[${alt}]`));
    return true;
  }
  const path = `/image-${builder.images.length}.${(data[1] ?? '').toLowerCase().replace('jpeg', 'jpg')}`;
  builder.images.push({ path, bytes: Buffer.from(data[2] ?? '', 'base64') });
  return addBlock(builder, { kind: 'image', path, alt: alt === '' ? 'Bild' : alt });
}

function addBlock(builder: Builder, block: Block): true {
  flush(builder);
  builder.blocks.push(block);
  return true;
}

function flush(builder: Builder): void {
  const inlines = trimmed(builder.inlines);
  builder.inlines = [];
  if (inlines.length > 0) builder.blocks.push({ kind: 'paragraph', inlines });
}

function trimmed(inlines: readonly Inline[]): Inline[] {
  const blank = (inline: Inline): boolean => inline.kind === 'break' || inline.text.trim() === '';
  const first = inlines.findIndex((inline) => !blank(inline));
  return first === -1 ? [] : inlines.slice(first, inlines.findLastIndex((inline) => !blank(inline)) + 1);
}

/** The subject is level 1; PDF/UA forbids to skip a level. */
function normaliseHeadings(blocks: readonly Block[]): Block[] {
  let previous = 1;
  return blocks.map((block) => {
    if (block.kind !== 'heading') return block;
    previous = Math.min(block.level + 1, previous + 1);
    return { ...block, level: previous };
  });
}

function styleOf(element: Element, style: Style): Style {
  return {
    ...style,
    bold: style.bold || BOLD.has(element.tagName),
    italic: style.italic || ITALIC.has(element.tagName),
  };
}

function textOf(element: Element): string {
  const texts = element.childNodes.map((node) =>
    'value' in node ? node.value : 'tagName' in node ? textOf(node) : '',
  );
  return texts.join('').replace(/\s+/g, ' ');
}

function childElements(element: Element): Element[] {
  return element.childNodes.filter((node) => 'tagName' in node);
}

function attribute(element: Element, name: string): string {
  return element.attrs.find((each) => each.name === name)?.value ?? '';
}

function plain(text: string): Inline {
  return { kind: 'text', text, bold: false, italic: false };
}
