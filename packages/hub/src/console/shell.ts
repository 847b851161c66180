import { type Language, type NavigationItem, page, type SafeHtml, withLanguage } from '@brevduva/ui';
import { consoleTexts } from './texts.ts';

/** What every console page needs of the request. */
export interface ConsoleRequest {
  readonly lang: Language;
  readonly nonce: string;
  readonly user: { readonly name: string; readonly role: string; readonly csrfToken: string };
  /** May handle cases; others see them. */
  readonly mayAct: boolean;
  /** May answer for mailings that others have made. */
  readonly mayApprove: boolean;
  /** Sees the settings. */
  readonly isAdministrator: boolean;
  readonly organisationName: string;
  readonly openCases: number;
  readonly openHandIns: number;
  /** Forms that did not reach their receiver. */
  readonly openForms: number;
  readonly awaitingMailings: number;
  /** Path with query, so that the language can be changed on the spot. */
  readonly url: string;
  readonly now: Date;
}

export type ConsoleArea = 'overview' | 'letters' | 'mailings' | 'cases' | 'handIns' | 'forms' | 'settings';

/** The console's frame around a page's content. */
export function consolePage(
  request: ConsoleRequest,
  options: {
    title: string;
    area: ConsoleArea;
    content: SafeHtml;
    notices?: readonly SafeHtml[];
    hasErrors?: boolean;
    width?: 'wide' | 'narrow';
  },
): string {
  const { area, ...rest } = options;
  return page({
    ...rest,
    lang: request.lang,
    brand: { name: 'Brevduva', home: '/', organization: request.organisationName },
    nav: consoleNavigation(request.lang, area, request),
    user: { ...request.user, logoutPath: '/logout' },
    nonce: request.nonce,
    languageHref: (lang) => withLanguage(request.url, lang),
  });
}

export function consoleNavigation(
  lang: Language,
  area: ConsoleArea | undefined,
  counts: {
    openCases?: number;
    openHandIns?: number;
    openForms?: number;
    awaitingMailings?: number;
    isAdministrator: boolean;
  },
): NavigationItem[] {
  const texts = consoleTexts(lang);
  const item = (name: ConsoleArea, href: string, count?: number) => ({
    href,
    text: texts[name],
    current: area === name,
    ...(count === undefined ? {} : { count }),
  });
  return [
    item('overview', '/'),
    item('letters', '/brev'),
    item('mailings', '/utskick', counts.awaitingMailings),
    item('cases', '/arenden', counts.openCases),
    item('handIns', '/att-reda-ut', counts.openHandIns),
    item('forms', '/formular', counts.openForms),
    ...(counts.isAdministrator ? [item('settings', '/installningar')] : []),
  ];
}
