import { appError } from '@brevduva/base';
import { HUB_ERRORS } from '../errors.ts';
import type { OrganisationConfiguration } from './configuration.ts';
import { readConfiguration } from './readConfiguration.ts';

/**
 * The configuration that the file holds.
 *
 * @throws AppError HUB_CONFIGURATION_INVALID with every fault; a fault's path begins with line and column.
 */
export function parseConfiguration(text: string): OrganisationConfiguration {
  const result = readConfiguration(text);
  if (result.ok) return result.configuration;
  const faults = result.faults.map(({ line, column, path, text: says }) => ({
    code: 'HUB_CONFIGURATION_FAULT' satisfies keyof typeof HUB_ERRORS,
    path: `${line}:${column}${path === '' ? '' : ` ${path}`}`,
    text: says,
  }));
  throw appError(HUB_ERRORS, 'HUB_CONFIGURATION_INVALID', { faults });
}
