import { type PostalAddress, printedLines } from '../../paper/address.ts';
import { type EnvelopeLayout, POINTS_PER_MM } from '../../paper/printLayout.ts';
import { type PdfFault, pdfFault } from '../faults.ts';
import { printableText, textWidthPoints } from './letterFont.ts';
import type { WindowData } from './typeset.ts';

/** Sorting machines read 10–12 points best and 8 still (21grams.se/adressera-ratt). */
const ADDRESS_SIZES = [11, 10, 9, 8];
const RETURN_SIZES = [6.5, 6, 5.5, 5];
/** Between window edge and text: the sheet may hang slightly askew. */
const PADDING_MM = 3;
const RETURN_HEIGHT_MM = 4;
const PITCH_MM_MAX = 4.6;

/** Return line and address as they fit the window, in the largest size that fits; or why they do not. */
export function addressWindow(
  address: PostalAddress,
  returnAddress: PostalAddress,
  layout: EnvelopeLayout,
): { data: WindowData; faults: readonly PdfFault[] } {
  const { window } = layout;
  const width = window.width - 2 * PADDING_MM;
  const widthPoints = width * POINTS_PER_MM;
  const { faults, ...fitted } = fitAddress(address, {
    width,
    height: window.height - RETURN_HEIGHT_MM - 1.5 * PADDING_MM,
  });
  const returnLine = `Avs: ${printedLines(returnAddress).join(', ')}`;
  const data: WindowData = {
    left: window.left + PADDING_MM,
    top: window.top + PADDING_MM / 2,
    width,
    returnLine: shortened(returnLine, widthPoints),
    returnSize: fittingSize([returnLine], RETURN_SIZES, widthPoints) ?? smallest(RETURN_SIZES),
    addressTop: window.top + PADDING_MM / 2 + RETURN_HEIGHT_MM,
    ...fitted,
    bodyTop: layout.bodyTopMm,
  };
  return { data, faults };
}

export interface FittedAddress {
  /** Points. */
  readonly addressSize: number;
  /** Millimetres from line to line. */
  readonly pitch: number;
  readonly lines: readonly string[];
  readonly faults: readonly PdfFault[];
}

/** The address in the largest size that fits an area of so many millimetres; or which of its lines do not. */
export function fitAddress(address: PostalAddress, area: { width: number; height: number }): FittedAddress {
  const lines = printedLines(address);
  const widthPoints = area.width * POINTS_PER_MM;
  const pitch = Math.min(PITCH_MM_MAX, area.height / lines.length);
  const sizes = ADDRESS_SIZES.filter((size) => size <= pitch * POINTS_PER_MM * 0.95);
  return {
    addressSize: fittingSize(lines, sizes, widthPoints) ?? smallest(ADDRESS_SIZES),
    pitch,
    lines,
    faults: lines.flatMap((line) => lineFaults(line, widthPoints)),
  };
}

function lineFaults(line: string, widthPoints: number): PdfFault[] {
  const { missing } = printableText(line);
  // A stand-in is good enough in a message, never in an address.
  if (missing.length > 0 || printableText(line).text !== line) return [pdfFault('HUB_PDF_CHARACTER', line)];
  return textWidthPoints(line, smallest(ADDRESS_SIZES)) > widthPoints
    ? [pdfFault('HUB_PDF_ADDRESS_TOO_WIDE', line)]
    : [];
}

function fittingSize(lines: readonly string[], sizes: readonly number[], widthPoints: number): number | undefined {
  return sizes.find((size) => lines.every((line) => textWidthPoints(line, size) <= widthPoints));
}

/** The return line is for the postman; its end, the city, matters as much as its beginning. */
function shortened(line: string, widthPoints: number): string {
  const fits = (text: string): boolean => textWidthPoints(text, smallest(RETURN_SIZES)) <= widthPoints;
  let [start, end] = [Math.ceil(line.length / 2), Math.ceil(line.length / 2)];
  if (fits(line)) return line;
  while (start > 1 && !fits(`${line.slice(0, start)}…${line.slice(end)}`)) {
    start -= 1;
    end += 1;
  }
  return `${line.slice(0, start)}…${line.slice(end)}`;
}

function smallest(sizes: readonly number[]): number {
  return Math.min(...sizes);
}
