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
  const handles = new Map<number, Open>();
  let nextHandle = 1;
  let pendingBytes = 0;
  let last: Promise<void> = Promise.resolve();
  const answer = (id: number, work: () => Promise<void>) => {
    last = last.then(() => work().catch((error: unknown) => refuse(sftp, id, error, context.log)));
  };
  const done = (id: number) => sftp.status(id, STATUS_CODE.OK);
  const opened = (id: number, what: Open) => {
    const number = nextHandle++;
    handles.set(number, what);
    const handle = Buffer.alloc(HANDLE_BYTES);
    handle.writeUInt32BE(number);
    sftp.handle(id, handle);
  };
  const handleOf = (handle: Buffer) => (handle.length === HANDLE_BYTES ? handle.readUInt32BE() : 0);
  const openOf = <K extends Open['kind']>(handle: Buffer, kind: K): Extract<Open, { kind: K }> => {
    const found = handles.get(handleOf(handle));
    if (found?.kind !== kind) throw new SftpRefusal('FAILURE', 'Filen är inte öppen.');
    return found as Extract<Open, { kind: K }>;
  };
  const requireRoom = () => {
    if (handles.size >= HANDLES_MAX) throw new SftpRefusal('FAILURE', 'För många filer är öppna på en gång.');
  };
  sftp.on('OPEN', (id, path, flags) =>
    answer(id, async () => {
      requireRoom();
      if ((flags & OPEN_MODE.WRITE) === 0) {
        return opened(id, { kind: 'download', download: await files.download(path), path });
      }
      if ((flags & (OPEN_MODE.READ | OPEN_MODE.APPEND)) !== 0 || (flags & OPEN_MODE.CREAT) === 0) {
        throw new SftpRefusal('OP_UNSUPPORTED', 'Filer lämnas hela, från början till slut.');
      }
      if (!(await context.isStillValid())) {
        context.end();
        throw new SftpRefusal('PERMISSION_DENIED', 'Inloggningen gäller inte längre.');
      }
      opened(id, { kind: 'upload', upload: await files.upload(path) });
    }),
  );
  sftp.on('WRITE', (id, handle, offset, data) => {
    // The library uses its buffer again for the next packet.
    const bytes = Buffer.from(data);
    pendingBytes += bytes.length;
    // Every known client waits for answers long before; the protocol has no other brake.
    if (pendingBytes > PENDING_BYTES_MAX) return context.end();
    answer(id, async () => {
      pendingBytes -= bytes.length;
      await openOf(handle, 'upload').upload.write(offset, bytes);
      done(id);
    });
  });
  sftp.on('READ', (id, handle, offset, length) =>
    answer(id, async () => {
      const bytes = await openOf(handle, 'download').download.read(offset, length);
      if (bytes.length === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.data(id, bytes);
    }),
  );
  sftp.on('CLOSE', (id, handle) =>
    answer(id, async () => {
      const number = handleOf(handle);
      const open = handles.get(number);
      if (open === undefined) throw new SftpRefusal('FAILURE', 'Filen är inte öppen.');
      handles.delete(number);
      if (open.kind === 'upload') await open.upload.finish();
      if (open.kind === 'download') await open.download.close();
      done(id);
    }),
  );
  sftp.on('OPENDIR', (id, path) =>
    answer(id, async () => {
      requireRoom();
      opened(id, { kind: 'folder', rest: await files.list(path) });
    }),
  );
  sftp.on('READDIR', (id, handle) =>
    answer(id, async () => {
      const folder = openOf(handle, 'folder');
      const [now, later] = [folder.rest.slice(0, ENTRIES_AT_ONCE), folder.rest.slice(ENTRIES_AT_ONCE)];
      folder.rest = later;
      if (now.length === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.name(id, now.map(toFileEntry));
    }),
  );
  const stat = (id: number, path: string) =>
    answer(id, async () => {
      sftp.attrs(id, toAttributes(await files.stat(path)));
    });
  sftp.on('STAT', stat);
  sftp.on('LSTAT', stat);
  sftp.on('FSTAT', (id, handle) =>
    answer(id, async () => {
      sftp.attrs(id, toAttributes(await files.stat(openOf(handle, 'download').path)));
    }),
  );
  // Times and modes are ours; programs that set them after an upload must not take that for a failed upload.
  sftp.on('FSETSTAT', (id) => answer(id, async () => done(id)));
  sftp.on('SETSTAT', (id, path) =>
    answer(id, async () => {
      await files.stat(path);
      done(id);
    }),
  );
  sftp.on('REALPATH', (id, path) =>
    answer(id, async () => {
      const filename = canonicalPath(path);
      sftp.name(id, [{ filename, longname: filename, attrs: toAttributes(ROOT_ENTRY) }]);
    }),
  );
  sftp.on('RENAME', (id, from, to) =>
    answer(id, async () => {
      await files.rename(from, to);
      done(id);
    }),
  );
  sftp.on('REMOVE', (id, path) =>
    answer(id, async () => {
      await files.remove(path);
      done(id);
    }),
  );
  const never = (text: string) => (id: number) =>
    answer(id, async () => {
      throw new SftpRefusal('PERMISSION_DENIED', text);
    });
  sftp.on('MKDIR', never('Mappar skapas inte här.'));
  sftp.on('RMDIR', never('Mappar tas inte bort här.'));
  sftp.on('SYMLINK', never('Länkar tas inte emot.'));
  sftp.on('READLINK', never('Det finns inga länkar.'));
  // OpenSSH says that it has no more to ask, and waits for us to close.
  const over = () => {
    last = last.then(() => abandonAll(handles, context.log)).then(() => sftp.end());
  };
  sftp.on('end', over);
  return over;
}

const HANDLE_BYTES = 4;
const ROOT_ENTRY: SftpEntry = { name: '/', isFolder: true, bytes: 0, mtimeSeconds: 0 };

/** The client went away: what it had not closed was never whole. */
async function abandonAll(handles: Map<number, Open>, log: Log): Promise<void> {
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
