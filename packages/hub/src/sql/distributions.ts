import type { Queryable } from '@brevduva/base';
import type { LetterKey } from '../letter.ts';
import type { Channel, LetterState } from '../states.ts';

/** What a dispatcher tells a sender of a letter. */
export async function selectDistribution(
  db: Queryable,
  { organisationId, id }: LetterKey,
): Promise<{ recipient: string; state: LetterState; channel: Channel | null } | undefined> {
  const { rows } = await db.query<{ recipient: string; state: LetterState; channel: Channel | null }>(
    'select recipient, state, channel from letter where organisation_id = $1 and id = $2 and notice_id is null',
    [organisationId, id],
  );
  return rows[0];
}
