import type { Queryable } from '@brevduva/base';
import {
  type FoundCredential,
  noteCredentialUsed,
  selectCredential,
  selectCredentialOfToken,
} from '../sql/credentials.ts';
import type { BusinessSystem } from './businessSystem.ts';
import { type CredentialKind, secretHash } from './credential.ts';

/** What a caller shows of itself. */
export type Presented =
  | { readonly kind: 'accessToken'; readonly hash: Buffer }
  | { readonly kind: CredentialKind; readonly hash: Buffer; readonly loginName?: string };

/** Why nobody was recognised; for the log, never for the caller. */
export type RefusalReason = 'unknown' | 'wrongLoginName' | NonNullable<FoundCredential['refusal']>;

export type Recognised =
  | { readonly ok: true; readonly system: BusinessSystem; readonly credentialId: string }
  | { readonly ok: false; readonly reason: RefusalReason; readonly system: BusinessSystem | undefined };

/** Begins every access token, so that it is not looked for among the keys. */
export const ACCESS_TOKEN_PREFIX = 'bdt_';

/** What the text in an `Authorization: Bearer` header is. */
export function presentedBearer(text: string): Presented {
  return { kind: text.startsWith(ACCESS_TOKEN_PREFIX) ? 'accessToken' : 'apiKey', hash: secretHash(text) };
}

/** Whose credential it is, if it opens anything now; notes that it was used. For REST, SFTP, printer: every door asks here. */
export async function recognise(db: Queryable, presented: Presented): Promise<Recognised> {
  const found =
    presented.kind === 'accessToken'
      ? await selectCredentialOfToken(db, presented.hash)
      : await selectCredential(db, presented.kind, presented.hash);
  if (found === undefined) return { ok: false, reason: 'unknown', system: undefined };
  const { system, refusal } = found;
  if (refusal !== undefined) return { ok: false, reason: refusal, system };
  if ('loginName' in presented && presented.loginName !== undefined && presented.loginName !== system.loginName) {
    return { ok: false, reason: 'wrongLoginName', system };
  }
  if (found.isUnnoted) await noteCredentialUsed(db, found);
  return { ok: true, system, credentialId: found.id };
}
