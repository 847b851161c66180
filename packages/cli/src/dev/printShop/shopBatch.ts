import type { FaultKind } from '../faults.ts';

/**
 * Where a letter is in this print shop.
 *
 * taken     Its batch is fetched, and its PDF is checked.
 * produced  Printed and in its envelope.
 * posted    With the post.
 * rejected  Not made, and the customer is told why.
 * lost      Made, but it never came to the post; nobody is told.
 * returned  The post brought it back: to the shop, which tells why, or to the customer, who reads the mark.
 */
export type ShopLetterState = 'taken' | 'produced' | 'posted' | 'rejected' | 'lost' | 'returned';

/** A letter as the manifest tells of it, and what became of it here. */
export interface ShopLetter {
  readonly letter: string;
  readonly file: string;
  readonly firstPage: number;
  readonly pages: number;
  readonly sheets: number;
  readonly sha256: string;
  readonly duplex: boolean;
  readonly colour: boolean;
  readonly envelope: string;
  /** In the bar code of the unit's own envelope; posted on the unit. */
  readonly envelopeCode?: string | undefined;
  readonly postage: string;
  readonly weightGrams: number;
  readonly country: string;
  readonly unit: string;
  readonly flow: string;
  /** What goes wrong with it, decided when it was taken. */
  readonly fate?: FaultKind | undefined;
  state: ShopLetterState;
  /** Why it is rejected; of a returned one that came to the shop, a code of {@link RETURN_REASON_TEXTS}. */
  reason?: string;
}

/** What is made alike, as the job ticket says. */
export interface ShopPart {
  readonly envelope: string;
  readonly envelopeCode?: string | undefined;
  readonly postage: string;
  readonly sides: string;
  readonly colour: boolean;
  readonly letters: number;
  readonly sheets: number;
}

export interface ShopBatch {
  readonly id: string;
  /** The customer's folder, with `batches`, `done` and `receipts`. */
  readonly folder: string;
  readonly takenAt: string;
  /** So much later than usual. */
  readonly delayMs: number;
  readonly organisation: { readonly number: string; readonly name: string };
  readonly closedAt: string;
  /** What the customer expects to be told. */
  readonly receipts: string;
  readonly files: string;
  readonly parts: readonly ShopPart[];
  readonly letters: readonly ShopLetter[];
  /** Why nothing of it can be made. */
  readonly fault?: string;
  isAcknowledged: boolean;
  /** Receipt files so far; numbers them. */
  told: number;
}

/** Why the post brings mail back, with the codes of docs/printshop.md. */
export const RETURN_REASON_TEXTS = {
  unknownAtAddress: 'Okänd på adressen eller flyttat',
  insufficientAddress: 'Otillräcklig adress',
  notCollected: 'Ej avhämtat',
  refused: 'Mottagaren tar inte emot',
  deceased: 'Avliden',
  damaged: 'Skadat på vägen',
  other: 'Annat, eller oläsligt',
} as const;

export type ReturnReason = keyof typeof RETURN_REASON_TEXTS;

export function isReturnReason(code: string | undefined): code is ReturnReason {
  return code !== undefined && Object.hasOwn(RETURN_REASON_TEXTS, code);
}
