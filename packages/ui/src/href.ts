/** An address that would run script, leave the site unseen or fool the eye. A fault in our own code, never a user's. */
export class UnsafeHrefError extends Error {
  readonly code = 'UI_UNSAFE_HREF';

  constructor() {
    super('The address is not a path of this site, nor http, https, mailto or tel.');
  }
}

/**
 * A path of this site with its path segments and query written safely: `href('/letters', { q: 'å' })`.
 * Undefined and empty parameters are left out. Throws UnsafeHrefError for `javascript:` and its like.
 */
export function href(path: string, query: Record<string, string | number | boolean | undefined> = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return checkedHref(text === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${text}`);
}

/** The address itself when it is harmless; throws UnsafeHrefError otherwise. `html` calls it for every href, src and action. */
export function checkedHref(address: string): string {
  if (UNREADABLE.test(address) || LEAVES_SITE_UNSEEN.test(address)) throw new UnsafeHrefError();
  const scheme = SCHEME.exec(address)?.[1]?.toLowerCase();
  if (scheme !== undefined && !SCHEMES_ALLOWED.has(scheme)) throw new UnsafeHrefError();
  return address;
}

// Browsers drop tabs and line ends inside an address ("java\nscript:") and read a backslash as a slash.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what must be found
const UNREADABLE = /[\u0000-\u0020\u007f\\]/;
const LEAVES_SITE_UNSEEN = /^\/\//;
const SCHEME = /^([^/?#]*?):/;
const SCHEMES_ALLOWED = new Set(['http', 'https', 'mailto', 'tel']);
