import { createHash, randomBytes } from 'node:crypto';
import type { VerifiedSealedDelivery } from '@brevduva/protocol';
import { firstMessage } from '../deliver/facts.ts';
import { partyOf } from '../deliver/partyOf.ts';
import { findByDuplicateKey, insertLetter, type NewLetterRow, type NewPartRow } from '../sql/letter.ts';
import type { Pool } from '../sql/pool.ts';
import type { ContentKeys } from './encryption.ts';
import { headerColumns } from './headerColumns.ts';
import { paymentContext, paymentIn } from './payment.ts';

/** 128 random bits: the name of a letter in a web address cannot be guessed. */
export const WEB_ID_BYTES = 16;

export interface LetterToStore {
  /** Becomes the TransId of the answer. */
  id: string;
  accountId: string;
  duplicateKey: Buffer;
  receivedAt: Date;
  /** The request exactly as it came, or a forwarded original as a document of its own: what was verified is kept byte for byte. */
  request: Buffer;
  verified: VerifiedSealedDelivery;
  /** What somebody said when passing it on. */
  forwardId?: string;
}

/** What became of a letter that passed every check. */
export type StoreResult = { kind: 'stored' } | { kind: 'known'; transId: string } | { kind: 'noMailbox' };

/** Commits the letter, or tells why it is not new. When this returns `stored`, the letter survives a power cut. */
export async function storeLetter(pool: Pool, keys: ContentKeys, letter: LetterToStore): Promise<StoreResult> {
  if (await insertLetter(pool, letterRow(keys, letter))) return { kind: 'stored' };
  const transId = await findByDuplicateKey(pool, letter.duplicateKey);
  return transId === undefined ? { kind: 'noMailbox' } : { kind: 'known', transId };
}

/** Where an encrypted value belongs: moved to another letter or position, it does not open. */
export function sealedContext(letterId: string): string {
  return `${letterId}/sealed`;
}

/** As `sealedContext`, for the text (position 0) and the attachments (1 and up). */
export function partContext(letterId: string, position: number): string {
  return `${letterId}/part/${position}`;
}

/** The letter as it is stored, everything in it encrypted. */
export function letterRow(keys: ContentKeys, letter: LetterToStore): NewLetterRow {
  const { verified } = letter;
  return {
    id: letter.id,
    webId: randomBytes(WEB_ID_BYTES).toString('base64url'),
    accountId: letter.accountId,
    duplicateKey: letter.duplicateKey,
    receivedAt: letter.receivedAt,
    ...headerColumns(verified.delivery.Header, firstMessage(verified.delivery).Header),
    ...signatureColumns(verified),
    sealedHash: createHash('sha256').update(letter.request).digest(),
    keyId: keys.keyId,
    sealedDocument: keys.encrypt(letter.request, sealedContext(letter.id)),
    ...(letter.forwardId === undefined ? {} : { forwardId: letter.forwardId }),
    ...paymentColumn(keys, letter),
    parts: partRows(keys, letter),
  };
}

function paymentColumn(keys: ContentKeys, { id, verified }: LetterToStore): Pick<NewLetterRow, 'payment'> {
  const payment = paymentIn(verified);
  if (payment === undefined) return {};
  return { payment: keys.encrypt(Buffer.from(JSON.stringify(payment)), paymentContext(id)) };
}

type SignatureColumn = 'signedByNumber' | 'signedByName' | 'sealedByNumber' | 'sealedByName' | 'sealReceivedTime';

function signatureColumns({ signedBy, sealedBy, seal }: VerifiedSealedDelivery): Pick<NewLetterRow, SignatureColumn> {
  const signer = partyOf(signedBy);
  const sealer = partyOf(sealedBy);
  return {
    signedByNumber: signer.organizationNumber ?? '',
    signedByName: signer.name,
    sealedByNumber: sealer.organizationNumber ?? '',
    sealedByName: sealer.name,
    sealReceivedTime: seal.ReceivedTime,
  };
}

function partRows(keys: ContentKeys, { id, verified }: LetterToStore): NewPartRow[] {
  const message = firstMessage(verified.delivery);
  const text = { ContentType: message.Body.ContentType, Filename: '', Body: message.Body.Body };
  return [text, ...(message.Attachment ?? [])].map((part, position) => ({
    position,
    contentType: part.ContentType,
    fileName: part.Filename,
    contentBytes: part.Body.length,
    encrypted: keys.encrypt(part.Body, partContext(id, position)),
  }));
}
