import type { FlowFacts } from './letter.ts';

/** What the organisation pays, in öre without VAT. */
export interface Prices {
  /** A letter in a digital mailbox. */
  readonly digital: number;
  readonly eInvoice: number;
  readonly postageEconomy: number;
  readonly postagePriority: number;
  readonly envelope: number;
  /** A printed sheet, both sides. */
  readonly sheet: number;
  /** One SMS; a long text is several. */
  readonly smsPart: number;
  readonly email: number;
}

/** Until the organisation says its own: of the size that such prices have, and right for nobody. */
export const DEFAULT_PRICES: Prices = {
  digital: 100,
  eInvoice: 150,
  postageEconomy: 750,
  postagePriority: 1_500,
  envelope: 50,
  sheet: 60,
  smsPart: 40,
  email: 1,
};

/** Two pages to a sheet. */
export function sheetsOf(pages: number): number {
  return Math.ceil(pages / 2);
}

/** A paper letter of so many sheets, in öre. */
export function paperCost(
  prices: Prices,
  { postageClass, paperFormat }: Pick<FlowFacts, 'postageClass' | 'paperFormat'>,
  sheets: number,
): number {
  const postage = postageClass === 'priority' ? prices.postagePriority : prices.postageEconomy;
  const envelope = paperFormat === 'postcard' ? 0 : prices.envelope;
  return postage + envelope + prices.sheet * sheets;
}
