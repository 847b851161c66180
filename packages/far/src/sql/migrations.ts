import { readMigrations } from '@brevduva/base';

/** The register's own migrations, in order; only ever added to. */
export const FAR_MIGRATIONS = readMigrations(new URL('./migrations/', import.meta.url));
