import type { ObjectReader } from '../objectReader.ts';
import type { WayInContext } from '../waysIn.ts';

/** Form messages with attachments, as SHS and verksamt.se send them. */
export interface FormsSettings {
  /** The flow of letters that name none themselves. */
  readonly flow: string;
}

/** Reads the part `forms` of a system's ways in; faults go to the reader. */
export function readForms(part: ObjectReader, { flows }: WayInContext): FormsSettings {
  const flow = part.text('flow');
  if (flow !== '' && !flows.includes(flow)) part.fault('flow', `Systemet får inte skicka flödet ${flow}.`);
  return { flow };
}
