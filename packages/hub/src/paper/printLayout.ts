import type { PrintJobFacts } from './handOver.ts';

/** Millimetres on A4, from the upper left corner. */
export interface RectangleMm {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Where things stand on the first sheet. Data, not code: a print shop with other envelopes gets its own values.
 *
 * The default is for the Swedish right-hand window (H2) of both C5 (229×162, A4 folded once) and E65 (220×110, A4 folded
 * in three). Nordic makers put the window some 40 mm below the envelope's upper edge and 15–20 mm from its side, 30–35
 * high and 90–105 wide (the Norwegian table at officeconsult.no/blogg/brevmaler-…, mirrored; Swedish H2 per
 * harrykuvert.se/kuvertguide). The sheet has 13.5 mm (C5) or 11 mm (E65) play in height and 19 or 10 mm in width, so the address
 * stands in the part that shows wherever the sheet lies, and the quiet zone is what may come to show: it holds nothing else.
 * Not measured against a shop's own envelopes: do that before the first real mailing.
 */
export interface PrintLayout {
  /** Return line and address, and nothing else, stand wholly inside. */
  readonly window: RectangleMm;
  /** Around the window; holds nothing but what is in the window. */
  readonly quietZone: RectangleMm;
  /** Where the message begins on the first page, below every fold and window. */
  readonly bodyTopMm: number;
  /** Distance of the sheet mark from the left edge; printers do not reach the outermost 4 mm. */
  readonly markLeftMm: number;
  /** Where the mark begins, from the lower edge upwards. */
  readonly markBottomMm: number;
}

export const PRINT_LAYOUT: PrintLayout = {
  window: { left: 110, top: 36, width: 85, height: 30 },
  quietZone: { left: 102, top: 26, width: 101, height: 48 },
  bodyTopMm: 80,
  markLeftMm: 7,
  markBottomMm: 30,
};

export const A4_WIDTH_POINTS = 595.276;
export const A4_HEIGHT_POINTS = 841.89;
export const POINTS_PER_MM = 72 / 25.4;

/** 90 g/m² A4 weighs 5.6 g; a folded C5 takes ten sheets before machines jam (PostNord's eBREV stops at six). */
export const SHEETS_MAX = 10;
/** Folded in three, an E65 takes no more. */
const E65_SHEETS_MAX = 3;

/** The smallest envelope for so many sheets. */
export function envelopeFor(sheets: number): PrintJobFacts['envelope'] {
  if (sheets <= E65_SHEETS_MAX) return 'E65';
  return sheets <= SHEETS_MAX ? 'C5' : 'C4';
}
