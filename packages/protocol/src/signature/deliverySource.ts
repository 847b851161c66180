import type { XmlElement } from 'libxml2-wasm';
import { childElements, isNamed } from '../xml/children.ts';
import { parseXml } from '../xml/parseXml.ts';
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

/** Gives the sealed delivery to `use`: inside `s3:deliverSecure/s3:deliverSecure`, or a standalone `SealedDelivery`. */
export function withSealedDelivery<T>(source: DeliverySource, use: (element: XmlElement) => T): T {
  return withBody(source, (body) => {
    if (isNamed(body, MESSAGE_NAMESPACE, 'SealedDelivery')) return use(body);
    if (!isNamed(body, SERVICE_NAMESPACE, 'deliverSecure')) throw new SignatureError('DOCUMENT');
    return use(onlyChild(body, SERVICE_NAMESPACE, 'deliverSecure'));
  });
}

/** Gives the signed delivery to `use`: inside `m3:distributeSecure/m3:signedDelivery`, or a standalone `SignedDelivery`. */
export function withSignedDelivery<T>(source: DeliverySource, use: (element: XmlElement) => T): T {
  return withBody(source, (body) => {
    if (isNamed(body, MESSAGE_NAMESPACE, 'SignedDelivery')) return use(body);
    if (!isNamed(body, MESSAGE_NAMESPACE, 'distributeSecure')) throw new SignatureError('DOCUMENT');
    return use(onlyChild(body, MESSAGE_NAMESPACE, 'signedDelivery'));
  });
}

/** The place decides which element is meant; nothing is searched for, so a moved one is not found (wrapping). */
function withBody<T>(source: DeliverySource, use: (body: XmlElement) => T): T {
  if (!(source instanceof Uint8Array)) return use(bodyOf(source));
  const document = parsed(source);
  try {
    return use(bodyOf(document.root));
  } finally {
    document.dispose();
  }
}

function bodyOf(root: XmlElement): XmlElement {
  if (!isNamed(root, ENVELOPE_NAMESPACE, 'Envelope')) return root;
  const [first, second, ...others] = childElements(root);
  const body = second ?? first;
  const header = second === undefined ? undefined : first;
  const headerIsRight = header === undefined || isNamed(header, ENVELOPE_NAMESPACE, 'Header');
  if (body === undefined || others.length > 0 || !headerIsRight || !isNamed(body, ENVELOPE_NAMESPACE, 'Body')) {
    throw new SignatureError('DOCUMENT');
  }
  const [payload, ...more] = childElements(body);
  if (payload === undefined || more.length > 0) throw new SignatureError('DOCUMENT');
  return payload;
}

function onlyChild(parent: XmlElement, namespace: string, name: string): XmlElement {
  const [child, ...others] = childElements(parent);
  if (child === undefined || others.length > 0 || !isNamed(child, namespace, name))
    throw new SignatureError('DOCUMENT');
  return child;
}

function parsed(bytes: Uint8Array): ReturnType<typeof parseXml> {
  try {
    return parseXml(bytes, { bytesMax: DOCUMENT_BYTES_MAX });
  } catch (cause) {
    if (cause instanceof XmlRefused) throw new SignatureError('DOCUMENT', undefined, { cause });
    throw cause;
  }
}
