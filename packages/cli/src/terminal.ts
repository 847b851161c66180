/** Where a command writes and what it may know of its surroundings; handed in, so that tests see everything. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Colours are written only when a person looks. */
  readonly isTty: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted when the user wants to stop (Ctrl-C). */
  readonly stop: AbortSignal;
  /** Standard input; absent where there is none. Asked for only by what reads it. */
  readonly input?: () => AsyncIterable<Uint8Array>;
}

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

/** Colours for a terminal, none for a pipe or where NO_COLOR is set (no-color.org). */
export function paintFor({ isTty, env }: Terminal): Paint {
  const isOn = isTty && (env['NO_COLOR'] ?? '') === '';
  const style = (code: number) => (text: string) => (isOn ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { bold: style(1), dim: style(2), good: style(32), bad: style(31) };
}
