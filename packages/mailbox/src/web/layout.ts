import { type Brand, type Language, page, type SafeHtml } from '@brevduva/ui';
import { mailboxTexts } from './texts.ts';

/** What every page of the web mailbox has around its content. */
export interface Shell {
  lang: Language;
  brand: Brand;
  nonce: string;
  /** Path and query of this page, where a change of language leads back to. */
  address: string;
  /** Absent before login. */
  user?: { name: string; csrfToken: string; unread: number } | undefined;
}

/** Where the form that ends the session posts to (@brevduva/base registerLogin). */
export const LOGOUT_PATH = '/logout';

/** A whole document in the operator's own colours. */
export function mailboxPage(
  shell: Shell,
  part: {
    title: string;
    content: SafeHtml;
    notices?: readonly SafeHtml[];
    inInbox?: boolean;
    width?: 'wide' | 'narrow';
  },
): string {
  const { lang, user } = shell;
  const text = mailboxTexts(lang);
  return page({
    lang,
    title: part.title,
    brand: { ...shell.brand, home: user === undefined ? '/' : '/inbox' },
    nonce: shell.nonce,
    density: 'roomy',
    width: part.width ?? 'wide',
    nav: user === undefined ? [] : [inboxItem(text.inbox, user.unread, part.inInbox === true)],
    user: user && { name: user.name, logoutPath: LOGOUT_PATH, csrfToken: user.csrfToken },
    notices: part.notices ?? [],
    languageHref: (language) => languageHref(shell.address, language),
    content: part.content,
  });
}

function inboxItem(text: string, unread: number, current: boolean) {
  return { href: '/inbox', text, current, count: unread };
}

/** The same page in another language. */
function languageHref(address: string, language: Language): string {
  return `/language?to=${language}&back=${encodeURIComponent(address)}`;
}
