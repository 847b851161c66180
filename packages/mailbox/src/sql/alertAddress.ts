import type { Queryable } from '@brevduva/base';

export type AlertChannel = 'email' | 'sms';

export interface AlertAddressRow {
  accountId: string;
  channel: AlertChannel;
  state: 'none' | 'unconfirmed' | 'working' | 'broken';
  version: string;
  keyId: string;
  encrypted: Buffer | null;
  namesSender: boolean;
  language: 'sv' | 'en';
}

const COLUMNS = `
  account_id as "accountId", channel, state, version, key_id as "keyId", encrypted, names_sender as "namesSender", language`;

/** Where the holder of a mailbox wants to be told of new mail. */
export async function listAlertAddresses(db: Queryable, accountId: string): Promise<AlertAddressRow[]> {
  const { rows } = await db.query<AlertAddressRow>(
    `select ${COLUMNS} from alert_address where account_id = $1 and state <> 'none' order by channel`,
    [accountId],
  );
  return rows;
}

export interface NewAlertAddressRow {
  accountId: string;
  channel: AlertChannel;
  version: string;
  keyId: string;
  encrypted: Buffer;
  codeEncrypted: Buffer;
  namesSender: boolean;
  language: 'sv' | 'en';
  alertId: string;
}

export interface CodeLimits {
  codesMax: number;
  codesPerMs: number;
  attemptsMax: number;
  validMs: number;
}

/**
 * Keeps a new address, not confirmed yet, and puts its code in the outbox, in one commit. What was on its way to the
 * earlier address is dropped. Gives false, and changes nothing, when too many codes have been sent of late.
 */
export async function enterAlertAddress(db: Queryable, row: NewAlertAddressRow, limits: CodeLimits): Promise<boolean> {
  const { rowCount } = await db.query(
    `with entered as (
       insert into alert_address as known (
         account_id, channel, state, version, key_id, encrypted, language, names_sender, code_encrypted,
         code_expires_at, code_attempts_left, codes_sent, codes_counted_from)
       values ($1, $2, 'unconfirmed', $3, $4, $5, $6, $7, $8, now() + $9 * interval '1 millisecond', $10, 1, now())
       on conflict (account_id, channel) do update set
         state = 'unconfirmed', version = excluded.version, key_id = excluded.key_id, encrypted = excluded.encrypted,
         language = excluded.language, names_sender = excluded.names_sender, code_encrypted = excluded.code_encrypted,
         code_expires_at = excluded.code_expires_at, code_attempts_left = excluded.code_attempts_left,
         failures_in_row = 0, broken_at = null,
         codes_sent = case when known.codes_counted_from < now() - $12 * interval '1 millisecond'
           then 1 else known.codes_sent + 1 end,
         codes_counted_from = case when known.codes_counted_from < now() - $12 * interval '1 millisecond'
           then now() else known.codes_counted_from end
       where known.codes_sent < $11 or known.codes_counted_from < now() - $12 * interval '1 millisecond'
       returning account_id, channel, version
     ), dropped as (
       delete from alert using entered
       where alert.account_id = entered.account_id and alert.channel = entered.channel and state in ('waiting', 'sending')
     )
     insert into alert (id, account_id, channel, address_version, kind, state)
     select $13, account_id, channel, version, 'code', 'waiting' from entered`,
    [
      ...[row.accountId, row.channel, row.version, row.keyId, row.encrypted, row.language, row.namesSender],
      ...[row.codeEncrypted, limits.validMs, limits.attemptsMax, limits.codesMax, limits.codesPerMs, row.alertId],
    ],
  );
  return rowCount === 1;
}

/** Uses up one attempt at the code, and gives the code to compare with; undefined when there is none left, or none valid. */
export async function takeCodeAttempt(
  db: Queryable,
  accountId: string,
  channel: AlertChannel,
): Promise<{ version: string; keyId: string; codeEncrypted: Buffer } | undefined> {
  const { rows } = await db.query<{ version: string; keyId: string; codeEncrypted: Buffer }>(
    `update alert_address set code_attempts_left = code_attempts_left - 1
     where account_id = $1 and channel = $2 and state = 'unconfirmed' and code_attempts_left > 0 and code_expires_at > now()
     returning version, key_id as "keyId", code_encrypted as "codeEncrypted"`,
    [accountId, channel],
  );
  return rows[0];
}

/** The holder has shown that the address is hers. */
export async function confirmAlertAddress(db: Queryable, accountId: string, version: string): Promise<void> {
  await db.query(
    `update alert_address set state = 'working', code_encrypted = null, code_expires_at = null, code_attempts_left = 0
     where account_id = $1 and version = $2 and state = 'unconfirmed'`,
    [accountId, version],
  );
}

/** Whether the sender is named. */
export async function setNamesSender(
  db: Queryable,
  accountId: string,
  channel: AlertChannel,
  namesSender: boolean,
): Promise<void> {
  await db.query('update alert_address set names_sender = $3 where account_id = $1 and channel = $2', [
    accountId,
    channel,
    namesSender,
  ]);
}

/** Forgets the address and everything that was to go to it; only how many codes were sent is remembered. */
export async function removeAlertAddress(db: Queryable, accountId: string, channel: AlertChannel): Promise<void> {
  await db.query(
    `with gone as (delete from alert where account_id = $1 and channel = $2)
     update alert_address set state = 'none', encrypted = null, code_encrypted = null, code_attempts_left = 0,
       names_sender = false, failures_in_row = 0, broken_at = null
     where account_id = $1 and channel = $2`,
    [accountId, channel],
  );
}

/** Forgets the addresses of mailboxes that are no more here, and alerts that are old. Gives how many addresses. */
export async function sweepAlerts(db: Queryable, alertsOlderThanMs: number): Promise<number> {
  await db.query(`delete from alert where created_at < now() - $1 * interval '1 millisecond'`, [alertsOlderThanMs]);
  const { rowCount } = await db.query(
    `delete from alert_address using account
     where account.id = alert_address.account_id and account.state in ('closed', 'moved')`,
  );
  return rowCount ?? 0;
}
