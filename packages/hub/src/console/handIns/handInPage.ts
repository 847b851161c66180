import {
  alert,
  card,
  descriptionList,
  formatNumber,
  formatRecipientId,
  html,
  linkButton,
  pageHeading,
  pagePictures,
  type SafeHtml,
  split,
  stack,
  time,
} from '@brevduva/ui';
import type { HandInCase } from '../../sql/handInCases.ts';
import { errorText } from '../errorTexts.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { discardCard, type HandInFormState, handInCard, handInErrorSummary } from './handInForm.ts';
import { reasonWords, sourceOf } from './queuePage.ts';
import { type HandInTexts, handInTexts } from './texts.ts';

export interface HandInPageData {
  readonly handIn: HandInCase;
  readonly form: HandInFormState | undefined;
  /** The person acted on what somebody else had just ended. */
  readonly isConflict: boolean;
}

/** More would be slow to draw and to look through; the file has them all. */
export const PICTURES_MAX = 10;

/** One hand-in that no rule could make a letter of: its pages, what was read of them, and what a person can do. */
export function handInPage(request: ConsoleRequest, data: HandInPageData): string {
  const { lang } = request;
  const texts = handInTexts(lang);
  const { handIn, form } = data;
  const isOpen = handIn.closedAt === null;
  return consolePage(request, {
    title: sourceOf(handIn),
    area: 'handIns',
    hasErrors: (form?.faults.length ?? 0) > 0,
    notices: data.isConflict
      ? [alert({ tone: 'danger', title: texts.conflictTitle, content: texts.conflict, live: true })]
      : [],
    content: html`${handInErrorSummary(request, form)}
${pageHeading({
  lang,
  title: sourceOf(handIn),
  lead: `${handIn.systemName} · ${handIn.flowName}`,
  breadcrumbs: [{ text: texts.handIns, href: '/att-reda-ut' }],
})}
${isOpen ? whatToDo(request, handIn) : ending(request, handIn)}
${split({
  main: pages(request, handIn),
  aside: stack(
    isOpen && request.mayAct && handInCard(request, handIn, form),
    isOpen && !request.mayAct && html`<p class="bd-hint">${texts.readerHint}</p>`,
    facts(request, handIn),
    isOpen && request.mayAct && discardCard(request, handIn, form),
  ),
  asideLabel: texts.handInTitle,
})}`,
  });
}

function whatToDo({ lang }: ConsoleRequest, { reason }: HandInCase): SafeHtml {
  const words = reasonWords(reason, lang);
  return alert({ tone: 'warning', title: words.text, content: words.nextAction });
}

/** Who ended it, how and when. */
function ending({ lang }: ConsoleRequest, handIn: HandInCase): SafeHtml {
  const texts = handInTexts(lang);
  const { resolution, closedAt, closedBy, letterId, note } = handIn;
  if (resolution === null || closedAt === null) throw new Error('a closed case has no resolution');
  const who = texts[`${resolution}By`](closedBy ?? '');
  return alert({
    tone: 'info',
    title: texts[resolution],
    content: stack(
      html`<p>${who}, ${time(closedAt, lang)}.</p>`,
      note !== null && html`<p>${note}</p>`,
      letterId !== null && linkButton({ text: texts.toLetter, href: `/brev/${letterId}`, variant: 'secondary' }),
    ),
  });
}

function pages({ lang }: ConsoleRequest, { id, detail, filename }: HandInCase): SafeHtml {
  const texts = handInTexts(lang);
  const count = detail.pages ?? 1;
  const shown = Math.min(count, PICTURES_MAX);
  const numbers = Array.from({ length: shown }, (_, n) => n + 1);
  const of = formatNumber(count, lang);
  return card({
    title: texts.pages,
    headingLevel: 2,
    content: stack(
      linkButton({
        text: texts.openPdf,
        context: filename,
        href: `/att-reda-ut/${id}/pdf`,
        variant: 'secondary',
        icon: 'document',
      }),
      shown < count && html`<p class="bd-hint">${texts.firstPages(formatNumber(shown, lang), of)}</p>`,
      pagePictures(
        numbers.map((n) => ({
          href: `/att-reda-ut/${id}/sidor/${n}`,
          alt: texts.pageAlt(formatNumber(n, lang), of),
        })),
      ),
    ),
  });
}

/** What was read, so that she need not look for it; and where it came from. */
function facts({ lang }: ConsoleRequest, handIn: HandInCase): SafeHtml {
  const texts = handInTexts(lang);
  return card({
    title: texts.read,
    headingLevel: 2,
    content: descriptionList(
      [
        ...readNumbers(handIn, texts),
        { term: texts.subject, description: handIn.detail.subject ?? texts.nothing },
        { term: texts.reference, description: handIn.detail.reference ?? texts.nothing },
        { term: texts.readAddress, description: lines(handIn.detail.addressLines ?? [], texts) },
        ...faults(handIn, lang, texts),
        { term: texts.way, description: texts[`way_${handIn.wayIn}`] },
        { term: texts.opened, description: time(handIn.openedAt, lang) },
        { term: texts.deadline, description: time(handIn.deadline, lang) },
      ],
      { layout: 'rows' },
    ),
  });
}

function readNumbers({ detail }: HandInCase, texts: HandInTexts) {
  const { recipient, recipients = [] } = detail;
  if (recipients.length > 0) {
    return [{ term: texts.readRecipients, description: lines(recipients.map(formatRecipientId), texts) }];
  }
  return [{ term: texts.readRecipient, description: recipient ?? texts.nothing }];
}

function faults({ detail }: HandInCase, lang: ConsoleRequest['lang'], texts: HandInTexts) {
  const found = detail.faults ?? [];
  if (found.length === 0) return [];
  return [
    {
      term: texts.faults,
      description: lines(
        found.map(({ code, text }) => errorText(code, text, lang)),
        texts,
      ),
    },
  ];
}

function lines(all: readonly string[], texts: HandInTexts): SafeHtml | string {
  if (all.length === 0) return texts.nothing;
  return html`${all.map((line, n) => html`${n > 0 && html`<br>`}${line}`)}`;
}
