import type { Queryable } from '@brevduva/base';
import type { ClaimedLetter } from '../letter.ts';
import type { Queue, Share } from '../shareOut.ts';
import type { StageName } from '../states.ts';
import { type ClaimedRow, toClaimedLetter } from './claimedRow.ts';
import { FLOW_COLUMNS, ORGANISATION_COLUMNS } from './flowRow.ts';

/** An organisation's due letters of one lane at a stage. */
export interface DueQueue extends Queue {
  readonly lane: number;
}

/**
 * Who has letters due at a stage, in lanes up to `lastLane`; `due` is counted to `limit` at the most. Goes from one organisation to the
 * next by the index, so that it costs a probe for each organisation that waits, however many letters it has. The count is ordered only
 * so that a table of which most waits in one queue is not read from its beginning.
 *
 * Prepared once per connection, as the claim: planning took three quarters of a claim's time (docs/performance.md).
 */
export async function selectDueQueues(
  db: Queryable,
  { stage, lastLane, limit }: { readonly stage: StageName; readonly lastLane: number; readonly limit: number },
): Promise<DueQueue[]> {
  const { rows } = await db.query<DueQueue>({
    name: 'selectDueQueues',
    text: `with recursive queue as (
       (select lane, organisation_id from letter where stage = $1 and lane <= $2 order by lane, organisation_id limit 1)
       union all
       select next.lane, next.organisation_id
       from queue cross join lateral (
         select l.lane, l.organisation_id from letter l
         where l.stage = $1 and (l.lane, l.organisation_id) > (queue.lane, queue.organisation_id) and l.lane <= $2
         order by l.lane, l.organisation_id limit 1
       ) next
     )
     select queue.lane, queue.organisation_id as "organisationId", waiting.due::integer,
            o.lane_weights[queue.lane + 1] as weight
     from queue
     cross join lateral (
       select count(*) as due from (
         select from letter l
         where l.stage = $1 and l.lane = queue.lane and l.organisation_id = queue.organisation_id and l.due_at <= now()
         order by l.due_at limit $3
       ) counted
     ) waiting
     join organisation o on o.id = queue.organisation_id
     where waiting.due > 0
     order by queue.lane, queue.organisation_id`,
    values: [stage, lastLane, limit],
  });
  return rows;
}

export interface Claim {
  readonly stage: StageName;
  readonly lane: number;
  /** How many letters of each organisation at the most. */
  readonly shares: readonly Share[];
  readonly leaseMs: number;
  readonly leaseId: string;
  readonly node: string;
}

/**
 * Takes due letters of a stage and lane for this node, of each organisation its share, the oldest first, with one statement. Rows that
 * another node holds are skipped.
 *
 * The rows are found again by their place (ctid), which cannot change while they are locked. By key, the planner, who cannot know the
 * shares, expected a tenth of all that waits, and read the whole table for it. A row that was changed between the beginning of the
 * statement and its lock is not found so; it stays due.
 *
 * A lease that is still there was never written back: the node that held it died or was cut off. If that was on a digital
 * delivery, the letter may have arrived, so its state becomes `unknown` here, and the same bytes go again.
 */
export async function claimLetters(db: Queryable, claim: Claim): Promise<ClaimedLetter[]> {
  const { rows } = await db.query<ClaimedRow>({
    name: 'claimLetters',
    text: `with due as materialized (
       select d.place
       from unnest($3::uuid[], $4::integer[]) as share (organisation_id, letters)
       cross join lateral (
         select ctid as place from letter
         where stage = $1 and lane = $2 and letter.organisation_id = share.organisation_id and due_at <= now()
         order by due_at limit share.letters for update skip locked
       ) d
     ), taken as (
       update letter l
       set lease_id = $5, lease_node = $6, attempts = attempts + 1, updated_at = now(),
           due_at = now() + $7 * interval '1 millisecond',
           state = case when stage = 'deliver' and channel <> 'paper' and lease_id is not null then 'unknown' else state end
       where l.ctid = any (array(select place from due))
       returning l.*
     )
     select t.organisation_id, t.id, t.recipient, t.subject, t.language, t.reference, t.address, t.protected_identity, t.lane,
            t.body_content_type, t.body_hash, t.signed_hash, n.content_hash as notice_hash, t.sealed_values, t.sealed_contact, t.notice_failures, t.document_hash, t.document_filename, t.envelope_bytes, t.created_at, t.expires_at, t.channel_policy as letter_policy, t.state, t.stage, t.channel, t.attempts,
            t.stage_entered_at, t.digital_failure, t.lookups, t.invoice, t.invoice_xml_hash, t.e_invoice_address, t.e_invoice_failure, t.supplier, t.distribution_id, t.paper_ordered, t.print_hash, t.print_facts,
            ${ORGANISATION_COLUMNS}, ${FLOW_COLUMNS}, coalesce(a.list, '[]') as attachments
     from taken t
     join organisation o on o.id = t.organisation_id
     join flow f on f.organisation_id = t.organisation_id and f.id = t.flow_id
     join unit u on u.organisation_id = f.organisation_id and u.id = f.unit_id
     left join notice n on n.organisation_id = t.organisation_id and n.id = t.notice_id
     left join lateral (
       select jsonb_agg(jsonb_build_object('filename', filename, 'contentType', content_type,
                'hash', encode(hash, 'hex'), 'plainBytes', plain_bytes) order by position) as list
       from attachment where organisation_id = t.organisation_id and letter_id = t.id
     ) a on true`,
    values: [
      claim.stage,
      claim.lane,
      claim.shares.map(({ organisationId }) => organisationId),
      claim.shares.map(({ letters }) => letters),
      claim.leaseId,
      claim.node,
      claim.leaseMs,
    ],
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
       state = case when stage = 'deliver' and channel <> 'paper' then 'unknown' else state end
     where lease_node = $1 and stage is not null`,
    [node],
  );
  return rowCount ?? 0;
}
