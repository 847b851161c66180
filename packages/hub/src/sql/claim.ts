import type { Queryable } from '@brevduva/base';
import type { ClaimedLetter } from '../letter.ts';
import type { StageName } from '../states.ts';
import { type ClaimedRow, toClaimedLetter } from './claimedRow.ts';
import { FLOW_COLUMNS, ORGANISATION_COLUMNS } from './flowRow.ts';

export interface Claim {
  readonly stage: StageName;
  readonly limit: number;
  readonly leaseMs: number;
  readonly leaseId: string;
  readonly node: string;
}

/**
 * Takes up to `limit` due letters of a stage for this node, in lane order, with one statement. Rows that another node holds are
 * skipped. Each lane is its own index range, so that a million letters waiting in the bulk lane cost the interactive lane nothing.
 *
 * A lease that is still there was never written back: the node that held it died or was cut off. If that was on a digital
 * delivery, the letter may have arrived, so its state becomes `unknown` here, and the same bytes go again.
 *
 * Prepared once per connection: planning took three quarters of a claim's time (docs/performance.md).
 */
export async function claimLetters(db: Queryable, claim: Claim): Promise<ClaimedLetter[]> {
  const { rows } = await db.query<ClaimedRow>({
    name: 'claimLetters',
    text: `with due as materialized (
       select d.organisation_id, d.id, d.state
       from unnest(array[0, 1, 2]::smallint[]) as lane (number)
       cross join lateral (
         select organisation_id, id,
           case when stage = 'deliver' and channel = 'digital' and lease_id is not null then 'unknown' else state end as state
         from letter
         where stage = $1 and letter.lane = lane.number and due_at <= now()
         order by due_at limit $2 for update skip locked
       ) d
       limit $2
     ), taken as (
       update letter l
       set lease_id = $3, lease_node = $4, attempts = attempts + 1, updated_at = now(),
           due_at = now() + $5 * interval '1 millisecond',
           state = due.state
       from due where l.organisation_id = due.organisation_id and l.id = due.id
       returning l.*
     )
     select t.organisation_id, t.id, t.recipient, t.subject, t.language, t.reference, t.address, t.protected_identity,
            t.body_content_type, t.body_hash, t.signed_hash, t.envelope_bytes, t.created_at, t.expires_at, t.channel_policy as letter_policy, t.state, t.stage, t.channel, t.attempts,
            t.stage_entered_at, t.digital_failure, t.lookups, t.supplier, t.paper_ordered, t.print_hash, t.print_facts,
            ${ORGANISATION_COLUMNS}, ${FLOW_COLUMNS}, coalesce(a.list, '[]') as attachments
     from taken t
     join organisation o on o.id = t.organisation_id
     join flow f on f.organisation_id = t.organisation_id and f.id = t.flow_id
     join unit u on u.organisation_id = f.organisation_id and u.id = f.unit_id
     left join lateral (
       select jsonb_agg(jsonb_build_object('filename', filename, 'contentType', content_type,
                'hash', encode(hash, 'hex'), 'plainBytes', plain_bytes) order by position) as list
       from attachment where organisation_id = t.organisation_id and letter_id = t.id
     ) a on true`,
    values: [claim.stage, claim.limit, claim.leaseId, claim.node, claim.leaseMs],
  });
  return rows.map(toClaimedLetter);
}

/**
 * Gives back what an earlier life of this node held when it died, so that a restart goes on at once instead of waiting for the
 * leases. Safe because a node name is held by one process at a time (nodeLock.ts) and every write-back is fenced by lease id.
 */
export async function releaseLeasesOf(db: Queryable, node: string): Promise<number> {
  const { rowCount } = await db.query(
    `update letter set due_at = now(), lease_node = null,
       state = case when stage = 'deliver' and channel = 'digital' then 'unknown' else state end
     where lease_node = $1 and stage is not null`,
    [node],
  );
  return rowCount ?? 0;
}
