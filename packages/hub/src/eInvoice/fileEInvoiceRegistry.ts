import { readFile, stat } from 'node:fs/promises';
import { parseRecipientId } from '@brevduva/protocol';
import { readTable } from '../waysIn/files/table.ts';
import type { EInvoiceAddress, EInvoiceAnswer, EInvoiceRegistry } from './eInvoiceRegistry.ts';
import { readEInvoiceAddress } from './readEInvoiceAddress.ts';

/** Some hundred thousand customers. */
const FILE_BYTES_MAX = 32 * 1024 * 1024;
const COLUMNS = { recipient: 'mottagare', endpoint: 'adress', name: 'namn' } as const;

/**
 * A registry that is a file: JSON (`{ "recipients": [{ "recipient": "191212121212", "endpoint": "0088:7300009901234", "name": "…" }] }`) or a table
 * (CSV, XLSX) with the columns *mottagare*, *adress* and *namn*. It is read again when it has changed. A file that is not there, or has one
 * fault, answers nothing at all: a list that lacks somebody would send her paper.
 */
export function createFileEInvoiceRegistry(file: string): EInvoiceRegistry {
  let read: { readonly version: string; readonly addresses: Addresses | string } | undefined;
  const current = async (): Promise<Addresses | string> => {
    const { size, mtimeNs, ino } = await stat(file, { bigint: true });
    const version = `${ino}:${mtimeNs}:${size}`;
    if (read?.version !== version) {
      read = { version, addresses: size > FILE_BYTES_MAX ? 'the file is too large' : await readAddresses(file) };
    }
    return read.addresses;
  };
  return {
    async find(_creditor, questions): Promise<EInvoiceAnswer> {
      const addresses = await current().catch(
        (error: NodeJS.ErrnoException) => error.code ?? 'the file cannot be read',
      );
      if (typeof addresses === 'string') return { kind: 'unavailable', reason: addresses };
      const wishes = questions.map(({ recipient }) => {
        const address = addresses.get(recipient);
        return address === undefined ? ({ kind: 'notWanted' } as const) : ({ kind: 'wanted', address } as const);
      });
      return { kind: 'answered', wishes };
    },
  };
}

type Addresses = ReadonlyMap<string, EInvoiceAddress>;

interface Row {
  readonly recipient: unknown;
  readonly endpoint: unknown;
  readonly name: unknown;
}

/** @returns in words for the log, without a number, why the file says nothing. */
async function readAddresses(file: string): Promise<Addresses | string> {
  const bytes = await readFile(file);
  const rows = file.endsWith('.json') ? jsonRows(bytes) : await tableRows(bytes);
  if (typeof rows === 'string') return rows;
  const addresses = new Map<string, EInvoiceAddress>();
  for (const [n, { recipient, endpoint, name }] of rows.entries()) {
    const parsed = typeof recipient === 'string' ? parseRecipientId(recipient) : undefined;
    const address = readEInvoiceAddress(endpoint, name);
    if (parsed?.ok !== true || address === undefined) return `row ${n + 1} of the file is not understood`;
    if (addresses.has(parsed.id)) return `row ${n + 1} of the file repeats a recipient`;
    addresses.set(parsed.id, address);
  }
  return addresses;
}

function jsonRows(bytes: Buffer): readonly Row[] | string {
  try {
    const json = JSON.parse(bytes.toString('utf8')) as { recipients?: unknown } | null;
    const rows = json?.recipients;
    if (!Array.isArray(rows) || rows.some((row) => typeof row !== 'object' || row === null))
      return 'the file has no recipients';
    return rows as readonly Row[];
  } catch {
    return 'the file is no JSON';
  }
}

async function tableRows(bytes: Buffer): Promise<readonly Row[] | string> {
  const result = await readTable(bytes);
  if (!('table' in result) || result.faults.length > 0) return 'the file is no sound table';
  const missing = Object.values(COLUMNS).filter(
    (each) => each !== COLUMNS.name && !result.table.columns.includes(each),
  );
  if (missing.length > 0) return `the file lacks the columns ${missing.join(', ')}`;
  return result.table.rows.map(({ cells }) => ({
    recipient: cells.get(COLUMNS.recipient),
    endpoint: cells.get(COLUMNS.endpoint),
    name: cells.get(COLUMNS.name),
  }));
}
