import { type PdfFault, pdfFault } from './faults.ts';
import type { PdfInspection } from './inspection.ts';

/** What keeps a PDF from being read aloud: tags, language, title, and text on every page. All at once; none when it has them all. */
export function accessibilityFaults(inspection: PdfInspection): PdfFault[] {
  const { tagged, language, title, pagesWithoutText } = inspection;
  return [
    ...(tagged ? [] : [pdfFault('HUB_PDF_NOT_TAGGED')]),
    ...(language === undefined ? [pdfFault('HUB_PDF_NO_LANGUAGE')] : []),
    ...(title === undefined ? [pdfFault('HUB_PDF_NO_TITLE')] : []),
    ...(pagesWithoutText.length === 0 ? [] : [pdfFault('HUB_PDF_NO_TEXT', pageList(pagesWithoutText))]),
  ];
}

const PAGES_SHOWN_MAX = 10;

function pageList(pages: readonly number[]): string {
  const more = pages.length > PAGES_SHOWN_MAX ? ' …' : '';
  return `sidan ${pages.slice(0, PAGES_SHOWN_MAX).join(', ')}${more}`;
}
