import type { Area, FindRule } from '../../organisation/waysIn/printer.ts';

/** What was read on one page of a printout. */
export interface PrintPage {
  readonly words: readonly PrintWord[];
  /** The texts of its Data Matrix symbols. */
  readonly dataMatrix: readonly string[];
}

/** A word with its place in millimetres from the upper left corner of the page as it is shown. */
export interface PrintWord {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A page has 3 000 characters; more than this is no letter, and patterns are tried on all of it. */
const PAGE_CHARACTERS_MAX = 20_000;

/** Everything that a rule finds on a page, in reading order. */
export function findOnPage(page: PrintPage, { find, pattern, area }: FindRule): string[] {
  const texts =
    find === 'dataMatrix' ? page.dataMatrix : [linesOf(page, area).join('\n').slice(0, PAGE_CHARACTERS_MAX)];
  if (pattern === undefined) return texts.map((text) => text.trim()).filter((text) => text !== '');
  return texts.flatMap((text) =>
    [...text.matchAll(new RegExp(pattern, 'gmu'))]
      .map((match) => (match[1] ?? match[0]).trim())
      .filter((found) => found !== ''),
  );
}

/** The page's text line by line, or that of an area: a word belongs to it when its middle does. */
export function linesOf(page: PrintPage, area?: Area): string[] {
  const words = area === undefined ? page.words : page.words.filter((word) => isWithin(word, area));
  const sorted = [...words].sort((a, b) => middle(a) - middle(b));
  const lines: PrintWord[][] = [];
  for (const word of sorted) {
    const line = lines.at(-1);
    if (line?.[0] !== undefined && isSameLine(line[0], word)) line.push(word);
    else lines.push([word]);
  }
  return lines.map((line) =>
    line
      .sort((a, b) => a.left - b.left)
      .map(({ text }) => text)
      .join(' '),
  );
}

function isWithin(word: PrintWord, { left, top, width, height }: Area): boolean {
  const x = (word.left + word.right) / 2;
  const y = middle(word);
  return x >= left && x <= left + width && y >= top && y <= top + height;
}

/** Words of one line overlap by at least half of the lower one's height: superscripts and commas are no lines of their own. */
function isSameLine(a: PrintWord, b: PrintWord): boolean {
  const overlap = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return overlap >= Math.min(a.bottom - a.top, b.bottom - b.top) / 2;
}

function middle({ top, bottom }: PrintWord): number {
  return (top + bottom) / 2;
}
