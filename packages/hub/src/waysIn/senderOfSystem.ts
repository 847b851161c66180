import type { MayActFor } from '@brevduva/protocol';
import type { BusinessSystem } from '../organisation/businessSystem.ts';

/** Whose system it is: the number stands first in the login name, which is made of it (loginNameOf). */
export function organizationNumberOf({ loginName }: BusinessSystem): string {
  return loginName.slice(0, loginName.indexOf('-'));
}

/** The credential says whose system it is: a supplier's system hands in for the municipality that has let it in, and for no other. */
export function mayHandInFor(caller: string, system: BusinessSystem): MayActFor {
  const own = organizationNumberOf(system);
  return (organization, senderId) => organization === caller && senderId === own;
}
