import type { Queryable } from '@brevduva/base';
import type { CredentialKind } from '../organisation/credential.ts';

/** A credential as people see it. */
export interface CredentialLine {
  readonly id: string;
  readonly systemCode: string;
  readonly systemName: string;
  readonly kind: CredentialKind;
  readonly sha256: string;
  readonly label: string;
  readonly createdAt: Date;
  readonly validFrom: Date | null;
  readonly validUntil: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

/** Every credential of the organisation, those that were revoked too: the latest of each system first. */
export async function selectCredentials(db: Queryable, organisationId: string): Promise<CredentialLine[]> {
  const { rows } = await db.query<CredentialLine>(
    `select c.id, b.code as "systemCode", b.name as "systemName", c.kind, encode(c.hash, 'hex') as sha256, c.label,
       c.created_at as "createdAt", c.valid_from as "validFrom", c.valid_until as "validUntil", c.revoked_at as "revokedAt",
       c.last_used_at as "lastUsedAt"
     from credential c
     join business_system b on b.organisation_id = c.organisation_id and b.id = c.business_system_id
     where c.organisation_id = $1
     order by b.code, c.revoked_at is not null, c.created_at desc, c.id`,
    [organisationId],
  );
  return rows;
}

/** Revokes the credential; what it opened is closed at the next request. @returns false when it was revoked already. */
export async function revokeCredential(db: Queryable, organisationId: string, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    'update credential set revoked_at = now() where organisation_id = $1 and id = $2 and revoked_at is null',
    [organisationId, id],
  );
  return rowCount === 1;
}

/** Whether the credential is live, and whose. */
export async function selectHolder(
  db: Queryable,
  kind: CredentialKind,
  hash: Buffer,
): Promise<{ organisationId: string; systemId: string } | undefined> {
  const { rows } = await db.query<{ organisationId: string; systemId: string }>(
    `select organisation_id as "organisationId", business_system_id as "systemId" from credential
     where kind = $1 and hash = $2 and revoked_at is null`,
    [kind, hash],
  );
  return rows[0];
}
