const TEXT: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' };
const ATTRIBUTE: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

/** Text as Canonical XML writes it (section 2.3 there). */
export function escapeText(text: string): string {
  // Base64 of half a megabyte passes here: four searches take 17 µs, one regular expression 270 µs.
  const isPlain = !text.includes('&') && !text.includes('<') && !text.includes('>') && !text.includes('\r');
  return isPlain ? text : text.replace(/[&<>\r]/g, (c) => TEXT[c] ?? c);
}

/** An attribute value as Canonical XML writes it, without the quotation marks. */
export function escapeAttribute(value: string): string {
  return /[&<"\t\n\r]/.test(value) ? value.replace(/[&<"\t\n\r]/g, (c) => ATTRIBUTE[c] ?? c) : value;
}
