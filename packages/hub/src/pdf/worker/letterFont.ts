import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PDF } from '@libpdf/core';

const require = createRequire(import.meta.url);

/** Source Sans 3 (OFL-1.1): Latin with every Nordic, Baltic, Polish and Sami letter, Greek and Cyrillic. */
export const LETTER_FONT_FILES: readonly Buffer[] = [
  fontFile('400Regular'),
  fontFile('400Regular_Italic'),
  fontFile('700Bold'),
  fontFile('700Bold_Italic'),
];

export const LETTER_FONT_REGULAR = fontFile('400Regular');

const ruler = PDF.create().embedFont(LETTER_FONT_REGULAR);

export function textWidthPoints(text: string, sizePoints: number): number {
  return ruler.widthOfTextAtSize(text, sizePoints);
}

/** Text as the font can show it, and what it cannot. */
export interface PrintableText {
  readonly text: string;
  /** Letters and signs of writing that the font lacks; without them the text would say something else. */
  readonly missing: readonly string[];
}

/** For emoji only, which are decoration: a plain sign for the commonest, an empty box for the rest. */
const EMOJI_STAND_INS: ReadonlyMap<string, string> = new Map([
  ['😀', '☺'],
  ['😃', '☺'],
  ['🙂', '☺'],
  ['😊', '☺'],
  ['❤', '♥'],
  ['💙', '♥'],
  ['✅', '✓'],
  ['✔', '✓'],
  ['➡', '→'],
]);
const EMOJI_BOX = '□';
const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;
/** Variation selectors, joiners and marks of direction: they show nothing themselves. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
const CONTROL = /[^\P{Cc}\n]|\p{Bidi_Control}/gu;
const SURELY_THERE = /^[\u0020-\u007e\u00a0-\u017f\u2013\u2014\u2018-\u201d\u2022\u2026\u20ac\n]*$/;
const graphemes = new Intl.Segmenter('sv', { granularity: 'grapheme' });

export function printableText(raw: string): PrintableText {
  const text = raw.normalize('NFC').replace(CONTROL, ' ');
  if (SURELY_THERE.test(text)) return { text, missing: [] };
  const missing: string[] = [];
  const shown = [...graphemes.segment(text)].map(({ segment }) => {
    const cluster = ruler.canEncode(segment) ? segment : segment.replace(INVISIBLE, '');
    if (ruler.canEncode(cluster)) return cluster;
    if (EMOJI.test(cluster)) return EMOJI_STAND_INS.get(cluster) ?? EMOJI_BOX;
    missing.push(cluster);
    return EMOJI_BOX;
  });
  return { text: shown.join(''), missing };
}

function fontFile(weight: string): Buffer {
  return readFileSync(require.resolve(`@expo-google-fonts/source-sans-3/${weight}/SourceSans3_${weight}.ttf`));
}
