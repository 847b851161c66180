import type { Queryable } from '@brevduva/base';
import { likePattern } from './likePattern.ts';

export interface ListedSender {
  id: string;
  name: string;
}

/** A page of the connected senders, by name. */
export async function listSenders(
  db: Queryable,
  { search, limit, offset }: { search: string; limit: number; offset: number },
): Promise<ListedSender[]> {
  const { rows } = await db.query<ListedSender>(
    `select organization_number as "id", name from sender
     where $1 = '' or name ilike $1
     order by lower(name), organization_number limit $2 offset $3`,
    [likePattern(search), limit, offset],
  );
  return rows;
}

/** How many match the search, and how many there are. */
export async function countSenders(db: Queryable, search: string): Promise<{ found: number; total: number }> {
  const { rows } = await db.query<{ found: number; total: number }>(
    `select count(*) filter (where $1 = '' or name ilike $1) as "found", count(*) as "total" from sender`,
    [likePattern(search)],
  );
  return rows[0] ?? { found: 0, total: 0 };
}

/** Of these numbers, the connected senders. */
export async function findSenders(db: Queryable, ids: readonly string[]): Promise<ListedSender[]> {
  const { rows } = await db.query<ListedSender>(
    `select organization_number as "id", name from sender
     where organization_number = any ($1::text[])
     order by lower(name), organization_number`,
    [ids],
  );
  return rows;
}

/** Connected senders that are not among these, by name: whom a mailbox's holder has turned away. */
export async function listSendersOutside(db: Queryable, ids: readonly string[]): Promise<ListedSender[]> {
  const { rows } = await db.query<ListedSender>(
    `select organization_number as "id", name from sender
     where organization_number <> all ($1::text[])
     order by lower(name), organization_number`,
    [ids],
  );
  return rows;
}
