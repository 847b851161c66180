import type { Queryable } from '@brevduva/base';

/** Throws when the database does not answer. */
export async function ping(db: Queryable): Promise<void> {
  await db.query('select 1');
}
