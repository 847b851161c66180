import { characterFault } from '../intake/characters.ts';
import type { EInvoiceAddress } from './eInvoiceRegistry.ts';

const SCHEME = /^[0-9A-Z]{2,4}$/;
/** What PEPPOL's policy for identifiers allows in a value, and no more. */
const ID = /^[0-9A-Za-z.:_~-]{1,135}$/;
const NAME_CHARACTERS_MAX = 100;

/** Reads `0007:5568402266`, and the name beside it; undefined when either cannot be used. What is after the first colon is the id. */
export function readEInvoiceAddress(endpoint: unknown, name?: unknown): EInvoiceAddress | undefined {
  if (typeof endpoint !== 'string') return undefined;
  const colon = endpoint.indexOf(':');
  const scheme = endpoint.slice(0, Math.max(colon, 0));
  const id = endpoint.slice(colon + 1);
  if (!SCHEME.test(scheme) || !ID.test(id)) return undefined;
  if (name === undefined || name === null || name === '') return { scheme, id };
  if (typeof name !== 'string' || name.length > NAME_CHARACTERS_MAX || characterFault(name, 'line') !== undefined) {
    return undefined;
  }
  return { scheme, id, name: name.trim() };
}
