import { deliverSecureRequest, sealDelivery, signDelivery } from '@brevduva/protocol';
import { assembleDelivery, contractDate } from '../delivery.ts';
import type { ClaimedLetter } from '../letter.ts';
import { groupBy } from './groupBy.ts';
import type { StageContext, StageResult, StageWork } from './stage.ts';

/**
 * Signs each delivery as the sender and seals it as the dispatcher (FACTS e), and keeps the request byte for byte. Everything that
 * is sent later, however often, is these bytes.
 */
export const sealLetters: StageWork = async (letters, context, report) => {
  for (const group of groupBy(letters, (letter) => letter.organisationId).values()) {
    const contents = await contentsOf(group, context);
    await report(await Promise.all(group.map((letter) => sealOne(letter, contents, context))));
  }
};

async function contentsOf(letters: readonly ClaimedLetter[], context: StageContext): Promise<Map<string, Buffer>> {
  const organisationId = letters[0]?.organisationId ?? '';
  const hashes = new Map(
    letters
      .flatMap((letter) => [letter.bodyHash, ...letter.attachments.map((a) => a.hash)])
      .map((h) => [h.toString('hex'), h]),
  );
  return context.content.get(organisationId, [...hashes.values()]);
}

async function sealOne(
  letter: ClaimedLetter,
  contents: Map<string, Buffer>,
  context: StageContext,
): Promise<StageResult> {
  const signer = context.signerOf(letter.organisation.organizationNumber);
  if (signer === undefined || letter.supplier === undefined) {
    const missing = signer === undefined ? 'signingKey' : 'supplier';
    return { letter, outcome: { kind: 'manual', reason: 'sealFailed', detail: { missing } }, events: [] };
  }
  const delivery = assembleDelivery(partsOf(letter, contents));
  const signed = await signDelivery(delivery, signer);
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

export function partsOf(
  letter: ClaimedLetter,
  contents: ReadonlyMap<string, Buffer>,
): Parameters<typeof assembleDelivery>[0] {
  const bytesOf = (hash: Buffer): Buffer => {
    const bytes = contents.get(hash.toString('hex'));
    if (bytes === undefined) throw new Error(`content of letter ${letter.id} was not loaded`);
    return bytes;
  };
  return {
    letterId: letter.id,
    organisation: letter.organisation,
    flow: letter.flow,
    recipient: letter.recipient,
    subject: letter.subject,
    language: letter.language,
    reference: letter.reference,
    body: { contentType: letter.bodyContentType, bytes: bytesOf(letter.bodyHash) },
    attachments: letter.attachments.map((a) => ({
      filename: a.filename,
      contentType: a.contentType,
      bytes: bytesOf(a.hash),
    })),
  };
}
