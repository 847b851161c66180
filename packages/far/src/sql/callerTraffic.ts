import type { Queryable } from '@brevduva/base';

/** What a caller has done with an operation, and how it ended. */
export interface CallerOperationRow {
  operation: string;
  /** 0 = answered, else the contract's code. */
  errorCode: number;
  firstAt: Date;
  lastAt: Date;
  /** When it last asked about several ids in one call; null when it never did. */
  severalAt: Date | null;
}

/**
 * All that a caller has ever called: what is counted, and the lines after that, so that a call shows at once. Of the log only
 * the hours that are still open are read.
 */
export async function selectCallerOperations(db: Queryable, caller: string): Promise<CallerOperationRow[]> {
  const { rows } = await db.query<CallerOperationRow>(
    `select operation, error_code as "errorCode", min(first_at) as "firstAt", max(last_at) as "lastAt",
       max(several_at) as "severalAt"
     from (
       select operation, error_code, first_at, last_at, several_at
       from caller_operation
       where caller = $1
       union all
       select operation, error_code, received_at, received_at, case when id_count > 1 then received_at end
       from request_log
       where caller = $1
         and received_at >= (select coalesce(requests_until, '-infinity') from statistics_progress)
     ) as calls
     group by operation, error_code`,
    [caller],
  );
  return rows;
}

/** When someone last was answered who asked for the sender; null when nobody ever was. */
export async function selectSenderAskedAt(db: Queryable, sender: string): Promise<Date | null> {
  const { rows } = await db.query<{ lastAt: Date | null }>(
    `select greatest(
       (select max(last_at) from sender_asked where sender = $1),
       (select max(received_at) from request_log
        where sender = $1 and error_code = 0
          and received_at >= (select coalesce(requests_until, '-infinity') from statistics_progress))
     ) as "lastAt"`,
    [sender],
  );
  return rows[0]?.lastAt ?? null;
}
