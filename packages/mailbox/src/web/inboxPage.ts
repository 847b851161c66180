import {
  emptyState,
  filterForm,
  href,
  html,
  inbox,
  linkButton,
  pageHeading,
  pagination,
  type SafeHtml,
  textField,
} from '@brevduva/ui';
import type { InboxCounts, InboxRow } from '../sql/inbox.ts';
import { mailboxPage, type Shell } from './layout.ts';
import { kindBadge } from './letterKind.ts';
import { SEARCH_CHARACTERS_MAX } from './search.ts';
import { mailboxTexts } from './texts.ts';

export interface InboxView {
  letters: readonly InboxRow[];
  counts: InboxCounts;
  /** What was searched for; empty = everything. */
  search: string;
  page: number;
  pageCount: number;
  /** What the reader should know about the mailbox itself: closed, not open yet. */
  notices: readonly SafeHtml[];
}

/** The letters of one mailbox, newest first, a page at a time. */
export function inboxPage(shell: Shell, view: InboxView): string {
  const text = mailboxTexts(shell.lang);
  const { lang } = shell;
  const content = html`${pageHeading({ lang, title: text.inbox, lead: summary(shell, view) })}
${view.counts.total > 0 && searchForm(shell, view.search)}
${view.letters.length === 0 ? nothingHere(shell, view) : letterList(shell, view)}`;
  return mailboxPage(shell, { title: text.inbox, content, notices: view.notices, place: 'inbox' });
}

function summary(shell: Shell, { counts, search }: InboxView): string {
  const text = mailboxTexts(shell.lang);
  if (search !== '') return text.searchFound(counts.found, search);
  if (counts.total === 0) return text.noneUnread;
  const unread = counts.unread === 0 ? text.noneUnread : text.unreadCount(counts.unread);
  return `${unread} · ${text.letterCount(counts.total)}`;
}

function searchForm({ lang }: Shell, search: string): SafeHtml {
  const text = mailboxTexts(lang);
  return filterForm({
    lang,
    action: '/inbox',
    label: text.searchLabel,
    fields: [
      textField({
        name: 'q',
        label: text.searchLabel,
        type: 'search',
        value: search,
        maxLength: SEARCH_CHARACTERS_MAX,
      }),
    ],
    submitText: text.search,
    resetHref: search === '' ? undefined : '/inbox',
    autoSubmit: false,
  });
}

function letterList(shell: Shell, view: InboxView): SafeHtml {
  const { lang } = shell;
  const text = mailboxTexts(lang);
  const items = view.letters.map((letter) => ({
    href: letterHref(letter.webId),
    sender: letter.senderName,
    subject: letter.subject === '' ? text.noSubject : letter.subject,
    receivedAt: letter.receivedAt,
    unread: letter.readAt === null,
    attachmentCount: letter.attachmentCount,
    ...badgeOf(lang, letter),
  }));
  const pages = pagination({
    lang,
    page: view.page,
    pageCount: view.pageCount,
    href: (page) => href('/inbox', { q: view.search, page: page === 1 ? undefined : page }),
  });
  return html`${inbox({ lang, label: text.letterList, items })}${pages}`;
}

function badgeOf(lang: Shell['lang'], letter: InboxRow): { badge?: SafeHtml } {
  const badge = kindBadge(lang, letter);
  return badge === undefined ? {} : { badge };
}

function nothingHere({ lang }: Shell, { search }: InboxView): SafeHtml {
  const text = mailboxTexts(lang);
  if (search === '') return emptyState({ title: text.emptyTitle, text: text.emptyText });
  const action = linkButton({ text: text.searchReset, href: '/inbox', variant: 'secondary' });
  return emptyState({ title: text.nothingFoundTitle, text: text.nothingFoundText, icon: 'search', action });
}

/** Where a letter is read. */
export function letterHref(webId: string): string {
  return `/letter/${webId}`;
}
