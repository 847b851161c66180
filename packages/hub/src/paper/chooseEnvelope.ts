import type { EnvelopeLayout, PrintLayout } from './printLayout.ts';

/** What a letter of so many sheets weighs and in what it goes. */
export interface ChosenEnvelope {
  readonly envelope: EnvelopeLayout;
  readonly weightGrams: number;
  /** The step of Swedish postage that it falls in: at most so many grams. */
  readonly postageStepGrams: number;
}

/** PostNord's steps for letters within Sweden. */
export const POSTAGE_STEPS_GRAMS = [50, 100, 250, 500, 1_000, 2_000] as const;
const LETTER_GRAMS_MAX = 2_000;

/** The smallest envelope that takes the sheets within what a letter may weigh; undefined when none does. */
export function chooseEnvelope(layout: PrintLayout, sheets: number): ChosenEnvelope | undefined {
  for (const envelope of layout.envelopes) {
    const weightGrams = Math.ceil(sheets * layout.sheetWeightGrams + envelope.weightGrams);
    if (sheets > envelope.sheetsMax || weightGrams > LETTER_GRAMS_MAX) continue;
    const step = POSTAGE_STEPS_GRAMS.find((grams) => weightGrams <= grams) ?? LETTER_GRAMS_MAX;
    return { envelope, weightGrams, postageStepGrams: step };
  }
  return undefined;
}

/** As many sheets as any of its envelopes takes. */
export function sheetsMaxOf(layout: PrintLayout): number {
  const takes = layout.envelopes.map(({ sheetsMax, weightGrams }) =>
    Math.min(sheetsMax, Math.floor((LETTER_GRAMS_MAX - weightGrams) / layout.sheetWeightGrams)),
  );
  return Math.max(0, ...takes);
}
