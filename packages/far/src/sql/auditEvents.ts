import type { Queryable } from '@brevduva/base';
import type { AuditAct } from '../actors/auditAct.ts';

/** What stood there before, or after. Holds no personal number. */
export type AuditFacts = Readonly<Record<string, unknown>>;

export interface NewAuditEvent {
  at: Date;
  /** Null where it concerns no organisation. */
  organizationNumber: string | null;
  subject: string;
  name: string;
  what: AuditAct;
  before: AuditFacts | null;
  after: AuditFacts | null;
}

export interface AuditEventRow extends NewAuditEvent {
  id: number;
  organizationName: string | null;
}

/** Append-only by trigger. Call it in the transaction of the change that it tells of. */
export async function insertAuditEvent(db: Queryable, event: NewAuditEvent): Promise<void> {
  await db.query(
    `insert into audit_event (at, organization_number, subject, name, what, before, after)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      event.at.toISOString(),
      event.organizationNumber,
      event.subject,
      event.name,
      event.what,
      event.before === null ? null : JSON.stringify(event.before),
      event.after === null ? null : JSON.stringify(event.after),
    ],
  );
}

/** The latest first; `beforeId` goes on where the last page ended. */
export async function selectAuditEventsOf(
  db: Queryable,
  { organizationNumber, beforeId, limit }: { organizationNumber: string; beforeId?: number; limit: number },
): Promise<AuditEventRow[]> {
  const { rows } = await db.query<AuditEventRow>(
    `select audit_event.id, at, audit_event.organization_number::text as "organizationNumber",
       organization.name as "organizationName", subject, audit_event.name, what, before, after
     from audit_event
     left join organization using (organization_number)
     where audit_event.organization_number = $1 and ($2::bigint is null or audit_event.id < $2::bigint)
     order by audit_event.id desc
     limit $3`,
    [organizationNumber, beforeId ?? null, limit],
  );
  return rows;
}
