import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { AppError, type Pool } from '@brevduva/base';
import {
  applyConfiguration,
  certificateHash,
  createCredentialAdmin,
  filesBeside,
  type OrganisationConfiguration,
  parseConfiguration,
  secretHash,
} from '@brevduva/hub';
import { SAMPLE_ORGANISATIONS, type SampleOrganisation } from '../dev/sample/organizations.ts';
import type { Certificates } from './certificates.ts';

/** Who has applied what this installation applies by itself; the record of changes says so. */
const BY = 'brevduva up';

interface Options {
  readonly pool: Pool;
  readonly certificates: Certificates;
  readonly apiKeyOf: (systemCode: string) => string;
  /** Parts that are seeded in this database. */
  readonly done: readonly string[];
}

/**
 * Applies the sample's configuration files, each when it is new: what people have applied since stays. @returns the parts that are
 * done now, one for each file's content.
 */
export async function seedOrganisations(options: Options): Promise<string[]> {
  const parts: string[] = [];
  for (const organisation of SAMPLE_ORGANISATIONS) parts.push(await seedOne(organisation, options));
  return parts;
}

async function seedOne(
  organisation: SampleOrganisation,
  { pool, certificates, apiKeyOf, done }: Options,
): Promise<string> {
  const { key, configurationFile, organizationNumber, certificateSystem } = organisation;
  const text = await readFile(configurationFile, 'utf8');
  const configuration = parseConfiguration(text, filesBeside(fileURLToPath(new URL('.', configurationFile))));
  // With the documents of its templates, which lie beside it.
  const documents = configuration.templates.map(({ document }) => document ?? '').join('');
  const hash = createHash('sha256').update(text).update(documents).digest('hex');
  const part = `configuration ${key} ${hash.slice(0, 16)}`;
  if (!done.includes(part)) {
    await applyConfiguration(pool, configuration, { by: BY });
    await addApiKeys(pool, configuration, apiKeyOf);
  }
  // Every time: certificates are made anew before they end.
  const certificate = certificateHash(certificates.of(`system-${certificateSystem}`).certPem);
  const system = { organizationNumber, systemCode: certificateSystem };
  const credential = { kind: 'certificate', hash: certificate, label: 'utveckling', by: BY } as const;
  await createCredentialAdmin(pool).add(system, credential).catch(leaveRetired);
  return part;
}

/** People may have retired the sample's system since. */
function leaveRetired(error: unknown): void {
  if (!(error instanceof AppError) || error.code !== 'HUB_SYSTEM_NOT_FOUND') throw error;
}

async function addApiKeys(
  pool: Pool,
  { organisation, systems }: OrganisationConfiguration,
  apiKeyOf: Options['apiKeyOf'],
): Promise<void> {
  const admin = createCredentialAdmin(pool);
  for (const { code: systemCode } of systems) {
    const of = { organizationNumber: organisation.number, systemCode };
    await admin.add(of, { kind: 'apiKey', hash: secretHash(apiKeyOf(systemCode)), label: 'utveckling', by: BY });
  }
}
