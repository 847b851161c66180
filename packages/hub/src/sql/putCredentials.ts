import type { Queryable } from '@brevduva/base';
import type { CredentialSettings, SystemSettings } from '../organisation/configuration.ts';
import type { CredentialKind } from '../organisation/credential.ts';

/** A system with every credential that it shall have. */
export type ManagedSystem = SystemSettings & { readonly credentials: readonly CredentialSettings[] };

export interface CredentialConflict {
  readonly system: string;
  readonly kind: CredentialKind;
  readonly sha256: string;
  /** `revoked`: it was, and stays so; `taken`: it opens another system, here or in another organisation. */
  readonly why: 'revoked' | 'taken';
}

/**
 * Brings the systems' credentials to these: others of theirs are revoked, and those of retired systems. Runs inside the transaction
 * that made the systems. @returns what cannot be; the caller then rolls back.
 */
export async function putCredentials(
  db: Queryable,
  organisationId: string,
  systems: readonly ManagedSystem[],
): Promise<CredentialConflict[]> {
  const wanted = JSON.stringify(
    systems.flatMap(({ code, credentials }) => credentials.map((credential) => ({ system: code, ...credential }))),
  );
  const revoked = await selectRevoked(db, organisationId, wanted);
  const managed = systems.map(({ code }) => code);
  await revokeOthers(db, organisationId, managed, wanted);
  const taken = await selectTaken(db, organisationId, wanted);
  const conflicts = [...revoked, ...taken];
  if (conflicts.length === 0) await upsertCredentials(db, organisationId, wanted);
  return conflicts;
}

const WANTED = `jsonb_to_recordset($2) as w (system text, kind text, sha256 text, label text, "validFrom" timestamptz,
  "validUntil" timestamptz)`;

async function selectRevoked(db: Queryable, organisationId: string, wanted: string): Promise<CredentialConflict[]> {
  const { rows } = await db.query<CredentialConflict>(
    `select w.system, w.kind, w.sha256, 'revoked' as why from ${WANTED}
     where exists (select from credential c where c.organisation_id = $1 and c.kind = w.kind
                     and c.hash = decode(w.sha256, 'hex') and c.revoked_at is not null)
       and not exists (select from credential c where c.kind = w.kind and c.hash = decode(w.sha256, 'hex')
                         and c.revoked_at is null)`,
    [organisationId, wanted],
  );
  return rows;
}

async function revokeOthers(
  db: Queryable,
  organisationId: string,
  managed: readonly string[],
  wanted: string,
): Promise<void> {
  await db.query(
    `update credential c set revoked_at = now()
     from business_system b
     where c.organisation_id = $1 and c.revoked_at is null
       and b.organisation_id = c.organisation_id and b.id = c.business_system_id
       and (not b.is_active or (b.code = any ($3) and not exists (
         select from ${WANTED} where w.system = b.code and w.kind = c.kind and decode(w.sha256, 'hex') = c.hash)))`,
    [organisationId, wanted, managed],
  );
}

async function selectTaken(db: Queryable, organisationId: string, wanted: string): Promise<CredentialConflict[]> {
  const { rows } = await db.query<CredentialConflict>(
    `select w.system, w.kind, w.sha256, 'taken' as why from ${WANTED}
     join credential c on c.kind = w.kind and c.hash = decode(w.sha256, 'hex') and c.revoked_at is null
     join business_system b on b.organisation_id = c.organisation_id and b.id = c.business_system_id
     where c.organisation_id <> $1 or b.code <> w.system`,
    [organisationId, wanted],
  );
  return rows;
}

async function upsertCredentials(db: Queryable, organisationId: string, wanted: string): Promise<void> {
  await db.query(
    `insert into credential (organisation_id, id, business_system_id, kind, hash, label, valid_from, valid_until)
     select $1, gen_random_uuid(), b.id, w.kind, decode(w.sha256, 'hex'), w.label, w."validFrom", w."validUntil"
     from ${WANTED} join business_system b on b.organisation_id = $1 and b.code = w.system
     on conflict (kind, hash) where revoked_at is null do update
       set label = excluded.label, valid_from = excluded.valid_from, valid_until = excluded.valid_until`,
    [organisationId, wanted],
  );
}
