import type { Queryable } from '@brevduva/base';

/** Fails when the database cannot be asked. */
export async function selectOne(db: Queryable): Promise<void> {
  await db.query('select 1');
}
