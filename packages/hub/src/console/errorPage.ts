import type { ErrorView } from '@brevduva/base';
import { errorPage, errorTitle, type Language } from '@brevduva/ui';
import { errorText } from './errorTexts.ts';
import { consoleNavigation } from './shell.ts';
import { consoleTexts } from './texts.ts';
import { roleNames } from './words.ts';

export interface ConsoleError extends Omit<ErrorView, 'request'> {
  readonly lang: Language;
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
    title: errorTitle(error.status, lang),
    text: errorText(code, error.text, lang),
    faults: error.faults.map((fault) => ({ path: fault.path, text: errorText(fault.code, fault.text, lang) })),
    ...loggedIn,
  });
}
