import { crc32, deflateSync } from 'node:zlib';
import type { PDFiumPage } from '@hyzyla/pdfium';
import { POINTS_PER_MM, type RectangleMm } from '../../paper/printLayout.ts';

/** 100 dots per inch: an A4 page is 827 × 1169, legible on a screen. */
const SCALE = 100 / 72;
const PIXELS_MAX = 4_000_000;
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BITS = 8;
/** PNG's colour types and how many bytes each takes a dot (ISO/IEC 15948 11.2.2). */
const GREY = { type: 0, bytes: 1 };
const RGB = { type: 2, bytes: 3 };
/** Red, thick enough to be seen on a screen, and far enough out not to cover what it frames. */
const FRAME = { colour: [0xc4, 0x1e, 0x1e], dots: 3, outMm: 2 } as const;

/** A page as a PNG in shades of grey, as a person reads it. */
export async function pagePicture(page: PDFiumPage): Promise<Buffer> {
  const { originalWidth, originalHeight } = page.getOriginalSize();
  // A page can be said to be 200 inches wide; its picture is then coarser, not larger.
  const scale = Math.min(SCALE, Math.sqrt(PIXELS_MAX / (originalWidth * originalHeight)));
  const { data, width, height } = await page.render({ scale, colorSpace: 'BGRA', render: 'bitmap' });
  return png(greyRows(data, width, height), width, height, GREY);
}

/** An A4 page in colours, with a red frame around each of the places. */
export async function markedPicture(page: PDFiumPage, areas: readonly RectangleMm[]): Promise<Buffer> {
  const { data, width, height } = await page.render({ scale: SCALE, colorSpace: 'BGRA', render: 'bitmap' });
  const rows = rgbRows(data, width, height);
  for (const area of areas) drawFrame(rows, width, height, area);
  return png(rows, width, height, RGB);
}

function rgbRows(bgra: Uint8Array, width: number, height: number): Buffer {
  const rows = Buffer.alloc((width * RGB.bytes + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 4;
      const to = y * (width * RGB.bytes + 1) + 1 + x * RGB.bytes;
      for (let channel = 0; channel < RGB.bytes; channel++) rows[to + channel] = bgra[from + 2 - channel] ?? 0;
    }
  }
  return rows;
}

function drawFrame(rows: Buffer, width: number, height: number, area: RectangleMm): void {
  const dots = (mm: number) => Math.round(mm * POINTS_PER_MM * SCALE);
  const [left, top] = [Math.max(0, dots(area.left - FRAME.outMm)), Math.max(0, dots(area.top - FRAME.outMm))];
  const right = Math.min(width, dots(area.left + area.width + FRAME.outMm));
  const bottom = Math.min(height, dots(area.top + area.height + FRAME.outMm));
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const depth = Math.min(x - left, y - top, right - 1 - x, bottom - 1 - y);
      if (depth < FRAME.dots) rows.set(FRAME.colour, y * (width * RGB.bytes + 1) + 1 + x * RGB.bytes);
    }
  }
}

/** Luminance of BGRA (ITU-R BT.601), each row with the filter byte 0 before it. */
function greyRows(bgra: Uint8Array, width: number, height: number): Buffer {
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const [blue = 0, green = 0, red = 0] = [bgra[at], bgra[at + 1], bgra[at + 2]];
      rows[y * (width + 1) + 1 + x] = (red * 299 + green * 587 + blue * 114) / 1000;
    }
  }
  return rows;
}

function png(rows: Buffer, width: number, height: number, { type }: { readonly type: number }): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([BITS, type], 8);
  return Buffer.concat([PNG_SIGNATURE, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND')]);
}

function chunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
