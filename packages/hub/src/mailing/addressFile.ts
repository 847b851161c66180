import type { TemplateSettings } from '../organisation/configuration.ts';
import { readTable, type Table, type TableFault } from '../waysIn/files/table.ts';
import { type MailingText, readMailingText } from './mailingText.ts';
import { placeholderKey } from './placeholders.ts';
import {
  type AddressFileRecipient,
  RECIPIENT_COLUMN_KEYS,
  type RecipientColumns,
  toRecipient,
} from './recipientColumns.ts';
import { judgeRecipients, NO_ENVELOPE, RECIPIENTS_AT_ONCE_MAX } from './recipients.ts';

/** Of what is uploaded in a browser; longer lists go by the command line or the API, in bunches. */
export const ADDRESS_FILE_BYTES_MAX = 16 * 1024 * 1024;
export const ADDRESS_FILE_ROWS_MAX = RECIPIENTS_AT_ONCE_MAX;

export interface LineFault {
  readonly code: string;
  /** In the file; undefined: the whole file. */
  readonly line: number | undefined;
  readonly text: string;
}

export type AddressFileResult =
  | { readonly table: Table; readonly faults: readonly TableFault[] }
  | { readonly faults: readonly LineFault[] };

/** Reads the file as CSV or spreadsheet, and no longer one than goes in at once. */
export async function readAddressFile(bytes: Buffer): Promise<AddressFileResult> {
  const result = await readTable(bytes);
  if (!('table' in result) || result.table.rows.length <= ADDRESS_FILE_ROWS_MAX) return result;
  const text = `Filen har ${result.table.rows.length} rader; här tas högst ${ADDRESS_FILE_ROWS_MAX} emot. Lämna in den med kommandot brevduva mailing.`;
  return { faults: [{ code: 'HUB_TABLE_TOO_LARGE', line: undefined, text }] };
}

/** The rows of a file as recipients, with every fault by its line (scenario 17). */
export interface JudgedFile {
  /** Of every row that could be read, in order; sound or not. */
  readonly recipients: readonly AddressFileRecipient[];
  /** The line of each of `recipients`. */
  readonly lines: readonly number[];
  readonly sound: number;
  readonly faults: readonly LineFault[];
  /** What the template asks for and the file has no column of: no row can be sent to. */
  readonly missing: readonly string[];
}

export function judgeAddressFile(
  { table, faults }: { readonly table: Table; readonly faults: readonly TableFault[] },
  columns: RecipientColumns,
  template?: Pick<TemplateSettings, 'subject' | 'contentType' | 'message' | 'document'>,
): JudgedFile {
  const text = template && readTemplateText(template);
  const missing = text === undefined ? [] : missingColumns(text, table.columns, columns);
  const recipients = table.rows.map(({ cells }) => toRecipient(cells, columns, table.columns));
  const lines = table.rows.map(({ line }) => line);
  const judged = judgeRecipients(recipients, {
    envelope: NO_ENVELOPE,
    // A column that is not there is told once and not row by row.
    text: missing.length > 0 ? undefined : text,
    channelPolicy: 'digitalFirst',
  });
  const found = judged.faults.map(({ code, path, text }) => ({ code, text, line: lineOf(path, lines) }));
  const all: LineFault[] = [...faults, ...found];
  return {
    recipients,
    lines,
    sound: judged.rows.length,
    missing,
    faults: all.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
  };
}

/** The text of a template as a mailing of it would have it. */
function readTemplateText({
  subject,
  contentType,
  message,
  document,
}: Pick<TemplateSettings, 'subject' | 'contentType' | 'message' | 'document'>): MailingText {
  return readMailingText(subject, { contentType, text: message }, document).text;
}

/** Names that the text cannot do without, and no column but the recipient's number has. */
export function missingColumns(text: MailingText, known: readonly string[], { recipient }: RecipientColumns): string[] {
  const keys = new Set(known.filter((column) => column !== recipient).map(placeholderKey));
  const needed = text.facts.names.filter(({ isOptional }) => isOptional !== true);
  return needed.filter(({ name }) => !keys.has(placeholderKey(name))).map(({ name }) => name);
}

/** The line in the file of a fault at `recipients/<index>/…`. */
export function lineOf(path: string, lines: readonly number[]): number | undefined {
  const index = /^recipients\/(\d+)/.exec(path)?.[1];
  return index === undefined ? undefined : lines[Number(index)];
}

/** A person's choice of columns; undefined where it names none that the file has, or no recipient. */
export function chosenColumns(
  chosen: Readonly<Record<string, unknown>>,
  known: readonly string[],
): RecipientColumns | undefined {
  const of = (key: string) => known.find((column) => column === chosen[key]);
  const recipient = of('recipient');
  if (recipient === undefined) return undefined;
  const [, ...others] = RECIPIENT_COLUMN_KEYS;
  const rest = Object.fromEntries(others.map((key) => [key, of(key)])) as Omit<RecipientColumns, 'recipient'>;
  return { recipient, ...rest };
}
