import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import { cssFault } from './cssFault.ts';
import { hasLinkScheme, isInlineImage } from './urls.ts';

/** Why an HTML body may not be sent. A closed list. */
export type ContentFaultCode =
  | 'SCRIPT'
  | 'EVENT_HANDLER'
  | 'EXTERNAL_IMAGE'
  | 'FORM'
  | 'BASE'
  | 'SVG'
  | 'CSS'
  | 'FRAME'
  | 'OBJECT'
  | 'META'
  | 'LINK'
  | 'URL'
  | 'ATTRIBUTE'
  | 'ELEMENT'
  | 'TOO_COMPLEX';

export interface ContentFault {
  code: ContentFaultCode;
  /** The element it is about, lower case. */
  element: string;
  /** Where it stands: `/html/body/p[2]/img`. */
  path: string;
  /** Line in the text, from 1. */
  line: number;
  /** Public text in Swedish; names the element, quotes no content. */
  text: string;
}

/** More markup than a letter has; parsers and browsers grow slow on it. */
const TAGS_MAX = 20_000;
const DEPTH_MAX = 200;
const FAULTS_MAX = 100;

/**
 * The contract's rules for a body in `text/html` (FACTS f), the same for whoever sends and whoever receives: text with
 * formatting, tables, links and pictures inside the message, and nothing that runs, loads, asks or covers. The text is
 * read with the parser that browsers have, so what is judged is what would be shown. Empty: nothing is wrong.
 */
export function checkMessageHtml(text: string): ContentFault[] {
  if (text.split('<').length > TAGS_MAX) return [tooComplex(`fler än ${TAGS_MAX} taggar`)];
  const faults: ContentFault[] = [];
  const waiting: { element: Tree.Element; depth: number }[] = elementsIn(
    parse(text, { sourceCodeLocationInfo: true }),
    1,
  );
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.depth > DEPTH_MAX) return [...faults, tooComplex(`fler än ${DEPTH_MAX} nivåer`)];
    faults.push(...checkElement(next.element));
    waiting.push(...elementsIn(next.element, next.depth + 1));
    if (faults.length >= FAULTS_MAX) break;
  }
  return faults;
}

const ALLOWED_ELEMENTS = new Set(
  (
    'html head title body style meta p div span br hr wbr h1 h2 h3 h4 h5 h6 a b strong i em u s small big sub sup mark ' +
    'del ins abbr acronym cite q dfn code kbd samp var tt strike time bdi bdo font center address blockquote pre ' +
    'ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr th td img figure figcaption ' +
    'article section header footer main nav aside details summary'
  ).split(' '),
);

const REFUSED_ELEMENTS: Readonly<Record<string, ContentFaultCode>> = {
  ...named('SCRIPT', 'script noscript'),
  ...named('FORM', 'form input button select option optgroup textarea label fieldset legend datalist output'),
  ...named('FRAME', 'iframe frame frameset noframes portal fencedframe'),
  ...named('OBJECT', 'object embed applet param audio video source track canvas picture'),
  ...named('SVG', 'svg'),
  ...named('BASE', 'base'),
  ...named('LINK', 'link'),
};

/** Attributes that load something, send something or change how the page behaves. */
const REFUSED_ATTRIBUTES: Readonly<Record<string, ContentFaultCode>> = {
  ...named('EXTERNAL_IMAGE', 'srcset background lowsrc dynsrc poster imagesrcset'),
  ...named('FORM', 'action formaction'),
  ...named('URL', 'ping longdesc data codebase classid archive profile manifest xlink:href xml:base'),
  ...named('ATTRIBUTE', 'contenteditable autofocus is slot srcdoc popover popovertarget'),
};

const TEXTS: Readonly<Record<ContentFaultCode, (what: string) => string>> = {
  SCRIPT: (what) => `Skript är inte tillåtna: ${what}.`,
  EVENT_HANDLER: (what) => `Händelseattribut är inte tillåtna: ${what}.`,
  EXTERNAL_IMAGE: (what) =>
    `Bilder måste ligga i meddelandet (data:image/png, jpeg, gif eller webp i base64): ${what}.`,
  FORM: (what) => `Formulär är inte tillåtna: ${what}.`,
  BASE: (what) => `Basadress är inte tillåten: ${what}.`,
  SVG: (what) => `SVG är inte tillåtet: ${what}.`,
  CSS: (what) => `Stilmallen innehåller något som inte är tillåtet: ${what}.`,
  FRAME: (what) => `Ramar är inte tillåtna: ${what}.`,
  OBJECT: (what) => `Inbäddade objekt och media är inte tillåtna: ${what}.`,
  META: (what) => `Metauppgiften är inte tillåten: ${what}.`,
  LINK: (what) => `Länkade resurser är inte tillåtna: ${what}.`,
  URL: (what) => `Länkar måste börja med https:, http:, mailto:, tel: eller #: ${what}.`,
  ATTRIBUTE: (what) => `Attributet är inte tillåtet: ${what}.`,
  ELEMENT: (what) => `Elementet är inte tillåtet: ${what}.`,
  TOO_COMPLEX: (what) => `HTML-texten är för omfattande: ${what}.`,
};

type Found = [code: ContentFaultCode, what: string, attribute?: string];

function checkElement(element: Tree.Element): ContentFault[] {
  const name = element.tagName.toLowerCase();
  const refused = elementFault(element, name);
  const found = refused === undefined ? contentFaults(element, name) : [refused];
  // attributes of a refused element are not worth a fault, except the one that runs a script
  const handlers: Found[] = element.attrs
    .filter((attribute) => attributeName(attribute).startsWith('on'))
    .map((attribute) => ['EVENT_HANDLER', `${attributeName(attribute)} på <${name}>`, attribute.name]);
  return [...found, ...handlers].map((one) => faultOf(element, name, one));
}

function elementFault({ namespaceURI }: Tree.Element, name: string): Found | undefined {
  const refused = REFUSED_ELEMENTS[name];
  if (refused !== undefined) return [refused, `<${name}>`];
  const isHtml = namespaceURI === 'http://www.w3.org/1999/xhtml';
  return isHtml && ALLOWED_ELEMENTS.has(name) ? undefined : ['ELEMENT', `<${name}>`];
}

function contentFaults(element: Tree.Element, name: string): Found[] {
  const found: (Found | undefined)[] = element.attrs.map((attribute) =>
    attributeFault(name, attributeName(attribute), attribute.value, attribute.name),
  );
  if (name === 'style') found.push(styleFault(textOf(element), `<${name}>`));
  if (name === 'meta') found.push(metaFault(element));
  return found.filter((one) => one !== undefined);
}

function attributeFault(element: string, name: string, value: string, key: string): Found | undefined {
  const what = `${name} på <${element}>`;
  const refused = REFUSED_ATTRIBUTES[name];
  if (refused !== undefined) return [refused, what, key];
  if (name === 'src' && !(element === 'img' && isInlineImage(value))) return ['EXTERNAL_IMAGE', what, key];
  if ((name === 'href' || name === 'cite') && !hasLinkScheme(value)) return ['URL', what, key];
  return name === 'style' ? styleFault(value, what, key) : undefined;
}

function styleFault(css: string, where: string, key?: string): Found | undefined {
  const fault = cssFault(css);
  if (fault === undefined) return undefined;
  return key === undefined ? ['CSS', `${fault} i ${where}`] : ['CSS', `${fault} i ${where}`, key];
}

/** A declaration of the character set is all that a letter needs; `refresh` would lead away from it. */
function metaFault({ attrs }: Tree.Element): Found | undefined {
  const equivalent = attrs
    .find(({ name }) => name === 'http-equiv')
    ?.value.trim()
    .toLowerCase();
  if (equivalent === undefined || equivalent === 'content-type') return undefined;
  return ['META', '<meta http-equiv>', 'http-equiv'];
}

function faultOf(element: Tree.Element, name: string, [code, what, attribute]: Found): ContentFault {
  const location = element.sourceCodeLocation;
  const line = (attribute && location?.attrs?.[attribute]?.startLine) || location?.startLine;
  return { code, element: name, path: pathOf(element), line: line ?? 1, text: TEXTS[code](what) };
}

function tooComplex(what: string): ContentFault {
  return { code: 'TOO_COMPLEX', element: 'html', path: '/html', line: 1, text: TEXTS.TOO_COMPLEX(what) };
}

/** Last first, so that a stack gives them in the order of the text. */
function elementsIn(parent: Tree.ParentNode, depth: number): { element: Tree.Element; depth: number }[] {
  return parent.childNodes
    .filter((node) => 'tagName' in node)
    .map((element) => ({ element, depth }))
    .reverse();
}

function pathOf(element: Tree.Element): string {
  const parent = element.parentNode;
  if (parent === null) return '';
  const same = parent.childNodes.filter((node) => 'tagName' in node && node.tagName === element.tagName);
  const index = same.length > 1 ? `[${same.indexOf(element) + 1}]` : '';
  return `${'tagName' in parent ? pathOf(parent) : ''}/${element.tagName}${index}`;
}

function textOf({ childNodes }: Tree.Element): string {
  return childNodes.map((node) => ('value' in node ? node.value : '')).join('');
}

function attributeName({ prefix, name }: { prefix?: string; name: string }): string {
  return (prefix ? `${prefix}:${name}` : name).toLowerCase();
}

function named(code: ContentFaultCode, names: string): Record<string, ContentFaultCode> {
  return Object.fromEntries(names.split(' ').map((name) => [name, code]));
}
