import { type PdfDict, PdfName, type PdfObject, PdfString } from '@libpdf/core';
import type { ObjectFinder } from './objectFinder.ts';

export interface ActiveFindings {
  /** Swedish names of what was found, each once. */
  readonly kinds: readonly string[];
  readonly embeddedFiles: readonly string[];
}

/** Action types (ISO 32000-1 table 198, 32000-2) that do more than show another place. */
const ACTIVE_ACTIONS: ReadonlyMap<string, string> = new Map([
  ['JavaScript', 'JavaScript'],
  ['Launch', 'startar ett program'],
  ['ImportData', 'läser in data'],
  ['SubmitForm', 'skickar formulärdata'],
  ['Rendition', 'spelar upp media'],
  ['Sound', 'spelar upp ljud'],
  ['Movie', 'spelar upp film'],
  ['GoToE', 'öppnar en inbäddad fil'],
  ['RichMediaExecute', 'kör rikt medieinnehåll'],
]);
const ACTIVE_ANNOTATIONS: ReadonlyMap<string, string> = new Map([
  ['RichMedia', 'rikt medieinnehåll'],
  ['Movie', 'film'],
  ['Sound', 'ljud'],
  ['3D', '3D-innehåll'],
]);

export function findActiveContent(finder: ObjectFinder, roots: readonly PdfObject[]): ActiveFindings {
  const kinds = new Set<string>();
  const embeddedFiles = new Set<string>();
  for (const dictionary of finder.dictionaries(roots)) {
    for (const kind of kindsOf(finder, dictionary)) kinds.add(kind);
    if (dictionary.has('EF')) embeddedFiles.add(fileName(finder, dictionary));
  }
  return { kinds: [...kinds], embeddedFiles: [...embeddedFiles] };
}

function kindsOf(finder: ObjectFinder, dictionary: PdfDict): string[] {
  const kinds: (string | undefined)[] = [];
  const action = nameOf(finder, dictionary, 'S');
  // A structure element has a /S too, and may be called anything.
  if (action !== undefined && nameOf(finder, dictionary, 'Type') !== 'StructElem')
    kinds.push(ACTIVE_ACTIONS.get(action));
  if (dictionary.has('JS')) kinds.push('JavaScript');
  if (dictionary.has('XFA')) kinds.push('XFA-formulär');
  if (dictionary.has('Rect')) kinds.push(ACTIVE_ANNOTATIONS.get(nameOf(finder, dictionary, 'Subtype') ?? ''));
  const uri = finder.resolve(dictionary.get('URI'));
  if (uri instanceof PdfString && /^\s*(?:javascript|vbscript|data):/i.test(uri.asString()))
    kinds.push('länk som kör kod');
  return kinds.filter((kind) => kind !== undefined);
}

function fileName(finder: ObjectFinder, specification: PdfDict): string {
  for (const key of ['UF', 'F']) {
    const name = finder.resolve(specification.get(key));
    if (name instanceof PdfString) return name.asString().slice(0, 100);
  }
  return 'utan namn';
}

function nameOf(finder: ObjectFinder, dictionary: PdfDict, key: string): string | undefined {
  const value = finder.resolve(dictionary.get(key));
  return value instanceof PdfName ? value.value : undefined;
}
