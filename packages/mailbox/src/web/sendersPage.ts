import {
  actionForm,
  button,
  card,
  choiceList,
  emptyState,
  filterForm,
  href,
  html,
  linkButton,
  pageHeading,
  pagination,
  type SafeHtml,
  stack,
  textField,
} from '@brevduva/ui';
import type { ListedSender } from '../sql/senderList.ts';
import { mailboxPage, type Shell } from './layout.ts';
import { type MembershipTexts, membershipTexts } from './membershipTexts.ts';
import { SENDERS_PATH, SENDERS_REVIEW_PATH, SETTINGS_PATH } from './paths.ts';
import { SEARCH_CHARACTERS_MAX } from './search.ts';
import { signedTextCard } from './signedText.ts';

export interface SendersView {
  senders: readonly ListedSender[];
  /** Organisation numbers of those whose mail is taken now. */
  accepted: ReadonlySet<string>;
  found: number;
  total: number;
  search: string;
  page: number;
  pageCount: number;
  notices: readonly SafeHtml[];
}

export interface ReviewView {
  declined: readonly ListedSender[];
  regained: readonly ListedSender[];
  /** The text that would be signed. */
  text: string;
}

/** All connected senders with a tick for those whose digital mail is taken. Only what is shown is sent on. */
export function sendersPage(shell: Shell, view: SendersView): string {
  const { lang } = shell;
  const text = membershipTexts(lang);
  const content = html`${pageHeading({
    lang,
    title: text.sendersTitle,
    lead: text.sendersLead,
    breadcrumbs: [{ text: text.settings, href: SETTINGS_PATH }],
  })}
${view.total > 0 && searchForm(shell, view)}
${view.senders.length === 0 ? nobody(view, text) : choiceForm(shell, view)}`;
  return mailboxPage(shell, {
    title: text.sendersTitle,
    content,
    notices: view.notices,
    place: 'settings',
    width: 'narrow',
  });
}

/** What the ticks come to, in words, before it is signed. */
export function reviewPage(shell: Shell, view: ReviewView): string {
  const { lang } = shell;
  const text = membershipTexts(lang);
  const breadcrumbs = [
    { text: text.settings, href: SETTINGS_PATH },
    { text: text.senders, href: SENDERS_PATH },
  ];
  const isSame = view.declined.length === 0 && view.regained.length === 0;
  const title = isSame ? text.reviewUnchangedTitle : text.reviewTitle;
  const lead = isSame ? text.reviewUnchangedText : text.reviewLead;
  const content = html`${pageHeading({ lang, title, lead, breadcrumbs })}
${isSame ? backButton(text) : changes(shell, view)}`;
  return mailboxPage(shell, { title, content, place: 'settings', width: 'narrow' });
}

function searchForm({ lang }: Shell, { search }: SendersView): SafeHtml {
  const text = membershipTexts(lang);
  const maxLength = SEARCH_CHARACTERS_MAX;
  return filterForm({
    lang,
    action: SENDERS_PATH,
    label: text.sendersSearch,
    fields: [textField({ name: 'q', label: text.sendersSearch, type: 'search', value: search, maxLength })],
    submitText: text.sendersSearchButton,
    resetHref: search === '' ? undefined : SENDERS_PATH,
    autoSubmit: false,
  });
}

function choiceForm({ lang }: Shell, view: SendersView): SafeHtml {
  const text = membershipTexts(lang);
  const shown = view.senders.map((sender) => sender.id).join(',');
  const choices = view.senders.map(({ id, name }) => {
    const checked = view.accepted.has(id);
    return { value: id, text: name, checked, note: checked ? undefined : text.sendersDeclined };
  });
  const count = view.search === '' ? text.sendersCount(view.total) : text.sendersFound(view.found, view.total);
  const pages = pagination({
    lang,
    page: view.page,
    pageCount: view.pageCount,
    href: (page) => href(SENDERS_PATH, { q: view.search, page: page === 1 ? undefined : page }),
  });
  return html`<form class="bd-form" method="get" action="${SENDERS_REVIEW_PATH}">
<input type="hidden" name="shown" value="${shown}">
${choiceList({ name: 'accept', legend: text.sendersLegend, hint: count, choices })}
${button({ text: text.sendersContinue })}
</form>
${pages}`;
}

function nobody({ search }: SendersView, text: MembershipTexts): SafeHtml {
  if (search === '') return emptyState({ title: text.sendersEmpty, text: text.sendersEmptyText, icon: 'building' });
  const action = linkButton({ text: text.showAll, href: SENDERS_PATH, variant: 'secondary' });
  return emptyState({ title: text.sendersNone, text: text.sendersNoneText, icon: 'search', action });
}

function changes({ lang, user }: Shell, { declined, regained, text: agreement }: ReviewView): SafeHtml {
  const text = membershipTexts(lang);
  const numbers = (senders: readonly ListedSender[]) => senders.map((sender) => sender.id).join(',');
  const form = actionForm({
    action: SENDERS_PATH,
    csrfToken: user?.csrfToken ?? '',
    hidden: { decline: numbers(declined), regain: numbers(regained) },
    submit: { text: text.reviewButton, icon: 'seal' },
  });
  return stack(
    declined.length > 0 && declinedSection(declined, text),
    regained.length > 0 && card({ title: text.reviewRegained, content: names(regained.map(({ name }) => name)) }),
    signedTextCard({ lang, title: text.whatYouSign, text: agreement }),
    html`<div class="bd-button-row">${form}${backButton(text)}</div>`,
  );
}

function declinedSection(declined: readonly ListedSender[], text: MembershipTexts): SafeHtml {
  return card({
    title: text.reviewDeclined,
    content: names(declined.map(({ name }) => text.reviewDeclinedText(name))),
  });
}

function names(items: readonly (SafeHtml | string)[]): SafeHtml {
  return html`<ul class="bd-list">${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

function backButton(text: MembershipTexts): SafeHtml {
  return linkButton({ text: text.reviewBack, href: SENDERS_PATH, variant: 'tertiary' });
}
