import { deflateSync } from 'node:zlib';

/** PDFs written by hand, so that each test's flaw is the only one. */
export interface PageSpec {
  readonly mediaBox?: string;
  readonly rotate?: number;
  readonly text?: string;
  /** More entries of the page's dictionary. */
  readonly extra?: string;
}

export interface PdfSpec {
  readonly pages: readonly PageSpec[];
  readonly catalog?: string;
  /** Further objects; the first has number {@link firstExtra}. */
  readonly objects?: readonly (string | Buffer)[];
  /** Replaces the sample's font, which is Helvetica and not embedded. */
  readonly font?: string;
}

export const A4 = '[0 0 595.28 841.89]';

export function firstExtra(pages: number): number {
  return 4 + pages * 2;
}

export function samplePdf(spec: PdfSpec): Buffer {
  const kids = spec.pages.map((_, index) => `${4 + index * 2} 0 R`).join(' ');
  const objects: (string | Buffer)[] = [
    `<< /Type /Catalog /Pages 2 0 R ${spec.catalog ?? ''} >>`,
    `<< /Type /Pages /Kids [${kids}] /Count ${spec.pages.length} >>`,
    spec.font ?? '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...spec.pages.flatMap((page, index) => [pageObject(page, index), contentObject(page.text ?? `Sida ${index + 1}`)]),
    ...(spec.objects ?? []),
  ];
  return writePdf(objects);
}

export function writePdf(objects: readonly (string | Buffer)[]): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\u00e5\u00e4\u00f6\n', 'latin1')];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  const put = (bytes: Buffer): void => {
    parts.push(bytes);
    length += bytes.length;
  };
  objects.forEach((object, index) => {
    offsets.push(length);
    put(Buffer.from(`${index + 1} 0 obj\n`));
    put(typeof object === 'string' ? Buffer.from(object, 'latin1') : object);
    put(Buffer.from('\nendobj\n'));
  });
  const start = length;
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  put(Buffer.from(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`));
  put(Buffer.from(`trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`));
  return Buffer.concat(parts);
}

export function streamObject(dictionary: string, data: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`<< ${dictionary} /Length ${data.length} >>\nstream\n`),
    data,
    Buffer.from('\nendstream'),
  ]);
}

function pageObject(page: PageSpec, index: number): string {
  const rotate = page.rotate === undefined ? '' : `/Rotate ${page.rotate}`;
  return `<< /Type /Page /Parent 2 0 R /MediaBox ${page.mediaBox ?? A4} ${rotate} /Contents ${5 + index * 2} 0 R /Resources << /Font << /F1 3 0 R >> >> ${page.extra ?? ''} >>`;
}

function contentObject(text: string): Buffer {
  const operators = text === '' ? '' : `BT /F1 24 Tf 72 500 Td (${text}) Tj ET`;
  return streamObject('/Filter /FlateDecode', deflateSync(Buffer.from(operators, 'latin1')));
}
