import { selectPerson } from '../sql/persons.ts';
import type { Pool } from '../sql/pool.ts';

/** What the population register says about one person. */
export interface PopulationPerson {
  name: string;
  isDeceased: boolean;
  hasProtectedIdentity: boolean;
}

/** SPAR, or what stands in its place. `unavailable` becomes the contract's 5017. */
export interface PopulationRegister {
  find(
    personId: string,
  ): Promise<{ kind: 'found'; person: PopulationPerson } | { kind: 'unknown' } | { kind: 'unavailable' }>;
}

/** A population register out of the register's own table: sample data in place of SPAR. */
export function createTablePopulationRegister(pool: Pool): PopulationRegister {
  return {
    async find(personId) {
      const row = await selectPerson(pool, personId);
      if (row === undefined) return { kind: 'unknown' };
      const { name, deceasedOn, protectedIdentity } = row;
      return {
        kind: 'found',
        person: { name, isDeceased: deceasedOn !== null, hasProtectedIdentity: protectedIdentity },
      };
    },
  };
}
