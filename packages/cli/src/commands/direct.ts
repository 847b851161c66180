import { appError } from '@brevduva/base';
import { COMMON_OPTIONS, type CommandSpec, usageError } from '../arguments.ts';
import type { DirectOutcome, DirectSender, PersonReason } from '../direct/directSender.ts';
import { CLI_ERRORS } from '../errors.ts';
import { dataFolder, readRunning } from '../installation.ts';
import { parseAddress } from '../postalAddress.ts';
import type { Terminal } from '../terminal.ts';
import { type Command, EXIT } from './command.ts';

const spec: CommandSpec = {
  name: 'direct',
  summary: 'Skicka ett brev som ett verksamhetssystem som ansluter själv (topologi d).',
  usage: '--to NUMMER --subject ÄMNE --text TEXT [--address ADRESS] | --resume',
  wordsMax: 0,
  options: {
    to: { type: 'string', value: 'NUMMER', help: 'Mottagare: person-, samordnings- eller organisationsnummer.' },
    subject: { type: 'string', value: 'ÄMNE', help: 'Ämnesrad.' },
    text: { type: 'string', value: 'TEXT', help: 'Brevets text.' },
    address: { type: 'string', value: 'ADRESS', help: 'Postadress: "Namn;Gata 1;123 45 Ort".' },
    resume: { type: 'boolean', help: 'Ta upp brev som avbröts, väntade på FaR eller inte fick något svar.' },
    json: { type: 'boolean', help: 'Skriv utfallet som en rad JSON per brev.' },
    ...COMMON_OPTIONS,
  },
  notes: [
    'Slutkod: 0 levererat eller utskrivet, 2 felskrivet kommando, 3 en person behöver göra något: vänta, fråga operatören eller hitta en adress.',
    'Breven, de exakta byten och utfallen ligger i datakatalogens direct/.',
  ],
  examples: ['brevduva direct --to 199001019802 --subject "Ditt beslut" --text "Hej!"'],
};

/** `brevduva direct`: asks FaR, signs, seals and delivers without any hub. */
export const direct: Command = {
  spec,
  async run(parsed, terminal) {
    const [recipient, subject, text, address] = ['to', 'subject', 'text', 'address'].map((name) => parsed.text(name));
    const isResume = parsed.flag('resume');
    const letter = { recipient: recipient ?? '', subject: subject ?? '', text: text ?? '' };
    if (!isResume && Object.values(letter).includes('')) {
      throw usageError(spec.name, 'Ange --to, --subject och --text, eller --resume.');
    }
    const postal = address === undefined ? undefined : parseAddress(address, spec.name);
    const outcomes = await withSender(dataFolder(parsed.text('data'), terminal), async (sender) =>
      isResume ? sender.resume() : [await sender.send({ ...letter, address: postal })],
    );
    tell(outcomes, parsed.flag('json'), terminal);
    return outcomes.every(({ kind }) => kind === 'delivered' || kind === 'printed') ? EXIT.done : EXIT.needsPerson;
  },
};

async function withSender<T>(folder: string, work: (sender: DirectSender) => Promise<T>): Promise<T> {
  const running = await readRunning(folder);
  if (running?.farUrl === undefined) throw appError(CLI_ERRORS, 'CLI_NOT_RUNNING', { values: { folder } });
  if (running.hub !== undefined) throw appError(CLI_ERRORS, 'CLI_TOPOLOGY_NOT_DIRECT', { values: { folder } });
  // Loaded here, so that the other commands need not wait for the contract to be read.
  const { openDirectSender } = await import('../direct/openDirectSender.ts');
  const { sender, close } = await openDirectSender(folder, running.farUrl);
  try {
    return await work(sender);
  } finally {
    close();
  }
}

function tell(outcomes: readonly DirectOutcome[], isJson: boolean, { out }: Terminal): void {
  for (const outcome of outcomes) out(isJson ? `${JSON.stringify(outcome)}\n` : `${sentence(outcome)}\n`);
  if (!isJson && outcomes.length === 0) out('Inget att ta upp.\n');
}

function sentence(outcome: DirectOutcome): string {
  switch (outcome.kind) {
    case 'delivered':
      return `Levererat till ${outcome.operator}: ${outcome.id}`;
    case 'printed':
      return `Ingen digital brevlåda. Utskrivet: ${outcome.file}`;
    case 'person':
      return `${PERSON_TEXTS[outcome.reason]} ${outcome.id}`;
    case 'unknown':
      return `Inget svar: brevet kan ha kommit fram. Kör --resume senare; samma brev skickas då igen. ${outcome.id}`;
    case 'waiting':
      return `FaR svarar inte. Inget har skickats; kör --resume senare. ${outcome.id}`;
  }
}

const PERSON_TEXTS: Readonly<Record<PersonReason, string>> = {
  noAddress: 'Varken digital brevlåda eller postadress. Ta reda på adressen.',
  refused: 'Operatören tog inte emot brevet, och postadress saknas.',
};
