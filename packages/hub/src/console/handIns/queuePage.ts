import {
  alert,
  badge,
  emptyState,
  formatNumber,
  html,
  link,
  pageHeading,
  pagination,
  type SafeHtml,
  table,
  time,
} from '@brevduva/ui';
import { HAND_IN_REASONS } from '../../handInReasons.ts';
import type { HandInCase, HandInResolution } from '../../sql/handInCases.ts';
import { formPageTexts } from '../forms/texts.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { handInTexts } from './texts.ts';

export interface HandInQueueData {
  readonly cases: readonly HandInCase[];
  readonly page: number;
  readonly pageCount: number;
  /** What the person just did; with the letter, if it became one. */
  readonly done: { readonly resolution: HandInResolution; readonly letterId: string | undefined } | undefined;
}

/** Where a hand-in lies; what was read of it can be long, and says the least. */
export function sourceOf({ detail, filename }: HandInCase): string {
  return detail.source ?? filename;
}

/** The queue of hand-ins that no rule could make letters of. */
export function handInQueuePage(request: ConsoleRequest, { cases, page, pageCount, done }: HandInQueueData): string {
  const { lang } = request;
  const texts = handInTexts(lang);
  return consolePage(request, {
    title: texts.handIns,
    area: 'handIns',
    notices: [...(done === undefined ? [] : [doneNotice(request, done)]), ...formsNotice(request)],
    content: html`${pageHeading({ lang, title: texts.handIns, lead: texts.lead })}
${!request.mayAct && html`<p class="bd-hint">${texts.readerHint}</p>`}
${queueTable(request, cases)}
${pagination({ lang, page, pageCount, href: (n) => `/att-reda-ut?sida=${n}` })}`,
  });
}

function queueTable({ lang, now }: ConsoleRequest, cases: readonly HandInCase[]): SafeHtml {
  const texts = handInTexts(lang);
  const isLate = ({ deadline }: HandInCase) => deadline.getTime() < now.getTime();
  return table({
    caption: texts.handIns,
    captionHidden: true,
    rows: cases,
    empty: emptyState({ title: texts.none, text: texts.noneText, icon: 'checkCircle' }),
    emphasize: isLate,
    columns: [
      { header: texts.source, cell: (line) => link(sourceOf(line), `/att-reda-ut/${line.id}`), rowHeader: true },
      { header: texts.reason, cell: ({ reason }) => reasonWords(reason, lang).text },
      { header: texts.system, cell: ({ systemName }) => systemName },
      { header: texts.flow, cell: ({ flowName }) => flowName },
      {
        header: texts.deadline,
        cell: (line) => {
          const deadline = time(line.deadline, lang, { style: 'relative', now });
          return isLate(line) ? badge({ tone: 'danger', icon: 'clock', text: deadline }) : deadline;
        },
        nowrap: true,
      },
    ],
  });
}

export function reasonWords(reason: HandInCase['reason'], lang: ConsoleRequest['lang']) {
  return lang === 'en' ? HAND_IN_REASONS[reason].en : HAND_IN_REASONS[reason];
}

/** Forms that did not arrive are sorted out where they are; whoever looks here is told. */
function formsNotice({ lang, openForms }: ConsoleRequest): SafeHtml[] {
  if (openForms === 0) return [];
  const texts = formPageTexts(lang);
  const text = texts.waitingNotice(formatNumber(openForms, lang));
  return [alert({ tone: 'warning', content: html`${text} ${link(texts.toForms, '/formular')}` })];
}

function doneNotice({ lang }: ConsoleRequest, done: NonNullable<HandInQueueData['done']>): SafeHtml {
  const texts = handInTexts(lang);
  const letter = done.letterId !== undefined && html` ${link(texts.toLetter, `/brev/${done.letterId}`)}`;
  return alert({ tone: 'success', content: html`${texts[`${done.resolution}Notice`]}${letter}`, live: true });
}
