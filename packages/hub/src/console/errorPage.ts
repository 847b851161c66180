import { errorPage, type Language } from '@brevduva/ui';
import { errorText } from './errorTexts.ts';
import { consoleNavigation } from './shell.ts';
import { consoleTexts } from './texts.ts';
import { roleNames } from './words.ts';

export interface ConsoleError {
  readonly lang: Language;
  readonly nonce: string;
  readonly status: number;
  readonly code: string;
  /** The error's Swedish text. */
  readonly text: string;
  readonly faults: readonly { readonly code: string; readonly path: string; readonly text: string }[];
  readonly requestId: string;
  /** Who is logged in, if anyone: with the menu she gets on from here. */
  readonly user: { name: string; roles: readonly string[]; csrfToken: string; organisationName: string } | undefined;
}

/** A whole page for an error that somebody meets in the console. */
export function consoleErrorPage(error: ConsoleError): string {
  const { lang, user, code } = error;
  const texts = consoleTexts(lang);
  const brand = { name: 'Brevduva', home: '/' };
  const loggedIn = user && {
    brand: { ...brand, organization: user.organisationName },
    nav: consoleNavigation(lang, undefined, { isAdministrator: user.roles.includes('administrator') }),
    user: { name: user.name, role: roleNames(user.roles, texts), csrfToken: user.csrfToken, logoutPath: '/logout' },
  };
  return errorPage({
    lang,
    brand,
    nonce: error.nonce,
    status: error.status,
    code,
    requestId: error.requestId,
    title: titleOf(error.status, lang),
    text: errorText(code, error.text, lang),
    faults: error.faults.map((fault) => ({ path: fault.path, text: errorText(fault.code, fault.text, lang) })),
    ...loggedIn,
  });
}

function titleOf(status: number, lang: Language): string {
  const texts = consoleTexts(lang);
  if (status === 404) return texts.notFound;
  if (status === 401) return texts.loginNeeded;
  if (status === 403) return texts.forbidden;
  if (status === 503) return texts.unavailable;
  return status < 500 ? texts.refused : texts.error;
}
