import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Block, Inline } from './letterBlocks.ts';
import { useCompiler } from './typstCompiler.ts';

/** What the template reads, see template/letter.typ. */
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

const TEMPLATE = readFileSync(new URL('../template/letter.typ', import.meta.url), 'utf8');

/**
 * A tagged PDF. The compiler sees an empty folder as its whole file system, so that even a template that asked for a
 * file would get none. `standard` undefined gives plain tagged PDF 1.7, for print files that other pages join.
 */
export function typeset(
  data: LetterData,
  images: readonly { path: string; bytes: Buffer }[],
  standard: string | undefined,
): Buffer {
  const { node, workspace } = useCompiler();
  try {
    for (const image of images) node.mapShadow(join(workspace, image.path), image.bytes);
    const result = node.compile({
      mainFileContent: TEMPLATE,
      inputs: { letter: JSON.stringify(data) },
      resetRead: true,
    });
    if (result.result === null) throw new TypesetError(JSON.stringify(result.takeDiagnostics()?.shortDiagnostics));
    return node.pdf(result.result, { pdfStandard: standard ?? '1.7' });
  } finally {
    node.resetShadow();
  }
}
