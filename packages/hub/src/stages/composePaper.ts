import { formatMoney } from '@brevduva/ui';
import { distinctContents, type PreparedContent } from '../content.ts';
import { contractDate } from '../delivery.ts';
import { giroAccountText } from '../invoice/giroAccount.ts';
import type { Invoice } from '../invoice/invoice.ts';
import type { ClaimedLetter } from '../letter.ts';
import type { PostalAddress } from '../paper/address.ts';
import type { PaperFault } from '../paper/paperFault.ts';
import { type PrintLayout, STANDARD_LAYOUT } from '../paper/printLayout.ts';
import type { PdfFault } from '../pdf/faults.ts';
import type { LetterPayment, TextLetter } from '../pdf/letter.ts';
import { type ComposedDocument, composeDocument } from './composeDocument.ts';
import { groupBy } from './groupBy.ts';
import { inParallel } from './inParallel.ts';
import { partsOf } from './seal.ts';
import type { StageContext, StageResult, StageWork } from './stage.ts';

/**
 * Composes the print-ready PDF and stores it as content, so that a handed-over job can be shown, compared and made again byte for
 * byte. A letter that cannot be printed goes to a person with every fault.
 */
export const composePaper: StageWork = async (letters, context, report) => {
  for (const group of groupBy(letters, (letter) => letter.organisationId).values()) {
    for (const bunch of bunchesOf(group)) await report(await composeTogether(bunch, context));
  }
};

/** Read, stored and written back together: fewer statements, and no more than so many letters' attachments and PDFs in memory. */
const TOGETHER_MAX = 25;
const TOGETHER_BYTES_MAX = 4 * 1024 * 1024;
/** One with the typesetter, one on its way there or back. */
const AT_ONCE = 2;

function* bunchesOf(letters: readonly ClaimedLetter[]): Generator<ClaimedLetter[]> {
  let bunch: ClaimedLetter[] = [];
  let bytes = 0;
  for (const letter of letters) {
    bunch.push(letter);
    bytes += letter.envelopeBytes;
    if (bunch.length < TOGETHER_MAX && bytes < TOGETHER_BYTES_MAX) continue;
    yield bunch;
    [bunch, bytes] = [[], 0];
  }
  if (bunch.length > 0) yield bunch;
}

async function composeTogether(letters: readonly ClaimedLetter[], context: StageContext): Promise<StageResult[]> {
  const results: StageResult[] = [];
  const ready: ReadyLetter[] = [];
  for (const claimed of letters) {
    const made = await readyOrStopped(claimed, context);
    if ('outcome' in made) results.push(made);
    else ready.push(made);
  }
  const [first] = ready;
  if (first === undefined) return results;
  const { organisationId } = first.letter;
  const hashes = new Map(ready.flatMap(({ letter }) => contentHashes(letter)).map((h) => [h.toString('hex'), h]));
  const contents = await context.content.get(organisationId, [...hashes.values()]);
  const prints: PreparedContent[] = [];
  await inParallel(ready, AT_ONCE, async (each) => {
    await context.giveWay?.();
    const { result, print } = await composeOne(each, contents, context);
    results.push(result);
    if (print !== undefined) prints.push(print);
  });
  if (prints.length > 0) await context.storeContent(organisationId, ...distinctContents(prints));
  return results;
}

/** A letter with its address and all its documents. */
interface ReadyLetter extends ComposedDocument {
  readonly address: PostalAddress;
}

async function readyOrStopped(claimed: ClaimedLetter, context: StageContext): Promise<ReadyLetter | StageResult> {
  const { address } = claimed;
  if (address === undefined) {
    const outcome = { kind: 'manual', reason: 'contentDoesNotFit', detail: { missing: 'address' } } as const;
    return { letter: claimed, outcome, events: [] };
  }
  const made = await composeDocument(claimed, context);
  return 'outcome' in made ? made : { ...made, address };
}

function contentHashes({ bodyHash, attachments }: ClaimedLetter): Buffer[] {
  return [bodyHash, ...attachments.map(({ hash }) => hash)];
}

async function composeOne(
  { letter, changes, address }: ReadyLetter,
  contents: ReadonlyMap<string, Buffer>,
  context: StageContext,
): Promise<{ readonly result: StageResult; readonly print?: PreparedContent }> {
  const parts = partsOf(letter, contents, context.content);
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
    return { result: { letter, outcome, changes, events: [{ kind: 'doesNotFitPaper', detail: { faults } }] } };
  }
  const { pdf, ...sheetFacts } = composed;
  const envelopeCode = envelope === 'barcode' ? unitEnvelope?.code : undefined;
  const print = { ...sheetFacts, duplex, colour, ...(envelopeCode !== undefined && { envelopeCode }) };
  const prepared = context.content.prepare(letter.organisationId, pdf, 'application/pdf');
  const result: StageResult = {
    letter,
    outcome: { kind: 'done' },
    changes: { ...changes, printHash: prepared.hash, print },
    events: [{ kind: 'composedForPrint', detail: { ...print, sha256: prepared.hash.toString('hex') } }],
  };
  return { result, print: prepared };
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
