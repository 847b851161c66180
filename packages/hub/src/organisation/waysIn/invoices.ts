import type { ObjectReader } from '../objectReader.ts';
import type { WayInContext } from '../waysIn.ts';

/** Files of invoices. */
export interface InvoicesSettings {
  /** The flow of letters that name none themselves. */
  readonly flow: string;
}

/** Reads the part `invoices` of a system's ways in; faults go to the reader. */
export function readInvoices(part: ObjectReader, { flows }: WayInContext): InvoicesSettings {
  const flow = part.text('flow');
  if (flow !== '' && !flows.includes(flow)) part.fault('flow', `Systemet får inte skicka flödet ${flow}.`);
  return { flow };
}
