import type { ObjectReader } from '../objectReader.ts';
import type { WayInContext } from '../waysIn.ts';

/** Signed deliveries over SOAP, by the contract's `Message.distributeSecure`: it has no word for what a letter is about here. */
export interface MessageSettings {
  /** The flow of all that is handed in so. */
  readonly flow: string;
}

/** Reads the part `message` of a system's ways in; faults go to the reader. */
export function readMessage(part: ObjectReader, { flows }: WayInContext): MessageSettings {
  const flow = part.text('flow');
  if (flow !== '' && !flows.includes(flow)) part.fault('flow', `Systemet får inte skicka flödet ${flow}.`);
  return { flow };
}
