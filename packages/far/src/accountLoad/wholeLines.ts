import { appError } from '@brevduva/base';
import { ERRORS } from '../errors.ts';

/** A line of an account file has 80 bytes; what is longer than this is no such file. */
const LINE_BYTES_MAX = 65_536;
const LINE_FEED = 0x0a;

/**
 * A stream of bytes cut anywhere, as blocks that end where a line ends. The last has no line feed if the file has none.
 *
 * @throws AppError FAR_ACCOUNT_FILE_LINE
 */
export async function* wholeLines(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of content) {
    const bytes = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    rest = bytes.subarray(end);
    if (rest.length > LINE_BYTES_MAX) throw appError(ERRORS, 'FAR_ACCOUNT_FILE_LINE');
    if (end > 0) yield bytes.subarray(0, end);
  }
  if (rest.length > 0) yield rest;
}
