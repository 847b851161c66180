import {
  formatNumber,
  formatRecipientId,
  html,
  join,
  type Language,
  link,
  type SafeHtml,
  table,
  time,
} from '@brevduva/ui';
import type { AuditEventRow } from '../../sql/auditEvents.ts';
import { actorHref } from '../actors/actionPage.ts';
import { auditActText } from '../actors/auditWords.ts';
import { CONSOLE_AREAS } from '../paths.ts';
import { differencesOf } from './differences.ts';
import { auditTexts } from './texts.ts';

const DIFFERENCES_SHOWN_MAX = 2;

export interface EventTableOptions {
  readonly caption: string;
  readonly empty: SafeHtml;
  /** Tells also the first of what each event changed. */
  readonly showsChange?: boolean;
}

/** What was done, to whom and by whom, a row an event. */
export function eventTable(
  events: readonly AuditEventRow[],
  lang: Language,
  { caption, empty, showsChange = false }: EventTableOptions,
): SafeHtml {
  const texts = auditTexts(lang);
  return table<AuditEventRow>({
    ...{ caption, captionHidden: true, rows: events, empty },
    columns: [
      { header: texts.time, nowrap: true, cell: (row) => time(row.at, lang) },
      {
        header: texts.what,
        rowHeader: true,
        cell: (row) => link(auditActText(row.what, lang), `${CONSOLE_AREAS.audit}/${row.id}`),
      },
      { header: texts.about, cell: aboutWhom },
      ...(showsChange ? [{ header: texts.change, cell: (row: AuditEventRow) => changeWords(row, lang) }] : []),
      { header: texts.who, nowrap: true, cell: (row) => row.name },
    ],
  });
}

/** An actor by its name, led to its page; by its number where it has no name any more. */
export function aboutWhom({ organizationNumber, organizationName }: AuditEventRow): SafeHtml | string {
  if (organizationNumber === null) return '–';
  return link(organizationName ?? formatRecipientId(organizationNumber), actorHref(organizationNumber));
}

/** The first of what was changed: "Steg: Avtal → Tekniskt test". */
function changeWords(event: AuditEventRow, lang: Language): SafeHtml {
  const texts = auditTexts(lang);
  const changed = differencesOf(event, lang).filter(({ isChanged }) => isChanged);
  const shown = changed
    .slice(0, DIFFERENCES_SHOWN_MAX)
    .map(
      ({ name, before, after }) =>
        html`<span class="bd-muted">${name}:</span> ${before !== undefined && html`<del>${before}</del> → `}${after ?? '–'}`,
    );
  const left = changed.length - shown.length;
  const rest = left > 0 ? [html`<span class="bd-muted">${texts.more(formatNumber(left, lang))}</span>`] : [];
  return join([...shown, ...rest], html`<br>`);
}
