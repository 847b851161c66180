import { isInlineImage } from './urls.ts';

/** What loads, runs or lies over the page around, and how it is named to the one who wrote it. */
const FORBIDDEN: readonly [pattern: RegExp, name: string][] = [
  [/@import/, '@import'],
  [/expression\s*\(/, 'expression()'],
  [/javascript\s*:/, 'javascript:'],
  [/behaviou?r\s*:/, 'behavior'],
  [/-moz-binding/, '-moz-binding'],
  [/(?:image-set|cross-fade|element|paint|src)\s*\(/, 'bildfunktion'],
  [/position\s*:\s*(?:fixed|sticky)/, 'position: fixed'],
];

/**
 * The first thing in a style sheet or style attribute that a letter may not have; undefined if all is well. Escapes are
 * resolved first, since a browser does it too (`u\72l(`). Comments are both cut out (`exp/**\/ression(`) and left in: in
 * `content:"/*"` a browser sees none, and what follows counts.
 */
export function cssFault(css: string): string | undefined {
  return faultIn(resolved(css)) ?? faultIn(resolved(css.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, '')));
}

function faultIn(plain: string): string | undefined {
  const forbidden = FORBIDDEN.find(([pattern]) => pattern.test(plain));
  if (forbidden !== undefined) return forbidden[1];
  const urls = [...plain.matchAll(/url\s*\(\s*(["']?)([^"')]*)\1/g)];
  const isExternal = urls.some(([, , url]) => !isInlineImage(url ?? ''));
  const isUnreadable = urls.length !== (plain.match(/url\s*\(/g)?.length ?? 0);
  return isExternal || isUnreadable ? 'url()' : undefined;
}

function resolved(css: string): string {
  return css
    .replace(/\\([0-9a-f]{1,6})\s?/gi, (_, hex: string) => character(Number.parseInt(hex, 16)))
    .replace(/\\([^\n])/g, '$1')
    .toLowerCase();
}

function character(code: number): string {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}
