import { join } from 'node:path';
import { createLog, systemClock } from '@brevduva/base';
import { type IdentityProvider, startIdentityProvider } from '../src/dev/identityProvider.ts';
import type { SampleStaff } from '../src/dev/sample/organizations.ts';

/** What every console of the tests is registered with. */
export const CLIENT_SECRET = 'secret';

/** The development identity provider, for the staff that logs in to one console at `origin`. */
export function startStaffProvider(options: {
  folder: string;
  origin: string;
  clientId: string;
  name: string;
  staff: readonly SampleStaff[];
}): Promise<IdentityProvider> {
  const { folder, origin, clientId, name, staff } = options;
  return startIdentityProvider({
    keyFile: join(folder, 'keys.json'),
    signingFolder: join(folder, 'signing'),
    port: 0,
    clients: [
      {
        ...{ clientId, clientSecret: CLIENT_SECRET, name },
        audience: 'staff',
        redirectUris: [`${origin}/login/callback`],
        postLogoutRedirectUris: [`${origin}/`],
      },
    ],
    persons: [],
    staff,
    now: () => systemClock.now(),
    log: createLog({ service: 'test', level: 'silent' }),
  });
}
