import type { ObjectReader } from '../objectReader.ts';
import type { WayInContext } from '../waysIn.ts';

/** Notices over SOAP, by the contract's `Notification.distribute`. */
export interface NotificationSettings {
  /** The flow of all that is handed in so; one that is a notice and nothing else. */
  readonly flow: string;
}

/** Reads the part `notification` of a system's ways in; faults go to the reader. */
export function readNotification(part: ObjectReader, { flows }: WayInContext): NotificationSettings {
  const flow = part.text('flow');
  if (flow !== '' && !flows.includes(flow)) part.fault('flow', `Systemet får inte skicka flödet ${flow}.`);
  return { flow };
}
