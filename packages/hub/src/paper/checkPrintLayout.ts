import { A4_HEIGHT_MM, A4_WIDTH_MM, type EnvelopeLayout, type PrintLayout, type RectangleMm } from './printLayout.ts';

export interface LayoutFault {
  /** Field within the layout, as `envelopes/0/window`. */
  readonly path: string;
  readonly text: string;
}

/** A Data Matrix of 20 modules of 0.4 mm with half a millimetre of white on each side, and the text of 6 points beside it. */
export const MARK_ZONE_MM_MIN = { width: 9, height: 60 } as const;
/** Where our own letters have their text (template/letter.typ). */
const TEXT_MM = { left: 25, right: A4_WIDTH_MM - 22 };
/** Where A4 is folded: a mark on a fold is not read. */
const FOLDS_MM: Readonly<Record<EnvelopeLayout['kind'], readonly number[]>> = { E65: [99, 198], C5: [148.5], C4: [] };

/** Whether things stand where they can: everything on the sheet, address and mark apart, no mark on a fold. All faults at once. */
export function checkPrintLayout({ markZone, envelopes }: PrintLayout): LayoutFault[] {
  return [
    ...onSheet(markZone, 'markZone'),
    ...markFaults(markZone),
    ...(envelopes.length === 0 ? [{ path: 'envelopes', text: 'Minst ett kuvert behövs.' }] : []),
    ...envelopes.flatMap((envelope, n) => envelopeFaults(envelope, envelopes[n - 1], markZone, `envelopes/${n}`)),
  ];
}

function markFaults({ left, width, height }: RectangleMm): LayoutFault[] {
  const { width: widthMin, height: heightMin } = MARK_ZONE_MM_MIN;
  const isSmall = width < widthMin || height < heightMin;
  const isInText = left + width > TEXT_MM.left && left < TEXT_MM.right;
  return [
    ...fault(isSmall, 'markZone', `Bladmärket behöver minst ${widthMin} × ${heightMin} mm.`),
    ...fault(
      isInText,
      'markZone',
      `Bladmärket ska stå i marginalen: till vänster om ${TEXT_MM.left} mm eller till höger om ${TEXT_MM.right} mm.`,
    ),
  ];
}

function envelopeFaults(
  { kind, sheetsMax, window, quietZone, bodyTopMm }: EnvelopeLayout,
  smaller: EnvelopeLayout | undefined,
  markZone: RectangleMm,
  path: string,
): LayoutFault[] {
  const isSmaller = smaller !== undefined && sheetsMax <= smaller.sheetsMax;
  const fold = FOLDS_MM[kind].find((place) => place > markZone.top && place < bottomOf(markZone));
  return [
    ...onSheet(window, `${path}/window`),
    ...onSheet(quietZone, `${path}/quietZone`),
    ...fault(!contains(quietZone, window), `${path}/quietZone`, 'Den tysta zonen ska omfatta hela fönstret.'),
    ...fault(overlap(quietZone, markZone), `${path}/quietZone`, 'Den tysta zonen och bladmärket ligger på varandra.'),
    ...fault(
      bodyTopMm < bottomOf(quietZone),
      `${path}/bodyTopMm`,
      `Brevtexten ska börja nedanför den tysta zonen, som slutar vid ${bottomOf(quietZone)} mm.`,
    ),
    ...fault(isSmaller, `${path}/sheetsMax`, 'Kuverten ska stå från det minsta till det största.'),
    ...fault(fold !== undefined, `${path}/kind`, `Bladmärket ligger på vikningen vid ${fold} mm.`),
  ];
}

function onSheet(area: RectangleMm, path: string): LayoutFault[] {
  return fault(
    area.left + area.width > A4_WIDTH_MM || bottomOf(area) > A4_HEIGHT_MM,
    path,
    `Ytan går utanför A4, som är ${A4_WIDTH_MM} × ${A4_HEIGHT_MM} mm.`,
  );
}

function contains(outer: RectangleMm, inner: RectangleMm): boolean {
  return (
    inner.left >= outer.left &&
    inner.top >= outer.top &&
    inner.left + inner.width <= outer.left + outer.width &&
    bottomOf(inner) <= bottomOf(outer)
  );
}

function overlap(a: RectangleMm, b: RectangleMm): boolean {
  const isBeside = a.left + a.width <= b.left || b.left + b.width <= a.left;
  return !isBeside && bottomOf(a) > b.top && bottomOf(b) > a.top;
}

function bottomOf({ top, height }: RectangleMm): number {
  return top + height;
}

function fault(isWrong: boolean, path: string, text: string): LayoutFault[] {
  return isWrong ? [{ path, text }] : [];
}
