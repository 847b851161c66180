import type { Queryable } from '@brevduva/base';
import type { PreparedContent } from '../content.ts';
import type { PrintJob, PrintJobState } from '../waysIn/printer/printJob.ts';
import { insertContents } from './content.ts';

const COLUMNS = `j.organisation_id, j.business_system_id, j.id, j.number, j.name, j.user_name, j.state, j.created_at, j.started_at,
  j.ended_at, j.letters, j.cases, j.fault,
  (select count(*)::integer from print_document d where d.organisation_id = j.organisation_id and d.job_id = j.id) as documents,
  (select coalesce(sum(plain_bytes), 0)::bigint from print_document d
   where d.organisation_id = j.organisation_id and d.job_id = j.id) as bytes`;

interface Row {
  organisation_id: string;
  business_system_id: string;
  id: string;
  number: number;
  name: string;
  user_name: string;
  state: PrintJobState;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
  letters: number;
  cases: number;
  fault: string | null;
  documents: number;
  bytes: number;
}

/** Whose printer it is. */
export interface PrinterOwner {
  readonly organisationId: string;
  /** The business system. */
  readonly id: string;
}

export async function insertPrintJob(
  db: Queryable,
  owner: PrinterOwner,
  job: { id: string; name: string; userName: string; state: PrintJobState },
): Promise<void> {
  await db.query(
    `insert into print_job (organisation_id, id, business_system_id, name, user_name, state) values ($1, $2, $3, $4, $5, $6)`,
    [owner.organisationId, job.id, owner.id, job.name, job.userName, job.state],
  );
}

/** Adds a document to a job that the caller holds. */
export async function insertPrintDocument(
  db: Queryable,
  { organisationId }: PrinterOwner,
  document: { jobId: string; name: string; content: PreparedContent },
): Promise<void> {
  await insertContents(db, organisationId, [document.content]);
  await db.query(
    `insert into print_document (organisation_id, job_id, position, name, hash, plain_bytes)
     select $1, $2, coalesce(max(position) + 1, 0), $3, $4, $5 from print_document where organisation_id = $1 and job_id = $2`,
    [organisationId, document.jobId, document.name, document.content.hash, document.content.plainBytes],
  );
}

/** The job of that number on that printer, and no other printer's; locked when it is to be changed. */
export async function selectPrintJob(
  db: Queryable,
  owner: PrinterOwner,
  number: number,
  { lock = false }: { lock?: boolean } = {},
): Promise<PrintJob | undefined> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from print_job j where j.organisation_id = $1 and j.business_system_id = $2 and j.number = $3
     ${lock ? 'for update' : ''}`,
    [owner.organisationId, owner.id, number],
  );
  return rows.map(toPrintJob)[0];
}

export async function selectPrintJobById(
  db: Queryable,
  { organisationId }: PrinterOwner,
  id: string,
): Promise<PrintJob | undefined> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from print_job j where j.organisation_id = $1 and j.id = $2`,
    [organisationId, id],
  );
  return rows.map(toPrintJob)[0];
}

/** Those not ended in the order in which they came, those ended with the last first; `ended` undefined: all, the last first. */
export async function selectPrintJobs(
  db: Queryable,
  owner: PrinterOwner,
  { ended, userName, max }: { ended: boolean | undefined; userName: string | undefined; max: number },
): Promise<PrintJob[]> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from print_job j
     where j.organisation_id = $1 and j.business_system_id = $2
       and ($3::boolean is null or (j.ended_at is not null) = $3) and ($4::text is null or j.user_name = $4)
     order by case when $3 is false then j.number end, j.number desc limit $5`,
    [owner.organisationId, owner.id, ended ?? null, userName ?? null, max],
  );
  return rows.map(toPrintJob);
}

/** How many of a printer's jobs have not ended, and whether a node is at one. */
export async function countPrintJobs(
  db: Queryable,
  owner: PrinterOwner,
): Promise<{ queued: number; isWorking: boolean }> {
  const { rows } = await db.query<{ queued: number; working: number }>(
    `select count(*)::integer as queued, (count(*) filter (where state = 'processing'))::integer as working
     from print_job where organisation_id = $1 and business_system_id = $2 and ended_at is null`,
    [owner.organisationId, owner.id],
  );
  const [row] = rows;
  return { queued: row?.queued ?? 0, isWorking: (row?.working ?? 0) > 0 };
}

/** Moves a job that the caller has locked. */
export async function updatePrintJobState(
  db: Queryable,
  { organisationId }: PrinterOwner,
  { id, state }: { id: string; state: 'collecting' | 'waiting' | 'canceled' },
): Promise<void> {
  await db.query(
    `update print_job set state = $3, touched_at = now(), ended_at = case when $3 = 'canceled' then now() end
     where organisation_id = $1 and id = $2`,
    [organisationId, id, state],
  );
}

/** Closes jobs that nothing more has come to for so long: with documents they wait for a node, without any there is nothing to do. */
export async function closeForgottenPrintJobs(db: Queryable, timeoutMs: number): Promise<number> {
  const { rowCount } = await db.query(
    `update print_job j set
       state = case when d.has_documents then 'waiting' else 'aborted' end,
       ended_at = case when not d.has_documents then now() end,
       fault = case when not d.has_documents then 'Inget dokument kom.' end
     from (
       select organisation_id, id, exists (select from print_document d where d.organisation_id = p.organisation_id
         and d.job_id = p.id) as has_documents
       from print_job p where state = 'collecting' and touched_at < now() - $1 * interval '1 millisecond'
       for update skip locked
     ) d
     where j.organisation_id = d.organisation_id and j.id = d.id`,
    [timeoutMs],
  );
  return rowCount ?? 0;
}

export interface ClaimedPrintJob {
  readonly organisationId: string;
  readonly systemCode: string;
  readonly id: string;
  readonly name: string;
  readonly startedAt: Date;
  /** The printer's settings when a node first began; null when it had none then. */
  readonly settings: unknown;
}

/**
 * Takes the oldest job that waits, or whose node has died, for a node's work of at most `leaseMs`. The settings of the moment when a
 * job is first begun stay with it: read by other rules after a restart, its pages would be other letters.
 */
export async function claimPrintJob(
  db: Queryable,
  { leaseId, leaseMs, node }: { leaseId: string; leaseMs: number; node: string },
): Promise<ClaimedPrintJob | undefined> {
  const { rows } = await db.query<ClaimedPrintJob>(
    `with due as (
       select organisation_id, id from print_job
       where state = 'waiting' or (state = 'processing' and lease_until < now())
       order by created_at limit 1 for update skip locked
     )
     update print_job j set state = 'processing', lease_id = $1, lease_node = $3,
       lease_until = now() + $2 * interval '1 millisecond', started_at = coalesce(j.started_at, now()),
       settings = case when j.started_at is null then b.ways_in -> 'printer' else j.settings end
     from due, business_system b
     where j.organisation_id = due.organisation_id and j.id = due.id
       and b.organisation_id = j.organisation_id and b.id = j.business_system_id
     returning j.organisation_id as "organisationId", b.code as "systemCode", j.id, j.name, j.started_at as "startedAt", j.settings`,
    [leaseId, leaseMs, node],
  );
  return rows[0];
}

/** Gives back what an earlier life of this node held when it died; safe for the reasons of `releaseLeasesOf` (claim.ts). */
export async function releasePrintLeasesOf(db: Queryable, node: string): Promise<number> {
  const { rowCount } = await db.query(
    `update print_job set lease_until = now() - interval '1 second' where lease_node = $1 and state = 'processing'`,
    [node],
  );
  return rowCount ?? 0;
}

/** Keeps the job for longer. @returns false when another node has taken it meanwhile. */
export async function renewPrintLease(
  db: Queryable,
  job: { organisationId: string; id: string },
  { leaseId, leaseMs }: { leaseId: string; leaseMs: number },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update print_job set lease_until = now() + $4 * interval '1 millisecond'
     where organisation_id = $1 and id = $2 and lease_id = $3 and state = 'processing'`,
    [job.organisationId, job.id, leaseId, leaseMs],
  );
  return rowCount === 1;
}

/** Ends a job, if it is still this node's. */
export async function endPrintJob(
  db: Queryable,
  job: { organisationId: string; id: string },
  end: { leaseId: string; state: 'completed' | 'aborted'; letters: number; cases: number; fault: string | null },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update print_job set state = $4, ended_at = now(), lease_until = null, lease_id = null, lease_node = null, letters = $5, cases = $6, fault = $7
     where organisation_id = $1 and id = $2 and lease_id = $3 and state = 'processing'`,
    [job.organisationId, job.id, end.leaseId, end.state, end.letters, end.cases, end.fault],
  );
  return rowCount === 1;
}

export async function selectPrintDocuments(
  db: Queryable,
  job: { organisationId: string; id: string },
): Promise<{ position: number; name: string; hash: Buffer }[]> {
  const { rows } = await db.query<{ position: number; name: string; hash: Buffer }>(
    'select position, name, hash from print_document where organisation_id = $1 and job_id = $2 order by position',
    [job.organisationId, job.id],
  );
  return rows;
}

function toPrintJob(row: Row): PrintJob {
  return {
    organisationId: row.organisation_id,
    systemId: row.business_system_id,
    id: row.id,
    number: row.number,
    name: row.name,
    userName: row.user_name,
    state: row.state,
    documents: row.documents,
    bytes: row.bytes,
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
    letters: row.letters,
    cases: row.cases,
    fault: row.fault ?? undefined,
  };
}
