import { AppError, appError } from '../appError.ts';
import { BASE_ERRORS } from '../errors.ts';

const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';
const DISK_FULL = new Set(['53100', 'ENOSPC', 'EDQUOT']);

/** The server, or the way to it, is away; also a password or database name that it does not accept. */
const UNREACHABLE = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['ENOENT', 'EACCES'], // a unix socket in the connection string
  ...['57P01', '57P02', '57P03', '53300'], // shutting down, crashed, starting up, too many connections
  ...['08000', '08001', '08003', '08004', '08006', '08P01'],
  ...['28000', '28P01', '3D000'],
]);
const WRONG_ADDRESS = new Set(['28000', '28P01', '3D000', 'ENOENT', 'EACCES']);

/** SQLSTATE classes that may go well next time: connection, rollback by deadlock or serialisation, resources, operator, I/O. */
const RETRYABLE_CLASSES = new Set(['08', '40', '53', '57', '58']);
const LOCK_NOT_AVAILABLE = '55P03';

/** The SQLSTATE or socket code of a foreign failure, looked up through `cause`. */
export function sqlErrorCode(err: unknown): string | undefined {
  for (let each: unknown = err; each instanceof Error; each = each.cause) {
    if ('code' in each && typeof each.code === 'string' && !(each instanceof AppError)) return each.code;
    // Node tries IPv6 and IPv4 and reports both failures in one AggregateError without a code of its own.
    if (each instanceof AggregateError && each.errors.length > 0) return sqlErrorCode(each.errors[0]);
  }
  return undefined;
}

/** True when `err` says that a row with the same key exists; with `constraint`, only for that constraint. */
export function isUniqueViolation(err: unknown, constraint?: string): boolean {
  if (sqlErrorCode(err) !== UNIQUE_VIOLATION) return false;
  return constraint === undefined || constraintOf(err) === constraint;
}

/** The constraint by which `err` says that the row which a row refers to does not exist, or is referred to still. */
export function brokenReference(err: unknown): string | undefined {
  const constraint = sqlErrorCode(err) === FOREIGN_KEY_VIOLATION ? constraintOf(err) : undefined;
  return typeof constraint === 'string' ? constraint : undefined;
}

/** Whether the same statement may succeed later. Decided by code; an error that is none of the database's is permanent. */
export function classifySqlError(err: unknown): 'retryable' | 'permanent' {
  const code = sqlErrorCode(err);
  if (code === undefined || WRONG_ADDRESS.has(code)) return 'permanent';
  if (UNREACHABLE.has(code) || DISK_FULL.has(code) || code === LOCK_NOT_AVAILABLE) return 'retryable';
  return code.length === 5 && RETRYABLE_CLASSES.has(code.slice(0, 2)) ? 'retryable' : 'permanent';
}

/**
 * Gives failures that a person can do something about a name: BASE_DATABASE_UNREACHABLE, BASE_DISK_FULL. Every other
 * error is returned as it is, so that the caller can ask for a constraint.
 */
export function translateSqlError(err: unknown): unknown {
  if (err instanceof AppError) return err;
  const code = sqlErrorCode(err);
  if (code === undefined) return err;
  if (DISK_FULL.has(code)) return appError(BASE_ERRORS, 'BASE_DISK_FULL', { cause: err, detail: code });
  if (UNREACHABLE.has(code)) return appError(BASE_ERRORS, 'BASE_DATABASE_UNREACHABLE', { cause: err, detail: code });
  return err;
}

function constraintOf(err: unknown): unknown {
  for (let each: unknown = err; each instanceof Error; each = each.cause) {
    if ('constraint' in each) return each.constraint;
  }
  return undefined;
}
