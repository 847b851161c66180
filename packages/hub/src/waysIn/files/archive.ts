import { crc32 } from 'node:zlib';
import { type Entry, fromBuffer, open, type ZipFile } from 'yauzl';

/** A ZIP archive whose directory has been read and judged; its files are read one at a time. */
export interface Archive {
  readonly entries: readonly ArchiveEntry[];
  /** @throws ArchiveError when the entry's bytes are not what the directory says. */
  read(entry: ArchiveEntry): Promise<Buffer>;
  close(): Promise<void>;
}

export interface ArchiveEntry {
  /** With `/` between folders; never absolute, never upwards. */
  readonly name: string;
  readonly bytes: number;
}

export type ArchiveFaultCode =
  | 'HUB_ARCHIVE_UNREADABLE'
  | 'HUB_ARCHIVE_TOO_LARGE'
  | 'HUB_ARCHIVE_NAME'
  | 'HUB_ARCHIVE_DUPLICATE'
  | 'HUB_ARCHIVE_ENCRYPTED'
  | 'HUB_ARCHIVE_LINK';

export interface ArchiveFault {
  readonly code: ArchiveFaultCode;
  readonly entry: string | undefined;
  readonly text: string;
}

export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

export interface ArchiveLimits {
  /** Of all files together when unpacked; default 4 GiB. */
  readonly unpackedBytesMax?: number;
  /** Of one file when unpacked; default 128 MiB. */
  readonly entryBytesMax?: number;
}

const ENTRIES_MAX = 250_000;
const UNPACKED_BYTES_MAX = 4 * 1024 ** 3;
const ENTRY_BYTES_MAX = 128 * 1024 * 1024;
const FAULTS_MAX = 100;
const NAME_CHARACTERS_MAX = 500;
/** DEFLATE cannot do more than 1032:1; a file of that kind is made to swell. */
const RATIO_MAX = 200;
const RATIO_JUDGED_FROM_BYTES = 1_048_576;
const UNIX = 3;
const FILE_TYPE_MASK = 0o170000;
const SYMBOLIC_LINK = 0o120000;

/**
 * Opens an archive, from a path or from memory, and judges all of its directory before anything is unpacked: names that lead elsewhere,
 * links, files that swell, two files of one name. All faults at once. Nothing is ever written to disk under a name from an archive.
 */
export async function openArchive(
  source: string | Buffer,
  limits: ArchiveLimits = {},
): Promise<Archive | { readonly faults: readonly ArchiveFault[] }> {
  let zip: ZipFile;
  let entries: Entry[];
  try {
    zip = await openZip(source);
  } catch {
    return { faults: [fault('HUB_ARCHIVE_UNREADABLE', undefined, 'Filen går inte att läsa som ZIP-arkiv.')] };
  }
  try {
    entries = await readDirectory(zip);
  } catch {
    zip.close();
    // yauzl refuses names that lead elsewhere, and a directory that contradicts itself, with plain Errors.
    return {
      faults: [fault('HUB_ARCHIVE_UNREADABLE', undefined, 'Arkivets innehållsförteckning är trasig eller otillåten.')],
    };
  }
  const files = entries.filter((entry) => !entry.fileName.endsWith('/'));
  const faults = directoryFaults(files, limits);
  if (faults.length > 0) {
    zip.close();
    return { faults: faults.slice(0, FAULTS_MAX) };
  }
  return toArchive(zip, files);
}

function toArchive(zip: ZipFile, files: readonly Entry[]): Archive {
  const byName = new Map(files.map((entry) => [entry.fileName, entry]));
  return {
    entries: files.map(({ fileName, uncompressedSize }) => ({ name: fileName, bytes: uncompressedSize })),
    async read({ name }) {
      const entry = byName.get(name);
      if (entry === undefined) throw new ArchiveError(`the archive has no file of that name`);
      return readEntry(zip, entry);
    },
    close: async () => zip.close(),
  };
}

function openZip(source: string | Buffer): Promise<ZipFile> {
  // Sizes are checked against the directory while a file is unpacked (validateEntrySize is yauzl's default).
  const options = { lazyEntries: true, autoClose: false, strictFileNames: true } as const;
  return new Promise((resolve, reject) => {
    const opened = (error: Error | null, zip?: ZipFile): void => {
      if (error !== null || zip === undefined) reject(error ?? new Error('no archive'));
      else resolve(zip);
    };
    if (typeof source === 'string') open(source, options, opened);
    else fromBuffer(source, options, opened);
  });
}

function readDirectory(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    if (zip.entryCount > ENTRIES_MAX) reject(new RangeError('too many entries'));
    zip.on('error', reject);
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

function directoryFaults(files: readonly Entry[], limits: ArchiveLimits): ArchiveFault[] {
  const { unpackedBytesMax = UNPACKED_BYTES_MAX, entryBytesMax = ENTRY_BYTES_MAX } = limits;
  const total = files.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  const seen = new Set<string>();
  const duplicates = files.filter(({ fileName }) => {
    const key = fileName.normalize('NFC').toLowerCase();
    return seen.size === seen.add(key).size;
  });
  return [
    ...(total > unpackedBytesMax
      ? [fault('HUB_ARCHIVE_TOO_LARGE', undefined, 'Arkivet är för stort när det packas upp.')]
      : []),
    ...files.flatMap((entry) => entryFault(entry, entryBytesMax) ?? []),
    ...duplicates.map(({ fileName }) =>
      fault('HUB_ARCHIVE_DUPLICATE', fileName, 'Filnamnet finns två gånger i arkivet.'),
    ),
  ];
}

function entryFault(entry: Entry, entryBytesMax: number): ArchiveFault | undefined {
  const { fileName, uncompressedSize, compressedSize } = entry;
  if (!isHarmlessName(fileName)) return fault('HUB_ARCHIVE_NAME', fileName, 'Filnamnet är inte tillåtet.');
  if (isLink(entry)) return fault('HUB_ARCHIVE_LINK', fileName, 'Filen är en länk.');
  if (entry.isEncrypted()) return fault('HUB_ARCHIVE_ENCRYPTED', fileName, 'Filen är lösenordsskyddad.');
  const swells = uncompressedSize > RATIO_JUDGED_FROM_BYTES && uncompressedSize > compressedSize * RATIO_MAX;
  if (uncompressedSize > entryBytesMax || swells) {
    return fault('HUB_ARCHIVE_TOO_LARGE', fileName, 'Filen är för stor när den packas upp.');
  }
  return undefined;
}

/** Also a guard of its own beside yauzl's: no step upwards, no root, no drive, no backslash, nothing that cannot be seen. */
function isHarmlessName(name: string): boolean {
  if (name.length > NAME_CHARACTERS_MAX || /[\\:\p{Cc}\p{Cf}]/u.test(name) || name.startsWith('/')) return false;
  return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function isLink({ versionMadeBy, externalFileAttributes }: Entry): boolean {
  return versionMadeBy >> 8 === UNIX && ((externalFileAttributes >>> 16) & FILE_TYPE_MASK) === SYMBOLIC_LINK;
}

function readEntry(zip: ZipFile, entry: Entry): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown): void => reject(new ArchiveError('a file in the archive is damaged', { cause }));
    zip.openReadStream(entry, (error, stream) => {
      if (error !== null || stream === undefined) return failed(error);
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', failed);
      stream.on('end', () => {
        const bytes = Buffer.concat(chunks);
        // The size is judged while unpacking, by the library; the sum is not.
        if (crc32(bytes) === entry.crc32) resolve(bytes);
        else failed(new RangeError('wrong sum'));
      });
    });
  });
}

function fault(code: ArchiveFaultCode, entry: string | undefined, text: string): ArchiveFault {
  return { code, entry, text };
}
