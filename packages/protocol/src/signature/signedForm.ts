import { canonicalAttributes, canonicalNodes } from '../xml/canonicalXml.ts';
import { type XmlContent, XmlNode, XmlText } from '../xml/XmlNode.ts';
import { XmlRefused } from '../xml/XmlRefused.ts';
import { MESSAGE_NAMESPACE, XMLDSIG_NAMESPACE } from './algorithms.ts';
import { SignatureError, type SignatureLayer } from './SignatureError.ts';
import type { SignedDeliveryXml } from './sealDelivery.ts';

/**
 * An element that carries a signature of its own, taken apart and written in the form of FACTS e.3: as a document of
 * its own, without prefixes, under the name it is signed under.
 */
export interface SignedForm {
  readonly layer: SignatureLayer;
  readonly name: 'SignedDelivery' | 'SealedDelivery';
  /** Its own `Id`, if it has one. */
  readonly id: string | undefined;
  /** `Delivery` or `Seal` as the bytes that are hashed, with white space around it if there is any. */
  readonly content: Buffer;
  readonly signature: XmlNode;
  /** The attributes of its root as written: ` Id="…"` or nothing. */
  readonly attributes: string;
  /** All that stands between the root's opening tag and the signature. */
  readonly before: readonly Buffer[];
  readonly signatureXml: Buffer;
  /** White space between the signature and the root's end. */
  readonly after: string;
}

/** Takes a `SignedDelivery` apart, whatever it is called on the wire. @throws SignatureError */
export function readSigned(element: XmlNode): SignedForm {
  return guarded(SIGNED, () => {
    const taken = takeApart(element, SIGNED);
    const content = canonicalNodes(taken.nodesBefore, MESSAGE_NAMESPACE);
    return formOf(taken, SIGNED, content, [content]);
  });
}

/**
 * Takes a sealed delivery apart, and the signed one in it. The content is written and encoded once, for both digests.
 *
 * @throws SignatureError
 */
export function readSealed(element: XmlNode): { sealed: SignedForm; signed: SignedForm } {
  const taken = guarded(SEALED, () => takeApart(element, SEALED));
  const at = taken.nodesBefore.findIndex((node) => node instanceof XmlNode);
  const signed = readSigned(taken.nodesBefore[at] as XmlNode);
  const sealed = guarded(SEALED, () => {
    const space = canonicalNodes(taken.nodesBefore.slice(0, at), MESSAGE_NAMESPACE);
    const content = canonicalNodes(taken.nodesBefore.slice(at + 1), MESSAGE_NAMESPACE);
    return formOf(taken, SEALED, content, [space, ...document(signed, ''), content]);
  });
  return { sealed, signed };
}

/** The bytes that the digest covers, in pieces: the document without its own signature (enveloped-signature). */
export function digestInput({ name, attributes, before, after }: SignedForm): Buffer[] {
  return [Buffer.from(`<${name}${DECLARATION}${attributes}>`), ...before, Buffer.from(`${after}</${name}>`)];
}

/** The whole document of its own, signature included: what any XMLDSig tool verifies. */
export function standaloneDocument(form: SignedForm): Buffer {
  return Buffer.concat(document(form, DECLARATION));
}

/** The form as parts that can be sealed. */
export function signedXml({ attributes, before, signatureXml, after }: SignedForm): SignedDeliveryXml {
  return { attributes, content: Buffer.concat(before), signature: signatureXml, after };
}

interface Shape {
  layer: SignatureLayer;
  name: SignedForm['name'];
  content: readonly string[];
}

const SIGNED: Shape = { layer: 'signed', name: 'SignedDelivery', content: ['Delivery'] };
const SEALED: Shape = { layer: 'sealed', name: 'SealedDelivery', content: ['SignedDelivery', 'Seal'] };
const DECLARATION = ` xmlns="${MESSAGE_NAMESPACE}"`;

/**
 * Inside the sealed document the signed one stands without the declaration that the root around it already has:
 * canonical XML drops it (tech.md 4, the nested trap).
 */
function document({ name, attributes, before, signatureXml, after }: SignedForm, declaration: string): Buffer[] {
  const head = Buffer.from(`<${name}${declaration}${attributes}>`);
  return [head, ...before, signatureXml, Buffer.from(`${after}</${name}>`)];
}

interface TakenApart {
  element: XmlNode;
  signature: XmlNode;
  nodesBefore: XmlContent[];
  nodesAfter: XmlContent[];
}

function takeApart(element: XmlNode, { layer, content }: Shape): TakenApart {
  const nodes = element.content;
  const elements = nodes.filter((node) => node instanceof XmlNode);
  const [signature, ...others] = elements.filter(isSignature);
  if (signature === undefined || others.length > 0) throw new SignatureError('SIGNATURE_COUNT', layer);
  if (elements.at(-1) !== signature) throw new SignatureError('SIGNATURE_POSITION', layer);
  const contentElements = elements.slice(0, -1);
  const names = contentElements.map(({ name, namespace }) => (namespace === MESSAGE_NAMESPACE ? name : ''));
  if (names.join() !== content.join() || nodes.some(isWrittenText)) throw new SignatureError('STRUCTURE', layer);
  const at = nodes.indexOf(signature);
  return {
    element,
    signature,
    nodesBefore: nodes.slice(0, at),
    nodesAfter: nodes.slice(at + 1),
  };
}

function formOf(taken: TakenApart, { layer, name }: Shape, content: Buffer, before: Buffer[]): SignedForm {
  return {
    layer,
    name,
    id: ownId(taken.element, layer),
    content,
    signature: taken.signature,
    attributes: canonicalAttributes(taken.element),
    before,
    signatureXml: canonicalNodes([taken.signature], MESSAGE_NAMESPACE),
    after: canonicalNodes(taken.nodesAfter, MESSAGE_NAMESPACE).toString(),
  };
}

/** The schema gives both elements one attribute, `Id`; no other is signed. */
function ownId(element: XmlNode, layer: SignatureLayer): string | undefined {
  const [first, ...others] = element.attributes;
  if (first === undefined) return undefined;
  if (others.length > 0 || first.name !== 'Id' || first.namespace !== '') throw new SignatureError('STRUCTURE', layer);
  return first.value;
}

function isSignature({ name, namespace }: XmlNode): boolean {
  return name === 'Signature' && namespace === XMLDSIG_NAMESPACE;
}

function isWrittenText(node: XmlContent): boolean {
  return node instanceof XmlText && !node.isWhiteSpace;
}

function guarded<T>({ layer }: Shape, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof XmlRefused) throw new SignatureError('FORBIDDEN_NODE', layer, { cause });
    throw cause;
  }
}
