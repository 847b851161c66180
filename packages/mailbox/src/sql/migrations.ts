import { readMigrations } from '@brevduva/base';

/** The operator's own schema, in order; a file that has run anywhere is never changed. */
export const MAILBOX_MIGRATIONS = readMigrations(new URL('./migrations/', import.meta.url));
