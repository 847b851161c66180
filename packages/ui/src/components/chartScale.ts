/** A linear scale whose ends and marks are numbers that people count in. */
export interface ChartScale {
  min: number;
  max: number;
  /** From `min` to `max`, with even steps. */
  ticks: readonly number[];
  step: number;
}

export interface ChartScaleOptions {
  /** Only whole steps: things that are counted. Default true. */
  whole?: boolean;
  /** Begin at zero even when all values are far from it. Default true; bars always must. */
  fromZero?: boolean;
}

const INTERVALS_WANTED = 4;
const STEPS = [1, 2, 2.5, 5, 10] as const;
/** Half a step of room, so that a value that stands still is not drawn on the frame. */
const ROOM = 0.5;

/** The smallest scale of 1–2–2.5–5 steps that holds all values. Values that are no numbers are passed over. */
export function chartScale(values: readonly number[], options: ChartScaleOptions = {}): ChartScale {
  const { whole = true, fromZero = true } = options;
  const finite = values.filter(Number.isFinite);
  const low = finite.length === 0 ? 0 : finite.reduce((a, b) => Math.min(a, b));
  const high = finite.length === 0 ? 0 : finite.reduce((a, b) => Math.max(a, b));
  const bottom = fromZero ? Math.min(0, low) : low;
  const top = fromZero ? Math.max(0, high) : high;
  const step = niceStep(top - bottom || Math.abs(top) * ROOM || 1, whole);
  const min = step * Math.floor(bottom / step);
  const max = Math.max(step * Math.ceil(top / step), min + step);
  const count = Math.round((max - min) / step);
  return { min, max, step, ticks: Array.from({ length: count + 1 }, (_, index) => rounded(min + index * step)) };
}

/** Where a value stands between the ends: 0 at the bottom, 1 at the top. */
export function shareOfScale({ min, max }: ChartScale, value: number): number {
  return (value - min) / (max - min);
}

function niceStep(span: number, whole: boolean): number {
  const raw = span / INTERVALS_WANTED;
  const power = 10 ** Math.floor(Math.log10(raw));
  const candidates = STEPS.map((each) => each * power).filter((each) => !whole || Number.isInteger(rounded(each)));
  const found = candidates.find((each) => each >= raw * (1 - Number.EPSILON));
  return rounded(found ?? 1);
}

/** 0.1 + 0.2 stands as 0.3. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
