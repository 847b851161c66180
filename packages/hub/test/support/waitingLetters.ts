import type { Pool } from '@brevduva/base';
import { LANES, type Lane } from '../../src/letter.ts';
import type { StageName } from '../../src/states.ts';
import { seedLetter } from './consoleLetters.ts';

/** Puts letters that are due into an organisation's lane, by the hundred thousand if need be. */
export async function seedWaiting(
  pool: Pool,
  organisationId: string,
  { count, lane, stage = 'resolve' }: { count: number; lane: Lane; stage?: StageName },
): Promise<void> {
  const { letterId } = await seedLetter(pool, organisationId, {});
  await pool.query(
    `insert into letter (organisation_id, id, business_system_id, flow_id, recipient, subject, language, body_content_type,
       body_hash, envelope_bytes, state, stage, channel, lane)
     select organisation_id, gen_random_uuid(), business_system_id, flow_id, recipient, subject, language, body_content_type,
       body_hash, envelope_bytes, 'waiting', $4, case when $4 <> 'resolve' then 'digital' end, $5
     from letter, generate_series(1, $3) where organisation_id = $1 and id = $2`,
    [organisationId, letterId, count, stage, LANES[lane]],
  );
}
