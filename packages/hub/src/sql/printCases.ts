import { newId, type Queryable } from '@brevduva/base';

export const PRINT_CASE_REASONS = [
  'printShopDown',
  'notAcknowledged',
  'notProduced',
  'notPosted',
  'unknownLetter',
  'unreadableReceipt',
] as const;
/** What is the matter with a print shop; printCases.ts has the words. */
export type PrintCaseReason = (typeof PRINT_CASE_REASONS)[number];

export interface NewPrintCase {
  readonly organisationId: string;
  readonly shopCode: string;
  readonly batchId?: string;
  readonly reason: PrintCaseReason;
  /** Of two with the same key only one is open. */
  readonly key: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly hours: number;
}

/** Opens a case, unless it is open. @returns whether it was opened. */
export async function openPrintCase(db: Queryable, found: NewPrintCase): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into print_case (organisation_id, id, shop_code, batch_id, reason, key, detail, deadline)
     values ($1, $2, $3, $4, $5, $6, $7, now() + $8 * interval '1 hour')
     on conflict (organisation_id, key) where closed_at is null do nothing`,
    [
      found.organisationId,
      newId(),
      found.shopCode,
      found.batchId ?? null,
      found.reason,
      found.key,
      found.detail,
      found.hours,
    ],
  );
  return rowCount === 1;
}

/** What the case was about is over by itself. */
export async function passPrintCase(db: Queryable, organisationId: string, key: string): Promise<void> {
  await db.query(
    `update print_case set closed_at = clock_timestamp(), closed_by = 'Brevduva', resolution = 'passed'
     where organisation_id = $1 and key = $2 and closed_at is null`,
    [organisationId, key],
  );
}

/** Closes the cases of batches that have caught up with what was missed. */
export async function passCaughtUp(db: Queryable): Promise<void> {
  await db.query(
    `update print_case c set closed_at = clock_timestamp(), closed_by = 'Brevduva', resolution = 'passed'
     from print_batch b
     where c.closed_at is null and c.batch_id = b.id and c.organisation_id = b.organisation_id and (b.state = 'ended' or case c.reason
       when 'notAcknowledged' then b.acknowledged_at is not null
       when 'notProduced' then not exists (select from print_batch_letter p where p.organisation_id = b.organisation_id
         and p.batch_id = b.id and p.state = 'batched')
       else false end)`,
  );
}

export interface PrintCaseLine {
  readonly id: string;
  readonly shopCode: string;
  readonly batchId: string | null;
  readonly reason: PrintCaseReason;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly openedAt: Date;
  readonly deadline: Date;
}

/** The open cases, the most urgent first. */
export async function selectOpenPrintCases(
  db: Queryable,
  organisationId: string,
  max: number,
): Promise<PrintCaseLine[]> {
  const { rows } = await db.query<PrintCaseLine>(
    `select id, shop_code as "shopCode", batch_id as "batchId", reason, detail, opened_at as "openedAt", deadline
     from print_case where organisation_id = $1 and closed_at is null order by deadline, id limit $2`,
    [organisationId, max],
  );
  return rows;
}

/** A person has looked into it. @returns false when it was not open, or is another organisation's. */
export async function settlePrintCase(db: Queryable, organisationId: string, id: string, by: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update print_case set closed_at = clock_timestamp(), closed_by = $3, resolution = 'settled'
     where organisation_id = $1 and id = $2 and closed_at is null`,
    [organisationId, id, by],
  );
  return rowCount === 1;
}
