import { alert, type Language, type NavigationItem, page, type SafeHtml, withLanguage } from '@brevduva/ui';
import { texts as publicTexts } from '../pages/texts.ts';
import { CONSOLE_AREAS, CONSOLE_PATH, type ConsoleArea, LOGOUT_PATH } from './paths.ts';
import { consoleTexts } from './texts.ts';

/** What every page of the console needs of the request. */
export interface ConsoleRequest {
  readonly lang: Language;
  readonly nonce: string;
  readonly user: { readonly name: string; readonly role: string; readonly csrfToken: string };
  /** May change what the register holds; others see it. */
  readonly mayChange: boolean;
  readonly ownerName: string;
  readonly isDevelopmentRegister: boolean;
  /** Path with query, so that the language can be changed on the spot. */
  readonly url: string;
  readonly now: Date;
}

export interface ConsolePageOptions {
  title: string;
  area: ConsoleArea;
  content: SafeHtml;
  notices?: readonly SafeHtml[];
  /** A form came back with faults. */
  hasErrors?: boolean;
  width?: 'wide' | 'narrow';
}

/** The console's frame around a page's content; the content brings its own heading. */
export function consolePage(request: ConsoleRequest, options: ConsolePageOptions): string {
  const { area, notices = [], ...rest } = options;
  const { lang, nonce, user, ownerName, url } = request;
  return page({
    ...rest,
    ...{ lang, nonce },
    brand: consoleBrand(lang, ownerName),
    nav: consoleNavigation(lang, area),
    user: { ...user, logoutPath: LOGOUT_PATH },
    notices: request.isDevelopmentRegister && area === 'overview' ? [developmentNotice(lang), ...notices] : notices,
    languageHref: (language) => withLanguage(url, language),
  });
}

export function consoleBrand(lang: Language, ownerName: string) {
  return { name: publicTexts(lang).brandName, organization: ownerName, home: CONSOLE_PATH, theme: 'slate' } as const;
}

export function consoleNavigation(lang: Language, area: ConsoleArea | undefined): NavigationItem[] {
  const texts = consoleTexts(lang);
  return Object.entries(CONSOLE_AREAS).map(([name, href]) => ({
    href,
    text: texts[name as ConsoleArea],
    current: name === area,
  }));
}

/** On the first page: whoever works here all day has read it once. */
function developmentNotice(lang: Language): SafeHtml {
  return alert({ tone: 'warning', content: consoleTexts(lang).developmentRegister });
}
