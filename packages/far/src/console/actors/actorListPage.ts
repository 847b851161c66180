import {
  checkbox,
  emptyState,
  filterForm,
  formatDate,
  formatNumber,
  formatRecipientId,
  html,
  link,
  linkButton,
  pageHeading,
  pagination,
  type SafeHtml,
  select,
  table,
  tabs,
  textField,
} from '@brevduva/ui';
import { ACTOR_ROLES, type ActorRole } from '../../actors/actorRole.ts';
import {
  CONNECTION_ENDS,
  CONNECTION_STEPS,
  type ConnectionEnd,
  type ConnectionStep,
} from '../../actors/connectionSteps.ts';
import type { ActorListRow } from '../../sql/actorList.ts';
import { CONSOLE_AREAS } from '../paths.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { actorHref } from './actionPage.ts';
import { actorTexts } from './actorTexts.ts';
import { daysLeftBadge, roleWords, stepBadge, suspendedBadge } from './actorWords.ts';
import { APPLY_PATH } from './applyPage.ts';

export const EXPIRING_PATH = `${CONSOLE_AREAS.actors}/certifikat`;

/** The query of the list's address. */
export interface ActorQuery {
  text: string;
  role: ActorRole | null;
  step: ConnectionStep | ConnectionEnd | null;
  onlyAttention: boolean;
}

export interface ActorListFacts {
  query: ActorQuery;
  actors: readonly ActorListRow[];
  total: number;
  page: number;
  pageCount: number;
  expiring: number;
}

/** Every actor: searched, filtered, with what needs something marked. */
export function actorListPage(request: ConsoleRequest, facts: ActorListFacts): string {
  const { lang } = request;
  const { query, page, pageCount, total, expiring } = facts;
  const texts = actorTexts(lang);
  return consolePage(request, {
    title: texts.title,
    area: 'actors',
    content: html`${pageHeading({
      lang,
      title: texts.title,
      lead: texts.lead,
      actions: request.mayChange ? [linkButton({ text: texts.newApplication, href: APPLY_PATH })] : [],
    })}
${actorTabs(request, 'actors', expiring)}
${actorFilter(request, query)}
${total > 0 && html`<p class="bd-hint">${total === 1 ? texts.oneHit : texts.hits(formatNumber(total, lang))}</p>`}
${actorTable(request, facts)}
${pagination({ lang, page, pageCount, href: (n) => `${CONSOLE_AREAS.actors}?${queryString(query, n)}` })}`,
  });
}

export function actorTabs({ lang }: ConsoleRequest, current: 'actors' | 'expiring', expiring: number): SafeHtml {
  const texts = actorTexts(lang);
  return tabs({
    label: texts.views,
    items: [
      { text: texts.allActors, href: CONSOLE_AREAS.actors, current: current === 'actors' },
      {
        text: texts.expiring,
        href: EXPIRING_PATH,
        current: current === 'expiring',
        ...(expiring > 0 && { count: expiring }),
      },
    ],
  });
}

function actorFilter({ lang }: ConsoleRequest, query: ActorQuery): SafeHtml {
  const texts = actorTexts(lang);
  const roles = ACTOR_ROLES.map((role) => ({ value: role, text: texts[`role_${role}`] }));
  const steps = [...CONNECTION_STEPS, ...CONNECTION_ENDS].map((step) => ({ value: step, text: texts[`step_${step}`] }));
  return filterForm({
    lang,
    action: CONSOLE_AREAS.actors,
    label: texts.filterLabel,
    fields: [
      textField({ name: 'q', label: texts.search, type: 'search', value: query.text, size: 24 }),
      select({ name: 'roll', label: texts.role, choices: roles, value: query.role ?? '', emptyText: texts.anyRole }),
      select({ name: 'lage', label: texts.step, choices: steps, value: query.step ?? '', emptyText: texts.anyStep }),
      checkbox({ name: 'behover', label: texts.onlyAttention, value: 'ja', checked: query.onlyAttention }),
    ],
    resetHref: queryString(query, 1) === '' ? undefined : CONSOLE_AREAS.actors,
  });
}

function actorTable(request: ConsoleRequest, { actors, query }: ActorListFacts): SafeHtml {
  const { lang, now } = request;
  const texts = actorTexts(lang);
  const isFiltered = queryString(query, 1) !== '';
  const empty = isFiltered
    ? emptyState({ title: texts.noHits, text: texts.noHitsText, icon: 'search' })
    : emptyState({ title: texts.noActors, text: texts.noActorsText });
  return table({
    caption: texts.title,
    captionHidden: true,
    rows: actors,
    empty,
    emphasize: ({ needsAttention }) => needsAttention,
    columns: [
      { header: texts.actor, rowHeader: true, cell: (row) => link(row.name, actorHref(row.organizationNumber)) },
      { header: texts.organizationNumber, nowrap: true, cell: (row) => formatRecipientId(row.organizationNumber) },
      { header: texts.roles, cell: (row) => roleWords(inOrder(row.roles), lang) },
      {
        header: texts.step,
        cell: (row) =>
          html`${row.isSuspended ? suspendedBadge(lang) : stepBadge(row.step, lang)} <span class="bd-hint">${texts.since(formatDate(row.stepSince, lang))}</span>`,
      },
      {
        header: texts.certificate,
        nowrap: true,
        cell: ({ certificateValidTo: validTo }) =>
          validTo === null
            ? html`<span class="bd-hint">${texts.noCertificate}</span>`
            : daysLeftBadge({ validFrom: new Date(0), validTo }, lang, now),
      },
    ],
  });
}

function inOrder(roles: readonly ActorRole[]): ActorRole[] {
  return ACTOR_ROLES.filter((role) => roles.includes(role));
}

function queryString({ text, role, step, onlyAttention }: ActorQuery, page: number): string {
  const given = { q: text, roll: role ?? '', lage: step ?? '', behover: onlyAttention ? 'ja' : '' };
  const parameters = new URLSearchParams(Object.entries(given).filter(([, value]) => value !== ''));
  if (page > 1) parameters.set('sida', String(page));
  return parameters.toString();
}
