import { appError, inSnapshot, type Pool } from '@brevduva/base';
import { stringify } from 'yaml';
import { HUB_ERRORS } from '../errors.ts';
import { selectConfiguration } from '../sql/configuration.ts';
import type { FlowSettings, OrganisationConfiguration, OrganisationSettings, SystemSettings } from './configuration.ts';

/**
 * The organisation's configuration as a file that changes nothing when it is applied.
 *
 * @throws AppError HUB_ORGANISATION_NOT_FOUND
 */
export async function exportConfiguration(pool: Pool, organizationNumber: string): Promise<string> {
  const found = await inSnapshot(pool, (db) => selectConfiguration(db, organizationNumber));
  if (found === undefined) throw appError(HUB_ERRORS, 'HUB_ORGANISATION_NOT_FOUND');
  return writeConfiguration(found.configuration);
}

/** Writes a configuration as its file. Fields that are not set are left out; those with a default are written all the same. */
export function writeConfiguration({
  organisation,
  units,
  templates,
  printShops,
  flows,
  systems,
}: OrganisationConfiguration): string {
  const document = {
    ...{ organisation: organisationInFile(organisation), units },
    ...(templates.length === 0 ? {} : { templates }),
    ...(printShops.length === 0 ? {} : { printShops }),
    ...{ flows: flows.map(flowInFile), systems: systems.map(systemInFile) },
  };
  // The library writes undefined as nothing; a round trip through JSON says the same of every level.
  return stringify(JSON.parse(JSON.stringify(document)), { lineWidth: 120, aliasDuplicateObjects: false });
}

function organisationInFile({ dispatchers, printLayouts, ...organisation }: OrganisationSettings): object {
  return {
    ...organisation,
    ...(dispatchers.length === 0 ? {} : { dispatchers }),
    ...(printLayouts.length === 0 ? {} : { printLayouts }),
  };
}

function flowInFile({ templateCode: template, ...flow }: FlowSettings): object {
  return { ...flow, template };
}

function systemInFile({ waysIn, credentials, ...system }: SystemSettings): object {
  return {
    ...system,
    ...(Object.keys(waysIn).length === 0 ? {} : { waysIn }),
    credentials: credentials?.map(({ label, ...credential }) => (label === '' ? credential : { label, ...credential })),
  };
}
