import { deflateSync } from 'node:zlib';
import { streamObject, writePdf } from '../pdfSamples.ts';

/** A text at a place: millimetres from the left and upper edge of the page to its base line. */
export interface PlacedText {
  readonly text: string;
  readonly left: number;
  readonly top: number;
}

const POINTS_PER_MM = 72 / 25.4;
const A4_HEIGHT_POINTS = 841.89;

/** A PDF as a business system prints it: texts at places, in WinAnsi, so that å ä ö are there. */
export function printoutPdf(pages: readonly (readonly PlacedText[])[]): Buffer {
  const kids = pages.map((_, n) => `${4 + n * 2} 0 R`).join(' ');
  return writePdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ...pages.flatMap((texts, n) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.28 ${A4_HEIGHT_POINTS}] /Contents ${5 + n * 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
      streamObject('/Filter /FlateDecode', deflateSync(Buffer.from(texts.map(drawn).join('\n'), 'latin1'))),
    ]),
  ]);
}

function drawn({ text, left, top }: PlacedText): string {
  const x = (left * POINTS_PER_MM).toFixed(2);
  const y = (A4_HEIGHT_POINTS - top * POINTS_PER_MM).toFixed(2);
  return `BT /F1 11 Tf ${x} ${y} Td (${text.replace(/[()\\]/g, String.raw`\$&`)}) Tj ET`;
}

/** The first page of a letter from a fictitious system, laid out as {@link LETTER_RULES} has it. */
export function letterPage(letter: {
  readonly number: string;
  readonly name: string;
  readonly subject?: string;
  readonly reference?: string;
}): PlacedText[] {
  const { number, name, subject = 'Beslut om bygglov', reference } = letter;
  return [
    { text: 'Kommun A', left: 20, top: 20 },
    { text: name, left: 110, top: 50 },
    { text: 'Storgatan 1', left: 110, top: 55 },
    { text: '123 45 Staden', left: 110, top: 60 },
    { text: `Personnummer ${number}`, left: 20, top: 85 },
    { text: subject, left: 20, top: 100 },
    ...(reference === undefined ? [] : [{ text: `Dnr ${reference}`, left: 20, top: 110 }]),
    { text: 'Du får bygga. Hälsningar från oss på kontoret.', left: 20, top: 130 },
  ];
}

export function furtherPage(text: string): PlacedText[] {
  return [{ text, left: 20, top: 40 }];
}

/** How the fictitious system's letters are read. */
export const LETTER_RULES = {
  flow: 'beslut',
  newLetter: { at: 'recipient' },
  recipient: [
    { find: 'text', pattern: String.raw`Personnummer (\S+)`, area: { left: 15, top: 78, width: 180, height: 10 } },
  ],
  subject: { find: 'text', area: { left: 15, top: 94, width: 180, height: 9 } },
  reference: { find: 'text', pattern: String.raw`Dnr (\S+)` },
  address: { left: 105, top: 43, width: 95, height: 20 },
} as const;
