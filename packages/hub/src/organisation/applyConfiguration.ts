import { appError, inSnapshot, inTransaction, newId, type Pool } from '@brevduva/base';
import { HUB_ERRORS } from '../errors.ts';
import {
  insertChanges,
  lockConfiguration,
  putFlows,
  putOrganisation,
  putSystemFlows,
  putSystems,
  putUnits,
  selectConfiguration,
} from '../sql/configuration.ts';
import { putPrintShops } from '../sql/printShops.ts';
import { type CredentialConflict, type ManagedSystem, putCredentials } from '../sql/putCredentials.ts';
import { putTemplates } from '../sql/templates.ts';
import { type ConfigurationChange, compareConfiguration } from './compareConfiguration.ts';
import { credentialCode, type OrganisationConfiguration, type SystemSettings } from './configuration.ts';
import { requireTemplates } from './requireTemplates.ts';

export interface ApplyOptions {
  /** Who applies, for the record. */
  readonly by: string;
  /** The changes that a person has seen and agreed to; nothing happens when they would be others by now. */
  readonly seen?: readonly ConfigurationChange[];
}

/**
 * Brings an organisation to its configuration, in one transaction: everything or nothing. What is not in it any more is retired, a
 * credential revoked; nothing is deleted. Every change is recorded.
 *
 * @returns what changed; empty when all was as wanted, and then nothing is recorded.
 * @throws AppError HUB_CONFIGURATION_MOVED when the changes are not those `seen`; HUB_CONFIGURATION_CREDENTIAL with a fault for each
 * credential that is revoked or another system's; HUB_CONFIGURATION_INVALID with the faults of templates that cannot be typeset.
 */
export async function applyConfiguration(
  pool: Pool,
  wanted: OrganisationConfiguration,
  { by, seen }: ApplyOptions,
): Promise<{ organisationId: string; changes: ConfigurationChange[] }> {
  const { number } = wanted.organisation;
  await requireNewTemplates(pool, wanted);
  return inTransaction(pool, async (db) => {
    await lockConfiguration(db, number);
    const current = await selectConfiguration(db, number);
    const changes = compareConfiguration(current?.configuration, wanted);
    if (seen !== undefined && JSON.stringify(seen) !== JSON.stringify(changes)) {
      throw appError(HUB_ERRORS, 'HUB_CONFIGURATION_MOVED');
    }
    if (current !== undefined && changes.length === 0) return { organisationId: current.id, changes };
    const organisationId = await putOrganisation(db, current?.id ?? newId(), wanted.organisation);
    await putUnits(db, organisationId, wanted.units);
    await putTemplates(db, organisationId, wanted.templates);
    await putPrintShops(db, organisationId, wanted.printShops);
    await putFlows(db, organisationId, wanted.flows);
    await putSystems(db, organisationId, wanted.systems);
    await putSystemFlows(db, organisationId, wanted.systems);
    const conflicts = await putCredentials(db, organisationId, wanted.systems.filter(isManaged));
    if (conflicts.length > 0) throw credentialError(conflicts);
    await insertChanges(db, organisationId, { id: newId(), actor: by, changes });
    return { organisationId, changes };
  });
}

/** Those whose document is new: what has been tried once need not be tried at every application. */
async function requireNewTemplates(pool: Pool, wanted: OrganisationConfiguration): Promise<void> {
  const current = await inSnapshot(pool, (db) => selectConfiguration(db, wanted.organisation.number));
  const known = new Map(current?.configuration.templates.map(({ code, document }) => [code, document]));
  await requireTemplates(wanted, ({ code, document }) => known.get(code) !== document);
}

function isManaged(system: SystemSettings): system is ManagedSystem {
  return system.credentials !== undefined;
}

const CONFLICT_TEXTS: Readonly<Record<CredentialConflict['why'], string>> = {
  revoked: 'Den är återkallad och kan inte tas i bruk igen. Gör en ny, och ta bort den gamla ur filen.',
  // Whose it is, is not told: it may be another organisation's.
  taken: 'Den hör redan till ett annat system. Varje system ska ha sin egen.',
};

function credentialError(conflicts: readonly CredentialConflict[]) {
  const faults = conflicts.map(({ system, why, ...credential }) => ({
    code: 'HUB_CONFIGURATION_CREDENTIAL',
    path: `systems/${system}/credentials/${credentialCode(credential)}`,
    text: CONFLICT_TEXTS[why],
  }));
  return appError(HUB_ERRORS, 'HUB_CONFIGURATION_CREDENTIAL', { faults });
}
