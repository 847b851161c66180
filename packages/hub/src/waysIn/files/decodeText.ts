export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export interface DecodedText {
  readonly text: string;
  readonly encoding: TextEncoding;
}

const BYTE_ORDER_MARKS: readonly (readonly [encoding: TextEncoding, bytes: Buffer])[] = [
  ['utf-8', Buffer.of(0xef, 0xbb, 0xbf)],
  ['utf-16le', Buffer.of(0xff, 0xfe)],
  ['utf-16be', Buffer.of(0xfe, 0xff)],
];

/**
 * Reads a text file whose encoding nobody told. A mark at its beginning decides; else it is UTF-8 where that is possible, which text in
 * Windows-1252 with an å, ä or ö in it never is by chance; else it is Windows-1252, as older systems write. The caller tells the sender
 * which one it was taken for.
 */
export function decodeText(bytes: Buffer): DecodedText {
  const marked = BYTE_ORDER_MARKS.find(([, mark]) => bytes.subarray(0, mark.length).equals(mark));
  if (marked !== undefined) {
    const [encoding, mark] = marked;
    return { text: new TextDecoder(encoding).decode(bytes.subarray(mark.length)), encoding };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' };
  }
}

/** å, ä, ö, é and their capitals in UTF-8 that was read as Windows-1252 and written as UTF-8 once more. */
const TWICE_ENCODED = /Ã[¥¤¶©…„–‰]/;

/** Whether an earlier program has spoilt the letters å, ä and ö: `RÃ¤ksmÃ¶rgÃ¥s`. Nobody should get such a letter. */
export function isTwiceEncoded(text: string): boolean {
  return TWICE_ENCODED.test(text);
}
