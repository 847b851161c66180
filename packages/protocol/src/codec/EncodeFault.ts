/** A value that cannot be written as its type. `path` names the elements from the outermost; no value is quoted. */
export class EncodeFault extends Error {
  readonly path: string;
  readonly reason: string;

  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`${path}: ${reason}`, options);
    this.name = 'EncodeFault';
    this.path = path;
    this.reason = reason;
  }

  /** The same fault, one element further out. */
  static at(element: string, error: unknown): EncodeFault {
    if (error instanceof EncodeFault)
      return new EncodeFault(`${element}/${error.path}`, error.reason, { cause: error.cause });
    return new EncodeFault(element, error instanceof Error ? error.message : 'unknown fault', { cause: error });
  }
}
