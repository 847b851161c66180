import { type ObjectReader, type PathFault, readObject } from './objectReader.ts';
import { type DropFolderSettings, readDropFolder } from './waysIn/dropFolder.ts';
import { type FormsSettings, readForms } from './waysIn/forms.ts';
import { type InvoicesSettings, readInvoices } from './waysIn/invoices.ts';
import { type MessageSettings, readMessage } from './waysIn/message.ts';
import { type NotificationSettings, readNotification } from './waysIn/notification.ts';
import { type PrinterSettings, readPrinter } from './waysIn/printer.ts';

/**
 * How a business system hands in beside REST, which every system with a credential may use: one part for each way in that
 * it uses. In the configuration file it stands under `waysIn`; in the system's row it is kept as written there, and read when it is used.
 */
export interface WaysIn {
  readonly dropFolder?: DropFolderSettings;
  readonly printer?: PrinterSettings;
  readonly invoices?: InvoicesSettings;
  readonly forms?: FormsSettings;
  readonly message?: MessageSettings;
  readonly notification?: NotificationSettings;
}

export type WayInName = keyof WaysIn;

/** The system's flows, so that a part which names a flow is held to them. */
export interface WayInContext {
  readonly flows: readonly string[];
}

type PartReaders = { readonly [W in WayInName]-?: (part: ObjectReader, context: WayInContext) => Required<WaysIn>[W] };

/** Each part's own reader. A new way in is a line here and a file in waysIn/. */
const READERS: PartReaders = {
  dropFolder: readDropFolder,
  printer: readPrinter,
  invoices: readInvoices,
  forms: readForms,
  message: readMessage,
  notification: readNotification,
};

export const WAYS_IN = Object.keys(READERS) as readonly WayInName[];

/** The parts as written, judged and found right; a reader may give another shape than the file's. */
export type WrittenWaysIn = { readonly [W in WayInName]?: Readonly<Record<string, unknown>> };

/** Judges `waysIn` of a system in the file, and gives it as written. */
export function checkWaysIn(system: ObjectReader, context: WayInContext): WrittenWaysIn {
  readWaysIn(system.optionalObject('waysIn'), context);
  const written = Object.entries(system.written('waysIn') ?? {});
  return Object.fromEntries(written.filter(([, part]) => part !== null));
}

/** Reads every part that is there. */
function readWaysIn(settings: ObjectReader | undefined, context: WayInContext): WaysIn {
  if (settings === undefined) return {};
  const parts = WAYS_IN.flatMap((name) => {
    const part = settings.optionalObject(name);
    if (part === undefined) return [];
    const read = READERS[name](part, context);
    part.end();
    return [[name, read]];
  });
  settings.end();
  return Object.fromEntries(parts);
}

/**
 * Reads what a system's row holds. It was checked when it was applied; a part that a later version cannot read stops that way in,
 * with the faults told, and not the hub.
 */
export function readStoredWaysIn(value: unknown, context: WayInContext): { waysIn: WaysIn; faults: PathFault[] } {
  const faults: PathFault[] = [];
  const waysIn = readWaysIn(readObject(value, 'waysIn', faults), context);
  const isSound = (name: string) =>
    !faults.some(({ path }) => path === 'waysIn' || `${path}/`.startsWith(`waysIn/${name}/`));
  return { waysIn: Object.fromEntries(Object.entries(waysIn).filter(([name]) => isSound(name))), faults };
}
