import { defineSettings, readSettings } from '@brevduva/base';
import type { Terminal } from './terminal.ts';

/** What `brevduva up` reads from the environment. */
export const UP_SETTINGS = defineSettings({
  databaseUrl: {
    env: 'DATABASE_URL',
    type: 'string',
    optional: true,
    secret: true,
    doc: 'PostgreSQL 15–18 med en användare som får skapa roller och scheman; annars startas en egen server',
  },
  printSecrets: {
    env: 'BREVDUVA_PRINT_SECRETS',
    type: 'string',
    optional: true,
    doc: 'katalog med nycklar och lösenord till tryckerier med SFTP-server; annars print-secrets i datakatalogen',
  },
  logLevel: {
    env: 'BREVDUVA_LOG_LEVEL',
    type: 'enum',
    values: ['debug', 'info', 'warn', 'error'],
    default: 'info',
    doc: 'hur mycket som skrivs i loggen',
  },
});

/** Variables that other commands and the tests read. */
const READ_ELSEWHERE = ['BREVDUVA_DATA', 'BREVDUVA_API_KEY', 'BREVDUVA_CHROMIUM', 'BREVDUVA_HUB_DATABASE_URL'];

/** Throws BASE_SETTINGS_INVALID with every fault. */
export function readUpSettings({ env }: Terminal) {
  return readSettings(UP_SETTINGS, env, READ_ELSEWHERE);
}
