import { PDFiumLibrary, type PDFiumPage } from '@hyzyla/pdfium';
import { PDF, PdfArray, PdfNumber } from '@libpdf/core';
import { A4_HEIGHT_POINTS, POINTS_PER_MM, type RectangleMm } from '../../paper/printLayout.ts';
import { createPdfAssembler } from '../assembly/assemblePdf.ts';

/** A place that shall be white. */
export interface Zone {
  readonly area: RectangleMm;
  /** Whether it is judged on that page, counted from 0. */
  isOn(page: number): boolean;
  /** Ink that may stand there all the same. */
  readonly except?: readonly RectangleMm[];
}

export interface ZoneInk<Z extends Zone> {
  readonly zone: Z;
  /** From 0. */
  readonly page: number;
  /** Around all the ink of the zone, to some tenths of a millimetre: for people to find it. */
  readonly area: RectangleMm;
}

/** Ten dots a millimetre, so that every limit of a layout (one decimal) lies between two dots. */
const DOTS_PER_MM = 10;
/** Darker than this is ink; lighter is what smooth edges leave. */
const WHITE_MIN = 250;
/** A single dot is noise of the drawing. */
const DOTS_MIN = 3;

/**
 * The ink in zones of pages that are A4. Each zone is drawn alone, by the engine of Chromium, and what ends exactly at its limit is outside
 * (scenario 3).
 */
export async function zoneInk<Z extends Zone>(pdf: Buffer, zones: readonly Z[]): Promise<ZoneInk<Z>[]> {
  const pages = (await PDF.load(pdf)).getPageCount();
  const cut = await cutZones(pdf, zones);
  library ??= PDFiumLibrary.init();
  const document = await (await library).loadDocument(cut);
  try {
    const found: ZoneInk<Z>[] = [];
    for (const [zoneIndex, zone] of zones.entries()) {
      for (let page = 0; page < pages; page += 1) {
        if (!zone.isOn(page)) continue;
        const area = await inkOf(document.getPage(zoneIndex * pages + page), zone);
        if (area !== undefined) found.push({ zone, page, area });
      }
    }
    return found;
  } finally {
    document.destroy();
  }
}

let library: Promise<PDFiumLibrary> | undefined;

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

async function inkOf(page: PDFiumPage, { area, except = [] }: Zone): Promise<RectangleMm | undefined> {
  const { data, width } = await page.render({
    scale: DOTS_PER_MM / POINTS_PER_MM,
    colorSpace: 'BGRA',
    render: 'bitmap',
  });
  const white = (at: number) => data[at] ?? WHITE_MIN;
  let dots = 0;
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0];
  for (let at = 0; at + 2 < data.length; at += 4) {
    if (Math.min(white(at), white(at + 1), white(at + 2)) >= WHITE_MIN) continue;
    const [column, row] = [(at / 4) % width, Math.floor(at / 4 / width)];
    const [x, y] = [area.left + (column + 0.5) / DOTS_PER_MM, area.top + (row + 0.5) / DOTS_PER_MM];
    if (except.some((each) => isWithin(x, y, each))) continue;
    dots += 1;
    [left, right] = [Math.min(left, column), Math.max(right, column + 1)];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row + 1)];
  }
  if (dots < DOTS_MIN) return undefined;
  return {
    left: tenths(area.left + left / DOTS_PER_MM),
    top: tenths(area.top + top / DOTS_PER_MM),
    width: tenths((right - left) / DOTS_PER_MM),
    height: tenths((bottom - top) / DOTS_PER_MM),
  };
}

function isWithin(x: number, y: number, { left, top, width, height }: RectangleMm): boolean {
  return x >= left && x <= left + width && y >= top && y <= top + height;
}

function tenths(mm: number): number {
  return Math.round(mm * 10) / 10;
}
