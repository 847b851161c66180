import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { appError } from '@brevduva/base';
import { COMMON_OPTIONS, type CommandSpec, type ParsedArguments, usageError } from '../arguments.ts';
import { CLI_ERRORS } from '../errors.ts';
import { findHubDatabase } from '../installation.ts';
import { paintFor, type Terminal } from '../terminal.ts';
import { type Command, EXIT } from './command.ts';

/* The configuration of an organisation as a file: docs/operations/configuration.md. The hub's code is loaded by what needs it, so
 * that other commands need not wait for it to be read. */

const DATABASE_NOTE =
  'Databasen är den som datakatalogens Brevduva använder, eller den i BREVDUVA_HUB_DATABASE_URL.\nFilen beskrivs i docs/operations/configuration.md.';

const checkSpec: CommandSpec = {
  name: 'config check',
  summary: 'Granska en konfigurationsfil, utan databas. Varje fel visas med rad och kolumn.',
  usage: 'FIL',
  wordsMax: 1,
  options: COMMON_OPTIONS,
  examples: ['brevduva config check organisation.yaml'],
};

/** `brevduva config check`: is the file right? */
export const configCheck: Command = {
  spec: checkSpec,
  async run(parsed, terminal) {
    const configuration = await readFileOf(parsed, checkSpec, terminal);
    const { organisation, units, flows, systems } = configuration;
    const { requireTemplates } = await import('@brevduva/hub');
    await requireTemplates(configuration);
    const counts = `Enheter: ${units.length}. Flöden: ${flows.length}. System: ${systems.length}.`;
    terminal.out(`Filen är riktig: ${organisation.name} (${organisation.number}). ${counts}\n`);
    return EXIT.done;
  },
};

const diffSpec: CommandSpec = {
  name: 'config diff',
  summary: 'Visa vad en konfigurationsfil skulle ändra.',
  usage: 'FIL [--json]',
  wordsMax: 1,
  options: { json: { type: 'boolean', help: 'Visa ändringarna som en rad JSON.' }, ...COMMON_OPTIONS },
  notes: [DATABASE_NOTE, 'Slutkod 0: inget skulle ändras · 1: filen har fel · 2: något skulle ändras.'],
  examples: ['brevduva config diff organisation.yaml'],
};

/** `brevduva config diff`: what would `apply` change? */
export const configDiff: Command = {
  spec: diffSpec,
  async run(parsed, terminal) {
    const wanted = await readFileOf(parsed, diffSpec, terminal);
    const changes = await withHub(parsed, terminal, async ({ hub, pool }) =>
      hub.compareConfiguration(await hub.currentConfiguration(pool, wanted.organisation.number), wanted),
    );
    const { changeList } = await import('./configChanges.ts');
    if (parsed.flag('json')) terminal.out(`${JSON.stringify({ changes })}\n`);
    else terminal.out(changeList(changes, paintFor(terminal)));
    return changes.length === 0 ? EXIT.done : EXIT.differs;
  },
};

const applySpec: CommandSpec = {
  name: 'config apply',
  summary: 'Inför en konfigurationsfil: allt eller inget, efter att ändringarna har visats.',
  usage: 'FIL [--yes] [--by NAMN]',
  wordsMax: 1,
  options: {
    yes: { type: 'boolean', help: 'Fråga inte.' },
    by: { type: 'string', value: 'NAMN', help: 'Vem som inför ändringarna; annars den inloggade användaren.' },
    ...COMMON_OPTIONS,
  },
  notes: [
    DATABASE_NOTE,
    'Det som inte längre står i filen tas ur bruk men raderas inte. Nycklar som inte längre står i ett systems lista\nåterkallas genast. Varje ändring sparas med vem, när, före och efter.',
  ],
  examples: [
    'brevduva config apply organisation.yaml',
    'brevduva config apply organisation.yaml --yes --by "Astrid Ståhl"',
  ],
};

/** `brevduva config apply`: shows the changes, asks, and makes exactly those. */
export const configApply: Command = {
  spec: applySpec,
  async run(parsed, terminal) {
    const wanted = await readFileOf(parsed, applySpec, terminal);
    return withHub(parsed, terminal, async ({ hub, pool }) => {
      const current = await hub.currentConfiguration(pool, wanted.organisation.number);
      const seen = hub.compareConfiguration(current, wanted);
      const { changeList } = await import('./configChanges.ts');
      terminal.out(changeList(seen, paintFor(terminal)));
      if (seen.length === 0) return EXIT.done;
      if (!parsed.flag('yes') && !(await isAgreed('Ska ändringarna införas? (ja/nej) ', applySpec, terminal))) {
        terminal.out('Inget har ändrats.\n');
        return EXIT.failed;
      }
      await hub.applyConfiguration(pool, wanted, { by: actorOf(parsed, terminal), seen });
      terminal.out('Ändringarna är införda.\n');
      return EXIT.done;
    });
  },
};

const exportSpec: CommandSpec = {
  name: 'config export',
  summary: 'Skriv en organisations konfiguration som en fil, att lägga i git.',
  usage: '[--organisation NUMMER]',
  wordsMax: 0,
  options: { ...organisationOption(), ...COMMON_OPTIONS },
  notes: [DATABASE_NOTE],
  examples: ['brevduva config export > organisation.yaml'],
};

/** `brevduva config export`: the file that changes nothing when it is applied. */
export const configExport: Command = {
  spec: exportSpec,
  run: (parsed, terminal) =>
    withHub(parsed, terminal, async ({ hub, pool }) => {
      terminal.out(await hub.exportConfiguration(pool, await chooseOrganisation(parsed, exportSpec, { hub, pool })));
      return EXIT.done;
    }),
};

export function organisationOption(): CommandSpec['options'] {
  return {
    organisation: {
      type: 'string',
      value: 'NUMMER',
      help: 'Organisationsnummer, tolv siffror. Behövs när installationen har flera organisationer.',
    },
  };
}

type HubModule = typeof import('@brevduva/hub');

export interface HubConnection {
  readonly hub: HubModule;
  readonly pool: Parameters<HubModule['currentConfiguration']>[0];
}

/** Work on the hub's own database. @throws AppError CLI_NO_HUB, BASE_DATABASE_… */
export async function withHub<T>(
  parsed: ParsedArguments,
  terminal: Terminal,
  work: (connection: HubConnection) => Promise<T>,
): Promise<T> {
  const connectionString = await findHubDatabase(parsed.text('data'), terminal);
  const [hub, { createPool }] = await Promise.all([import('@brevduva/hub'), import('@brevduva/base')]);
  const pool = createPool({ connectionString, applicationName: 'brevduva config', max: 1 });
  try {
    return await work({ hub, pool });
  } finally {
    await pool.end();
  }
}

/** The organisation that is named, or the only one. @throws AppError CLI_USAGE when there are several */
export async function chooseOrganisation(
  parsed: ParsedArguments,
  spec: CommandSpec,
  { hub, pool }: HubConnection,
): Promise<string> {
  const named = parsed.text('organisation');
  if (named !== undefined) return named;
  const organisations = await hub.listOrganisations(pool);
  const [only, ...others] = organisations;
  if (only === undefined) throw appError(hub.HUB_ERRORS, 'HUB_ORGANISATION_NOT_FOUND');
  if (others.length === 0) return only.number;
  const list = organisations.map(({ number, name }) => `${number} (${name})`).join(', ');
  throw usageError(spec.name, `Ange --organisation: ${list}.`);
}

/** Who does it, for the record. */
export function actorOf(parsed: ParsedArguments, { env }: Terminal): string {
  return parsed.text('by') ?? `${env['SUDO_USER'] || env['USER'] || 'okänd'} (kommandoraden)`;
}

/** @throws AppError CLI_FILE; HUB_CONFIGURATION_INVALID with every fault */
async function readFileOf({ words: [name] }: ParsedArguments, spec: CommandSpec, { cwd }: Terminal) {
  if (name === undefined) throw usageError(spec.name, 'Ange konfigurationsfilen.');
  const file = resolve(cwd, name);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw appError(CLI_ERRORS, 'CLI_FILE', { values: { file: name }, cause });
  });
  const { filesBeside, parseConfiguration } = await import('@brevduva/hub');
  return parseConfiguration(text, filesBeside(dirname(file)));
}

/** Asks a person at the terminal. @throws AppError CLI_USAGE where there is none */
export async function isAgreed(question: string, spec: CommandSpec, { isTty, input, out }: Terminal): Promise<boolean> {
  if (!isTty || input === undefined) throw usageError(spec.name, 'Här finns ingen att fråga. Ange --yes.');
  out(question);
  let answer = '';
  for await (const chunk of input()) {
    answer += Buffer.from(chunk).toString('utf8');
    if (answer.includes('\n')) break;
  }
  return /^(?:j|ja|y|yes)$/i.test(answer.trim());
}
