import { escapeAttribute, escapeText } from '../src/xml/escape.ts';
import type { Tree } from './differentialDocument.ts';

/** A way to write a document that nobody would choose and everybody must read. */
export interface Style {
  /** The prefix of a namespace; '' for none. Default none anywhere. */
  readonly prefixOf?: (namespace: string) => string;
  /** How a text is written. */
  readonly text?: (text: string) => string;
  /** What stands between elements. */
  readonly gap?: string;
  /** Attributes on every element. */
  readonly attributes?: string;
  /** Empty elements as one tag. */
  readonly isShort?: boolean;
}

/** The same document in another style. Signatures and foreign content keep their white space, since it is theirs. */
export function writeOdd(tree: Tree, style: Style, declared: ReadonlyMap<string, string> = new Map()): string {
  const prefix = style.prefixOf?.(tree.namespace) ?? '';
  const name = prefix === '' ? tree.name : `${prefix}:${tree.name}`;
  const here = new Map(declared);
  const declaration = here.get(prefix) === tree.namespace ? '' : declarationOf(prefix, tree.namespace, here);
  here.set(prefix, tree.namespace);
  const own = tree.attributes.map(([key, value]) => ` ${key}='${escapeAttribute(value).replaceAll("'", '&apos;')}'`);
  const open = `<${name}${declaration}${own.join('')}${isContract(tree) ? (style.attributes ?? '') : ''}`;
  if (tree.children.length === 0 && style.isShort === true) return `${open} />`;
  const gap = isContract(tree) && tree.children.every((child) => typeof child !== 'string') ? (style.gap ?? '') : '';
  const content = tree.children.map((child) =>
    typeof child === 'string' ? (style.text ?? escapeText)(child) : writeOdd(child, style, here),
  );
  return `${open}\n>${gap}${content.join(gap)}${content.length === 0 ? '' : gap}</${name} >`;
}

function declarationOf(prefix: string, namespace: string, declared: ReadonlyMap<string, string>): string {
  if (namespace === '' && declared.get('') === undefined) return '';
  return ` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${namespace}"`;
}

const isContract = ({ namespace }: Tree): boolean =>
  namespace === '' || /^http:\/\/minameddelanden\.gov\.se\/(?!externalschema)/.test(namespace);

/** As many sections as it takes: `]]>` cannot stand in one, and a carriage return is none there. */
export const asCData = (text: string): string =>
  text
    .split('\r')
    .map((part) => (part === '' ? '' : `<![CDATA[${part.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`))
    .join('&#13;');

export const asDecimal = (text: string): string =>
  [...text].map((character) => `&#${character.codePointAt(0)};`).join('');

export const asHexadecimal = (text: string): string =>
  [...text].map((character) => `&#x${character.codePointAt(0)?.toString(16).toUpperCase()};`).join('');

/** Half a text, a comment, the other half. */
export const withComment = (text: string): string => {
  const half = Math.floor(text.length / 2);
  return `${escapeText(text.slice(0, half))}<!-- å - & < ]]> -->${escapeText(text.slice(half))}`;
};
