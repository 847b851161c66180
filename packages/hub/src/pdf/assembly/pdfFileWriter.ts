import { createHash } from 'node:crypto';

/** Takes the file's bytes in order; the next are made when it has taken these. */
export type WriteBytes = (bytes: Buffer) => Promise<void> | void;

/** Writes a PDF object by object. It keeps eight bytes for each object and nothing else, so that a file may be as large as the disk. */
export interface PdfFileWriter {
  /** A number for an object that is written later. */
  allocate(): number;
  /** What stands between `obj` and `endobj`. */
  put(number: number, body: Buffer | string): void;
  /** Hands what has been put to the sink. */
  flush(): Promise<void>;
  /** The cross-reference table and trailer; the number of bytes in all. */
  finish(trailer: string): Promise<number>;
}

/** An offset in a cross-reference table has ten digits (ISO 32000-1 7.5.4). */
const FILE_BYTES_MAX = 9_999_999_999;
const TABLE_ROWS_AT_ONCE = 10_000;
const ID_HEX_DIGITS = 32;
const OFFSETS_START = 1_024;

export function createPdfFileWriter(write: WriteBytes): PdfFileWriter {
  let offsets = new Float64Array(OFFSETS_START);
  let [count, length] = [1, 0];
  let waiting: Buffer[] = [];
  const hash = createHash('sha256');
  add(Buffer.from('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n', 'latin1'));

  function add(bytes: Buffer): void {
    waiting.push(bytes);
    length += bytes.length;
    if (length > FILE_BYTES_MAX) throw new RangeError('a PDF file cannot be larger than 10 GB');
  }

  async function flush(): Promise<void> {
    const bytes = Buffer.concat(waiting);
    waiting = [];
    hash.update(bytes);
    if (bytes.length > 0) await write(bytes);
  }

  async function writeTable(): Promise<void> {
    add(Buffer.from(`xref\n0 ${count}\n0000000000 65535 f \n`));
    for (let from = 1; from < count; from += TABLE_ROWS_AT_ONCE) {
      const rows = offsets.subarray(from, Math.min(count, from + TABLE_ROWS_AT_ONCE));
      add(Buffer.from(Array.from(rows, tableRow).join('')));
      await flush();
    }
  }

  return {
    allocate() {
      if (count === offsets.length) {
        const larger = new Float64Array(offsets.length * 2);
        larger.set(offsets);
        offsets = larger;
      }
      count += 1;
      return count - 1;
    },
    put(number, body) {
      offsets[number] = length;
      add(Buffer.from(`${number} 0 obj\n`));
      add(typeof body === 'string' ? Buffer.from(body, 'latin1') : body);
      add(Buffer.from('\nendobj\n'));
    },
    flush,
    async finish(trailer) {
      const start = length;
      await writeTable();
      // The same contents give the same file, its identifier too (7.5.5, 14.4).
      const id = hash.copy().digest('hex').slice(0, ID_HEX_DIGITS);
      add(
        Buffer.from(`trailer\n<</Size ${count}${trailer}/ID[<${id}><${id}>]>>\nstartxref\n${start}\n%%EOF\n`, 'latin1'),
      );
      await flush();
      return length;
    },
  };
}

/** A number that was allocated and never used is a free object. */
function tableRow(offset: number): string {
  return offset === 0 ? '0000000000 65535 f \n' : `${String(offset).padStart(10, '0')} 00000 n \n`;
}
