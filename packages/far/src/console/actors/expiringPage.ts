import { emptyState, html, link, pageHeading, table, time } from '@brevduva/ui';
import type { ExpiringCertificateRow } from '../../sql/certificates.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { actorHref } from './actionPage.ts';
import { actorTabs } from './actorListPage.ts';
import { actorTexts } from './actorTexts.ts';
import { daysLeftBadge, purposeWords } from './actorWords.ts';

/** Whom to remind: certificates that soon expire, and whether the next one is there. */
export function expiringPage(request: ConsoleRequest, certificates: readonly ExpiringCertificateRow[]): string {
  const { lang, now } = request;
  const texts = actorTexts(lang);
  return consolePage(request, {
    title: texts.expiring,
    area: 'actors',
    content: html`${pageHeading({ lang, title: texts.expiring, lead: texts.expiringLead })}
${actorTabs(request, 'expiring', certificates.length)}
${table({
  caption: texts.expiring,
  captionHidden: true,
  rows: certificates,
  empty: emptyState({ title: texts.noExpiring, text: texts.noExpiringText, icon: 'checkCircle' }),
  columns: [
    {
      header: texts.actor,
      rowHeader: true,
      cell: (row) => link(row.organizationName, actorHref(row.organizationNumber)),
    },
    {
      header: texts.purposes,
      cell: ({ purposes }) => purposeWords(purposes, lang),
    },
    { header: texts.validTo, nowrap: true, cell: ({ validTo }) => time(validTo, lang, { style: 'date' }) },
    { header: texts.timeLeft, nowrap: true, cell: (row) => daysLeftBadge(row, lang, now) },
    { header: texts.successor, cell: (row) => (row.hasSuccessor ? texts.hasSuccessor : texts.noSuccessor) },
  ],
})}`,
  });
}
