import { type PDF, type PDFPage, PdfArray, PdfName, PdfNumber, type PdfObject, PdfRef, PdfStream } from '@libpdf/core';
import { A4_HEIGHT_POINTS, A4_WIDTH_POINTS } from '../../paper/printLayout.ts';
import type { PageGeometry } from './pageGeometry.ts';

/** A wide page's top lies along the edge where sheets are bound. */
const COUNTERCLOCKWISE = 270;

/** Turns and shrinks a page into A4 portrait, centred; never enlarges. Its own operators stay as they are. */
export function fitToA4(pdf: PDF, page: PDFPage, geometry: PageGeometry): void {
  const { x, y, width, height } = geometry;
  const matrix = a4Matrix(geometry).map((each) => each.toFixed(5));
  wrapContents(pdf, page, `q ${matrix.join(' ')} cm ${x} ${y} ${width} ${height} re W n\n`);
  for (const name of ['MediaBox', 'CropBox', 'BleedBox', 'TrimBox', 'ArtBox', 'Rotate', 'UserUnit'])
    page.dict.delete(name);
  page.dict.set(
    'MediaBox',
    PdfArray.of(...[0, 0, A4_WIDTH_POINTS, A4_HEIGHT_POINTS].map((each) => PdfNumber.of(each))),
  );
  page.dict.set('Rotate', PdfNumber.of(0));
}

function a4Matrix(box: PageGeometry): [number, number, number, number, number, number] {
  const { rotation } = box;
  const wide = rotation % 180 === 0 ? box.width > box.height : box.height > box.width;
  const turn = (rotation + (wide ? COUNTERCLOCKWISE : 0)) % 360;
  const [width, height] = turn % 180 === 0 ? [box.width, box.height] : [box.height, box.width];
  const scale = Math.min(1, A4_WIDTH_POINTS / width, A4_HEIGHT_POINTS / height);
  // Clockwise by `turn`, about the middle of the page, then that middle onto the middle of A4.
  const radians = (-turn * Math.PI) / 180;
  const [cos, sin] = [Math.round(Math.cos(radians)) * scale, Math.round(Math.sin(radians)) * scale];
  const [middleX, middleY] = [box.x + box.width / 2, box.y + box.height / 2];
  const x = A4_WIDTH_POINTS / 2 - (cos * middleX - sin * middleY);
  const y = A4_HEIGHT_POINTS / 2 - (sin * middleX + cos * middleY);
  return [cos, sin, -sin, cos, x, y];
}

function wrapContents(pdf: PDF, page: PDFPage, before: string): void {
  const contents = page.dict.get('Contents');
  const resolved = contents instanceof PdfRef ? pdf.getObject(contents) : contents;
  const streams: PdfObject[] =
    resolved instanceof PdfArray ? resolved.toArray() : contents === undefined ? [] : [contents];
  const wrapped = [contentStream(pdf, before), ...streams, contentStream(pdf, '\nQ\n')];
  page.dict.set(PdfName.Contents, new PdfArray(wrapped));
}

/** Operators as a stream of the document's. */
export function contentStream(pdf: PDF, operators: string): PdfRef {
  return pdf.register(new PdfStream([], Buffer.from(operators, 'latin1')));
}
