import {
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
import type { FileDeliveryLine, FileDeliveryState } from '../../sql/fileDeliveryViews.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { consoleTexts } from '../texts.ts';
import { type FileTexts, fileTexts } from './texts.ts';

export interface FileListData {
  readonly deliveries: readonly FileDeliveryLine[];
  readonly page: number;
  readonly pageCount: number;
}

/** The organisation's deliveries of files, the latest first. */
export function fileListPage(request: ConsoleRequest, { deliveries, page, pageCount }: FileListData): string {
  const { lang } = request;
  const texts = fileTexts(lang);
  const breadcrumbs = [{ text: consoleTexts(lang).letters, href: '/brev' }];
  return consolePage(request, {
    title: texts.files,
    area: 'letters',
    content: html`${pageHeading({ lang, title: texts.files, lead: texts.lead, breadcrumbs })}
${table({
  caption: texts.files,
  captionHidden: true,
  rows: deliveries,
  empty: emptyState({ title: texts.none, text: texts.noneText, icon: 'inbox' }),
  emphasize: ({ state }) => state === 'failed',
  columns: [
    { header: texts.file, cell: ({ id, name }) => link(name, `/filinlamningar/${id}`), rowHeader: true },
    { header: texts.state, cell: ({ state }) => deliveryBadge(state, texts), nowrap: true },
    { header: texts.system, cell: ({ systemName }) => systemName },
    { header: texts.letters, cell: ({ accepted }) => formatNumber(accepted, lang), align: 'end', nowrap: true },
    { header: texts.refused, cell: ({ refused }) => formatNumber(refused, lang), align: 'end', nowrap: true },
    { header: texts.came, cell: ({ claimedAt }) => time(claimedAt, lang), nowrap: true },
  ],
})}
${pagination({ lang, page, pageCount, href: (n) => `/filinlamningar?sida=${n}` })}`,
  });
}

export function deliveryBadge(state: FileDeliveryState, texts: FileTexts): SafeHtml {
  if (state === 'working') return badge({ text: texts.state_working, tone: 'info', icon: 'clock' });
  if (state === 'failed') return badge({ text: texts.state_failed, tone: 'danger', icon: 'warning' });
  return badge({ text: texts.state_done, tone: 'success', icon: 'checkCircle' });
}
