import { ENVELOPE_BYTES_MAX } from '@brevduva/protocol';
import type { StageWork } from './stage.ts';

/**
 * A digital letter is composed when it is taken in: its body is checked and its envelope measured then, so that a fault is told to
 * the business system and not found here. What is left is the limit itself, which a letter meant for paper may exceed when a
 * person later sends it another way.
 */
export const composeDigital: StageWork = async (letters, _context, report) => {
  await report(
    letters.map((letter) =>
      letter.envelopeBytes > ENVELOPE_BYTES_MAX
        ? {
            letter,
            outcome: { kind: 'reroute', failure: 'contentTooLarge' },
            events: [{ kind: 'tooLargeForDigital', detail: { envelopeBytes: letter.envelopeBytes } }],
          }
        : { letter, outcome: { kind: 'done' }, events: [] },
    ),
  );
};
