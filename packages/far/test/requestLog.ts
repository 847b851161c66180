import { randomUUID } from 'node:crypto';
import type { Pool } from '../src/sql/pool.ts';
import { insertRequest, type RequestLogRow } from '../src/sql/requestLog.ts';
import { MUNICIPALITY } from './sampleRegister.ts';

/** Writes a line as a call does; what is not given is an `isReachable` for one id, answered in 4 ms. */
export async function logCall(pool: Pool, receivedAt: string, more: Partial<RequestLogRow> = {}): Promise<string> {
  const callId = randomUUID();
  await insertRequest(pool, {
    callId,
    receivedAt: new Date(receivedAt),
    caller: MUNICIPALITY,
    sender: null,
    operation: 'isReachable',
    idCount: 1,
    errorCode: 0,
    durationMs: 4,
    ...more,
  });
  return callId;
}
