import type { createPool, Queryable } from '@brevduva/base';

/** The operator's connections. */
export type Pool = ReturnType<typeof createPool>;

/** Throws when the database does not answer. */
export async function askDatabase(db: Queryable): Promise<void> {
  await db.query('select 1');
}
