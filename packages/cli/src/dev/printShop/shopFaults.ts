import type { FaultKind } from '../faults.ts';

/** What this print shop can be told to do wrong; of a letter, but for `down`. */
export const SHOP_FAULT_TEXTS = {
  down: 'Nere: hämtar och berättar ingenting',
  slow: 'Sen: allt tar längre tid',
  'refuse-for-good': 'Avvisar brevet, med ett skäl',
  'loses-letter': 'Tappar bort brevet före posten',
  'accept-then-silence': 'Hämtar, men berättar aldrig något',
  'tells-twice': 'Berättar allt två gånger',
  'tells-of-unknown': 'Berättar om ett brev som ingen har lämnat',
  'wrong-answer': 'Skriver en trasig kvittensfil',
} as const satisfies Partial<Record<FaultKind, string>>;

export type ShopFaultKind = keyof typeof SHOP_FAULT_TEXTS;

export function isShopFault(kind: string): kind is ShopFaultKind {
  return Object.hasOwn(SHOP_FAULT_TEXTS, kind);
}
