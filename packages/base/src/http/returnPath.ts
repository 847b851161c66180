const ANY_ORIGIN = 'http://local.invalid';

/**
 * Where to go after login: only a path of our own. Anything that a browser could read as another site (`//evil`,
 * `/\evil`, a scheme) becomes `/`.
 */
export function localPath(wanted: string | undefined): string {
  if (wanted === undefined || !wanted.startsWith('/') || !URL.canParse(wanted, ANY_ORIGIN)) return '/';
  const url = new URL(wanted, ANY_ORIGIN);
  const path = `${url.pathname}${url.search}`;
  return url.origin === ANY_ORIGIN && !path.startsWith('//') ? path : '/';
}
