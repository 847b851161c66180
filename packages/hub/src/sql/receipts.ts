import type { Queryable } from '@brevduva/base';
import type { LetterKey } from '../letter.ts';

/** Ids of the letters that the operator has acknowledged as delivered. */
export async function selectDelivered(db: Queryable, keys: readonly LetterKey[]): Promise<Set<string>> {
  const { rows } = await db.query<{ letter_id: string }>({
    name: 'selectDelivered',
    text: `select distinct r.letter_id
     from unnest($1::uuid[], $2::uuid[]) as k (organisation_id, letter_id)
     join receipt r on r.organisation_id = k.organisation_id and r.letter_id = k.letter_id
     where r.channel in ('digital', 'notification') and r.delivered`,
    values: [keys.map((key) => key.organisationId), keys.map((key) => key.id)],
  });
  return new Set(rows.map((row) => row.letter_id));
}
