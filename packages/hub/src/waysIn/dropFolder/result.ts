import { csvFile } from '../files/csvFile.ts';

/** What became of a row: `heldBack` is sound, but was not sent since another row was refused. */
export type RowOutcome = 'accepted' | 'duplicate' | 'refused' | 'heldBack';

export interface ResultRow {
  readonly line: number | undefined;
  readonly file: string | undefined;
  readonly reference: string | undefined;
  readonly outcome: RowOutcome;
  readonly letterId: string | undefined;
  readonly faults: readonly { readonly code: string; readonly field?: string; readonly text: string }[];
}

export interface ResultMailing {
  readonly id: string;
  readonly flow: string;
  readonly state: string;
}

/** The answer to a delivery: what the result files say. */
export interface DeliveryResult {
  readonly delivery: string;
  readonly id: string;
  readonly outcome: 'done' | 'failed';
  readonly understoodAs: string;
  readonly mailings: readonly ResultMailing[];
  readonly rows: readonly ResultRow[];
}

export function countRows(rows: readonly ResultRow[]): Record<RowOutcome, number> {
  const counts = { accepted: 0, duplicate: 0, refused: 0, heldBack: 0 };
  for (const { outcome } of rows) counts[outcome] += 1;
  return counts;
}

/** What the console shows: as many rows as a delivery has whose letters are single ones; those with faults first. */
export const TOLD_ROWS_MAX = 200;
const TOLD_FAULTS_MAX = 20;

export function toldRows(rows: readonly ResultRow[]): ResultRow[] {
  const faulty = rows.filter(({ faults }) => faults.length > 0);
  const others = rows.filter(({ faults }) => faults.length === 0);
  return [...faulty.slice(0, TOLD_ROWS_MAX), ...others.slice(0, TOLD_ROWS_MAX)]
    .slice(0, TOLD_ROWS_MAX)
    .map((row) => ({ ...row, faults: row.faults.slice(0, TOLD_FAULTS_MAX) }));
}

const OUTCOME_WORDS: Readonly<Record<RowOutcome, string>> = {
  accepted: 'mottaget',
  duplicate: 'redan mottaget',
  refused: 'nekat',
  heldBack: 'väntar på rättning',
};
const COLUMNS = ['rad', 'fil', 'referens', 'utfall', 'brev-id', 'felkod', 'fält', 'fel'];

/** For people, in their spreadsheet: a line for each letter, and one for each fault. */
export function resultCsv({ rows }: DeliveryResult): Buffer {
  const lines = rows.flatMap(({ line, file, reference, outcome, letterId, faults }) => {
    const head = [String(line ?? ''), file ?? '', reference ?? '', OUTCOME_WORDS[outcome], letterId ?? ''];
    if (faults.length === 0) return [[...head, '', '', '']];
    return faults.map(({ code, field, text }) => [...head, code, field ?? '', text]);
  });
  return csvFile(COLUMNS, lines);
}

/** For programs. */
export function resultJson(result: DeliveryResult): string {
  const { rows, ...head } = result;
  return `${JSON.stringify({ ...head, counts: countRows(rows), rows })}\n`;
}
