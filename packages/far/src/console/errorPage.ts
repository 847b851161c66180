import { errorPage, type Language } from '@brevduva/ui';
import { errorText } from './errorTexts.ts';
import { LOGOUT_PATH } from './paths.ts';
import { consoleBrand, consoleNavigation } from './shell.ts';
import { consoleTexts } from './texts.ts';

export interface ConsoleError {
  readonly lang: Language;
  readonly nonce: string;
  readonly status: number;
  readonly code: string;
  /** The error's Swedish text. */
  readonly text: string;
  readonly faults: readonly { readonly code: string; readonly path: string; readonly text: string }[];
  readonly requestId: string;
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

export function errorTitle(status: number, lang: Language): string {
  const texts = consoleTexts(lang);
  if (status === 404) return texts.notFound;
  if (status === 401) return texts.loginNeeded;
  if (status === 403) return texts.forbidden;
  if (status === 503) return texts.unavailable;
  return status < 500 ? texts.refused : texts.error;
}
