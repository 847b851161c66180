import { type ClientBase, Pool, type PoolClient, type PoolConfig, types } from 'pg';

/** What runs a query: a pool, or a client inside a transaction. */
export type Queryable = Pick<ClientBase, 'query'>;

export interface PoolOptions {
  connectionString: string;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  /** Most connections of this process. */
  max?: number;
  /** A statement that runs longer is ended by the server (57014). */
  statementTimeoutMs?: number;
  /** For tests and short commands: idle connections do not keep the process alive. */
  allowExitOnIdle?: boolean;
}

const CONNECTIONS_MAX = 10;
const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 60_000;
/** Longer than any honest pause between two statements: no network call is made inside a transaction. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;
const IDLE_TIMEOUT_MS = 30_000;

/**
 * A pool of connections. bigint comes as number where it is safe and as bigint beyond; timestamptz as Date; date as
 * text (`2026-01-31`, never moved by a time zone); numeric as text. It does not connect until it is asked.
 */
export function createPool(options: PoolOptions): Pool {
  const pool = new CodedPool({
    connectionString: options.connectionString,
    application_name: options.applicationName,
    max: options.max ?? CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    allowExitOnIdle: options.allowExitOnIdle ?? false,
    types: { getTypeParser },
  });
  // A lost idle connection is no error of anyone: the pool has dropped it, and the next query opens another.
  pool.on('error', () => undefined);
  // Without a listener, a connection lost while it is in use would end the process. The query that waits is told.
  pool.on('connect', (client) => client.on('error', (err: Error) => giveCode(err, 'ECONNRESET')));
  return pool;
}

/** pg reports time-outs and lost connections as errors without a code; here they get one, where their cause is known. */
class CodedPool extends Pool {
  override connect(): Promise<PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<PoolClient> | undefined {
    if (callback === undefined) {
      return super.connect().catch((err: unknown) => {
        throw giveCode(err, 'ETIMEDOUT');
      });
    }
    super.connect((err, client, done) => callback(err && giveCode(err, 'ETIMEDOUT'), client, done));
    return undefined;
  }
}

type ConnectCallback = Parameters<Pool['connect']>[0];

function giveCode<T>(err: T, code: string): T {
  if (err instanceof Error && !('code' in err) && !(err instanceof AggregateError)) Object.assign(err, { code });
  return err;
}

const asText = (text: string) => text;

function parseInt8(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

const getTypeParser: NonNullable<PoolConfig['types']>['getTypeParser'] = (oid: number, format?: 'text' | 'binary') => {
  if (oid === types.builtins.INT8) return parseInt8;
  if (oid === types.builtins.DATE) return asText;
  return types.getTypeParser(oid, format as 'text');
};
