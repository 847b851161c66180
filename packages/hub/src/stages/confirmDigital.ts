import type { StageWork } from './stage.ts';

/**
 * The operator's receipt was stored with the write-back that brought the letter here; v3 knows no other (FACTS g). Confirmation is
 * that it is there: a letter is never called delivered on the word of a row that says so, only on the operator's own answer.
 */
export const confirmDigital: StageWork = async (letters, context, report) => {
  const confirmed = await context.receiptsOf(letters);
  await report(
    letters.map((letter) =>
      confirmed.has(letter.id)
        ? { letter, outcome: { kind: 'done' }, events: [{ kind: 'delivered' }] }
        : { letter, outcome: { kind: 'manual', reason: 'confirmFailed', detail: { missing: 'receipt' } }, events: [] },
    ),
  );
};
