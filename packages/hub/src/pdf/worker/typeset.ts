import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeTypstDocument } from '@myriaddreamin/typst-ts-node-compiler';
import type { PostcardFormat } from '../../paper/postcard.ts';
import { type PdfRefusal, pdfFault } from '../faults.ts';
import type { LetterStandard } from '../letter.ts';
import type { Block, Inline } from './letterBlocks.ts';
import type { PreparedLetter } from './letterData.ts';
import { forgetOldDocuments, useCompiler } from './typstCompiler.ts';

/** What the template reads, see template/letter.typ and postcard.typ. */
export interface LetterData {
  readonly subject: string;
  readonly sender: string;
  readonly unit: string;
  readonly language: string;
  readonly region: string | null;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly facts: readonly string[];
  readonly footer: string;
  readonly words: { readonly page: string; readonly questions: string };
  readonly blocks: readonly Block[];
  readonly payment: { readonly title: string; readonly rows: readonly { term: string; text: string }[] } | null;
  readonly support: readonly Inline[];
  readonly window: WindowData | null;
}

export interface WindowData {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly returnLine: string;
  readonly returnSize: number;
  readonly addressTop: number;
  readonly addressSize: number;
  /** Millimetres from line to line. */
  readonly pitch: number;
  readonly lines: readonly string[];
  readonly bodyTop: number;
}

/** The typesetter's own message; ours to mend, never shown to the public. */
export class TypesetError extends Error {}

export interface Typeset {
  readonly pdf: Buffer;
  readonly pages: number;
}

const BLOCKS = template('blocks');
const LETTER = `${BLOCKS}\n${template('letter')}`;
const POSTCARD = `${BLOCKS}\n${template('postcard')}`;
const ALPHABET = '#set text(font: "Source Sans 3", fallback: false)\n#sys.inputs.letter';
/** Of a letter's data. No page holds more, so that a longer letter is not tried as one. */
const ONE_PAGE_CHARS_MAX = 6_000;

/** A tagged PDF. The template is ours and tested; of what a letter brings, only a picture can stop the typesetter. */
export function typesetOrRefuse(
  { data, images, faults }: PreparedLetter,
  standard?: LetterStandard,
): Typeset | PdfRefusal {
  return faults.length > 0 ? { faults } : orImageFault(images, () => typesetLetter(data, images, standard));
}

/** What a postcard has beside the letter's own words, see template/postcard.typ. */
export interface PostcardData {
  readonly format: PostcardFormat;
  readonly returnLines: readonly string[];
  readonly addressSize: number;
  readonly pitch: number;
  readonly lines: readonly string[];
}

/** A card: its front, and its back on as many pages as the message takes, which should be one. */
export function typesetPostcard({ data, images, faults }: PreparedLetter, card: PostcardData): Typeset | PdfRefusal {
  if (faults.length > 0) return { faults };
  const letter = JSON.stringify({ ...data, ...card });
  return orImageFault(images, () => exported(compile(POSTCARD, letter, images), undefined));
}

function orImageFault(images: readonly LetterImage[], typeset: () => Typeset): Typeset | PdfRefusal {
  try {
    return typeset();
  } catch (error) {
    if (error instanceof TypesetError && images.length > 0) return { faults: [pdfFault('HUB_PDF_IMAGE')] };
    throw error;
  }
}

function template(name: string): string {
  return readFileSync(new URL(`../template/${name}.typ`, import.meta.url), 'utf8');
}

/** A page with these signs, so that its font has them and no others. */
export function typesetAlphabet(signs: string): Typeset {
  return exported(compile(ALPHABET, signs, []), undefined);
}

/**
 * To tell how many pages there are the typesetter sets a letter twice, which is a third of its time. Most letters are one page and are set as
 * such; only where that was wrong are the pages counted.
 */
function typesetLetter(
  data: LetterData,
  images: readonly LetterImage[],
  standard: LetterStandard | undefined,
): Typeset {
  const set = (isOnePage: boolean) => compile(LETTER, JSON.stringify({ ...data, isOnePage }), images);
  if (JSON.stringify(data).length > ONE_PAGE_CHARS_MAX) return exported(set(false), standard);
  const tried = set(true);
  return exported(tried.numOfPages === 1 ? tried : set(false), standard);
}

type LetterImage = PreparedLetter['images'][number];

function exported(document: NodeTypstDocument, standard: LetterStandard | undefined): Typeset {
  const pdf = useCompiler().node.pdf(document, { pdfStandard: standard ?? '1.7' });
  forgetOldDocuments();
  return { pdf, pages: document.numOfPages };
}

/** The compiler sees an empty folder as its whole file system, so that even a template that asked for a file would get none. */
function compile(template: string, letter: string, images: readonly LetterImage[]): NodeTypstDocument {
  const { node, workspace } = useCompiler();
  try {
    for (const image of images) node.mapShadow(join(workspace, image.path), image.bytes);
    const compiled = node.compile({ mainFileContent: template, inputs: { letter }, resetRead: true });
    if (compiled.result === null) throw new TypesetError(JSON.stringify(compiled.takeDiagnostics()?.shortDiagnostics));
    return compiled.result;
  } finally {
    node.resetShadow();
  }
}
