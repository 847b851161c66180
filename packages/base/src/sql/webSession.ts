import { readFileSync } from 'node:fs';
import type { Principal } from '../principal.ts';
import type { Queryable } from './pool.ts';

/** The table of the sessions; each party includes this text in its migrations as a numbered file of its own. */
export const WEB_SESSION_MIGRATION_SQL = readFileSync(new URL('./web_session.sql', import.meta.url), 'utf8');

export interface NewSession {
  tokenHash: Buffer;
  principal: Principal;
  idToken: string | undefined;
  now: Date;
  expiresAt: Date;
}

/** Starts a session, and clears away those whose time is over. */
export async function insertSession(db: Queryable, session: NewSession): Promise<void> {
  const { tokenHash, principal, idToken, now, expiresAt } = session;
  await db.query(
    `with expired as (delete from web_session where expires_at <= $5)
     insert into web_session (token_hash, subject, principal, id_token, created_at, last_seen_at, expires_at)
     values ($1, $2, $3, $4, $5, $5, $6)`,
    [tokenHash, principal.subject, principal, idToken ?? null, now, expiresAt],
  );
}

/** Who holds the session; undefined when it is over, or was not seen since `idleSince`. */
export async function findSession(
  db: Queryable,
  tokenHash: Buffer,
  { now, idleSince }: { now: Date; idleSince: Date },
): Promise<{ principal: Principal; lastSeenAt: Date } | undefined> {
  const { rows } = await db.query<{ principal: Principal; last_seen_at: Date }>(
    `select principal, last_seen_at from web_session
     where token_hash = $1 and expires_at > $2 and last_seen_at > $3`,
    [tokenHash, now, idleSince],
  );
  return rows[0] && { principal: rows[0].principal, lastSeenAt: rows[0].last_seen_at };
}

export async function touchSession(db: Queryable, tokenHash: Buffer, now: Date): Promise<void> {
  await db.query('update web_session set last_seen_at = $2 where token_hash = $1 and last_seen_at < $2', [
    tokenHash,
    now,
  ]);
}

/** Ends a session; gives the token that the issuer wants to see at logout. */
export async function deleteSession(db: Queryable, tokenHash: Buffer): Promise<string | undefined> {
  const { rows } = await db.query<{ id_token: string | null }>(
    'delete from web_session where token_hash = $1 returning id_token',
    [tokenHash],
  );
  return rows[0]?.id_token ?? undefined;
}

/** Ends every session of a person, for example when her rights have changed; gives their number. */
export async function endSessionsOf(db: Queryable, subject: string): Promise<number> {
  const { rowCount } = await db.query('delete from web_session where subject = $1', [subject]);
  return rowCount ?? 0;
}
