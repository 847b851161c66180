import { ACCOUNT_COLUMNS, REJECT_COLUMNS } from './accountColumns.ts';
import { LINE_FAULT_TEXTS, type LineFault } from './accountLine.ts';

/** The header of a file of refused lines: an account file with two columns more, which a load passes over. */
export const REJECT_HEADER = `${[...ACCOUNT_COLUMNS, ...REJECT_COLUMNS].join(',')}\n`;

/**
 * A refused line with its number and its faults. One character for each byte, as account files are read: what the
 * line holds is given back as it was, in whatever encoding it was.
 */
export function rejectLine(fields: readonly string[], line: number, faults: readonly LineFault[]): string {
  const texts = faults.map((fault) => BYTE_TEXTS[fault]).join('; ');
  return `${[...fields, String(line), texts].map(quoted).join(',')}\n`;
}

const BYTE_TEXTS = Object.fromEntries(
  Object.entries(LINE_FAULT_TEXTS).map(([fault, text]) => [fault, Buffer.from(text).toString('latin1')]),
) as Record<LineFault, string>;

const quoted = (field: string): string => (/[",;]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
