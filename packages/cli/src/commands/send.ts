import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { appError } from '@brevduva/base';
import { createBrevduva, type Letter, type NewLetter } from '@brevduva/sdk';
import { COMMON_OPTIONS, type CommandSpec, type ParsedArguments, usageError } from '../arguments.ts';
import { CLI_ERRORS } from '../errors.ts';
import { findHub } from '../installation.ts';
import { parseAddress } from '../postalAddress.ts';
import { story } from '../story.ts';
import { paintFor, type Terminal } from '../terminal.ts';
import { type Command, EXIT } from './command.ts';

const FLOW_DEFAULT = 'beslut';
const WAIT_SECONDS_MAX = 3600;
const WAIT_SECONDS_DEFAULT = 120;

const spec: CommandSpec = {
  name: 'send',
  summary: 'Lämna in ett brev, som ett verksamhetssystem gör.',
  usage: '--to NUMMER --subject ÄMNE [--text TEXT | --html FIL] [--pdf FIL]…',
  wordsMax: 0,
  options: {
    to: { type: 'string', value: 'NUMMER', help: 'Mottagare: person-, samordnings- eller organisationsnummer.' },
    subject: { type: 'string', value: 'ÄMNE', help: 'Ämnesrad.' },
    text: { type: 'string', value: 'TEXT', help: 'Brevets text.' },
    html: { type: 'string', value: 'FIL', help: 'Brevets text som HTML, ur en fil.' },
    pdf: { type: 'string', value: 'FIL', multiple: true, help: 'Bilaga; kan anges flera gånger.' },
    address: {
      type: 'string',
      value: 'ADRESS',
      help: 'Postadress: "Namn;Gata 1;123 45 Ort", med "c/o …" som andra del.',
    },
    flow: { type: 'string', value: 'FLÖDE', help: `Flödets kod (${FLOW_DEFAULT} om inget anges).` },
    reference: { type: 'string', value: 'TEXT', help: 'Egen referens, till exempel ett diarienummer.' },
    'in-reply-to': {
      type: 'string',
      value: 'FORMULÄR',
      help: 'Formuläret som brevet svarar på: dess id eller transaktions-id.',
    },
    'not-before': { type: 'string', value: 'TID', help: 'Skicka inte före, t.ex. 2026-11-24T08:00:00+01:00.' },
    expires: { type: 'string', value: 'TID', help: 'Skicka inte efter.' },
    key: { type: 'string', value: 'NYCKEL', help: 'Idempotensnyckel: samma nyckel ger aldrig två brev.' },
    wait: { type: 'boolean', help: 'Vänta tills brevet är framme, utskrivet eller hos en person.' },
    'wait-seconds': { type: 'string', value: 'N', help: `Längsta väntan (${WAIT_SECONDS_DEFAULT}).` },
    json: { type: 'boolean', help: 'Skriv svaret som en rad JSON.' },
    ...COMMON_OPTIONS,
  },
  notes: ['Slutkod: 0 inlämnat (med --wait: klart), 1 fel, 2 felskrivet kommando, 3 brevet väntar på en person.'],
  examples: [
    'brevduva send --to 199001019802 --subject "Ditt beslut" --text "Hej!" --pdf beslut.pdf --wait',
    'brevduva send --to 199001019802 --subject Kallelse --text Hej --address "Ann Ek;Storgatan 1;990 10 Lillköping"',
  ],
};

/** `brevduva send`: hands in one letter by the SDK. */
export const send: Command = {
  spec,
  async run(parsed, terminal) {
    const letter = await readLetter(parsed, terminal);
    const waitSeconds = parsed.integer('wait-seconds', { min: 1, max: WAIT_SECONDS_MAX }) ?? WAIT_SECONDS_DEFAULT;
    const { hub, apiKey } = await findHub(parsed.text('data'), terminal);
    const brevduva = createBrevduva({ url: hub, apiKey });
    const signal = terminal.stop;
    const accepted = await brevduva.sendLetter(letter, { signal });
    if (!parsed.flag('wait')) {
      terminal.out(
        parsed.flag('json') ? `${JSON.stringify(accepted)}\n` : acceptedText(accepted.id, accepted.replayed),
      );
      return EXIT.done;
    }
    const final = await brevduva.waitForFinal(accepted.id, { signal, timeoutMs: waitSeconds * 1000 });
    terminal.out(parsed.flag('json') ? `${JSON.stringify(final)}\n` : story(final, paintFor(terminal)));
    return exitCode(final);
  },
};

/** A letter that a person must look at is no failure of the command, but a script may want to know. */
function exitCode(letter: Letter): number {
  return letter.final ? EXIT.done : EXIT.needsPerson;
}

function acceptedText(id: string, replayed: boolean): string {
  const what = replayed ? 'Brevet fanns redan med samma nyckel' : 'Brevet är mottaget';
  return `${what}: ${id}\nFölj det med: brevduva trace ${id}\n`;
}

async function readLetter(parsed: ParsedArguments, { cwd }: Terminal): Promise<NewLetter> {
  const [recipient, subject, htmlFile, address] = ['to', 'subject', 'html', 'address'].map((name) => parsed.text(name));
  if (recipient === undefined) throw usageError(spec.name, 'Ange mottagaren med --to.');
  if (subject === undefined) throw usageError(spec.name, 'Ange ämnet med --subject.');
  const text = parsed.text('text');
  if (text !== undefined && htmlFile !== undefined) throw usageError(spec.name, 'Ange --text eller --html, inte båda.');
  const files = parsed.texts('pdf');
  return {
    flow: parsed.text('flow') ?? FLOW_DEFAULT,
    recipient,
    subject,
    text,
    html: htmlFile === undefined ? undefined : (await read(resolve(cwd, htmlFile))).toString('utf8'),
    attachments: await Promise.all(
      files.map(async (file) => ({ name: basename(file), bytes: await read(resolve(cwd, file)) })),
    ),
    address: address === undefined ? undefined : parseAddress(address, spec.name),
    reference: parsed.text('reference'),
    notBefore: parsed.text('not-before'),
    expiresAt: parsed.text('expires'),
    inReplyTo: parsed.text('in-reply-to'),
    idempotencyKey: parsed.text('key'),
  };
}

async function read(file: string): Promise<Buffer> {
  return await readFile(file).catch((cause: unknown) => {
    throw appError(CLI_ERRORS, 'CLI_FILE', { values: { file }, cause });
  });
}
