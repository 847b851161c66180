import type { RectangleMm } from './printLayout.ts';

/** A card that goes without envelope, and where things stand on its front. Millimetres, from the upper left corner. */
export interface PostcardFormat {
  readonly widthMm: number;
  readonly heightMm: number;
  /** Nothing stands nearer to the edge. */
  readonly marginMm: number;
  /** Grams per square metre. */
  readonly paperWeight: number;
  /** Who sends it, and whither it returns. */
  readonly sender: RectangleMm;
  /** The recipient's address. Above it is the stamp's place, below it the sorting machine's. */
  readonly address: RectangleMm;
  readonly markZone: RectangleMm;
}

/**
 * A6 across (ISO 216), which is what a municipal print shop without enveloping machine can address card by card (../shared/prestudy.txt 4.2).
 * The stamp has 74 × 40 mm in the upper right corner, and the lowest 15 mm are left to the sorting machine's bars.
 */
export const POSTCARD: PostcardFormat = {
  widthMm: 148,
  heightMm: 105,
  marginMm: 7,
  paperWeight: 250,
  sender: { left: 18, top: 8, width: 50, height: 60 },
  address: { left: 76, top: 50, width: 66, height: 36 },
  markZone: { left: 5, top: 30, width: 9, height: 62 },
};

/** Grams, rounded up. */
export function postcardWeightGrams({ widthMm, heightMm, paperWeight }: PostcardFormat): number {
  return Math.ceil((widthMm * heightMm * paperWeight) / 1_000_000);
}
