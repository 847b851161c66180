import { decodeGlobalElement } from './codec/decode.ts';
import { encodeElement, encodeGlobalElement } from './codec/encode.ts';
import { Invoice } from './contract/invoice.ts';
import { OfficialMatter } from './contract/message-v3.ts';
import { ContractFault } from './faults.ts';
import { XmlFragment } from './notation/index.ts';
import { MESSAGE_NAMESPACE } from './signature/algorithms.ts';
import { readMarkup } from './xml/readMarkup.ts';

/** The official matter of a letter that is an invoice: the invoice stands as a free extension in it (FACTS h). */
export function invoiceMatter(invoice: Invoice): OfficialMatter {
  const { namespace } = Invoice.schema;
  return { any: [new XmlFragment(namespace, Invoice.name, encodeGlobalElement(Invoice, invoice))] };
}

/** How many bytes longer an envelope gets by the invoice. */
export function invoiceMatterBytes(invoice: Invoice): number {
  const name = { namespace: MESSAGE_NAMESPACE, name: 'OfficialMatter' };
  return Buffer.byteLength(encodeElement(name, OfficialMatter, invoiceMatter(invoice), MESSAGE_NAMESPACE));
}

/**
 * The invoice that a verified delivery's official matter holds, free or within the matter's own extension; the first, of several. The
 * contract judges extensions laxly: one that is not as its schema says is no reason to refuse a letter, and is not read.
 */
export function invoiceOf(matter: OfficialMatter | undefined): Invoice | undefined {
  const fragments = [...(matter?.any ?? []), ...(matter?.OfficialMatterExtension?.any ?? [])];
  const found = fragments.find(
    ({ name, namespace }) => name === Invoice.name && namespace === Invoice.schema.namespace,
  );
  if (found === undefined) return undefined;
  try {
    // The fragment was written in canonical form when it was read: it is well-formed and has no DTD.
    return decodeGlobalElement(readMarkup(Buffer.from(found.xml)), Invoice);
  } catch (error) {
    if (error instanceof ContractFault) return undefined;
    throw error;
  }
}
