import { appError, type Queryable } from '@brevduva/base';
import { ERRORS } from '../errors.ts';
import { findPart, type PartRow } from '../sql/inbox.ts';
import type { ContentKeys } from './encryption.ts';
import { partContext } from './store.ts';

export interface LetterPart {
  contentType: string;
  fileName: string;
  bytes: Buffer;
}

/** Which part of which letter in whose mailbox. Position 0 is the text, 1 and up the attachments. */
export interface PartAddress {
  accountId: string;
  webId: string;
  position: number;
}

/**
 * Opens one part of a letter, if that letter lies in that mailbox.
 * @throws AppError MAILBOX_ATTACHMENT_NOT_FOUND also for another's letter; MAILBOX_CONTENT_UNREADABLE
 */
export async function readPart(db: Queryable, keys: ContentKeys, address: PartAddress): Promise<LetterPart> {
  const row = await findPart(db, address.accountId, address.webId, address.position);
  if (row === undefined) throw appError(ERRORS, 'MAILBOX_ATTACHMENT_NOT_FOUND');
  return openPart(keys, row);
}

function openPart(keys: ContentKeys, row: PartRow): LetterPart {
  const bytes = keys.decrypt(row.keyId, row.encrypted, partContext(row.letterId, row.position));
  return { contentType: row.contentType, fileName: row.fileName, bytes };
}
