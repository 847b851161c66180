/**
 * Where a print shop fetches its batches and leaves its receipts: a folder of ours, or the shop's SFTP server. The same layout in both
 * (docs/printshop.md): `batches/<id>/`, moved by the shop to `done/<id>/` if it likes; `receipts/`, emptied by us.
 */
export interface ShopFiles {
  /**
   * Puts a built batch there, whole or not at all: under another name first, then by one rename.
   *
   * @param folder where its files lie
   * @returns whether it lay there already
   * @throws ShopFilesError
   */
  publish(batchId: string, folder: string): Promise<'handedOver' | 'alreadyHandedOver'>;
  /** The manifest of a batch that lies there, fetched or not; undefined when it does not. */
  readManifest(batchId: string): Promise<Buffer | undefined>;
  /** Names of receipts that are whole, in order; no more than `max`. */
  listReceipts(max: number): Promise<string[]>;
  /** Undefined when another node has taken it. @throws ShopFilesError `tooLarge` when it has more bytes than `bytesMax`. */
  readReceipt(name: string, bytesMax: number): Promise<Buffer | undefined>;
  /** Puts a receipt aside: what was read, or what could not be. Without effect when it is gone. */
  moveReceipt(name: string, to: 'read' | 'unreadable'): Promise<void>;
  close(): Promise<void>;
}

/** `unreachable`, and all that may pass; `hostKey`, `login`, `refused`: a person must see to it. */
export type ShopFilesFault = 'unreachable' | 'hostKey' | 'login' | 'noSecret' | 'refused' | 'disk' | 'tooLarge';

export class ShopFilesError extends Error {
  readonly fault: ShopFilesFault;
  /** @param message in Swedish, for the person who reads the case */
  constructor(fault: ShopFilesFault, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ShopFilesError';
    this.fault = fault;
  }
}

/** Receipts are known by these endings; a shop writes under another name and renames when the file is whole. */
export const RECEIPT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,119}\.(?:jsonl|csv)$/;
export const RECEIPT_FOLDERS = { read: 'receipts/read', unreadable: 'receipts/unreadable' } as const;
