import {
  badge,
  card,
  descriptionList,
  html,
  type Language,
  pageHeading,
  type SafeHtml,
  table,
  time,
} from '@brevduva/ui';
import type { AuditEventRow } from '../../sql/auditEvents.ts';
import { auditActLook, auditActText } from '../actors/auditWords.ts';
import { CONSOLE_AREAS } from '../paths.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { differencesOf } from './differences.ts';
import { aboutWhom } from './eventTable.ts';
import { auditTexts } from './texts.ts';

/** One event: who, when, about whom, and each fact as it stood before and after. */
export function auditEventPage(request: ConsoleRequest, event: AuditEventRow): string {
  const { lang } = request;
  const texts = auditTexts(lang);
  const title = auditActText(event.what, lang);
  return consolePage(request, {
    title,
    area: 'audit',
    content: html`${pageHeading({
      lang,
      title,
      status: badge({ text: texts.event(String(event.id)), ...auditActLook(event.what) }),
      breadcrumbs: [{ text: texts.title, href: CONSOLE_AREAS.audit }],
    })}
${card({
  content: descriptionList([
    { term: texts.about, description: aboutWhom(event) },
    { term: texts.who, description: event.name },
    { term: texts.subject, description: html`<code>${event.subject}</code>` },
    { term: texts.time, description: time(event.at, lang, { style: 'exact' }) },
  ]),
})}
${differenceTable(event, lang)}`,
  });
}

function differenceTable(event: AuditEventRow, lang: Language): SafeHtml {
  const texts = auditTexts(lang);
  return table({
    caption: texts.differences,
    rows: differencesOf(event, lang),
    empty: html`<p class="bd-muted">${texts.noFacts}</p>`,
    emphasize: ({ isChanged }) => isChanged,
    columns: [
      { header: texts.fact, rowHeader: true, cell: ({ name }) => name },
      {
        header: texts.before,
        cell: ({ before, isChanged }) => (before === undefined ? '–' : isChanged ? html`<del>${before}</del>` : before),
      },
      {
        header: texts.after,
        cell: ({ after, isChanged }) =>
          isChanged
            ? after === undefined
              ? '–'
              : html`<ins>${after}</ins>`
            : html`<span class="bd-muted">${texts.unchanged}</span>`,
      },
    ],
  });
}
