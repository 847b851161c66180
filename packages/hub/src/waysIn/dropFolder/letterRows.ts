import type { ColumnMeaning, ColumnNames, DropFolderSettings } from '../../organisation/waysIn/dropFolder.ts';
import type { FileFault, IndexRow, ReadIndex } from './indexRows.ts';
import { invoiceOfRow } from './invoiceRow.ts';

/** A letter as a row of the index says it, before its PDF is read. */
export interface LetterRow {
  readonly line: number;
  /** As the index writes it. */
  readonly file: string;
  readonly attachmentName: string;
  readonly flow: string;
  readonly reference: string | undefined;
  /** As REST would have it. */
  readonly json: Readonly<Record<string, unknown>>;
}

export interface RowContext {
  readonly settings: Pick<DropFolderSettings, 'flow' | 'subject' | 'message' | 'columns' | 'account'>;
  readonly systemName: string;
  /** The PDF where the row need not name it. */
  readonly file?: string;
}

/** The columns that must be there and are not: a misspelt heading must not be lost in silence (scenario 17). */
export function columnFaults({ columns }: ReadIndex, { names, required }: ColumnNames): FileFault[] {
  if (columns === undefined) return [];
  const needed = new Set<ColumnMeaning>(['recipient', 'file', ...required]);
  const missing = [...needed].filter((meaning) => !columns.has(names[meaning].toLowerCase()));
  return missing.map((meaning) => ({
    code: 'HUB_INDEX_COLUMN' as const,
    line: 1,
    text: `Kolumnen ”${names[meaning]}” finns inte. Filen har: ${[...columns].slice(0, COLUMNS_TOLD_MAX).join(', ')}.`,
  }));
}

const COLUMNS_TOLD_MAX = 30;

/** What a row says, or what is wrong with it beside what intake judges. */
export function toLetterRow(row: IndexRow, context: RowContext): LetterRow | FileFault[] {
  const { settings, systemName } = context;
  const text = (meaning: ColumnMeaning) => row.cells.get(settings.columns.names[meaning].toLowerCase()) ?? '';
  const optional = (meaning: ColumnMeaning) => text(meaning) || undefined;
  const faults: FileFault[] = [];
  const file = context.file ?? text('file');
  if (file === '') faults.push({ code: 'HUB_FILE_MISSING', line: row.line, text: 'Raden nämner ingen fil.' });
  const isProtected = flagOf(text('protectedIdentity'));
  if (isProtected === undefined) {
    const name = settings.columns.names.protectedIdentity;
    faults.push({ code: 'HUB_INDEX_VALUE', line: row.line, text: `Fältet ”${name}” ska vara ja eller nej.` });
  }
  const { invoice, faults: invoiceFaults } = invoiceOfRow(row, settings);
  faults.push(...invoiceFaults);
  if (faults.length > 0) return faults;
  const flow = optional('flow') ?? settings.flow;
  const reference = optional('reference');
  const subject = optional('subject') ?? settings.subject;
  const address = addressOf(optional);
  const contact = { phone: optional('phone'), email: optional('email') };
  const message = optional('message') ?? settings.message ?? `Brevet från ${systemName} finns i den bifogade filen.`;
  return {
    line: row.line,
    file,
    attachmentName: optional('attachmentName') ?? lastPart(file),
    flow,
    reference,
    json: {
      flow,
      recipient: text('recipient'),
      body: { text: message },
      ...(subject !== undefined && { subject }),
      ...(reference !== undefined && { reference }),
      ...(address && { address }),
      ...((contact.phone ?? contact.email) !== undefined && { contact }),
      ...(isProtected && { protectedIdentity: true }),
      ...(invoice && { invoice }),
    },
  };
}

/** Names of the files that the rows mention. */
export function namedFiles({ rows }: ReadIndex, { names }: ColumnNames): string[] {
  const column = names.file.toLowerCase();
  return [...new Set(rows.map(({ cells }) => cells.get(column) ?? '').filter((name) => name !== ''))];
}

function addressOf(optional: (meaning: ColumnMeaning) => string | undefined): Record<string, unknown> | undefined {
  const lines = [optional('street'), optional('street2')].filter((line) => line !== undefined);
  const parts = { name: optional('name'), careOf: optional('careOf'), postalCode: optional('postalCode') };
  const address = { ...parts, city: optional('city'), country: optional('country') };
  const given = Object.entries(address).filter(([, value]) => value !== undefined);
  // A name by itself is there for people to read the file by, and no address.
  const isAddress = lines.length > 0 || given.some(([field]) => field !== 'name');
  return isAddress ? { ...Object.fromEntries(given), lines } : undefined;
}

const YES = ['ja', 'j', 'true', 'yes', '1', 'x'];
const NO = ['', 'nej', 'n', 'false', 'no', '0'];

function flagOf(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return YES.includes(lower) ? true : NO.includes(lower) ? false : undefined;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
