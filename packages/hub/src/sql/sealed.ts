import type { Queryable } from '@brevduva/base';
import type { ServiceSupplier } from '@brevduva/protocol';
import type { LetterKey } from '../letter.ts';

export interface SealedRow {
  organisation_id: string;
  letter_id: string;
  id: string;
  supplier: ServiceSupplier;
  sha256: Buffer;
  /** Null when its id is among those that the caller holds. */
  bytes: Buffer | null;
}

/** The newest sealed request of each of the letters; letters without one are absent. */
export async function selectLatestSealed(
  db: Queryable,
  keys: readonly LetterKey[],
  heldIds: readonly string[] = [],
): Promise<SealedRow[]> {
  const { rows } = await db.query<SealedRow>({
    name: 'selectLatestSealed',
    text: `select latest.organisation_id, latest.letter_id, latest.id, latest.supplier, latest.sha256,
            case when latest.id = any($3::uuid[]) then null else latest.bytes end as bytes
     from unnest($1::uuid[], $2::uuid[]) as k (organisation_id, letter_id)
     cross join lateral (
       select * from sealed_delivery s where s.organisation_id = k.organisation_id and s.letter_id = k.letter_id
       order by s.sealed_at desc, s.id desc limit 1
     ) latest`,
    values: [keys.map((key) => key.organisationId), keys.map((key) => key.id), heldIds],
  });
  return rows;
}
