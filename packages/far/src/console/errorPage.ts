import type { ErrorView } from '@brevduva/base';
import { errorPage, errorTitle, type Language } from '@brevduva/ui';
import { errorText } from './errorTexts.ts';
import { LOGOUT_PATH } from './paths.ts';
import { consoleBrand, consoleNavigation } from './shell.ts';

export interface ConsoleError extends Omit<ErrorView, 'request'> {
  readonly lang: Language;
  /** Who is logged in: with the menu she gets on from here. */
  readonly user: { readonly name: string; readonly role: string; readonly csrfToken: string };
  readonly ownerName: string;
}

/** A whole page for an error that somebody meets in the console. */
export function consoleErrorPage(error: ConsoleError): string {
  const { lang, nonce, status, code, requestId, user } = error;
  return errorPage({
    ...{ lang, nonce, status, code, requestId },
    title: errorTitle(status, lang),
    text: errorText(code, error.text, lang),
    faults: error.faults.map((fault) => ({ path: fault.path, text: errorText(fault.code, fault.text, lang) })),
    brand: consoleBrand(lang, error.ownerName),
    nav: consoleNavigation(lang, undefined),
    user: { ...user, logoutPath: LOGOUT_PATH },
  });
}
