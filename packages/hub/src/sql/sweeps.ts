import type { Queryable } from '@brevduva/base';
import { SERVICE_ACTOR } from '../events.ts';
import type { MailingKey } from '../mailing/mailing.ts';
import { deleteUnusedContents } from './content.ts';
import { cancelMailing } from './mailingEnd.ts';
import { insertMailingEvent, TOUCHED_AT } from './mailings.ts';

/** Rows at a time: each set is a transaction of its own, and nobody waits for it. */
const SET_ROWS = 500;

interface Erased {
  readonly organisation_id: string;
  readonly hash: Buffer;
}

/** Erases address files that became no mailing, with their content. @returns how many. */
export async function eraseUploads(db: Queryable, olderThanHours: number): Promise<number> {
  const { rows } = await db.query<Erased>(
    `with old as (
       select organisation_id, id from mailing_upload where created_at < now() - $1 * interval '1 hour'
       limit ${SET_ROWS} for update skip locked
     )
     delete from mailing_upload u using old where u.organisation_id = old.organisation_id and u.id = old.id
     returning u.organisation_id, u.hash`,
    [olderThanHours],
  );
  return eraseContents(db, rows);
}

/** Erases the whole documents of print jobs that ended long ago; what became of their pages has content of its own. */
export async function erasePrintDocuments(db: Queryable, endedBeforeDays: number): Promise<number> {
  const { rows } = await db.query<Erased>(
    `with old as (
       select d.organisation_id, d.job_id, d.position from print_document d
       join print_job j on j.organisation_id = d.organisation_id and j.id = d.job_id
       where j.ended_at < now() - $1 * interval '1 day' limit ${SET_ROWS} for update of d skip locked
     )
     delete from print_document d using old
     where d.organisation_id = old.organisation_id and d.job_id = old.job_id and d.position = old.position
     returning d.organisation_id, d.hash`,
    [endedBeforeDays],
  );
  return eraseContents(db, rows);
}

/** Erases hand-ins that a person ended as long ago as their flow keeps letters: number, address and pages stand in them. */
export async function eraseHandInCases(db: Queryable): Promise<number> {
  const { rows } = await db.query<Erased>(
    `with old as (
       select c.organisation_id, c.id from hand_in_case c
       join flow f on f.organisation_id = c.organisation_id and f.id = c.flow_id
       where c.closed_at < now() - f.retention_days * interval '1 day' limit ${SET_ROWS} for update of c skip locked
     )
     delete from hand_in_case c using old where c.organisation_id = old.organisation_id and c.id = old.id
     returning c.organisation_id, c.hash`,
  );
  return eraseContents(db, rows);
}

/** Forgets deliveries of files that were answered long ago, and which letters their rows became. The letters are left alone. */
export async function eraseFileDeliveries(db: Queryable, endedBeforeDays: number): Promise<number> {
  const { rows } = await db.query<{ organisation_id: string; id: string }>(
    `select organisation_id, id from file_delivery where ended_at < now() - $1 * interval '1 day'
     limit ${SET_ROWS} for update skip locked`,
    [endedBeforeDays],
  );
  const lists = [rows.map((row) => row.organisation_id), rows.map(({ id }) => id)];
  await db.query(
    `delete from file_letter f using unnest($1::uuid[], $2::uuid[]) as d (organisation_id, id)
     where f.organisation_id = d.organisation_id and f.delivery_id = d.id`,
    lists,
  );
  await db.query(
    `delete from file_delivery f using unnest($1::uuid[], $2::uuid[]) as d (organisation_id, id)
     where f.organisation_id = d.organisation_id and f.id = d.id`,
    lists,
  );
  return rows.length;
}

/** Each may hold files of 32 MB. */
const FORMS_AT_ONCE = 50;

/** Erases what forms held, when their time to be kept is over; that they were there stays. @returns how many. */
export async function eraseForms(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ organisation_id: string; hashes: Buffer[] }>(
    `with due as (
       select organisation_id, id from form_message
       where erased_at is null and erase_at <= now() and state not in ('received', 'failed')
       order by erase_at limit ${FORMS_AT_ONCE} for update skip locked
     ), erased as (
       update form_message m set erased_at = now(), subject = null, sender = null, note = null, fields = '[]' from due
       where m.organisation_id = due.organisation_id and m.id = due.id
       returning m.organisation_id, m.id
     ), parts as (
       delete from form_part p using erased where p.organisation_id = erased.organisation_id and p.message_id = erased.id
       returning p.organisation_id, p.message_id, p.hash
     ), noted as (
       insert into form_event (organisation_id, message_id, kind, actor) select organisation_id, id, 'erased', $1 from erased
     )
     select organisation_id, array(select distinct p.hash from parts p
       where p.organisation_id = erased.organisation_id and p.message_id = erased.id) as hashes from erased`,
    [SERVICE_ACTOR],
  );
  await eraseContents(
    db,
    rows.flatMap(({ organisation_id, hashes }) => hashes.map((hash) => ({ organisation_id, hash }))),
  );
  return rows.length;
}

/** Each may have a hundred thousand recipients. */
const MAILINGS_AT_ONCE = 5;

/** Cancels mailings that are not released and that nobody has touched for so long, as a person would; their story says why. @returns how many. */
export async function cancelUntouchedMailings(db: Queryable, untouchedDays: number): Promise<number> {
  const locked = await db.query<MailingKey>(
    `select m.organisation_id as "organisationId", m.id from mailing m
     where m.state = 'filling' and m.created_at < now() - $1 * interval '1 day' and ${TOUCHED_AT} < now() - $1 * interval '1 day'
     limit ${MAILINGS_AT_ONCE} for update of m skip locked`,
    [untouchedDays],
  );
  // Looked at once more, now that nobody can add to them: what was added just before the lock is seen by a new statement only.
  const { rows } = await db.query<MailingKey>(
    `select m.organisation_id as "organisationId", m.id from mailing m
     join unnest($2::uuid[], $3::uuid[]) as k (organisation_id, id) on k.organisation_id = m.organisation_id and k.id = m.id
     where ${TOUCHED_AT} < now() - $1 * interval '1 day'`,
    [untouchedDays, locked.rows.map((key) => key.organisationId), locked.rows.map(({ id }) => id)],
  );
  for (const key of rows) {
    await cancelMailing(db, key);
    await insertMailingEvent(db, key, { kind: 'cancelled', actor: SERVICE_ACTOR, detail: { untouchedDays } });
  }
  return rows.length;
}

async function eraseContents(db: Queryable, erased: readonly Erased[]): Promise<number> {
  const organisations = [...new Set(erased.map((row) => row.organisation_id))].sort();
  for (const organisationId of organisations) {
    const own = erased.filter((row) => row.organisation_id === organisationId);
    await deleteUnusedContents(
      db,
      organisationId,
      own.map(({ hash }) => hash),
    );
  }
  return erased.length;
}
