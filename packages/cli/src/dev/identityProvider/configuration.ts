import type { ClientMetadata, Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { base, Check } from 'oidc-provider/lib/helpers/interaction_policy/index.js';
import { type Accounts, ASSURANCE_LEVEL } from './accounts.ts';
import type { IdentityProviderKeys } from './keys.ts';
import type { Pages } from './pages.ts';
import { createMemoryStore } from './store.ts';

/** A party that lets people log in here. */
export interface IdentityClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Shown to the person: "Legitimera dig hos …". */
  readonly name: string;
  /** `citizen` picks a test person, `staff` a member of staff. */
  readonly audience: 'citizen' | 'staff';
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  /** Its holders stand first among the test persons. */
  readonly operator?: string;
  /** `client_secret_basic`, as OpenID Connect has it, unless given. */
  readonly authMethod?: 'client_secret_basic' | 'client_secret_post';
}

const MINUTE_S = 60;
const LOGIN_MINUTES = 15;
const PERSON_CLAIMS = ['sub', 'name', 'acr', 'personnummer'];
const STAFF_CLAIMS = ['staff_id', 'roles', 'organization_number', 'organization_name'];

/** oidc-provider's settings for a development issuer: code flow with PKCE, no consent question, a fresh login each time. */
export function providerConfiguration(options: {
  clients: readonly IdentityClient[];
  keys: IdentityProviderKeys;
  accounts: Accounts;
  pages: Pages;
  now: () => Date;
}): Configuration {
  const { clients, keys, accounts, pages, now } = options;
  return {
    adapter: createMemoryStore(now),
    clients: clients.map(clientMetadata),
    jwks: { keys: [keys.jwk] },
    cookies: cookieSettings(keys.cookieKey),
    scopes: ['openid', 'profile'],
    claims: { openid: [...PERSON_CLAIMS, ...STAFF_CLAIMS], profile: ['name'] },
    // The parties read the id token; they need not call userinfo.
    conformIdTokenClaims: false,
    acrValues: [ASSURANCE_LEVEL],
    pkce: { required: () => true },
    responseTypes: ['code'],
    subjectTypes: ['public'],
    clientBasedCORS: () => false,
    findAccount: (_ctx, accountId) => {
      const claims = accounts.claims(accountId);
      return claims && { accountId, claims: () => claims };
    },
    loadExistingGrant: grantWhatIsAsked,
    interactions: { policy: freshLoginPolicy(), url: (_ctx, { uid }) => `/interaction/${uid}` },
    ttl: lifetimes(),
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => void answer(ctx, pages.logout(form)),
        postLogoutSuccessSource: (ctx) => void answer(ctx, pages.loggedOut()),
      },
    },
    renderError: (ctx, out) => void answer(ctx, pages.failed(out.error, out.error_description ?? '')),
  };
}

function clientMetadata(client: IdentityClient): ClientMetadata {
  return {
    client_id: client.clientId,
    client_secret: client.clientSecret,
    client_name: client.name,
    redirect_uris: [...client.redirectUris],
    post_logout_redirect_uris: [...client.postLogoutRedirectUris],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: client.authMethod ?? 'client_secret_basic',
  };
}

/** Browsers keep one jar for all ports of a host, so the names must not be those of the parties on other ports. */
function cookieSettings(key: string): NonNullable<Configuration['cookies']> {
  const shape = { httpOnly: true, sameSite: 'lax', signed: true } as const;
  return {
    keys: [key],
    names: { session: 'dev_id_session', interaction: 'dev_id_interaction', resume: 'dev_id_resume' },
    short: shape,
    long: shape,
  };
}

/** An e-ID asks every time: without this a second party would silently get whoever logged in at the first. */
function freshLoginPolicy() {
  const policy = base();
  const justLoggedIn = (ctx: KoaContextWithOIDC) => ctx.oidc.result?.login !== undefined;
  const check = new Check('fresh_login', 'End-User authentication is always asked for', (ctx) => !justLoggedIn(ctx));
  policy.get('login')?.checks.add(check);
  return policy;
}

/** No question of consent: the clients are our own. */
async function grantWhatIsAsked(ctx: KoaContextWithOIDC) {
  const { client, session, provider } = ctx.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid profile');
  await grant.save();
  return grant;
}

function lifetimes(): NonNullable<Configuration['ttl']> {
  const login = LOGIN_MINUTES * MINUTE_S;
  return {
    AuthorizationCode: MINUTE_S,
    AccessToken: login,
    IdToken: login,
    Interaction: login,
    Grant: login,
    Session: login,
  };
}

function answer(ctx: KoaContextWithOIDC, page: string): void {
  ctx.type = 'html';
  ctx.body = page;
}
