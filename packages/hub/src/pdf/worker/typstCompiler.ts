import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { LETTER_FONT_FILES } from './letterFont.ts';

/** Typst memoizes for ever; measured: without this 2–5 GB after some thousand letters (tech.md 7). */
const EVICT_EVERY = 25;
const EVICT_AGE = 5;

/** An empty folder is its whole file system, but for what is mapped into it while it compiles. */
export interface Compiler {
  readonly node: NodeCompiler;
  readonly workspace: string;
}

let compiler: Compiler | undefined;
let compiled = 0;

/** The process's one compiler, for one more document. Whoever maps files resets them. */
export function useCompiler(): Compiler {
  compiler ??= createCompiler();
  compiled += 1;
  if (compiled % EVICT_EVERY === 0) compiler.node.evictCache(EVICT_AGE);
  return compiler;
}

function createCompiler(): Compiler {
  const workspace = mkdtempSync(join(tmpdir(), 'brevduva-typst-'));
  process.once('exit', () => rmSync(workspace, { recursive: true, force: true }));
  return { workspace, node: NodeCompiler.create({ workspace, fontArgs: [{ fontBlobs: [...LETTER_FONT_FILES] }] }) };
}
