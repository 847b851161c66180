import {
  badge,
  card,
  type Description,
  descriptionList,
  emptyState,
  formatDateTime,
  formatNumber,
  html,
  link,
  pageHeading,
  pagination,
  type SafeHtml,
  split,
  stack,
  type Tone,
  table,
  time,
} from '@brevduva/ui';
import { PRINT_ORDER_STATES, type PrintOrderState } from '../../printShop/printShop.ts';
import type { BatchLetterLine, BatchStory } from '../../sql/printBatches.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { consoleTexts } from '../texts.ts';
import { recipientName, subjectOf } from '../words.ts';
import { batchStateBadge } from './listPage.ts';
import { type PrintShopTexts, printShopTexts } from './texts.ts';

export interface BatchPageData {
  readonly batch: BatchStory;
  readonly letters: readonly BatchLetterLine[];
  readonly page: number;
  readonly pageCount: number;
}

/** One batch: how far it has come, what the shop has told, and its letters, first those that went wrong. */
export function batchPage(request: ConsoleRequest, { batch, letters, page, pageCount }: BatchPageData): string {
  const { lang } = request;
  const texts = printShopTexts(lang);
  const counts = [formatNumber(batch.letters, lang), formatNumber(batch.sheets, lang)] as const;
  const hrefOf = (n: number) => `/utskriftsbatcher/${batch.id}?sida=${n}`;
  return consolePage(request, {
    title: `${texts.batch} ${batch.id}`,
    area: 'letters',
    content: html`${pageHeading({
      lang,
      title: `${texts.batch} ${batch.id}`,
      lead: texts.batchLead(batch.shopCode, ...counts),
      status: batchStateBadge(batch, texts),
      breadcrumbs: [
        { text: consoleTexts(lang).letters, href: '/brev' },
        { text: texts.batches, href: '/utskriftsbatcher' },
      ],
    })}
${split({
  main: stack(letterTable(request, letters, texts), pagination({ lang, page, pageCount, href: hrefOf })),
  aside: stack(factsCard(request, batch, texts), progressCard(request, batch, texts)),
  asideLabel: texts.facts,
})}`,
  });
}

function factsCard({ lang }: ConsoleRequest, batch: BatchStory, texts: PrintShopTexts): SafeHtml {
  const reached = (term: string, at: Date | null, by: Date | null): Description[] => {
    if (at === null && by === null) return [];
    const expected = by === null ? '' : texts.by(formatDateTime(by, lang));
    return [{ term, description: at === null ? expected : time(at, lang) }];
  };
  const waits = batch.handedOverAt === null;
  const items: Description[] = [
    { term: texts.closed, description: time(batch.madeAt, lang) },
    ...reached(texts.handedOver, batch.handedOverAt, null),
    ...(waits && batch.dueAt !== null ? [{ term: texts.nextTry, description: time(batch.dueAt, lang) }] : []),
    ...(waits && batch.attempts > 0 ? [{ term: texts.attempts, description: formatNumber(batch.attempts, lang) }] : []),
    ...(batch.fault === null ? [] : [{ term: texts.lastFault, description: batch.fault }]),
    { term: texts.promise, description: texts[`promise_${batch.promise}`] },
    ...reached(texts.acknowledgedAt, batch.acknowledgedAt, batch.promise === 'none' ? null : batch.acknowledgeBy),
    ...reached(texts.endedAt, batch.endedAt, batch.promise === 'posted' ? batch.postBy : null),
    ...(batch.manifestSha256 === null
      ? []
      : [{ term: texts.manifest, description: html`<code class="bd-code-inline">${batch.manifestSha256}</code>` }]),
  ];
  return card({ title: texts.facts, content: descriptionList(items) });
}

function progressCard({ lang }: ConsoleRequest, { states }: BatchStory, texts: PrintShopTexts): SafeHtml {
  const items = PRINT_ORDER_STATES.flatMap((state) => {
    const count = states[state];
    return count === undefined ? [] : [{ term: texts[`letter_${state}`], description: formatNumber(count, lang) }];
  });
  return card({ title: texts.progress, content: descriptionList(items) });
}

const TONES: Readonly<Record<PrintOrderState, Tone>> = {
  waiting: 'neutral',
  batched: 'info',
  produced: 'info',
  posted: 'success',
  returned: 'warning',
  rejected: 'danger',
  withdrawn: 'neutral',
};

function letterTable(request: ConsoleRequest, letters: readonly BatchLetterLine[], texts: PrintShopTexts): SafeHtml {
  const { lang } = request;
  const words = consoleTexts(lang);
  return table({
    caption: texts.progress,
    captionHidden: true,
    rows: letters,
    empty: emptyState({ title: texts.none, icon: 'inbox' }),
    columns: [
      { header: texts.position, cell: ({ position }) => formatNumber(position, lang), align: 'end' },
      { header: texts.letter, cell: (line) => link(subjectOf(line, words), `/brev/${line.letterId}`), rowHeader: true },
      { header: texts.recipient, cell: (line) => recipientName(line, words), nowrap: true },
      { header: texts.sheets, cell: ({ sheets }) => formatNumber(sheets, lang), align: 'end' },
      { header: texts.state, cell: (line) => stateOf(line, texts) },
      { header: texts.told, cell: ({ toldAt }) => (toldAt === null ? '–' : time(toldAt, lang)), nowrap: true },
    ],
  });
}

function stateOf({ state, rejectReason }: BatchLetterLine, texts: PrintShopTexts): SafeHtml {
  return html`${badge({ tone: TONES[state], text: texts[`letter_${state}`] })}${rejectReason === null ? '' : html` ${rejectReason}`}`;
}
