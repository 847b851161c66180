import type { Log } from '@brevduva/base';
import { Provider } from 'oidc-provider/lib/provider.js';
import { createAccounts } from './identityProvider/accounts.ts';
import { type IdentityClient, providerConfiguration } from './identityProvider/configuration.ts';
import { createPageShell, listenOnLoopback, serve } from './identityProvider/http.ts';
import { loadOrMakeKeys } from './identityProvider/keys.ts';
import { openPersonSigners } from './identityProvider/personSigners.ts';
import { createSigningOrders } from './identityProvider/signing.ts';
import type { SampleStaff } from './sample/organizations.ts';
import type { TestPerson } from './sample/testPersons.ts';

export type { IdentityClient } from './identityProvider/configuration.ts';

export interface IdentityProviderOptions {
  /** Signing key and cookie key are kept here, 0600. */
  readonly keyFile: string;
  /** The issuer of persons' certificates is kept here. */
  readonly signingFolder: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly clients: readonly IdentityClient[];
  /** Offered in this order, featured ones first; any other test number can be typed. */
  readonly persons: readonly TestPerson[];
  readonly staff: readonly SampleStaff[];
  readonly now: () => Date;
  readonly log: Log;
}

export interface IdentityProvider {
  readonly issuer: string;
  /** PEM. The issuer of the certificates that persons sign with: what a register trusts as e-ID. */
  readonly eIdCaPem: string;
  close(): Promise<void>;
}

/**
 * The development e-ID and staff login: an OpenID Connect issuer without passwords, for test persons and sample staff,
 * reachable from this machine only. It also signs as the persons (`POST <issuer>/sign`). Id tokens carry `sub, name, acr` and, for a person, `personnummer`; for staff
 * `staff_id, roles, organization_number, organization_name`.
 */
export async function startIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  const { clients, now, log } = options;
  const accounts = createAccounts(options.persons, options.staff);
  const keys = await loadOrMakeKeys(options.keyFile);
  const signers = await openPersonSigners(options.signingFolder, now);
  const orders = createSigningOrders(signers, now);
  const shell = createPageShell();
  const { server, port } = await listenOnLoopback(options.port);
  const issuer = `http://localhost:${port}`;
  const { pages } = shell;
  const provider = new Provider(issuer, providerConfiguration({ clients, keys, accounts, pages, now }));
  provider.on('server_error', (_ctx, error) => log.error({ err: error }, 'development e-ID failed'));
  serve(server, shell, { provider, clients, accounts, pages, orders, log });
  return {
    issuer,
    eIdCaPem: signers.caPem,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
