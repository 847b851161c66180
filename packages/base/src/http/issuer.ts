import { setTimeout as wait } from 'node:timers/promises';
import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
} from 'openid-client';
import { AppError, appError } from '../appError.ts';
import { BASE_ERRORS } from '../errors.ts';
import type { Log } from '../log.ts';

export interface IssuerOptions {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** How we prove who we are at the token endpoint; `basic` is what OpenID Connect takes for granted. */
  tokenAuthentication?: 'basic' | 'post';
  callbackUrl: string;
  scope: string;
  /** Added to the authorization request, for example `{ ui_locales: 'sv' }`. */
  loginParameters: Readonly<Record<string, string>>;
  log: Log;
}

/** What must be remembered between leaving for the issuer and coming back. */
export interface LoginChecks {
  state: string;
  nonce: string;
  codeVerifier: string;
}

export type Claims = Readonly<Record<string, unknown>>;

export interface Issuer {
  authorizationUrl(checks: LoginChecks): Promise<URL>;
  /** Redeems the code in the callback's address and gives the claims of ID token and userinfo. */
  redeem(callback: URL, checks: LoginChecks): Promise<{ claims: Claims; idToken: string | undefined }>;
  /** Where the issuer ends its own login; undefined when it offers no such thing or does not answer. */
  endSessionUrl(afterUrl: string, idToken: string | undefined): Promise<URL | undefined>;
}

const DISCOVERY_TRIES_MAX = 3;
const DISCOVERY_RETRY_DELAY_MS = 400;
const TIMEOUT_SECONDS = 5;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * An OpenID Connect issuer, found out about at the first login and not before: it may start after us, or be away for a
 * while. The ID token comes straight from the issuer over TLS, which stands for its signature (OpenID Connect Core
 * 3.1.3.7, point 6). Plain http only for an issuer on the loopback.
 */
export function createIssuer(options: IssuerOptions): Issuer {
  const configuration = lazyDiscovery(options);
  return {
    async authorizationUrl({ state, nonce, codeVerifier }) {
      return buildAuthorizationUrl(await configuration(), {
        ...options.loginParameters,
        redirect_uri: options.callbackUrl,
        scope: options.scope,
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      });
    },
    async redeem(callback, { state, nonce, codeVerifier }) {
      const config = await configuration();
      try {
        const expected = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier };
        const tokens = await authorizationCodeGrant(config, callback, { ...expected, idTokenExpected: true });
        const idClaims = tokens.claims();
        if (idClaims === undefined) throw new TypeError('no ID token');
        const userInfo = config.serverMetadata().userinfo_endpoint
          ? await fetchUserInfo(config, tokens.access_token, idClaims.sub)
          : {};
        return { claims: { ...userInfo, ...idClaims }, idToken: tokens.id_token };
      } catch (err) {
        throw loginError(err);
      }
    },
    async endSessionUrl(afterUrl, idToken) {
      try {
        const config = await configuration();
        if (config.serverMetadata().end_session_endpoint === undefined) return undefined;
        const hint = idToken === undefined ? {} : { id_token_hint: idToken };
        return buildEndSessionUrl(config, { post_logout_redirect_uri: afterUrl, ...hint });
      } catch (err) {
        // Our own session is over already; the person must not be kept from leaving by an issuer that is away.
        options.log.warn({ err }, 'the issuer does not answer, only the session here is ended');
        return undefined;
      }
    },
  };
}

/** Asks once at a time, keeps the answer, and asks again at the next login when there was none. */
function lazyDiscovery(options: IssuerOptions): () => Promise<Configuration> {
  const settings = discoverySettings(options);
  let found: Promise<Configuration> | undefined;
  return () => {
    found ??= discoverPatiently(options, settings).catch((err: unknown) => {
      found = undefined;
      throw appError(BASE_ERRORS, 'BASE_ISSUER_UNREACHABLE', { cause: err });
    });
    return found;
  };
}

function discoverySettings({ issuer }: IssuerOptions): Parameters<typeof discovery>[4] {
  const url = new URL(issuer);
  if (url.protocol === 'https:') return { timeout: TIMEOUT_SECONDS };
  if (url.protocol === 'http:' && LOOPBACK.has(url.hostname)) {
    return { timeout: TIMEOUT_SECONDS, execute: [allowInsecureRequests] };
  }
  throw new TypeError(`Issuer ${url.origin} is neither https nor on the loopback`);
}

async function discoverPatiently(
  { issuer, clientId, clientSecret, tokenAuthentication = 'basic' }: IssuerOptions,
  settings: Parameters<typeof discovery>[4],
): Promise<Configuration> {
  const authentication =
    tokenAuthentication === 'basic' ? ClientSecretBasic(clientSecret) : ClientSecretPost(clientSecret);
  for (let tries = 1; ; tries += 1) {
    try {
      return await discovery(new URL(issuer), clientId, undefined, authentication, settings);
    } catch (err) {
      if (tries === DISCOVERY_TRIES_MAX) throw err;
      await wait(DISCOVERY_RETRY_DELAY_MS);
    }
  }
}

/** Codes of fetch and of openid-client that mean that no answer came. */
const NO_ANSWER = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'OAUTH_TIMEOUT',
  'UND_ERR_SOCKET',
]);

function loginError(err: unknown): AppError {
  if (err instanceof AppError) return err;
  if (err instanceof AuthorizationResponseError) {
    const isDenied = err.error === 'access_denied';
    return appError(BASE_ERRORS, isDenied ? 'BASE_LOGIN_DENIED' : 'BASE_LOGIN_FAILED', {
      detail: err.error,
      cause: err,
    });
  }
  for (let each: unknown = err; each instanceof Error; each = each.cause) {
    if ('code' in each && typeof each.code === 'string' && NO_ANSWER.has(each.code)) {
      return appError(BASE_ERRORS, 'BASE_ISSUER_UNREACHABLE', { cause: err });
    }
  }
  return appError(BASE_ERRORS, 'BASE_LOGIN_FAILED', { cause: err });
}
