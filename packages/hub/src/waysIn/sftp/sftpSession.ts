import type { Log } from '@brevduva/base';
import ssh2, { type Attributes, type FileEntry, type SFTPWrapper } from 'ssh2';
import { type Download, type SftpEntry, type SftpFiles, SftpRefusal, type Upload } from './sftpFiles.ts';
import { canonicalPath } from './sftpPath.ts';

export interface SessionContext {
  readonly log: Log;
  /** The credential opens something yet; asked before every upload, since a session may last for days. */
  isStillValid(): Promise<boolean>;
  end(): void;
}

type Open =
  | { readonly kind: 'upload'; readonly upload: Upload }
  | { readonly kind: 'download'; readonly download: Download; readonly path: string }
  | { readonly kind: 'folder'; rest: readonly SftpEntry[] };

const HANDLES_MAX = 64;
const PENDING_BYTES_MAX = 32 * 1024 * 1024;
/** Of one answer; a packet holds some 250 KB. */
const ENTRIES_AT_ONCE = 200;
const FOLDER_MODE = 0o040770;
const FILE_MODE = 0o100660;
const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;

/**
 * Answers a client's requests, SFTP version 3, one after the other: a write is on the disk before the next is looked at.
 *
 * @returns what is to be called when the connection is gone.
 */
export function serveSftp(sftp: SFTPWrapper, files: SftpFiles, context: SessionContext): () => void {
  const queue = createQueue(sftp, context.log);
  const session: Session = { ...{ sftp, files, context, handles: createHandles(sftp) }, answer: queue.answer };
  serveOpening(session);
  serveWriting(session);
  serveReading(session);
  serveListing(session);
  serveAttributes(session);
  serveChanges(session);
  serveNever(session);
  // OpenSSH says that it has no more to ask, and waits for us to close.
  const over = () => queue.atEnd(() => abandonAll(session.handles, context.log).then(() => sftp.end()));
  sftp.on('end', over);
  return over;
}

interface Session {
  readonly sftp: SFTPWrapper;
  readonly files: SftpFiles;
  readonly context: SessionContext;
  readonly handles: Handles;
  /** Does the work when all before it is done; what it throws is the answer. */
  answer(id: number, work: () => Promise<void>): void;
}

function createQueue(sftp: SFTPWrapper, log: Log) {
  let last: Promise<void> = Promise.resolve();
  return {
    answer(id: number, work: () => Promise<void>): void {
      last = last.then(() => work().catch((error: unknown) => refuse(sftp, id, error, log)));
    },
    atEnd(work: () => Promise<void>): void {
      last = last.then(work);
    },
  };
}

type Handles = ReturnType<typeof createHandles>;

/** What a client has open, under the numbers that it knows them by. */
function createHandles(sftp: SFTPWrapper) {
  const open = new Map<number, Open>();
  let next = 1;
  const numberOf = (handle: Buffer) => (handle.length === HANDLE_BYTES ? handle.readUInt32BE() : 0);
  return {
    open,
    requireRoom(): void {
      if (open.size >= HANDLES_MAX) throw new SftpRefusal('FAILURE', 'För många filer är öppna på en gång.');
    },
    /** Remembers it and tells the client its handle. */
    opened(id: number, what: Open): void {
      const number = next++;
      open.set(number, what);
      const handle = Buffer.alloc(HANDLE_BYTES);
      handle.writeUInt32BE(number);
      sftp.handle(id, handle);
    },
    of<K extends Open['kind']>(handle: Buffer, kind: K): Extract<Open, { kind: K }> {
      const found = open.get(numberOf(handle));
      if (found?.kind !== kind) throw notOpen();
      return found as Extract<Open, { kind: K }>;
    },
    take(handle: Buffer): Open {
      const number = numberOf(handle);
      const found = open.get(number);
      if (found === undefined) throw notOpen();
      open.delete(number);
      return found;
    },
  };
}

function notOpen(): SftpRefusal {
  return new SftpRefusal('FAILURE', 'Filen är inte öppen.');
}

function serveOpening({ sftp, files, context, handles, answer }: Session): void {
  const download = async (id: number, path: string) =>
    handles.opened(id, { kind: 'download', download: await files.download(path), path });
  const upload = async (id: number, path: string, flags: number) => {
    if ((flags & (OPEN_MODE.READ | OPEN_MODE.APPEND)) !== 0 || (flags & OPEN_MODE.CREAT) === 0) {
      throw new SftpRefusal('OP_UNSUPPORTED', 'Filer lämnas hela, från början till slut.');
    }
    if (!(await context.isStillValid())) {
      context.end();
      throw new SftpRefusal('PERMISSION_DENIED', 'Inloggningen gäller inte längre.');
    }
    handles.opened(id, { kind: 'upload', upload: await files.upload(path) });
  };
  sftp.on('OPEN', (id, path, flags) =>
    answer(id, async () => {
      handles.requireRoom();
      await ((flags & OPEN_MODE.WRITE) === 0 ? download(id, path) : upload(id, path, flags));
    }),
  );
  sftp.on('CLOSE', (id, handle) =>
    answer(id, async () => {
      const open = handles.take(handle);
      if (open.kind === 'upload') await open.upload.finish();
      if (open.kind === 'download') await open.download.close();
      done(sftp, id);
    }),
  );
}

function serveWriting({ sftp, context, handles, answer }: Session): void {
  let pendingBytes = 0;
  sftp.on('WRITE', (id, handle, offset, data) => {
    // The library uses its buffer again for the next packet.
    const bytes = Buffer.from(data);
    pendingBytes += bytes.length;
    // Every known client waits for answers long before; the protocol has no other brake.
    if (pendingBytes > PENDING_BYTES_MAX) return context.end();
    answer(id, async () => {
      pendingBytes -= bytes.length;
      await handles.of(handle, 'upload').upload.write(offset, bytes);
      done(sftp, id);
    });
  });
}

function serveReading({ sftp, handles, answer }: Session): void {
  sftp.on('READ', (id, handle, offset, length) =>
    answer(id, async () => {
      const bytes = await handles.of(handle, 'download').download.read(offset, length);
      if (bytes.length === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.data(id, bytes);
    }),
  );
}

function serveListing({ sftp, files, handles, answer }: Session): void {
  sftp.on('OPENDIR', (id, path) =>
    answer(id, async () => {
      handles.requireRoom();
      handles.opened(id, { kind: 'folder', rest: await files.list(path) });
    }),
  );
  sftp.on('READDIR', (id, handle) =>
    answer(id, async () => {
      const folder = handles.of(handle, 'folder');
      const [now, later] = [folder.rest.slice(0, ENTRIES_AT_ONCE), folder.rest.slice(ENTRIES_AT_ONCE)];
      folder.rest = later;
      if (now.length === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.name(id, now.map(toFileEntry));
    }),
  );
}

function serveAttributes({ sftp, files, handles, answer }: Session): void {
  const tell = (id: number, pathOf: () => string) =>
    answer(id, async () => {
      sftp.attrs(id, toAttributes(await files.stat(pathOf())));
    });
  sftp.on('STAT', (id, path) => tell(id, () => path));
  sftp.on('LSTAT', (id, path) => tell(id, () => path));
  sftp.on('FSTAT', (id, handle) => tell(id, () => handles.of(handle, 'download').path));
  // Times and modes are ours; programs that set them after an upload must not take that for a failed upload.
  sftp.on('FSETSTAT', (id) => answer(id, async () => done(sftp, id)));
  sftp.on('SETSTAT', (id, path) =>
    answer(id, async () => {
      await files.stat(path);
      done(sftp, id);
    }),
  );
  sftp.on('REALPATH', (id, path) =>
    answer(id, async () => {
      const filename = canonicalPath(path);
      sftp.name(id, [{ filename, longname: filename, attrs: toAttributes(ROOT_ENTRY) }]);
    }),
  );
}

function serveChanges({ sftp, files, answer }: Session): void {
  sftp.on('RENAME', (id, from, to) =>
    answer(id, async () => {
      await files.rename(from, to);
      done(sftp, id);
    }),
  );
  sftp.on('REMOVE', (id, path) =>
    answer(id, async () => {
      await files.remove(path);
      done(sftp, id);
    }),
  );
}

function serveNever({ sftp, answer }: Session): void {
  const never = (text: string) => (id: number) =>
    answer(id, async () => {
      throw new SftpRefusal('PERMISSION_DENIED', text);
    });
  sftp.on('MKDIR', never('Mappar skapas inte här.'));
  sftp.on('RMDIR', never('Mappar tas inte bort här.'));
  sftp.on('SYMLINK', never('Länkar tas inte emot.'));
  sftp.on('READLINK', never('Det finns inga länkar.'));
}

function done(sftp: SFTPWrapper, id: number): void {
  sftp.status(id, STATUS_CODE.OK);
}

const HANDLE_BYTES = 4;
const ROOT_ENTRY: SftpEntry = { name: '/', isFolder: true, bytes: 0, mtimeSeconds: 0 };

/** The client went away: what it had not closed was never whole. */
async function abandonAll({ open: handles }: Handles, log: Log): Promise<void> {
  for (const open of handles.values()) {
    const left =
      open.kind === 'upload' ? open.upload.abandon() : open.kind === 'download' ? open.download.close() : undefined;
    await left?.catch((err: unknown) => log.error({ err }, 'an unfinished upload is left behind'));
  }
  handles.clear();
}

function refuse(sftp: SFTPWrapper, id: number, error: unknown, log: Log): void {
  if (error instanceof SftpRefusal) {
    sftp.status(id, STATUS_CODE[error.code], error.message);
    return;
  }
  log.error({ err: error }, 'sftp request failed');
  sftp.status(id, STATUS_CODE.FAILURE, 'Något gick fel hos oss. Försök igen.');
}

function toAttributes({ isFolder, bytes, mtimeSeconds }: SftpEntry): Attributes {
  const mode = isFolder ? FOLDER_MODE : FILE_MODE;
  return { mode, uid: 0, gid: 0, size: bytes, atime: mtimeSeconds, mtime: mtimeSeconds };
}

function toFileEntry(entry: SftpEntry): FileEntry {
  const { name, isFolder, bytes, mtimeSeconds } = entry;
  const day = new Date(mtimeSeconds * 1000).toISOString().slice(0, 'yyyy-mm-dd'.length);
  const longname = `${isFolder ? 'drwxrwx---' : '-rw-rw----'} 1 brevduva brevduva ${String(bytes).padStart(12)} ${day} ${name}`;
  return { filename: name, longname, attrs: toAttributes(entry) };
}
