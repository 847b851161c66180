import type { Queryable } from '@brevduva/base';
import { SERVICE_ACTOR } from '../events.ts';
import { groupBy } from '../stages/groupBy.ts';
import { FINAL_STATES } from '../states.ts';
import { deleteUnusedContents } from './content.ts';

/** Letters at a time: their sealed requests and contents go in one transaction, and a node that is killed has erased whole sets. */
const SET_LETTERS = 500;
/** Mailings, or notices, at a time: each has one text and a handful of files. */
const SET_SHARED = 100;

/** Exactly the predicate of the index `letter_erase`. */
const ENDED = `l.erased_at is null and l.state in (${FINAL_STATES.map((state) => `'${state}'`).join(', ')})`;

/** What something held: its proof, once it is erased. */
interface Held {
  readonly organisation_id: string;
  /** The letter's, mailing's or notice's. */
  readonly id: string;
  readonly what: 'body' | 'signedBySender' | 'print' | 'template' | 'invoiceXml' | 'attachment' | 'sealedRequest';
  readonly hash: Buffer;
  readonly bytes: number;
}

/** What is to be erased, and by which rule. */
interface Due {
  readonly organisation_id: string;
  readonly id: string;
  readonly flow: string;
  readonly retention_days: number;
  readonly ended_at: Date;
}

/**
 * Erases what letters hold that ended as long ago as their flow keeps letters: texts and files, unless another letter or a mailing has
 * the same, the exact requests to operators, subject, address, invoice facts and values. Letters that may still be sent, or lie with
 * a person, are not touched. Each letter gets the event `erased`, the proof. In a transaction.
 *
 * @returns how many.
 */
export async function eraseLetters(db: Queryable): Promise<number> {
  const due = await selectDueLetters(db);
  if (due.length === 0) return 0;
  const held = await selectHeldByLetters(db, due);
  await clearLetters(db, due);
  const gone = await eraseContents(db, held);
  await insertProofs(db, 'letter_event (organisation_id, letter_id, kind, actor, detail)', proofs(due, held, gone));
  return due.length;
}

/** Erases what all of a mailing's letters had, when the last of them is erased: text, files, subject and the list's hash. In a transaction. */
export async function eraseMailings(db: Queryable): Promise<number> {
  const due = await selectDueMailings(db);
  if (due.length === 0) return 0;
  const held = await selectHeldByMailings(db, due);
  await clearMailings(db, due);
  const gone = await eraseContents(db, held);
  await insertProofs(db, 'mailing_event (organisation_id, mailing_id, kind, actor, detail)', proofs(due, held, gone));
  return due.length;
}

/**
 * Erases the text of notices, when the letter to the last of their recipients is erased. The hash by which the same notice is known again
 * stays, and is the proof of what was erased. In a transaction.
 */
export async function eraseNotices(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ organisation_id: string; hash: Buffer }>(
    `with due as (
       select n.organisation_id, n.id from notice n
       where n.erased_at is null and n.created_at < now() - interval '1 day'
         and not exists (select from letter l
           where l.organisation_id = n.organisation_id and l.notice_id = n.id and l.erased_at is null)
       limit ${SET_SHARED} for update of n skip locked
     )
     update notice n set erased_at = now(), content_hash = null from due
     where n.organisation_id = due.organisation_id and n.id = due.id
     returning n.organisation_id, n.hash`,
  );
  await eraseContents(db, rows);
  return rows.length;
}

/** Flow by flow, since each keeps its letters for a time of its own; from the index alone, however many letters there are. */
async function selectDueLetters(db: Queryable): Promise<Due[]> {
  const { rows } = await db.query<Due>(
    `select l.organisation_id, l.id, f.code as flow, f.retention_days, l.updated_at as ended_at
     from flow f cross join lateral (
       select l.organisation_id, l.id, l.updated_at from letter l
       where l.organisation_id = f.organisation_id and l.flow_id = f.id and ${ENDED}
         and l.updated_at < now() - f.retention_days * interval '1 day' and l.stage is null
         and not exists (select from manual_case c
           where c.organisation_id = l.organisation_id and c.letter_id = l.id and c.closed_at is null)
       order by l.updated_at limit ${SET_LETTERS} for update of l skip locked
     ) l
     limit ${SET_LETTERS}`,
  );
  return rows;
}

async function selectHeldByLetters(db: Queryable, due: readonly Due[]): Promise<Held[]> {
  const { rows } = await db.query<Held>(
    `with due as (select * from unnest($1::uuid[], $2::uuid[]) as d (organisation_id, id))
     select r.organisation_id, r.id, r.what, r.hash, c.plain_bytes as bytes
     from (
       select due.*, h.what, h.hash from due join letter l using (organisation_id, id)
       cross join lateral (values ('body', l.body_hash), ('signedBySender', l.signed_hash), ('print', l.print_hash),
         ('template', l.document_hash), ('invoiceXml', l.invoice_xml_hash)) as h (what, hash)
       union
       select due.*, 'attachment', a.hash from due
       join attachment a on a.organisation_id = due.organisation_id and a.letter_id = due.id
       union
       -- A print that was made anew, with another address, is known by its event alone.
       select due.*, 'print', decode(e.detail ->> 'sha256', 'hex') from due
       join letter_event e on e.organisation_id = due.organisation_id and e.letter_id = due.id
       where e.kind = 'composedForPrint' and e.detail ? 'sha256'
     ) r join content c on c.organisation_id = r.organisation_id and c.hash = r.hash
     union all
     select due.*, 'sealedRequest', s.sha256, length(s.bytes) from due
     join sealed_delivery s on s.organisation_id = due.organisation_id and s.letter_id = due.id`,
    keysOf(due),
  );
  return rows;
}

async function clearLetters(db: Queryable, due: readonly Due[]): Promise<void> {
  const keys = keysOf(due);
  const ofDue = `using unnest($1::uuid[], $2::uuid[]) as d (organisation_id, id)
    where t.organisation_id = d.organisation_id and t.letter_id = d.id`;
  await db.query(`delete from attachment t ${ofDue}`, keys);
  await db.query(`delete from sealed_delivery t ${ofDue}`, keys);
  await db.query(
    `update letter l set erased_at = now(), subject = null, address = null, invoice = null, sealed_values = null, sealed_contact = null, body_hash = null,
       signed_hash = null, print_hash = null, invoice_xml_hash = null, e_invoice_address = null, document_hash = null, document_filename = null
     from unnest($1::uuid[], $2::uuid[]) as d (organisation_id, id)
     where l.organisation_id = d.organisation_id and l.id = d.id`,
    keys,
  );
}

async function selectDueMailings(db: Queryable): Promise<Due[]> {
  const { rows } = await db.query<Due>(
    `select m.organisation_id, m.id, f.code as flow, f.retention_days, m.committed_at as ended_at
     from mailing m join flow f on f.organisation_id = m.organisation_id and f.id = m.flow_id
     where m.state = 'committed' and m.erased_at is null and m.committed_at < now() - f.retention_days * interval '1 day'
       and not exists (select from letter l
         where l.organisation_id = m.organisation_id and l.mailing_id = m.id and l.erased_at is null)
     limit ${SET_SHARED} for update of m skip locked`,
  );
  return rows;
}

async function selectHeldByMailings(db: Queryable, due: readonly Due[]): Promise<Held[]> {
  const { rows } = await db.query<Held>(
    `with due as (select * from unnest($1::uuid[], $2::uuid[]) as d (organisation_id, id))
     select r.organisation_id, r.id, r.what, r.hash, c.plain_bytes as bytes
     from (
       select due.*, h.what, h.hash from due join mailing m using (organisation_id, id)
       cross join lateral (values ('body', m.body_hash), ('template', m.document_hash)) as h (what, hash)
       union all
       select due.*, 'attachment', a.hash from due
       join mailing_attachment a on a.organisation_id = due.organisation_id and a.mailing_id = due.id
     ) r join content c on c.organisation_id = r.organisation_id and c.hash = r.hash`,
    keysOf(due),
  );
  return rows;
}

async function clearMailings(db: Queryable, due: readonly Due[]): Promise<void> {
  const keys = keysOf(due);
  await db.query(
    `delete from mailing_attachment t using unnest($1::uuid[], $2::uuid[]) as d (organisation_id, id)
     where t.organisation_id = d.organisation_id and t.mailing_id = d.id`,
    keys,
  );
  await db.query(
    `update mailing m set erased_at = now(), subject = '', body_hash = null, document_hash = null, document_filename = null,
       placeholders = null, list_hash = null
     from unnest($1::uuid[], $2::uuid[]) as d (organisation_id, id)
     where m.organisation_id = d.organisation_id and m.id = d.id`,
    keys,
  );
}

/** @returns those that are gone, as organisation and hash; the others something still refers to. */
async function eraseContents(
  db: Queryable,
  held: readonly { organisation_id: string; hash: Buffer }[],
): Promise<Set<string>> {
  const gone = new Set<string>();
  for (const organisationId of [...new Set(held.map((row) => row.organisation_id))].sort()) {
    const own = held.filter((row) => row.organisation_id === organisationId);
    const erased = await deleteUnusedContents(
      db,
      organisationId,
      own.map(({ hash }) => hash),
    );
    for (const hash of erased) gone.add(contentKey(organisationId, hash));
  }
  return gone;
}

interface Proof {
  readonly organisation_id: string;
  readonly id: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** For each: by which rule, what it held, and what of that somebody else holds still. */
function proofs(due: readonly Due[], held: readonly Held[], gone: ReadonlySet<string>): Proof[] {
  const byOwner = groupBy(held, ({ organisation_id, id }) => `${organisation_id}/${id}`);
  return due.map(({ organisation_id, id, flow, retention_days, ended_at }) => {
    const contents = (byOwner.get(`${organisation_id}/${id}`) ?? []).map(({ what, hash, bytes }) => ({
      what,
      sha256: hash.toString('hex'),
      bytes,
      erased: what === 'sealedRequest' || gone.has(contentKey(organisation_id, hash)),
    }));
    const bytes = contents.reduce((sum, content) => sum + (content.erased ? content.bytes : 0), 0);
    const rule = { flow, retentionDays: retention_days, endedAt: ended_at.toISOString() };
    return { organisation_id, id, detail: { ...rule, bytes, contents } };
  });
}

async function insertProofs(db: Queryable, into: string, rows: readonly Proof[]): Promise<void> {
  await db.query(
    `insert into ${into} select organisation_id, id, 'erased', $2, detail
     from jsonb_to_recordset($1::jsonb) as p (organisation_id uuid, id uuid, detail jsonb)`,
    [JSON.stringify(rows), SERVICE_ACTOR],
  );
}

function contentKey(organisationId: string, hash: Buffer): string {
  return `${organisationId}/${hash.toString('hex')}`;
}

function keysOf(due: readonly Due[]): [string[], string[]] {
  return [due.map((row) => row.organisation_id), due.map(({ id }) => id)];
}
