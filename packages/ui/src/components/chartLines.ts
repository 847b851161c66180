import { attributes, html, type SafeHtml } from '../html.ts';
import {
  type ChartGeometry,
  type ChartOptions,
  type ChartSeries,
  chartColour,
  chartFrame,
  chartGeometry,
  chartX,
  chartY,
  decimals,
} from './chartFrame.ts';
import { type ChartScale, type ChartScaleOptions, chartScale } from './chartScale.ts';

/** More points than these have no dots of their own: the line says it all. */
const DOTS_MAX = 16;
const PATH_WIDTH = 1000;

/**
 * Lines over time. A value that is not known breaks its line; a single one is a dot. With `fromZero: false` the axis may
 * begin elsewhere than at zero, and says so.
 */
export function chartLines(options: ChartOptions & ChartScaleOptions): SafeHtml {
  const known = options.series.flatMap(({ values }) => values.filter((value) => value !== null));
  const scale = chartScale(known, options);
  const geometry = chartGeometry(options);
  const count = options.points.length;
  const paths = options.series.map((series, index) =>
    seriesPaths(series, index, { scale, geometry, count, isOnly: options.series.length === 1 }),
  );
  const area =
    options.series.length === 1 &&
    scale.min <= 0 &&
    options.series.map((one) => areaOf(one, { scale, geometry, count }));
  const dots = options.series.map((series, index) => dotsOf(series, index, { scale, geometry, count }));
  const drawing = html`<svg width="100%" height="${geometry.top + geometry.height}" viewBox="0 0 ${PATH_WIDTH} ${
    geometry.top + geometry.height
  }" preserveAspectRatio="none" overflow="visible">${area}${paths}</svg>${dots}`;
  return chartFrame(options, scale, drawing, 'line');
}

interface Space {
  scale: ChartScale;
  geometry: ChartGeometry;
  count: number;
}

function seriesPaths(series: ChartSeries, index: number, space: Space & { isOnly: boolean }): SafeHtml {
  const { isOnly } = space;
  const path = runsOf(series)
    .filter((run) => run.length > 1)
    .map((run) => `M${pathPoints(run, space)}`)
    .join('');
  if (path === '') return html``;
  return html`<path class="bd-chart__line"${attributes({ 'data-only': isOnly })} data-series="${chartColour(series, index)}" d="${path}"/>`;
}

/** The paper below a line that is alone. */
function areaOf(series: ChartSeries, space: Space): SafeHtml {
  const { scale, geometry, count } = space;
  const zero = chartY(0, scale, geometry);
  const path = runsOf(series)
    .filter((run) => run.length > 1)
    .map((run) => {
      const [first, last] = [run[0], run.at(-1)].map((point) => pathX(point?.at ?? 0, count));
      return `M${first} ${zero}L${pathPoints(run, space)}L${last} ${zero}Z`;
    })
    .join('');
  return path === ''
    ? html``
    : html`<path class="bd-chart__area" data-series="${chartColour(series, 0)}" d="${path}"/>`;
}

/** Dots where there are few points, and always for one that stands alone: no line would show it. */
function dotsOf(series: ChartSeries, index: number, { scale, geometry, count }: Space): SafeHtml {
  const shown = runsOf(series).flatMap((run) => (count <= DOTS_MAX || run.length === 1 ? run : []));
  const dots = shown.map(
    ({ at, value }) =>
      html`<circle class="bd-chart__dot" data-series="${chartColour(series, index)}" cx="${chartX(at, count)}" cy="${chartY(value, scale, geometry)}" r="3"/>`,
  );
  return html`${dots}`;
}

interface KnownPoint {
  at: number;
  value: number;
}

/** The stretches of a series without a gap. */
function runsOf({ values }: ChartSeries): KnownPoint[][] {
  const runs: KnownPoint[][] = [];
  for (const [at, value] of values.entries()) {
    if (value === null) continue;
    const isNext = at > 0 && values[at - 1] !== null;
    const run = isNext ? runs.at(-1) : undefined;
    if (run === undefined) runs.push([{ at, value }]);
    else run.push({ at, value });
  }
  return runs;
}

function pathPoints(run: readonly KnownPoint[], { scale, geometry, count }: Space): string {
  return run.map(({ at, value }) => `${pathX(at, count)} ${chartY(value, scale, geometry)}`).join('L');
}

function pathX(at: number, count: number): string {
  return decimals(((at + 0.5) / count) * PATH_WIDTH);
}
