import type { XmlElement } from 'libxml2-wasm';
import { nodeOf } from '../xml/nodeOf.ts';
import { parseNode } from '../xml/parseXml.ts';
import { childNodes, isNode, type XmlNode } from '../xml/XmlNode.ts';
import { XmlRefused } from '../xml/XmlRefused.ts';
import { MESSAGE_NAMESPACE, SERVICE_NAMESPACE } from './algorithms.ts';
import { SignatureError } from './SignatureError.ts';

/**
 * Where a delivery is read from: the bytes of a SOAP message or of a standalone document, or an element that is parsed
 * already, as a SOAP handler gets it.
 */
export type DeliverySource = Uint8Array | XmlElement;

const ENVELOPE_NAMESPACE = 'http://schemas.xmlsoap.org/soap/envelope/';
/** Far over what the infrastructure carries (FACTS f); the SOAP endpoint has its own, lower limit. */
const DOCUMENT_BYTES_MAX = 10_485_760;

/**
 * The sealed delivery: inside `s3:deliverSecure/s3:deliverSecure`, as `OrginalDelivery` in `s3:deliverForward`, or a
 * standalone `SealedDelivery`.
 *
 * @throws SignatureError DOCUMENT
 */
export function sealedDeliveryOf(source: DeliverySource): XmlNode {
  const body = bodyOf(rootOf(source));
  if (isNode(body, MESSAGE_NAMESPACE, 'SealedDelivery')) return body;
  if (isNode(body, SERVICE_NAMESPACE, 'deliverForward')) return forwardedIn(body);
  if (!isNode(body, SERVICE_NAMESPACE, 'deliverSecure')) throw new SignatureError('DOCUMENT');
  return onlyChild(body, SERVICE_NAMESPACE, 'deliverSecure');
}

/**
 * The signed delivery: inside `m3:distributeSecure/m3:signedDelivery`, or a standalone `SignedDelivery`.
 *
 * @throws SignatureError DOCUMENT
 */
export function signedDeliveryOf(source: DeliverySource): XmlNode {
  const body = bodyOf(rootOf(source));
  if (isNode(body, MESSAGE_NAMESPACE, 'SignedDelivery')) return body;
  if (!isNode(body, MESSAGE_NAMESPACE, 'distributeSecure')) throw new SignatureError('DOCUMENT');
  return onlyChild(body, MESSAGE_NAMESPACE, 'signedDelivery');
}

/** FACTS g: what a mailbox user passes on, as the dispatcher once sealed it. */
function forwardedIn(body: XmlNode): XmlNode {
  const parts = childNodes(onlyChild(body, SERVICE_NAMESPACE, 'forwardMessage'));
  const [original, ...others] = parts.filter((part) => isNode(part, SERVICE_NAMESPACE, 'OrginalDelivery'));
  if (original === undefined || others.length > 0) throw new SignatureError('DOCUMENT');
  return original;
}

function rootOf(source: DeliverySource): XmlNode {
  try {
    return source instanceof Uint8Array ? parseNode(source, { bytesMax: DOCUMENT_BYTES_MAX }) : nodeOf(source);
  } catch (cause) {
    if (cause instanceof XmlRefused) throw new SignatureError('DOCUMENT', undefined, { cause });
    throw cause;
  }
}

/** The place decides which element is meant; nothing is searched for, so a moved one is not found (wrapping). */
function bodyOf(root: XmlNode): XmlNode {
  if (!isNode(root, ENVELOPE_NAMESPACE, 'Envelope')) return root;
  const [first, second, ...others] = childNodes(root);
  const body = second ?? first;
  const header = second === undefined ? undefined : first;
  const headerIsRight = header === undefined || isNode(header, ENVELOPE_NAMESPACE, 'Header');
  if (body === undefined || others.length > 0 || !headerIsRight || !isNode(body, ENVELOPE_NAMESPACE, 'Body')) {
    throw new SignatureError('DOCUMENT');
  }
  const [payload, ...more] = childNodes(body);
  if (payload === undefined || more.length > 0) throw new SignatureError('DOCUMENT');
  return payload;
}

function onlyChild(parent: XmlNode, namespace: string, name: string): XmlNode {
  const [child, ...others] = childNodes(parent);
  if (child === undefined || others.length > 0 || !isNode(child, namespace, name)) throw new SignatureError('DOCUMENT');
  return child;
}
