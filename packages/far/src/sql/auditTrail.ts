import type { Queryable } from '@brevduva/base';
import type { AuditEventRow } from './auditEvents.ts';

/** What is looked for; all of it where nothing is said. Days are days in Sweden, both included. */
export interface AuditFilter {
  subject?: string | undefined;
  what?: string | undefined;
  organizationNumber?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** The latest first; `beforeId` goes on where the last page ended, `afterId` goes back (its rows too the latest first). */
export async function selectAuditTrail(
  db: Queryable,
  { subject, what, organizationNumber, from, to }: AuditFilter,
  { beforeId, afterId, limit }: { beforeId?: number | undefined; afterId?: number | undefined; limit: number },
): Promise<AuditEventRow[]> {
  const { rows } = await db.query<AuditEventRow>(
    afterId === undefined ? SELECT_BEFORE_SQL : `select * from (${SELECT_AFTER_SQL}) as page order by id desc`,
    [
      subject ?? null,
      what ?? null,
      organizationNumber ?? null,
      from ?? null,
      to ?? null,
      afterId ?? beforeId ?? null,
      limit,
    ],
  );
  return rows;
}

export async function selectAuditEvent(db: Queryable, id: number): Promise<AuditEventRow | undefined> {
  const { rows } = await db.query<AuditEventRow>(`${SELECT_SQL} where audit_event.id = $1`, [id]);
  return rows[0];
}

/** Everyone who has ever done something, by name. */
export async function selectAuditSubjects(db: Queryable): Promise<{ subject: string; name: string }[]> {
  const { rows } = await db.query<{ subject: string; name: string }>(
    `select subject, max(name) as name from audit_event group by subject order by max(name), subject`,
  );
  return rows;
}

const SELECT_SQL = `
  select audit_event.id, at, audit_event.organization_number::text as "organizationNumber",
    organization.name as "organizationName", subject, audit_event.name, what, before, after
  from audit_event
  left join organization using (organization_number)`;

const FILTER_SQL = `
  where ($1::text is null or subject = $1)
    and ($2::text is null or what = $2)
    and ($3::bigint is null or audit_event.organization_number = $3)
    and ($4::date is null or at >= $4::date::timestamp at time zone 'Europe/Stockholm')
    and ($5::date is null or at < ($5::date + 1)::timestamp at time zone 'Europe/Stockholm')`;

const SELECT_BEFORE_SQL = `${SELECT_SQL} ${FILTER_SQL}
    and ($6::bigint is null or audit_event.id < $6)
  order by audit_event.id desc
  limit $7`;

const SELECT_AFTER_SQL = `${SELECT_SQL} ${FILTER_SQL}
    and audit_event.id > $6::bigint
  order by audit_event.id
  limit $7`;
