/** What the contract demands of an e-ID that opens a mailbox (FACTS k). */
export const ASSURANCE_LEVEL_MIN = 3;

/**
 * Level of assurance that a login's `acr` names: `loa3`, or an address that ends so, as
 * `http://id.elegnamnden.se/loa/1.0/loa3`. 0 for anything else, `uncertified-loa3` among it.
 */
export function assuranceLevel(acr: unknown): number {
  const name = typeof acr === 'string' ? (acr.split('/').at(-1) ?? '') : '';
  const level = /^loa([1-4])$/i.exec(name)?.[1];
  return level === undefined ? 0 : Number(level);
}
