import type { RecipientId } from '@brevduva/protocol';
import type { PostalAddress } from './paper/address.ts';

/**
 * Where postal addresses come from when the business system gave none: the population register (Navet, SPAR) or what stands in its
 * place. Asked for persons only, at dispatch, and nothing of the answer is kept but the address on the letter itself.
 */
export interface AddressSource {
  /** Never rejects: that it cannot answer is an answer, and the letters wait (scenario 13). */
  find(persons: readonly RecipientId[]): Promise<AddressAnswer>;
}

export type AddressAnswer =
  | { readonly kind: 'answered'; readonly persons: ReadonlyMap<string, FoundAddress> }
  /** `reason` for the log and the event; no personal number in it. */
  | { readonly kind: 'unavailable'; readonly reason: string };

/** `protected`: the person's data are protected, and no address is given to anyone here. */
export type FoundAddress =
  | { readonly kind: 'found'; readonly address: PostalAddress }
  | { readonly kind: 'protected' | 'deceased' | 'unknown' };

/** So many persons in one question. */
export const ADDRESS_PERSONS_MAX = 1_000;
