import type { Queryable } from '@brevduva/base';
import {
  type CallerSums,
  type CallFilter,
  type CallSums,
  selectCallsByCaller,
  selectCallsByOperation,
  selectCallsByTime,
  selectCallsByTimeAndOperation,
} from '../sql/statistics.ts';
import { DURATION_BOUNDS_MS, durationPercentile } from './durations.ts';
import { type Period, pointOfDay } from './period.ts';

/** Calls of a group, as they are told. Durations in ms; undefined without calls. */
export interface CallFigures {
  calls: number;
  ids: number;
  refused: number;
  median: number | undefined;
  p95: number | undefined;
}

export interface CallStatistics {
  period: Period;
  total: CallFigures;
  /** One for each hour, day or week of the period, also those without calls. */
  points: readonly CallFigures[];
  /** Calls and ids of each operation at the same points; the one with most calls first. */
  operations: readonly (CallFigures & { operation: string; callsAt: number[]; idsAt: number[] })[];
  callers: readonly (CallFigures & Pick<CallerSums, 'caller' | 'name'>)[];
}

/** What was called in a period. Reads counts only: how long the log is makes no difference. */
export async function readCalls(db: Queryable, period: Period, filter: CallFilter): Promise<CallStatistics> {
  const [byTime, byOperationAt, byCaller, byOperation] = [
    await selectCallsByTime(db, period, filter),
    await selectCallsByTimeAndOperation(db, period, filter),
    await selectCallsByCaller(db, period, filter),
    await selectCallsByOperation(db, period, filter),
  ];
  const valuesOf = (operation: string, value: 'calls' | 'ids') => {
    const own = byOperationAt.filter((row) => row.operation === operation);
    return byPoint(period, own).map((rows) => rows.reduce((sum, row) => sum + row[value], 0));
  };
  return {
    period,
    total: figuresOf(sumOf(byTime)),
    points: byPoint(period, byTime).map((rows) => figuresOf(sumOf(rows))),
    operations: byOperation.map((row) => ({
      ...figuresOf(row),
      operation: row.operation,
      callsAt: valuesOf(row.operation, 'calls'),
      idsAt: valuesOf(row.operation, 'ids'),
    })),
    callers: byCaller.map((row) => ({ ...figuresOf(row), caller: row.caller, name: row.name })),
  };
}

/** What belongs to each point of the period, in order; nothing where there was nothing. */
export function byPoint<Row extends { at: string }>(period: Period, rows: readonly Row[]): Row[][] {
  const keys = period.grain === 'day' ? period.points : period.hours.map((hour) => hour.toISOString());
  const groups = new Map<string, Row[]>(keys.map((key) => [key, []]));
  for (const row of rows) {
    const key = period.grain === 'day' ? pointOfDay(period, row.at) : new Date(row.at).toISOString();
    groups.get(key)?.push(row);
  }
  return [...groups.values()];
}

const MEDIAN = 0.5;
const P95 = 0.95;

function figuresOf({ calls, ids, refused, durations }: CallSums): CallFigures {
  return {
    ...{ calls, ids, refused },
    median: durationPercentile(durations, MEDIAN),
    p95: durationPercentile(durations, P95),
  };
}

function sumOf(rows: readonly CallSums[]): CallSums {
  const sum = (value: (row: CallSums) => number) => rows.reduce((total, row) => total + value(row), 0);
  return {
    calls: sum((row) => row.calls),
    ids: sum((row) => row.ids),
    refused: sum((row) => row.refused),
    durations: Array.from({ length: DURATION_BOUNDS_MS.length + 1 }, (_, index) =>
      sum((row) => row.durations[index] ?? 0),
    ),
  };
}
