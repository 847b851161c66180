import {
  deliverSecureRequest,
  distributeSecureRequest,
  type SignedDeliveryXml,
  sealDelivery,
  signDelivery,
} from '@brevduva/protocol';
import type { ContentStore } from '../content.ts';
import { assembleDelivery, contractDate } from '../delivery.ts';
import { dispatcherOf } from '../externalDispatcher.ts';
import type { ClaimedLetter } from '../letter.ts';
import { fillBody } from '../mailing/placeholders.ts';
import type { PostalAddress } from '../paper/address.ts';
import { readSignedBytes } from '../waysIn/message/signedBytes.ts';
import { groupBy } from './groupBy.ts';
import { inParallel } from './inParallel.ts';
import type { StageContext, StageResult, StageWork } from './stage.ts';

/** Enough to keep the threads that sign busy. All of a set at once would hold everything else on this node for as long as it takes. */
const SEALED_AT_ONCE = 8;

/**
 * Signs each delivery as the sender and seals it as the dispatcher (FACTS e), and keeps the request byte for byte. Everything that
 * is sent later, however often, is these bytes.
 */
export const sealLetters: StageWork = (letters, context, report) => eachWithContents(letters, context, report, sealOne);

/**
 * Signs each delivery as the sender and leaves the seal to the external dispatcher: what `Message.distributeSecure` wants (FACTS b.6). Kept
 * byte for byte like a sealed one.
 */
export const signLetters: StageWork = (letters, context, report) => eachWithContents(letters, context, report, signOne);

async function eachWithContents(
  letters: readonly ClaimedLetter[],
  context: StageContext,
  report: Parameters<StageWork>[2],
  work: typeof sealOne,
): Promise<void> {
  for (const group of groupBy(letters, (letter) => letter.organisationId).values()) {
    const contents = await contentsOf(group, context);
    const sealed: StageResult[] = [];
    await inParallel(group, SEALED_AT_ONCE, async (letter) => {
      await context.giveWay?.();
      sealed.push(await work(letter, contents, context));
    });
    await report(sealed);
  }
}

async function contentsOf(letters: readonly ClaimedLetter[], context: StageContext): Promise<Map<string, Buffer>> {
  const organisationId = letters[0]?.organisationId ?? '';
  const hashes = new Map(letters.flatMap(hashesOf).map((h) => [h.toString('hex'), h]));
  return context.content.get(organisationId, [...hashes.values()]);
}

/** What a letter that came signed needs is all in what was signed. */
function hashesOf({ signedHash, bodyHash, attachments }: ClaimedLetter): Buffer[] {
  return signedHash === undefined ? [bodyHash, ...attachments.map((a) => a.hash)] : [signedHash];
}

async function sealOne(
  letter: ClaimedLetter,
  contents: Map<string, Buffer>,
  context: StageContext,
): Promise<StageResult> {
  const signed = await signedBySender(letter, contents, context);
  if (signed === undefined || letter.supplier === undefined) return unsealed(letter, signed);
  const seal = { ReceivedTime: contractDate(letter.createdAt), SignaturesOK: true };
  const sealed = await sealDelivery(signed, seal, context.dispatcher);
  const stored = context.sealed.prepare(letter, deliverSecureRequest(sealed), letter.supplier);
  return {
    letter,
    outcome: { kind: 'done' },
    sealed: stored,
    events: [{ kind: 'sealed', detail: { sha256: stored.sha256.toString('hex'), supplier: letter.supplier.Name } }],
  };
}

async function signOne(
  letter: ClaimedLetter,
  contents: Map<string, Buffer>,
  context: StageContext,
): Promise<StageResult> {
  const signed = await signedBySender(letter, contents, context);
  if (signed === undefined || letter.supplier === undefined) return unsealed(letter, signed);
  const stored = context.sealed.prepare(letter, distributeSecureRequest(signed), letter.supplier);
  const detail = { sha256: stored.sha256.toString('hex'), dispatcher: letter.supplier.Name };
  return { letter, outcome: { kind: 'done' }, sealed: stored, events: [{ kind: 'signedForDispatcher', detail }] };
}

function unsealed(letter: ClaimedLetter, signed: SignedDeliveryXml | undefined): StageResult {
  const missing = signed === undefined ? 'signingKey' : 'supplier';
  return { letter, outcome: { kind: 'manual', reason: 'sealFailed', detail: { missing } }, events: [] };
}

/** The delivery with the sender's signature: the sender's own where it came with one, else ours on the sender's behalf. */
async function signedBySender(
  letter: ClaimedLetter,
  contents: ReadonlyMap<string, Buffer>,
  context: StageContext,
): Promise<SignedDeliveryXml | undefined> {
  if (letter.signedHash !== undefined) return readSignedBytes(bytesOf(letter, letter.signedHash, contents));
  const signer = context.signerOf(letter.organisation.organizationNumber);
  if (signer === undefined) return undefined;
  const parts = partsOf(letter, contents, context.content);
  return signDelivery(assembleDelivery({ ...parts, addressAlong: addressAlong(letter) }), signer);
}

/** By agreement with the external dispatcher only: a mailbox has no use for it. */
function addressAlong({ channel, address, ...letter }: ClaimedLetter): PostalAddress | undefined {
  return channel === 'dispatcher' && dispatcherOf(letter)?.addresses === 'metadata' ? address : undefined;
}

function bytesOf(letter: ClaimedLetter, hash: Buffer, contents: ReadonlyMap<string, Buffer>): Buffer {
  const bytes = contents.get(hash.toString('hex'));
  if (bytes === undefined) throw new Error(`content of letter ${letter.id} was not loaded`);
  return bytes;
}

/** What the letter consists of, its body filled with its values. */
export function partsOf(
  letter: ClaimedLetter,
  contents: ReadonlyMap<string, Buffer>,
  store: ContentStore,
): Parameters<typeof assembleDelivery>[0] {
  const values = store.openValues(letter, letter.sealedValues);
  const body = fillBody(bytesOf(letter, letter.bodyHash, contents), letter.bodyContentType, values);
  return {
    letterId: letter.id,
    organisation: letter.organisation,
    flow: letter.flow,
    recipient: letter.recipient,
    subject: letter.subject,
    language: letter.language,
    reference: letter.reference,
    invoice: letter.invoice,
    body: { contentType: letter.bodyContentType, bytes: body },
    attachments: letter.attachments.map((a) => ({
      filename: a.filename,
      contentType: a.contentType,
      bytes: bytesOf(letter, a.hash, contents),
    })),
  };
}
