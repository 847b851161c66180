import type { ContentStore } from '../content.ts';
import type { LetterKey } from '../letter.ts';
import { fillBody } from './placeholders.ts';

/** A letter's body as its recipient reads it. */
export async function letterBody(
  letter: LetterKey & { bodyHash: Buffer; bodyContentType: string; sealedValues: Buffer | null },
  content: ContentStore,
): Promise<Buffer> {
  const { organisationId, bodyHash, bodyContentType, sealedValues } = letter;
  const bytes = (await content.get(organisationId, [bodyHash])).get(bodyHash.toString('hex'));
  if (bytes === undefined) throw new Error(`content of letter ${letter.id} was not loaded`);
  return fillBody(bytes, bodyContentType, content.openValues(letter, sealedValues));
}
