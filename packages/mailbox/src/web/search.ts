export const SEARCH_CHARACTERS_MAX = 100;

/** A query field as one text: given twice it counts once. */
export function firstOf(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

/** What is searched for, without control characters: no letter has them, and the database takes no NUL. */
export function searchOf(value: string | string[] | undefined): string {
  return firstOf(value)
    .replace(/\p{Cc}/gu, '')
    .trim()
    .slice(0, SEARCH_CHARACTERS_MAX);
}
