import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { addAbortSignal, pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { appError } from '@brevduva/base';
import { CLI_ERRORS } from '../errors.ts';

/** An account file, wherever it comes from. */
export interface AccountSource {
  /** The unpacked text, once. */
  readonly content: AsyncIterable<Uint8Array>;
  /** By what the file is known again: its size, its beginning and its end; of standard input only the beginning. */
  readonly fingerprint: Buffer;
  /** How much has been read, 0 to 1; undefined when nobody knows how much there is. */
  fraction(): number | undefined;
}

const FINGERPRINT_BYTES = 65_536;
const CHUNK_BYTES = 131_072;
const GZIP_START = Buffer.from([0x1f, 0x8b]);

/** A file, packed with gzip or not: that is seen from its first bytes. @throws AppError CLI_FILE */
export async function openAccountFile(file: string, stop: AbortSignal): Promise<AccountSource> {
  const refused = (cause: unknown) => appError(CLI_ERRORS, 'CLI_FILE', { values: { file }, cause });
  const { size, head, tail } = await readEnds(file).catch((cause: unknown) => {
    throw refused(cause);
  });
  let raw: ReadStream | undefined;
  const read = () => {
    raw = createReadStream(file, { highWaterMark: CHUNK_BYTES });
    return raw;
  };
  const fingerprint = createHash('sha256').update(`file ${size} `).update(head).update(tail).digest();
  const fraction = () => (size === 0 ? 1 : (raw?.bytesRead ?? 0) / size);
  return { content: textOf(read, isPacked(head), { name: file, stop }), fingerprint, fraction };
}

/** What comes from a pipe, packed or not. It is read from the beginning also when a load continues. */
export async function openAccountStream(
  input: AsyncIterable<Uint8Array>,
  name: string,
  stop: AbortSignal,
): Promise<AccountSource> {
  const chunks = input[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let size = 0;
  while (size < FINGERPRINT_BYTES) {
    const { done, value } = await chunks.next();
    if (done === true) break;
    first.push(value);
    size += value.length;
  }
  const head = Buffer.concat(first);
  const read = () => Readable.from(joined(head, chunks), { objectMode: false });
  const fingerprint = createHash('sha256').update('stream ').update(head.subarray(0, FINGERPRINT_BYTES)).digest();
  return { content: textOf(read, isPacked(head), { name, stop }), fingerprint, fraction: () => undefined };
}

const isPacked = (head: Buffer): boolean => head.subarray(0, GZIP_START.length).equals(GZIP_START);

async function* joined(head: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (;;) {
    const { done, value } = await rest.next();
    if (done === true) return;
    yield value;
  }
}

/**
 * Opened when it is read and not before: what goes wrong with a stream that nobody reads yet, be it that it is told to
 * stop, ends the process. A file that is packed wrongly, or cut off, is the file's fault.
 */
async function* textOf(
  read: () => Readable,
  packed: boolean,
  { name, stop }: { name: string; stop: AbortSignal },
): AsyncGenerator<Uint8Array> {
  stop.throwIfAborted();
  const raw = addAbortSignal(stop, read());
  try {
    yield* (packed ? unpacked(raw) : raw) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (code.startsWith('Z_')) throw appError(CLI_ERRORS, 'CLI_GZIP', { values: { file: name }, cause });
    throw cause;
  }
}

/** Not `pipe`: an error of the file must reach whoever reads what is unpacked. */
function unpacked(packed: Readable): Readable {
  return pipeline(packed, createGunzip({ chunkSize: CHUNK_BYTES }), () => {
    // whoever reads is told by the stream itself
  });
}

async function readEnds(file: string): Promise<{ size: number; head: Buffer; tail: Buffer }> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const head = await readAt(handle, 0);
    const tail = await readAt(handle, Math.max(0, size - FINGERPRINT_BYTES));
    return { size, head, tail };
  } finally {
    await handle.close();
  }
}

async function readAt(handle: FileHandle, position: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(FINGERPRINT_BYTES), 0, FINGERPRINT_BYTES, position);
  return buffer.subarray(0, bytesRead);
}
