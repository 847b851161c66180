import type { Queryable } from '@brevduva/base';
import type { LetterKey } from '../letter.ts';

/** The operator's own name (`TransId`) of each letter's digital delivery, by letter id. */
export async function selectDeliveryIds(db: Queryable, keys: readonly LetterKey[]): Promise<Map<string, string>> {
  const { rows } = await db.query<{ letter_id: string; trans_id: string }>(
    `select distinct on (r.organisation_id, r.letter_id) r.letter_id, r.proof ->> 'transId' as trans_id
     from unnest($1::uuid[], $2::uuid[]) as k (organisation_id, letter_id)
     join receipt r on r.organisation_id = k.organisation_id and r.letter_id = k.letter_id
     where r.channel = 'digital' and r.delivered and r.proof ? 'transId'
     order by r.organisation_id, r.letter_id, r.id desc`,
    [keys.map((key) => key.organisationId), keys.map((key) => key.id)],
  );
  return new Map(rows.map((row) => [row.letter_id, row.trans_id]));
}

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
