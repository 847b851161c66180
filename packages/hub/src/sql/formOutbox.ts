import type { Queryable } from '@brevduva/base';
import type { FormFailure } from '../waysIn/forms/formStates.ts';

export interface ClaimedForm {
  readonly organisationId: string;
  readonly id: string;
  /** With this one, counted since a person last let it be tried again. */
  readonly attempts: number;
  readonly leaseId: string;
  /** When it came, or when a person last let it be tried again. */
  readonly waitsSince: Date;
  readonly product: string;
  /** The portal's settings as they are now: what has been corrected holds at the next attempt. */
  readonly waysIn: unknown;
  /** Number of the organisation and code of the receiver, of which its login name is made. */
  readonly organizationNumber: string;
  readonly receiverCode: string;
}

/** Takes up to `limit` messages that are due for this node; one that a node died with is due when its lease ends. */
export async function claimFormMessages(
  db: Queryable,
  { limit, leaseMs, leaseId, node }: { limit: number; leaseMs: number; leaseId: string; node: string },
): Promise<ClaimedForm[]> {
  const { rows } = await db.query<ClaimedForm>(
    `with due as (
       select organisation_id, id from form_message where state = 'received' and due_at <= now()
       order by due_at limit $1 for update skip locked
     )
     update form_message m set lease_id = $2, lease_node = $3, due_at = now() + $4 * interval '1 millisecond',
       attempts = m.attempts + 1
     from due, business_system p, business_system r, organisation o
     where m.organisation_id = due.organisation_id and m.id = due.id
       and p.organisation_id = m.organisation_id and p.id = m.business_system_id
       and r.organisation_id = m.organisation_id and r.id = m.receiver_id and o.id = m.organisation_id
     returning m.organisation_id as "organisationId", m.id, m.attempts, m.lease_id as "leaseId", coalesce(m.retried_at, m.received_at) as "waitsSince",
       m.product, p.ways_in as "waysIn", o.organization_number as "organizationNumber", r.code as "receiverCode"`,
    [limit, leaseId, node, leaseMs],
  );
  return rows;
}

/** Gives back what an earlier life of this node held when it died; safe for the reasons of `releaseLeasesOf` (claim.ts). */
export async function releaseFormLeasesOf(db: Queryable, node: string): Promise<number> {
  const { rowCount } = await db.query(
    `update form_message set due_at = now(), lease_id = null, lease_node = null where lease_node = $1 and state = 'received'`,
    [node],
  );
  return rowCount ?? 0;
}

/** What became of an attempt. */
export type FormOutcome =
  | { readonly kind: 'handedOver'; readonly acknowledged: boolean; readonly caseReference: string | undefined }
  | { readonly kind: 'retry'; readonly failure: FormFailure; readonly detail: string; readonly delaySeconds: number }
  | { readonly kind: 'failed'; readonly failure: FormFailure; readonly detail: string; readonly caseHours: number }
  /** Nothing to do yet: the receiver fetches it by itself. Counts as no attempt. */
  | { readonly kind: 'wait'; readonly seconds: number };

/** Writes it, if the message is still this node's: whoever has acknowledged it meanwhile, or taken it over, has said more. */
export async function writeFormOutcome(
  db: Queryable,
  { organisationId, id, leaseId }: Pick<ClaimedForm, 'organisationId' | 'id' | 'leaseId'>,
  outcome: FormOutcome,
  actor: string,
): Promise<boolean> {
  const row = rowOf(outcome);
  const { rowCount } = await db.query(
    `with changed as (
       update form_message set state = $4, lease_id = null, lease_node = null,
         due_at = case when $4 = 'received' then now() + $5 * interval '1 second' end,
         deadline = case when $4 = 'failed' then now() + $6 * interval '1 hour' end,
         failure = coalesce($7, failure), case_reference = coalesce($8, case_reference),
         acknowledged_at = case when $4 = 'acknowledged' then now() end,
         attempts = case when $9::text is null then attempts - 1 else attempts end
       where organisation_id = $1 and id = $2 and lease_id = $3 and state = 'received'
       returning organisation_id, id, attempts
     ), noted as (
       insert into form_event (organisation_id, message_id, kind, actor, detail)
       select organisation_id, id, $9, $11, $10::jsonb || jsonb_build_object('attempt', attempts) from changed where $9::text is not null
     )
     select id from changed`,
    [
      organisationId,
      id,
      leaseId,
      row.state,
      row.delaySeconds ?? 0,
      row.caseHours ?? 0,
      row.failure ?? null,
      row.caseReference ?? null,
      row.event ?? null,
      JSON.stringify(row.detail ?? {}),
      actor,
    ],
  );
  return rowCount === 1;
}

interface OutcomeRow {
  readonly state: 'received' | 'handedOver' | 'acknowledged' | 'failed';
  readonly delaySeconds?: number;
  readonly caseHours?: number;
  readonly failure?: FormFailure;
  readonly caseReference?: string | undefined;
  /** None: it leaves no trace. */
  readonly event?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

function rowOf(outcome: FormOutcome): OutcomeRow {
  switch (outcome.kind) {
    case 'wait':
      return { state: 'received', delaySeconds: outcome.seconds };
    case 'handedOver': {
      const { acknowledged, caseReference } = outcome;
      const detail = caseReference === undefined ? {} : { caseReference };
      const state = acknowledged ? 'acknowledged' : 'handedOver';
      return { state, caseReference, event: state, detail };
    }
    case 'retry': {
      const { failure, detail, delaySeconds } = outcome;
      return { state: 'received', delaySeconds, failure, event: 'attemptFailed', detail: { failure, answer: detail } };
    }
    case 'failed': {
      const { failure, detail, caseHours } = outcome;
      return { state: 'failed', caseHours, failure, event: 'failed', detail: { failure, answer: detail } };
    }
  }
}
