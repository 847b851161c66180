import type { ContentStore } from '../content.ts';
import type { LetterKey } from '../letter.ts';
import { fillBody } from './placeholders.ts';

/** A letter's body as its recipient reads it. @throws Error when it is erased. */
export async function letterBody(
  letter: LetterKey & { bodyHash: Buffer | null; bodyContentType: string; sealedValues: Buffer | null },
  content: ContentStore,
): Promise<Buffer> {
  const { organisationId, bodyHash, bodyContentType, sealedValues } = letter;
  const hashes = bodyHash === null ? [] : [bodyHash];
  const [bytes] = (await content.get(organisationId, hashes)).values();
  if (bytes === undefined) throw new Error(`content of letter ${letter.id} was not loaded`);
  return fillBody(bytes, bodyContentType, content.openValues(letter, sealedValues));
}
