import {
  emptyState,
  formatNumber,
  html,
  link,
  linkButton,
  pageHeading,
  type SafeHtml,
  type Stat,
  section,
  stats,
  table,
  time,
} from '@brevduva/ui';
import type { CaseLine } from '../sql/cases.ts';
import type { LetterLine } from '../sql/letters.ts';
import type { LatestCheck } from '../sql/noSilentEnd.ts';
import type { LetterState } from '../states.ts';
import { caseReasonText } from './detailWords.ts';
import { endsAlert } from './endsAlert.ts';
import { letterTable } from './letterTable.ts';
import { type ConsoleRequest, consolePage } from './shell.ts';
import { consoleTexts } from './texts.ts';
import { recipientName, subjectOf } from './words.ts';

export interface OverviewData {
  readonly counts: ReadonlyMap<LetterState, number>;
  readonly letters: readonly LetterLine[];
  readonly cases: readonly CaseLine[];
  readonly check: LatestCheck | undefined;
}

/**
 * In the order of what a caseworker must know. Cancelled letters concern nobody any more and are found by the filter; expired ones were
 * never sent, which their unit must see, but where there are none that is nothing to tell.
 */
const TILES = ['case', 'unknown', 'expired', 'unnotified', 'waiting', 'delivered', 'printed'] as const;
const ONLY_IF_ANY: ReadonlySet<LetterState> = new Set(['expired', 'unnotified']);
const WORRYING: ReadonlySet<LetterState> = new Set(['case', 'unknown', 'expired']);

/** The first page: what waits for a person, how many letters stand where, what came last. */
export function overviewPage(request: ConsoleRequest, data: OverviewData): string {
  const { lang } = request;
  const texts = consoleTexts(lang);
  const empty = emptyState({ title: texts.noLetters, text: texts.noLettersText, icon: 'letter' });
  return consolePage(request, {
    title: texts.overview,
    area: 'overview',
    content: html`${pageHeading({ lang, title: texts.overview, lead: texts.overviewLead })}
${stats(tiles(request, data.counts))}
${data.check && endsAlert(request, data.check)}
${data.cases.length > 0 && urgentCases(request, data.cases)}
${section({
  title: texts.recentLetters,
  content: letterTable(data.letters, lang, texts.recentLetters, empty),
  actions: linkButton({ text: texts.allLetters, href: '/brev', variant: 'secondary' }),
})}`,
  });
}

function tiles(request: ConsoleRequest, counts: OverviewData['counts']): Stat[] {
  return TILES.filter((state) => !ONLY_IF_ANY.has(state) || (counts.get(state) ?? 0) > 0).map((state) =>
    tile(request, state, counts.get(state) ?? 0),
  );
}

function tile({ lang }: ConsoleRequest, state: LetterState, count: number): Stat {
  return {
    label: consoleTexts(lang)[`state_${state}`],
    value: formatNumber(count, lang),
    href: state === 'case' ? '/arenden' : `/brev?state=${state}`,
    ...(WORRYING.has(state) && count > 0 ? { tone: 'warning' as const } : {}),
  };
}

function urgentCases(request: ConsoleRequest, cases: readonly CaseLine[]): SafeHtml {
  const { lang, now } = request;
  const texts = consoleTexts(lang);
  return section({
    title: texts.urgentCases,
    content: table({
      caption: texts.urgentCases,
      captionHidden: true,
      rows: cases,
      columns: [
        {
          header: texts.subject,
          cell: (line) => link(subjectOf(line, texts), `/brev/${line.letterId}#arende`),
          rowHeader: true,
        },
        { header: texts.recipient, cell: (line) => recipientName(line, texts), nowrap: true },
        { header: texts.what, cell: (line) => caseReasonText(line.reason, lang).text },
        {
          header: texts.deadline,
          cell: (line) => time(line.deadline, lang, { style: 'relative', now }),
          nowrap: true,
        },
      ],
    }),
    actions: linkButton({ text: texts.allCases, href: '/arenden', variant: 'secondary' }),
  });
}
