import { judgePeppolInvoice } from '../invoice/peppolRules.ts';
import { writePeppolInvoice } from '../invoice/writePeppolInvoice.ts';
import type { ClaimedLetter } from '../letter.ts';
import { UBL_CONTENT_TYPE } from '../mailing/prepareContent.ts';
import { composeDocument } from './composeDocument.ts';
import { partsOf } from './seal.ts';
import type { LetterChanges, NewEvent, StageContext, StageResult, StageWork } from './stage.ts';

/**
 * Writes the invoice in UBL and keeps it as content, so that its bytes stay the same however often it is sent. One that its system handed in
 * in UBL goes as it stands. Either is held to the published rules first; an invoice that breaks one is never sent, and goes the next way.
 */
export const composeEInvoice: StageWork = async (letters, context, report) => {
  for (const letter of letters) await report([await composeOne(letter, context)]);
};

async function composeOne(claimed: ClaimedLetter, context: StageContext): Promise<StageResult> {
  const { organisationId, invoiceXmlHash } = claimed;
  if (invoiceXmlHash !== undefined) {
    const contents = await context.content.get(organisationId, [invoiceXmlHash]);
    const xml = contents.get(invoiceXmlHash.toString('hex')) ?? Buffer.alloc(0);
    return judged(claimed, xml, { kind: 'eInvoiceOriginal' }, {});
  }
  const made = await composeDocument(claimed, context);
  if ('outcome' in made) return made;
  const { letter, changes } = made;
  const xml = await write(letter, context);
  const content = context.content.prepare(organisationId, xml, UBL_CONTENT_TYPE);
  const result = judged(letter, xml, { kind: 'eInvoiceComposed' }, { ...changes, invoiceXmlHash: content.hash });
  // What breaks a rule is not kept: after a correction it is written anew.
  if (result.outcome.kind !== 'done') return { ...result, changes };
  await context.storeContent(organisationId, content);
  return result;
}

function judged(letter: ClaimedLetter, xml: Buffer, event: NewEvent, changes: LetterChanges): StageResult {
  const { broken, warnings } = judgePeppolInvoice(xml);
  if (broken.length > 0) {
    const faults = broken.map(({ id: code, text }) => ({ code, text }));
    return {
      letter,
      outcome: { kind: 'reroute', failure: 'eInvoiceRulesBroken' },
      changes,
      events: [{ kind: 'eInvoiceRulesBroken', detail: { faults } }],
    };
  }
  const detail = warnings.length > 0 ? { faults: warnings.map(({ id: code, text }) => ({ code, text })) } : {};
  return { letter, outcome: { kind: 'done' }, changes, events: [{ ...event, detail }] };
}

async function write(letter: ClaimedLetter, { content }: StageContext): Promise<Buffer> {
  const { invoice, organisation, flow, eInvoiceAddress: buyer } = letter;
  const { creditor } = organisation;
  const vatPercent = flow.eInvoiceVatPercent;
  if (invoice === undefined || buyer === undefined || creditor === undefined || vatPercent === undefined) {
    // The switch lets none through that lacks them; a configuration that was changed since is an unexpected fault, and tried again.
    throw new Error(`letter ${letter.id} lacks what an e-invoice is written from`);
  }
  const hashes = [letter.bodyHash, ...letter.attachments.map(({ hash }) => hash)];
  const { attachments } = partsOf(letter, await content.get(letter.organisationId, hashes), content);
  const pdfs = attachments.map(({ filename, bytes }) => ({ filename, bytes }));
  return writePeppolInvoice({ letter, invoice, creditor, vatPercent, buyer, pdfs });
}
