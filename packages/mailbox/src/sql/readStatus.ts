import type { Queryable } from '@brevduva/base';

/** Of one delivery; `readAt` is null while nobody has opened it. */
export interface ReadStatusRow {
  readonly id: string;
  readonly readAt: Date | null;
}

/** Those of the deliveries that the organisation sealed or is the sender of; of others' it is told nothing. */
export async function selectReadStatus(
  db: Queryable,
  caller: string,
  deliveries: readonly string[],
): Promise<ReadStatusRow[]> {
  const { rows } = await db.query<ReadStatusRow>({
    name: 'mailbox_read_status',
    text: `select id, read_at as "readAt" from letter
           where id = any($2::uuid[]) and notice_id is null and (sealed_by_number = $1 or sender_id = $1)`,
    values: [caller, deliveries],
  });
  return rows;
}
