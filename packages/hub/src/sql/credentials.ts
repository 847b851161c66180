import type { Queryable } from '@brevduva/base';
import type { BusinessSystem } from '../organisation/businessSystem.ts';
import type { CredentialKind } from '../organisation/credential.ts';
import { SYSTEM_COLUMNS, type SystemColumns, toBusinessSystem } from './systems.ts';

/** Why a credential that is known opens nothing. */
export type CredentialRefusal = 'systemRetired' | 'notYetValid' | 'expired' | 'revoked';

export interface FoundCredential {
  readonly id: string;
  readonly system: BusinessSystem;
  readonly refusal: CredentialRefusal | undefined;
  /** It was last noted as used more than a minute ago, or never. */
  readonly isUnnoted: boolean;
}

interface FoundRow extends SystemColumns {
  credential_id: string;
  refusal: CredentialRefusal | null;
  is_unnoted: boolean;
}

const REFUSAL = `case
  when c.revoked_at is not null then 'revoked'
  when c.valid_from > now() then 'notYetValid'
  when c.valid_until <= now() then 'expired'
  when not b.is_active then 'systemRetired'
end`;

const UNNOTED = `(c.last_used_at is null or b.last_seen_at is null
  or least(c.last_used_at, b.last_seen_at) < now() - interval '1 minute')`;

/** The credential with the hash and its system; one that is live before those that were revoked. */
export async function selectCredential(
  db: Queryable,
  kind: CredentialKind,
  hash: Buffer,
): Promise<FoundCredential | undefined> {
  const { rows } = await db.query<FoundRow>({
    name: 'selectCredential',
    text: `select ${SYSTEM_COLUMNS}, c.id as credential_id, ${REFUSAL} as refusal, ${UNNOTED} as is_unnoted
     from credential c
     join business_system b on b.organisation_id = c.organisation_id and b.id = c.business_system_id
     join organisation o on o.id = c.organisation_id
     where c.kind = $1 and c.hash = $2 order by c.revoked_at desc nulls first limit 1`,
    values: [kind, hash],
  });
  return rows.map(found)[0];
}

/** The credential that the token was given for; expired tokens are as unknown as those that never were. */
export async function selectCredentialOfToken(db: Queryable, tokenHash: Buffer): Promise<FoundCredential | undefined> {
  const { rows } = await db.query<FoundRow>({
    name: 'selectCredentialOfToken',
    text: `select ${SYSTEM_COLUMNS}, c.id as credential_id, ${REFUSAL} as refusal, ${UNNOTED} as is_unnoted
     from access_token t
     join credential c on c.organisation_id = t.organisation_id and c.id = t.credential_id
     join business_system b on b.organisation_id = c.organisation_id and b.id = c.business_system_id
     join organisation o on o.id = c.organisation_id
     where t.hash = $1 and t.expires_at > now()`,
    values: [tokenHash],
  });
  return rows.map(found)[0];
}

function found(row: FoundRow): FoundCredential {
  return {
    id: row.credential_id,
    system: toBusinessSystem(row),
    refusal: row.refusal ?? undefined,
    isUnnoted: row.is_unnoted,
  };
}

/** Notes that credential and system were seen, at most once a minute each. */
export async function noteCredentialUsed(db: Queryable, { id, system }: FoundCredential): Promise<void> {
  await db.query({
    name: 'noteCredentialUsed',
    text: `with seen as (
       update business_system set last_seen_at = now()
       where organisation_id = $1 and id = $2 and (last_seen_at is null or last_seen_at < now() - interval '1 minute')
     )
     update credential set last_used_at = now()
     where organisation_id = $1 and id = $3 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
    values: [system.organisationId, system.id, id],
  });
}

export interface CredentialRow {
  readonly organisationId: string;
  readonly id: string;
  readonly systemId: string;
  readonly kind: CredentialKind;
  readonly hash: Buffer;
  readonly label: string;
  readonly validUntil: Date | undefined;
}

/** Adds a credential; one that is live already violates the index credential_hash. */
export async function insertCredential(db: Queryable, row: CredentialRow): Promise<void> {
  await db.query(
    `insert into credential (organisation_id, id, business_system_id, kind, hash, label, valid_until)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [row.organisationId, row.id, row.systemId, row.kind, row.hash, row.label, row.validUntil ?? null],
  );
}

/** Stores a token and drops those of the same credential that have expired. */
export async function insertAccessToken(
  db: Queryable,
  token: { hash: Buffer; organisationId: string; credentialId: string; lifetimeMs: number },
): Promise<void> {
  await db.query(
    `with expired as (
       delete from access_token where organisation_id = $2 and credential_id = $3 and expires_at <= now()
     )
     insert into access_token (hash, organisation_id, credential_id, expires_at)
     values ($1, $2, $3, now() + $4 * interval '1 millisecond')`,
    [token.hash, token.organisationId, token.credentialId, token.lifetimeMs],
  );
}
