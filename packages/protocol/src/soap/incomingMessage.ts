import type { XmlDocument, XmlElement } from 'libxml2-wasm';
import { contractFault } from '../faults.ts';
import { nodeOf, rememberNode } from '../xml/nodeOf.ts';
import { parseXml } from '../xml/parseXml.ts';
import { readPlain } from '../xml/readPlain.ts';
import { childNodes, isNode, XmlNode, type XmlText } from '../xml/XmlNode.ts';
import { XmlRefused } from '../xml/XmlRefused.ts';
import { ENVELOPE_NAMESPACE, EnvelopeRefused, readEnvelope, rememberPayload } from './envelope.ts';

export interface IncomingLimits {
  bytesMax: number;
  /** Start tags, end tags and comments together. */
  tagsMax?: number;
}

/**
 * A message that came: its payload as plain objects, and as libxml2 has it for whom needs that. libxml2 is asked only then, or where
 * the message is not written plainly: reading a plain one takes a fifth of the time.
 */
export class IncomingMessage {
  readonly payload: XmlNode;
  readonly #bytes: Buffer;
  readonly #bytesMax: number;
  #parsed: Parsed | undefined;

  /** @throws ContractFault 5005 too large or too many tags; 5001 not XML; EnvelopeRefused not an envelope */
  constructor(bytes: Buffer, limits: IncomingLimits) {
    refuseLarge(bytes, limits);
    this.#bytes = bytes;
    this.#bytesMax = limits.bytesMax;
    const plain = plainPayload(bytes);
    if (plain === undefined) this.payload = this.#parse().node;
    else this.payload = plain;
  }

  /** Valid until `dispose`. */
  get source(): XmlElement {
    return this.#parse().source;
  }

  dispose(): void {
    this.#parsed?.document.dispose();
  }

  #parse(): Parsed {
    this.#parsed ??= parsed(this.#bytes, this.#bytesMax, this.payload);
    return this.#parsed;
  }
}

interface Parsed {
  readonly document: XmlDocument;
  readonly source: XmlElement;
  readonly node: XmlNode;
}

const LESS_THAN = 0x3c;

function refuseLarge(bytes: Buffer, { bytesMax, tagsMax }: IncomingLimits): void {
  if (bytes.length > bytesMax) {
    throw contractFault('MAX_EXCEEDED', `the document has ${bytes.length} bytes, the limit is ${bytesMax}`);
  }
  if (tagsMax !== undefined && hasMoreTags(bytes, tagsMax)) {
    throw contractFault('MAX_EXCEEDED', `the document has more than ${tagsMax} tags`);
  }
}

/** Every tag and every comment begins with `<`, which stands nowhere else but in a CDATA section. */
function hasMoreTags(bytes: Buffer, max: number): boolean {
  let count = 0;
  for (let at = bytes.indexOf(LESS_THAN); at >= 0; at = bytes.indexOf(LESS_THAN, at + 1)) {
    count += 1;
    if (count > max) return true;
  }
  return false;
}

/** Undefined for every envelope that is not of the usual form: then the general reader says what is wrong, if anything is. */
export function plainPayload(bytes: Buffer, bytesMax?: number): XmlNode | undefined {
  const root = readPlain(bytes, bytesMax);
  if (root === undefined || !isNode(root, ENVELOPE_NAMESPACE, 'Envelope')) return undefined;
  const body = onlyChild(root);
  return body !== undefined && isNode(body, ENVELOPE_NAMESPACE, 'Body') ? onlyChild(body) : undefined;
}

function onlyChild(node: XmlNode): XmlNode | undefined {
  const [child, ...others] = childNodes(node);
  const isAlone =
    others.length === 0 && node.content.every((part) => part instanceof XmlNode || isBlank(part as XmlText));
  return isAlone ? child : undefined;
}

const isBlank = (text: XmlText): boolean => text.isWhiteSpace;

function parsed(bytes: Buffer, bytesMax: number, known: XmlNode | undefined): Parsed {
  const document = parseRequest(bytes, bytesMax);
  try {
    const read = readEnvelope(document.root);
    if (!read.ok) throw new EnvelopeRefused(read.fault, read.reason);
    if (known === undefined) rememberPayload(read.payload, bytes);
    else rememberNode(read.payload, known);
    return { document, source: read.payload, node: nodeOf(read.payload) };
  } catch (error) {
    document.dispose();
    throw error;
  }
}

function parseRequest(body: Buffer, bytesMax: number): XmlDocument {
  try {
    return parseXml(body, { bytesMax });
  } catch (cause) {
    if (!(cause instanceof XmlRefused)) throw cause;
    throw contractFault(cause.code === 'TOO_LARGE' ? 'MAX_EXCEEDED' : 'INVALID_INPUT', cause.message, { cause });
  }
}
