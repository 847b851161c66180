import { type Language, page, type SafeHtml } from '@brevduva/ui';
import { consoleTexts } from './texts.ts';

/** What every console page needs of the request. */
export interface ConsoleRequest {
  readonly lang: Language;
  readonly nonce: string;
  readonly user: { readonly name: string; readonly role: string; readonly csrfToken: string };
  readonly organisationName: string;
  readonly openCases: number;
  /** Path with query, so that the language can be changed on the spot. */
  readonly url: string;
  readonly now: Date;
}

export type ConsoleArea = 'overview' | 'letters' | 'cases';

/** The console's frame around a page's content. */
export function consolePage(
  request: ConsoleRequest,
  options: { title: string; area: ConsoleArea; content: SafeHtml; notices?: readonly SafeHtml[]; hasErrors?: boolean },
): string {
  const texts = consoleTexts(request.lang);
  const item = (area: ConsoleArea, href: string) => ({ href, text: texts[area], current: options.area === area });
  return page({
    lang: request.lang,
    title: options.title,
    brand: { name: 'Brevduva', home: '/', organization: request.organisationName },
    nav: [item('overview', '/'), item('letters', '/brev'), { ...item('cases', '/arenden'), count: request.openCases }],
    user: { ...request.user, logoutPath: '/logout' },
    content: options.content,
    nonce: request.nonce,
    languageHref: (lang) => withLanguage(request.url, lang),
    ...(options.notices === undefined ? {} : { notices: options.notices }),
    ...(options.hasErrors === undefined ? {} : { hasErrors: options.hasErrors }),
  });
}

function withLanguage(url: string, lang: Language): string {
  const [path = '/', query = ''] = url.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('lang', lang);
  return `${path}?${parameters}`;
}
