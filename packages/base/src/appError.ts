/** One thing that is wrong in what was handed in; `path` is a JSON pointer, a setting's name or a field's name. */
export interface Fault {
  code: string;
  path: string;
  text: string;
}

/** What a package declares about one of its errors. `text` may hold `{placeholders}` filled from `values`. */
export interface ErrorSpec {
  /** HTTP status that tells a caller the same thing. */
  status: number;
  /** Swedish, for the person who meets the error; may end with what to do. Holds nothing private. */
  text: string;
}

export interface AppErrorOptions {
  /** For the log only: never shown to a caller. No personal number, content or key here either. */
  detail?: string;
  faults?: readonly Fault[];
  cause?: unknown;
  /** Fills the `{placeholders}` of the public text. */
  values?: Readonly<Record<string, string | number>>;
}

/** An error with a stable code and a text that may be shown; everything private is in `detail` and `cause`. */
export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  readonly publicText: string;
  readonly detail?: string;
  readonly faults: readonly Fault[];

  constructor(code: string, spec: ErrorSpec, options: AppErrorOptions = {}) {
    const publicText = fill(spec.text, options.values ?? {});
    const message = options.detail === undefined ? publicText : `${publicText} (${options.detail})`;
    super(`${code}: ${message}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.status = spec.status;
    this.publicText = publicText;
    if (options.detail !== undefined) this.detail = options.detail;
    this.faults = options.faults ?? [];
  }
}

/** Declares a package's errors, in its one `src/errors.ts`; a code is never reused. */
export function defineErrors<const T extends Record<string, ErrorSpec>>(specs: T): T {
  for (const [code, spec] of Object.entries(specs)) {
    if (!/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(code)) throw new TypeError(`Error code ${code} is not SCREAMING_SNAKE`);
    if (spec.status < 400 || spec.status > 599) throw new TypeError(`Error ${code} has status ${spec.status}`);
  }
  return specs;
}

/** Makes the error `code` of the table `specs`. */
export function appError<T extends Record<string, ErrorSpec>>(
  specs: T,
  code: keyof T & string,
  options: AppErrorOptions = {},
): AppError {
  const spec = specs[code];
  if (spec === undefined) throw new TypeError(`Error code ${code} is not declared`);
  return new AppError(code, spec, options);
}

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
