import type { WaysIn } from '../waysIn.ts';
import { type DropFolderSettings, plainDropFolder } from './dropFolder.ts';

/** How the system's folder is read. A system that hands in invoices has one without further settings. */
export function folderSettings({ dropFolder, invoices }: WaysIn): DropFolderSettings | undefined {
  return dropFolder ?? (invoices && plainDropFolder(invoices.flow));
}
