import { readSwedishAmount } from '../../invoice/amount.ts';
import { isDay } from '../../invoice/checkInvoice.ts';
import type { ColumnMeaning, DropFolderSettings } from '../../organisation/waysIn/dropFolder.ts';
import type { FileFault, IndexRow } from './indexRows.ts';

/**
 * What a row asks to be paid, as REST would have it, or what is wrong. A row with neither amount, due date nor reference asks for
 * nothing: an account may stand on every row of a file.
 */
export function invoiceOfRow(
  { line, cells }: IndexRow,
  { columns, account }: Pick<DropFolderSettings, 'columns' | 'account'>,
): { readonly invoice?: Readonly<Record<string, unknown>>; readonly faults: readonly FileFault[] } {
  const text = (meaning: ColumnMeaning) => cells.get(columns.names[meaning].toLowerCase()) || undefined;
  if (ASKING.every((meaning) => text(meaning) === undefined)) return { faults: [] };
  const faults: FileFault[] = [];
  const note = (meaning: ColumnMeaning, why: string) => {
    faults.push({ code: 'HUB_INDEX_VALUE', line, text: `Fältet ”${columns.names[meaning]}”: ${why}` });
  };
  const amount = readSwedishAmount(text('amount') ?? '');
  if (text('amount') === undefined) note('amount', 'Beloppet saknas.');
  else if ('text' in amount) note('amount', amount.text);
  const dueDate = dayOf(text('dueDate') ?? '');
  if (dueDate === undefined) note('dueDate', DAY_TEXT);
  if (faults.length > 0) return { faults };
  const given = { bankgiro: text('bankgiro'), plusgiro: text('plusgiro') };
  const hasAccount = given.bankgiro !== undefined || given.plusgiro !== undefined;
  const invoice = {
    ...(dueDate !== undefined && { dueDate }),
    ...('decimal' in amount && { amount: amount.decimal }),
    ...(!hasAccount && account !== undefined && { [account.kind]: account.number }),
    ...withoutEmpty({
      ...given,
      currency: currencyOf(text('currency')),
      ocr: text('ocr'),
      message: text('paymentMessage'),
    }),
  };
  return { invoice, faults };
}

const ASKING: readonly ColumnMeaning[] = ['amount', 'dueDate', 'ocr', 'paymentMessage'];
const DAY_TEXT = 'Skriv förfallodagen som 2026-12-24 eller 20261224.';

/** Year, month and day in that order, with hyphens or without; 24/12 2026 and 12/24/2026 are for nobody to guess at. */
function dayOf(text: string): string | undefined {
  const day = text.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  return isDay(day) ? day : undefined;
}

function currencyOf(text: string | undefined): string | undefined {
  return text?.toLowerCase() === 'kr' ? 'SEK' : text?.toUpperCase();
}

function withoutEmpty(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
