import type { Queryable } from '@brevduva/base';
import type { ServiceSupplier } from '@brevduva/protocol';
import type { LetterKey } from '../letter.ts';

export interface SealedRow {
  organisation_id: string;
  letter_id: string;
  id: string;
  supplier: ServiceSupplier;
  sha256: Buffer;
  bytes: Buffer;
}

/** The newest sealed request of each of the letters; letters without one are absent. */
export async function selectLatestSealed(db: Queryable, keys: readonly LetterKey[]): Promise<SealedRow[]> {
  const { rows } = await db.query<SealedRow>(
    `select distinct on (s.organisation_id, s.letter_id) s.organisation_id, s.letter_id, s.id, s.supplier, s.sha256, s.bytes
     from unnest($1::uuid[], $2::uuid[]) as k (organisation_id, letter_id)
     join sealed_delivery s on s.organisation_id = k.organisation_id and s.letter_id = k.letter_id
     order by s.organisation_id, s.letter_id, s.sealed_at desc, s.id desc`,
    [keys.map((key) => key.organisationId), keys.map((key) => key.id)],
  );
  return rows;
}
