import { type ChosenEnvelope, chooseEnvelope, sheetsMaxOf } from '../../paper/chooseEnvelope.ts';
import { type EnvelopeLayout, type PrintLayout, STANDARD_LAYOUT } from '../../paper/printLayout.ts';
import { type PrintLetter, type PrintResult, sheetsOf } from '../../paper/printSheet.ts';
import { MARKED_SHEETS_MAX } from '../../paper/sheetMark.ts';
import { type PdfFault, type PdfRefusal, pdfFault } from '../faults.ts';
import { addressWindow } from './addressWindow.ts';
import { assemblePrint } from './assemblePrint.ts';
import { composePostcard } from './composePostcard.ts';
import { fitAttachment } from './fitAttachment.ts';
import { prepareLetter } from './letterData.ts';
import { typesetOrRefuse } from './typeset.ts';

/**
 * One letter's print file, or every fault that keeps it from paper. How many pages the message takes is known only when it is set, and the
 * envelope with its window depends on it: it is set for one page, and again when another envelope is needed.
 */
export async function composePrint(print: PrintLetter): Promise<PrintResult> {
  if (print.format === 'postcard') return composePostcard(print);
  const layout = print.layout ?? STANDARD_LAYOUT;
  const duplex = print.duplex ?? true;
  const fitted = await fitAttachments(print, layout, duplex);
  const counts = fitted.attachments.map(({ pages }) => pages);
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
    const { language, region } = prepared.data;
    pages = set.pages;
    if (envelopeOf(pages) === envelope) {
      const tag = region === null ? language : `${language}-${region}`;
      return { pdf: set.pdf, pages, language: tag, windowFaults: window.faults };
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
