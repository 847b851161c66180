import type { ClaimedLetter } from '../letter.ts';
import type { StageContext, StageResult, StageWork } from './stage.ts';

/** A printed letter is confirmed when its job lies with the print shop and the manifest's hash is that of the print we made. */
export const confirmPaper: StageWork = async (letters, context, report) => {
  await report(await Promise.all(letters.map((letter) => confirmOne(letter, context))));
};

async function confirmOne(letter: ClaimedLetter, context: StageContext): Promise<StageResult> {
  const job = await context.paper.find(letter.id);
  const expected = letter.printHash?.toString('hex');
  if (job === undefined || job.manifest.sha256 !== expected) {
    const detail = { missing: job === undefined ? 'job' : 'matchingHash' };
    return { letter, outcome: { kind: 'manual', reason: 'confirmFailed', detail }, events: [] };
  }
  const { sha256, sheets } = job.manifest;
  const proof = { sha256, sheets, place: job.place };
  return {
    letter,
    outcome: { kind: 'done' },
    receipt: { delivered: true, proof },
    events: [{ kind: 'printed', detail: proof }],
  };
}
