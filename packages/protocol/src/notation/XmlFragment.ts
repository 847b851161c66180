import { escapeAttribute } from '../xml/escape.ts';

/**
 * A piece of XML that is carried as it stands: signed parts, signatures and wildcard content.
 *
 * `xml` is one element in the canonical prefix-free form of FACTS e.3, written as a document of its own: it begins with
 * `<name xmlns="namespace"` (or `<name` alone when the namespace is empty).
 */
export class XmlFragment {
  readonly namespace: string;
  readonly name: string;
  readonly xml: string;

  constructor(namespace: string, name: string, xml: string) {
    const opening = openingOf(namespace, name);
    // then an attribute or the end of the tag, else it is only a name that begins alike
    if (!xml.startsWith(opening) || !/[ >]/.test(xml.charAt(opening.length)))
      throw new Error(`an XML fragment of ${name} must begin with ${opening}`);
    this.namespace = namespace;
    this.name = name;
    this.xml = xml;
  }

  /**
   * The text to put inside an element of `parentNamespace`. Canonical XML drops a declaration that repeats the
   * parent's (tech.md 4: embedding the standalone text unchanged breaks the outer digest).
   */
  within(parentNamespace: string): string {
    if (parentNamespace === this.namespace) {
      return `<${this.name}${this.xml.slice(openingOf(this.namespace, this.name).length)}`;
    }
    if (this.namespace === '') return `<${this.name} xmlns=""${this.xml.slice(this.name.length + 1)}`;
    return this.xml;
  }
}

const openingOf = (namespace: string, name: string): string =>
  namespace === '' ? `<${name}` : `<${name} xmlns="${escapeAttribute(namespace)}"`;
