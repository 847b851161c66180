/** What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection). */
const FORMULA_START = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[";\r\n]|^\s|\s$/;

/**
 * Writes rows as a CSV that Excel opens with å, ä and ö in a Swedish Windows: byte order mark, semicolons, CRLF. A text that a spreadsheet
 * would run as a formula gets an apostrophe before it: what came from outside must do nothing on the desk of who opens the file.
 */
export function csvFile(columns: readonly string[], rows: readonly (readonly string[])[]): Buffer {
  const lines = [columns, ...rows].map((cells) => cells.map(csvCell).join(';'));
  return Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`);
}

function csvCell(text: string): string {
  const harmless = FORMULA_START.test(text) && !isNumber(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function isNumber(text: string): boolean {
  return /^-?\d+(?:[.,]\d+)?$/.test(text);
}
