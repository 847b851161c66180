import type { Queryable } from '@brevduva/base';
import { type KnownOperatorRow, selectKnownOperators } from '../sql/organizations.ts';
import { type AccountDayRow, type MovementRow, selectAccountDays, selectMovements } from '../sql/statistics.ts';
import { type Period, pointOfDay } from './period.ts';

/** An operator's mailboxes; `operator` undefined for those whose operator has left. */
export interface OperatorFigures {
  operator: KnownOperatorRow | undefined;
  /** Active ones and those that wait for signatures; null on days without a count. */
  countedAt: readonly (number | null)[];
  /** At the latest count of the period; undefined without any. */
  latest: Pick<AccountDayRow, 'active' | 'pending'> | undefined;
  registered: number;
  movedIn: number;
  movedOut: number;
  deregistered: number;
}

export interface AccountFigures {
  period: Extract<Period, { grain: 'day' }>;
  days: readonly string[];
  /** The operator with most mailboxes first. */
  operators: readonly OperatorFigures[];
  /** Of all operators together, by day or week. A move is counted once. */
  movements: readonly Pick<MovementRow, 'registered' | 'movedIn' | 'deregistered'>[];
}

/** Mailboxes over days, from the daily counts and from what was changed. */
export async function readAccounts(db: Queryable, period: Extract<Period, { grain: 'day' }>): Promise<AccountFigures> {
  const counted = await selectAccountDays(db, period);
  const moved = await selectMovements(db, period);
  const known = await selectKnownOperators(db);
  const ids = [...new Set([...counted, ...moved].map(({ operatorId }) => operatorId))];
  const operators = ids
    .map((id) =>
      operatorFigures(
        known.find((one) => one.id === id),
        {
          days: period.days,
          counted: counted.filter(({ operatorId }) => operatorId === id),
          moved: moved.filter(({ operatorId }) => operatorId === id),
        },
      ),
    )
    .filter(
      ({ operator, countedAt }) => operator !== undefined || countedAt.some((count) => count !== null && count > 0),
    );
  return {
    period,
    days: period.days,
    operators: operators.sort((a, b) => sizeOf(b) - sizeOf(a)),
    movements: period.points.map((point) => sumMovements(moved.filter(({ day }) => pointOfDay(period, day) === point))),
  };
}

function operatorFigures(
  operator: KnownOperatorRow | undefined,
  rows: { days: readonly string[]; counted: readonly AccountDayRow[]; moved: readonly MovementRow[] },
): OperatorFigures {
  const byDay = new Map(rows.counted.map((row) => [row.day, row]));
  return {
    operator,
    countedAt: rows.days.map((day) => {
      const row = byDay.get(day);
      return row === undefined ? null : row.active + row.pending;
    }),
    latest: rows.counted.at(-1),
    ...sumMovements(rows.moved),
  };
}

function sumMovements(rows: readonly MovementRow[]) {
  const sum = (value: (row: MovementRow) => number) => rows.reduce((total, row) => total + value(row), 0);
  return {
    registered: sum((row) => row.registered),
    movedIn: sum((row) => row.movedIn),
    movedOut: sum((row) => row.movedOut),
    deregistered: sum((row) => row.deregistered),
  };
}

function sizeOf({ latest }: OperatorFigures): number {
  return latest === undefined ? 0 : latest.active + latest.pending;
}
