import { AppError, appError } from '@brevduva/base';
import { BrevduvaError } from '@brevduva/sdk';
import { helpText, parseArguments, twoColumns } from './arguments.ts';
import { type Command, EXIT } from './commands/command.ts';
import { conformance } from './commands/conformance.ts';
import { faults } from './commands/faults.ts';
import { send } from './commands/send.ts';
import { trace } from './commands/trace.ts';
import { up } from './commands/up.ts';
import { CLI_ERRORS } from './errors.ts';
import { paintFor, type Terminal } from './terminal.ts';

const COMMANDS: readonly Command[] = [up, send, trace, faults, conformance];
const USAGE_CODES: ReadonlySet<string> = new Set(['CLI_USAGE', 'CLI_UNKNOWN_COMMAND']);

/** Runs one command line (without `node` and the program's name) and gives its exit code. Errors become one line each. */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [word, ...rest] = argv;
  try {
    if (word === undefined || word === '--help' || word === 'help') {
      terminal.out(overview());
      return word === undefined ? EXIT.usage : EXIT.done;
    }
    const command = COMMANDS.find((one) => one.spec.name === word);
    if (command === undefined) throw appError(CLI_ERRORS, 'CLI_UNKNOWN_COMMAND', { values: { command: word } });
    const parsed = parseArguments(command.spec, rest);
    if (!parsed.flag('help')) return await command.run(parsed, terminal);
    terminal.out(helpText(command.spec));
    return EXIT.done;
  } catch (error) {
    return tell(error, terminal);
  }
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
