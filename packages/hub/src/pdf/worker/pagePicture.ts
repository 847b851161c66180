import { crc32, deflateSync } from 'node:zlib';
import type { PDFiumPage } from '@hyzyla/pdfium';

/** 100 dots per inch: an A4 page is 827 × 1169, legible on a screen. */
const SCALE = 100 / 72;
const PIXELS_MAX = 4_000_000;
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BITS = 8;
const GREY = 0;

/** A page as a PNG in shades of grey, as a person reads it. */
export async function pagePicture(page: PDFiumPage): Promise<Buffer> {
  const { originalWidth, originalHeight } = page.getOriginalSize();
  // A page can be said to be 200 inches wide; its picture is then coarser, not larger.
  const scale = Math.min(SCALE, Math.sqrt(PIXELS_MAX / (originalWidth * originalHeight)));
  const { data, width, height } = await page.render({ scale, colorSpace: 'BGRA', render: 'bitmap' });
  return png(greyRows(data, width, height), width, height);
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

function png(rows: Buffer, width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([BITS, GREY], 8);
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
