import type { PrintLayout } from '../../paper/printLayout.ts';
import { sheetMark, sheetMarkText } from '../../paper/sheetMark.ts';
import { type DarkRun, writeDataMatrix } from './writeDataMatrix.ts';

/** What the typesetter draws on the front of each sheet, see template/marks.typ. Lengths are millimetres. */
export interface MarkData {
  readonly zone: PrintLayout['markZone'];
  readonly moduleMm: number;
  /** A mark stands on every first, or every second, page. */
  readonly pagesPerSheet: 1 | 2;
  readonly sheets: readonly { readonly text: string; readonly size: number; readonly runs: readonly DarkRun[] }[];
}

/** Readers take 0.25 mm; printers of a print shop keep 0.4 without care. */
const MODULE_MM = 0.4;

/** The marks of the letter's sheets from one to another, both counted from 1. */
export async function markData(
  letterId: string,
  layout: PrintLayout,
  span: { readonly from: number; readonly to: number; readonly sheets: number; readonly pagesPerSheet: 1 | 2 },
): Promise<MarkData> {
  const numbers = Array.from({ length: span.to - span.from + 1 }, (_, index) => span.from + index);
  const marks = numbers.map(async (sheet) => {
    const { size, runs } = await writeDataMatrix(sheetMark(letterId, sheet, span.sheets));
    return { text: sheetMarkText(letterId, sheet, span.sheets), size, runs };
  });
  return {
    zone: layout.markZone,
    moduleMm: MODULE_MM,
    pagesPerSheet: span.pagesPerSheet,
    sheets: await Promise.all(marks),
  };
}
