import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { checkReferences } from './checkReferences.ts';
import { type OrganisationConfiguration, sortConfiguration } from './configuration.ts';
import type { ReadFileBeside } from './filesBeside.ts';
import type { PathFault } from './objectReader.ts';
import { readSettings } from './readSettings.ts';

/** What is wrong in a file, and where; lines and columns begin at 1. */
export interface ConfigurationFault extends PathFault {
  readonly line: number;
  readonly column: number;
}

export type ConfigurationResult =
  | { readonly ok: true; readonly configuration: OrganisationConfiguration }
  | { readonly ok: false; readonly faults: readonly ConfigurationFault[] };

/** A municipality of 195 units and a thousand flows takes a third of this. */
const FILE_CHARS_MAX = 2_000_000;
/** More than anyone reads. */
const FAULTS_MAX = 200;
/** A file of aliases to aliases would grow without limit (billion laughs). */
const ALIASES_MAX = 100;

/**
 * Reads an organisation's configuration file (YAML 1.2, so also JSON) and judges all of it: every fault with its line. `files` reads what
 * it names beside itself.
 */
export function readConfiguration(text: string, files?: ReadFileBeside): ConfigurationResult {
  if (text.length > FILE_CHARS_MAX) {
    return refused([{ path: '', line: 1, column: 1, text: `Filen är större än ${FILE_CHARS_MAX} tecken.` }]);
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text.replace(/^\ufeff/, ''), { lineCounter, prettyErrors: false });
  const placeOf = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (document.errors.length > 0) {
    return refused(document.errors.map(({ code, pos }) => ({ path: '', ...placeOf(pos[0]), text: yamlText(code) })));
  }
  const plain = toPlain(() => document.toJS({ maxAliasCount: ALIASES_MAX }));
  if (!plain.ok) return refused([{ path: '', line: 1, column: 1, text: 'Filen har för många alias.' }]);
  const faults: PathFault[] = [];
  const configuration = readSettings(plain.value, faults, files);
  faults.push(...checkReferences(configuration));
  if (faults.length === 0) return { ok: true, configuration: sortConfiguration(configuration) };
  const root = document.contents;
  return refused(faults.map((fault) => ({ ...fault, ...placeOf(offsetOf(root, fault.path, document)) })));
}

function refused(faults: readonly ConfigurationFault[]): ConfigurationResult {
  const inOrder = faults.toSorted((a, b) => a.line - b.line || a.column - b.column);
  return { ok: false, faults: inOrder.slice(0, FAULTS_MAX) };
}

function toPlain(make: () => unknown): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: make() };
  } catch (error) {
    // What the library throws when aliases multiply beyond the limit, or name what comes later.
    if (error instanceof ReferenceError) return { ok: false };
    throw error;
  }
}

type Resolver = Parameters<typeof resolve>[1];

/** Where the path stands; a field that is missing is told where its object begins. */
function offsetOf(root: Node | null, path: string, document: Resolver): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const step of path === '' ? [] : path.split('/')) {
    const place = stepInto(resolve(node, document), step);
    if (place === undefined) return offset;
    offset = place.offset;
    node = place.node;
  }
  return offset;
}

function stepInto(node: unknown, step: string): { offset: number; node: unknown } | undefined {
  if (isSeq(node)) {
    const item: unknown = node.items[Number(step)];
    return { node: item, offset: rangeStart(item) ?? rangeStart(node) ?? 0 };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
  return pair === undefined ? undefined : { node: pair.value, offset: rangeStart(pair.key) ?? 0 };
}

function rangeStart(node: unknown): number | undefined {
  return (node as { range?: [number, number, number] | null } | null | undefined)?.range?.[0];
}

function resolve(node: unknown, document: ReturnType<typeof parseDocument>): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

/** The library's own words are English and technical. */
function yamlText(code: string): string {
  return YAML_TEXTS[code] ?? `Det här går inte att läsa som YAML (${code}).`;
}

const YAML_TEXTS: Readonly<Record<string, string>> = {
  BAD_INDENT: 'Raden är indragen fel.',
  TAB_AS_INDENT: 'Raden är indragen med tabb. Använd blanksteg.',
  DUPLICATE_KEY: 'Fältet står två gånger.',
  MISSING_CHAR: 'Ett tecken saknas: ett citattecken, en klammer eller ett kolon.',
  MULTIPLE_DOCS: 'Filen ska innehålla en organisation, inte flera dokument (---).',
  UNEXPECTED_TOKEN: 'Ett oväntat tecken står här.',
  BAD_ALIAS: 'Aliaset pekar på något som inte finns.',
};
