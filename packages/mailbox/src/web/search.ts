export const SEARCH_CHARACTERS_MAX = 100;
const PAGES_MAX = 100_000;

/** A query field as one text: given twice it counts once. */
export function firstOf(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

/** What is searched for. */
export function searchOf(value: string | string[] | undefined): string {
  return firstOf(value).trim().slice(0, SEARCH_CHARACTERS_MAX);
}

/** Which page is shown of so many things; the last one for whoever asks beyond it. */
export function pageOf(
  value: string | string[] | undefined,
  { found, perPage }: { found: number; perPage: number },
): { page: number; pageCount: number; offset: number } {
  const text = firstOf(value);
  const wanted = /^[1-9]\d{0,5}$/.test(text) ? Math.min(Number(text), PAGES_MAX) : 1;
  const pageCount = Math.max(1, Math.ceil(found / perPage));
  const page = Math.min(wanted, pageCount);
  return { page, pageCount, offset: (page - 1) * perPage };
}
