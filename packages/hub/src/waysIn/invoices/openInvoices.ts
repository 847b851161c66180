import type { InvoicesSettings } from '../../organisation/waysIn/invoices.ts';
import type { FileFault } from '../dropFolder/indexRows.ts';
import type { LetterRow } from '../dropFolder/letterRows.ts';
import type { PdfFault } from '../dropFolder/openDelivery.ts';
import { type InvoiceLetter, toInvoiceLetter } from './invoiceLetter.ts';
import { readUblInvoice, type UblFault } from './ublInvoice.ts';

/** An XML file, and the PDF of the same name where one lies beside it. */
export interface InvoiceFile {
  readonly name: string;
  read(): Promise<Buffer | PdfFault>;
  readBeside?(): Promise<Buffer | PdfFault>;
}

export interface OpenInvoices {
  readonly letters: readonly LetterRow[];
  readonly faults: readonly FileFault[];
  readonly understoodAs: string;
  readPdf(file: string): Promise<Buffer | PdfFault>;
  /** The file as it was handed in, which goes on unaltered to whoever wants an e-invoice. */
  readXml(file: string): Promise<Buffer | PdfFault>;
}

/** The largest files take some 170 ms each (measured, on two busy cores); a delivery is held for minutes. */
const RENEWED_EVERY = 200;

/**
 * Reads a delivery of invoices, one file after the other. Of each only what the letter says is kept; its PDF is read again when the
 * letter is handed in, so that memory does not grow with their size.
 */
export async function openInvoices(
  files: readonly InvoiceFile[],
  settings: InvoicesSettings,
  { renew }: { renew?(): Promise<void> } = {},
): Promise<OpenInvoices> {
  const byName = new Map(files.map((file) => [file.name, file]));
  const letters: LetterRow[] = [];
  const faults: FileFault[] = [];
  for (const [n, file] of files.entries()) {
    if (n % RENEWED_EVERY === RENEWED_EVERY - 1) await renew?.();
    const read = await readLetter(file, settings);
    const place = { line: n + 1, file: file.name };
    if ('faults' in read) faults.push(...read.faults.map((fault) => ({ ...fault, ...place })));
    else {
      const { json, reference, pdf } = read;
      letters.push({ ...place, attachmentName: pdf.filename, flow: settings.flow, reference, json });
    }
  }
  return {
    letters,
    faults,
    understoodAs: 'PEPPOL BIS Billing 3',
    async readXml(name) {
      const read = await byName.get(name)?.read();
      return read ?? changed(name);
    },
    async readPdf(name) {
      const file = byName.get(name);
      const read = file && (await readLetter(file, settings));
      if (read !== undefined && 'pdf' in read) return read.pdf.bytes;
      return changed(name);
    },
  };
}

function changed(name: string): PdfFault {
  return { code: 'HUB_FILE_DAMAGED', text: `Filen ${name} är inte längre den som lästes först.` };
}

async function readLetter(
  file: InvoiceFile,
  settings: InvoicesSettings,
): Promise<InvoiceLetter | { readonly faults: readonly UblFault[] }> {
  const bytes = await file.read();
  if (!Buffer.isBuffer(bytes)) return { faults: [bytes] };
  const read = readUblInvoice(bytes);
  if ('faults' in read) return read;
  const beside = await file.readBeside?.();
  if (beside !== undefined && !Buffer.isBuffer(beside)) return { faults: [beside] };
  return toInvoiceLetter(read.invoice, settings, beside);
}
