import type { RectangleMm } from '../paper/printLayout.ts';

/**
 * What can be wrong with a PDF, or with making one. Each code has one public Swedish text; the hub's error list
 * (`src/errors.ts`, docs/errors.md) takes them from {@link PDF_FAULT_TEXTS}.
 */
export const PDF_FAULT_TEXTS = {
  HUB_PDF_NOT_A_PDF: 'Filen är inte en PDF. Spara dokumentet som PDF; det räcker inte att döpa om filen.',
  HUB_PDF_CORRUPT: 'PDF-filen är trasig och kan inte läsas säkert. Skapa den på nytt.',
  HUB_PDF_NO_PAGES: 'PDF-filen har inga sidor.',
  HUB_PDF_ENCRYPTED: 'PDF-filen är lösenordsskyddad eller krypterad. Spara den utan skydd.',
  HUB_PDF_ACTIVE_CONTENT: 'PDF-filen innehåller något som kan köras när den öppnas. Ta bort det.',
  HUB_PDF_EMBEDDED_FILE: 'PDF-filen har andra filer inbäddade. Skicka dem som egna bilagor.',
  HUB_PDF_TOO_MANY_PAGES: 'PDF-filen har för många sidor.',
  HUB_PDF_TOO_LARGE: 'PDF-filen är för stor.',
  HUB_PDF_TOO_COMPLEX:
    'PDF-filen kunde inte kontrolleras inom rimlig tid. Den är trasig eller onödigt invecklad; skriv ut den till en ny PDF.',
  HUB_PDF_FONT_NOT_EMBEDDED:
    'Ett typsnitt saknas i PDF-filen, så texten kan bli fel på papper. Bädda in alla typsnitt.',
  HUB_PDF_NOT_TAGGED:
    'PDF-filen saknar taggar, så skärmläsare kan inte följa den. Exportera den som taggad (tillgänglig) PDF.',
  HUB_PDF_NO_LANGUAGE: 'PDF-filen säger inte vilket språk den är på. Ange språk i dokumentets egenskaper.',
  HUB_PDF_NO_TITLE: 'PDF-filen har ingen titel. Ange titel i dokumentets egenskaper.',
  HUB_PDF_NO_TEXT:
    'PDF-filen har sidor utan text, troligen inskannade. Tolka dem till text (OCR) eller skapa filen ur originalet.',
  HUB_PRINT_MARGIN: 'Innehåll ligger i marginalen, dit skrivaren inte når.',
  HUB_PRINT_MARK_ZONE: 'Innehåll ligger där bladmärket ska stå.',
  HUB_PRINT_NO_ADDRESS: 'Dokumentets första sida har ingen adress i kuvertets fönster.',
  HUB_PRINT_ADDRESS_DIFFERS: 'I kuvertets fönster står en annan adress än brevets.',
  HUB_PRINT_WINDOW: 'I kuvertets fönster finns något annat än adressen.',
  HUB_PRINT_QUIET_ZONE: 'Innehåll ligger så nära adressen att det kan synas i kuvertets fönster.',
  HUB_POSTCARD_PERSONAL_NUMBER: 'Ett vykort ligger öppet, och texten innehåller ett personnummer.',
  HUB_PDF_TOO_MANY_SHEETS: 'Brevet har fler blad än kuvertet rymmer.',
  HUB_POSTCARD_TOO_LONG: 'Texten får inte plats på vykortets baksida.',
  HUB_POSTCARD_ATTACHMENT: 'Ett vykort har inga bilagor och kan inte vara en faktura.',
  HUB_PDF_CHARACTER: 'Texten innehåller tecken som inte kan skrivas ut.',
  HUB_PDF_ADDRESS_TOO_WIDE: 'En adressrad är för lång för kuvertets fönster.',
  HUB_PDF_IMAGE: 'En bild i brevtexten kan inte läsas. Lägg in den på nytt som PNG eller JPEG.',
  HUB_PDF_TEXT_TOO_LONG: 'Brevtexten är för lång.',
  HUB_TEMPLATE_FAULT: 'Mallens dokument har ett fel.',
  HUB_TEMPLATE_SLOW: 'Mallens dokument tar för lång tid att sätta. Något i det upprepas utan slut, eller alltför ofta.',
  HUB_TEMPLATE_MEMORY: 'Mallens dokument tar för mycket minne att sätta.',
  HUB_TEMPLATE_FILE: 'Mallens dokument läser en fil. Det finns inga filer: lägg in bilder och text i dokumentet.',
  HUB_TEMPLATE_PACKAGE: 'Mallens dokument hämtar ett paket. Det går inte: bara /brevduva.typ finns att importera.',
  HUB_TEMPLATE_VALUE: 'Mallens dokument frågar efter ett värde som mottagaren inte har.',
  HUB_TEMPLATE_PAGES: 'Mallens dokument blir för många sidor.',
} as const;

export type PdfFaultCode = keyof typeof PDF_FAULT_TEXTS;

export interface PdfFault {
  readonly code: PdfFaultCode;
  /** Public Swedish text; names the thing found where there is one. */
  readonly text: string;
  /** 1-based, when one page is at fault. */
  readonly page?: number;
  /** 0-based, when one of several attachments is at fault. */
  readonly attachment?: number;
  /** The places on that page, as it lies on the sheet, when something stands where it should not. */
  readonly areas?: readonly RectangleMm[];
}

export interface PdfRefusal {
  readonly faults: readonly PdfFault[];
}

/** `found` is put after the text: the font's name, the number of pages, the kind of action. */
export function pdfFault(code: PdfFaultCode, found?: string, page?: number): PdfFault {
  const text = found === undefined ? PDF_FAULT_TEXTS[code] : `${PDF_FAULT_TEXTS[code]} (${found})`;
  return { code, text, ...(page === undefined ? {} : { page }) };
}
