/** Millimetres on A4, from the upper left corner. */
export interface RectangleMm {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export const ENVELOPE_KINDS = ['E65', 'C5', 'C4'] as const;
export type EnvelopeKind = (typeof ENVELOPE_KINDS)[number];

/** An envelope with a window, and where things stand on the first sheet that goes into it. */
export interface EnvelopeLayout {
  readonly kind: EnvelopeKind;
  /** Filled with more, machines jam. */
  readonly sheetsMax: number;
  /** Of the empty envelope. */
  readonly weightGrams: number;
  /** Return line and address, and nothing else, stand wholly inside. */
  readonly window: RectangleMm;
  /** Around the window; holds nothing but what is in the window. */
  readonly quietZone: RectangleMm;
  /** Where the message begins on the first page, below every fold and window. */
  readonly bodyTopMm: number;
}

/** A print shop's paper and envelopes. Data, not code: a shop with others gets its own values (docs/paper.md). */
export interface PrintLayout {
  readonly code: string;
  readonly name: string;
  /** 80 g/m² A4 weighs 5 g, 90 g/m² 5.6 g. */
  readonly sheetWeightGrams: number;
  /** Printers do not reach the outermost millimetres; nothing of a sender's document may lie there. 0: not judged. */
  readonly marginMm: number;
  /** On every sheet's front: the sheet mark, and nothing else. */
  readonly markZone: RectangleMm;
  /** From the smallest; a letter gets the first that takes its sheets. */
  readonly envelopes: readonly EnvelopeLayout[];
}

export const A4_WIDTH_MM = 210;
export const A4_HEIGHT_MM = 297;
export const A4_WIDTH_POINTS = 595.276;
export const A4_HEIGHT_POINTS = 841.89;
export const POINTS_PER_MM = 72 / 25.4;

/**
 * The Swedish right-hand window (H2) of C5 (229×162, A4 folded once) and E65 (220×110, A4 folded in three). Nordic makers put the
 * window some 40 mm below the envelope's upper edge and 15–20 mm from its side, 30–35 high and 90–105 wide (the Norwegian table at
 * officeconsult.no/blogg/brevmaler-…, mirrored; Swedish H2 per harrykuvert.se/kuvertguide). The sheet has 13.5 mm (C5) or 11 mm (E65)
 * play in height and 19 or 10 mm in width, so the address stands in the part that shows wherever the sheet lies, and the quiet zone is
 * what may come to show. Not measured against a shop's own envelopes: do that before the first real mailing.
 */
const FOLDED_WINDOW = {
  window: { left: 110, top: 36, width: 85, height: 30 },
  quietZone: { left: 102, top: 26, width: 101, height: 48 },
  bodyTopMm: 80,
};
/** C4 (324×229) upright: the sheet lies unfolded with 19 mm play in width and 27 in height, so more may come to show. */
const FLAT_WINDOW = {
  window: { left: 108, top: 38, width: 85, height: 30 },
  quietZone: { left: 96, top: 20, width: 107, height: 62 },
  bodyTopMm: 88,
};

/** E65 folded in three takes three sheets, C5 ten (PostNord's eBREV stops at six), C4 what a letter box takes of 2 cm. */
export const STANDARD_LAYOUT: PrintLayout = {
  code: 'standard',
  name: 'E65, C5 och C4 med högerfönster',
  sheetWeightGrams: 5,
  marginMm: 4,
  markZone: { left: 5, top: 205, width: 9, height: 62 },
  envelopes: [
    { kind: 'E65', sheetsMax: 3, weightGrams: 5, ...FOLDED_WINDOW },
    { kind: 'C5', sheetsMax: 10, weightGrams: 7, ...FOLDED_WINDOW },
    { kind: 'C4', sheetsMax: 50, weightGrams: 20, ...FLAT_WINDOW },
  ],
};
