import type { Queryable } from '@brevduva/base';
import type { SystemIdentity } from '../organisation/businessSystem.ts';

export interface HandedInFile {
  readonly key: string;
  readonly letterId: string;
  /** The letter came of this delivery, and not of an earlier one. */
  readonly isOwn: boolean;
}

/**
 * What letters the keys have become: single ones, or those of a mailing that has not been cancelled. `delivery` tells own from earlier:
 * a node that was killed left letters behind, and they are no duplicates.
 */
export async function selectHandedInFiles(
  db: Queryable,
  system: SystemIdentity,
  keys: readonly string[],
  delivery: { readonly id: string; readonly claimedAt: Date },
): Promise<Map<string, HandedInFile>> {
  const { rows } = await db.query<HandedInFile>(
    `select i.key, i.letter_id as "letterId", i.created_at >= $5 as "isOwn"
     from idempotency i where i.organisation_id = $1 and i.business_system_id = $2 and i.key = any($3)
     union all
     select f.key, f.letter_id, f.delivery_id = $4 from file_letter f
     where f.organisation_id = $1 and f.business_system_id = $2 and f.key = any($3)
       and (exists (select from letter l where l.organisation_id = $1 and l.id = f.letter_id)
         or exists (select from mailing_recipient r where r.organisation_id = $1 and r.id = f.letter_id))`,
    [system.organisationId, system.id, keys, delivery.id, delivery.claimedAt],
  );
  return new Map(rows.map((row) => [row.key, row]));
}

/**
 * Notes which letters keys become. A key that another transaction is taking is waited for; one whose letter is gone (a cancelled mailing)
 * is given to the new one.
 *
 * @returns the letters of the keys that are taken by others.
 */
export async function reserveFileLetters(
  db: Queryable,
  system: SystemIdentity,
  deliveryId: string,
  letters: readonly { readonly key: string; readonly letterId: string }[],
): Promise<Map<string, string>> {
  const own = [system.organisationId, system.id];
  const lists = [letters.map(({ key }) => key), letters.map(({ letterId }) => letterId)];
  await db.query(
    `insert into file_letter (organisation_id, business_system_id, key, delivery_id, letter_id)
     select $1, $2, l.key, $3, l.letter_id from unnest($4::text[], $5::uuid[]) as l (key, letter_id) order by l.key
     on conflict do nothing`,
    [...own, deliveryId, ...lists],
  );
  // A statement of its own, which sees what those that we waited for have committed.
  const { rows } = await db.query<{ key: string; letterId: string }>(
    `with taken as (
       select f.key, f.letter_id from file_letter f join unnest($3::text[], $4::uuid[]) as l (key, letter_id) on l.key = f.key
       where f.organisation_id = $1 and f.business_system_id = $2 and f.letter_id <> l.letter_id
         and (exists (select from letter where organisation_id = $1 and id = f.letter_id)
           or exists (select from mailing_recipient where organisation_id = $1 and id = f.letter_id))
       union all
       select i.key, i.letter_id from idempotency i
       where i.organisation_id = $1 and i.business_system_id = $2 and i.key = any($3)
     ), freed as (
       update file_letter f set delivery_id = $5, letter_id = l.letter_id
       from unnest($3::text[], $4::uuid[]) as l (key, letter_id)
       where f.organisation_id = $1 and f.business_system_id = $2 and f.key = l.key and f.letter_id <> l.letter_id
         and not exists (select from taken where taken.key = f.key)
     )
     select key, letter_id as "letterId" from taken`,
    [...own, ...lists, deliveryId],
  );
  return new Map(rows.map(({ key, letterId }) => [key, letterId]));
}

/** Forgets the letters of a delivery that was refused as a whole. */
export async function deleteFileLetters(db: Queryable, organisationId: string, deliveryId: string): Promise<void> {
  await db.query('delete from file_letter where organisation_id = $1 and delivery_id = $2', [
    organisationId,
    deliveryId,
  ]);
}
