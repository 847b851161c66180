import { holdsIdentityNumber } from '../notices/noticeText.ts';
import { type PdfFault, pdfFault } from '../pdf/faults.ts';

/** Why a letter cannot go as a postcard, but for its length: it has files or is an invoice, or says a person's number in the open. */
export function checkPostcard(letter: { subject: string; text: string; hasMore: boolean }): PdfFault[] {
  const isOpen = [letter.subject, letter.text].some(holdsIdentityNumber);
  return [
    ...(letter.hasMore ? [pdfFault('HUB_POSTCARD_ATTACHMENT')] : []),
    ...(isOpen ? [pdfFault('HUB_POSTCARD_PERSONAL_NUMBER')] : []),
  ];
}
