import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { ClientBase, Connection, Submittable } from 'pg';

/**
 * `copy … from stdin`, which pg's own queries cannot feed: it takes a third of the time of the same rows as array
 * parameters (docs/performance.md).
 *
 * Rejects with what PostgreSQL says (SQLSTATE in `code`), or with the lost connection. A failed copy leaves the
 * transaction failed, as any statement does.
 *
 * @param pieces rows in PostgreSQL's text form; a piece may end anywhere
 */
export function copyIn(client: ClientBase, statement: string, pieces: Iterable<Buffer>): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyIn(statement, pieces, (error) => (error === undefined ? resolve() : reject(error))));
  });
}

/** What pg calls on a query in turn; its types tell only of `submit`. */
class CopyIn implements Submittable {
  /** Looked for by pg, which would put one of its own here. */
  readonly callback: (error?: Error) => void;
  readonly #statement: string;
  readonly #pieces: Iterable<Buffer>;
  #error: Error | undefined;

  constructor(statement: string, pieces: Iterable<Buffer>, callback: (error?: Error) => void) {
    this.#statement = statement;
    this.#pieces = pieces;
    this.callback = callback;
  }

  submit(connection: Connection): void {
    (connection as CopyConnection).query(this.#statement);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    this.#send(connection).catch((error: Error) => connection.sendCopyFail(error.message));
  }

  /** Not `async` throughout: the next piece waits for the socket, so that no more than one lies in memory twice. */
  async #send(connection: CopyConnection): Promise<void> {
    for (const piece of this.#pieces) {
      if (this.#error !== undefined) return;
      connection.sendCopyFromChunk(piece);
      if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain');
    }
    connection.endCopyFrom();
  }

  handleError(error: Error): void {
    this.#error = error;
    this.callback(error);
  }

  handleReadyForQuery(): void {
    if (this.#error === undefined) this.callback();
  }

  handleCommandComplete(): void {
    // the number of rows is not asked for
  }
}

type CopyConnection = Connection & {
  readonly stream: Duplex;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
};
