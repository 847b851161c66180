import { appError } from '@brevduva/base';
import { HUB_ERRORS } from '../errors.ts';
import type { OrganisationConfiguration } from './configuration.ts';
import type { ReadFileBeside } from './filesBeside.ts';
import { readConfiguration } from './readConfiguration.ts';

/**
 * The configuration that the file holds, with the files that it names beside itself read by `files`.
 *
 * @throws AppError HUB_CONFIGURATION_INVALID with every fault; a fault's path begins with line and column.
 */
export function parseConfiguration(text: string, files?: ReadFileBeside): OrganisationConfiguration {
  const result = readConfiguration(text, files);
  if (result.ok) return result.configuration;
  const faults = result.faults.map(({ line, column, path, text: says }) => ({
    code: 'HUB_CONFIGURATION_FAULT' satisfies keyof typeof HUB_ERRORS,
    path: `${line}:${column}${path === '' ? '' : ` ${path}`}`,
    text: says,
  }));
  throw appError(HUB_ERRORS, 'HUB_CONFIGURATION_INVALID', { faults });
}
