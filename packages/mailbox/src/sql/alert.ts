import type { Queryable } from '@brevduva/base';
import type { AlertChannel } from './alertAddress.ts';

export interface AlertRow {
  id: string;
  accountId: string;
  channel: AlertChannel;
  addressVersion: string;
  kind: 'code' | 'newMail';
  letterCount: number;
  senderNames: string[];
  attempts: number;
  keyId: string;
  encrypted: Buffer;
  codeEncrypted: Buffer | null;
  language: 'sv' | 'en';
}

export interface ClaimOptions {
  limit: number;
  /** How long letters may join a notice before it goes. */
  joinMs: number;
  /** For how long the worker has what it takes. */
  leaseMs: number;
  /** In quiet hours nobody's telephone makes a sound, unless she waits for a code. */
  maySms: boolean;
  channels: readonly AlertChannel[];
}

/** Takes what is due. What another worker took and did not finish comes again when its lease is over. */
export async function claimAlerts(db: Queryable, options: ClaimOptions): Promise<AlertRow[]> {
  const { rows } = await db.query<AlertRow>(
    `with due as (
       select alert.id, address.key_id, address.encrypted, address.code_encrypted, address.language
       from alert join alert_address address
         on address.account_id = alert.account_id and address.channel = alert.channel
           and address.version = alert.address_version and address.encrypted is not null
       where alert.channel = any ($5) and due_at <= now() and (kind = 'code' or $4 or alert.channel <> 'sms') and (
         alert.state = 'sending'
         or alert.state = 'waiting' and (kind = 'code' or created_at <= now() - $2 * interval '1 millisecond'))
       order by due_at limit $1 for update of alert skip locked)
     update alert set state = 'sending', attempts = attempts + 1, due_at = now() + $3 * interval '1 millisecond'
     from due where alert.id = due.id
     returning alert.id, account_id as "accountId", channel, address_version as "addressVersion", kind,
       letter_count as "letterCount", sender_names as "senderNames", attempts, due.key_id as "keyId",
       due.encrypted, due.code_encrypted as "codeEncrypted", due.language`,
    [options.limit, options.joinMs, options.leaseMs, options.maySms, options.channels],
  );
  return rows;
}

export interface AlertResult {
  id: string;
  state: 'accepted' | 'failed' | 'sending';
  /** When it is tried again; only while `sending`. */
  againInMs: number;
  messageIds: readonly string[];
  code: string | null;
}

/** Writes what became of an attempt. */
export async function writeAlertResult(db: Queryable, result: AlertResult): Promise<void> {
  await db.query(
    `update alert set state = $2, due_at = now() + $3 * interval '1 millisecond', message_ids = $4, outcome_code = $5
     where id = $1 and state = 'sending'`,
    [result.id, result.state, result.againInMs, result.messageIds, result.code],
  );
}

export interface AlertReport {
  isDelivered: boolean;
  /** The address is known not to work; else so many failures in a row say the same. */
  isAddressBroken: boolean;
  failuresMax: number;
  code: string | null;
}

/** What was told later of the alert with this id (e-mail) or with this part (SMS). Tells whether there was one. */
export async function writeAlertReport(
  db: Queryable,
  which: { id: string } | { messageId: string },
  report: AlertReport,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `with told as (
       update alert set state = case when $3 then 'delivered' else 'failed' end, outcome_code = coalesce($6, outcome_code)
       where (id = $1::uuid or message_ids @> array[$2::text]) and state in ('sending', 'accepted', 'delivered')
       returning account_id, channel, address_version)
     update alert_address address set
       failures_in_row = case when $3 then 0 else failures_in_row + 1 end,
       state = case when not $3 and ($4 or failures_in_row + 1 >= $5) then 'broken' else state end,
       code_encrypted = case when not $3 and ($4 or failures_in_row + 1 >= $5) then null else code_encrypted end,
       broken_at = case when not $3 and ($4 or failures_in_row + 1 >= $5) then now() else broken_at end
     from told
     where address.account_id = told.account_id and address.channel = told.channel
       and address.version = told.address_version and address.state in ('unconfirmed', 'working')`,
    [
      'id' in which ? which.id : null,
      'messageId' in which ? which.messageId : null,
      ...[report.isDelivered, report.isAddressBroken, report.failuresMax, report.code],
    ],
  );
  return (rowCount ?? 0) > 0;
}
