import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createLog } from '@brevduva/base';
import type { QueryConfig } from 'pg';
import { createRequestLogWriter } from '../src/requestLogWriter.ts';
import { createRequestLogMonth, type RequestLogRow } from '../src/sql/requestLog.ts';
import { createFarDatabase } from './database.ts';

const RECEIVED_AT = new Date('2026-03-31T23:59:59Z');

describe('the request log', () => {
  let database: Awaited<ReturnType<typeof createFarDatabase>>;
  const logLines: string[] = [];
  const log = createLog({ service: 'far', level: 'info', destination: { write: (line) => logLines.push(line) } });
  before(async () => {
    database = await createFarDatabase();
  });
  after(() => database.close());
  beforeEach(() => logLines.splice(0));

  const line = (more: Partial<RequestLogRow> = {}): RequestLogRow => ({
    callId: randomUUID(),
    receivedAt: RECEIVED_AT,
    caller: '162021004748',
    // no registered sender: may be anything, and is not kept
    sender: '165560160680',
    operation: 'isReachable',
    idCount: 1000,
    errorCode: 0,
    durationMs: 4,
    ...more,
  });

  async function stored(callIds: readonly string[]): Promise<number> {
    const { rows } = await database.pool.query(
      'select count(*) as lines from request_log where call_id = any ($1) and sender is null',
      [callIds],
    );
    return rows[0]?.lines;
  }

  it('has a line when whoever waited for it goes on, also the first of its month', async () => {
    const writer = createRequestLogWriter({ pool: database.pool, log });
    const row = line();
    await writer.write(row);
    assert.equal(await stored([row.callId]), 1);
  });

  it('has every line that nobody waited for when it is closed, over the turn of a month', async () => {
    const writer = createRequestLogWriter({ pool: database.pool, log });
    const rows = Array.from({ length: 2_500 }, (_, index) => line({ receivedAt: new Date(+RECEIVED_AT + index) }));
    for (const row of rows) writer.writeSoon(row);
    await writer.close();
    assert.equal(await stored(rows.map(({ callId }) => callId)), rows.length);
    assert.deepEqual(logLines, []);
  });

  it('writes those that come while others are written with one statement more', async () => {
    const statements: number[] = [];
    await createRequestLogMonth(database.pool, RECEIVED_AT);
    const { pool } = database;
    const counting = new Proxy(pool, {
      get: (_, name) => (name === 'query' ? counted : Reflect.get(pool, name)),
    });
    function counted(query: QueryConfig<unknown[][]>) {
      statements.push(query.values?.[0]?.length ?? 0);
      return pool.query(query);
    }
    const writer = createRequestLogWriter({ pool: counting, log });
    for (let count = 0; count < 40; count += 1) writer.writeSoon(line());
    await writer.close();
    assert.deepEqual(statements, [1, 39]);
  });

  it('says in the log what it could not write, with the CallId, and goes on', async () => {
    const writer = createRequestLogWriter({ pool: database.pool, log });
    const [wrong, right] = [line({ idCount: -1 }), line()];
    await writer.write(wrong);
    writer.writeSoon(right);
    await writer.close();
    assert.equal(await stored([wrong.callId, right.callId]), 1);
    assert.ok(logLines.some((text) => text.includes(wrong.callId) && text.includes('request log')));
  });
});
