import { composePrintPdf } from '../paper/printSheet.ts';
import type { ClaimedLetter } from '../letter.ts';
import { partsOf } from './seal.ts';
import type { StageContext, StageResult, StageWork } from './stage.ts';

/**
 * Composes the print-ready PDF and stores it as content, so that a handed-over job can be shown, compared and made again byte for
 * byte. A letter that cannot be printed goes to a person with every fault.
 */
export const composePaper: StageWork = async (letters, context, report) => {
  for (const letter of letters) await report([await composeOne(letter, context)]);
};

async function composeOne(letter: ClaimedLetter, context: StageContext): Promise<StageResult> {
  const { address } = letter;
  if (address === undefined) {
    return { letter, outcome: { kind: 'manual', reason: 'contentDoesNotFit', detail: { missing: 'address' } }, events: [] };
  }
  const hashes = [letter.bodyHash, ...letter.attachments.map((attachment) => attachment.hash)];
  const parts = partsOf(letter, await context.content.get(letter.organisationId, hashes));
  const composed = await composePrintPdf({
    letterId: letter.id,
    address,
    returnAddress: letter.organisation.returnAddress,
    sender: { name: letter.organisation.name, unit: letter.flow.unitName },
    support: letter.organisation.support,
    subject: letter.subject,
    message: { contentType: letter.bodyContentType, text: parts.body.bytes.toString('utf8') },
    date: letter.createdAt,
    language: letter.language,
    ...(letter.reference === undefined ? {} : { reference: letter.reference }),
    attachments: parts.attachments.map(({ filename, bytes }) => ({ filename, bytes })),
  });
  if (!composed.ok) {
    const faults = composed.faults.map(({ code, text }) => ({ code, text }));
    return {
      letter,
      outcome: { kind: 'manual', reason: 'contentDoesNotFit', detail: { faults } },
      events: [{ kind: 'doesNotFitPaper', detail: { faults } }],
    };
  }
  const prepared = context.content.prepare(letter.organisationId, composed.pdf, 'application/pdf');
  await context.storeContent(letter.organisationId, prepared);
  return {
    letter,
    outcome: { kind: 'done' },
    changes: { printHash: prepared.hash, printSheets: composed.sheets },
    events: [{ kind: 'composedForPrint', detail: { sheets: composed.sheets, pages: composed.pages } }],
  };
}
