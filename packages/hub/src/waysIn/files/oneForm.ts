/**
 * A file's name in the one form that names are compared in (Unicode's NFC): a Mac writes å as a and a ring, and the index that names the
 * file has it in one piece.
 */
export function oneForm(name: string): string {
  return name.normalize('NFC');
}
