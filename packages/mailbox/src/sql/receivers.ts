import type { Queryable } from '@brevduva/base';

export interface ReceiverRow {
  accountId: string;
  recipientId: string;
}

/** Of these numbers: those that have a mailbox here that takes letters (`takesLetters` in account.ts). */
export async function findReceivers(db: Queryable, recipientIds: readonly string[]): Promise<ReceiverRow[]> {
  const { rows } = await db.query<ReceiverRow>({
    name: 'mailbox_find_receivers',
    text: `
      select id as "accountId", recipient_id as "recipientId" from account
      where recipient_id = any ($1::text[]) and state in ('active', 'opening')`,
    values: [recipientIds],
  });
  return rows;
}
