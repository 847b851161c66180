import { parseArgs } from 'node:util';
import { type AppError, appError } from '@brevduva/base';
import { CLI_ERRORS } from './errors.ts';

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** May be given several times. */
  readonly multiple?: boolean;
  /** What stands after the option in the help, e.g. `FIL`. */
  readonly value?: string;
  readonly help: string;
}

export interface CommandSpec {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** After the command's name in the help. */
  readonly usage: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** How many words that are no options, at most. */
  readonly wordsMax: number;
  readonly examples?: readonly string[];
  /** Anything else the help should say. */
  readonly notes?: readonly string[];
}

/** What was written after a command, checked against its description. */
export interface ParsedArguments {
  readonly words: readonly string[];
  text(option: string): string | undefined;
  texts(option: string): readonly string[];
  flag(option: string): boolean;
  /** A whole number within limits, or undefined when the option is not there. Throws CLI_USAGE. */
  integer(option: string, limits: { min: number; max: number }): number | undefined;
}

/** Options that every command has. */
export const COMMON_OPTIONS = {
  data: { type: 'string', value: 'KATALOG', help: 'Datakatalog (.brevduva om inget anges; även BREVDUVA_DATA).' },
  help: { type: 'boolean', help: 'Visa den här hjälpen.' },
} as const satisfies Record<string, OptionSpec>;

/** A mistake in how the command was written: one line, exit code 2. */
export function usageError(command: string, reason: string): AppError {
  return appError(CLI_ERRORS, 'CLI_USAGE', { values: { reason, command } });
}

/** Reads the words after the command. Throws CLI_USAGE for the first thing that does not fit. */
export function parseArguments(spec: CommandSpec, argv: readonly string[]): ParsedArguments {
  const { tokens } = parseArgs({ args: [...argv], options: nodeOptions(spec), strict: false, tokens: true });
  const words: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind === 'option') addOption(spec, values, token.rawName, token.name, token.value);
  }
  const surplus = words[spec.wordsMax];
  if (surplus !== undefined) throw usageError(spec.name, `Oväntat ord: ${surplus}.`);
  const text = (option: string) => values.get(option)?.at(-1);
  return {
    words,
    text,
    texts: (option) => values.get(option) ?? [],
    flag: (option) => values.has(option),
    integer: (option, limits) => integer(spec, option, text(option), limits),
  };
}

/** The command's help, ready to print. */
export function helpText(spec: CommandSpec): string {
  const options = Object.entries(spec.options).map(([name, option]): [string, string] => [
    `--${name}${option.value === undefined ? '' : ` ${option.value}`}`,
    option.help,
  ]);
  return [
    spec.summary,
    '',
    `  brevduva ${spec.name} ${spec.usage}`.trimEnd(),
    '',
    ...twoColumns(options),
    ...(spec.notes ?? []).flatMap((note) => ['', note]),
    ...(spec.examples === undefined ? [] : ['', 'Exempel:', ...spec.examples.map((line) => `  ${line}`)]),
    '',
  ].join('\n');
}

/** Lines with a term and its explanation, aligned. */
export function twoColumns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

function nodeOptions(spec: CommandSpec): Record<string, { type: 'string' | 'boolean'; multiple: true }> {
  return Object.fromEntries(
    Object.entries(spec.options).map(([name, { type }]) => [name, { type, multiple: true as const }]),
  );
}

function addOption(
  spec: CommandSpec,
  values: Map<string, string[]>,
  rawName: string,
  name: string,
  value: string | undefined,
): void {
  const option = Object.hasOwn(spec.options, name) ? spec.options[name] : undefined;
  if (option === undefined) throw usageError(spec.name, `Okänt alternativ: ${rawName}.`);
  if (option.type === 'string' && (value === undefined || value === '')) {
    throw usageError(spec.name, `${rawName} saknar värde.`);
  }
  if (option.type === 'boolean' && value !== undefined) throw usageError(spec.name, `${rawName} tar inget värde.`);
  const known = values.get(name);
  if (known !== undefined && option.multiple !== true) throw usageError(spec.name, `${rawName} är angivet två gånger.`);
  values.set(name, [...(known ?? []), value ?? '']);
}

function integer(
  spec: CommandSpec,
  option: string,
  text: string | undefined,
  { min, max }: { min: number; max: number },
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw usageError(spec.name, `--${option} ska vara ett heltal mellan ${min} och ${max}.`);
  }
  return value;
}
