import { type Brand, type Language, type NavigationItem, page, type SafeHtml } from '@brevduva/ui';
import { alertPageTexts } from './alertTexts.ts';
import { ALERTS_PATH } from './paths.ts';
import { mailboxTexts } from './texts.ts';

/** What every page of the web mailbox has around its content. */
export interface Shell {
  lang: Language;
  brand: Brand;
  nonce: string;
  /** Path and query of this page, where a change of language leads back to. */
  address: string;
  /** Absent before login. */
  user?: { name: string; csrfToken: string } | undefined;
  /** Absent for whoever has no mailbox here. */
  mailbox?: { unread: number; hasSettings: boolean; hasAlerts: boolean } | undefined;
}

export type Place = 'inbox' | 'settings';

/** Where the form that ends the session posts to (@brevduva/base registerLogin). */
export const LOGOUT_PATH = '/logout';

/** A whole document in the operator's own colours. */
export function mailboxPage(
  shell: Shell,
  part: {
    title: string;
    content: SafeHtml;
    notices?: readonly SafeHtml[];
    /** Which part of the main menu the page belongs to. */
    place?: Place;
    width?: 'wide' | 'narrow';
  },
): string {
  const { lang, user } = shell;
  return page({
    lang,
    title: part.title,
    brand: { ...shell.brand, home: user === undefined ? '/' : '/inbox' },
    nonce: shell.nonce,
    density: 'roomy',
    width: part.width ?? 'wide',
    nav: navigation(shell, part.place),
    user: user && { name: user.name, logoutPath: LOGOUT_PATH, csrfToken: user.csrfToken },
    notices: part.notices ?? [],
    languageHref: (language) => languageHref(shell.address, language),
    content: part.content,
  });
}

function navigation({ lang, mailbox }: Shell, place: Place | undefined): NavigationItem[] {
  if (mailbox === undefined) return [];
  const text = mailboxTexts(lang);
  const inbox = { href: '/inbox', text: text.inbox, current: place === 'inbox', count: mailbox.unread };
  const settings = { href: '/settings', text: text.settings, current: place === 'settings' };
  if (mailbox.hasSettings) return [inbox, settings];
  // Where nothing else can be set, the one page that can stands in the menu itself.
  const alerts = { href: ALERTS_PATH, text: alertPageTexts(lang).title, current: place === 'settings' };
  return mailbox.hasAlerts ? [inbox, alerts] : [inbox];
}

/** The same page in another language. */
function languageHref(address: string, language: Language): string {
  return `/language?to=${language}&back=${encodeURIComponent(address)}`;
}
