/** A dark bar, in the unit of the whole width. */
export interface Bar {
  readonly left: number;
  readonly width: number;
}

/**
 * Code 39 (ISO/IEC 16388): nine elements a character, bars and spaces by turns, three of them wide. Here as a number whose nine bits say which
 * are wide; only what an envelope code may hold.
 */
const WIDE: Readonly<Record<string, number>> = {
  ...{ '0': 0x034, '1': 0x121, '2': 0x061, '3': 0x160, '4': 0x031, '5': 0x130, '6': 0x070, '7': 0x025 },
  ...{ '8': 0x124, '9': 0x064, A: 0x109, B: 0x049, C: 0x148, D: 0x019, E: 0x118, F: 0x058, G: 0x00d },
  ...{ H: 0x10c, I: 0x04c, J: 0x01c, K: 0x103, L: 0x043, M: 0x142, N: 0x013, O: 0x112, P: 0x052, Q: 0x007 },
  ...{ R: 0x106, S: 0x046, T: 0x016, U: 0x181, V: 0x0c1, W: 0x1c0, X: 0x091, Y: 0x190, Z: 0x0d0, '-': 0x085 },
  '*': 0x094,
};
const ELEMENTS = 9;
const WIDE_UNITS = 3;
/** Three wide elements, six narrow, and a narrow space after. */
const UNITS_PER_CHARACTER = 3 * WIDE_UNITS + 6 + 1;

/**
 * The bars of a code as Code 39 of a given width, with its start and stop sign.
 *
 * @throws RangeError at a character that an envelope code cannot have
 */
export function code39Bars(code: string, width: number): Bar[] {
  const characters = [...`*${code}*`];
  const unit = width / (characters.length * UNITS_PER_CHARACTER - 1);
  return characters.flatMap((character, index) => {
    const wide = WIDE[character];
    if (wide === undefined) throw new RangeError(`no Code 39 for ${character}`);
    return barsOf(wide).map((bar) => ({
      left: (index * UNITS_PER_CHARACTER + bar.left) * unit,
      width: bar.width * unit,
    }));
  });
}

/** Every other element is a bar, beginning with the first. */
function barsOf(wide: number): Bar[] {
  const bars: Bar[] = [];
  let left = 0;
  for (let element = 0; element < ELEMENTS; element += 1) {
    const units = (wide >> (ELEMENTS - 1 - element)) & 1 ? WIDE_UNITS : 1;
    if (element % 2 === 0) bars.push({ left, width: units });
    left += units;
  }
  return bars;
}
