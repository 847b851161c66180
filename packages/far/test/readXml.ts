import assert from 'node:assert/strict';

/** An element as any reader of XML sees it: no prefixes, no types. Not our own reader, so that it cannot agree with itself. */
export interface XmlNode {
  name: string;
  children: XmlNode[];
  content: string;
  /** The one child of this name. */
  child(name: string): XmlNode;
  all(name: string): XmlNode[];
  /** Text of the one child of this name; empty when there is none. */
  text(name: string): string;
}

const TOKEN = /<\?[^>]*>|<(\/?)(?:[\w.-]+:)?([\w.-]+)([^>]*?)(\/?)>|([^<]+)/g;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", '#xD': '\r' };

export function readXml(text: string): XmlNode {
  const top = node('');
  const open = [top];
  for (const [, closing, name, , empty, content] of text.matchAll(TOKEN)) {
    const parent = open.at(-1) ?? top;
    if (content !== undefined)
      parent.content += content.replace(/&([^;]+);/g, (all, entity) => ENTITIES[entity] ?? all);
    else if (name === undefined) continue;
    else if (closing === '/') assert.equal(open.pop()?.name, name, 'elements are not nested');
    else {
      const element = node(name);
      parent.children.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  const [root] = top.children;
  assert.ok(root !== undefined && open.length === 1, `no XML: ${text.slice(0, 200)}`);
  return root;
}

function node(name: string): XmlNode {
  const children: XmlNode[] = [];
  const all = (wanted: string) => children.filter((child) => child.name === wanted);
  return {
    name,
    children,
    content: '',
    all,
    child(wanted) {
      const [only, ...others] = all(wanted);
      assert.ok(only !== undefined && others.length === 0, `${name} has not one ${wanted}`);
      return only;
    },
    text: (wanted) => all(wanted)[0]?.content ?? '',
  };
}
