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
import { SAMPLE_MUNICIPALITY, SAMPLE_ORGANISATIONS, SERVICE_COMPANY } from '../dev/sample/organizations.ts';
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
 * Applies the sample's configuration files, each when it is new: what people have applied since stays. Where another dispatches for
 * the municipality, its configuration names it. @returns the parts that are done now, one for each file's content.
 */
export async function seedOrganisations(
  options: Options & { readonly dispatcherUrl?: string | undefined },
): Promise<string[]> {
  const parts: string[] = [];
  for (const { key, configurationFile, certificateSystem } of SAMPLE_ORGANISATIONS) {
    const dispatcherUrl = key === SAMPLE_MUNICIPALITY.key ? options.dispatcherUrl : undefined;
    const { certPem } = options.certificates.of(`system-${certificateSystem}`);
    parts.push(await seedOne({ key, configurationFile, certificateSystem, certPem, dispatcherUrl }, options));
  }
  return parts;
}

/** The municipality in the hub of the company that dispatches for it: one system, the municipality's own hub. @returns the part done. */
export function seedCustomer(options: Options): Promise<string> {
  const { customerFile: configurationFile, customerSystem: certificateSystem } = SERVICE_COMPANY;
  const { certPem } = options.certificates.of('municipality');
  return seedOne({ key: 'customer', configurationFile, certificateSystem, certPem }, options);
}

interface Seeded {
  readonly key: string;
  readonly configurationFile: URL;
  /** Code of the system that proves itself by the certificate. */
  readonly certificateSystem: string;
  readonly certPem: string;
  readonly dispatcherUrl?: string | undefined;
}

async function seedOne(
  { key, configurationFile, certificateSystem, certPem, dispatcherUrl }: Seeded,
  { pool, apiKeyOf, done }: Options,
): Promise<string> {
  const text = await readFile(configurationFile, 'utf8');
  const written = parseConfiguration(text, filesBeside(fileURLToPath(new URL('.', configurationFile))));
  const configuration = dispatcherUrl === undefined ? written : withDispatcher(written, dispatcherUrl);
  // With the documents of its templates, which lie beside it.
  const documents = configuration.templates.map(({ document }) => document ?? '').join('');
  const hash = createHash('sha256')
    .update(text)
    .update(documents)
    .update(dispatcherUrl ?? '')
    .digest('hex');
  const part = `configuration ${key} ${hash.slice(0, 16)}`;
  if (!done.includes(part)) {
    await applyConfiguration(pool, configuration, { by: BY });
    await addApiKeys(pool, configuration, apiKeyOf);
  }
  // Every time: certificates are made anew before they end.
  const system = { organizationNumber: configuration.organisation.number, systemCode: certificateSystem };
  const credential = { kind: 'certificate', hash: certificateHash(certPem), label: 'utveckling', by: BY } as const;
  await createCredentialAdmin(pool).add(system, credential).catch(leaveRetired);
  return part;
}

/** Both sides run Brevduva, so that the address can go along. */
function withDispatcher(configuration: OrganisationConfiguration, url: string): OrganisationConfiguration {
  const { organizationNumber: number, name } = SERVICE_COMPANY;
  const dispatcher: OrganisationConfiguration['organisation']['dispatchers'][number] = {
    ...{ code: 'utskicksbolaget', number, name, url },
    ...{ takes: 'digitalAndPaper', asksRegister: 'us', addresses: 'metadata', allFlows: true },
    ...{ pendingHours: 72, pollFirstSeconds: 2, pollMinutesMax: 10 },
  };
  return { ...configuration, organisation: { ...configuration.organisation, dispatchers: [dispatcher] } };
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
