import type { Queryable } from '@brevduva/base';

export interface OrganizationRow {
  organizationNumber: string;
  name: string;
}

export interface OperatorRow extends OrganizationRow {
  id: number;
  domain: string;
  serviceAddress: string;
  uiAddress: string | null;
  logo: string | null;
}

export interface DispatcherRow extends OrganizationRow {
  senders: string[];
}

export type NewOperatorRow = Omit<OperatorRow, 'id'>;

/** An operator that is or was connected: accounts may point at it. */
export interface KnownOperatorRow extends OperatorRow {
  /** May call, and may be chosen. */
  admitted: boolean;
  /** Closed: its accounts have no operator any more. One that is suspended has not left. */
  hasLeft: boolean;
}

/** What the register knows about a client certificate; null for one that was never registered. */
export type CertificateState = 'registered' | 'retired' | 'expired' | 'notForTls' | null;

/** What the register knows about one who asks, and about the sender that is asked for. Roles are those it is let in as. */
export interface CallerRow {
  isSender: boolean;
  isDispatcher: boolean;
  isOperator: boolean;
  isForwarder: boolean;
  certificate: CertificateState;
  senderIsRegistered: boolean;
  dispatchesForSender: boolean;
}

/** The last name given stands: an organisation has one name in all its roles. */
export async function upsertOrganizations(db: Queryable, rows: readonly OrganizationRow[]): Promise<void> {
  await db.query(
    `insert into organization (organization_number, name)
     select distinct on (organization_number) organization_number, name
     from unnest($1::bigint[], $2::text[]) with ordinality as given (organization_number, name, position)
     order by organization_number, position desc
     on conflict (organization_number) do update set name = excluded.name where organization.name <> excluded.name`,
    [rows.map((row) => row.organizationNumber), rows.map((row) => row.name)],
  );
}

/** An operator's name is its mailbox's; it becomes the organisation's only where that has none. */
export async function insertMissingOrganizations(db: Queryable, rows: readonly OrganizationRow[]): Promise<void> {
  await db.query(
    `insert into organization (organization_number, name)
     select * from unnest($1::bigint[], $2::text[])
     on conflict (organization_number) do nothing`,
    [rows.map((row) => row.organizationNumber), rows.map((row) => row.name)],
  );
}

export async function insertSenders(db: Queryable, organizationNumbers: readonly string[]): Promise<void> {
  await db.query(`insert into sender (organization_number) select unnest($1::bigint[]) on conflict do nothing`, [
    organizationNumbers,
  ]);
}

export async function insertDispatcher(db: Queryable, organizationNumber: string): Promise<void> {
  await db.query('insert into dispatcher (organization_number) values ($1) on conflict do nothing', [
    organizationNumber,
  ]);
}

/** Those of the given numbers that are not senders, let in or not. */
export async function unknownSenders(db: Queryable, organizationNumbers: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ asked: string }>(
    `select asked::text
     from unnest($1::bigint[]) as asked
     where not exists (select from sender where sender.organization_number = asked)`,
    [organizationNumbers],
  );
  return rows.map((row) => row.asked);
}

/** A sender whose consent staff has recorded stays: loading again at the next start must not undo it. */
export async function deleteOtherDispatcherSenders(
  db: Queryable,
  dispatcher: string,
  senders: readonly string[],
): Promise<void> {
  await db.query(
    `delete from dispatcher_sender
     where dispatcher = $1 and sender <> all ($2::bigint[]) and consent_reference is null`,
    [dispatcher, senders],
  );
}

export async function insertDispatcherSenders(
  db: Queryable,
  dispatcher: string,
  senders: readonly string[],
): Promise<void> {
  await db.query(
    `insert into dispatcher_sender (dispatcher, sender)
     select $1::bigint, unnest($2::bigint[])
     on conflict do nothing`,
    [dispatcher, senders],
  );
}

/** Not "on conflict do update" alone: that uses up a number of the identity column, a smallint, on every repetition. */
export async function insertMissingOperator(db: Queryable, row: NewOperatorRow): Promise<void> {
  await db.query(
    `insert into operator (organization_number, name, domain, service_address, ui_address, logo)
     select $1::bigint, $2, $3, $4, $5, $6
     where not exists (select from operator where organization_number = $1::bigint)
     on conflict (organization_number) do nothing`,
    [row.organizationNumber, row.name, row.domain, row.serviceAddress, row.uiAddress, row.logo],
  );
}

export async function updateOperator(db: Queryable, row: NewOperatorRow): Promise<void> {
  await db.query(
    `update operator
     set name = $2, domain = $3, service_address = $4, ui_address = $5, logo = $6
     where organization_number = $1
       and (name, domain, service_address, ui_address, logo) is distinct from ($2, $3, $4, $5, $6)`,
    [row.organizationNumber, row.name, row.domain, row.serviceAddress, row.uiAddress, row.logo],
  );
}

/** Those that are let in. */
export async function selectOperators(db: Queryable): Promise<OperatorRow[]> {
  const { rows } = await db.query<OperatorRow>(
    `select id, organization_number::text as "organizationNumber", name, domain,
       service_address as "serviceAddress", ui_address as "uiAddress", logo
     from operator
     where admitted
     order by name, organization_number`,
  );
  return rows;
}

/** Every operator that accounts may point at, also those that are not let in. */
export async function selectKnownOperators(db: Queryable): Promise<KnownOperatorRow[]> {
  const { rows } = await db.query<KnownOperatorRow>(
    `select id, organization_number::text as "organizationNumber", name, domain,
       service_address as "serviceAddress", ui_address as "uiAddress", logo, admitted, left_at is not null as "hasLeft"
     from operator
     order by name, organization_number`,
  );
  return rows;
}

/** Those that are let in. */
export async function selectSenders(db: Queryable): Promise<OrganizationRow[]> {
  const { rows } = await db.query<OrganizationRow>(
    `select organization_number::text as "organizationNumber", name
     from sender
     join organization using (organization_number)
     where admitted
     order by name, organization_number`,
  );
  return rows;
}

/** Those that are let in, each with the senders it may send for that are let in too. */
export async function selectDispatchers(db: Queryable): Promise<DispatcherRow[]> {
  const { rows } = await db.query<DispatcherRow>(
    `select dispatcher.organization_number::text as "organizationNumber", organization.name,
       coalesce(array_agg(dispatcher_sender.sender::text order by dispatcher_sender.sender)
         filter (where dispatcher_sender.sender is not null), '{}') as senders
     from dispatcher
     join organization using (organization_number)
     left join (dispatcher_sender join sender on sender.organization_number = dispatcher_sender.sender and sender.admitted)
       on dispatcher_sender.dispatcher = dispatcher.organization_number
     where dispatcher.admitted
     group by dispatcher.organization_number, organization.name
     order by organization.name, dispatcher.organization_number`,
  );
  return rows;
}

/** $1 the caller, $2 the sender that it asks for, $3 the SHA-256 of its certificate; each but the first may be null. */
export const CALLER_COLUMNS_SQL = `
  exists (select from sender where organization_number = $1::bigint and admitted) as "isSender",
  exists (select from dispatcher where organization_number = $1::bigint and admitted) as "isDispatcher",
  exists (select from operator where organization_number = $1::bigint and admitted) as "isOperator",
  exists (select from forwarder where organization_number = $1::bigint and admitted) as "isForwarder",
  exists (select from sender where organization_number = $2::bigint and admitted) as "senderIsRegistered",
  exists (
    select from dispatcher_sender
    join dispatcher on dispatcher.organization_number = dispatcher_sender.dispatcher
    where dispatcher_sender.dispatcher = $1::bigint and dispatcher_sender.sender = $2::bigint and dispatcher.admitted
  ) as "dispatchesForSender",
  (
    select case
      when retired_at is not null then 'retired'
      when 'tls' <> all (purposes) then 'notForTls'
      when valid_to <= now() then 'expired'
      else 'registered'
    end
    from certificate where fingerprint = $3::bytea and organization_number = $1::bigint
  ) as certificate`;

/**
 * One round trip says all that decides whether a caller may ask; `sender` null when the question names none,
 * `fingerprint` (SHA-256) null when the certificate is not known.
 */
export async function selectCaller(
  db: Queryable,
  { caller, fingerprint, sender }: { caller: string; fingerprint: Buffer | null; sender: string | null },
): Promise<CallerRow> {
  const { rows } = await db.query<CallerRow>(`select ${CALLER_COLUMNS_SQL}`, [caller, sender, fingerprint]);
  const [row] = rows;
  if (row === undefined) throw new TypeError('a select without from gave no row');
  return row;
}
