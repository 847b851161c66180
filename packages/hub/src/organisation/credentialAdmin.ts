import { appError, inTransaction, isUniqueViolation, newId, type Pool, type Queryable } from '@brevduva/base';
import { HUB_ERRORS } from '../errors.ts';
import { selectOrganisationByNumber } from '../sql/admin.ts';
import { insertChanges, lockConfiguration } from '../sql/configuration.ts';
import { type CredentialLine, revokeCredential, selectCredentials, selectHolder } from '../sql/credentialList.ts';
import { insertCredential } from '../sql/credentials.ts';
import { selectSystemByCode } from '../sql/systems.ts';
import type { BusinessSystem } from './businessSystem.ts';
import type { ConfigurationChange } from './compareConfiguration.ts';
import { credentialCode } from './configuration.ts';
import { type CredentialKind, newSecret, type SecretKind, secretHash } from './credential.ts';

export interface NewCredential {
  readonly kind: CredentialKind;
  readonly hash: Buffer;
  readonly label?: string;
  readonly validUntil?: Date;
}

export interface MadeSecret {
  /** Shown once; only its hash is stored. */
  readonly secret: string;
  /** What the system says it is, where a name is asked for beside the secret. */
  readonly loginName: string;
  readonly code: string;
}

/** Credentials outside the configuration file: secrets cannot be born in a file that lies in git. */
export interface CredentialAdmin {
  /** Makes a secret for the system. @throws AppError HUB_ORGANISATION_NOT_FOUND, HUB_SYSTEM_NOT_FOUND */
  makeSecret(
    of: SystemAddress,
    secret: { kind: SecretKind; label?: string; validUntil?: Date; by: string },
  ): Promise<MadeSecret>;
  /**
   * Adds a credential that was made elsewhere; without effect where the system has it already.
   *
   * @throws AppError HUB_CONFIGURATION_CREDENTIAL when it opens another system; and as above
   */
  add(of: SystemAddress, credential: NewCredential & { by: string }): Promise<void>;
  /** Revokes the credential with the code ({@link credentialCode}). @throws AppError HUB_CREDENTIAL_NOT_FOUND */
  revoke(organizationNumber: string, code: string, by: string): Promise<CredentialLine>;
  /** @throws AppError HUB_ORGANISATION_NOT_FOUND */
  list(organizationNumber: string): Promise<CredentialLine[]>;
}

export interface SystemAddress {
  readonly organizationNumber: string;
  readonly systemCode: string;
}

export function createCredentialAdmin(pool: Pool): CredentialAdmin {
  const add: CredentialAdmin['add'] = (of, { by, ...credential }) =>
    inTransaction(pool, async (db) => addCredential(db, await requireSystem(db, of), credential, by));
  return {
    add,
    async makeSecret(of, { kind, by, ...rest }) {
      const secret = newSecret(kind);
      const hash = secretHash(secret);
      return inTransaction(pool, async (db) => {
        const system = await requireSystem(db, of);
        await addCredential(db, system, { kind, hash, ...rest }, by);
        return { secret, loginName: system.loginName, code: credentialCode({ kind, sha256: hash.toString('hex') }) };
      });
    },
    revoke: (organizationNumber, code, by) => inTransaction(pool, (db) => revoke(db, { organizationNumber, code, by })),
    async list(organizationNumber) {
      return selectCredentials(pool, await requireOrganisation(pool, organizationNumber));
    },
  };
}

async function requireOrganisation(db: Queryable, organizationNumber: string): Promise<string> {
  const organisation = await selectOrganisationByNumber(db, organizationNumber);
  if (organisation === undefined) throw appError(HUB_ERRORS, 'HUB_ORGANISATION_NOT_FOUND');
  return organisation.id;
}

async function requireSystem(
  db: Queryable,
  { organizationNumber, systemCode }: SystemAddress,
): Promise<BusinessSystem> {
  // No configuration is applied meanwhile: it might retire the system.
  await lockConfiguration(db, organizationNumber);
  const system = await selectSystemByCode(db, await requireOrganisation(db, organizationNumber), systemCode);
  if (system === undefined) throw appError(HUB_ERRORS, 'HUB_SYSTEM_NOT_FOUND');
  return system;
}

async function addCredential(
  db: Queryable,
  { organisationId, id: systemId, code }: BusinessSystem,
  { kind, hash, label = '', validUntil }: NewCredential,
  by: string,
): Promise<void> {
  const holder = await selectHolder(db, kind, hash);
  if (holder?.organisationId === organisationId && holder.systemId === systemId) return;
  if (holder !== undefined) throw appError(HUB_ERRORS, 'HUB_CONFIGURATION_CREDENTIAL');
  const row = { organisationId, id: newId(), systemId, kind, hash, label, validUntil };
  await insertCredential(db, row).catch((cause: unknown) => {
    // Another organisation's transaction was a moment before.
    if (isUniqueViolation(cause)) throw appError(HUB_ERRORS, 'HUB_CONFIGURATION_CREDENTIAL', { cause });
    throw cause;
  });
  const sha256 = hash.toString('hex');
  const after = { kind, sha256, label, ...(validUntil === undefined ? {} : { validUntil: validUntil.toISOString() }) };
  const path = `systems/${code}/credentials/${credentialCode({ kind, sha256 })}`;
  await record(db, organisationId, by, { kind: 'added', path, field: undefined, before: null, after });
}

async function revoke(
  db: Queryable,
  { organizationNumber, code, by }: { organizationNumber: string; code: string; by: string },
): Promise<CredentialLine> {
  await lockConfiguration(db, organizationNumber);
  const organisationId = await requireOrganisation(db, organizationNumber);
  const lines = await selectCredentials(db, organisationId);
  const line = lines.find((one) => one.revokedAt === null && credentialCode(one) === code);
  if (line === undefined || !(await revokeCredential(db, organisationId, line.id))) {
    throw appError(HUB_ERRORS, 'HUB_CREDENTIAL_NOT_FOUND');
  }
  const { kind, sha256, label, systemCode } = line;
  const path = `systems/${systemCode}/credentials/${code}`;
  await record(db, organisationId, by, {
    kind: 'removed',
    path,
    field: undefined,
    before: { kind, sha256, label },
    after: null,
  });
  return line;
}

function record(db: Queryable, organisationId: string, actor: string, change: ConfigurationChange): Promise<void> {
  return insertChanges(db, organisationId, { id: newId(), actor, changes: [change] });
}
