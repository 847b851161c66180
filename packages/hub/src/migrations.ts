import { readMigrations } from '@brevduva/base';

/** The hub's schema, step by step. */
export const HUB_MIGRATIONS = readMigrations(new URL('./sql/migrations/', import.meta.url));
