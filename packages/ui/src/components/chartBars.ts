import { attributes, html, type SafeHtml } from '../html.ts';
import {
  type ChartGeometry,
  type ChartOptions,
  chartColour,
  chartFrame,
  chartGeometry,
  chartY,
  decimals,
} from './chartFrame.ts';
import { type ChartScale, chartScale } from './chartScale.ts';

export interface ChartBarsOptions extends ChartOptions {
  /** On top of each other, where their sum means something (default), or beside each other. */
  arrange?: 'stacked' | 'grouped';
  /** Only whole steps on the axis. Default true. */
  whole?: boolean;
}

/** How much of a point's band its bars fill, when there are few and when there are many. */
const FILLED = { few: 0.68, many: 0.86 } as const;
const MANY_POINTS = 60;
/** A value that is not zero is never invisible. */
const BAR_HEIGHT_MIN = 1;

/** Upright bars from zero; negative values stand below it. */
export function chartBars(options: ChartBarsOptions): SafeHtml {
  const stacks = options.points.map((_, index) => piecesAt(options, index));
  const ends = stacks.flatMap((pieces) => pieces.flatMap(({ from, to }) => [from, to]));
  const scale = chartScale(ends, { whole: options.whole ?? true });
  const geometry = chartGeometry(options);
  const drawing = stacks.map((pieces, index) =>
    pieces.map((piece) => bar(piece, { index, count: stacks.length, scale, geometry })),
  );
  return chartFrame(options, scale, html`${drawing}`, 'area');
}

interface Piece {
  colour: number;
  from: number;
  to: number;
  /** Which part of the band: 0 of 1 when stacked. */
  slot: number;
  slots: number;
}

function piecesAt({ series, arrange = 'stacked' }: ChartBarsOptions, index: number): Piece[] {
  let above = 0;
  let below = 0;
  return series.flatMap((one, place) => {
    const value = one.values[index] ?? 0;
    if (value === 0) return [];
    const colour = chartColour(one, place);
    if (arrange === 'grouped') return [{ colour, from: 0, to: value, slot: place, slots: series.length }];
    const from = value > 0 ? above : below;
    if (value > 0) above += value;
    else below += value;
    return [{ colour, from, to: from + value, slot: 0, slots: 1 }];
  });
}

interface Place {
  index: number;
  count: number;
  scale: ChartScale;
  geometry: ChartGeometry;
}

function bar({ colour, from, to, slot, slots }: Piece, { index, count, scale, geometry }: Place): SafeHtml {
  const band = 100 / count;
  const filled = band * (count > MANY_POINTS ? FILLED.many : FILLED.few);
  const x = band * index + (band - filled) / 2 + (filled / slots) * slot;
  const top = Number(chartY(Math.max(from, to), scale, geometry));
  const bottom = Number(chartY(Math.min(from, to), scale, geometry));
  const height = Math.max(bottom - top, BAR_HEIGHT_MIN);
  return html`<rect class="bd-chart__bar"${attributes({ 'data-edged': count <= MANY_POINTS })} data-series="${colour}" x="${decimals(x)}%" width="${decimals(filled / slots)}%" y="${decimals(bottom - height)}" height="${decimals(height)}"/>`;
}
