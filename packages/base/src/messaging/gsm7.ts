/** GSM 03.38 (3GPP TS 23.038) 6.2.1, in the order of the codes; the escape's own place holds nothing that can be written. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** 6.2.1.1, the extension table: each takes two places. */
const EXTENSION: Readonly<Record<string, number>> = {
  '\f': 0x0a,
  '^': 0x14,
  '{': 0x28,
  '}': 0x29,
  '\\': 0x2f,
  '[': 0x3c,
  '~': 0x3d,
  ']': 0x3e,
  '|': 0x40,
  '€': 0x65,
};
const ESCAPE = 0x1b;

const CODES: ReadonlyMap<string, readonly number[]> = new Map([
  ...[...BASIC].flatMap((each, code): [string, readonly number[]][] => (code === ESCAPE ? [] : [[each, [code]]])),
  ...Object.entries(EXTENSION).map(([each, code]): [string, readonly number[]] => [each, [ESCAPE, code]]),
]);
const EXTENDED: ReadonlyMap<number, string> = new Map(Object.entries(EXTENSION).map(([each, code]) => [code, each]));

/** How many places a character takes in GSM-7: 1, 2, or `undefined` when the alphabet does not have it (ł, ’, 😀). */
export function gsm7Units(character: string): number | undefined {
  return CODES.get(character)?.length;
}

/**
 * The text with one code to an octet, as SMPP's default alphabet wants it.
 * @throws TypeError for a character that GSM-7 does not have: `smsLength` tells the alphabet first
 */
export function encodeGsm7(text: string): Buffer {
  return Buffer.from(
    [...text].flatMap((each) => {
      const codes = CODES.get(each);
      if (codes === undefined) throw new TypeError('GSM-7 does not have this character');
      return codes;
    }),
  );
}

/** The other way; an unknown extension is shown as a space, as the standard says. */
export function decodeGsm7(octets: Buffer): string {
  let text = '';
  for (let at = 0; at < octets.length; at += 1) {
    const code = octets[at] ?? 0;
    if (code !== ESCAPE) text += BASIC[code & 0x7f] ?? ' ';
    else {
      at += 1;
      text += EXTENDED.get(octets[at] ?? 0) ?? ' ';
    }
  }
  return text;
}
