import type { MetaData } from '@brevduva/protocol';
import type { PostalAddress } from '../../paper/address.ts';

/**
 * The recipient's postal address among a message's metadata, for a dispatcher that prints: the contract has no field for it (FACTS b.5),
 * so both sides must have agreed on this one. Inside the signature, like the rest of the message.
 */
export function writePostalAddress(address: PostalAddress): MetaData {
  return { Tag: POSTAL_ADDRESS_TAG, Value: JSON.stringify(address) };
}

/** As a hand-in writes an address, to be judged as any; undefined: there is none. What is no JSON is judged as an address without fields. */
export function readPostalAddress(metadata: readonly MetaData[]): unknown {
  const value = metadata.find(({ Tag }) => Tag === POSTAL_ADDRESS_TAG)?.Value;
  if (value === undefined) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return {};
  }
}

const POSTAL_ADDRESS_TAG = 'brevduva:postalAddress';
