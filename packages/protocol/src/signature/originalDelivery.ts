import { XmlFragment } from '../notation/index.ts';
import { canonicalAttributes, canonicalNodes } from '../xml/canonicalXml.ts';
import { XmlRefused } from '../xml/XmlRefused.ts';
import { SERVICE_NAMESPACE } from './algorithms.ts';
import { type DeliverySource, sealedDeliveryOf } from './deliverySource.ts';
import { SignatureError } from './SignatureError.ts';

const NAME = 'OrginalDelivery';

/**
 * A sealed delivery as it is passed on in `deliverForward` (FACTS b.4): another name and nothing else. Both signatures
 * stay what they were, because they are counted on the form of FACTS e.3, in which it is written here. Nothing is verified.
 *
 * @param source what was received once: a deliverSecure request, a deliverForward request or the standalone document
 * @throws SignatureError DOCUMENT, FORBIDDEN_NODE
 */
export function originalDelivery(source: DeliverySource): XmlFragment {
  const element = sealedDeliveryOf(source);
  try {
    const content = canonicalNodes(element.content, SERVICE_NAMESPACE).toString();
    const open = `<${NAME} xmlns="${SERVICE_NAMESPACE}"${canonicalAttributes(element)}>`;
    return new XmlFragment(SERVICE_NAMESPACE, NAME, `${open}${content}</${NAME}>`);
  } catch (cause) {
    if (cause instanceof XmlRefused) throw new SignatureError('FORBIDDEN_NODE', 'sealed', { cause });
    throw cause;
  }
}
