import type { Principal } from '@brevduva/base';

/** `registerOwner` runs the register and may change what it holds; `reader` sees all of it and changes nothing. */
export const FAR_ROLES = ['registerOwner', 'reader'] as const;
export type FarRole = (typeof FAR_ROLES)[number];

/** Whether the person may change who is connected, and how. */
export function mayChange({ roles }: Pick<Principal, 'roles'>): boolean {
  return roles.includes('registerOwner' satisfies FarRole);
}

/** Of the roles that the identity provider claims, those that count here. */
export function farRolesOf(claimed: unknown): FarRole[] {
  return FAR_ROLES.filter((role) => [claimed].flat().includes(role));
}
