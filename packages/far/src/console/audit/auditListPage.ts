import {
  cursorPagination,
  emptyState,
  filterForm,
  formatNumber,
  formatRecipientId,
  href,
  html,
  join,
  type Language,
  link,
  pageHeading,
  type SafeHtml,
  select,
  table,
  textField,
  time,
} from '@brevduva/ui';
import { AUDIT_ACTS } from '../../actors/auditAct.ts';
import type { AuditEventRow } from '../../sql/auditEvents.ts';
import type { AuditFilter } from '../../sql/auditTrail.ts';
import { actorHref } from '../actors/actionPage.ts';
import { auditActText } from '../actors/auditWords.ts';
import { CONSOLE_AREAS } from '../paths.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { differencesOf } from './differences.ts';
import { auditTexts } from './texts.ts';

export interface AuditListFacts {
  readonly filter: AuditFilter;
  readonly events: readonly AuditEventRow[];
  /** Ids beside which the pages before and after begin, where there are such pages. */
  readonly newer: number | undefined;
  readonly older: number | undefined;
  readonly people: readonly { readonly subject: string; readonly name: string }[];
  readonly actors: readonly { readonly number: string; readonly name: string }[];
}

const DIFFERENCES_SHOWN_MAX = 2;

/** Who did what to whom, the latest first. */
export function auditListPage(request: ConsoleRequest, facts: AuditListFacts): string {
  const { lang } = request;
  const { filter, newer, older } = facts;
  const texts = auditTexts(lang);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  return consolePage(request, {
    title: texts.title,
    area: 'audit',
    content: html`${pageHeading({ lang, title: texts.title, lead: texts.lead })}
${filterForm({
  lang,
  action: CONSOLE_AREAS.audit,
  label: texts.filter,
  fields: filterFields(facts, lang),
  ...(isFiltered && { resetHref: CONSOLE_AREAS.audit }),
})}
${eventTable(facts, lang, isFiltered)}
${cursorPagination({
  lang,
  previousHref: newer === undefined ? undefined : listHref(filter, { efter: newer }),
  nextHref: older === undefined ? undefined : listHref(filter, { fore: older }),
})}`,
  });
}

export function auditEventHref(id: number): string {
  return `${CONSOLE_AREAS.audit}/${id}`;
}

/** An actor by its name, led to its page; by its number where it has no name any more. */
export function aboutWhom({ organizationNumber, organizationName }: AuditEventRow): SafeHtml | string {
  if (organizationNumber === null) return '–';
  return link(organizationName ?? formatRecipientId(organizationNumber), actorHref(organizationNumber));
}

function listHref(filter: AuditFilter, cursor: Record<string, number>): string {
  const { subject, what, organizationNumber, from, to } = filter;
  return href(CONSOLE_AREAS.audit, {
    vem: subject,
    vad: what,
    aktor: organizationNumber,
    fran: from,
    till: to,
    ...cursor,
  });
}

function filterFields({ filter, people, actors }: AuditListFacts, lang: Language): SafeHtml[] {
  const texts = auditTexts(lang);
  return [
    select({
      name: 'vem',
      label: texts.who,
      emptyText: texts.anyone,
      value: filter.subject,
      choices: people.map(({ subject, name }) => ({ value: subject, text: name })),
    }),
    select({
      name: 'vad',
      label: texts.what,
      emptyText: texts.anything,
      value: filter.what,
      choices: AUDIT_ACTS.map((value) => ({ value, text: auditActText(value, lang) })),
    }),
    select({
      name: 'aktor',
      label: texts.about,
      emptyText: texts.anyActor,
      value: filter.organizationNumber,
      choices: actors.map(({ number, name }) => ({ value: number, text: name })),
    }),
    textField({ name: 'fran', label: texts.from, type: 'date', value: filter.from }),
    textField({ name: 'till', label: texts.to, type: 'date', value: filter.to }),
  ];
}

function eventTable({ events }: AuditListFacts, lang: Language, isFiltered: boolean): SafeHtml {
  const texts = auditTexts(lang);
  return table({
    caption: texts.title,
    captionHidden: true,
    rows: events,
    empty: isFiltered
      ? emptyState({ title: texts.noHits, text: texts.noHitsText, icon: 'search' })
      : emptyState({ title: texts.none, text: texts.noneText, icon: 'document' }),
    columns: [
      { header: texts.time, nowrap: true, cell: (row) => time(row.at, lang) },
      {
        header: texts.what,
        rowHeader: true,
        cell: (row) => link(auditActText(row.what, lang), auditEventHref(row.id)),
      },
      { header: texts.about, cell: aboutWhom },
      { header: texts.change, cell: (row) => changeWords(row, lang) },
      { header: texts.who, nowrap: true, cell: (row) => row.name },
    ],
  });
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
