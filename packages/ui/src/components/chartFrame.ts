import { formatNumber } from '../format.ts';
import { attributes, html, type SafeHtml } from '../html.ts';
import { icon } from '../icons.ts';
import type { Language } from '../language.ts';
import { uiTexts } from '../uiTexts.ts';
import { type ChartScale, shareOfScale } from './chartScale.ts';
import { elementId } from './elementId.ts';
import { table } from './table.ts';

/** Which of the five colours; a thing keeps its own through all charts of a page. */
export type ChartColour = 1 | 2 | 3 | 4 | 5;

export interface ChartSeries {
  name: string;
  /** One for each point, in their order; null where nothing is known, which is not the same as 0. */
  values: readonly (number | null)[];
  /** Default: by its place. */
  colour?: ChartColour;
}

export interface ChartPoint {
  /** In full, for the table and for who points at it: "måndag 23 november". */
  label: string;
  /** Short, below the axis; absent where there is no mark. See `chartDays` and `chartHours`. */
  tick?: string;
  /** The mark is left out where the chart is narrow. */
  minor?: boolean;
}

export interface ChartOptions {
  lang: Language;
  title: string;
  /** What is counted, beside the title: "anrop per dag". */
  unit?: string;
  points: readonly ChartPoint[];
  series: readonly ChartSeries[];
  /** Header of the table's first column: "Dag". */
  pointHeader: string;
  /** Writes a value in the table and where one points; the axis writes its own. Default: a number without decimals. */
  format?: (value: number) => string;
  /** Said in place of the chart when nothing is known. */
  empty: string;
  /** Where the figures can be fetched as a file. */
  csvHref?: string;
  /** Higher where the chart is alone on its row. Default `normal`. */
  size?: 'normal' | 'small';
  /** Needed only when two charts of a page have the same title. */
  id?: string;
}

/** Height of the drawing itself in pixels, and what stands around it. */
export interface ChartGeometry {
  top: number;
  height: number;
  bottom: number;
}

const GEOMETRY: Record<NonNullable<ChartOptions['size']>, ChartGeometry> = {
  normal: { top: 8, height: 208, bottom: 28 },
  small: { top: 8, height: 112, bottom: 26 },
};
/** Of the digits of the axis, at the size the style sheet gives them. */
const DIGIT_WIDTH = 7.2;
const AXIS_GAP = 8;
const COMPACT_FROM = 1_000_000;

export function chartGeometry(options: Pick<ChartOptions, 'size'>): ChartGeometry {
  return GEOMETRY[options.size ?? 'normal'];
}

/**
 * A chart's frame: title, legend, axis, marks, the figures as a table. `drawing` is what stands between: SVG whose x is in
 * per cent and whose y is in pixels, so that text, lines and dots keep their size however wide the chart is.
 */
export function chartFrame(options: ChartOptions, scale: ChartScale, drawing: SafeHtml, looks: ChartLooks): SafeHtml {
  const { lang, title, unit, points, series } = options;
  const id = options.id ?? elementId(title);
  const isEmpty = points.length === 0 || series.every(({ values }) => values.every((value) => value === null));
  const caption = html`<figcaption class="bd-chart__title">${title}${
    unit !== undefined && html` <span class="bd-chart__unit">${unit}</span>`
  }</figcaption>`;
  if (isEmpty) return html`<figure class="bd-chart">${caption}<p class="bd-chart__empty">${options.empty}</p></figure>`;
  return html`<figure class="bd-chart">${caption}
${series.length > 1 && legend(series, looks)}
<div class="bd-chart__canvas">${axis(options, scale)}${plot(options, scale, { id, drawing })}</div>
${scale.min > 0 && html`<p class="bd-chart__note">${uiTexts(lang).chartNotFromZero}</p>`}
${figures(options, id)}
</figure>`;
}

/** How the series are shown in the legend. */
export type ChartLooks = 'line' | 'area';

export function chartColour(series: ChartSeries, index: number): ChartColour {
  return series.colour ?? (((index % 5) + 1) as ChartColour);
}

function chartValue(value: number, { lang, format }: Pick<ChartOptions, 'lang' | 'format'>): string {
  return format?.(value) ?? formatNumber(value, lang);
}

/** Pixels from the top; at most two decimals, for the sake of the page's size. */
export function chartY(value: number, scale: ChartScale, { top, height }: ChartGeometry): string {
  return decimals(top + (1 - shareOfScale(scale, value)) * height);
}

/** The middle of a point's own band, in per cent. */
export function chartX(index: number, pointCount: number): string {
  return `${decimals(((index + 0.5) / pointCount) * 100)}%`;
}

export function decimals(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function legend(series: readonly ChartSeries[], looks: ChartLooks): SafeHtml {
  const items = series.map((each, index) => {
    const colour = chartColour(each, index);
    const sample =
      looks === 'line'
        ? html`<line data-series="${colour}" x1="1" x2="23" y1="6" y2="6"/>`
        : html`<rect data-series="${colour}" x="5" y="0" width="12" height="12" rx="2"/>`;
    return html`<li><svg class="bd-chart__key" width="24" height="12" aria-hidden="true" focusable="false">${sample}</svg>${each.name}</li>`;
  });
  return html`<ul class="bd-chart__legend">${items}</ul>`;
}

function axis(options: ChartOptions, scale: ChartScale): SafeHtml {
  const geometry = chartGeometry(options);
  const labels = scale.ticks.map((tick) => axisNumber(tick, scale, options.lang));
  const width = Math.ceil(Math.max(...labels.map((label) => label.length)) * DIGIT_WIDTH + AXIS_GAP);
  const texts = scale.ticks.map(
    (tick, index) =>
      html`<text x="${width - AXIS_GAP}" y="${chartY(tick, scale, geometry)}" dy="0.33em">${labels[index]}</text>`,
  );
  return html`<svg class="bd-chart__axis" width="${width}" height="${heightOf(geometry)}" aria-hidden="true" focusable="false">${texts}</svg>`;
}

/** 250 000 in full, 2,5 mn beyond a million; as many decimals as the step needs. */
function axisNumber(value: number, { step, max, min }: ChartScale, lang: Language): string {
  if (Math.max(max, -min) >= COMPACT_FROM && value !== 0) return compactNumbers[lang].format(value);
  const digits = String(step).split('.')[1]?.length ?? 0;
  return formatNumber(value, lang, digits);
}

const COMPACT = { notation: 'compact', maximumFractionDigits: 3 } as const;
const compactNumbers = {
  sv: new Intl.NumberFormat('sv-SE', COMPACT),
  en: new Intl.NumberFormat('en-GB', COMPACT),
};

function plot(options: ChartOptions, scale: ChartScale, { id, drawing }: { id: string; drawing: SafeHtml }): SafeHtml {
  const geometry = chartGeometry(options);
  const lines = scale.ticks.map((tick) => {
    const y = chartY(tick, scale, geometry);
    return html`<line class="bd-chart__grid" x1="0" x2="100%" y1="${y}" y2="${y}"${attributes({ 'data-zero': tick === 0 })}/>`;
  });
  return html`<svg class="bd-chart__plot" width="100%" height="${heightOf(geometry)}" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc">
<title id="${id}-title">${options.title}${options.unit !== undefined && `, ${options.unit}`}</title>
<desc id="${id}-desc">${summary(options)}</desc>
${lines}${drawing}${marks(options, geometry)}${bands(options, geometry)}
</svg>`;
}

function marks({ points }: ChartOptions, { top, height }: ChartGeometry): SafeHtml {
  const texts = points.map(({ tick, minor }, index) => {
    if (tick === undefined) return '';
    const x = chartX(index, points.length);
    const share = (index + 0.5) / points.length;
    const anchor = share < EDGE ? 'start' : share > 1 - EDGE ? 'end' : 'middle';
    return html`<g class="bd-chart__mark"${attributes({ 'data-minor': minor })}><line x1="${x}" x2="${x}" y1="${top + height}" y2="${
      top + height + 5
    }"/><text x="${x}" y="${top + height + 20}" text-anchor="${anchor}">${tick}</text></g>`;
  });
  return html`${texts}`;
}

/** So near an edge, half a text would be outside. */
const EDGE = 0.04;

/** Whoever points at a band reads what stands there; the same can be read in the table. */
function bands(options: ChartOptions, { top, height }: ChartGeometry): SafeHtml {
  const { points, series } = options;
  const width = decimals(100 / points.length);
  const rectangles = points.map(({ label }, index) => {
    const lines = series.map(({ name, values }) => {
      const value = values[index];
      return `${name}: ${value === null || value === undefined ? '–' : chartValue(value, options)}`;
    });
    const x = decimals((index / points.length) * 100);
    return html`<rect class="bd-chart__band" x="${x}%" width="${width}%" y="${top}" height="${height}"><title>${[label, ...lines].join('\n')}</title></rect>`;
  });
  return html`${rectangles}`;
}

function summary(options: ChartOptions): string {
  const { lang, points, series } = options;
  const text = uiTexts(lang);
  const from = points[0]?.label ?? '';
  const to = points.at(-1)?.label ?? '';
  const lines = series.map(({ name, values }) => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return '';
    const write = (value: number | undefined) => chartValue(value ?? 0, options);
    return text.chartSeries(
      name,
      write(known.reduce((a, b) => Math.min(a, b))),
      write(known.reduce((a, b) => Math.max(a, b))),
      write(known.at(-1)),
    );
  });
  return [text.chartSpan(from, to), ...lines.filter((line) => line !== ''), text.chartTableBelow].join(' ');
}

function figures(options: ChartOptions, id: string): SafeHtml {
  const { lang, title, points, series, pointHeader, csvHref } = options;
  const text = uiTexts(lang);
  const rows = points.map((point, index) => ({ label: point.label, index }));
  const fetch = csvHref !== undefined && chartCsvLink(csvHref, { lang, title });
  return html`<details class="bd-disclosure bd-chart__figures"><summary>${text.chartShowTable}<span class="ds-sr-only">: ${title}</span></summary><div
 class="bd-disclosure__content">${table({
   caption: title,
   captionHidden: true,
   id: `${id}-figures`,
   rows,
   columns: [
     { header: pointHeader, rowHeader: true, nowrap: true, cell: (row) => row.label },
     ...series.map(({ name, values }) => ({
       header: name,
       align: 'end' as const,
       cell: (row: { index: number }) => {
         const value = values[row.index];
         return value === null || value === undefined ? '–' : chartValue(value, options);
       },
     })),
   ],
 })}${fetch}</div></details>`;
}

/** A link to the figures as a file, named so that it can be told from the others of a page. */
export function chartCsvLink(href: string, { lang, title }: { lang: Language; title: string }): SafeHtml {
  return html`<a class="bd-link bd-csv" href="${href}" download>${icon('download')}<span>${uiTexts(lang).chartCsv}<span class="ds-sr-only">: ${title}</span></span></a>`;
}

function heightOf({ top, height, bottom }: ChartGeometry): number {
  return top + height + bottom;
}
