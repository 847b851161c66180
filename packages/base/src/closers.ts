/** What has been started and must be stopped again. */
export interface Closers {
  add(close: () => PromiseLike<unknown>): void;
  /**
   * Closes everything, the last started first; what cannot close does not keep the others from it.
   * @throws the first failure, when all have been tried
   */
  closeAll(): Promise<void>;
}

/** For a start in several steps: a failure half-way, and the orderly end, close the same things in the same order. */
export function createClosers(): Closers {
  const open: (() => PromiseLike<unknown>)[] = [];
  return {
    add(close) {
      open.push(close);
    },
    async closeAll() {
      const failures: unknown[] = [];
      for (const close of open.splice(0).reverse()) {
        try {
          await close();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
