import { AppError, appError } from '@brevduva/base';
import { BrevduvaError } from '@brevduva/sdk';
import { helpText, parseArguments, twoColumns } from './arguments.ts';
import { accountsGenerate } from './commands/accountsGenerate.ts';
import { accountsLoad } from './commands/accountsLoad.ts';
import { type Command, EXIT } from './commands/command.ts';
import { configApply, configCheck, configDiff, configExport } from './commands/config.ts';
import { configKeys, configNewKey, configRevokeKey } from './commands/configKeys.ts';
import { conformance } from './commands/conformance.ts';
import { direct } from './commands/direct.ts';
import { faults } from './commands/faults.ts';
import { mailing } from './commands/mailing.ts';
import { send } from './commands/send.ts';
import { trace } from './commands/trace.ts';
import { up } from './commands/up.ts';
import { CLI_ERRORS } from './errors.ts';
import { paintFor, type Terminal } from './terminal.ts';

const COMMANDS: readonly Command[] = [
  up,
  send,
  direct,
  mailing,
  trace,
  configCheck,
  configDiff,
  configApply,
  configExport,
  configNewKey,
  configRevokeKey,
  configKeys,
  faults,
  conformance,
  accountsLoad,
  accountsGenerate,
];
const USAGE_CODES: ReadonlySet<string> = new Set(['CLI_USAGE', 'CLI_UNKNOWN_COMMAND', 'CLI_UNKNOWN_SUBCOMMAND']);

/** Runs one command line (without `node` and the program's name) and gives its exit code. Errors become one line each. */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [word] = argv;
  try {
    if (word === undefined || word === '--help' || word === 'help') {
      terminal.out(overview());
      return word === undefined ? EXIT.usage : EXIT.done;
    }
    const command = findCommand(argv);
    const parsed = parseArguments(command.spec, argv.slice(command.spec.name.split(' ').length));
    if (!parsed.flag('help')) return await command.run(parsed, terminal);
    terminal.out(helpText(command.spec));
    return EXIT.done;
  } catch (error) {
    return tell(error, terminal);
  }
}

/** Some commands have two words. */
function findCommand([word = '', second]: readonly string[]): Command {
  const found = COMMANDS.find(({ spec }) => spec.name === word || spec.name === `${word} ${second}`);
  if (found !== undefined) return found;
  const group = COMMANDS.filter(({ spec }) => spec.name.startsWith(`${word} `)).map(({ spec }) => spec.name);
  const command = second === undefined || second.startsWith('-') ? word : `${word} ${second}`;
  if (group.length === 0) throw appError(CLI_ERRORS, 'CLI_UNKNOWN_COMMAND', { values: { command: word } });
  throw appError(CLI_ERRORS, 'CLI_UNKNOWN_SUBCOMMAND', { values: { command, known: group.join(' eller ') } });
}

function overview(): string {
  const rows = COMMANDS.map(({ spec }): [string, string] => [spec.name, spec.summary]);
  return [
    'Brevduva: digital post från myndigheter, hela vägen.',
    '',
    '  brevduva KOMMANDO [alternativ]',
    '',
    ...twoColumns(rows),
    '',
    'brevduva KOMMANDO --help visar mer om ett kommando.',
    '',
  ].join('\n');
}

/** What the user should read, and no stack; an error that is nobody's fault but ours is shown whole. */
function tell(error: unknown, terminal: Terminal): number {
  const paint = paintFor(terminal);
  if (error instanceof AppError) {
    terminal.err(`${paint.bad(error.publicText)}\n${faultLines(error.faults)}`);
    return USAGE_CODES.has(error.code) ? EXIT.usage : EXIT.failed;
  }
  if (error instanceof BrevduvaError) {
    terminal.err(`${paint.bad(error.message)} [${error.code}]\n${faultLines(error.faults)}`);
    return EXIT.failed;
  }
  if (terminal.stop.aborted) return EXIT.failed;
  terminal.err(`${error instanceof Error ? error.stack : String(error)}\n`);
  return EXIT.failed;
}

function faultLines(faults: readonly { path: string; text: string }[]): string {
  return faults.map(({ path, text }) => `  ${text.startsWith(path) ? '' : `${path}: `}${text}\n`).join('');
}
