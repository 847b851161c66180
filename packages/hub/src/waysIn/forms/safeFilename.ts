const CHARACTERS_MAX = 100;
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])$/i;
/** Same kind of file, another ending. */
const ALIKE: Readonly<Record<string, readonly string[]>> = { '.jpg': ['.jpeg'], '.tif': ['.tiff'] };

/**
 * A name that any receiver can save the file under: the last part of a path, without what a system reads as a path, a device, an
 * option or a command, and with the ending of what the bytes are. `taken` are the names of the message's other files, lower case.
 */
export function safeFilename(name: string, extension: string, taken: ReadonlySet<string>): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .normalize('NFC')
    .replace(/[^\p{L}\p{N} ._()+,=@-]+/gu, '_')
    .replace(/^[\s._-]+|[\s.]+$/g, '');
  const ending = [extension, ...(ALIKE[extension] ?? [])].find((each) => plain.toLowerCase().endsWith(each));
  const cut = ending === undefined ? plain : plain.slice(0, -ending.length);
  const stem = [...cut]
    .slice(0, CHARACTERS_MAX)
    .join('')
    .replace(/[\s.]+$/, '');
  const safe = stem === '' || DEVICE.test(stem.split('.')[0] ?? '') ? `bilaga${stem === '' ? '' : `-${stem}`}` : stem;
  for (let n = 1; ; n += 1) {
    const candidate = `${safe}${n === 1 ? '' : ` (${n})`}${ending ?? extension}`;
    if (!taken.has(candidate.toLowerCase())) return candidate;
  }
}
