import type { Queryable } from '@brevduva/base';
import { findForwardOfLetter } from '../sql/forward.ts';
import type { ContentKeys } from './encryption.ts';
import { forwardContext } from './storeForward.ts';

/** Who passed a letter on, and with what words. */
export interface LetterForward {
  name: string;
  subject: string;
  text: string;
}

/**
 * What was said when a letter in this mailbox was passed on; undefined for every other letter.
 * @throws AppError MAILBOX_CONTENT_UNREADABLE
 */
export async function readForward(
  db: Queryable,
  keys: ContentKeys,
  { accountId, webId }: { accountId: string; webId: string },
): Promise<LetterForward | undefined> {
  const row = await findForwardOfLetter(db, accountId, webId);
  if (row === undefined) return undefined;
  const text = keys.decrypt(row.keyId, row.encrypted, forwardContext(row.id)).toString('utf8');
  return { name: row.forwarderName, subject: row.subject, text };
}
