import type { ClaimedLetter } from '../letter.ts';
import { PaperFolderError } from '../paper/handOver.ts';
import type { StageContext, StageResult, StageWork } from './stage.ts';

/** Hands the print-ready job to the print shop's folder. Publishing is one rename and looks first, so a replay never prints twice. */
export const deliverPaper: StageWork = async (letters, context, report) => {
  for (const letter of letters) await report([await handOverOne(letter, context)]);
};

async function handOverOne(letter: ClaimedLetter, context: StageContext): Promise<StageResult> {
  const { printHash, address, print } = letter;
  if (printHash === undefined || address === undefined || print === undefined) {
    return { letter, outcome: { kind: 'manual', reason: 'handOverFailed', detail: { missing: 'print' } }, events: [] };
  }
  const contents = await context.content.get(letter.organisationId, [printHash]);
  const pdf = contents.get(printHash.toString('hex'));
  if (pdf === undefined) throw new Error(`print of letter ${letter.id} was not loaded`);
  try {
    const outcome = await context.paper.handOver({
      letterId: letter.id,
      pdf,
      manifest: {
        organisation: { number: letter.organisation.organizationNumber, name: letter.organisation.name },
        unit: letter.flow.unitCode,
        flow: letter.flow.code,
        ...print,
        postageClass: letter.flow.postageClass,
        addressCountry: address.country ?? 'SE',
      },
    });
    const sha256 = printHash.toString('hex');
    return { letter, outcome: { kind: 'done' }, events: [{ kind: 'handedToPrint', detail: { outcome, sha256 } }] };
  } catch (error) {
    if (!(error instanceof PaperFolderError)) throw error;
    context.log.error({ err: error, letterId: letter.id }, 'the print folder did not take a job');
    return {
      letter,
      outcome: { kind: 'retry', reason: error.retryable ? 'paper:folder' : 'paper:refused', certainty: 'notDelivered' },
      events: [],
    };
  }
}
