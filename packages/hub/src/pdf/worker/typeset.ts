import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PdfRefusal, pdfFault } from '../faults.ts';
import type { LetterStandard } from '../letter.ts';
import type { Block, Inline } from './letterBlocks.ts';
import type { PreparedLetter } from './letterData.ts';
import type { MarkData } from './markData.ts';
import { useCompiler } from './typstCompiler.ts';

/** What the template reads, see template/letter.typ; and `marks` and `blankPages` of {@link TypesetOptions}. */
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

/** Pages are those of the PDF, blank ones too. */
export interface Typeset {
  readonly pdf: Buffer;
  readonly pages: number;
}

const MARKS = readFileSync(new URL('../template/marks.typ', import.meta.url), 'utf8');
const TEMPLATE = `${MARKS}\n${readFileSync(new URL('../template/letter.typ', import.meta.url), 'utf8')}`;
const ONLY_MARKS = `${MARKS}
#let data = json(bytes(sys.inputs.letter))
#set text(font: "Source Sans 3", fallback: false)
#set page(paper: "a4", background: context mark-on-page(data, here().page()))
#range(data.sheets.len()).map(_ => []).join(pagebreak())`;

export interface TypesetOptions {
  /** Undefined gives plain tagged PDF 1.7, for print files that other pages join. */
  readonly standard?: LetterStandard;
  readonly marks?: MarkData | null;
  /** Empty backs after the letter's own pages, 0 or 1. */
  readonly blankPages?: number;
}

/** A tagged PDF. The template is ours and tested; of what a letter brings, only a picture can stop the typesetter. */
export function typesetOrRefuse(prepared: PreparedLetter, options: TypesetOptions): Typeset | PdfRefusal {
  const { data, images, faults } = prepared;
  const { standard, marks = null, blankPages = 0 } = options;
  if (faults.length > 0) return { faults };
  try {
    return compile(TEMPLATE, { ...data, marks, blankPages }, images, standard);
  } catch (error) {
    if (error instanceof TypesetError && images.length > 0) return { faults: [pdfFault('HUB_PDF_IMAGE')] };
    throw error;
  }
}

/** One page for each mark, and nothing else on it. */
export function typesetMarks(marks: MarkData): Typeset {
  return compile(ONLY_MARKS, { ...marks, pagesPerSheet: 1 }, [], undefined);
}

/** The compiler sees an empty folder as its whole file system, so that even a template that asked for a file would get none. */
function compile(
  template: string,
  data: object,
  images: readonly { path: string; bytes: Buffer }[],
  standard: string | undefined,
): Typeset {
  const { node, workspace } = useCompiler();
  try {
    for (const image of images) node.mapShadow(join(workspace, image.path), image.bytes);
    const compiled = node.compile({
      mainFileContent: template,
      inputs: { letter: JSON.stringify(data) },
      resetRead: true,
    });
    const { result } = compiled;
    if (result === null) throw new TypesetError(JSON.stringify(compiled.takeDiagnostics()?.shortDiagnostics));
    return { pdf: node.pdf(result, { pdfStandard: standard ?? '1.7' }), pages: result.numOfPages };
  } finally {
    node.resetShadow();
  }
}
