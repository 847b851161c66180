/** Which sheet of which letter: what the mark on every sheet's front says. */
export interface SheetMark {
  readonly letterId: string;
  /** From 1; undefined when only the letter was typed. */
  readonly sheet: number | undefined;
  readonly sheets: number | undefined;
}

/** A Data Matrix of 20 × 20 modules holds 44 digits exactly (ISO/IEC 16022 table 7), and two digits tell so many. */
export const MARKED_SHEETS_MAX = 99;

const VERSION = '1';
const ID_DIGITS = 39;
const UUID = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/;
const SYMBOL = /^1(\d{39})(\d{2})(\d{2})$/;
const TYPED = /^([0-9a-f]{32})(?:blad|sheet)?(?:(\d{1,2})\/(\d{1,2}))?$/;
const ID_MAX = 2n ** 128n;
/** What a wand or a person may bring; anything longer is no mark. */
const TYPED_CHARS_MAX = 100;

/**
 * The text of the Data Matrix on a sheet: 44 digits, "1" for this form, the letter's id as a decimal number of 39 digits, sheet and sheets
 * with two each. Digits only, for a Data Matrix keeps two in one codeword.
 *
 * @throws RangeError when the id is no UUID or the sheet is not one of 1–99.
 */
export function sheetMark(letterId: string, sheet: number, sheets: number): string {
  if (!UUID.test(letterId)) throw new RangeError('a sheet mark is of a letter with a UUID');
  if (!isSheetOf(sheet, sheets)) throw new RangeError(`no mark for sheet ${sheet} of ${sheets}`);
  const id = BigInt(`0x${letterId.replaceAll('-', '')}`).toString();
  return `${VERSION}${id.padStart(ID_DIGITS, '0')}${twoDigits(sheet)}${twoDigits(sheets)}`;
}

/** What stands beside the symbol for people: it can be typed where nobody has a scanner. */
export function sheetMarkText(letterId: string, sheet: number, sheets: number): string {
  return `${letterId}  blad ${sheet}/${sheets}`;
}

/**
 * The sheet that a mark names: scanned (the digits) or typed (the text beside it, or only the letter's id, with the slips that hexadecimal
 * digits invite: O for 0, l and I for 1, spaces, capitals). Undefined when it is no mark of ours. That such a letter exists is not said.
 */
export function parseSheetMark(text: string): SheetMark | undefined {
  if (text.length > TYPED_CHARS_MAX) return undefined;
  const plain = text.toLowerCase().replace(/[\s-]/g, '');
  return scanned(plain) ?? typed(plain);
}

function scanned(text: string): SheetMark | undefined {
  const [, id = '', sheet, sheets] = SYMBOL.exec(text) ?? [];
  if (id === '' || BigInt(id) >= ID_MAX) return undefined;
  return markOf(BigInt(id).toString(16).padStart(32, '0'), Number(sheet), Number(sheets));
}

function typed(text: string): SheetMark | undefined {
  // Only in the id: the words behind it have such letters of their own.
  const mended = text.slice(0, 32).replaceAll('o', '0').replace(/[il]/g, '1') + text.slice(32);
  const [, id, sheet, sheets] = TYPED.exec(mended) ?? [];
  if (id === undefined) return undefined;
  if (sheet === undefined) return { letterId: hyphenated(id), sheet: undefined, sheets: undefined };
  return markOf(id, Number(sheet), Number(sheets));
}

function markOf(id: string, sheet: number, sheets: number): SheetMark | undefined {
  return isSheetOf(sheet, sheets) ? { letterId: hyphenated(id), sheet, sheets } : undefined;
}

function isSheetOf(sheet: number, sheets: number): boolean {
  return Number.isInteger(sheet) && sheet >= 1 && sheet <= sheets && sheets <= MARKED_SHEETS_MAX;
}

function hyphenated(id: string): string {
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
