/** `50 % rabatt` searches for exactly that: the signs that mean something to `like` are taken literally. Empty for all. */
export function likePattern(search: string): string {
  return search === '' ? '' : `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
}
