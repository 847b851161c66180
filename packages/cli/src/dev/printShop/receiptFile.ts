import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ReceiptLine {
  readonly batch?: string;
  readonly letter?: string;
  readonly status: 'acknowledged' | 'produced' | 'posted' | 'rejected' | 'returned';
  readonly at: string;
  readonly reason?: string;
}

/** A receipt of docs/printshop.md as a line of its file. */
export function receiptLine(receipt: ReceiptLine): string {
  return JSON.stringify(receipt);
}

/** Leaves a file of receipts for the customer: under another name first, so that half of it is never read. */
export async function writeReceiptFile(folder: string, name: string, lines: readonly string[]): Promise<void> {
  const receipts = join(folder, 'receipts');
  await mkdir(receipts, { recursive: true });
  await writeFile(join(receipts, `${name}.jsonl.part`), `${lines.join('\n')}\n`);
  await rename(join(receipts, `${name}.jsonl.part`), join(receipts, `${name}.jsonl`));
}
