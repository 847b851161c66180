import type { Queryable } from '@brevduva/base';
import type { PrinterOwner } from './printJobs.ts';

/** What a system's printer says of its owner; `since` is when the system came to be, from which the printer counts its seconds. */
export async function selectPrinterFacts(
  db: Queryable,
  { organisationId, id }: PrinterOwner,
): Promise<{ organisationName: string; unitName: string; since: Date }> {
  const { rows } = await db.query<{ organisationName: string; unitName: string; since: Date }>(
    `select o.name as "organisationName", coalesce(u.name, o.name) as "unitName", b.created_at as since
     from business_system b
     join organisation o on o.id = b.organisation_id
     left join unit u on u.organisation_id = b.organisation_id and u.id = b.unit_id
     where b.organisation_id = $1 and b.id = $2`,
    [organisationId, id],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`system ${id} does not exist`);
  return row;
}
