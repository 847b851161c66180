export interface Page {
  readonly status: number;
  /** Where the page is, or leads when it is a redirect. */
  readonly to: string;
  readonly text: string;
}

/**
 * A browser as far as a login needs one: cookies of one host for all its ports, redirects one at a time, forms.
 * Quick where a real one takes seconds.
 */
export function createBrowser() {
  const cookies = new Map<string, { value: string; path: string }>();

  async function go(url: string, form?: Record<string, string>): Promise<Page> {
    const { pathname } = new URL(url);
    const sent = [...cookies].filter(([, cookie]) => pathname.startsWith(cookie.path));
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'text/html', cookie: sent.map(([name, { value }]) => `${name}=${value}`).join('; ') },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    });
    for (const header of response.headers.getSetCookie()) keepCookie(header);
    const location = response.headers.get('location');
    const to = location === null ? '' : new URL(location, url).href;
    return { status: response.status, to, text: await response.text() };
  }

  function keepCookie(header: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
    const path = /path=([^;]+)/i.exec(header)?.[1] ?? '/';
    if (value === '') cookies.delete(name);
    else cookies.set(name, { value, path });
  }

  /** Follows redirects until a page, or until `isEnd` says so of where the next one leads. */
  async function follow(page: Page, isEnd: (to: string) => boolean = () => false): Promise<Page> {
    let step = page;
    while (step.to !== '' && !isEnd(step.to)) step = await go(step.to);
    return step;
  }

  /** From a party's login address through the development e-ID to the page that the party shows then. */
  async function logIn(url: string, choice: Record<string, string>): Promise<Page> {
    const choices = await follow(await go(url), (to) => to.includes('/interaction/'));
    return follow(await go(`${choices.to}/login`, choice));
  }

  return { go, follow, logIn };
}
