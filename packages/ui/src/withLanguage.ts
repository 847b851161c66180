import type { Language } from './language.ts';

/** The same page in another language: an address of our own (path with query) with `lang` set. */
export function withLanguage(address: string, lang: Language): string {
  const [path = '/', query = ''] = address.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('lang', lang);
  return `${path}?${parameters}`;
}
