import { createTestDatabase } from '@brevduva/base/testing';
import { FAR_MIGRATIONS } from '../src/index.ts';

/** An empty register on a real PostgreSQL. */
export function createFarDatabase() {
  return createTestDatabase({ party: 'far', migrations: FAR_MIGRATIONS });
}
