import { createHttpEInvoiceRegistry, type EInvoiceRegistryOptions } from '../http/eInvoiceRegistry.http.ts';
import { createHttpEInvoiceSender, type EInvoiceSenderOptions } from '../http/eInvoiceSender.http.ts';
import type { EInvoiceParts } from '../stages/stage.ts';
import type { EInvoiceRegistry } from './eInvoiceRegistry.ts';
import { createFileEInvoiceRegistry } from './fileEInvoiceRegistry.ts';

export interface EInvoiceOptions {
  /** Who wants e-invoices: a service, or a file of ours. */
  readonly registry: EInvoiceRegistryOptions | { readonly file: string };
  /** Who takes them. */
  readonly sender: EInvoiceSenderOptions;
}

/** Connects to registry and access point; whoever called closes. */
export function createEInvoiceParts({ registry, sender }: EInvoiceOptions): EInvoiceParts & { close(): void } {
  const asked: EInvoiceRegistry & { close?(): void } =
    'file' in registry ? createFileEInvoiceRegistry(registry.file) : createHttpEInvoiceRegistry(registry);
  const sending = createHttpEInvoiceSender(sender);
  return {
    registry: asked,
    sender: sending,
    close() {
      asked.close?.();
      sending.close();
    },
  };
}
