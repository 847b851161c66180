import {
  chartBars,
  chartDays,
  chartGrid,
  chartHours,
  chartLines,
  emptyState,
  formatDateTime,
  formatNumber,
  formatPercent,
  html,
  type Language,
  linkButton,
  pageHeading,
  type SafeHtml,
  section,
  stats,
} from '@brevduva/ui';
import type { AccountStatistics } from '../accountStatistics.ts';
import type { AuditEventRow } from '../sql/auditEvents.ts';
import type { AccountFigures } from '../statistics/readAccounts.ts';
import type { CallStatistics } from '../statistics/readCalls.ts';
import { eventTable } from './audit/eventTable.ts';
import { CONSOLE_AREAS } from './paths.ts';
import { type ConsoleRequest, consolePage } from './shell.ts';
import { STATISTICS_PAGES } from './statistics/statisticsFrame.ts';
import { statisticsTexts } from './statistics/texts.ts';
import { consoleTexts } from './texts.ts';

export interface OverviewFacts {
  readonly connected: { readonly operators: number; readonly dispatchers: number; readonly senders: number };
  readonly now: AccountStatistics;
  /** The last 30 days. */
  readonly accounts: AccountFigures;
  /** The last 24 hours. */
  readonly calls: CallStatistics;
  /** The latest things done. */
  readonly events: readonly AuditEventRow[];
}

/** The console's first page: who is connected, how the register is used today, what was done last. */
export function overviewPage(request: ConsoleRequest, facts: OverviewFacts): string {
  const { lang } = request;
  const texts = consoleTexts(lang);
  return consolePage(request, {
    title: texts.overview,
    area: 'overview',
    content: html`${pageHeading({ lang, title: texts.overview, lead: texts.overviewLead })}
${tiles(facts, lang)}
${chartGrid([lookUps(facts, lang), mailboxes(facts, lang)])}
${section({
  title: texts.latestEvents,
  content: eventTable(facts.events, lang, {
    caption: texts.latestEvents,
    empty: emptyState({ title: texts.noEvents, icon: 'document' }),
  }),
  actions: linkButton({ text: texts.allEvents, href: CONSOLE_AREAS.audit, variant: 'secondary' }),
})}`,
  });
}

function tiles({ connected, now, calls: { total } }: OverviewFacts, lang: Language): SafeHtml {
  const texts = consoleTexts(lang);
  const { operators, dispatchers, senders } = connected;
  return stats([
    {
      label: texts.accounts,
      value: formatNumber(now.total, lang),
      note: statisticsTexts(lang).countedAt(formatDateTime(now.countedAt, lang)),
      href: CONSOLE_AREAS.statistics,
    },
    {
      label: texts.actors,
      value: formatNumber(operators + dispatchers + senders, lang),
      note: texts.actorsNote(
        formatNumber(senders, lang),
        formatNumber(dispatchers, lang),
        formatNumber(operators, lang),
      ),
      href: CONSOLE_AREAS.actors,
    },
    {
      label: texts.callsToday,
      value: formatNumber(total.calls, lang),
      note: texts.idsToday(formatNumber(total.ids, lang)),
      href: `${STATISTICS_PAGES.calls}?period=24h`,
    },
    {
      label: texts.refusedToday,
      value: formatNumber(total.refused, lang),
      note: texts.shareOfCalls(formatPercent(total.calls === 0 ? 0 : total.refused / total.calls, lang, 1)),
      href: `${STATISTICS_PAGES.refusals}?period=24h`,
    },
  ]);
}

function lookUps({ calls }: OverviewFacts, lang: Language): SafeHtml {
  const texts = statisticsTexts(lang);
  const hours = calls.period.grain === 'hour' ? calls.period.hours : [];
  return chartBars({
    lang,
    title: consoleTexts(lang).callsToday,
    unit: texts.perHour,
    size: 'small',
    points: calls.total.calls === 0 ? [] : chartHours(hours, lang),
    pointHeader: texts.hour,
    empty: texts.noCalls,
    series: [
      { name: consoleTexts(lang).answered, values: calls.points.map((each) => each.calls - each.refused), colour: 1 },
      { name: texts.refusedShare, values: calls.points.map((each) => each.refused), colour: 4 },
    ],
  });
}

function mailboxes({ accounts }: OverviewFacts, lang: Language): SafeHtml {
  const texts = statisticsTexts(lang);
  const values = accounts.days.map((_, index) => {
    const known = accounts.operators.map(({ countedAt }) => countedAt[index] ?? null).filter((count) => count !== null);
    return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
  });
  return chartLines({
    lang,
    title: texts.accounts,
    unit: texts.period_30d.toLowerCase(),
    size: 'small',
    fromZero: false,
    points: chartDays(accounts.days, lang),
    pointHeader: texts.day,
    empty: texts.noAccounts,
    series: [{ name: texts.accounts, values }],
  });
}
