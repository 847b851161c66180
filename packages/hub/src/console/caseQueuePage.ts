import { alert, emptyState, html, link, pageHeading, pagination, type SafeHtml } from '@brevduva/ui';
import type { CaseLine, CaseResolution } from '../sql/cases.ts';
import type { LetterLine } from '../sql/letters.ts';
import { caseList } from './caseList.ts';
import { type ConsoleRequest, consolePage } from './shell.ts';
import { consoleTexts } from './texts.ts';
import { subjectOf } from './words.ts';

export interface CaseQueueData {
  readonly cases: readonly CaseLine[];
  readonly page: number;
  readonly pageCount: number;
  /** What the person just did, and with which letter. */
  readonly done: { readonly resolution: CaseResolution; readonly letter: LetterLine | undefined } | undefined;
}

/** The queue of cases for a person (manuell felhantering). */
export function caseQueuePage(request: ConsoleRequest, data: CaseQueueData): string {
  const { lang } = request;
  const texts = consoleTexts(lang);
  const { cases, page, pageCount } = data;
  return consolePage(request, {
    title: texts.cases,
    area: 'cases',
    notices: data.done === undefined ? [] : [doneNotice(request, data.done)],
    content: html`${pageHeading({ lang, title: texts.cases, lead: texts.casesLead })}
${!request.mayAct && html`<p class="bd-hint">${texts.readerHint}</p>`}
${cases.length === 0 ? emptyState({ title: texts.noCases, text: texts.noCasesText, icon: 'checkCircle' }) : caseList(request, cases)}
${pagination({ lang, page, pageCount, href: (n) => `/arenden?sida=${n}` })}`,
  });
}

function doneNotice({ lang }: ConsoleRequest, done: NonNullable<CaseQueueData['done']>): SafeHtml {
  const texts = consoleTexts(lang);
  const letter = done.letter && html` ${link(subjectOf(done.letter, texts), `/brev/${done.letter.id}`)}`;
  return alert({ tone: 'success', content: html`${texts[`${done.resolution}Notice`]}${letter}`, live: true });
}
