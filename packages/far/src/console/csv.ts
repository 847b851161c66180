/**
 * A table as a file that Swedish and other spreadsheets open as it is: semicolons, a mark of UTF-8, and numbers without
 * spaces. A text that a spreadsheet would run as a formula gets an apostrophe before it.
 */
export function csv(header: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  return `\ufeff${[header, ...rows].map((row) => row.map(cell).join(';')).join('\r\n')}\r\n`;
}

/** Null is an empty cell. */
export type CsvValue = string | number | null;

const FORMULA = /^[=+\-@\t\r]/;

function cell(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toFixed(3).replace('.', ',');
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
