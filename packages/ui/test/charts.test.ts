import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { chartScale } from '../src/components/chartScale.ts';
import {
  type ChartOptions,
  chartBars,
  chartCell,
  chartDays,
  chartHours,
  chartLines,
  chartRows,
  chartWeeks,
  render,
} from '../src/index.ts';

const HOSTILE = `<img src=x onerror="alert('å')">`;

function options(more: Partial<ChartOptions> = {}): ChartOptions {
  return {
    lang: 'sv',
    title: 'Uppslag',
    points: chartDays(['2026-11-21', '2026-11-22', '2026-11-23'], 'sv'),
    pointHeader: 'Dag',
    empty: 'Inga uppslag',
    series: [{ name: 'Anrop', values: [1200, 0, 34_500] }],
    ...more,
  };
}

describe('a scale', () => {
  const ticks = (values: number[], scaleOptions = {}) => [...chartScale(values, scaleOptions).ticks];

  it('counts in steps that people count in, from zero', () => {
    assert.deepEqual(ticks([3, 7]), [0, 2, 4, 6, 8]);
    assert.deepEqual(ticks([34_500]), [0, 10_000, 20_000, 30_000, 40_000]);
    assert.deepEqual(ticks([99]), [0, 25, 50, 75, 100]);
    assert.deepEqual(ticks([5_724_014]), [0, 2_000_000, 4_000_000, 6_000_000]);
  });

  it('has whole steps for what is counted and small ones for what is measured', () => {
    assert.deepEqual(ticks([1]), [0, 1]);
    assert.deepEqual(ticks([1], { whole: false }), [0, 0.25, 0.5, 0.75, 1]);
    assert.deepEqual(ticks([0.003], { whole: false }), [0, 0.001, 0.002, 0.003]);
  });

  it('goes below zero where values do', () => {
    assert.deepEqual(ticks([-400, 1390]), [-500, 0, 500, 1000, 1500]);
    assert.deepEqual(ticks([-3, -1]), [-3, -2, -1, 0]);
  });

  it('may begin near the values instead of at zero', () => {
    const scale = chartScale([5_700_000, 5_724_014], { fromZero: false });
    assert.ok(scale.min > 5_600_000 && scale.min <= 5_700_000, String(scale.min));
    assert.ok(scale.max >= 5_724_014);
  });

  it('holds every value, whatever the values are', () => {
    for (const values of [[], [0], [0, 0], [7, 7], [1e15], [-1e12, 1e12], [Number.NaN, 3], [1e-9]]) {
      for (const whole of [true, false]) {
        for (const fromZero of [true, false]) {
          const { min, max, ticks: marks, step } = chartScale(values, { whole, fromZero });
          const finite = values.filter(Number.isFinite);
          assert.ok(min < max && step > 0, JSON.stringify({ values, whole, fromZero, min, max }));
          assert.ok(
            finite.every((value) => value >= min && value <= max),
            JSON.stringify({ values, min, max }),
          );
          assert.ok(marks.length >= 2 && marks.length <= 7, JSON.stringify({ values, marks }));
        }
      }
    }
  });
});

describe('a chart', () => {
  it('says what it shows: title, description, and every figure in a table', () => {
    const markup = render(chartBars(options({ unit: 'per dag', csvHref: '/uppslag.csv' })));
    assert.match(markup, /role="img" aria-labelledby="uppslag-title" aria-describedby="uppslag-desc"/);
    assert.match(markup, /<title id="uppslag-title">Uppslag, per dag<\/title>/);
    assert.match(
      markup,
      /<desc id="uppslag-desc">Från lör 21 nov 2026 till mån 23 nov 2026\. Anrop: lägst 0, högst 34\u00a0500, senast 34\u00a0500\./,
    );
    assert.match(markup, /<th scope="row" data-nowrap>mån 23 nov 2026<\/th><td data-align="end">34\u00a0500<\/td>/);
    assert.match(markup, /<a class="bd-link bd-csv" href="\/uppslag\.csv" download>/);
    const english = render(chartBars(options({ lang: 'en' })));
    assert.match(english, /Anrop: lowest 0, highest 34,500, latest 34,500\./);
  });

  it('draws bars whose heights are as the values', () => {
    const markup = render(chartBars(options()));
    const heights = [...markup.matchAll(/bd-chart__bar"[^>]*height="([\d.]+)"/g)].map(([, height]) => Number(height));
    assert.equal(heights.length, 2, 'nothing is drawn for zero');
    assert.equal(heights[1], (208 * 34_500) / 40_000);
    assert.equal(heights[0], 6.24);
  });

  it('puts stacked bars on top of each other, negative ones below zero, grouped ones beside each other', () => {
    const series = [
      { name: 'Nya', values: [10] },
      { name: 'Flyttade', values: [5] },
      { name: 'Avslutade', values: [-5] },
    ];
    const one = options({ points: [{ label: 'i dag' }], series });
    const bars = (markup: string) =>
      [
        ...markup.matchAll(
          /bd-chart__bar" data-edged data-series="(\d)" x="([\d.]+)%" width="([\d.]+)%" y="([\d.]+)" height="([\d.]+)"/g,
        ),
      ].map((match) => match.slice(1).map(Number));
    const [first, second, third] = bars(render(chartBars(one)));
    assert.equal(first?.[3], (second?.[3] ?? 0) + (second?.[4] ?? 0), 'the second stands on the first');
    assert.equal(third?.[3], (first?.[3] ?? 0) + (first?.[4] ?? 0), 'the third hangs below zero');
    const beside = bars(render(chartBars({ ...one, arrange: 'grouped' })));
    assert.deepEqual(new Set(beside.map((bar) => bar[1])).size, 3);
  });

  it('breaks a line where nothing is known, and shows a value that stands alone as a dot', () => {
    const points = Array.from({ length: 30 }, (_, index) => ({ label: `dag ${index}` }));
    const values = points.map((_, index) => (index === 10 || index === 12 ? null : index));
    const markup = render(chartLines(options({ points, series: [{ name: 'Ms', values }] })));
    const path = /bd-chart__line" data-only data-series="1" d="([^"]+)"/.exec(markup)?.[1] ?? '';
    assert.equal(path.match(/M/g)?.length, 2);
    assert.equal(markup.match(/<circle/g)?.length, 1);
    const single = render(chartLines(options({ points: [{ label: 'i dag' }], series: [{ name: 'Ms', values: [3] }] })));
    assert.match(single, /<circle [^>]*cx="50%"/);
    assert.doesNotMatch(single, /bd-chart__line/);
  });

  it('writes as many decimals on its axis as the steps need', () => {
    const markup = render(
      chartLines({ ...options({ series: [{ name: 'Andel', values: [0.4, 0.9, 0.2] }] }), whole: false }),
    );
    const axis = /bd-chart__axis.*?<\/svg>/s.exec(markup)?.[0] ?? '';
    assert.deepEqual(
      [...axis.matchAll(/>([\d,]+)<\/text>/g)].map(([, text]) => text),
      ['0,00', '0,25', '0,50', '0,75', '1,00'],
    );
  });

  it('says when its axis does not begin at zero', () => {
    const series = [{ name: 'Brevlådor', values: [5_700_000, 5_710_000, 5_724_014] }];
    assert.match(render(chartLines({ ...options({ series }), fromZero: false })), /Axeln börjar inte vid noll/);
    assert.doesNotMatch(render(chartLines(options({ series }))), /Axeln börjar inte vid noll/);
  });

  it('says so when there is nothing to show', () => {
    for (const empty of [
      options({ points: [], series: [] }),
      options({ series: [{ name: 'Anrop', values: [null, null, null] }] }),
    ]) {
      for (const markup of [render(chartBars(empty)), render(chartLines(empty))]) {
        assert.match(markup, /<p class="bd-chart__empty">Inga uppslag<\/p>/);
        assert.doesNotMatch(markup, /<svg|NaN|Infinity/);
      }
    }
    assert.match(render(chartRows({ title: 'Vem', rows: [], empty: 'Ingen' })), /bd-chart__empty">Ingen/);
  });

  it('has no number that is none, whatever is shown', () => {
    const hard: (readonly (number | null)[])[] = [
      [0, 0, 0],
      [1e15, 1, 0],
      [null, 0, null],
      [-7, -7, -7],
      [1e-7, 0, 2e-7],
    ];
    for (const values of hard) {
      const given = options({ series: [{ name: 'Anrop', values }] });
      for (const markup of [render(chartBars(given)), render(chartLines({ ...given, whole: false }))]) {
        assert.doesNotMatch(markup, /NaN|Infinity|undefined|e\+|"-?\d+e/);
      }
    }
  });

  it('shows hostile names as text, in every place', () => {
    const hostile = options({
      title: HOSTILE,
      unit: HOSTILE,
      points: [{ label: HOSTILE, tick: HOSTILE }],
      pointHeader: HOSTILE,
      series: [
        { name: HOSTILE, values: [1] },
        { name: HOSTILE, values: [2] },
      ],
    });
    const rows = chartRows({
      title: HOSTILE,
      unit: HOSTILE,
      empty: '',
      rows: [{ label: HOSTILE, value: 1, text: HOSTILE }],
    });
    for (const markup of [chartBars(hostile), chartLines(hostile), rows].map(render)) {
      assert.ok(!markup.includes('<img') && markup.includes('&lt;img'));
      assert.doesNotMatch(markup, /\sstyle=|<style|<script/);
    }
    const csvHref = 'javascript:alert(1)';
    assert.throws(() => chartBars(options({ csvHref })), { code: 'UI_UNSAFE_HREF', message: /not a path/ });
  });

  it('keeps a cell’s bar within the cell', () => {
    const widthOf = (share: number) => /data-series="1" width="([^"]+)"/.exec(render(chartCell(share)))?.[1];
    assert.deepEqual([0, 0.255, 1, 7, -1, Number.NaN].map(widthOf), ['0%', '25.5%', '100%', '100%', '0%', '0%']);
  });
});

describe('marks of time', () => {
  const days = (first: string, count: number) =>
    Array.from({ length: count }, (_, index) =>
      new Date(Date.parse(`${first}T00:00:00Z`) + index * 86_400_000).toISOString().slice(0, 10),
    );
  const ticksOf = (points: readonly { tick?: string }[]) => points.flatMap(({ tick }) => tick ?? []);

  it('stand at days, Mondays or months, as many as can be read', () => {
    assert.deepEqual(ticksOf(chartDays(days('2026-11-17', 3), 'sv')), ['17 nov', '18 nov', '19 nov']);
    assert.deepEqual(ticksOf(chartDays(days('2026-11-01', 30), 'sv')), [
      '2 nov',
      '9 nov',
      '16 nov',
      '23 nov',
      '30 nov',
    ]);
    assert.deepEqual(ticksOf(chartDays(days('2026-10-15', 120), 'en')), ['Nov', 'Dec', '2027', 'Feb']);
    assert.ok(ticksOf(chartDays(days('2024-01-01', 1000), 'sv')).length <= 12);
  });

  it('name weeks as people do, and mark where months begin', () => {
    const weeks = chartWeeks(
      ['2025-12-29', '2026-01-05', '2026-01-12', '2026-02-02', '2026-12-28', '2027-01-04'],
      'sv',
    );
    assert.deepEqual(
      weeks.map(({ label }) => label),
      [
        'vecka 1 (29 dec 2025)',
        'vecka 2 (5 jan 2026)',
        'vecka 3 (12 jan 2026)',
        'vecka 6 (2 feb 2026)',
        'vecka 53 (28 dec 2026)',
        'vecka 1 (4 jan 2027)',
      ],
    );
    assert.deepEqual(ticksOf(weeks), ['2026', 'feb', '2027']);
  });

  it('name the hours by the Swedish clock, also in the nights when it is moved', () => {
    const hours = (from: string, count: number) =>
      Array.from({ length: count }, (_, index) => new Date(Date.parse(from) + index * 3_600_000));
    const autumn = chartHours(hours('2026-10-24T22:00:00Z', 25), 'sv');
    assert.deepEqual(ticksOf(autumn), ['25 okt', '06:00', '12:00', '18:00']);
    assert.equal(autumn.filter(({ label }) => label.includes('02:00')).length, 2, 'two hours begin at two');
    assert.deepEqual(ticksOf(chartHours(hours('2026-11-20T23:00:00Z', 96), 'sv')), [
      '21 nov',
      '22 nov',
      '23 nov',
      '24 nov',
    ]);
    const spring = chartHours(hours('2026-03-28T23:00:00Z', 23), 'sv');
    assert.deepEqual(ticksOf(spring), ['29 mars', '06:00', '12:00', '18:00']);
    assert.equal(spring.filter(({ label }) => label.includes('02:00')).length, 0, 'and none in spring');
  });
});

describe('the colours', () => {
  const css = readFileSync(new URL('../src/style/chart.css', import.meta.url), 'utf8');
  const themes = readFileSync(new URL('../src/style/themes.css', import.meta.url), 'utf8');
  const coloursIn = (block: string) =>
    [...block.matchAll(/--bd-series-\d: (#[0-9a-f]{6});/g)].map(([, colour]) => colour ?? '');

  it('stand out from light and from dark paper, 3:1 at least (WCAG 1.4.11)', () => {
    const [light = '', dark = ''] = css
      .split(':root[data-color-scheme="dark"]')
      .map((part) => part.split('}')[0] ?? '');
    const brands = [...themes.matchAll(/--bd-brand: (#[0-9a-f]{6});/g)].map(([, colour]) => colour ?? '');
    assert.equal(coloursIn(light).length + 1, coloursIn(dark).length);
    assert.ok(brands.length >= 5);
    for (const colour of [...coloursIn(light), ...brands]) assert.ok(contrast(colour, '#ffffff') >= 3, colour);
    for (const colour of coloursIn(dark)) assert.ok(contrast(colour, '#1b2733') >= 3, colour);
  });
});

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [one, other].map(luminance).sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
