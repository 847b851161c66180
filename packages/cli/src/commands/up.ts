import { createWriteStream, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { appError, BASE_ERRORS, createLog, systemClock } from '@brevduva/base';
import type { Company } from '@brevduva/far';
import { formatRecipientId } from '@brevduva/ui';
import { COMMON_OPTIONS, type CommandSpec, twoColumns, usageError } from '../arguments.ts';
import { ruleInBrief } from '../dev/sample/testPersons.ts';
import { dataFolder } from '../installation.ts';
import { makeFolder } from '../makeFolder.ts';
import { readUpSettings } from '../settings.ts';
import { paintFor, type Terminal } from '../terminal.ts';
import { PORT_BASE_DEFAULT, PORT_BASE_MAX, PORT_BASE_MIN } from '../up/ports.ts';
import type { Installation } from '../up/startInstallation.ts';
import { TOPOLOGIES, TOPOLOGY_FACTS, type Topology } from '../up/topology.ts';
import { type Command, EXIT } from './command.ts';

const LOG_BYTES_MAX = 20_000_000;

const spec: CommandSpec = {
  name: 'up',
  summary: 'Starta hela ekosystemet: databas, register, två brevlådeoperatörer, kommunens Brevduva och en testkommun.',
  usage: '[--data KATALOG] [--port-base N] [--topology a|b|c|d] [--no-sample] [--json]',
  wordsMax: 0,
  options: {
    'port-base': { type: 'string', value: 'N', help: `Första porten av tjugotre i följd (${PORT_BASE_DEFAULT}).` },
    topology: {
      type: 'string',
      value: 'a|b|c|d',
      help: 'Hur kommunen ansluter: a egen växel och förmedling, b extern förmedlare, c gemensam hub hos ett bolag, d systemen själva. Katalogen minns valet.',
    },
    'no-sample': { type: 'boolean', help: 'Lämna inte in några exempelbrev.' },
    json: { type: 'boolean', help: 'Skriv en rad JSON när allt är igång.' },
    ...COMMON_OPTIONS,
  },
  notes: [
    'Ctrl-C stoppar allt. Nästa start med samma datakatalog fortsätter där den förra slutade.\nDATABASE_URL används i stället för en egen PostgreSQL. Loggen ligger i datakatalogen.',
  ],
};

/** `brevduva up`: runs until it is told to stop. */
export const up: Command = {
  spec,
  async run(parsed, terminal) {
    const settings = readUpSettings(terminal);
    const portBase = parsed.integer('port-base', { min: PORT_BASE_MIN, max: PORT_BASE_MAX }) ?? PORT_BASE_DEFAULT;
    const topology = readTopology(parsed.text('topology'));
    const folder = dataFolder(parsed.text('data'), terminal);
    const file = await openLogFile(folder);
    const log = createLog({ service: 'brevduva', level: settings.logLevel, destination: file });
    try {
      // Loaded here, so that the other commands need not wait for all parties to be read.
      const { startInstallation } = await import('../up/startInstallation.ts');
      const installation = await startInstallation({
        ...{ folder, portBase, topology, log, printSecrets: settings.printSecrets },
        withSampleLetters: !parsed.flag('no-sample'),
        databaseUrl: settings.databaseUrl,
        clock: systemClock,
      });
      terminal.out(parsed.flag('json') ? readyLine(installation) : welcome(installation, terminal, folder));
      await aborted(terminal.stop);
      if (!parsed.flag('json')) terminal.out('\nStoppar …\n');
      await installation.close();
    } finally {
      await new Promise((resolve) => file.end(resolve));
    }
    return EXIT.done;
  },
};

function readTopology(text: string | undefined): Topology | undefined {
  if (text === undefined) return undefined;
  const topology = TOPOLOGIES.find((each) => each === text.toLowerCase());
  if (topology === undefined) throw usageError(spec.name, `--topology ska vara ett av: ${TOPOLOGIES.join(', ')}.`);
  return topology;
}

/** The machine's line: what a script needs to go on. */
function readyLine({
  topology,
  hub,
  companyHub,
  far,
  bank,
  identityProvider,
  mailboxes,
  paper,
  printShop,
  messages,
  metrics,
  apiKey,
  featured,
  registers,
}: Installation): string {
  const idsOf = (persons: Readonly<Record<string, { id: string }>>) =>
    Object.fromEntries(Object.entries(persons).map(([situation, { id }]) => [situation, id]));
  const line = {
    ready: true,
    topology,
    hub,
    console: hub && `${hub}/`,
    companyHub,
    mailboxes: mailboxes.map((one) => one.url),
    far,
    bank,
    identityProvider,
    paper,
    printShop,
    messages,
    metrics,
    apiKey,
    sampleRecipients: idsOf({ ...featured }),
    samplePersons: idsOf(registers.featuredPersons),
    sampleCompanies: Object.fromEntries(
      Object.entries(registers.featuredCompanies).map(([situation, { organizationNumber, persons }]) => [
        situation,
        { id: organizationNumber, signatories: persons.filter((one) => one.isSignatory).map((one) => one.id) },
      ]),
    ),
  };
  return `${JSON.stringify(line)}\n`;
}

function welcome(installation: Installation, terminal: Terminal, folder: string): string {
  const { topology, hub, companyHub, far, bank, mailboxes, printShop, messages, metrics, featured, registers } =
    installation;
  const command = hub === undefined ? 'direct' : 'send';
  const paint = paintFor(terminal);
  const number = (who: keyof typeof featured) => `${formatRecipientId(featured[who].id)}  ${featured[who].name}`;
  return [
    paint.bold(paint.good('Brevduva är igång.')),
    `Topologi ${topology}: ${TOPOLOGY_FACTS[topology].name}.`,
    '',
    ...twoColumns([
      ...hubRows(hub, companyHub),
      ...mailboxes.map(({ name, url }): [string, string] => [`Brevlåda: ${name}`, url]),
      ['Registret FaR', far],
      ['Banken med e-fakturor', bank],
      ['Tryckeriet', printShop],
      ['Skickade e-brev och SMS', messages],
      ...(metrics === undefined ? [] : [['Mätvärden', metrics] satisfies [string, string]]),
      ['Logg', logFile(folder)],
    ]),
    '',
    'Testpersoner att skicka till och logga in som (inget lösenord):',
    '',
    ...twoColumns([
      ['Digital brevlåda', number('digital')],
      ['Den andra operatören', number('otherOperator')],
      ['Bara papper', number('paper')],
      ['Varken eller', number('case')],
    ]),
    '',
    'Företag utan brevlåda, och vilka som tecknar deras firma:',
    '',
    ...twoColumns(COMPANIES_SHOWN.map((which) => companyRow(registers.featuredCompanies[which]))),
    '',
    'Skicka ett brev:',
    `  npm run brevduva -- ${command} --to ${featured.digital.id} --subject "Hej" --text "Det här är ett brev."${hub === undefined ? '' : ' --wait'}`,
    '',
    paint.dim('Ctrl-C stoppar allt.'),
    '',
  ].join('\n');
}

function hubRows(hub: string | undefined, companyHub: string | undefined): [string, string][] {
  const rows: [string, string][] = [];
  if (hub !== undefined) rows.push(['Kommunens konsol', `${hub}/`], ['API', `${hub}/api`]);
  if (companyHub !== undefined) rows.push(['Förmedlarens konsol', `${companyHub}/`]);
  return rows;
}

const COMPANIES_SHOWN = ['eachAlone', 'together', 'housing'] as const;
const SIGNATORIES_SHOWN = 3;

function companyRow(company: Company): [string, string] {
  const names = company.persons.filter((one) => one.isSignatory).map((one) => one.name);
  const others = names.length - SIGNATORIES_SHOWN;
  const list = names.slice(0, SIGNATORIES_SHOWN).join(', ') + (others > 0 ? ` och ${others} till` : '');
  return [company.name, `${ruleInBrief(company)}: ${list}`];
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    // A pending promise alone does not keep the process alive, but the servers do.
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function logFile(folder: string): string {
  return join(folder, 'brevduva.log');
}

/** Begins anew when the old one has grown too long; a development machine has nobody who rotates logs. */
async function openLogFile(folder: string): Promise<WriteStream> {
  const file = logFile(folder);
  try {
    await makeFolder(folder);
    const isTooLong = (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES_MAX;
    const stream = createWriteStream(file, { flags: isTooLong ? 'w' : 'a', mode: 0o600 });
    await new Promise((resolve, reject) => stream.once('open', resolve).once('error', reject));
    return stream;
  } catch (cause) {
    throw appError(BASE_ERRORS, 'BASE_DATA_FOLDER_UNREACHABLE', { values: { folder }, cause });
  }
}
