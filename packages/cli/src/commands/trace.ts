import { createBrevduva } from '@brevduva/sdk';
import { COMMON_OPTIONS, type CommandSpec, usageError } from '../arguments.ts';
import { findHub } from '../installation.ts';
import { story } from '../story.ts';
import { paintFor } from '../terminal.ts';
import { type Command, EXIT } from './command.ts';

const spec: CommandSpec = {
  name: 'trace',
  summary: 'Berätta allt som har hänt ett brev: händelser, kanalval och ärende.',
  usage: 'BREV [--json]',
  wordsMax: 1,
  options: { json: { type: 'boolean', help: 'Skriv som en rad JSON.' }, ...COMMON_OPTIONS },
  examples: ['brevduva trace 0193c5a0-7b6e-7cc3-98c8-9a1d3f1c5a10'],
};

/** `brevduva trace`: prints a letter's whole story. */
export const trace: Command = {
  spec,
  async run(parsed, terminal) {
    const [id] = parsed.words;
    if (id === undefined) throw usageError(spec.name, 'Ange brevets id.');
    const { hub, apiKey } = await findHub(parsed.text('data'), terminal);
    const letter = await createBrevduva({ url: hub, apiKey }).getLetter(id, { signal: terminal.stop });
    terminal.out(parsed.flag('json') ? `${JSON.stringify(letter)}\n` : story(letter, paintFor(terminal)));
    return EXIT.done;
  },
};
