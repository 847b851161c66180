/** A run of dark modules, counted from the symbol's upper left corner. */
export type DarkRun = readonly [left: number, top: number, length: number];

export interface DataMatrix {
  /** Modules a side. */
  readonly size: number;
  readonly runs: readonly DarkRun[];
}

/** The symbol of 20 × 20 modules, one region with its frame about it (ISO/IEC 16022 table 7). */
const SIZE = 20;
const INSIDE = SIZE - 2;
const DATA_WORDS = 22;
const CHECK_WORDS = 18;
const DIGITS = 2 * DATA_WORDS;
/** ASCII encodation holds two digits a word (5.2.3). */
const DIGIT_PAIR_BASE = 130;
const FIELD_SIZE = 256;
/** x⁸ + x⁵ + x³ + x² + 1 (annex E). */
const FIELD_POLYNOMIAL = 0x12d;
const BITS = 8;

/**
 * The digits as a Data Matrix (ECC 200, ISO/IEC 16022), as runs of dark modules to be drawn. Only for as many digits as fill the symbol of
 * sheet marks: a writer of all symbols took a tenth of a letter's time.
 */
export function writeDataMatrix(digits: string): DataMatrix {
  if (digits.length !== DIGITS || !/^\d+$/.test(digits)) throw new RangeError(`a sheet mark has ${DIGITS} digits`);
  const data = Array.from(
    { length: DATA_WORDS },
    (_, index) => DIGIT_PAIR_BASE + Number(digits.slice(2 * index, 2 * index + 2)),
  );
  const words = [...data, ...checkWords(data)];
  const isDark = (row: number, column: number): boolean => {
    if (column === 0 || row === SIZE - 1) return true;
    if (row === 0) return column % 2 === 0;
    if (column === SIZE - 1) return row % 2 === 1;
    const place = PLACES[(row - 1) * INSIDE + column - 1];
    if (place === undefined) return row === column;
    return (((words[place.word] ?? 0) >> place.shift) & 1) === 1;
  };
  return { size: SIZE, runs: Array.from({ length: SIZE }, (_, row) => runsOf(row, isDark)).flat() };
}

function runsOf(row: number, isDark: (row: number, column: number) => boolean): DarkRun[] {
  const runs: DarkRun[] = [];
  for (let column = 0; column < SIZE; column += 1) {
    const start = column;
    while (column < SIZE && isDark(row, column)) column += 1;
    if (column > start) runs.push([start, row, column - start]);
  }
  return runs;
}

const { powers, logarithms } = field();
const GENERATOR = generator();

function field(): { readonly powers: readonly number[]; readonly logarithms: readonly number[] } {
  const [to, from] = [[] as number[], new Array<number>(FIELD_SIZE).fill(0)];
  for (let power = 0, value = 1; power < FIELD_SIZE - 1; power += 1) {
    to.push(value);
    from[value] = power;
    value = value * 2 >= FIELD_SIZE ? (value * 2) ^ FIELD_POLYNOMIAL : value * 2;
  }
  return { powers: to, logarithms: from };
}

function product(a: number, b: number): number {
  if (a === 0 || b === 0) return 0;
  return powers[((logarithms[a] ?? 0) + (logarithms[b] ?? 0)) % (FIELD_SIZE - 1)] ?? 0;
}

/** The product of (x − 2ⁱ), i from 1, highest power first and without its 1. */
function generator(): readonly number[] {
  let factors = [1];
  for (let root = 1; root <= CHECK_WORDS; root += 1) {
    const next = [...factors, 0];
    for (const [index, factor] of factors.entries()) {
      next[index + 1] = (next[index + 1] ?? 0) ^ product(factor, powers[root] ?? 0);
    }
    factors = next;
  }
  return factors.slice(1);
}

/** Reed–Solomon (annex E): the remainder of dividing by the generator. */
function checkWords(data: readonly number[]): number[] {
  let rest = new Array<number>(CHECK_WORDS).fill(0);
  for (const word of data) {
    const lead = word ^ (rest[0] ?? 0);
    rest = GENERATOR.map((factor, index) => (rest[index + 1] ?? 0) ^ product(lead, factor));
  }
  return rest;
}

interface Place {
  readonly word: number;
  readonly shift: number;
}

/** From row and column of a word's last module to those of its eight (annex F, figure F.1). */
const SHAPE = [
  [-2, -2],
  [-2, -1],
  [-1, -2],
  [-1, -1],
  [-1, 0],
  [0, -2],
  [0, -1],
  [0, 0],
] as const;
const LAST = INSIDE - 1;
/** Words that lie in two corners at once (figures F.3 and F.4). */
const CORNER_1 = [
  ...([
    [LAST, 0],
    [LAST, 1],
    [LAST, 2],
    [0, LAST - 1],
  ] as const),
  ...([
    [0, LAST],
    [1, LAST],
    [2, LAST],
    [3, LAST],
  ] as const),
];
const CORNER_2 = [
  ...([
    [LAST - 2, 0],
    [LAST - 1, 0],
    [LAST, 0],
    [0, LAST - 3],
  ] as const),
  ...([
    [0, LAST - 2],
    [0, LAST - 1],
    [0, LAST],
    [1, LAST],
  ] as const),
];
const PLACES = places();

/** Which bit of which word each module shows; the four left over in the last corner have none. */
function places(): readonly (Place | undefined)[] {
  const placed = new Array<Place | undefined>(INSIDE * INSIDE).fill(undefined);
  let word = 0;
  const put = (modules: readonly (readonly [number, number])[]) => {
    for (const [bit, [row, column]] of modules.entries()) {
      placed[row * INSIDE + column] = { word, shift: BITS - 1 - bit };
    }
    word += 1;
  };
  const shape = (row: number, column: number) => {
    const isInside = row >= 0 && row < INSIDE && column >= 0 && column < INSIDE;
    if (!isInside || placed[row * INSIDE + column] !== undefined) return;
    put(SHAPE.map(([down, right]) => wrapped(row + down, column + right)));
  };
  for (let row = 4, column = 0; row < INSIDE || column < INSIDE; row += 3, column += 1) {
    if (row === INSIDE && column === 0) put(CORNER_1);
    if (row === INSIDE - 2 && column === 0 && INSIDE % 4 !== 0) put(CORNER_2);
    for (; row >= 0 && column < INSIDE; row -= 2, column += 2) shape(row, column);
    row += 1;
    column += 3;
    for (; row < INSIDE && column >= 0; row += 2, column -= 2) shape(row, column);
  }
  return placed;
}

/** What reaches over an edge goes on at the opposite one, shifted. */
function wrapped(row: number, column: number): [number, number] {
  const shift = 4 - ((INSIDE + 4) % 8);
  const [down, right] = row < 0 ? [row + INSIDE, column + shift] : [row, column];
  return right < 0 ? [down + shift, right + INSIDE] : [down, right];
}
