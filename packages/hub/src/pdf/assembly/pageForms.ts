import { deflateSync } from 'node:zlib';
import { type PDF, PdfArray, PdfDict, PdfName, type PdfObject, PdfRef } from '@libpdf/core';
import { A4_HEIGHT_POINTS, A4_WIDTH_POINTS } from '../../paper/printLayout.ts';
import type { ObjectFinder } from '../worker/objectFinder.ts';
import { createObjectCopier, type ObjectCopier, type WrittenOnce } from './copyObjects.ts';
import type { PdfFileWriter } from './pdfFileWriter.ts';

/** What is drawn on top of an A4 page, as an artifact: what is read aloud stays as it was (ISO 32000-1 14.8.2.2). */
export interface PageForm {
  /** In points, from the page's lower left corner. */
  readonly operators: string;
  /** By the names that the operators call them. */
  readonly fonts: ReadonlyMap<string, FormFont>;
}

/** A font of another document. */
export interface FormFont {
  readonly source: PDF;
  readonly ref: PdfRef;
}

export interface PageForms {
  /** Lets the page draw the form. @param resources of the page, inherited or not */
  draw(form: PageForm, page: PdfDict, resources: PdfObject | undefined, from: FormSource): void;
}

/** The document whose page it is. */
export interface FormSource {
  readonly finder: ObjectFinder;
  readonly copier: ObjectCopier;
}

/** Object 0 is never anything (7.5.4), so these references are ours. */
const [BEFORE, AFTER, FORM] = [PdfRef.of(0, 65_534), PdfRef.of(0, 65_533), PdfRef.of(0, 65_532)];
const NAME = 'BrevduvaForm';
/** What the device calls grey is said, as PDF/A demands (ISO 19005-2 6.2.4.3). */
const GREY = '/ColorSpace<</DefaultGray[/CalGray<</WhitePoint[0.9505 1 1.089]>>]>>';
/** What a page has done to its own coordinates ends with it. */
const SAVE = 'q\n';
const RESTORE_AND_DRAW = `\nQ\n/Artifact BMC\n/${NAME} Do\nEMC\n`;

export function createPageForms(writer: PdfFileWriter, once: WrittenOnce): PageForms {
  const fonts = new Map<FormFont, number>();
  let frame: { readonly before: number; readonly after: number } | undefined;

  function put(body: Buffer | string): number {
    const number = writer.allocate();
    writer.put(number, body);
    return number;
  }

  function fontNumber(font: FormFont): number {
    const number =
      fonts.get(font) ?? createObjectCopier(font.source, writer, once, undefined).copy(font.ref) ?? writer.allocate();
    fonts.set(font, number);
    return number;
  }

  function putForm({ operators, fonts: named }: PageForm): number {
    const fontTexts = [...named].map(([name, font]) => `/${name} ${fontNumber(font)} 0 R`);
    const box = `[0 0 ${A4_WIDTH_POINTS} ${A4_HEIGHT_POINTS}]`;
    const type = `/Type/XObject/Subtype/Form/BBox${box}/Resources<</Font<<${fontTexts.join('')}>>${GREY}>>`;
    return put(packedStream(operators, type));
  }

  return {
    draw(form, page, resources, { finder, copier }) {
      frame ??= { before: put(streamText(SAVE)), after: put(streamText(RESTORE_AND_DRAW)) };
      copier.stands(BEFORE, frame.before);
      copier.stands(AFTER, frame.after);
      copier.stands(FORM, putForm(form));
      const contents = finder.resolve(page.get('Contents'));
      const own = page.get('Contents');
      const streams = contents instanceof PdfArray ? contents.toArray() : own === undefined ? [] : [own];
      page.set('Contents', new PdfArray([BEFORE, ...streams, AFTER]));
      page.set('Resources', withForm(finder, resources));
    },
  };
}

/** Pages share theirs; the form must not come along to others. */
function withForm(finder: ObjectFinder, resources: PdfObject | undefined): PdfDict {
  const own = resources instanceof PdfDict ? resources.clone() : new PdfDict();
  const forms = finder.resolve(own.get('XObject'));
  const more = forms instanceof PdfDict ? forms.clone() : new PdfDict();
  more.set(PdfName.of(NAME), FORM);
  own.set('XObject', more);
  return own;
}

function packedStream(operators: string, entries: string): Buffer {
  const packed = deflateSync(operators);
  const head = Buffer.from(`<<${entries}/Filter/FlateDecode/Length ${packed.length}>>\nstream\n`);
  return Buffer.concat([head, packed, Buffer.from('\nendstream')]);
}

function streamText(operators: string): string {
  return `<</Length ${operators.length}>>\nstream\n${operators}\nendstream`;
}
