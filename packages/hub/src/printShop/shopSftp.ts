import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { open, readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import ssh2, { type ConnectConfig, type FileEntryWithStats, type SFTPWrapper } from 'ssh2';
import type { HandOver } from './printShop.ts';
import { RECEIPT_FOLDERS, RECEIPT_NAME, type ShopFiles, ShopFilesError } from './shopFiles.ts';

/** What we log in with; from the hub's own secrets, never from an organisation's file. */
export type ShopSecret = { readonly privateKey: string } | { readonly password: string };

export interface SftpShopOptions {
  readonly server: Extract<HandOver, { way: 'sftp' }>;
  readonly secret: ShopSecret;
  /** Development only: called after each block that was sent. */
  readonly onBlock?: (file: string, sentBytes: number) => void;
}

const CONNECT_TIMEOUT_MS = 20_000;
/** An answer to one request. */
const ANSWER_TIMEOUT_MS = 60_000;
const KEEPALIVE_MS = 10_000;
/** What every server takes in one request (the draft says 32 KiB at the least). */
const BLOCK_BYTES = 32 * 1024;
/** Requests under way at once: the round trip is not waited for block by block. */
const BLOCKS_AT_ONCE = 16;
const MANIFEST_BYTES_MAX = 128 * 1024 * 1024;

/**
 * A print shop's SFTP server. A batch is sent to `batches/<id>.part/`, each file under `<name>.part` first, and all of it takes its name by
 * one rename at the end. A transfer that broke off goes on with the file that it was in: files that are whole keep their names, the one
 * in the middle is written anew.
 *
 * @throws ShopFilesError `hostKey`, `login`, `unreachable`
 */
export async function connectShopSftp(options: SftpShopOptions): Promise<ShopFiles> {
  const { server } = options;
  const client = new ssh2.Client();
  const sftp = await connect(client, options);
  // A connection that breaks ends every request that waits; without this, Node would end the process.
  client.on('error', () => client.destroy());
  // Each request that is under way listens for its end.
  client.setMaxListeners(0);
  const at = (...names: string[]) => posix.join(server.directory, ...names);
  const calls = requestsOf(sftp, client);
  const read = async (path: string, bytesMax: number): Promise<Buffer | undefined> => {
    const size = await calls.sizeOf(path);
    if (size === undefined) return undefined;
    if (size > bytesMax) throw new ShopFilesError('tooLarge', `Filen ${posix.basename(path)} är för stor.`);
    return calls.read(path);
  };
  const readManifest = async (batchId: string) =>
    (await read(at('batches', batchId, 'manifest.json'), MANIFEST_BYTES_MAX)) ??
    (await read(at('done', batchId, 'manifest.json'), MANIFEST_BYTES_MAX));
  for (const folder of ['batches', 'receipts', ...Object.values(RECEIPT_FOLDERS)]) await calls.makeFolder(at(folder));
  return {
    readManifest,
    publish: async (batchId, folder) => {
      if ((await readManifest(batchId)) !== undefined) return 'alreadyHandedOver';
      const part = at('batches', `${batchId}.part`);
      await sendFolder(folder, part, { calls, onBlock: options.onBlock });
      await calls.rename(part, at('batches', batchId));
      return 'handedOver';
    },
    listReceipts: async (max) => {
      const entries = await calls.list(at('receipts'));
      const names = entries.map(({ filename }) => filename).filter((name) => RECEIPT_NAME.test(name));
      return names.sort().slice(0, max);
    },
    readReceipt: (name, bytesMax) => read(at('receipts', name), bytesMax),
    moveReceipt: async (name, to) => {
      if ((await calls.sizeOf(at('receipts', name))) === undefined) return;
      // SFTP's rename replaces nothing: an earlier file of that name goes first.
      await calls.remove(at(RECEIPT_FOLDERS[to], name));
      await calls.rename(at('receipts', name), at(RECEIPT_FOLDERS[to], name));
    },
    close: async () => {
      client.end();
    },
  };
}

async function connect(
  client: InstanceType<typeof ssh2.Client>,
  { server, secret }: SftpShopOptions,
): Promise<SFTPWrapper> {
  let shownKey: string | undefined;
  const config: ConnectConfig = {
    ...{ host: server.host, port: server.port, username: server.user, ...secret },
    ...{ readyTimeout: CONNECT_TIMEOUT_MS, keepaliveInterval: KEEPALIVE_MS },
    hostVerifier: (key: Buffer) => {
      shownKey = `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
      return shownKey === server.hostKey;
    },
  };
  try {
    const ready = once(client, 'ready');
    client.connect(config);
    await ready;
    return await new Promise<SFTPWrapper>((resolve, reject) =>
      client.sftp((error, sftp) => (error === undefined ? resolve(sftp) : reject(error))),
    );
  } catch (error) {
    client.destroy();
    const where = `${server.host}:${server.port}`;
    if (shownKey !== undefined && shownKey !== server.hostKey) {
      const text = `Tryckeriets server ${where} visar en annan nyckel (${shownKey}) än den som är inställd. Ingenting har skickats.`;
      throw new ShopFilesError('hostKey', text, error);
    }
    if ((error as { level?: unknown }).level === 'client-authentication') {
      throw new ShopFilesError('login', `Tryckeriets server ${where} släpper inte in kontot ${server.user}.`, error);
    }
    throw new ShopFilesError('unreachable', `Tryckeriets server ${where} går inte att nå.`, error);
  }
}

interface Sending {
  readonly calls: Requests;
  readonly onBlock: SftpShopOptions['onBlock'];
}

/** The manifest comes last: who finds it in the folder finds all that it names. */
async function sendFolder(folder: string, part: string, sending: Sending): Promise<void> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => posix.join(posix.relative(folder, entry.parentPath), entry.name))
    .sort((a, b) => Number(a === 'manifest.json') - Number(b === 'manifest.json') || (a < b ? -1 : 1));
  await sending.calls.makeFolder(part);
  for (const inner of new Set(names.map((name) => posix.dirname(name)))) {
    if (inner !== '.') await sending.calls.makeFolder(posix.join(part, inner));
  }
  for (const name of names) await sendFile(join(folder, name), posix.join(part, name), sending);
}

async function sendFile(from: string, to: string, { calls, onBlock }: Sending): Promise<void> {
  const file = await open(from, 'r');
  try {
    const { size } = await file.stat();
    // Its name says which bytes it holds, and it got it when it was whole. What has another name is small and sent anew.
    if (posix.basename(posix.dirname(to)) === 'letters' && (await calls.sizeOf(to)) === size) return;
    await calls.remove(to);
    const handle = await calls.create(`${to}.part`);
    for (let start = 0; start < size; start += BLOCK_BYTES * BLOCKS_AT_ONCE) {
      const bytes = Buffer.alloc(Math.min(BLOCK_BYTES * BLOCKS_AT_ONCE, size - start));
      await file.read(bytes, 0, bytes.length, start);
      const blocks = Array.from({ length: Math.ceil(bytes.length / BLOCK_BYTES) }, (_, n) => n * BLOCK_BYTES);
      await Promise.all(
        blocks.map((offset) => calls.write(handle, bytes.subarray(offset, offset + BLOCK_BYTES), start + offset)),
      );
      onBlock?.(to, start + bytes.length);
    }
    await calls.closeFile(handle);
    const sent = await calls.sizeOf(`${to}.part`);
    if (sent !== size) throw new ShopFilesError('unreachable', 'Tryckeriets server tog inte emot hela filen.');
    await calls.rename(`${to}.part`, to);
  } finally {
    await file.close();
  }
}

type Requests = ReturnType<typeof requestsOf>;

const NO_SUCH_FILE = 2;

/** The requests that we use, each answered within its time or failed when the connection breaks. */
function requestsOf(sftp: SFTPWrapper, client: InstanceType<typeof ssh2.Client>) {
  const asked = <T>(
    ask: (answered: (error: Error | undefined | null, value?: T) => void) => void,
  ): Promise<T | undefined> =>
    new Promise((resolve, reject) => {
      const broken = () => reject(unreachable('Förbindelsen med tryckeriets server bröts.'));
      const late = setTimeout(() => {
        client.destroy();
        reject(unreachable('Tryckeriets server svarar inte.'));
      }, ANSWER_TIMEOUT_MS);
      client.once('close', broken);
      ask((error, value) => {
        clearTimeout(late);
        client.off('close', broken);
        if (error) reject(error);
        else resolve(value);
      });
    });
  const required = async <T>(what: string, ask: Parameters<typeof asked<T>>[0]): Promise<T | undefined> => {
    try {
      return await asked(ask);
    } catch (error) {
      if (error instanceof ShopFilesError) throw error;
      throw new ShopFilesError('refused', `Tryckeriets server nekade oss att ${what}.`, error);
    }
  };
  const sizeOf = async (path: string): Promise<number | undefined> => {
    try {
      return (await asked<{ size: number }>((done) => sftp.stat(path, done)))?.size;
    } catch (error) {
      if ((error as { code?: unknown }).code === NO_SUCH_FILE) return undefined;
      throw error instanceof ShopFilesError
        ? error
        : new ShopFilesError('refused', 'Tryckeriets server nekade oss att läsa.', error);
    }
  };
  return {
    sizeOf,
    makeFolder: async (path: string) => {
      if ((await sizeOf(path)) === undefined) await required('skapa en mapp', (done) => sftp.mkdir(path, done));
    },
    remove: async (path: string) => {
      if ((await sizeOf(path)) !== undefined) await required('ta bort en fil', (done) => sftp.unlink(path, done));
    },
    rename: (from: string, to: string) => required('byta namn', (done) => sftp.rename(from, to, done)),
    read: (path: string) => required<Buffer>('läsa', (done) => sftp.readFile(path, done)),
    list: async (path: string) =>
      (await required<FileEntryWithStats[]>('läsa en mapp', (done) => sftp.readdir(path, done))) ?? [],
    create: async (path: string) => {
      const handle = await required<Buffer>('skriva', (done) => sftp.open(path, 'w', done));
      if (handle === undefined) throw new Error('a file was opened without a handle');
      return handle;
    },
    write: (handle: Buffer, bytes: Buffer, position: number) =>
      required('skriva', (done) => sftp.write(handle, bytes, 0, bytes.length, position, done)),
    closeFile: (handle: Buffer) => required('skriva', (done) => sftp.close(handle, done)),
  };
}

function unreachable(text: string): ShopFilesError {
  return new ShopFilesError('unreachable', text);
}
