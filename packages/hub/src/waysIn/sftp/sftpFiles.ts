import { constants } from 'node:fs';
import { type FileHandle, link, lstat, open, readdir, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { newId } from '@brevduva/base';
import { ifGone, OPEN_FOLDERS, type SystemFolders } from '../dropFolder/folders.ts';
import { ARCHIVE_BYTES_MAX } from '../dropFolder/openDelivery.ts';
import { type SftpPlace, sftpPlace } from './sftpPath.ts';

/** Why something was not done; in the protocol's own words. */
export type SftpRefusalCode = 'NO_SUCH_FILE' | 'PERMISSION_DENIED' | 'FAILURE' | 'OP_UNSUPPORTED';

export class SftpRefusal extends Error {
  override readonly name = 'SftpRefusal';
  readonly code: SftpRefusalCode;

  constructor(code: SftpRefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}

export interface SftpEntry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly bytes: number;
  readonly mtimeSeconds: number;
}

export interface Upload {
  write(offset: number, bytes: Buffer): Promise<void>;
  /** Only now does the file exist for anybody. */
  finish(): Promise<void>;
  /** Leaves nothing behind. Done after `finish`, it does nothing. */
  abandon(): Promise<void>;
}

export interface Download {
  read(offset: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** What a system may do with its folders. Every method throws SftpRefusal. */
export interface SftpFiles {
  stat(path: string): Promise<SftpEntry>;
  list(path: string): Promise<readonly SftpEntry[]>;
  upload(path: string): Promise<Upload>;
  download(path: string): Promise<Download>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

export interface SftpLimits {
  /** Of one file. */
  readonly fileBytesMax: number;
  /** Of all that lies in `in`. */
  readonly inBytesMax: number;
  readonly inFilesMax: number;
}

export const SFTP_LIMITS: SftpLimits = {
  fileBytesMax: ARCHIVE_BYTES_MAX,
  inBytesMax: 50 * 1024 ** 3,
  inFilesMax: 250_000,
};

/** How long a count of what lies in `in` holds; what comes meanwhile is added to it. */
const COUNT_HOLDS_MS = 30_000;
const READ_BYTES_MAX = 256 * 1024;

export function createSftpFiles(folders: SystemFolders, limits: SftpLimits = SFTP_LIMITS): SftpFiles {
  const usage = createUsage(folders.in);
  return {
    stat: (path) => statOf(placeOf(path, folders)),
    list: (path) => listOf(placeOf(path, folders)),
    async upload(path) {
      const place = inIn(placeOf(path, folders));
      const { bytes, files } = await usage.now();
      if (bytes >= limits.inBytesMax || files >= limits.inFilesMax) throw full();
      return startUpload(place.real, limits, usage);
    },
    async download(path) {
      const place = placeOf(path, folders);
      if (place.kind !== 'inside') throw new SftpRefusal('FAILURE', 'Det är en mapp.');
      return startDownload(place.real);
    },
    async rename(from, to) {
      const [source, target] = [inIn(placeOf(from, folders)), inIn(placeOf(to, folders))];
      await plainFile(source.real);
      // Never over another file: that may be the one that is just being taken.
      await link(source.real, target.real).catch(refuse);
      await unlink(source.real).catch(refuse);
    },
    async remove(path) {
      const place = placeOf(path, folders);
      const isOwn = place.kind === 'inside' && (place.folder === 'in' || place.folder === 'results');
      if (!isOwn) throw new SftpRefusal('PERMISSION_DENIED', 'Bara filer i in och results kan tas bort.');
      await plainFile(place.real);
      await unlink(place.real).catch(refuse);
    },
  };
}

/** Removes uploads whose node died while they were under way: nobody else does, and nobody sees them. */
export async function removeAbandonedUploads({ in: folder }: SystemFolders, nowMs: number): Promise<void> {
  for (const name of (await readdir(folder)).filter((each) => UNFINISHED_UPLOAD.test(each))) {
    const stat = await lstat(join(folder, name)).catch(ifGone);
    if (stat !== undefined && nowMs - stat.mtimeMs > ABANDONED_AFTER_MS) await rm(join(folder, name), { force: true });
  }
}

const UNFINISHED_UPLOAD = /^\.[0-9a-f-]{36}\.part$/;
const ABANDONED_AFTER_MS = 24 * 3_600_000;

function placeOf(path: string, folders: SystemFolders): SftpPlace {
  const place = sftpPlace(path, folders);
  if (place === undefined) throw new SftpRefusal('NO_SUCH_FILE', 'Det finns ingenting där.');
  return place;
}

function inIn(place: SftpPlace): Extract<SftpPlace, { kind: 'inside' }> {
  if (place.kind === 'inside' && place.folder === 'in') return place;
  throw new SftpRefusal('PERMISSION_DENIED', 'Filer lämnas i mappen in.');
}

async function statOf(place: SftpPlace): Promise<SftpEntry> {
  if (place.kind === 'top') return { name: '', isFolder: true, bytes: 0, mtimeSeconds: 0 };
  await noLinkAbove(place);
  const stat = await lstat(place.real).catch(refuse);
  if (!stat.isFile() && !stat.isDirectory()) throw new SftpRefusal('NO_SUCH_FILE', 'Det finns ingenting där.');
  return toEntry('', stat);
}

async function listOf(place: SftpPlace): Promise<SftpEntry[]> {
  if (place.kind === 'top') {
    return OPEN_FOLDERS.map((name) => ({ name, isFolder: true, bytes: 0, mtimeSeconds: 0 }));
  }
  if (place.kind === 'inside' && !(await statOf(place)).isFolder)
    throw new SftpRefusal('FAILURE', 'Det är ingen mapp.');
  const names = (await readdir(place.real).catch(refuse)).filter((name) => !name.startsWith('.')).sort();
  const entries: SftpEntry[] = [];
  for (const name of names) {
    const stat = await lstat(join(place.real, name)).catch(ifGone);
    if (stat?.isFile() || stat?.isDirectory()) entries.push(toEntry(name, stat));
  }
  return entries;
}

function toEntry(name: string, stat: { isDirectory(): boolean; size: number; mtimeMs: number }): SftpEntry {
  const isFolder = stat.isDirectory();
  return { name, isFolder, bytes: isFolder ? 0 : stat.size, mtimeSeconds: Math.floor(stat.mtimeMs / 1000) };
}

async function startUpload(real: string, limits: SftpLimits, usage: Usage): Promise<Upload> {
  const unfinished = join(dirname(real), `.${newId()}.part`);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const handle = await open(unfinished, flags, FILE_MODE).catch(refuse);
  usage.add(0, 1);
  let isOver = false;
  let isWhole = true;
  let bytes = 0;
  const write = async (offset: number, chunk: Buffer) => {
    const end = offset + chunk.length;
    if (end > limits.fileBytesMax) throw new SftpRefusal('FAILURE', `Filen är större än ${limits.fileBytesMax} byte.`);
    const more = Math.max(0, end - bytes);
    if ((await usage.now()).bytes + more > limits.inBytesMax) throw full();
    usage.add(more, 0);
    bytes += more;
    await writeAll(handle, chunk, offset).catch(refuse);
  };
  const abandon = async () => {
    if (isOver) return;
    isOver = true;
    await handle.close();
    await rm(unfinished, { force: true });
    usage.add(-bytes, -1);
  };
  return {
    async write(offset, chunk) {
      try {
        await write(offset, chunk);
      } catch (error) {
        isWhole = false;
        throw error;
      }
    },
    async finish() {
      if (isOver) return;
      if (!isWhole) {
        // Clients close what they could not write: cut off, it must not be taken for a whole file.
        await abandon();
        throw new SftpRefusal('FAILURE', 'Filen kom inte hel och har inte tagits emot.');
      }
      isOver = true;
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(unfinished, real).catch(refuse);
    },
    abandon,
  };
}

const FILE_MODE = 0o660;

async function writeAll(handle: FileHandle, bytes: Buffer, offset: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, offset + done);
    done += bytesWritten;
  }
}

async function startDownload(real: string): Promise<Download> {
  if (!(await lstat(dirname(real)).catch(refuse)).isDirectory())
    throw new SftpRefusal('NO_SUCH_FILE', 'Filen finns inte.');
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(real, flags).catch(refuse);
  const stat = await handle.stat();
  if (!stat.isFile()) {
    await handle.close();
    throw new SftpRefusal('FAILURE', 'Det är ingen fil.');
  }
  return {
    async read(offset, length) {
      const bytes = Buffer.alloc(Math.min(length, READ_BYTES_MAX));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset);
      return bytes.subarray(0, bytesRead);
    },
    close: () => handle.close(),
  };
}

/** A delivery's folder that has become a link would lead elsewhere. */
async function noLinkAbove(place: SftpPlace): Promise<void> {
  if (place.kind !== 'inside' || place.parts.length < 2) return;
  const above = await lstat(dirname(place.real)).catch(refuse);
  if (!above.isDirectory()) throw new SftpRefusal('NO_SUCH_FILE', 'Det finns ingenting där.');
}

async function plainFile(real: string): Promise<void> {
  const stat = await lstat(real).catch(refuse);
  if (!stat.isFile() && !stat.isSymbolicLink()) throw new SftpRefusal('FAILURE', 'Det är ingen fil.');
}

type Usage = ReturnType<typeof createUsage>;

function createUsage(folder: string) {
  let counted: { atMs: number; bytes: number; files: number } | undefined;
  return {
    async now(): Promise<{ bytes: number; files: number }> {
      if (counted === undefined || performance.now() - counted.atMs > COUNT_HOLDS_MS) {
        const names = await readdir(folder).catch(refuse);
        let bytes = 0;
        for (const name of names) bytes += (await lstat(join(folder, name)).catch(ifGone))?.size ?? 0;
        counted = { atMs: performance.now(), bytes, files: names.length };
      }
      return counted;
    },
    add(bytes: number, files: number): void {
      if (counted !== undefined) counted = { ...counted, bytes: counted.bytes + bytes, files: counted.files + files };
    },
  };
}

function full(): SftpRefusal {
  return new SftpRefusal('FAILURE', 'Mappen in är full. Vänta tills det som ligger där har hämtats.');
}

/** What the file system says, in the protocol's words; never with our own paths in it. */
function refuse(error: NodeJS.ErrnoException): never {
  if (error.code === 'ENOENT' || error.code === 'ELOOP') throw new SftpRefusal('NO_SUCH_FILE', 'Filen finns inte.');
  if (error.code === 'EEXIST') throw new SftpRefusal('FAILURE', 'Det finns redan en fil med det namnet.');
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') throw full();
  throw error;
}
