import type { XmlElement } from 'libxml2-wasm';
import { ContractFault, contractFault } from '../faults.ts';
import { childElements, isNamed } from '../xml/children.ts';
import { rememberNode } from '../xml/nodeOf.ts';
import { readMarkup } from '../xml/readMarkup.ts';
import { childNodes } from '../xml/XmlNode.ts';

/** SOAP 1.1, the only version of the contract (FACTS b.1). */
export const ENVELOPE_NAMESPACE = 'http://schemas.xmlsoap.org/soap/envelope/';

/** `Content-Type` of every message in both directions (FACTS b.1). */
export const SOAP_CONTENT_TYPE = 'text/xml; charset=utf-8';

/** What is wrong with an envelope, with the fault code that SOAP 1.1 (4.4.1) has for it. */
export type EnvelopeFault = 'Client' | 'VersionMismatch' | 'MustUnderstand';

export type ReadEnvelope = { ok: true; payload: XmlElement } | { ok: false; fault: EnvelopeFault; reason: string };

/** A fault about the envelope, which SOAP has fault codes of its own for. */
export class EnvelopeRefused extends ContractFault {
  readonly faultCode: EnvelopeFault;

  constructor(faultCode: EnvelopeFault, reason: string) {
    const { errorCode, description } = contractFault('INVALID_INPUT', reason);
    super(errorCode, description);
    this.faultCode = faultCode;
  }
}

/** A message around one body element. */
export function writeEnvelope(bodyXml: string): Buffer {
  return Buffer.from(`${HEAD}${bodyXml}${TAIL}`);
}

/**
 * The one element in the body. Prefixes do not matter. The header is ignored, as the contract defines none, unless a
 * block in it must be understood: SOAP 1.1 (4.2.3) lets nobody ignore that.
 */
export function readEnvelope(root: XmlElement): ReadEnvelope {
  if (!isNamed(root, ENVELOPE_NAMESPACE, 'Envelope')) {
    const isOtherVersion = root.name === 'Envelope';
    return refused(isOtherVersion ? 'VersionMismatch' : 'Client', 'the document is not a SOAP 1.1 envelope');
  }
  const parts = childElements(root);
  const header = parts.find((part) => isNamed(part, ENVELOPE_NAMESPACE, 'Header'));
  const [body, ...others] = parts.filter((part) => part !== header);
  const headerIsFirst = header === undefined || parts[0] === header;
  if (body === undefined || !isNamed(body, ENVELOPE_NAMESPACE, 'Body') || others.length > 0 || !headerIsFirst) {
    return refused('Client', 'the envelope must have one Body, after an optional Header');
  }
  if (header !== undefined && childElements(header).some(mustBeUnderstood)) {
    return refused('MustUnderstand', 'no header block is understood here');
  }
  const [payload, ...more] = childElements(body);
  if (payload === undefined || more.length > 0) return refused('Client', 'the body must hold exactly one element');
  return { ok: true, payload };
}

/** Lets the payload of an envelope that was read be read from the message's own bytes. */
export function rememberPayload(payload: XmlElement, message: Buffer): void {
  const body = childNodes(readMarkup(message)).at(-1);
  const [node] = body === undefined ? [] : childNodes(body);
  if (node !== undefined) rememberNode(payload, node);
}

const HEAD = `<?xml version="1.0" encoding="UTF-8"?><env:Envelope xmlns:env="${ENVELOPE_NAMESPACE}"><env:Body>`;
const TAIL = '</env:Body></env:Envelope>';

function refused(fault: EnvelopeFault, reason: string): ReadEnvelope {
  return { ok: false, fault, reason };
}

function mustBeUnderstood(block: XmlElement): boolean {
  return block.attrs.some(
    ({ name, namespaceUri, value }) =>
      name === 'mustUnderstand' && namespaceUri === ENVELOPE_NAMESPACE && ['1', 'true'].includes(value.trim()),
  );
}
