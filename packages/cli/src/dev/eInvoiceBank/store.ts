import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../makeFolder.ts';
import { writeFileAtomic } from '../../writeFileAtomic.ts';

/** An invoice as the bank keeps it. */
export interface KeptInvoice {
  /** The idempotency key that it came under. */
  readonly id: string;
  readonly receivedAt: string;
  /** The electronic address that it was for. */
  readonly receiver: string;
  readonly status: 'delivered' | 'rejected';
  readonly reason?: string;
  /** Taken first, and rejected afterwards. */
  readonly isLate?: boolean;
  readonly xml: Buffer;
}

export interface BankStore {
  /** @returns the one that was kept first under the id, or `conflict` when its bytes were others. */
  keep(invoice: KeptInvoice): Promise<KeptInvoice | 'conflict'>;
  find(id: string): Promise<KeptInvoice | undefined>;
  /** The newest first. */
  list(): Promise<readonly KeptInvoice[]>;
}

const ID = /^[0-9a-f-]{36}$/;
const LISTED_MAX = 100;

/** One file an invoice, whole or not there. */
export async function createBankStore(folder: string): Promise<BankStore> {
  await makeFolder(folder);
  // One after the other: of two calls with one id at the same instant the second must see the first.
  let writing: Promise<unknown> = Promise.resolve();
  const find = (id: string) => (ID.test(id) ? readInvoice(join(folder, `${id}.json`)) : Promise.resolve(undefined));
  return {
    find,
    keep(invoice) {
      const kept = writing.then(async () => {
        const known = await find(invoice.id);
        if (known !== undefined) return known.xml.equals(invoice.xml) ? known : ('conflict' as const);
        const file = { ...invoice, xml: invoice.xml.toString('base64') };
        await writeFileAtomic(join(folder, `${invoice.id}.json`), `${JSON.stringify(file)}\n`);
        return invoice;
      });
      writing = kept.catch(() => undefined);
      return kept;
    },
    async list() {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
      const all = await Promise.all(names.map((name) => readInvoice(join(folder, name))));
      const found = all.filter((each) => each !== undefined);
      return found.toSorted((a, b) => b.receivedAt.localeCompare(a.receivedAt)).slice(0, LISTED_MAX);
    },
  };
}

async function readInvoice(file: string): Promise<KeptInvoice | undefined> {
  try {
    const { xml, ...rest } = JSON.parse(await readFile(file, 'utf8')) as Omit<KeptInvoice, 'xml'> & { xml: string };
    return { ...rest, xml: Buffer.from(xml, 'base64') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
