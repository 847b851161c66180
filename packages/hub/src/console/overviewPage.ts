import { emptyState, html, linkButton, pageHeading, section, stats } from '@brevduva/ui';
import type { CaseLine } from '../sql/cases.ts';
import type { LetterLine } from '../sql/letters.ts';
import { LETTER_STATES, type LetterState } from '../states.ts';
import { caseList } from './caseList.ts';
import { letterTable } from './letterTable.ts';
import { type ConsoleRequest, consolePage } from './shell.ts';
import { consoleTexts } from './texts.ts';

export interface OverviewData {
  readonly counts: ReadonlyMap<LetterState, number>;
  readonly letters: readonly LetterLine[];
  readonly cases: readonly CaseLine[];
}

/** The first page: how many letters stand where, what waits for a person, what came last. */
export function overviewPage(request: ConsoleRequest, data: OverviewData): string {
  const texts = consoleTexts(request.lang);
  const tiles = LETTER_STATES.map((state) => ({
    label: texts[`state_${state}`],
    value: data.counts.get(state) ?? 0,
    href: state === 'case' ? '/arenden' : `/brev?state=${state}`,
  }));
  const empty = emptyState({ title: texts.noLetters, text: texts.noLettersText });
  return consolePage(request, {
    title: texts.overview,
    area: 'overview',
    content: html`${pageHeading({ lang: request.lang, title: texts.overview, lead: texts.overviewLead })}
${stats(tiles)}
${
  data.cases.length > 0 &&
  section({
    title: texts.urgentCases,
    content: caseList(request, data.cases),
    actions: linkButton({ text: texts.allCases, href: '/arenden', variant: 'secondary' }),
  })
}
${section({
  title: texts.recentLetters,
  content: letterTable(data.letters, request.lang, texts.recentLetters, empty),
  actions: linkButton({ text: texts.allLetters, href: '/brev', variant: 'secondary' }),
})}`,
  });
}
