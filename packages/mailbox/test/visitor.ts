export interface Reply {
  status: number;
  url: string;
  location: string | undefined;
  headers: Headers;
  bytes: Buffer;
  text: string;
}

const HOPS_MAX = 12;

/** Somebody's browser without a screen: keeps cookies per host, follows redirects when asked to. */
export class Visitor {
  readonly #origin: string;
  readonly #headers: Record<string, string>;
  readonly #jar = new Map<string, Map<string, string>>();

  constructor(origin: string, headers: Record<string, string> = {}) {
    this.#origin = origin;
    this.#headers = headers;
  }

  /** One request. With `form` it is a POST. */
  async visit(address: string, options: { form?: string } = {}): Promise<Reply> {
    const url = new URL(address, this.#origin);
    const cookies = this.#cookiesOf(url.origin);
    const headers = {
      accept: 'text/html',
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...(options.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      ...this.#headers,
    };
    const method = options.form === undefined ? 'GET' : 'POST';
    const body = options.form === undefined ? {} : { body: options.form };
    const response = await fetch(url, { method, headers, redirect: 'manual', ...body });
    for (const cookie of response.headers.getSetCookie()) keep(cookies, cookie);
    const bytes = Buffer.from(await response.arrayBuffer());
    const location = response.headers.get('location') ?? undefined;
    return {
      status: response.status,
      url: url.href,
      location,
      headers: response.headers,
      bytes,
      text: bytes.toString('utf8'),
    };
  }

  /** Goes to an address and on until a page comes. */
  async open(address: string): Promise<Reply> {
    let at = address;
    for (let hops = 0; hops < HOPS_MAX; hops += 1) {
      const reply = await this.visit(at);
      if (reply.location === undefined) return reply;
      at = new URL(reply.location, reply.url).href;
    }
    throw new Error(`too many redirects, last ${at}`);
  }

  /** Names of the cookies kept for our own site. */
  cookieNames(): Iterable<string> {
    return this.#cookiesOf(this.#origin).keys();
  }

  #cookiesOf(origin: string): Map<string, string> {
    const known = this.#jar.get(origin) ?? new Map<string, string>();
    this.#jar.set(origin, known);
    return known;
  }
}

function keep(cookies: Map<string, string>, cookie: string): void {
  const [pair = ''] = cookie.split(';');
  const at = pair.indexOf('=');
  const isGone = /max-age=0|expires=thu, 01 jan 1970/i.test(cookie);
  if (isGone) cookies.delete(pair.slice(0, at));
  else cookies.set(pair.slice(0, at), pair.slice(at + 1));
}
