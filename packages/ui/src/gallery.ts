import type { Brand } from './brand.ts';
import { errorPage } from './errorPage.ts';
import { galleryCharts } from './gallery/charts.ts';
import { galleryControls } from './gallery/controls.ts';
import { galleryLetter } from './gallery/letter.ts';
import { galleryLists } from './gallery/lists.ts';
import { galleryMailbox } from './gallery/mailbox.ts';
import type { SafeHtml } from './html.ts';
import type { Language } from './language.ts';
import { page } from './page.ts';

export type GalleryPage = 'lists' | 'letter' | 'controls' | 'charts' | 'mailbox' | 'error';

/** One page of the gallery: between them, every component in use. Only the tests show it. */
export function gallery(which: GalleryPage, lang: Language, nonce: string): string {
  if (which === 'error') return galleryError(lang, nonce);
  const contents: Record<Exclude<GalleryPage, 'error'>, (language: Language, nonce: string) => SafeHtml> = {
    lists: galleryLists,
    letter: galleryLetter,
    controls: galleryControls,
    charts: galleryCharts,
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

function galleryError(lang: Language, nonce: string): string {
  const sv = lang === 'sv';
  return errorPage({
    lang,
    nonce,
    brand: HUB,
    status: 422,
    code: 'HUB_ADDRESS_MISSING',
    title: sv ? 'Brevet kan inte skickas på papper' : 'The letter cannot be sent on paper',
    text: sv ? 'Adressen är inte fullständig.' : 'The address is not complete.',
    requestId: '019f3c1e-77aa-7c10-9d3e-5d1f7a00c0de',
    faults: [{ path: 'address.city', text: sv ? 'Postort saknas' : 'The city is missing' }],
  });
}

const HUB: Brand = { name: 'Brevduva', home: '/', organization: 'Sampleköpings kommun' };
const OPERATOR: Brand = { name: 'Brevvalvet', home: '/', theme: 'pine', logo: 'mailbox', header: 'filled' };

const TITLES: Readonly<Record<Exclude<GalleryPage, 'error'>, Readonly<Record<Language, string>>>> = {
  lists: { sv: 'Försändelser', en: 'Letters' },
  letter: { sv: 'Beslut om barnomsorgsavgift', en: 'Decision on the childcare fee' },
  controls: { sv: 'Nytt flöde', en: 'New flow' },
  charts: { sv: 'Statistik', en: 'Statistics' },
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
