import { type ChosenEnvelope, chooseEnvelope, sheetsMaxOf } from '../../paper/chooseEnvelope.ts';
import { type EnvelopeLayout, type PrintLayout, STANDARD_LAYOUT } from '../../paper/printLayout.ts';
import { type PrintLetter, type PrintResult, sheetsOf } from '../../paper/printSheet.ts';
import { MARKED_SHEETS_MAX } from '../../paper/sheetMark.ts';
import { type PdfFault, type PdfRefusal, pdfFault } from '../faults.ts';
import { addressWindow } from './addressWindow.ts';
import { assemblePrint } from './assemblePrint.ts';
import { type FittedAttachment, fitAttachment } from './fitAttachment.ts';
import { languageTag, prepareLetter } from './letterData.ts';
import { ownFirstPageFaults } from './ownFirstPage.ts';
import { typesetOrRefuse } from './typeset.ts';

/**
 * One letter's print file, or every fault that keeps it from paper. How many pages the message takes is known only when it is set, and the
 * envelope with its window depends on it: it is set for one page, and again when another envelope is needed.
 */
export async function composePrint(print: PrintLetter): Promise<PrintResult> {
  if (print.format === 'postcard') {
    // Loaded where it is needed: what it reads texts with brings along 80 MB of programs.
    const { composePostcard } = await import('./composePostcard.ts');
    return composePostcard(print);
  }
  const layout = print.layout ?? STANDARD_LAYOUT;
  const duplex = print.duplex ?? true;
  const fitted = await fitAttachments(print, layout, duplex);
  const counts = fitted.attachments.map(({ pages }) => pages);
  const shown = await showOwnAddress(print, layout, fitted.attachments, sheetsOf(counts, duplex));
  if (shown.isShown) return assembleWithout(print, fitted, { layout, duplex, sheets: sheetsOf(counts, duplex) });
  if (print.firstPage === 'own' && shown.faults.length > 0) return { faults: [...shown.faults, ...fitted.faults] };
  const own = setOwnPages(print, layout, duplex, counts);
  if ('faults' in own) return { faults: [...fitted.faults, ...own.faults] };
  const sheets = sheetsOf([own.pages, ...counts], duplex);
  const chosen = choose(print, layout, sheets);
  const faults = [
    ...own.windowFaults,
    ...fitted.faults,
    ...(chosen === undefined ? [tooMany(print, layout, sheets)] : []),
  ];
  if (faults.length > 0 || chosen === undefined) return { faults };
  return assemblePrint({
    letterId: print.letterId,
    title: print.letter.subject,
    language: own.language,
    own: { pdf: own.pdf, pages: own.pages },
    attachments: fitted.attachments,
    ...(shown.faults.length > 0 && { coverBecause: [...new Set(shown.faults.map(({ code }) => code))] }),
    ...{ duplex, sheets, chosen, layout },
  });
}

/** Whether the first attachment can be the letter's first page; if it was to be and cannot, why. */
async function showOwnAddress(
  print: PrintLetter,
  layout: PrintLayout,
  attachments: readonly FittedAttachment[],
  sheets: number,
): Promise<{ readonly isShown: boolean; readonly faults: readonly PdfFault[] }> {
  const [first] = attachments;
  const isTried = print.firstPage === 'own' || print.firstPage === 'auto';
  if (!isTried || first === undefined || attachments.length < print.attachments.length) {
    return { isShown: false, faults: [] };
  }
  const envelope = choose(print, layout, sheets)?.envelope ?? largest(layout);
  const found = await ownFirstPageFaults(first.pdf, envelope, print.address);
  return { isShown: found.length === 0, faults: found.map((fault) => ({ ...fault, attachment: 0 })) };
}

/** The print file without pages of ours. */
async function assembleWithout(
  print: PrintLetter,
  { attachments, faults }: Awaited<ReturnType<typeof fitAttachments>>,
  { layout, duplex, sheets }: { layout: PrintLayout; duplex: boolean; sheets: number },
): Promise<PrintResult> {
  const chosen = choose(print, layout, sheets);
  if (chosen === undefined) return { faults: [...faults, tooMany(print, layout, sheets)] };
  if (faults.length > 0) return { faults };
  const { subject: title, language } = print.letter;
  const own = undefined;
  return assemblePrint({
    ...{ letterId: print.letterId, title, language: languageTag(language), own, attachments },
    ...{ duplex, sheets, chosen, layout },
  });
}

async function fitAttachments(print: PrintLetter, layout: PrintLayout, duplex: boolean) {
  const results = [];
  for (const bytes of print.attachments) {
    results.push(
      await fitAttachment(Buffer.from(bytes), {
        fontsMustBeEmbedded: print.fontsMustBeEmbedded ?? true,
        layout,
        duplex,
      }),
    );
  }
  return {
    attachments: results.flatMap(({ fitted }) => fitted ?? []),
    faults: results.flatMap(({ faults }, attachment) => faults.map((fault) => ({ ...fault, attachment }))),
  };
}

interface OwnPages {
  readonly pdf: Buffer;
  readonly pages: number;
  readonly language: string;
  readonly windowFaults: readonly PdfFault[];
}

/** Message and window change one another's places by so little that they have settled by then. */
const TRIES_MAX = 5;

function setOwnPages(
  print: PrintLetter,
  layout: PrintLayout,
  duplex: boolean,
  counts: readonly number[],
): OwnPages | PdfRefusal {
  const envelopeOf = (pages: number) =>
    choose(print, layout, sheetsOf([pages, ...counts], duplex))?.envelope ?? largest(layout);
  let pages = 1;
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const envelope = envelopeOf(pages);
    const window = addressWindow(print.address, print.returnAddress, envelope);
    const prepared = prepareLetter(print.letter, window.data);
    const set = typesetOrRefuse(prepared);
    if ('faults' in set) return { faults: [...window.faults, ...set.faults] };
    pages = set.pages;
    if (envelopeOf(pages) === envelope) {
      const language = languageTag(print.letter.language);
      return { pdf: set.pdf, pages, language, windowFaults: window.faults };
    }
  }
  throw new Error('the pages of a letter do not settle');
}

function choose(print: PrintLetter, layout: PrintLayout, sheets: number): ChosenEnvelope | undefined {
  if (sheets > Math.min(print.sheetsMax ?? MARKED_SHEETS_MAX, MARKED_SHEETS_MAX)) return undefined;
  return chooseEnvelope(layout, sheets);
}

function tooMany(print: PrintLetter, layout: PrintLayout, sheets: number): PdfFault {
  const max = Math.min(print.sheetsMax ?? MARKED_SHEETS_MAX, MARKED_SHEETS_MAX, sheetsMaxOf(layout));
  return pdfFault('HUB_PDF_TOO_MANY_SHEETS', `${sheets} blad, högst ${max}`);
}

function largest(layout: PrintLayout): EnvelopeLayout {
  const envelope = layout.envelopes.at(-1);
  if (envelope === undefined) throw new Error(`layout ${layout.code} has no envelope`);
  return envelope;
}
