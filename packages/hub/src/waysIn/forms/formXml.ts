import { type PlainElement, readXml, XmlRefused } from '@brevduva/protocol';

export const FORM_BYTES_MAX = 2 * 1024 * 1024;
const DEPTH_MAX = 32;
/** More fields than any form has. */
const ITEMS_MAX = 20_000;
/** Far more than a person reads; the file has them all. */
const LINES_MAX = 1_000;

const XML_TEXTS: Readonly<Partial<Record<XmlRefused['code'], string>>> = {
  TOO_LARGE: 'XML-dokumentet är för stort, för djupt eller har för många element.',
  ENCODING: 'XML-dokumentet är inte i den teckenkodning som det säger; skriv det i UTF-8.',
  DOCTYPE: 'XML-dokumentet har en DOCTYPE; det tas inte emot.',
  INSTRUCTION: 'XML-dokumentet har en bearbetningsinstruktion (<?…?>); det tas inte emot.',
  ENTITY: 'XML-dokumentet har en entitet som inte finns i XML; skriv tecknet självt.',
};

/** The document's root, or in Swedish why there is none. Whatever the bytes say, nothing is fetched and nothing grows. */
export function readFormXml(bytes: Uint8Array): PlainElement | string {
  try {
    return readXml(bytes, { bytesMax: FORM_BYTES_MAX, depthMax: DEPTH_MAX, itemsMax: ITEMS_MAX });
  } catch (error) {
    if (!(error instanceof XmlRefused)) throw error;
    return XML_TEXTS[error.code] ?? 'Det är inte välformad XML.';
  }
}

/** A line of a form as a person reads it. */
export interface FormLine {
  /** Names of the elements that it stands in, below the root, outermost first. */
  readonly path: readonly string[];
  readonly value: string;
}

/** Every element and attribute that has text, in the form's order. @returns with `omitted` true when there are too many to show. */
export function formLines(root: PlainElement): { lines: readonly FormLine[]; omitted: boolean } {
  const lines: FormLine[] = [];
  const walk = (element: PlainElement, path: readonly string[]) => {
    if (lines.length > LINES_MAX) return;
    for (const [name, value] of element.attributes) {
      if (value.trim() !== '' && !isTechnical(name)) lines.push({ path: [...path, name], value: value.trim() });
    }
    if (element.text !== '') lines.push({ path, value: element.text });
    for (const child of element.children) walk(child, [...path, child.name]);
  };
  walk(root, []);
  return { lines: lines.slice(0, LINES_MAX), omitted: lines.length > LINES_MAX };
}

/** Of use to programs only. */
function isTechnical(attribute: string): boolean {
  return ['schemaLocation', 'noNamespaceSchemaLocation', 'nil'].includes(attribute);
}

/** The text at a path of element names below the root, as `Sokande/Namn`; the last step may be an attribute, `@id`. */
export function formValue(root: PlainElement, path: string): string | undefined {
  let found: PlainElement | undefined = root;
  for (const step of path.split('/')) {
    if (step.startsWith('@')) return found?.attributes.get(step.slice(1))?.trim();
    found = found?.children.find(({ name }) => name.toLowerCase() === step.toLowerCase());
  }
  return found === undefined || found.text === '' ? undefined : found.text;
}
