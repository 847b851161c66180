import { setImmediate as nextTurn } from 'node:timers/promises';
import { COMMON_OPTIONS, type CommandSpec, usageError } from '../arguments.ts';
import { SAMPLE_OPERATORS } from '../dev/sample/organizations.ts';
import { type Command, EXIT } from './command.ts';

/** As far's GENERATED_ACCOUNTS_MAX, which a test holds it to: the help is not to wait for the register to be read. */
const COUNT_MAX = 16_000_000;
const SEED_MAX = 1_000_000;

const spec: CommandSpec = {
  name: 'accounts generate',
  summary: 'Skriv en CSV-fil med påhittade konton, för prov av registrets storlek och fart.',
  usage: '--count N [--seed N] [--operators NR,NR] > FIL',
  wordsMax: 0,
  options: {
    count: { type: 'string', value: 'N', help: `Antal konton, högst ${COUNT_MAX}.` },
    seed: { type: 'string', value: 'N', help: 'Samma tal ger samma fil; ett annat ger andra innehavare (1).' },
    operators: {
      type: 'string',
      value: 'NR,NR',
      help: 'Operatörernas organisationsnummer eller domäner; annars testkommunens båda.',
    },
    help: COMMON_OPTIONS.help,
  },
  notes: [
    'Personnumren har Skatteverkets födelsenummer för test (238, 239, 980, 981) så långt de räcker: till ungefär 110 000\nkonton. I större filer finns nummer som kan tillhöra någon. Läs bara in dem i ett register som ingen annan når.',
  ],
  examples: ['brevduva accounts generate --count 10000000 | gzip > konton.csv.gz'],
};

/** `brevduva accounts generate`: an account file on standard output. */
export const accountsGenerate: Command = {
  spec,
  async run(parsed, terminal) {
    const count = parsed.integer('count', { min: 1, max: COUNT_MAX });
    if (count === undefined) throw usageError(spec.name, 'Ange antalet med --count.');
    const seed = parsed.integer('seed', { min: 0, max: SEED_MAX }) ?? 1;
    const operators = parsed.text('operators')?.split(',') ?? SAMPLE_OPERATORS.map((one) => one.organizationNumber);
    const { generateAccounts } = await import('@brevduva/far');
    for (const text of generateAccounts({ count, seed, operators })) {
      if (terminal.stop.aborted) return EXIT.failed;
      terminal.out(text);
      // signals, and an output that nobody reads any more, are seen between two turns
      await nextTurn();
    }
    return EXIT.done;
  },
};
