import { PDFiumLibrary } from '@hyzyla/pdfium';
import { PDF, PdfArray, PdfNumber } from '@libpdf/core';
import {
  A4_HEIGHT_MM,
  A4_HEIGHT_POINTS,
  A4_WIDTH_MM,
  POINTS_PER_MM,
  type PrintLayout,
  type RectangleMm,
} from '../../paper/printLayout.ts';
import { createPdfAssembler } from '../assembly/assemblePdf.ts';
import { type PdfFault, pdfFault } from '../faults.ts';

/** Ten dots a millimetre, so that every limit of a layout (one decimal) lies between two dots. */
const DOTS_PER_MM = 10;
/** Darker than this is ink; lighter is what smooth edges leave. */
const WHITE_MIN = 250;
/** A single dot is noise of the drawing. */
const DOTS_MIN = 3;

interface Zone {
  readonly code: 'HUB_PRINT_MARGIN' | 'HUB_PRINT_MARK_ZONE';
  readonly area: RectangleMm;
  /** The mark stands on fronts only. */
  readonly isOnBacks: boolean;
}

/**
 * Where a document that is to be printed, A4 already, has ink in a place that is not its own: the margin that printers do not reach, and
 * the zone of the sheet mark. Each zone is drawn alone, by the engine of Chromium, and what ends exactly at its limit is outside (scenario 3).
 */
export async function inkFaults(pdf: Buffer, layout: PrintLayout, duplex: boolean): Promise<PdfFault[]> {
  const zones = zonesOf(layout);
  const pages = (await PDF.load(pdf)).getPageCount();
  const cut = await cutZones(pdf, zones);
  library ??= PDFiumLibrary.init();
  const document = await (await library).loadDocument(cut);
  try {
    const faults: PdfFault[] = [];
    for (const [zoneIndex, { code, isOnBacks }] of zones.entries()) {
      for (let page = 0; page < pages; page += 1) {
        if (duplex && page % 2 === 1 && !isOnBacks) continue;
        const shown = document.getPage(zoneIndex * pages + page);
        const { data } = await shown.render({
          scale: DOTS_PER_MM / POINTS_PER_MM,
          colorSpace: 'BGRA',
          render: 'bitmap',
        });
        if (hasInk(data)) faults.push(pdfFault(code, `sidan ${page + 1}`, page + 1));
      }
    }
    return onceEach(faults);
  } finally {
    document.destroy();
  }
}

let library: Promise<PDFiumLibrary> | undefined;

function zonesOf({ marginMm, markZone }: PrintLayout): Zone[] {
  const margin = (left: number, top: number, width: number, height: number): Zone => ({
    code: 'HUB_PRINT_MARGIN',
    area: { left, top, width, height },
    isOnBacks: true,
  });
  const edges = [
    margin(0, 0, A4_WIDTH_MM, marginMm),
    margin(0, A4_HEIGHT_MM - marginMm, A4_WIDTH_MM, marginMm),
    margin(0, marginMm, marginMm, A4_HEIGHT_MM - 2 * marginMm),
    margin(A4_WIDTH_MM - marginMm, marginMm, marginMm, A4_HEIGHT_MM - 2 * marginMm),
  ];
  return [...(marginMm === 0 ? [] : edges), { code: 'HUB_PRINT_MARK_ZONE', area: markZone, isOnBacks: false }];
}

/** All pages once for each zone, with the zone as their whole paper. */
async function cutZones(pdf: Buffer, zones: readonly Zone[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const assembler = createPdfAssembler({ title: '', language: 'sv' }, (bytes) => void chunks.push(bytes));
  for (const { area } of zones) {
    const source = await PDF.load(pdf);
    const [left, right] = [area.left * POINTS_PER_MM, (area.left + area.width) * POINTS_PER_MM];
    const [top, bottom] = [area.top, area.top + area.height].map((mm) => A4_HEIGHT_POINTS - mm * POINTS_PER_MM);
    for (const page of source.getPages()) {
      const box = [left, bottom ?? 0, right, top ?? 0].map((each) => PdfNumber.of(each));
      page.dict.set('MediaBox', new PdfArray(box));
    }
    await assembler.addDocument(source);
  }
  await assembler.finish();
  return Buffer.concat(chunks);
}

function hasInk(bgra: Uint8Array): boolean {
  let dots = 0;
  for (let at = 0; at + 2 < bgra.length && dots < DOTS_MIN; at += 4) {
    const darkest = Math.min(bgra[at] ?? WHITE_MIN, bgra[at + 1] ?? WHITE_MIN, bgra[at + 2] ?? WHITE_MIN);
    if (darkest < WHITE_MIN) dots += 1;
  }
  return dots >= DOTS_MIN;
}

/** Ink along two edges of a page is one fault. */
function onceEach(faults: readonly PdfFault[]): PdfFault[] {
  const byPlace = new Map(faults.map((fault) => [`${fault.code} ${fault.page}`, fault]));
  return [...byPlace.values()].toSorted((a, b) => (a.page ?? 0) - (b.page ?? 0));
}
