import { canonicalXml } from '../xml/canonicalXml.ts';
import { type XmlContent, XmlNode, type XmlNodeAttribute, XmlText } from '../xml/XmlNode.ts';
import { XmlRefused } from '../xml/XmlRefused.ts';
import { ENVELOPED_SIGNATURE, EXCLUSIVE_C14N, XMLDSIG_NAMESPACE } from './algorithms.ts';
import { SignatureError, type SignatureFault, type SignatureLayer } from './SignatureError.ts';

/** A `ds:Signature` of the strict profile (FACTS e.2), read. */
export interface SignatureFields {
  signatureMethod: string;
  digestMethod: string;
  referenceUri: string;
  digest: Buffer;
  value: Buffer;
  certificateDer: Buffer;
  /** SignedInfo as the prefix-free document of its own whose bytes are signed (FACTS e.3, 5). */
  signedInfo: Buffer;
}

/**
 * Reads a signature and refuses everything that the infrastructure's form does not have. Each field is found by its place, not
 * by search, so a second SignedInfo, an Object or a hidden DigestValue has nowhere to stand.
 *
 * @throws SignatureError
 */
export function readSignature(signature: XmlNode, layer: SignatureLayer): SignatureFields {
  const reader = new Reader(layer);
  const [signedInfo, value, keyInfo] = reader.children(signature, ['SignedInfo', 'SignatureValue', 'KeyInfo']);
  const methods = reader.signedInfo(need(signedInfo));
  const [data] = reader.children(need(keyInfo), ['X509Data']);
  const certificate = reader.certificateElement(need(data));
  return {
    ...methods,
    value: reader.base64(need(value)),
    certificateDer: reader.base64(certificate),
    signedInfo: reader.canonical(need(signedInfo)),
  };
}

class Reader {
  readonly #layer: SignatureLayer;

  constructor(layer: SignatureLayer) {
    this.#layer = layer;
  }

  signedInfo(signedInfo: XmlNode): Omit<SignatureFields, 'value' | 'certificateDer' | 'signedInfo'> {
    const [c14n, method, ...references] = this.#elements(signedInfo);
    if (c14n === undefined || method === undefined) throw this.#fault('STRUCTURE');
    this.#named(c14n, 'CanonicalizationMethod');
    if (this.#algorithm(c14n, 'CANONICALIZATION') !== EXCLUSIVE_C14N) throw this.#fault('CANONICALIZATION');
    this.#named(method, 'SignatureMethod');
    const [reference] = references;
    if (reference === undefined || references.length > 1) throw this.#fault('REFERENCE');
    this.#attributes(signedInfo, []);
    return { signatureMethod: this.#algorithm(method, 'ALGORITHM'), ...this.#reference(reference) };
  }

  #reference(reference: XmlNode): Pick<SignatureFields, 'referenceUri' | 'digestMethod' | 'digest'> {
    this.#named(reference, 'Reference');
    const [uri] = this.#attributes(reference, ['URI'], 'REFERENCE');
    const elements = this.#elements(reference);
    const [transforms, method, digest] = elements;
    if (transforms === undefined || method === undefined || digest === undefined || elements.length > 3) {
      throw this.#fault('STRUCTURE');
    }
    this.#named(transforms, 'Transforms');
    this.#attributes(transforms, []);
    this.#transforms(this.#elements(transforms));
    this.#named(method, 'DigestMethod');
    this.#named(digest, 'DigestValue');
    return {
      referenceUri: need(uri).value,
      digestMethod: this.#algorithm(method, 'ALGORITHM'),
      digest: this.base64(digest),
    };
  }

  /** A vector of 2013 has exclusive canonicalization as a second transform; it changes nothing (FACTS e.2). */
  #transforms(elements: readonly XmlNode[]): void {
    const algorithms = elements.map((element) => {
      this.#named(element, 'Transform');
      return this.#algorithm(element, 'TRANSFORM');
    });
    const [first, second, ...others] = algorithms;
    const secondIsAllowed = second === undefined || second === EXCLUSIVE_C14N;
    if (first !== ENVELOPED_SIGNATURE || !secondIsAllowed || others.length > 0) throw this.#fault('TRANSFORM');
  }

  /** X509SubjectName, when it is there, is informational: its text varies, and it is not even covered by the seal. */
  certificateElement(data: XmlNode): XmlNode {
    const elements = this.#elements(data);
    const names = elements.map(({ name }) => name).join();
    if (names !== 'X509SubjectName,X509Certificate' && names !== 'X509Certificate') throw this.#fault('STRUCTURE');
    for (const element of elements) this.#text(element);
    return need(elements.at(-1));
  }

  /** Exactly these children, in this order, and no attribute. */
  children(parent: XmlNode, names: readonly string[]): XmlNode[] {
    this.#attributes(parent, []);
    const elements = this.#elements(parent);
    if (elements.map(({ name }) => name).join() !== names.join()) throw this.#fault('STRUCTURE');
    return elements;
  }

  base64(element: XmlNode): Buffer {
    // line breaks are how some libraries write base64; they are no part of the value
    const text = this.#text(element).replace(/[ \t\r\n]+/g, '');
    const bytes = Buffer.from(text, 'base64');
    if (text === '' || bytes.toString('base64') !== text) throw this.#fault('BASE64');
    return bytes;
  }

  canonical(element: XmlNode): Buffer {
    return Buffer.from(this.#guarded(() => canonicalXml(element)));
  }

  #algorithm(element: XmlNode, fault: SignatureFault): string {
    const [algorithm] = this.#attributes(element, ['Algorithm']);
    // an InclusiveNamespaces list, an HMAC length or an XPath would stand here
    if (element.content.length > 0) throw this.#fault(fault);
    return need(algorithm).value;
  }

  #attributes(
    element: XmlNode,
    names: readonly string[],
    fault: SignatureFault = 'STRUCTURE',
  ): readonly XmlNodeAttribute[] {
    const { attributes } = element;
    const found = attributes.map(({ name, namespace }) => (namespace === '' ? name : ''));
    if (found.join() !== names.join()) throw this.#fault(fault);
    return attributes;
  }

  #elements(parent: XmlNode): XmlNode[] {
    return parent.content.flatMap((node) => {
      if (node instanceof XmlNode && node.namespace === XMLDSIG_NAMESPACE) return [node];
      if (node instanceof XmlText && node.isWhiteSpace) return [];
      throw this.#fault(node instanceof XmlNode || node instanceof XmlText ? 'STRUCTURE' : 'FORBIDDEN_NODE');
    });
  }

  #text(element: XmlNode): string {
    this.#attributes(element, []);
    return this.#guarded(() => element.content.map((node) => this.#textNode(node).value).join(''));
  }

  #textNode(node: XmlContent): XmlText {
    if (node instanceof XmlText) return node;
    throw this.#fault(node instanceof XmlNode ? 'STRUCTURE' : 'FORBIDDEN_NODE');
  }

  #named(element: XmlNode, name: string): void {
    if (element.name !== name) throw this.#fault('STRUCTURE');
  }

  #guarded<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      if (cause instanceof XmlRefused) throw new SignatureError('FORBIDDEN_NODE', this.#layer, { cause });
      throw cause;
    }
  }

  #fault(code: SignatureFault): SignatureError {
    return new SignatureError(code, this.#layer);
  }
}

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('the reader has checked that it is there');
  return value;
}
