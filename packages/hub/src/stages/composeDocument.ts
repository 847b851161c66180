import { contractDate } from '../delivery.ts';
import type { AttachmentFacts, ClaimedLetter } from '../letter.ts';
import { base64Bytes } from '../mailing/mailingText.ts';
import { templateLetter } from '../mailing/templateLetter.ts';
import type { LetterChanges, StageContext, StageResult } from './stage.ts';

/** A letter with the PDF that its template makes, in front of its other attachments. */
export interface ComposedDocument {
  readonly letter: ClaimedLetter;
  readonly changes: LetterChanges;
}

/**
 * Makes the PDF of a letter that has a template's document, and stores it as content; a letter without one, or whose PDF is made, goes on
 * as it is. Done again it is the same content, and only one write-back counts. What the typesetter refuses goes to a person.
 */
export async function composeDocument(
  letter: ClaimedLetter,
  context: Pick<StageContext, 'content' | 'pdf' | 'storeContent'>,
): Promise<ComposedDocument | StageResult> {
  const { document, organisationId } = letter;
  if (document === undefined) return { letter, changes: {} };
  const sources = await context.content.get(organisationId, [document.hash]);
  const source = sources.get(document.hash.toString('hex'))?.toString('utf8') ?? '';
  const values = context.content.openValues(letter, letter.sealedValues) ?? new Map();
  const date = contractDate(letter.createdAt);
  const made = await context.pdf.composeTemplate(templateLetter(source, { ...letter, date, values }));
  if ('faults' in made) {
    const faults = made.faults.map(({ code, text }) => ({ code, text }));
    const outcome = { kind: 'manual', reason: 'documentFailed', detail: { faults } } as const;
    return { letter, outcome, events: [{ kind: 'documentFailed', detail: { faults } }] };
  }
  const prepared = context.content.prepare(organisationId, made.pdf, 'application/pdf');
  await context.storeContent(organisationId, prepared);
  const { hash, contentType, plainBytes } = prepared;
  const file: AttachmentFacts = { filename: document.filename, contentType, hash, plainBytes };
  const envelopeBytes = letter.envelopeBytes + base64Bytes(plainBytes);
  return {
    letter: { ...letter, envelopeBytes, document: undefined, attachments: [file, ...letter.attachments] },
    changes: { document: { ...file, pages: made.pages }, envelopeBytes },
  };
}
