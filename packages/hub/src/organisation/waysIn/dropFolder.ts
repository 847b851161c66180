import type { ObjectReader } from '../objectReader.ts';
import type { WayInContext } from '../waysIn.ts';

/** A folder, local or over SFTP, in which the system leaves PDFs with an index. */
export interface DropFolderSettings {
  /** The flow of letters that name none themselves. */
  readonly flow: string;
}

/** Reads the part `dropFolder` of a system's ways in; faults go to the reader. */
export function readDropFolder(part: ObjectReader, { flows }: WayInContext): DropFolderSettings {
  const flow = part.text('flow');
  if (flow !== '' && !flows.includes(flow)) part.fault('flow', `Systemet får inte skicka flödet ${flow}.`);
  return { flow };
}
