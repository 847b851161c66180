import { type Claims, type Clock, type Log, type Principal, registerLogin } from '@brevduva/base';
import type { FastifyInstance } from 'fastify';
import type { Pool } from '../sql/pool.ts';
import { LOGOUT_PATH } from './paths.ts';
import { farRolesOf } from './roles.ts';

/** The identity provider of the register owner's staff. */
export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
  tokenAuthentication?: 'basic' | 'post';
}

/** Who runs the register. Its staff, and nobody else's, may log in. */
export interface RegisterOwner {
  /** Twelve digits. */
  organizationNumber: string;
  name: string;
}

export interface StaffLoginOptions {
  oidc: OidcSettings;
  owner: RegisterOwner;
  /** Origin that people see; the issuer sends them back to `<publicUrl>/login/callback`. */
  publicUrl: string;
  pool: Pool;
  clock: Clock;
  log: Log;
}

/** Lets the register owner's staff log in; without it no route of the console can be reached. */
export function registerStaffLogin(app: FastifyInstance, options: StaffLoginOptions): void {
  const { oidc, owner, publicUrl, pool, clock, log } = options;
  registerLogin(app, {
    ...oidc,
    ...{ publicUrl, pool, clock, log },
    // Browsers share cookies between the ports of a host.
    cookieName: 'brevduva_far',
    logoutPath: LOGOUT_PATH,
    admit: async (claims) => admit(claims, owner),
  });
}

/**
 * Only staff of the register owner, and only with a role that means something here: the issuer may serve other
 * organisations too, and their staff may have roles of the same names.
 */
export function admit(claims: Claims, owner: RegisterOwner): Principal | null {
  const { sub, name, roles: claimed, organization_number: organization } = claims;
  const roles = farRolesOf(claimed);
  if (typeof sub !== 'string' || roles.length === 0) return null;
  if (organization !== owner.organizationNumber) return null;
  return { subject: sub, name: typeof name === 'string' ? name : sub, roles };
}
