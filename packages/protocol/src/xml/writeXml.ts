import { escapeAttribute, escapeText } from './escape.ts';

/** An element of any XML as it is to be written; see {@link writeXml}. */
export interface WrittenElement {
  /** With its prefix, as `cbc:ID`. */
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly content: string | readonly WrittenElement[];
}

/** XML 1.0 2.2: what no document can hold, escaped or not. */
const NO_CHARACTER = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const NAME = /^(?:[A-Za-z_][A-Za-z0-9_.-]*:)?[A-Za-z_][A-Za-z0-9_.-]*$/;

/**
 * Writes a document in UTF-8 that is not of the contract: invoices for banks. Texts and attributes are escaped here and nowhere else.
 *
 * @param namespaces by prefix, '' for the default; all are declared on the root
 * @throws RangeError for a name that is none, or a character that XML cannot hold: what came from outside is judged before
 */
export function writeXml(root: WrittenElement, namespaces: Readonly<Record<string, string>>): Buffer {
  const declarations = Object.entries(namespaces).map(
    ([prefix, uri]) => [prefix === '' ? 'xmlns' : `xmlns:${prefix}`, uri] as const,
  );
  const parts = ['<?xml version="1.0" encoding="UTF-8"?>\n'];
  write({ ...root, attributes: { ...Object.fromEntries(declarations), ...root.attributes } }, parts);
  return Buffer.from(`${parts.join('')}\n`);
}

function write({ name, attributes = {}, content }: WrittenElement, parts: string[]): void {
  const written = Object.entries(attributes).map(([key, value]) => ` ${sound(key)}="${escapeAttribute(legal(value))}"`);
  parts.push(`<${sound(name)}${written.join('')}>`);
  if (typeof content === 'string') parts.push(escapeText(legal(content)));
  else for (const child of content) write(child, parts);
  parts.push(`</${name}>`);
}

function sound(name: string): string {
  if (!NAME.test(name)) throw new RangeError('not a name of XML');
  return name;
}

function legal(text: string): string {
  if (NO_CHARACTER.test(text)) throw new RangeError('a character that XML cannot hold');
  return text;
}
