/**
 * What a letter's text may not hold: what XML 1.0 cannot carry; C1 controls, which is what Windows-1252 read as Latin-1 leaves; and
 * U+FFFD, which is what any other text read as UTF-8 leaves. A letter with "Byggnadsn\ufffdmnden" in it is never what was meant.
 */
const FORBIDDEN = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffc\u{10000}-\u{10ffff}]/u;
/** What a text of one line may not hold besides. */
const NOT_IN_LINE = /[\t\n\r\u0085\u2028\u2029]/;

/** @returns a public text that names the first character that may not be sent and where it stands; undefined when all may. */
export function characterFault(text: string, layout: 'line' | 'text'): string | undefined {
  const found = FORBIDDEN.exec(text) ?? (layout === 'line' ? NOT_IN_LINE.exec(text) : null);
  if (found === null) return undefined;
  const [character] = found;
  const place = [...text.slice(0, found.index)].length + 1;
  if (character === '\ufffd') return `Tecken ${place} gick inte att läsa. Skicka texten i UTF-8.`;
  return `Tecken ${place} (${codePoint(character)}) kan inte skickas.`;
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
