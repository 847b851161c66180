const NAME_CHARACTERS_MAX = 120;

// Control characters, signs that mean something to a file system, and marks that turn the direction of writing:
// `beslut\u202efdp.exe` shows as `beslutexe.pdf`.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what must go
const UNSAFE = /[\u0000-\u001f\u007f-\u009f"*/:<>?\\|\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A sender's file name as it may be shown and saved. The contract leaves it unrestricted (FACTS f). */
export function safeFileName(name: string, position: number): string {
  const cleaned = name.replaceAll(UNSAFE, '_').trim().replace(/^\.+/, '');
  if (cleaned === '') return `bilaga-${position}`;
  if (cleaned.length <= NAME_CHARACTERS_MAX) return cleaned;
  const ending = /\.[a-z0-9]{1,8}$/i.exec(cleaned)?.[0] ?? '';
  return `${cleaned.slice(0, NAME_CHARACTERS_MAX - ending.length)}${ending}`;
}

/** The header that names a file, for old and new browsers (RFC 6266). */
export function contentDisposition(how: 'inline' | 'attachment', fileName: string): string {
  const plain = fileName
    .normalize('NFKD')
    .replaceAll(/[^\x20-\x7e]/g, '')
    .replaceAll(/["\\]/g, '_');
  const encoded = encodeURIComponent(fileName).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `${how}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
