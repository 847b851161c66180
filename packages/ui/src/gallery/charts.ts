import { chartBars } from '../components/chartBars.ts';
import { chartGrid } from '../components/chartGrid.ts';
import { chartLines } from '../components/chartLines.ts';
import { chartCell, chartRows } from '../components/chartRows.ts';
import { chartDays, chartHours } from '../components/chartTime.ts';
import { checklist } from '../components/checklist.ts';
import { card, pageHeading } from '../components/layout.ts';
import { table } from '../components/table.ts';
import { formatNumber, formatPercent } from '../format.ts';
import { html, type SafeHtml } from '../html.ts';
import type { Language } from '../language.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Charts: over time as lines and bars, ranked as rows, and how they look with much, little and nothing to show. */
export function galleryCharts(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  return html`${pageHeading({
    lang,
    title: sv ? 'Statistik' : 'Statistics',
    lead: sv ? 'Diagram med siffrorna som tabell.' : 'Charts, with the figures as tables.',
  })}
${card({ content: mailboxes(lang) })}
${chartGrid([lookups(lang), movement(lang), durations(lang), hours(lang), onePoint(lang), huge(lang), nothing(lang)])}
${card({ content: callers(lang) })}
${callerTable(lang)}
${card({ title: sv ? 'Krav före produktion' : 'Demands before production', content: demands(lang) })}`;
}

/** The same picture on every run. */
function wave(index: number, height: number, seed: number): number {
  const week = index % 7 >= 5 ? 0.25 : 1;
  return Math.round(height * week * (0.75 + 0.25 * Math.sin(index * 1.7 + seed)));
}

function daysFrom(first: string, count: number): string[] {
  const start = Date.parse(`${first}T00:00:00Z`);
  return Array.from({ length: count }, (_, index) => new Date(start + index * DAY_MS).toISOString().slice(0, 10));
}

function mailboxes(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  const days = daysFrom('2025-10-20', 400);
  return chartLines({
    lang,
    title: sv ? 'Brevlådor per operatör' : 'Mailboxes per operator',
    points: chartDays(days, lang),
    pointHeader: sv ? 'Dag' : 'Day',
    empty: sv ? 'Ingen räkning ännu' : 'No count yet',
    csvHref: '/statistics.csv',
    series: [
      { name: 'Brevlådan', values: days.map((_, index) => 2_950_000 + index * 700 + wave(index, 900, 1)) },
      { name: 'Posthörnan', values: days.map((_, index) => (index < 60 ? null : 1_400_000 + index * 1500)) },
      { name: 'Min post', values: days.map((_, index) => 900_000 - index * 300) },
    ],
  });
}

function lookups(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  const days = daysFrom('2026-10-25', 30);
  return chartBars({
    lang,
    title: sv ? 'Uppslag' : 'Look-ups',
    unit: sv ? 'id per dag' : 'ids a day',
    points: chartDays(days, lang),
    pointHeader: sv ? 'Dag' : 'Day',
    empty: sv ? 'Inga uppslag' : 'No look-ups',
    series: [
      { name: 'isReachable', values: days.map((_, index) => wave(index, 310_000, 2)) },
      { name: 'isRegistered', values: days.map((_, index) => wave(index, 60_000, 5)) },
    ],
  });
}

function movement(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  const days = daysFrom('2026-11-10', 14);
  return chartBars({
    lang,
    title: sv ? 'Nya och avslutade brevlådor' : 'Opened and closed mailboxes',
    points: chartDays(days, lang),
    pointHeader: sv ? 'Dag' : 'Day',
    empty: sv ? 'Inga ändringar' : 'No changes',
    series: [
      { name: sv ? 'Nya' : 'Opened', values: days.map((_, index) => wave(index, 1400, 3)), colour: 2 },
      { name: sv ? 'Avslutade' : 'Closed', values: days.map((_, index) => -wave(index, 420, 4)), colour: 4 },
    ],
  });
}

function durations(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  const days = daysFrom('2026-10-25', 30);
  return chartLines({
    lang,
    title: sv ? 'Svarstid' : 'Duration',
    unit: 'ms',
    size: 'small',
    points: chartDays(days, lang),
    pointHeader: sv ? 'Dag' : 'Day',
    empty: sv ? 'Inga anrop' : 'No calls',
    format: (value) => `${formatNumber(value, lang, 1)} ms`,
    series: [
      { name: sv ? 'Hälften inom' : 'Half within', values: days.map((_, index) => 2.4 + Math.sin(index) * 0.6) },
      {
        name: sv ? '95 av 100 inom' : '95 of 100 within',
        values: days.map((_, index) => (index === 12 ? null : 7.5 + Math.cos(index) * 2)),
      },
    ],
  });
}

function hours(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  const start = Date.parse('2026-10-24T10:00:00Z');
  const instants = Array.from({ length: 48 }, (_, index) => new Date(start + index * HOUR_MS));
  return chartBars({
    lang,
    title: sv ? 'Anrop per timme' : 'Calls an hour',
    size: 'small',
    points: chartHours(instants, lang),
    pointHeader: sv ? 'Timme' : 'Hour',
    empty: sv ? 'Inga anrop' : 'No calls',
    series: [{ name: sv ? 'Anrop' : 'Calls', values: instants.map((_, index) => wave(index, 900, index / 9)) }],
  });
}

function onePoint(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  return chartLines({
    lang,
    title: sv ? 'Första dagen' : 'The first day',
    size: 'small',
    fromZero: false,
    points: chartDays(['2026-11-23'], lang),
    pointHeader: sv ? 'Dag' : 'Day',
    empty: '–',
    series: [{ name: sv ? 'Brevlådor' : 'Mailboxes', values: [5_724_014] }],
  });
}

function nothing(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  return chartBars({
    lang,
    title: sv ? 'Avvisade anrop' : 'Refused calls',
    points: [],
    pointHeader: sv ? 'Dag' : 'Day',
    empty: sv ? 'Inget anrop har avvisats' : 'No call was refused',
    series: [],
  });
}

function huge(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  return chartBars({
    lang,
    title: sv ? 'Stora tal' : 'Large numbers',
    size: 'small',
    points: chartDays(daysFrom('2026-11-21', 3), lang),
    pointHeader: sv ? 'Dag' : 'Day',
    empty: '–',
    series: [{ name: sv ? 'Antal' : 'Count', values: [1_250_000_000, 1, 987_654_321_012] }],
  });
}

const CALLERS = [
  { name: 'Lillköpings kommun', calls: 48_210, refused: 0.002 },
  { name: 'Region Ångermanälven <em>', calls: 17_400, refused: 0.031 },
  { name: 'Brevlådan', calls: 2_045, refused: 0.11 },
] as const;

function callers(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  return chartRows({
    title: sv ? 'Vem som frågar' : 'Who asks',
    unit: sv ? 'anrop' : 'calls',
    empty: sv ? 'Ingen har frågat' : 'Nobody asked',
    rows: CALLERS.map(({ name, calls }) => ({ label: name, value: calls, text: formatNumber(calls, lang) })),
  });
}

function callerTable(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  return table({
    caption: sv ? 'Anrop per aktör' : 'Calls per actor',
    rows: CALLERS,
    columns: [
      { header: sv ? 'Aktör' : 'Actor', rowHeader: true, cell: (row) => row.name },
      { header: sv ? 'Andel' : 'Share', headerHidden: true, cell: (row) => chartCell(row.calls / CALLERS[0].calls) },
      { header: sv ? 'Anrop' : 'Calls', align: 'end', cell: (row) => formatNumber(row.calls, lang) },
      { header: sv ? 'Avvisade' : 'Refused', align: 'end', cell: (row) => formatPercent(row.refused, lang, 1) },
    ],
  });
}

function demands(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  return checklist({
    lang,
    label: sv ? 'Krav' : 'Demands',
    entries: [
      {
        text: sv ? 'Fråga om en mottagare kan nås' : 'Ask whether a recipient can be reached',
        isDone: true,
        note: sv ? 'Klart 23 november 2026 kl. 10:12' : 'Done 23 November 2026 at 10:12',
      },
      { text: sv ? 'Bli avvisad med 5005' : 'Be refused with 5005', isDone: false, note: 'isReachable' },
      { text: sv ? 'Hämta listan över avsändare' : 'Fetch the list of senders', isDone: false },
    ],
  });
}
