import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { LETTER_FONT_FILES } from './letterFont.ts';

/**
 * Typst memoizes for ever; measured: without this 2–5 GB after some thousand letters (tech.md 7). What a letter shares with the one before it
 * is kept, and no more: older memories cost more than they save.
 */
const EVICT_AGE = 1;

/** An empty folder is its whole file system, but for what is mapped into it while it compiles. */
export interface Compiler {
  readonly node: NodeCompiler;
  readonly workspace: string;
}

let compiler: Compiler | undefined;

/** The process's one compiler. Whoever maps files resets them. */
export function useCompiler(): Compiler {
  compiler ??= createCompiler();
  return compiler;
}

/** After each document. */
export function forgetOldDocuments(): void {
  compiler?.node.evictCache(EVICT_AGE);
}

function createCompiler(): Compiler {
  const workspace = mkdtempSync(join(tmpdir(), 'brevduva-typst-'));
  process.once('exit', () => rmSync(workspace, { recursive: true, force: true }));
  return { workspace, node: NodeCompiler.create({ workspace, fontArgs: [{ fontBlobs: [...LETTER_FONT_FILES] }] }) };
}
