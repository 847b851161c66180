/** The languages of every screen. */
export type Language = 'sv' | 'en';

export const LANGUAGES: readonly Language[] = ['sv', 'en'];

/** The language a person chose (cookie), else the one the browser likes best, else Swedish. */
export function pickLanguage(acceptLanguage: string | undefined, cookie?: string | undefined): Language {
  if (isLanguage(cookie)) return cookie;
  const wishes = (acceptLanguage ?? '').slice(0, ACCEPT_LANGUAGE_LENGTH_MAX).split(',').map(parseWish);
  const best = wishes.filter((wish) => wish.quality > 0).sort((a, b) => b.quality - a.quality);
  return best.map((wish) => wish.language).find(isLanguage) ?? 'sv';
}

/** Narrows any text to a language we speak. */
export function isLanguage(text: string | undefined): text is Language {
  return text === 'sv' || text === 'en';
}

const ACCEPT_LANGUAGE_LENGTH_MAX = 500;

function parseWish(part: string): { language: string; quality: number } {
  const [tag = '', ...parameters] = part.trim().split(';');
  const quality = parameters.map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1]).find((text) => text !== undefined);
  return { language: tag.split('-')[0]?.toLowerCase() ?? '', quality: quality === undefined ? 1 : Number(quality) };
}
