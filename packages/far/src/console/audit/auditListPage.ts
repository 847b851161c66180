import {
  cursorPagination,
  emptyState,
  filterForm,
  href,
  html,
  type Language,
  pageHeading,
  type SafeHtml,
  select,
  textField,
} from '@brevduva/ui';
import { AUDIT_ACTS } from '../../actors/auditAct.ts';
import type { AuditEventRow } from '../../sql/auditEvents.ts';
import type { AuditFilter } from '../../sql/auditTrail.ts';
import { auditActText } from '../actors/auditWords.ts';
import { CONSOLE_AREAS } from '../paths.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { eventTable } from './eventTable.ts';
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

/** Who did what to whom, the latest first. */
export function auditListPage(request: ConsoleRequest, facts: AuditListFacts): string {
  const { lang } = request;
  const { filter, events, newer, older } = facts;
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
${eventTable(events, lang, {
  caption: texts.title,
  showsChange: true,
  empty: isFiltered
    ? emptyState({ title: texts.noHits, text: texts.noHitsText, icon: 'search' })
    : emptyState({ title: texts.none, text: texts.noneText, icon: 'document' }),
})}
${cursorPagination({
  lang,
  previousHref: newer === undefined ? undefined : listHref(filter, { efter: newer }),
  nextHref: older === undefined ? undefined : listHref(filter, { fore: older }),
})}`,
  });
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
