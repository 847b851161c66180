import { alert, emptyState, html, pageHeading } from '@brevduva/ui';
import type { CaseLine } from '../sql/cases.ts';
import { caseList } from './caseList.ts';
import { type ConsoleRequest, consolePage } from './shell.ts';
import { consoleTexts } from './texts.ts';

/** The queue of cases for a person (manuell felhantering). */
export function caseQueuePage(request: ConsoleRequest, cases: readonly CaseLine[], done: string | undefined): string {
  const texts = consoleTexts(request.lang);
  const notices = {
    sentOnPaper: texts.sentOnPaperNotice,
    triedAgain: texts.triedAgainNotice,
    cancelled: texts.cancelledNotice,
  };
  const notice = done !== undefined && done in notices ? notices[done as keyof typeof notices] : undefined;
  return consolePage(request, {
    title: texts.cases,
    area: 'cases',
    notices: notice === undefined ? [] : [alert({ tone: 'success', content: notice, live: true })],
    content: html`${pageHeading({ lang: request.lang, title: texts.cases, lead: texts.casesLead })}
${cases.length === 0 ? emptyState({ title: texts.noCases, text: texts.noCasesText }) : caseList(request, cases)}`,
  });
}
