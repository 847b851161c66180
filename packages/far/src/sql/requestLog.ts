import type { Queryable } from '@brevduva/base';

export interface RequestLogRow {
  callId: string;
  receivedAt: Date;
  caller: string | null;
  /** Kept only where it is a registered sender. */
  sender: string | null;
  operation: string;
  idCount: number;
  /** 0 = answered, else the contract's code. */
  errorCode: number;
  durationMs: number;
}

/** The subselect lets a number fall that is no registered sender: it may be anything the caller wrote. */
export async function insertRequest(db: Queryable, row: RequestLogRow): Promise<void> {
  await db.query(
    `insert into request_log (call_id, received_at, caller, sender, operation, id_count, error_code, duration_ms)
     values ($1, $2, $3, (select organization_number from sender where organization_number = $4::bigint), $5, $6, $7, $8)`,
    [
      row.callId,
      row.receivedAt.toISOString(),
      row.caller,
      row.sender,
      row.operation,
      row.idCount,
      row.errorCode,
      row.durationMs,
    ],
  );
}
