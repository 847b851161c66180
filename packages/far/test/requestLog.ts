import { randomUUID } from 'node:crypto';
import { createLog } from '@brevduva/base';
import type { Pool } from '../src/sql/pool.ts';
import { createRequestLogMonth, type RequestLogRow } from '../src/sql/requestLog.ts';
import { createStatisticsWork, REQUEST_LOG_DAYS } from '../src/statistics/statisticsWork.ts';
import { MUNICIPALITY } from './sampleRegister.ts';

/** Puts a line where a call's line stands; what is not given is an `isReachable` for one id, answered in 4 ms. */
export async function logCall(pool: Pool, receivedAt: string, more: Partial<RequestLogRow> = {}): Promise<string> {
  const callId = randomUUID();
  const row = {
    caller: MUNICIPALITY as string | null,
    sender: null as string | null,
    operation: 'isReachable',
    idCount: 1,
    errorCode: 0,
    durationMs: 4,
    ...more,
  };
  await createRequestLogMonth(pool, new Date(receivedAt));
  await pool.query(
    `insert into request_log (call_id, received_at, caller, sender, operation, id_count, error_code, duration_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [callId, receivedAt, row.caller, row.sender, row.operation, row.idCount, row.errorCode, row.durationMs],
  );
  return callId;
}

/** Counts all that is logged, whatever the register's own worker is doing meanwhile. */
export async function countEverything(pool: Pool, now: Date): Promise<void> {
  const work = createStatisticsWork({
    pool,
    log: createLog({ service: 'far', level: 'silent' }),
    requestLogDays: REQUEST_LOG_DAYS,
  });
  await pool.query('update statistics_progress set requests_until = null');
  const last = new Date(Math.floor((now.getTime() - 900_000) / 3_600_000) * 3_600_000);
  for (;;) {
    await work(now);
    const { rows } = await pool.query<{ until: Date | null }>(
      'select requests_until as until from statistics_progress',
    );
    if (rows[0]?.until?.getTime() === last.getTime()) break;
  }
  await work(now);
}
