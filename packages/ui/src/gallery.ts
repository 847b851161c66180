import type { Brand } from './brand.ts';
import { galleryControls } from './gallery/controls.ts';
import { galleryLetter } from './gallery/letter.ts';
import { galleryLists } from './gallery/lists.ts';
import { galleryMailbox } from './gallery/mailbox.ts';
import type { SafeHtml } from './html.ts';
import type { Language } from './language.ts';
import { page } from './page.ts';

export type GalleryPage = 'lists' | 'letter' | 'controls' | 'mailbox';

/** One page of the gallery: between them, every component in use. Only the tests show it. */
export function gallery(which: GalleryPage, lang: Language, nonce: string): string {
  const contents: Record<GalleryPage, (language: Language, nonce: string) => SafeHtml> = {
    lists: galleryLists,
    letter: galleryLetter,
    controls: galleryControls,
    mailbox: galleryMailbox,
  };
  const isMailbox = which === 'mailbox';
  return page({
    lang,
    nonce,
    title: TITLES[which][lang],
    brand: isMailbox ? OPERATOR : HUB,
    density: isMailbox ? 'roomy' : 'compact',
    languageHref: (language) => `?lang=${language}`,
    nav: isMailbox ? mailboxNavigation(lang) : hubNavigation(lang, which),
    user: {
      name: isMailbox ? 'Åsa Öberg' : 'Örjan Ålund',
      ...(isMailbox ? {} : { role: lang === 'sv' ? 'Handläggare' : 'Caseworker' }),
      logoutPath: '/logout',
      csrfToken: 'token',
    },
    content: contents[which](lang, nonce),
  });
}

const HUB: Brand = { name: 'Brevduva', home: '/', organization: 'Sampleköpings kommun' };
const OPERATOR: Brand = { name: 'Brevvalvet', home: '/', theme: 'pine', logo: 'mailbox', header: 'filled' };

const TITLES: Readonly<Record<GalleryPage, Readonly<Record<Language, string>>>> = {
  lists: { sv: 'Försändelser', en: 'Letters' },
  letter: { sv: 'Beslut om barnomsorgsavgift', en: 'Decision on the childcare fee' },
  controls: { sv: 'Nytt flöde', en: 'New flow' },
  mailbox: { sv: 'Inkorg', en: 'Inbox' },
};

function hubNavigation(lang: Language, current: GalleryPage) {
  const sv = lang === 'sv';
  return [
    { href: '/', text: sv ? 'Översikt' : 'Overview' },
    { href: '/lists', text: sv ? 'Försändelser' : 'Letters', current: current !== 'controls' },
    { href: '/cases', text: sv ? 'Ärenden' : 'Cases', count: 3 },
    { href: '/controls', text: sv ? 'Flöden' : 'Flows', current: current === 'controls' },
    { href: '/units', text: sv ? 'Enheter' : 'Units', count: 0 },
  ];
}

function mailboxNavigation(lang: Language) {
  const sv = lang === 'sv';
  return [
    { href: '/mailbox', text: sv ? 'Inkorg' : 'Inbox', current: true, count: 2 },
    { href: '/settings', text: sv ? 'Inställningar' : 'Settings' },
  ];
}
