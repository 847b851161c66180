import { assetHref } from './assets.ts';
import { type Brand, wordmark } from './brand.ts';
import { attributes, html, type SafeHtml } from './html.ts';
import { icon } from './icons.ts';
import { LANGUAGES, type Language } from './language.ts';
import { uiTexts } from './uiTexts.ts';

export interface NavigationItem {
  href: string;
  text: string;
  current?: boolean;
  /** Shown beside the text: cases that wait, letters unread. Nothing is shown for 0. */
  count?: number;
}

export interface PageUser {
  name: string;
  /** POST target that ends the session. */
  logoutPath: string;
  csrfToken: string;
  /** Role or organisation, below the name. */
  role?: string;
}

export interface PageOptions {
  lang: Language;
  /** First part of the window's title. The visible h1 belongs to the content: see `pageHeading`. */
  title: string;
  brand: Brand;
  nav?: readonly NavigationItem[];
  user?: PageUser | undefined;
  /** Alerts above the content. */
  notices?: readonly SafeHtml[];
  content: SafeHtml;
  /** `request.cspNonce` of @brevduva/base; stands on the style sheets and the script. */
  nonce: string;
  /** Set when a form came back with faults: the title then starts with "Fel:". */
  hasErrors?: boolean;
  /** Where each language is chosen, usually the same page with `?lang=`. */
  languageHref?: (language: Language) => string;
  /** `compact` for consoles (16 px), `roomy` for citizens (18 px). */
  density?: 'compact' | 'roomy';
  /** `narrow` for one column of reading or a form. */
  width?: 'wide' | 'narrow';
  footer?: SafeHtml;
}

/** A whole HTML document: skip link, header, main, footer. Works without script; needs no inline style. */
export function page(options: PageOptions): string {
  const { lang, brand, nonce } = options;
  const text = uiTexts(lang);
  const title = `${options.hasErrors ? `${text.errorPrefix}: ` : ''}${options.title} – ${brand.name}`;
  const root = attributes({ lang, 'data-brand': brand.theme ?? 'brevduva', 'data-color-scheme': 'light' });
  return html`<!doctype html>
<html${root}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="same-origin">
<title>${title}</title>
<link rel="icon" type="image/svg+xml" href="${assetHref('favicon.svg')}">
<link rel="stylesheet" href="${assetHref('designsystemet.css')}" nonce="${nonce}">
<link rel="stylesheet" href="${assetHref('brevduva.css')}" nonce="${nonce}">
<script src="${assetHref('brevduva.js')}" nonce="${nonce}" defer></script>
</head>
<body class="bd-page" data-size="${options.density === 'roomy' ? 'md' : 'sm'}">
<a class="bd-skip-link" href="#main">${text.skipToContent}</a>
${pageHeader(options)}
<main id="main" class="${options.width === 'narrow' ? 'bd-main bd-main--narrow' : 'bd-main'}" tabindex="-1">
${(options.notices?.length ?? 0) > 0 && html`<div class="bd-notices">${options.notices}</div>`}
${options.content}
</main>
${pageFooter(options)}
</body>
</html>
`.toString();
}

function pageHeader(options: PageOptions): SafeHtml {
  const { brand, user, lang } = options;
  return html`<header class="bd-header" data-header="${brand.header ?? 'light'}">
<div class="bd-header__inner">
${wordmark(brand)}
<div class="bd-header__tools">
${options.languageHref && languageLinks(lang, options.languageHref)}
${user && userBox(user, lang)}
</div>
${navigation(options.nav ?? [], lang)}
</div>
</header>`;
}

function navigation(items: readonly NavigationItem[], lang: Language): SafeHtml | '' {
  if (items.length === 0) return '';
  return html`<nav class="bd-nav" aria-label="${uiTexts(lang).mainMenu}"><ul>
${items.map(navigationItem)}
</ul></nav>`;
}

function navigationItem(item: NavigationItem): SafeHtml {
  const count = item.count !== undefined && item.count > 0 && html` <span class="bd-count">${item.count}</span>`;
  const current = attributes({ 'aria-current': item.current ? 'page' : undefined });
  return html`<li><a href="${item.href}"${current}>${item.text}${count}</a></li>
`;
}

function userBox(user: PageUser, lang: Language): SafeHtml {
  const text = uiTexts(lang);
  return html`<div class="bd-user">
<span class="bd-user__name">${icon('person')}<span><span class="ds-sr-only">${text.loggedInAs} </span>${user.name}${
    user.role !== undefined && html`<span class="bd-user__role">${user.role}</span>`
  }</span></span>
<form method="post" action="${user.logoutPath}"><input type="hidden" name="_csrf" value="${user.csrfToken}"><button
 class="bd-quiet-button" type="submit">${text.logout}</button></form>
</div>`;
}

function languageLinks(current: Language, target: (language: Language) => string): SafeHtml {
  const names: Readonly<Record<Language, string>> = { sv: 'Svenska', en: 'English' };
  const links = LANGUAGES.filter((language) => language !== current).map(
    (language) =>
      html`<a class="bd-quiet-button" href="${target(language)}" lang="${language}" hreflang="${language}">${names[language]}</a>`,
  );
  return html`<div class="bd-languages">${links}</div>`;
}

function pageFooter(options: PageOptions): SafeHtml {
  const owner = options.brand.organization;
  return html`<footer class="bd-footer"><div class="bd-footer__inner">
<p>${options.brand.name}${owner !== undefined && html` · ${owner}`}</p>
${options.footer}
</div></footer>`;
}
