import { extname } from 'node:path';
import type { CompleteRule, DropFolderSettings } from '../../organisation/waysIn/dropFolder.ts';
import { oneForm } from '../files/oneForm.ts';
import type { SeenFile } from './seenFiles.ts';

/**
 * What files in the folder make together. `archive`: a ZIP; `index`: a list, with the PDFs that it names beside it; `pair`: a PDF and
 * what is known of it under the same name; `stray`: what can be none of these, or has waited in vain to become one.
 */
export type DeliveryKind = 'archive' | 'index' | 'pair' | 'stray';

/** A delivery that is complete. */
export interface ReadyDelivery {
  readonly kind: DeliveryKind;
  /** The file that stands for it, and is taken first. */
  readonly main: SeenFile;
  /** What else is taken with it. */
  readonly others: readonly string[];
}

export type NamedFiles = (index: SeenFile) => Promise<readonly string[]>;

const INDEXES = ['.csv', '.xlsx', '.xml'];
const BESIDE_PDF = ['.json', '.xml'];

/**
 * Which deliveries are complete. A rule of its own decides that for each file (CompleteRule); a delivery is complete when all its files
 * are, or when what is missing has been waited for long enough. `namedBy` tells which files an index names.
 */
export async function readyDeliveries(
  seen: readonly SeenFile[],
  { completeWhen, waitMinutes }: Pick<DropFolderSettings, 'completeWhen' | 'waitMinutes'>,
  namedBy: NamedFiles,
): Promise<ReadyDelivery[]> {
  const find = findByName(seen);
  const markers = markersOf(seen, completeWhen);
  const isMarked = ({ name }: SeenFile) => markers.has(name) || markers.has(stemOf(name));
  const isComplete = (file: SeenFile) => isWritten(file, completeWhen);
  const hasWaited = (file: SeenFile) => file.unchangedMs >= waitMinutes * 60_000;
  const ready: ReadyDelivery[] = [];
  const awaited = new Set<string>();
  for (const file of seen) {
    if (markers.files.has(file.name) || typeOf(file.name) === '.pdf') continue;
    const { kind, names } = await partsOf(file, find, namedBy, isComplete(file));
    const found = names.map(find);
    for (const part of found) if (part !== undefined) awaited.add(part.name);
    if (completeWhen.rule === 'marker' ? !isMarked(file) : !isComplete(file)) continue;
    // With a marker the writer has said that all of it is there.
    const there = found.flatMap((part) => (part !== undefined && isComplete(part) ? [part.name] : []));
    const isWhole = there.length === names.length;
    if (!isWhole && completeWhen.rule !== 'marker' && !hasWaited(file)) continue;
    ready.push({ kind, main: file, others: [...there, ...markers.of(file.name)] });
  }
  const strays = seen.filter(
    (file) => typeOf(file.name) === '.pdf' && !awaited.has(file.name) && isComplete(file) && hasWaited(file),
  );
  return [...ready, ...strays.map((main) => ({ kind: 'stray' as const, main, others: markers.of(main.name) }))];
}

/** The kind of a file by its name and what lies beside it. */
export function kindOf(name: string, hasPdfBeside: boolean): DeliveryKind {
  const type = typeOf(name);
  if (type === '.zip') return 'archive';
  if (BESIDE_PDF.includes(type) && hasPdfBeside) return 'pair';
  if (INDEXES.includes(type)) return 'index';
  return type === '.json' ? 'pair' : 'stray';
}

export function pdfBeside(name: string): string {
  return `${stemOf(name)}.pdf`;
}

export function typeOf(name: string): string {
  return extname(name).toLowerCase();
}

async function partsOf(
  file: SeenFile,
  find: (name: string) => SeenFile | undefined,
  namedBy: NamedFiles,
  isComplete: boolean,
): Promise<{ kind: DeliveryKind; names: readonly string[] }> {
  if (!file.isFile) return { kind: 'stray', names: [] };
  const pdf = pdfBeside(file.name);
  const kind = kindOf(file.name, find(pdf) !== undefined);
  if (kind === 'pair') return { kind, names: [pdf] };
  if (kind !== 'index' || !isComplete) return { kind, names: [] };
  return { kind, names: await namedBy(file) };
}

/** The file of exactly that name, or else of the same name in another form of Unicode. */
function findByName(seen: readonly SeenFile[]): (name: string) => SeenFile | undefined {
  const byName = new Map(seen.map((file) => [file.name, file]));
  const byForm = new Map(seen.map((file) => [oneForm(file.name), file]));
  return (name) => byName.get(name) ?? byForm.get(oneForm(name));
}

function isWritten(file: SeenFile, rule: CompleteRule): boolean {
  return rule.rule !== 'stable' || file.unchangedMs >= rule.seconds * 1_000;
}

function markersOf(seen: readonly SeenFile[], rule: CompleteRule) {
  const suffix = rule.rule === 'marker' ? rule.suffix : undefined;
  const files = new Set(suffix === undefined ? [] : seen.map(({ name }) => name).filter((n) => n.endsWith(suffix)));
  const marked = new Map([...files].map((name) => [oneForm(name.slice(0, -(suffix ?? '').length)), name]));
  return {
    files,
    has: (name: string) => marked.has(oneForm(name)),
    of: (name: string) =>
      [marked.get(oneForm(name)), marked.get(oneForm(stemOf(name)))].filter((each) => each !== undefined),
  };
}

function stemOf(name: string): string {
  return name.slice(0, name.length - extname(name).length);
}
