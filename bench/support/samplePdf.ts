import { randomBytes } from 'node:crypto';

/** The smallest PDF that this program makes, in bytes. */
export const PDF_BYTES_MIN = 1_000;

/**
 * A PDF of exactly `sizeBytes`: a page with a line of text and a strip of grey dots. The dots are random, so that no two are alike
 * and none can be compressed: nothing of the hub's "content once by hash" helps the figures.
 */
export function samplePdf(sizeBytes: number, text: string): Buffer {
  let dots = sizeBytes - PDF_BYTES_MIN + 1;
  let pdf = write(dots, text);
  // The numbers in the file grow with it, so the first try may miss by a few bytes.
  for (let tries = 0; pdf.length !== sizeBytes && tries < 5; tries++) {
    dots += sizeBytes - pdf.length;
    if (dots < 1) throw new RangeError(`a PDF has at least ${PDF_BYTES_MIN} bytes here`);
    pdf = write(dots, text);
  }
  return pdf;
}

function write(dots: number, text: string): Buffer {
  const page = `q 400 0 0 10 72 700 cm /I1 Do Q BT /F1 12 Tf 72 760 Td (${text}) Tj ET`;
  const resources = '/Resources << /Font << /F1 6 0 R >> /XObject << /I1 5 0 R >> >>';
  const image = `/Type /XObject /Subtype /Image /Width ${dots} /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8`;
  return join([
    Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
    Buffer.from('<< /Type /Pages /Kids [3 0 R] /Count 1 >>'),
    Buffer.from(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.28 841.89] /Contents 4 0 R ${resources} >>`),
    stream('', Buffer.from(page)),
    stream(image, randomBytes(dots)),
    Buffer.from('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'),
  ]);
}

function stream(dictionary: string, data: Buffer): Buffer {
  const head = `<< ${dictionary} /Length ${data.length} >>\nstream\n`;
  return Buffer.concat([Buffer.from(head), data, Buffer.from('\nendstream')]);
}

function join(objects: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\u00e5\u00e4\u00f6\n', 'latin1')];
  let rows = '0000000000 65535 f \n';
  let length = parts[0]?.length ?? 0;
  for (const [index, object] of objects.entries()) {
    rows += `${String(length).padStart(10, '0')} 00000 n \n`;
    const written = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    parts.push(written);
    length += written.length;
  }
  const size = objects.length + 1;
  const tail = `xref\n0 ${size}\n${rows}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`;
  return Buffer.concat([...parts, Buffer.from(tail)]);
}
