import { ENVELOPE_BYTES_MAX } from '@brevduva/protocol';
import type { ClaimedLetter } from '../letter.ts';
import { composeDocument } from './composeDocument.ts';
import type { LetterChanges, StageContext, StageResult, StageWork } from './stage.ts';

/**
 * A digital letter is composed when it is taken in: its body is checked and its envelope measured then, so that a fault is told to
 * the business system and not found here. What is left is the PDF that a template makes of each letter, and the limit itself, which
 * that PDF may pass, and a letter meant for paper that a person sends another way.
 */
export const composeDigital: StageWork = async (letters, context, report) => {
  const ready = letters.filter(({ document }) => document === undefined);
  if (ready.length > 0) await report(ready.map((letter) => judged(letter, {})));
  for (const letter of letters) if (letter.document !== undefined) await report([await composeOne(letter, context)]);
};

async function composeOne(letter: ClaimedLetter, context: StageContext): Promise<StageResult> {
  const composed = await composeDocument(letter, context);
  return 'outcome' in composed ? composed : judged(composed.letter, composed.changes);
}

function judged(letter: ClaimedLetter, changes: LetterChanges): StageResult {
  const { envelopeBytes } = letter;
  if (envelopeBytes <= ENVELOPE_BYTES_MAX) return { letter, outcome: { kind: 'done' }, changes, events: [] };
  const events = [{ kind: 'tooLargeForDigital', detail: { envelopeBytes } }] as const;
  return { letter, outcome: { kind: 'reroute', failure: 'contentTooLarge' }, changes, events };
}
