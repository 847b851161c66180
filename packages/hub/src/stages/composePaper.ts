import { formatMoney } from '@brevduva/ui';
import { contractDate } from '../delivery.ts';
import { giroAccountText } from '../invoice/giroAccount.ts';
import type { Invoice } from '../invoice/invoice.ts';
import type { ClaimedLetter } from '../letter.ts';
import type { PaperFault } from '../paper/paperFault.ts';
import { type PrintLayout, STANDARD_LAYOUT } from '../paper/printLayout.ts';
import type { PdfFault } from '../pdf/faults.ts';
import type { LetterPayment, TextLetter } from '../pdf/letter.ts';
import { composeDocument } from './composeDocument.ts';
import { partsOf } from './seal.ts';
import type { StageContext, StageResult, StageWork } from './stage.ts';

/**
 * Composes the print-ready PDF and stores it as content, so that a handed-over job can be shown, compared and made again byte for
 * byte. A letter that cannot be printed goes to a person with every fault.
 */
export const composePaper: StageWork = async (letters, context, report) => {
  for (const letter of letters) await report([await composeOne(letter, context)]);
};

async function composeOne(claimed: ClaimedLetter, context: StageContext): Promise<StageResult> {
  const { address } = claimed;
  if (address === undefined) {
    const outcome = { kind: 'manual', reason: 'contentDoesNotFit', detail: { missing: 'address' } } as const;
    return { letter: claimed, outcome, events: [] };
  }
  const made = await composeDocument(claimed, context);
  if ('outcome' in made) return made;
  const { letter } = made;
  const hashes = [letter.bodyHash, ...letter.attachments.map((attachment) => attachment.hash)];
  const parts = partsOf(letter, await context.content.get(letter.organisationId, hashes), context.content);
  const { colour, paperFormat: format, envelope, unitEnvelope } = letter.flow;
  // A card has two sides, whatever its flow's letters have.
  const duplex = letter.flow.duplex || format === 'postcard';
  const composed = await context.pdf.composePrintPdf({
    letterId: letter.id,
    address,
    returnAddress: letter.organisation.returnAddress,
    letter: textLetter(letter, parts.body.bytes.toString('utf8')),
    attachments: parts.attachments.map(({ bytes }) => bytes),
    duplex,
    format,
    layout: layoutOf(letter),
    firstPage: letter.flow.firstPage,
  });
  if ('faults' in composed) {
    const faults = composed.faults.map(faultInCase);
    const outcome = { kind: 'manual', reason: 'contentDoesNotFit', detail: { faults } } as const;
    return { letter, outcome, changes: made.changes, events: [{ kind: 'doesNotFitPaper', detail: { faults } }] };
  }
  const { pdf, ...sheetFacts } = composed;
  const envelopeCode = envelope === 'barcode' ? unitEnvelope?.code : undefined;
  const print = { ...sheetFacts, duplex, colour, ...(envelopeCode !== undefined && { envelopeCode }) };
  const prepared = context.content.prepare(letter.organisationId, pdf, 'application/pdf');
  await context.storeContent(letter.organisationId, prepared);
  return {
    letter,
    outcome: { kind: 'done' },
    changes: { ...made.changes, printHash: prepared.hash, print },
    events: [{ kind: 'composedForPrint', detail: { ...print, sha256: prepared.hash.toString('hex') } }],
  };
}

/** With its place, so that the case can show it. */
function faultInCase({ code, text, page, attachment, areas }: PdfFault): PaperFault {
  const place =
    page === undefined || attachment === undefined || areas === undefined ? {} : { page, attachment, areas };
  return { code, text, ...place };
}

/**
 * A layout that a later configuration took away gives way to the standard one. In the unit's own envelopes a letter has the sizes that the
 * unit has; one that a later configuration took away too gives way to all.
 */
function layoutOf({ organisation, flow }: ClaimedLetter): PrintLayout {
  const layout = organisation.printLayouts.find(({ code }) => code === flow.printLayout) ?? STANDARD_LAYOUT;
  const sizes = flow.envelope === 'barcode' ? flow.unitEnvelope?.sizes : undefined;
  const envelopes = layout.envelopes.filter(({ kind }) => sizes?.includes(kind) ?? true);
  return envelopes.length === 0 ? layout : { ...layout, envelopes };
}

function textLetter(letter: ClaimedLetter, text: string): TextLetter {
  const { organisation, flow } = letter;
  return {
    subject: letter.subject,
    body: { contentType: letter.bodyContentType === 'text/html' ? 'text/html' : 'text/plain', text },
    sender: { name: organisation.name, unit: flow.unitName, support: organisation.support },
    language: letter.language,
    date: contractDate(letter.createdAt),
    ...(letter.reference === undefined ? {} : { reference: letter.reference }),
    ...(letter.invoice && { payment: payment(letter.invoice, letter.language) }),
  };
}

function payment(invoice: Invoice, language: string): LetterPayment {
  const { amountHundredths, currency, dueDate, account, reference } = invoice;
  return {
    amount: formatMoney(BigInt(amountHundredths), currency, language.startsWith('sv') ? 'sv' : 'en'),
    dueDate,
    account: { kind: account.kind, number: giroAccountText(account) },
    ...(reference && { reference }),
  };
}
