import {
  actionForm,
  badge,
  emptyState,
  formatNumber,
  html,
  link,
  pageHeading,
  type SafeHtml,
  stack,
  table,
  time,
} from '@brevduva/ui';
import type { BatchLine } from '../../sql/printBatches.ts';
import type { PrintCaseLine } from '../../sql/printCases.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { consoleTexts } from '../texts.ts';
import { type PrintShopTexts, printShopTexts } from './texts.ts';

export interface BatchListData {
  readonly cases: readonly PrintCaseLine[];
  readonly batches: readonly BatchLine[];
}

/** What a person must look into with print shops, and the batches that they have been given. */
export function batchListPage(request: ConsoleRequest, { cases, batches }: BatchListData): string {
  const { lang } = request;
  const texts = printShopTexts(lang);
  return consolePage(request, {
    title: texts.batches,
    area: 'letters',
    content: html`${pageHeading({ lang, title: texts.batches, lead: texts.lead, breadcrumbs: [{ text: consoleTexts(lang).letters, href: '/brev' }] })}
${stack(cases.length > 0 && caseTable(request, cases, texts), batchTable(request, batches, texts))}`,
  });
}

function caseTable(request: ConsoleRequest, cases: readonly PrintCaseLine[], texts: PrintShopTexts): SafeHtml {
  const { lang, mayAct, user } = request;
  const settle = (one: PrintCaseLine) =>
    actionForm({
      action: `/utskriftsbatcher/fall/${one.id}/utrett`,
      csrfToken: user.csrfToken,
      submit: { text: texts.settle, context: texts[one.reason], variant: 'secondary' },
    });
  return table({
    caption: texts.cases,
    rows: cases,
    empty: emptyState({ title: texts.noCases, icon: 'inbox' }),
    columns: [
      {
        header: texts.matter,
        cell: (one) => html`${texts[one.reason]} ${moreOf(one, request, texts)}`,
        rowHeader: true,
      },
      { header: texts.shop, cell: ({ shopCode }) => shopCode },
      { header: texts.deadline, cell: ({ deadline }) => time(deadline, lang), nowrap: true },
      ...(mayAct ? [{ header: texts.settle, cell: settle }] : []),
    ],
  });
}

/** What is known beside the reason: a fault in words, how many letters, which lines of which file. */
function moreOf({ detail, batchId }: PrintCaseLine, { lang }: ConsoleRequest, texts: PrintShopTexts): string {
  const { fault, letters, file, lines } = detail;
  const words = [
    typeof fault === 'string' ? fault : '',
    typeof letters === 'number' ? texts.waiting(formatNumber(letters, lang)) : '',
    typeof file === 'string' && Array.isArray(lines) ? texts.lines(file, lines.join(', ')) : '',
    batchId === null ? '' : `${texts.batch} ${batchId}.`,
  ];
  return words.filter((each) => each !== '').join(' ');
}

function batchTable({ lang }: ConsoleRequest, batches: readonly BatchLine[], texts: PrintShopTexts): SafeHtml {
  return table({
    caption: texts.batches,
    captionHidden: true,
    rows: batches,
    empty: emptyState({ title: texts.none, text: texts.noneText, icon: 'inbox' }),
    columns: [
      { header: texts.batch, cell: ({ id }) => link(id, `/utskriftsbatcher/${id}`), rowHeader: true },
      { header: texts.shop, cell: ({ shopCode }) => shopCode },
      { header: texts.state, cell: (batch) => batchStateBadge(batch, texts), nowrap: true },
      { header: texts.letters, cell: ({ letters }) => formatNumber(letters, lang), align: 'end' },
      { header: texts.sheets, cell: ({ sheets }) => formatNumber(sheets, lang), align: 'end' },
      { header: texts.closed, cell: ({ madeAt }) => time(madeAt, lang), nowrap: true },
      {
        header: texts.handedOver,
        cell: ({ handedOverAt }) => (handedOverAt === null ? '–' : time(handedOverAt, lang)),
        nowrap: true,
      },
    ],
  });
}

export function batchStateBadge({ state, fault }: Pick<BatchLine, 'state' | 'fault'>, texts: PrintShopTexts): SafeHtml {
  const tone = fault !== null ? 'warning' : state === 'ended' ? 'success' : 'info';
  return badge({ text: texts[`state_${state}`], tone });
}
