import {
  emptyState,
  filterForm,
  formatNumber,
  href,
  html,
  type Language,
  link,
  linkButton,
  pageHeading,
  pagination,
  type SafeHtml,
  select,
  table,
  time,
} from '@brevduva/ui';
import { cancelledByItselfAt, MAILING_STATES, type Mailing, type MailingState } from '../../mailing/mailing.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { mailingTexts } from './texts.ts';
import { mailingBadge } from './words.ts';

export interface MailingListData {
  readonly mailings: readonly Mailing[];
  readonly state: MailingState | undefined;
  readonly page: number;
  readonly pageCount: number;
  /** After so long a mailing that is not released is cancelled by itself. */
  readonly fillingDays: number;
}

/** The organisation's mailings, the newest first. */
export function mailingListPage(
  request: ConsoleRequest,
  { mailings, state, page, pageCount, fillingDays }: MailingListData,
): string {
  const { lang } = request;
  const texts = mailingTexts(lang);
  const create = linkButton({ text: texts.newMailing, href: '/utskick/nytt', icon: 'send' });
  const empty =
    state === undefined
      ? emptyState({ title: texts.none, text: texts.noneText, icon: 'send' })
      : emptyState({ title: texts.noHits, text: texts.noHitsText, icon: 'search' });
  return consolePage(request, {
    title: texts.mailings,
    area: 'mailings',
    content: html`${pageHeading({ lang, title: texts.mailings, lead: texts.lead, ...(request.mayAct ? { actions: [create] } : {}) })}
${filterForm({
  lang,
  action: '/utskick',
  label: texts.filter,
  fields: [
    select({
      name: 'state',
      label: texts.state,
      emptyText: texts.anyState,
      value: state,
      choices: MAILING_STATES.map((value) => ({ value, text: texts[`state_${value}`] })),
    }),
  ],
  ...(state === undefined ? {} : { resetHref: '/utskick' }),
})}
${table({
  caption: texts.mailings,
  captionHidden: true,
  rows: mailings,
  empty,
  emphasize: (mailing) => mailing.state === 'awaitingApproval',
  columns: [
    { header: texts.name, cell: ({ id, name }) => link(name, `/utskick/${id}`), rowHeader: true },
    { header: texts.state, cell: (mailing) => stateCell(mailing, fillingDays, lang), nowrap: true },
    { header: texts.recipients, cell: ({ recipients }) => formatNumber(recipients, lang), align: 'end', nowrap: true },
    { header: texts.flow, cell: ({ flowName }) => flowName },
    { header: texts.createdBy, cell: ({ createdBy }) => createdBy },
    { header: texts.created, cell: ({ createdAt }) => time(createdAt, lang), nowrap: true },
  ],
})}
${pagination({ lang, page, pageCount, href: (n) => href('/utskick', { state, sida: String(n) }) })}`,
  });
}

/** Its state, and while it is filled the day on which it is cancelled by itself. */
function stateCell(mailing: Mailing, fillingDays: number, lang: Language): SafeHtml {
  const texts = mailingTexts(lang);
  const at = cancelledByItselfAt(mailing, fillingDays);
  const badge = mailingBadge(mailing.state, texts);
  return at === undefined
    ? badge
    : html`${badge}<div class="bd-hint">${texts.cancelledAt} ${time(at, lang, { style: 'date' })}</div>`;
}
