import { A4_HEIGHT_MM, POINTS_PER_MM, type PrintLayout } from '../../paper/printLayout.ts';
import { sheetMark, sheetMarkText } from '../../paper/sheetMark.ts';
import type { PageForm } from '../assembly/pageForms.ts';
import { markFont } from './markFont.ts';
import { writeDataMatrix } from './writeDataMatrix.ts';

/** Readers take 0.25 mm; printers of a print shop keep 0.4 without care. */
const MODULE_MM = 0.4;
const TEXT_POINTS = 6;
/** The typeface's capitals, as a part of its size. */
const CAPITALS = 0.66;
const TEXT_GAP_MM = 2;
const TEXT_HALF_MM = 1;

/**
 * The mark on a sheet's front: a Data Matrix at the foot of its zone, and upwards from it the same for people. Drawn by our own operators:
 * by the typesetter it cost more than the whole letter (docs/performance.md). On A4 unless another height is given.
 */
export async function markForm(
  letterId: string,
  { markZone: zone, heightMm = A4_HEIGHT_MM }: Pick<PrintLayout, 'markZone'> & { readonly heightMm?: number },
  { sheet, sheets }: { readonly sheet: number; readonly sheets: number },
): Promise<PageForm> {
  const { size, runs } = writeDataMatrix(sheetMark(letterId, sheet, sheets));
  const font = await markFont();
  const side = size * MODULE_MM;
  const gap = (zone.width - side) / 2;
  const [left, top] = [zone.left + gap, zone.top + zone.height - gap - side];
  const modules = runs.map(([x, y, length]) =>
    [
      points(left + x * MODULE_MM),
      points(heightMm - top - (y + 1) * MODULE_MM),
      points(length * MODULE_MM),
      MODULE,
      're',
    ].join(' '),
  );
  const textLeft = points(zone.left + zone.width / 2 - TEXT_HALF_MM + (CAPITALS * TEXT_POINTS) / POINTS_PER_MM);
  const textFoot = points(heightMm - top + TEXT_GAP_MM);
  const text = font.encode(sheetMarkText(letterId, sheet, sheets));
  return {
    operators: `0 g\n${modules.join('\n')}\nf\nBT /${FONT} ${TEXT_POINTS} Tf 0 1 -1 0 ${textLeft} ${textFoot} Tm <${text}> Tj ET\n`,
    fonts: new Map([[FONT, font]]),
  };
}

const FONT = 'F';
const MODULE = points(MODULE_MM);

function points(mm: number): string {
  return (mm * POINTS_PER_MM).toFixed(3);
}
