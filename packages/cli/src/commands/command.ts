import type { CommandSpec, ParsedArguments } from '../arguments.ts';
import type { Terminal } from '../terminal.ts';

/** One word of the command line: its description, and what it does. */
export interface Command {
  readonly spec: CommandSpec;
  /** Returns the exit code; throws AppError or BrevduvaError for what the user should read. */
  readonly run: (parsed: ParsedArguments, terminal: Terminal) => Promise<number>;
}

/** 0 done · 1 failed · 2 written wrongly, or (`config diff`) not the same · 3 the letter waits for a person. */
export const EXIT = { done: 0, failed: 1, usage: 2, differs: 2, needsPerson: 3 } as const;
