import { DURATION_BOUNDS_MS } from '../statistics/durations.ts';

/** ms_1, ms_2, … ms_more: the columns of request_hour and request_day that count calls by duration, in order. */
export const DURATION_COLUMNS = [...DURATION_BOUNDS_MS.map((bound) => `ms_${bound}`), 'ms_more'];

/** The counts of a group of log lines, one per column. */
export const COUNT_DURATIONS_SQL = DURATION_COLUMNS.map((column, index) => {
  const from = DURATION_BOUNDS_MS[index - 1];
  const to = DURATION_BOUNDS_MS[index];
  const above = from === undefined ? [] : [`duration_ms > ${from}`];
  const upTo = to === undefined ? [] : [`duration_ms <= ${to}`];
  return `count(*) filter (where ${[...above, ...upTo].join(' and ')})::integer as ${column}`;
}).join(', ');

/** The sums of a group of counted rows, as one array. */
export const SUM_DURATIONS_SQL = `array[${DURATION_COLUMNS.map((column) => `coalesce(sum(${column}), 0)`).join(', ')}]::float8[]`;
